//! The platform that a command works on: one that runs already, or one started for the command.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use store::Store;
use vmeste::{Host, data};

use crate::data_options::DataOptions;

/// No progress for so long means that somebody should look.
const STUCK: Duration = Duration::from_mins(1);

/// A platform that answers.
pub(crate) struct Platform {
    /// Where.
    pub(crate) url: String,
    /// Its tables, if it is on this machine.
    store: Option<Store>,
    /// Ours, if we started it; it stops when this is dropped.
    _host: Option<Host>,
    pub(crate) http: reqwest::Client,
    token: Option<String>,
}

impl Platform {
    /// The one at `url`; else the one that uses the data folder now; else one that is started on the data folder.
    pub(crate) async fn find(
        url: Option<String>,
        token: Option<String>,
        options: &DataOptions,
    ) -> anyhow::Result<Self> {
        engines::choose_tls();
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
        if let Some(url) = url {
            return Ok(Self {
                url: url.trim_end_matches('/').to_owned(),
                store: None,
                _host: None,
                http,
                token,
            });
        }
        if let Some(running) = data::running(&options.data).filter(|_| !options.memory) {
            let clients = running.clients().await;
            let store = Store::new(clients.dynamodb, "PlatformTable".into(), None);
            return Ok(Self { url: running.url, store: Some(store), _host: None, http, token });
        }
        let host = Host::start(options.host()).await.map_err(|error| anyhow!(error))?;
        Ok(Self { url: host.url.clone(), store: Some(host.store.clone()), _host: Some(host), http, token })
    }

    /// Waits until every submission is routed and can be found. On another machine that goes on by itself.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::with_template("{spinner} routing and indexing: {msg} deliveries left")?);
        let (mut least, mut since) = (usize::MAX, Instant::now());
        loop {
            let left = vmeste::pending(store).await?;
            if left < least {
                (least, since) = (left, Instant::now());
            }
            if since.elapsed() > STUCK {
                bar.finish_and_clear();
                let note = "deliveries are not handled yet; the platform goes on trying";
                return Ok(writeln!(std::io::stdout(), "{left} {note}")?);
            }
            if left == 0 {
                return {
                    bar.finish_and_clear();
                    Ok(())
                };
            }
            bar.set_message(left.to_string());
            bar.tick();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The token given on the command line, else one of the development issuer for its administrator.
    pub(crate) async fn administrator(&self) -> anyhow::Result<String> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let asked =
            self.http.post(format!("{}/dev/token", self.url)).json(&json!({ "persona": "administrator" }));
        let reply = asked.send().await.with_context(|| format!("nothing answers at {}", self.url))?;
        if !reply.status().is_success() {
            anyhow::bail!(
                "{} has no development issuer: give a token of a workspace administrator with --token",
                self.url
            );
        }
        let body: Value = reply.json().await?;
        Ok(body["token"].as_str().context("the development issuer gave no token")?.to_owned())
    }
}
