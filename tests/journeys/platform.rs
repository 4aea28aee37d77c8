//! The platform under test.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use engines::Call;
use engines::Endpoints;
use entrypoint::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};
use vmeste::data::Data;
use vmeste::{Host, Options};

use crate::client::Client;
use crate::stack::Stack;

/// Calls that every engine must know (see `infra/decisions`): the journeys make no others.
const PORTABLE: [&str; 23] = [
    "DynamoDB_20120810.GetItem",
    "DynamoDB_20120810.PutItem",
    "DynamoDB_20120810.UpdateItem",
    "DynamoDB_20120810.DeleteItem",
    "DynamoDB_20120810.Query",
    "DynamoDB_20120810.BatchGetItem",
    "DynamoDB_20120810.BatchWriteItem",
    "DynamoDB_20120810.TransactWriteItems",
    // at the start
    "DynamoDB_20120810.DescribeTable",
    "DynamoDB_20120810.CreateTable",
    "DynamoDB_20120810.UpdateTable",
    "DynamoDB_20120810.UpdateTimeToLive",
    "AmazonSQS.CreateQueue",
    "AmazonSQS.GetQueueAttributes",
    // all the time
    "AmazonSQS.SendMessage",
    "AmazonSQS.SendMessageBatch",
    "AmazonSQS.ReceiveMessage",
    "AmazonSQS.DeleteMessage",
    "AmazonSQS.DeleteMessageBatch",
    "AmazonSQS.ChangeMessageVisibility",
    "AmazonSQS.ChangeMessageVisibilityBatch",
    "AmazonSQS.GetQueueUrl",
    "AmazonSQS.PurgeQueue",
];

/// A platform of its own for one test; or, if `API_URL` is set, the deployed one that all tests share.
pub(crate) struct Platform {
    pub(crate) host: Hosted,
    stack: Option<Stack>,
    pub(crate) clock: Clock,
    /// Admin tools may read whole tables.
    pub(crate) may_scan: bool,
    http: reqwest::Client,
}

/// The local host, for journeys that need to look into it or to change its clock.
pub(crate) struct Hosted(Option<Host>);

impl std::ops::Deref for Hosted {
    type Target = Host;

    fn deref(&self) -> &Host {
        self.0.as_ref().expect("this journey needs the local host")
    }
}

impl Platform {
    /// In memory, with the demo city; or the deployed one.
    pub(crate) async fn start() -> Self {
        match Stack::named_by_the_environment().await {
            Some(stack) => Self::deployed(stack),
            None => Self::on(Data::Memory).await,
        }
    }

    fn deployed(stack: Stack) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { host: Hosted(None), stack: Some(stack), clock: Clock::default(), may_scan: false, http }
    }

    /// Whether it is in this process.
    pub(crate) fn is_local(&self) -> bool {
        self.stack.is_none()
    }

    fn url(&self) -> &str {
        self.stack.as_ref().map_or_else(|| self.host.url.as_str(), |stack| &stack.url)
    }

    fn clients(&self) -> &entrypoint::Clients {
        self.stack.as_ref().map_or_else(|| &self.host.engines.clients, |stack| &stack.clients)
    }

    fn store(&self) -> &store::Store {
        self.stack.as_ref().map_or_else(|| &self.host.store, |stack| &stack.store)
    }

    fn queue_url(&self, queue: &str) -> &str {
        match &self.stack {
            Some(stack) => stack.physical(queue),
            None => self.host.resolver.get(queue).unwrap(),
        }
    }

    fn sign(&self, claims: Value) -> String {
        let issuer = self.stack.as_ref().map_or_else(|| &self.host.issuer, |stack| &stack.issuer);
        issuer.signer.sign(claims).unwrap()
    }

    pub(crate) async fn on(data: Data) -> Self {
        Self::with(Options::new(data)).await
    }

    /// One whose queues and schedules rest, for a journey that runs the functions itself.
    pub(crate) async fn at_rest() -> Self {
        Self::with(Options { at_rest: true, ..Options::new(Data::Memory) }).await
    }

    async fn with(options: Options) -> Self {
        let clock = options.clock.clone();
        let options = Options { endpoints: endpoints(&options.data), ..options };
        let host = Hosted(Some(Host::start(options).await.unwrap()));
        // Where a page sends the browser is looked at, not followed.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { host, stack: None, clock, may_scan: false, http }
    }

    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.url().to_owned(), self.http.clone())
    }

    pub(crate) fn browser(&self) -> Client {
        self.anonymous().in_a_browser()
    }

    pub(crate) fn browser_of(&self, subject: &str) -> Client {
        self.person(subject).in_a_browser()
    }

    /// Signed in as this subject, who has the roles that the directory gives them.
    pub(crate) fn person(&self, subject: &str) -> Client {
        let token = self.sign(json!({ "sub": subject, "name": "Имя Фамилия" }));
        self.anonymous().with("authorization", format!("Bearer {token}"))
    }

    pub(crate) fn token(&self, claims: Value) -> Client {
        let token = self.sign(claims);
        self.anonymous().with("authorization", format!("Bearer {token}"))
    }

    /// A report in the demo city that its roads department must answer.
    pub(crate) async fn pothole(&self, client: &Client) -> (String, Client) {
        let text = "Большая яма на проезжей части, объехать нельзя";
        self.submit(
            client,
            json!({ "kind": "report", "text": text, "category": "pothole", "territory": "zaozersk" }),
        )
        .await
    }

    /// Sends a submission and waits until it is routed and indexed; gives its id and a client with its tracking number.
    pub(crate) async fn submit(&self, client: &Client, body: Value) -> (String, Client) {
        let reply = client.post("/submissions", &body).await.expect(StatusCode::CREATED);
        self.settle().await;
        let tracking = reply.body["tracking"].as_str().unwrap().to_owned();
        (reply.body["id"].as_str().unwrap().to_owned(), self.anonymous().with("tracking", tracking))
    }

    /// A report with a published answer.
    pub(crate) async fn answered(&self, outcome: &str) -> (String, Client) {
        let (id, author) = self.pothole(&self.anonymous()).await;
        let (worker, approver) =
            (self.person("zaozersk-roads-caseworker"), self.person("zaozersk-roads-approver"));
        let coordinator = self.person("zaozersk-roads-coordinator");
        coordinator
            .step(&id, json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" }))
            .await
            .created();
        worker
            .step(&id, json!({ "step": "draft", "outcome": outcome, "text": "Яму заделали." }))
            .await
            .created();
        approver.step(&id, json!({ "step": "approve" })).await.created();
        self.settle().await;
        (id, author)
    }

    /// Waits until every delivery has had its effect.
    pub(crate) async fn settle(&self) {
        let (tries, pause) = self.patience();
        // Elsewhere the shards are read over a longer time, in which a delivery may follow another: seen twice, then.
        let (mut seen, wanted) = (0, if self.is_local() { 1 } else { 2 });
        for _ in 0..tries {
            seen = if vmeste::pending(self.store()).await.unwrap() == 0 { seen + 1 } else { 0 };
            if seen == wanted {
                return;
            }
            tokio::time::sleep(pause / 2).await;
        }
        panic!("deliveries are left after {:?}", pause / 2 * tries);
    }

    /// Sends a raw message to a queue.
    pub(crate) async fn enqueue(&self, queue: &str, body: &str) {
        let url = self.queue_url(queue);
        let call = self.clients().sqs.send_message().queue_url(url).message_body(body);
        call.send().await.unwrap();
    }

    /// Messages in a queue, those under way included.
    pub(crate) async fn depth(&self, queue: &str) -> usize {
        let url = self.queue_url(queue);
        let waiting = QueueAttributeName::ApproximateNumberOfMessages;
        let under_way = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
        let call = self.clients().sqs.get_queue_attributes().queue_url(url);
        let found =
            call.attribute_names(waiting.clone()).attribute_names(under_way.clone()).send().await.unwrap();
        let attributes = found.attributes.unwrap();
        [waiting, under_way].iter().map(|name| attributes[name].parse::<usize>().unwrap()).sum()
    }

    /// Waits until a queue has so many messages.
    pub(crate) async fn until_depth(&self, queue: &str, wanted: usize) {
        let (tries, pause) = self.patience();
        for _ in 0..tries {
            if self.depth(queue).await == wanted {
                return;
            }
            tokio::time::sleep(pause).await;
        }
        panic!("{queue} has {} messages after {:?}, not {wanted}", self.depth(queue).await, pause * tries);
    }

    /// Lets a failed message come back at once. The local host does so; elsewhere it comes after the visibility timeout of
    /// its queue, which is minutes.
    pub(crate) async fn retry_soon(&self, queue: &str) {
        if self.is_local() {
            return;
        }
        let call = self.clients().sqs.set_queue_attributes().queue_url(self.queue_url(queue));
        call.attributes(QueueAttributeName::VisibilityTimeout, "5").send().await.unwrap();
    }

    /// How often to look, and how long to wait in between.
    fn patience(&self) -> (u32, Duration) {
        if self.is_local() { (600, Duration::from_millis(50)) } else { (360, Duration::from_millis(500)) }
    }
}

/// The calls of all the journeys of this process that have ended.
pub(crate) static RECORD: Mutex<BTreeSet<Call>> = Mutex::new(BTreeSet::new());

/// The embedded engines, or those that the environment names. There the data of every journey lie in an account of their
/// own: the engine must take twelve digits of an access key for an account.
fn endpoints(data: &Data) -> Endpoints {
    let dynamodb = std::env::var("AWS_ENDPOINT_URL_DYNAMODB").ok();
    let sqs = std::env::var("AWS_ENDPOINT_URL_SQS").ok();
    let access_key = dynamodb.as_ref().or(sqs.as_ref()).map(|_| account(data));
    Endpoints { dynamodb, sqs, access_key }
}

fn account(data: &Data) -> String {
    static JOURNEY: AtomicU64 = AtomicU64::new(1);
    let mut hasher = DefaultHasher::new();
    std::process::id().hash(&mut hasher);
    match data {
        Data::Memory => JOURNEY.fetch_add(1, Ordering::Relaxed).hash(&mut hasher),
        Data::Folder(folder) => folder.hash(&mut hasher),
    }
    format!("{:012}", hasher.finish() % 1_000_000_000_000)
}

/// The command line on a data folder, in the account of the platform on this folder.
pub(crate) fn vmeste(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vmeste"));
    command.env("VMESTE_DATA", folder);
    command.env("AWS_ACCESS_KEY_ID", account(&Data::Folder(folder.to_owned())));
    command.env("AWS_SECRET_ACCESS_KEY", "secret").env("AWS_REGION", "us-east-1");
    command
}

impl Drop for Platform {
    fn drop(&mut self) {
        if std::thread::panicking() || !self.is_local() {
            return;
        }
        let seen = self.host.calls.seen();
        // A scan is right where there is no index: indexing then looks for submissions in the whole table.
        let may_scan = |call: &Call| self.may_scan || call.caller.as_deref() == Some("Indexing");
        let allowed = |call: &&Call| {
            PORTABLE.contains(&call.operation.as_str())
                || call.operation == "DynamoDB_20120810.Scan" && may_scan(call)
        };
        let other: Vec<_> = seen.iter().filter(|call| !allowed(call)).collect();
        assert!(other.is_empty(), "calls outside the portable subset: {other:?}");
        RECORD.lock().unwrap().extend(seen);
    }
}

/// The names of the events in a view.
pub(crate) fn events(view: &Value) -> Vec<&str> {
    view["history"].as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap()).collect()
}
