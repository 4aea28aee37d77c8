//! What is started: every function of the template, and handlers in other languages.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use serde_json::{Value, json};
use vmeste::Host;

use crate::{Arguments, poll};

/// The submission in the samples.
const SUBMISSION: &str = "01990000-0000-7000-8000-00000000000a";
/// The poll in the samples.
const POLL: &str = "01990000-0000-7000-8000-00000000000c";
/// Who looks into the inbox.
const COORDINATOR: &str = "zaozersk-roads-coordinator";

/// A program to start.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<PathBuf>,
    pub(crate) environment: BTreeMap<String, String>,
    /// The first event.
    pub(crate) payload: String,
    pub(crate) size: Option<u64>,
    pub(crate) zip: Option<u64>,
    pub(crate) is_peer: bool,
    folder: PathBuf,
}

impl Subject {
    /// Whether this answer is a good one.
    pub(crate) fn check(&self, answer: &Value) -> anyhow::Result<()> {
        let status = answer["statusCode"].as_u64();
        let failures = answer["batchItemFailures"].as_array().map_or(0, Vec::len);
        if status.is_some_and(|status| status >= 400) || failures > 0 {
            bail!("{} answers {answer}", self.name);
        }
        Ok(())
    }
}

/// Everything that the arguments ask for.
pub(crate) async fn all(host: &Host, arguments: &Arguments) -> anyhow::Result<Vec<Subject>> {
    let folder = match &arguments.bin_dir {
        Some(folder) => folder.clone(),
        None => built()?,
    };
    let submission = submit(host).await?;
    let poll = poll::open(host).await?.to_string();
    let token = host.issuer.signer.sign(json!({ "sub": COORDINATOR }))?;
    let mut subjects = Vec::new();
    for id in host.template.functions.keys() {
        let name = id.to_lowercase();
        if arguments.function.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("events/samples/lambda/{name}.json"));
        let sample = std::fs::read_to_string(&sample).with_context(|| sample.display().to_string())?;
        let mut payload: Value =
            serde_json::from_str(&sample.replace(SUBMISSION, &submission).replace(POLL, &poll))?;
        if name == "casework" {
            payload["headers"]["authorization"] = json!(format!("Bearer {token}"));
        }
        let (program, zip) = find(&folder, &name, &host.folder().join("unpacked"))?;
        let size = Some(program.metadata().with_context(|| format!("no {}", program.display()))?.len());
        subjects.push(Subject {
            environment: environment(host, id)?,
            payload: payload.to_string(),
            program,
            arguments: Vec::new(),
            size,
            zip,
            is_peer: false,
            folder: folder.clone(),
            name,
        });
    }
    if let Some(peers) = &arguments.peers {
        let intake =
            subjects.iter().find(|subject| subject.name == "intake").context("no intake beside the peers")?;
        let peer = |name: &str, program: PathBuf, script: PathBuf| Subject {
            name: name.to_owned(),
            program,
            arguments: vec![script],
            environment: intake.environment.clone(),
            payload: intake.payload.clone(),
            size: None,
            zip: None,
            is_peer: true,
            folder: folder.clone(),
        };
        let python = peer("Python", peers.join("venv/bin/python"), peers.join("intake.py"));
        let node = peer("Node", peers.join("node"), peers.join("intake.mjs"));
        subjects.extend([python, node]);
    }
    Ok(subjects)
}

/// Where the functions were found.
pub(crate) fn place(subjects: &[Subject]) -> String {
    subjects.first().map_or_else(String::new, |subject| subject.folder.display().to_string())
}

/// Everything in a file.
pub(crate) fn read_from_start(mut file: File) -> std::io::Result<String> {
    let mut text = String::new();
    file.rewind()?;
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// `target/lambda` if cargo-lambda has packed something, else where cargo has built: this program is
/// `target/PROFILE/deps/cold_start-HASH`.
fn built() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let profile = own.parent().and_then(Path::parent).context("this program lies in no target folder")?;
    let packed = profile.with_file_name("lambda");
    Ok(if packed.join("intake/bootstrap.zip").exists() { packed } else { profile.to_owned() })
}

/// The program, unpacked if it was packed, and the size of the archive.
fn find(folder: &Path, name: &str, unpacked: &Path) -> anyhow::Result<(PathBuf, Option<u64>)> {
    let packed = folder.join(name).join("bootstrap.zip");
    if !packed.exists() {
        return Ok((folder.join(name), None));
    }
    let mut archive = zip::ZipArchive::new(File::open(&packed)?)?;
    let place = unpacked.join(name);
    archive.extract(&place)?;
    Ok((place.join("bootstrap"), Some(packed.metadata()?.len())))
}

fn environment(host: &Host, id: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut environment = host.environment(id).map_err(|error| anyhow!(error))?;
    let lambda = [
        ("AWS_LAMBDA_FUNCTION_NAME", id),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &host.template.functions[id]["MemorySize"].to_string()),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ];
    environment.extend(lambda.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(environment)
}

/// A report that is routed and indexed, for the deliveries in the samples; gives its id.
async fn submit(host: &Host) -> anyhow::Result<String> {
    let body = json!({ "kind": "report", "text": "Яма", "category": "pothole", "territory": "zaozersk" });
    let asked = reqwest::Client::new().post(format!("{}/submissions", host.url)).json(&body);
    let receipt: Value = asked.send().await?.error_for_status()?.json().await?;
    for _ in 0..400 {
        if vmeste::pending(&host.store).await? == 0 {
            return Ok(receipt["id"].as_str().context("no id")?.to_owned());
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    bail!("deliveries are left after 10 s")
}
