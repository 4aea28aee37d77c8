//! Whatever can go wrong between a function and its tables and queues, with dice that are seeded.
//!
//! It stands in for the SDK's HTTP connector, so that the SDK's own retries are tried out as well. Every request goes to the
//! engine on a task of its own: when a function is killed, what it has sent arrives all the same, as it would on AWS.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use tokio::sync::watch;
use tokio::time::sleep;

type Answer = Result<HttpResponse, ConnectorError>;

/// The count of ballots that were kept from the table.
pub(crate) const HELD: &str = "held until after the close";

/// How often a call fails.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    /// It does not reach the engine: throttled, in conflict with a transaction, never answered.
    pub(crate) before: f64,
    /// A write is done, or will be some time later, but its caller gets an error.
    pub(crate) after: f64,
    /// The same for tree heads.
    pub(crate) head: f64,
    /// How often the SDK tries.
    pub(crate) tries: u32,
    /// Whether its ballots are kept from the table when the test wants it.
    pub(crate) held: bool,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    /// An error of DynamoDB before anything is done.
    Refused(&'static str),
    /// The request is lost.
    Silence,
    /// The request is done, its answer is lost.
    Unacknowledged,
    /// The caller gives up, and the request arrives after that.
    Late,
    /// An index, or a replica, that has not heard of anything yet.
    Stale,
}

/// The faults of one test.
#[derive(Debug)]
pub(crate) struct Faults {
    dice: Mutex<fastrand::Rng>,
    off: AtomicBool,
    /// Ballots are kept from the table.
    hold: watch::Sender<bool>,
    under_way: AtomicUsize,
    counts: Mutex<BTreeMap<String, usize>>,
    /// The queue of tallying.
    messages: Mutex<Vec<String>>,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            dice: Mutex::new(fastrand::Rng::with_seed(seed)),
            off: AtomicBool::new(false),
            hold: watch::Sender::new(false),
            under_way: AtomicUsize::new(0),
            counts: Mutex::default(),
            messages: Mutex::default(),
        })
    }

    pub(crate) fn chance(&self, rate: f64) -> bool {
        self.dice.lock().unwrap().f64() < rate
    }

    pub(crate) fn below(&self, end: u64) -> u64 {
        self.dice.lock().unwrap().u64(0..end)
    }

    /// From now on ballots are under way and do not arrive; or those that wait do.
    pub(crate) fn hold_ballots(&self, hold: bool) {
        self.hold.send_replace(hold);
    }

    /// Nothing fails any more.
    pub(crate) fn stop(&self) {
        self.off.store(true, Ordering::SeqCst);
    }

    /// What was sent has arrived.
    pub(crate) async fn quiet(&self) {
        while self.under_way.load(Ordering::SeqCst) > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) fn count(&self, what: impl Into<String>) {
        *self.counts.lock().unwrap().entry(what.into()).or_default() += 1;
    }

    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        self.counts.lock().unwrap().clone()
    }

    /// A batch as a queue gives it: in any order, and some messages come again.
    pub(crate) fn batch(&self, most: usize) -> Vec<String> {
        let mut messages = self.messages.lock().unwrap();
        let mut dice = self.dice.lock().unwrap();
        let mut batch = Vec::new();
        while batch.len() < most && !messages.is_empty() {
            let place = dice.usize(..messages.len());
            batch.push(messages.swap_remove(place));
            if dice.f64() < 0.2 {
                messages.extend(batch.last().cloned());
            }
        }
        batch
    }

    pub(crate) fn enqueue(&self, messages: impl IntoIterator<Item = String>) {
        self.messages.lock().unwrap().extend(messages);
    }

    /// A client to the tables of another one.
    pub(crate) fn tables(self: &Arc<Self>, to: &store::Client, rates: Rates) -> store::Client {
        let (faults, real) = (Arc::clone(self), to.config().http_client().unwrap());
        let http = http_client_fn(move |settings, components| {
            let inner = real.http_connector(settings, components);
            SharedHttpConnector::new(Tables { faults: Arc::clone(&faults), rates, inner })
        });
        let backoff = Duration::from_millis(1);
        let retries = RetryConfig::standard().with_max_attempts(rates.tries).with_initial_backoff(backoff);
        let config = to.config().to_builder().http_client(http).retry_config(retries);
        store::Client::from_conf(config.build())
    }

    /// A client to a queue that loses messages, doubles them, and takes some without saying so.
    pub(crate) fn queue(self: &Arc<Self>, like: &aws_sdk_sqs::Client) -> aws_sdk_sqs::Client {
        let faults = Arc::clone(self);
        let http: SharedHttpClient =
            http_client_fn(move |_, _| SharedHttpConnector::new(Queue { faults: Arc::clone(&faults) }));
        let config = like.config().to_builder().http_client(http).retry_config(RetryConfig::disabled());
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    fn draw(&self, rates: Rates, request: &HttpRequest) -> Fault {
        if self.off.load(Ordering::SeqCst) {
            return Fault::None;
        }
        let body = text(request);
        let writes = is(request, "PutItem") || is(request, "TransactWriteItems");
        let of_polls = body.contains("POLL#") || body.contains("BALLOTS#");
        if !writes && of_polls && !body.contains("\"ConsistentRead\":true") && self.chance(0.3) {
            return Fault::Stale;
        }
        if self.chance(rates.before) {
            return match self.below(4) {
                0 => Fault::Refused("ProvisionedThroughputExceededException"),
                1 => Fault::Refused("ThrottlingException"),
                2 if writes => Fault::Refused("TransactionConflictException"),
                _ => Fault::Silence,
            };
        }
        let after = if body.contains("\"HEAD#") { rates.head } else { rates.after };
        if writes && self.chance(after) {
            return if self.chance(0.3) { Fault::Late } else { Fault::Unacknowledged };
        }
        Fault::None
    }
}

/// Between a function and the tables.
#[derive(Debug)]
struct Tables {
    faults: Arc<Faults>,
    rates: Rates,
    inner: SharedHttpConnector,
}

impl HttpConnector for Tables {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (faults, inner) = (Arc::clone(&self.faults), self.inner.clone());
        let fault = faults.draw(self.rates, &request);
        let held = self.rates.held && is(&request, "PutItem");
        HttpConnectorFuture::new(async move {
            if !matches!(fault, Fault::None) {
                faults.count(format!("{fault:?} {}", named(&request)));
            }
            match fault {
                Fault::None => send(&faults, inner, request, held, Duration::ZERO).await,
                Fault::Refused(name) if is(&request, "TransactWriteItems") && name.contains("Conflict") => {
                    Ok(error(400, "TransactionCanceledException"))
                }
                Fault::Refused(name) => Ok(error(400, name)),
                Fault::Silence => {
                    sleep(Duration::from_millis(5)).await;
                    Err(ConnectorError::timeout("no answer".into()))
                }
                Fault::Unacknowledged => {
                    send(&faults, inner, request, held, Duration::ZERO).await?;
                    if faults.chance(0.5) {
                        return Ok(error(500, "InternalServerError"));
                    }
                    Err(ConnectorError::io("the connection broke".into()))
                }
                Fault::Late => {
                    let delay = Duration::from_millis(faults.below(100));
                    tokio::spawn(send(&faults, inner, request, held, delay));
                    Err(ConnectorError::timeout("no answer yet".into()))
                }
                Fault::Stale if is(&request, "GetItem") => Ok(reply(200, "{}".into())),
                Fault::Stale => Ok(reply(200, r#"{"Count":0,"Items":[],"ScannedCount":0}"#.into())),
            }
        })
    }
}

/// Sends a request, which arrives whatever becomes of the caller.
fn send(
    faults: &Arc<Faults>,
    inner: SharedHttpConnector,
    request: HttpRequest,
    held: bool,
    delay: Duration,
) -> impl Future<Output = Answer> + use<> {
    faults.under_way.fetch_add(1, Ordering::SeqCst);
    let faults = Arc::clone(faults);
    // One in ten takes a longer way, so that they overtake each other.
    let detour = if faults.chance(0.1) { faults.below(8) } else { 0 };
    let sent = tokio::spawn(async move {
        sleep(delay + Duration::from_millis(detour)).await;
        if held && text(&request).contains("\"BALLOT#") && *faults.hold.borrow() {
            faults.count(HELD);
            faults.hold.subscribe().wait_for(|hold| !hold).await.unwrap();
        }
        let answer = inner.call(request).await;
        faults.under_way.fetch_sub(1, Ordering::SeqCst);
        answer
    });
    async move { sent.await.unwrap() }
}

/// In place of a queue.
#[derive(Debug)]
struct Queue {
    faults: Arc<Faults>,
}

impl HttpConnector for Queue {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let faults = &self.faults;
        let body: serde_json::Value = serde_json::from_str(text(&request)).unwrap();
        let message = body["MessageBody"].as_str().unwrap().to_owned();
        let copies = usize::from(!faults.chance(0.1)) + usize::from(faults.chance(0.1));
        faults.enqueue(std::iter::repeat_n(message, copies));
        let lost = faults.chance(0.1);
        HttpConnectorFuture::ready(Ok(if lost {
            error(500, "InternalError")
        } else {
            reply(200, r#"{"MessageId":"1"}"#.into())
        }))
    }
}

fn is(request: &HttpRequest, operation: &str) -> bool {
    request.headers().get("x-amz-target").is_some_and(|target| target.ends_with(operation))
}

/// What a call is for, in figures.
fn named(request: &HttpRequest) -> String {
    let operation = request.headers().get("x-amz-target").unwrap_or_default();
    let kind = if text(request).contains("\"HEAD#") { " of a head" } else { "" };
    format!("{}{kind}", operation.rsplit('.').next().unwrap_or_default())
}

fn text(request: &HttpRequest) -> &str {
    std::str::from_utf8(request.body().bytes().unwrap_or_default()).unwrap_or_default()
}

fn error(status: u16, name: &str) -> HttpResponse {
    let reasons = r#"[{"Code":"TransactionConflict"}]"#;
    let kind = format!("com.amazonaws.dynamodb.v20120810#{name}");
    reply(status, format!(r#"{{"__type":"{kind}","message":"injected","CancellationReasons":{reasons}}}"#))
}

fn reply(status: u16, body: String) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), body.into())
}
