//! What is removed when, in a store that is as old as it says.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::*;
use crate::publish::manifest::Manifest;

/// Every manifest was written so long after the one before.
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);

/// A store in which manifests have been written for long.
#[derive(Debug)]
struct Dated(InMemory);

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dated")
    }
}

fn dated(mut meta: ObjectMeta) -> ObjectMeta {
    let generation =
        meta.location.filename().and_then(|name| name.strip_suffix(".json")?.parse::<i32>().ok());
    if let Some(generation) = generation {
        let time: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let time = time + BETWEEN * generation;
        meta.last_modified = std::time::SystemTime::from(time).into();
    }
    meta
}

#[async_trait]
impl ObjectStore for Dated {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.0.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let got = self.0.get_opts(location, options).await?;
        Ok(GetResult { meta: dated(got.meta.clone()), ..got })
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix).map(|listed| listed.map(dated)).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

/// More than one request lists.
#[tokio::test]
async fn manifests_stay_for_a_week_however_many_there_are() {
    const NEWEST: u64 = 1_500;
    let store = Store::new(Arc::new(Dated(InMemory::new())));
    for generation in 1..=NEWEST {
        assert!(store.create_manifest(&Manifest::nothing(generation)).await.expect("created"));
    }
    superseded(&store, NEWEST).await;
    let of_a_week = 7 * 24 * 6;
    assert_eq!(
        store.oldest_manifests().await.expect("listed").first().map(|(first, _)| *first),
        Some(NEWEST - of_a_week)
    );
    assert_eq!(store.newest().await.expect("found").there, NEWEST);
}
