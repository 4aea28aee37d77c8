//! The object store: names of the objects of an index, and the operations on them.

use std::path::Path as LocalPath;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{
    Error as StoreError, GetOptions, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, WriteMultipart,
};

use crate::Error;
use crate::publish::disk::{blocking, link, read_part, write_part};
use crate::publish::manifest::{KEPT, Manifest, PublishedFile};

/// Files are moved in parts of this size, so that memory does not depend on the size of the index.
const PART: u64 = 8 << 20;

/// Folder of the manifests.
const MANIFESTS: &str = "manifests";

/// The object with the hint.
const HINT: &str = "newest";

/// Folder of the objects that show what the store can do.
const PROBES: &str = "probes";

/// Folder of the reports of damage.
const DAMAGED: &str = "damaged";

/// What one request lists.
const PAGE: usize = 1_000;

/// Parts of one upload that may be on their way at the same time.
const PARTS_IN_FLIGHT: usize = 2;

/// The object store below the prefix of the index.
#[derive(Clone)]
pub(crate) struct Store(Arc<dyn ObjectStore>);

/// An object as it is listed.
pub(crate) struct Listed {
    /// The last part of its name.
    pub(crate) name: String,
    /// When it was written by the store's clock, in seconds of the Unix epoch.
    pub(crate) modified: i64,
}

/// The number of the newest generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Newest {
    /// The greatest number that a manifest or the hint tells of; 0 if there is none.
    pub(crate) known: u64,
    /// The greatest number whose manifest is there. It is smaller than `known` if later manifests are lost; 0 if there is none.
    pub(crate) there: u64,
}

/// What tells one content of an object from another of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectVersion {
    tag: Option<String>,
    /// By the store's clock, in seconds of the Unix epoch.
    pub(crate) modified: i64,
}

impl Listed {
    fn of(meta: ObjectMeta) -> Option<Self> {
        let name = meta.location.filename()?.to_owned();
        Some(Self { name, modified: meta.last_modified.timestamp() })
    }
}

impl Store {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    /// Makes sure that the store refuses to create what exists: with one that does not, two writers would both win.
    pub(crate) async fn probe(&self, session: &str) -> Result<(), Error> {
        let path = Path::from(format!("{PROBES}/{session}"));
        let first = self.create(&path, Bytes::from_static(b"probe")).await?;
        let second = self.create(&path, Bytes::from_static(b"probe")).await?;
        self.delete(&path).await?;
        if first && !second { Ok(()) } else { Err(Error::NoCreateIfAbsent) }
    }

    /// Removes the probes of writers that were killed long ago.
    pub(crate) async fn delete_probes(&self, age: Duration) -> Result<(), Error> {
        let before = Timestamp::now() - age;
        for probe in self.list(PROBES).await? {
            if probe.modified < before.as_second() {
                self.delete(&Path::from(format!("{PROBES}/{}", probe.name))).await?;
            }
        }
        Ok(())
    }

    /// The oldest manifests, with their generations: as many as one request lists, or some more.
    pub(crate) async fn oldest_manifests(&self) -> Result<Vec<(u64, Listed)>, Error> {
        let prefix = Path::from(MANIFESTS);
        let listed = self.0.list(Some(&prefix)).take(PAGE).try_collect().await;
        Ok(manifests(listed.map_err(Error::store("listing", &prefix))?))
    }

    /// The newest generation after this one, if there is one.
    pub(crate) async fn newest_after(&self, generation: u64) -> Result<Option<u64>, Error> {
        let (prefix, known) = (Path::from(MANIFESTS), manifest_path(generation));
        let listed = self.0.list_with_offset(Some(&prefix), &known).try_collect().await;
        let listed = manifests(listed.map_err(Error::store("listing", &prefix))?);
        Ok(listed.into_iter().map(|(generation, _)| generation).max())
    }

    /// The newest generation that a manifest or the hint tells of.
    pub(crate) async fn newest(&self) -> Result<Newest, Error> {
        let hint = self.hint().await?;
        if hint > 0 && self.manifest_version(hint).await?.is_some() {
            let there = self.newest_after(hint).await?.unwrap_or(hint);
            return Ok(Newest { known: there, there });
        }
        // What the hint names was cleaned away long ago, or lost.
        let there = self.newest_after(0).await?.unwrap_or(0);
        Ok(Newest { known: there.max(hint), there })
    }

    /// Where to begin to look for the newest generation: some thousand manifests before it are kept. The hint of a slow
    /// writer may be old, so the search for the newest one begins there. No hint names a generation that was never published.
    pub(crate) async fn hint(&self) -> Result<u64, Error> {
        let path = Path::from(HINT);
        let got = match self.0.get(&path).await {
            Err(StoreError::NotFound { .. }) => return Ok(0),
            got => got.map_err(Error::store("reading", &path))?,
        };
        let bytes = got.bytes().await.map_err(Error::store("reading", &path))?;
        // A number that leaves no room for others is no hint.
        let hint: Option<u32> = std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok());
        Ok(hint.unwrap_or(0).into())
    }

    /// Leaves the hint. Without it readers only search longer.
    pub(crate) async fn leave_hint(&self, generation: u64) -> Result<(), Error> {
        let path = Path::from(HINT);
        let bytes = Bytes::from(generation.to_string());
        self.0.put(&path, bytes.into()).await.map(drop).map_err(Error::store("writing", &path))
    }

    /// The newest manifest, or an earlier one that stands in for it; none if nothing was ever published.
    pub(crate) async fn latest(&self) -> Result<Option<Manifest>, Error> {
        let Newest { known, there } = self.newest().await?;
        if known == there {
            return if there == 0 { Ok(None) } else { self.readable(there).await.map(Some) };
        }
        tracing::error!(
            index.damaged = known,
            index.generation = there,
            "the newest manifests of the index are lost"
        );
        // Files that are gone as well are damage to their quarters.
        let before = if there == 0 { Manifest::nothing(0) } else { self.readable(there).await? };
        Ok(Some(before.standing_in(known)))
    }

    /// This manifest, or if it is damaged the last whole one before it.
    pub(crate) async fn readable(&self, newest: u64) -> Result<Manifest, Error> {
        let mut generation = newest;
        loop {
            let unreadable =
                |error: &Error| error.is_damage() || generation < newest && error.is_missing_object();
            match self.manifest(generation).await {
                Ok(manifest) if generation == newest => return Ok(manifest),
                Ok(manifest) => return Ok(manifest.standing_in(newest)),
                // The files of older ones have been removed.
                Err(error) if generation > 1 && newest - generation + 1 < KEPT && unreadable(&error) => {
                    tracing::error!(index.damaged = generation, %error, "a manifest of the index is damaged");
                    generation -= 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Leaves word that an object is damaged, for a writer to make anew what it has. Failing that, the log tells it.
    pub(crate) async fn report_damage(&self, object: &str) {
        let path = Path::from(format!("{DAMAGED}/{object}"));
        if let Err(error) = self.0.put(&path, Bytes::new().into()).await {
            tracing::error!(index.damaged = object, %error, "the damage was not reported to the writer");
        }
    }

    /// The objects which readers have found damaged.
    pub(crate) async fn reported_damage(&self) -> Result<Vec<String>, Error> {
        Ok(self.list(DAMAGED).await?.into_iter().map(|listed| listed.name).collect())
    }

    /// Puts a damaged file aside, for people to look at, and forgets the report of it.
    pub(crate) async fn quarantine(&self, object: &str) -> Result<(), Error> {
        let (from, to) = (file_path(object), Path::from(format!("quarantine/{object}")));
        match self.0.rename(&from, &to).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => self.forget_damage(object).await,
            Err(source) => Err(Error::store("putting aside", &from)(source)),
        }
    }

    /// Forgets the report of a damage.
    pub(crate) async fn forget_damage(&self, object: &str) -> Result<(), Error> {
        self.delete(&Path::from(format!("{DAMAGED}/{object}"))).await
    }

    /// A manifest; a missing one is an error for which [`Error::is_missing_object`] holds.
    pub(crate) async fn manifest(&self, generation: u64) -> Result<Manifest, Error> {
        Manifest::read(generation, &self.manifest_json(generation).await?)
    }

    /// The objects which a generation of any format needs.
    pub(crate) async fn objects(&self, generation: u64) -> Result<Vec<String>, Error> {
        Manifest::objects(generation, &self.manifest_json(generation).await?)
    }

    async fn manifest_json(&self, generation: u64) -> Result<Bytes, Error> {
        let path = manifest_path(generation);
        let got = self.0.get(&path).await.map_err(Error::store("reading", &path))?;
        got.bytes().await.map_err(Error::store("reading", &path))
    }

    /// The version of a manifest, which tells it from another one of the same generation; none if it is not there.
    pub(crate) async fn manifest_version(&self, generation: u64) -> Result<Option<ObjectVersion>, Error> {
        let path = manifest_path(generation);
        match self.0.head(&path).await {
            Ok(meta) => Ok(Some(ObjectVersion { tag: meta.e_tag, modified: meta.last_modified.timestamp() })),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(source) => Err(Error::store("looking for", &path)(source)),
        }
    }

    /// Publishes a generation; false if another writer has published it.
    pub(crate) async fn create_manifest(&self, manifest: &Manifest) -> Result<bool, Error> {
        let generation = manifest.generation;
        if self.create(&manifest_path(generation), manifest.write()?.into()).await? {
            return Ok(true);
        }
        // The client repeats a request whose reply it has not got: then it is our own manifest that is there.
        Ok(self.manifest(generation).await.is_ok_and(|published| published == *manifest))
    }

    /// The names of all files, published or not.
    pub(crate) async fn files(&self) -> Result<Vec<Listed>, Error> {
        self.list("files").await
    }

    pub(crate) async fn delete_manifest(&self, generation: u64) -> Result<(), Error> {
        self.delete(&manifest_path(generation)).await
    }

    pub(crate) async fn delete_file(&self, object: &str) -> Result<(), Error> {
        self.delete(&file_path(object)).await
    }

    /// Copies a local file into the store.
    pub(crate) async fn upload(&self, local: &LocalPath, file: &PublishedFile) -> Result<(), Error> {
        let path = file_path(&file.object);
        let failed = || Error::store("writing", &path);
        if file.size <= PART {
            let bytes = local_part(local, 0, file.size).await?;
            self.0.put(&path, bytes.into()).await.map_err(failed())?;
            return Ok(());
        }
        let upload = self.0.put_multipart(&path).await.map_err(failed())?;
        let mut upload = WriteMultipart::new(upload);
        let mut offset = 0;
        while offset < file.size {
            let length = PART.min(file.size - offset);
            upload.put(local_part(local, offset, length).await?);
            upload.wait_for_capacity(PARTS_IN_FLIGHT).await.map_err(failed())?;
            offset += length;
        }
        upload.finish().await.map_err(failed())?;
        Ok(())
    }

    /// Copies a published file into a new local file; where the store is a folder of the same file system, the file only gets
    /// another name. A file that is too short is copied as it is: the caller checks whether it is whole.
    pub(crate) async fn download(&self, file: &PublishedFile, local: &LocalPath) -> Result<(), Error> {
        match self.download_parts(file, local).await {
            // Of a file that ends too early no store gives the missing part, each with an error of its own.
            Err(error) if !error.is_missing_object() && self.size(&file.object).await? != file.size => Ok(()),
            result => result,
        }
    }

    async fn download_parts(&self, file: &PublishedFile, local: &LocalPath) -> Result<(), Error> {
        let path = file_path(&file.object);
        let mut offset = 0;
        while offset < file.size {
            let part = offset..file.size.min(offset + PART);
            let options = GetOptions { range: Some(part.into()), ..GetOptions::default() };
            let got = self.0.get_opts(&path, options).await.map_err(Error::store("reading", &path))?;
            let to = local.to_owned();
            if let GetResultPayload::File(_, from) = got.payload {
                return blocking(move || link(&from, &to)).await;
            }
            let got = got.bytes().await.map_err(Error::store("reading", &path))?;
            let length = got.len() as u64;
            blocking(move || write_part(&to, offset, &got)).await?;
            offset += length.max(1); // never again the same part
        }
        Ok(())
    }

    async fn size(&self, object: &str) -> Result<u64, Error> {
        let path = file_path(object);
        let found = self.0.head(&path).await.map_err(Error::store("looking for", &path))?;
        Ok(found.size)
    }

    async fn create(&self, path: &Path, bytes: Bytes) -> Result<bool, Error> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.0.put_opts(path, bytes.into(), options).await {
            Ok(_) => Ok(true),
            Err(StoreError::AlreadyExists { .. }) => Ok(false),
            Err(source) => Err(Error::store("creating", path)(source)),
        }
    }

    async fn delete(&self, path: &Path) -> Result<(), Error> {
        match self.0.delete(path).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(source) => Err(Error::store("deleting", path)(source)),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        let prefix = Path::from(prefix);
        let listed: Vec<_> =
            self.0.list(Some(&prefix)).try_collect().await.map_err(Error::store("listing", &prefix))?;
        Ok(listed.into_iter().filter_map(Listed::of).collect())
    }
}

fn manifest_path(generation: u64) -> Path {
    // As long as the longest, so that they are listed in their order.
    Path::from(format!("{MANIFESTS}/{generation:020}.json"))
}

fn manifests(listed: Vec<ObjectMeta>) -> Vec<(u64, Listed)> {
    let generation = |listed: &Listed| listed.name.strip_suffix(".json")?.parse().ok();
    let listed = listed.into_iter().filter_map(Listed::of);
    listed.filter_map(|listed| Some((generation(&listed)?, listed))).collect()
}

fn file_path(object: &str) -> Path {
    Path::from(format!("files/{object}"))
}

async fn local_part(local: &LocalPath, offset: u64, length: u64) -> Result<Bytes, Error> {
    let local = local.to_owned();
    let mut part = BytesMut::zeroed(usize::try_from(length).unwrap_or(usize::MAX));
    blocking(move || {
        read_part(&local, offset, &mut part)?;
        Ok(part.freeze())
    })
    .await
}
