//! `vmeste import FILE.csv`: messages of another system come in through the very door that citizens use.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::data_options::DataOptions;
use crate::platform::Platform;
use crate::rows::{ImportRow, Rejected, Rows};

/// What to import, and where.
#[derive(Args)]
pub(crate) struct Options {
    /// A CSV file with the columns `text` and, if it has them, `id`, `topic`, `executor`, `category`.
    file: PathBuf,
    /// Id or exact name of the territory that the messages are about; the root territory if left out.
    #[arg(long, value_name = "NAME")]
    territory: Option<String>,
    /// The platform to import into; the one on the data folder if left out.
    #[arg(long)]
    url: Option<String>,
    /// A token of a workspace administrator; one of the development issuer if left out.
    #[arg(long, env = "VMESTE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(flatten)]
    data: DataOptions,
}

/// Requests under way at once.
const AT_ONCE: usize = 16;
/// Tries of a request that fails on the way or inside the platform.
const TRIES: u32 = 6;

/// What became of the rows.
#[derive(Default)]
struct ImportSummary {
    new: usize,
    known: usize,
    rejected: Vec<Rejected>,
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let begun = Instant::now();
    let rows = Rows::read(&options.file)?;
    let platform = Platform::find(options.url.clone(), options.token.clone(), &options.data).await?;
    let token = platform.administrator().await?;
    let importer = Importer { platform: &platform, token, territory: options.territory.clone() };
    importer.check_territory().await?;
    let labels = importer.add_labels(&rows.good).await?;

    let mut summary = importer.send(rows.good, &labels).await?;
    summary.rejected.extend(rows.rejected);
    platform.settle().await?;

    let written = Rejected::write(&options.file, &mut summary.rejected)?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} rows: {} new, {} there already, {} rejected; {seconds:.1} s",
        summary.new + summary.known + summary.rejected.len(),
        summary.new,
        summary.known,
        summary.rejected.len(),
    )?;
    if let Some(path) = written {
        writeln!(out, "the rejected rows are in {}", path.display())?;
    }
    Ok(())
}

struct Importer<'p> {
    platform: &'p Platform,
    token: String,
    territory: Option<String>,
}

/// Ids of the directory for the labels of the file.
struct Labels {
    /// By the file's `category` and `topic`.
    categories: BTreeMap<(String, String), String>,
    /// By the file's `executor`.
    organizations: BTreeMap<String, String>,
}

impl Importer<'_> {
    async fn check_territory(&self) -> anyhow::Result<()> {
        let Some(wanted) = &self.territory else {
            return Ok(());
        };
        let territories = self.get("/territories", &[]).await?;
        let known = |entry: &Value| entry["id"] == **wanted || entry["name"] == **wanted;
        let found = territories.as_array().is_some_and(|entries| entries.iter().any(known));
        anyhow::ensure!(found, "there is no territory «{wanted}» in the directory");
        Ok(())
    }

    /// Categories and organizations that the directory lacks are created: the file's `category` is a group, its
    /// `topic` a topic in it, its `executor` an organization.
    async fn add_labels(&self, rows: &[ImportRow]) -> anyhow::Result<Labels> {
        let mut labels = Labels { categories: BTreeMap::new(), organizations: BTreeMap::new() };
        let (mut new_categories, mut new_organizations) = (Vec::new(), Vec::new());
        let known = self.get("/categories", &[]).await?;
        let known: Vec<Value> = known.as_array().cloned().unwrap_or_default();
        let find = |name: &str, parent: Option<&str>| {
            let fits = |entry: &&Value| entry["name"] == name && entry["parent"].as_str() == parent;
            known.iter().find(fits).and_then(|entry| entry["id"].as_str()).map(str::to_owned)
        };
        let wanted: BTreeSet<(&str, &str)> = rows.iter().map(|row| (&*row.category, &*row.topic)).collect();
        let mut groups: BTreeMap<&str, String> = BTreeMap::new();
        for (group, topic) in wanted {
            // A topic without a group is a group by itself.
            let mut id = None;
            if !group.is_empty() {
                let group_id = groups.entry(group).or_insert_with(|| {
                    find(group, None).unwrap_or_else(|| {
                        let id = made_id("c", &[group]);
                        new_categories.push(json!({ "id": id, "name": group }));
                        id
                    })
                });
                id = Some(group_id.clone());
            }
            if !topic.is_empty() {
                let parent = id.clone();
                id = Some(find(topic, parent.as_deref()).unwrap_or_else(|| {
                    let id = made_id("t", &[group, topic]);
                    new_categories.push(json!({ "id": id, "name": topic, "parent": parent }));
                    id
                }));
            }
            if let Some(id) = id {
                labels.categories.insert((group.to_owned(), topic.to_owned()), id);
            }
        }
        let directory = self.get("/directory", &[]).await?;
        let executors: BTreeSet<&str> =
            rows.iter().map(|row| &*row.executor).filter(|name| !name.is_empty()).collect();
        for name in executors {
            let found = self.get("/organizations", &[("q", name), ("limit", "1000")]).await?;
            let exact =
                found["items"].as_array().and_then(|items| items.iter().find(|item| item["name"] == name));
            let id = exact.and_then(|item| item["id"].as_str()).map_or_else(
                || {
                    let id = made_id("o", &[name]);
                    new_organizations
                        .push(json!({ "id": id, "name": name, "parent": directory["root_organization"] }));
                    id
                },
                str::to_owned,
            );
            labels.organizations.insert(name.to_owned(), id);
        }
        if !new_categories.is_empty() || !new_organizations.is_empty() {
            let entries = json!({ "categories": new_categories, "organizations": new_organizations });
            let (mut status, mut reply) = self.post("/directory/entries", &entries).await?;
            // Somebody else changed the directory at the same moment.
            for _ in 1..TRIES {
                if status == StatusCode::CONFLICT {
                    (status, reply) = self.post("/directory/entries", &entries).await?;
                }
            }
            anyhow::ensure!(status == StatusCode::CREATED, "the labels cannot be added: {}", reason(&reply));
        }
        Ok(labels)
    }

    async fn send(&self, rows: Vec<ImportRow>, labels: &Labels) -> anyhow::Result<ImportSummary> {
        let bar = ProgressBar::new(rows.len() as u64);
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {per_sec}, {eta} left")?);
        let mut replies = futures::stream::iter(rows)
            .map(|row| async move {
                let reply = self.post("/submissions", &self.submission(&row, labels)).await;
                (row, reply)
            })
            .buffer_unordered(AT_ONCE);
        let mut summary = ImportSummary::default();
        while let Some((row, reply)) = replies.next().await {
            match reply? {
                (StatusCode::CREATED, _) => summary.new += 1,
                (StatusCode::OK, _) => summary.known += 1,
                (_, body) => summary.rejected.push(row.rejected(reason(&body))),
            }
            bar.inc(1);
        }
        bar.finish();
        Ok(summary)
    }

    fn submission(&self, row: &ImportRow, labels: &Labels) -> Value {
        let mut body = json!({ "kind": "report", "text": row.text, "external_id": row.id });
        let label = (row.category.clone(), row.topic.clone());
        if let Some(category) = labels.categories.get(&label) {
            body["category"] = json!(category);
        }
        if let Some(organization) = labels.organizations.get(&row.executor) {
            body["organization"] = json!(organization);
        }
        if let Some(territory) = &self.territory {
            body["territory"] = json!(territory);
        }
        body
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> anyhow::Result<Value> {
        let encoded = serde_urlencoded::to_string(query)?;
        let url = format!("{}{path}?{encoded}", self.platform.url);
        let reply =
            self.platform.http.get(&url).send().await.with_context(|| format!("nothing answers at {url}"))?;
        let status = reply.status();
        let body: Value = reply.json().await.unwrap_or_default();
        anyhow::ensure!(status.is_success(), "{url} answers {status}: {}", reason(&body));
        Ok(body)
    }

    /// A reply that is not our fault is asked for again.
    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<(StatusCode, Value)> {
        let url = format!("{}{path}", self.platform.url);
        let mut tries = 1;
        loop {
            let sent = self.platform.http.post(&url).bearer_auth(&self.token).json(body).send().await;
            match sent {
                Ok(reply)
                    if !reply.status().is_server_error()
                        && reply.status() != StatusCode::TOO_MANY_REQUESTS =>
                {
                    let status = reply.status();
                    return Ok((status, reply.json().await.unwrap_or_default()));
                }
                Ok(reply) if tries == TRIES => {
                    anyhow::bail!("{url} answers {} again and again", reply.status())
                }
                Err(error) if tries == TRIES => {
                    return Err(error).context(format!("nothing answers at {url}"));
                }
                _ => {
                    tokio::time::sleep(Duration::from_millis(100 << tries)).await;
                    tries += 1;
                }
            }
        }
    }
}

/// What a problem says.
fn reason(problem: &Value) -> String {
    let detail = problem["detail"].as_str().or_else(|| problem["title"].as_str());
    detail.unwrap_or("the platform gave no reason").to_owned()
}

/// An id for a label: the same label always gets the same one.
fn made_id(prefix: &str, label: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(label.join("\0").as_bytes());
    format!("{prefix}-{}", hex::encode(&digest[..6]))
}
