//! A folder that answers as slowly as an object store, and counts what it is asked.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use futures::stream::{BoxStream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct SlowStore {
    inner: Arc<LocalFileSystem>,
    latency: Duration,
    /// Bytes a second, for all requests together.
    bandwidth: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the line is free again.
    free: Instant,
    gets: u32,
    lists: u32,
    bytes: u64,
}

impl SlowStore {
    pub(crate) fn new(inner: Arc<LocalFileSystem>, latency: Duration, bandwidth: u64) -> Self {
        let state = State { free: Instant::now(), gets: 0, lists: 0, bytes: 0 };
        Self { inner, latency, bandwidth, state: Mutex::new(state) }
    }

    /// What was asked so far, in words.
    pub(crate) fn usage(&self) -> String {
        let state = self.state();
        format!("{} GETs, {} LISTs, {} MB", state.gets, state.lists, state.bytes / 1_000_000)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for SlowStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a slow store")
    }
}

#[async_trait]
impl ObjectStore for SlowStore {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.state().gets += 1;
        tokio::time::sleep(self.latency).await;
        let found = self.inner.get_opts(location, options).await?;
        let GetResult { meta, range, attributes, extensions, .. } = &found;
        let (meta, range, attributes, extensions) =
            (meta.clone(), range.clone(), attributes.clone(), extensions.clone());
        let bytes = found.bytes().await?;
        let length = bytes.len() as u64;
        let done = {
            let mut state = self.state();
            state.bytes += length;
            let took = Duration::from_nanos(length * 1_000_000_000 / self.bandwidth);
            state.free = state.free.max(Instant::now()) + took;
            state.free
        };
        tokio::time::sleep_until(done).await;
        let payload = GetResultPayload::Stream(futures::stream::once(async { Ok(bytes) }).boxed());
        Ok(GetResult { payload, meta, range, attributes, extensions })
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.state().lists += 1;
        let listed = self.inner.list(prefix);
        let wait = tokio::time::sleep(self.latency);
        async move {
            wait.await;
            listed
        }
        .flatten_stream()
        .boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.inner.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
