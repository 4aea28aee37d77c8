//! A store that stops for ever at one place of a publication and says so.

use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// Where a writer stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Never,
    /// The documents are applied and not committed. Not the store's business.
    Applied,
    /// So many files are in the store, and no other.
    Files(u32),
    /// All files are, the manifest is not.
    Manifest,
    /// The manifest is.
    Hint,
}

impl Stop {
    pub(super) fn parse(text: &str) -> Self {
        match text {
            "never" => Self::Never,
            "applied" => Self::Applied,
            "manifest" => Self::Manifest,
            "hint" => Self::Hint,
            files => Self::Files(files.parse().expect("a number of files")),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Applied => f.write_str("applied"),
            Self::Manifest => f.write_str("manifest"),
            Self::Hint => f.write_str("hint"),
            Self::Files(files) => write!(f, "{files}"),
        }
    }
}

#[derive(Debug)]
pub(super) struct StoppingStore<S> {
    inner: S,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    stop: Stop,
    /// Files that were begun and that are there, since the stop was set.
    begun: u32,
    stored: u32,
}

impl<S> StoppingStore<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, state: Mutex::new(State { stop: Stop::Never, begun: 0, stored: 0 }) }
    }

    /// From now on.
    pub(super) fn stop_at(&self, stop: Stop) {
        *self.state.lock().expect("no panic") = State { stop, begun: 0, stored: 0 };
    }

    /// Whether this object may be written. A write that may not waits for ever.
    fn lets(&self, location: &Path) -> bool {
        let mut state = self.state.lock().expect("no panic");
        let folder = location.parts().next().map(|part| part.as_ref().to_owned()).unwrap_or_default();
        let here = match (state.stop, folder.as_str()) {
            (Stop::Files(files), "files") => {
                state.begun += 1;
                if state.begun > files && files > 0 {
                    return false; // who writes the last that may be written says so
                }
                state.begun > files
            }
            (Stop::Manifest, "manifests") | (Stop::Hint, "newest") => true,
            _ => false,
        };
        if here {
            super::child::say("stopped");
        }
        !here
    }

    fn stored(&self) {
        let mut state = self.state.lock().expect("no panic");
        state.stored += 1;
        if state.stop == Stop::Files(state.stored) {
            super::child::say("stopped");
        }
    }
}

impl<S> fmt::Display for StoppingStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a store that stops")
    }
}

#[async_trait]
impl<S: ObjectStore> ObjectStore for StoppingStore<S> {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        if !self.lets(location) {
            std::future::pending::<()>().await;
        }
        let put = self.inner.put_opts(location, payload, opts).await?;
        if location.as_ref().starts_with("files/") {
            self.stored();
        }
        Ok(put)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
