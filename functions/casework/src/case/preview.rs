//! A case beside the list: what one reads before deciding what to do with it.

use askama::Template;
use entrypoint::App;
use entrypoint::http::Failure;
use pages::prelude::*;
use pages::submission::{Audience, SubmissionView};

use super::parts::{Dispute, PendingDraft, pending_draft};
use super::view::ReadableCase;

#[derive(Template)]
#[template(path = "preview.html")]
pub(super) struct CasePreview {
    l: Layout,
    view: SubmissionView,
    draft: Option<PendingDraft>,
    dispute: Option<Dispute>,
}

impl CasePreview {
    pub(super) async fn of(app: &App, l: Layout, case: &ReadableCase) -> Result<Self, Failure> {
        let rulebook = app.store.rulebook().await?;
        let record = &case.record;
        let view =
            SubmissionView::of(record, Audience::Staff, &app.store, &rulebook, app.clock.now()).await?;
        Ok(Self { l, view, draft: pending_draft(record), dispute: Dispute::of(record) })
    }

    /// The words of an author who does not agree with the answer.
    fn dispute(&self) -> Option<String> {
        let dispute = self.dispute.as_ref()?;
        Some(dispute.words.clone().unwrap_or_else(|| self.l.t("case-disputed-silent")))
    }
}
