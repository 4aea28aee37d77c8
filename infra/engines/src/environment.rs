//! What the template gives a function, with this machine's meaning.

use std::collections::BTreeMap;
use std::path::Path;

use crate::template::Function;

/// The environment of a function: a bucket is a folder, the secret is given, and every function has a `/tmp` of its own.
///
/// # Errors
/// If the folder has no absolute path.
pub fn variables(
    id: &str,
    function: &Function,
    folder: &Path,
    secret: &str,
) -> Result<BTreeMap<String, String>, std::io::Error> {
    let mut variables = function.environment.variables.clone();
    for value in variables.values_mut() {
        if let Some(bucket) = value.strip_prefix("s3://") {
            *value = format!("file://{}", std::path::absolute(folder.join(bucket))?.display());
        } else if let Some(rest) = value.strip_prefix("/tmp/") {
            *value = std::path::absolute(folder.join("tmp").join(id).join(rest))?.display().to_string();
        } else if value.starts_with("{{resolve:secretsmanager:") {
            secret.clone_into(value);
        }
    }
    Ok(variables)
}
