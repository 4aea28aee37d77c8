//! One function at work, without gateway, issuer, mailbox or triggers around it.
//!
//! Tables and queues are the template's, in memory. A small town is in the directory. [`Workbench::app`] makes the context of a
//! function.

mod examples;

use std::path::Path;

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::directory::{Directory, Draft};
use domain::submission::Submission;
use entrypoint::{App, Clock};
use events::{Consumer, Delivery};
use futures::TryStreamExt;
use serde::Serialize;
use serde_json::{Value, json};
use store::Store;
use store::keys::{self, BODY, Key, PK, SK};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::calls::Calls;
use crate::embedded::{Endpoints, Engines};
use crate::environment::variables;
use crate::provision::provision;
use crate::resolve::Resolver;
use crate::signer::{AUDIENCE, Signer};
use crate::template::{TEMPLATE, Template};

/// The directory: a town, a district, and who answers for streets and parks.
const TOWN: &str = include_str!("town.json");
/// The master secret, and the seed of the key that signs tokens: 32 bytes in hex.
const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// The most that a body may have when it is read, in bytes.
const LARGEST_BODY: usize = 64 << 20;

/// What is in the way of a test, for a person to read.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Engines, tables, queues and a town. Dropping it ends them.
pub struct Workbench {
    /// The time of every context that is made here.
    pub clock: Clock,
    engines: Engines,
    template: Template,
    resolver: Resolver,
    signer: Signer,
    folder: tempfile::TempDir,
    _tasks: JoinSet<()>,
}

/// What a router answered.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Reply {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl Workbench {
    /// Starts the engines and publishes the town.
    ///
    /// # Errors
    /// Whatever is in the way.
    pub async fn start() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let mut tasks = JoinSet::new();
        let engines = Engines::start(None, Endpoints::default(), &Calls::default(), &mut tasks).await?;
        let template = Template::parse(TEMPLATE)?;
        let signer = Signer::new("https://issuer.example".into(), SECRET)?;
        let mut resolver = Resolver::of_names(&template.parameters);
        for (name, value) in [
            ("PublicUrl", "https://vmeste.example".to_owned()),
            ("OidcIssuer", signer.url().to_owned()),
            ("OidcAudience", AUDIENCE.to_owned()),
            ("OidcJwksUrl", signer.jwks_url()),
            ("MailFrom", "vmeste <noreply@mail.example>".to_owned()),
            ("MailServer", format!("file://{}", folder.path().join("mail").display())),
        ] {
            resolver.set(name, value);
        }
        provision(&template, &mut resolver, &engines.clients).await?;
        let draft: Draft = serde_json::from_str(TOWN)?;
        let directory = Directory::build(draft).map_err(|flaws| format!("{flaws:?}"))?;
        let clock = Clock::default();
        let bench = Self { clock, engines, template, resolver, signer, folder, _tasks: tasks };
        bench.store().publish_directory(&directory, None, None, bench.clock.now()).await?;
        Ok(bench)
    }

    /// The tables, without the limits of a function: a test looks at anything.
    pub fn store(&self) -> Store {
        let platform = self.platform_table().to_owned();
        let people = self.resolver.get("PeopleTable").map(str::to_owned);
        Store::new(self.engines.clients.dynamodb.clone(), platform, people)
    }

    /// Where the buckets and the mail of the workbench are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The context of a function, with what the template gives it. Tokens of [`request`](Self::request) are accepted.
    ///
    /// # Errors
    /// If the template knows no such function, or does not give it what it needs.
    pub fn app(&self, function: &str) -> Result<App, Failed> {
        if !self.template.functions.contains_key(function) {
            return Err(format!("the template has no function {function}").into());
        }
        let described = self.template.function(function, &self.resolver)?;
        let variables = variables(function, &described, self.folder.path(), SECRET)?;
        let clients = self.engines.clients_of(function);
        let app = App::from_vars(|name| variables.get(name).cloned(), &clients, self.clock.clone())?;
        Ok(app.trusting(serde_json::from_value(self.signer.jwks().clone())?))
    }

    /// Deliveries to a consumer that have not had their effect.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn pending(&self, consumer: Consumer) -> Result<Vec<Delivery>, Failed> {
        let store = self.store();
        Ok(store.pending(consumer).map_ok(|pending| pending.delivery).try_collect().await?)
    }

    /// The messages that wait in a queue of the template; they are taken out.
    ///
    /// # Errors
    /// If there is no such queue, or it cannot be read.
    pub async fn take(&self, queue: &str) -> Result<Vec<String>, Failed> {
        let url = self.resolver.get(queue).ok_or_else(|| format!("the template has no queue {queue}"))?;
        let sqs = &self.engines.clients.sqs;
        let mut taken = Vec::new();
        loop {
            let received = sqs.receive_message().queue_url(url).max_number_of_messages(10).send().await?;
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return Ok(taken);
            }
            for message in messages {
                let handle = message.receipt_handle.unwrap_or_default();
                sqs.delete_message().queue_url(url).receipt_handle(handle).send().await?;
                taken.extend(message.body);
            }
        }
    }

    /// Makes the body of an item unreadable; its keys and what indexes read of it stay.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spoil(&self, key: &Key) -> Result<(), Failed> {
        let nonsense = AttributeValue::S("nonsense".into());
        let call = self.engines.clients.dynamodb.update_item().table_name(self.platform_table());
        let call = call.key(PK, AttributeValue::S(key.pk.clone())).key(SK, AttributeValue::S(key.sk.clone()));
        let call = call.update_expression("SET #body = :nonsense").expression_attribute_names("#body", BODY);
        call.expression_attribute_values(":nonsense", nonsense).send().await?;
        Ok(())
    }

    /// The number of attributes of an item; none if it is not there.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn attributes(&self, key: &Key) -> Result<usize, Failed> {
        let attribute = |text: &str| AttributeValue::S(text.to_owned());
        let call = self.engines.clients.dynamodb.get_item().table_name(self.platform_table());
        let found = call.key(PK, attribute(&key.pk)).key(SK, attribute(&key.sk)).send().await?;
        Ok(found.item.map_or(0, |item| item.len()))
    }

    /// Makes a submission as it was stored before inboxes were counted, and its organization's counters gone.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn uncount(&self, submission: &Submission) -> Result<(), Failed> {
        let attribute = |text: String| AttributeValue::S(text);
        let (dynamodb, table) = (&self.engines.clients.dynamodb, self.platform_table());
        let Key { pk, sk } = keys::state(submission.id);
        let call = dynamodb.update_item().table_name(table).key(PK, attribute(pk)).key(SK, attribute(sk));
        call.update_expression("REMOVE cell_pk, cell_sk, entry").send().await?;
        for shard in 0..keys::SHARDS {
            let Some(organization) = &submission.organization else { break };
            let Key { pk, sk } = keys::inbox_counts(organization, shard);
            let call = dynamodb.delete_item().table_name(table).key(PK, attribute(pk)).key(SK, attribute(sk));
            call.send().await?;
        }
        Ok(())
    }

    fn token(&self, person: &str) -> Result<String, Failed> {
        Ok(self.signer.sign(json!({ "sub": person, "name": person, "acr": "substantial" }))?)
    }

    fn platform_table(&self) -> &str {
        self.resolver.get("PlatformTable").unwrap_or_default()
    }

    /// Asks a router by GET for JSON; `person` signs in.
    ///
    /// # Errors
    /// If the request cannot be made.
    pub async fn get(&self, router: &Router, path: &str, person: Option<&str>) -> Result<Reply, Failed> {
        let request = self.request(Method::GET, path, person)?;
        self.send(router, request.body(Body::empty())?).await
    }

    /// Asks a router by POST with a JSON body; `person` signs in.
    ///
    /// # Errors
    /// If the request cannot be made.
    pub async fn post(
        &self,
        router: &Router,
        path: &str,
        person: Option<&str>,
        body: &Value,
    ) -> Result<Reply, Failed> {
        let request = self.request(Method::POST, path, person)?;
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(router, request.body(Body::from(body.to_string()))?).await
    }

    /// The beginning of a request; `person` signs in.
    ///
    /// # Errors
    /// If the token cannot be signed.
    pub fn request(&self, method: Method, path: &str, person: Option<&str>) -> Result<Builder, Failed> {
        let request = Request::builder().method(method).uri(path);
        Ok(match person {
            Some(person) => request.header(header::AUTHORIZATION, format!("Bearer {}", self.token(person)?)),
            None => request,
        })
    }

    /// Sends a request to a router.
    ///
    /// # Errors
    /// If the body of the answer is no text.
    pub async fn send(&self, router: &Router, request: Request<Body>) -> Result<Reply, Failed> {
        let response = router.clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, LARGEST_BODY).await?;
        Ok(Reply { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.into())? })
    }
}

/// A batch of messages with these bodies; their ids are their places, from 0.
///
/// # Errors
/// If a body is no JSON.
pub fn batch<T: Serialize>(bodies: &[T]) -> Result<SqsEvent, serde_json::Error> {
    let mut event = SqsEvent::default();
    for (place, body) in bodies.iter().enumerate() {
        let mut record = SqsMessage::default();
        record.message_id = Some(place.to_string());
        record.body = Some(serde_json::to_string(body)?);
        event.records.push(record);
    }
    Ok(event)
}
