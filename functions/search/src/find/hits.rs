//! The submissions that the index has found. The index knows where words are; the table knows the texts and who may read them.

use std::collections::HashMap;

use domain::SubmissionId;
use domain::submission::Submission;
use entrypoint::http::Failure;

use crate::question::context::ReadContext;

/// The submissions with these ids and their texts, in this order. Those that are gone, or outside the caller's scope, are left
/// out.
pub(crate) async fn read(
    context: &ReadContext<'_>,
    ids: Vec<SubmissionId>,
) -> Result<Vec<(Submission, String)>, Failure> {
    let mut read: HashMap<SubmissionId, (Submission, String)> = HashMap::with_capacity(ids.len());
    let found = context.app.store.submissions(&ids).await?;
    for (submission, text) in found.into_iter().filter(|(submission, _)| context.scope.reaches(submission)) {
        read.insert(submission.id, (submission, text));
    }
    Ok(ids.iter().filter_map(|id| read.remove(id)).collect())
}
