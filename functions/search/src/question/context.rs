//! A request for a search or a count, with everything that answering it needs.

use std::sync::Arc;

use domain::rulebook::Rulebook;
use entrypoint::App;
use entrypoint::http::{Caller, Failure};

use super::scope::ReadScope;
use crate::reader::Reader;

/// The caller of one request, the directory it is read with, and the index that answers it.
pub(crate) struct ReadContext<'r> {
    pub(crate) app: &'r App,
    pub(crate) reader: &'r Reader,
    pub(crate) caller: &'r Caller,
    pub(crate) scope: ReadScope,
    pub(crate) rulebook: Arc<Rulebook>,
}

impl<'r> ReadContext<'r> {
    pub(crate) async fn of(app: &'r App, reader: &'r Reader, caller: &'r Caller) -> Result<Self, Failure> {
        let rulebook = app.store.rulebook().await?;
        let scope = ReadScope::of(app, caller).await?;
        Ok(Self { app, reader, caller, scope, rulebook })
    }

    pub(crate) fn reads_texts(&self) -> bool {
        self.scope.reads_texts()
    }
}
