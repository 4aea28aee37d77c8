//! Every vote counts once, whatever fails: a poll in which everybody sends everything three times, one in five changes their
//! mind, calls fail before and after they are done, messages are lost and come twice and in any order, functions are killed
//! between any two steps, and votes of the last moment reach the table after the close.
//!
//! The expectation comes from the votes that clients sent and the receipts that they got. The table is asked only about votes
//! that got nothing but errors as replies. A failure names its seed. The seed decides what fails, but not which task is faster.
//!
//! ```text
//! POLL_SEED=7 cargo test --test journeys polls_under_faults
//! POLL_VOTERS=20000 cargo test --profile bench --test journeys polls_under_faults -- --nocapture
//! ```

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use domain::PollId;
use entrypoint::{App, Clock, Outbox};
use events::TallyRequest;
use futures::{StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use poll::proof::{Archive, Bytes32, Leaf, PollKey, Receipt, verify};
use poll::{COUNTED_AFTER, Stage, ballot_box::Ballot};
use serde_json::{Value, json};
use store::Store;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use vmeste::data::Data;
use vmeste::{Host, Options};

use crate::faults::{Faults, HELD, Rates};
use crate::voter::{OPTIONS, Sent, Voter};

const VOTERS: usize = 400;
/// Voters at the same time.
const TASKS: usize = 64;
/// Voters of the last moment.
const LATE: usize = 64;
const SEQUENCERS: usize = 3;
/// One call in eight fails: of three tries of a request often none gets an answer.
const OF_VOTERS: Rates = Rates { before: 0.08, after: 0.12, head: 0.0, tries: 2, held: true };
/// A run makes thousands of calls, and ends with the first that fails.
const OF_SEQUENCERS: Rates = Rates { before: 0.0005, after: 0.01, head: 0.4, tries: 1, held: false };

/// Says on a failure how to see it again.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _nobody_reads = writeln!(std::io::stderr(), "POLL_SEED={}", self.0);
        }
    }
}

/// A platform in which everything fails now and then.
struct City {
    host: Host,
    clock: Clock,
    faults: Arc<Faults>,
    polls: Router,
    poll: PollId,
    /// The close of the poll.
    closes: Timestamp,
}

fn environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_vote_counts_once_whatever_fails() {
    let asked = environment("POLL_VOTERS").map(|voters| usize::try_from(voters).unwrap());
    let voters = asked.unwrap_or(VOTERS);
    let seed = Seed(environment("POLL_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000)));
    let city = Arc::new(City::start(seed.0).await);
    let started = Instant::now();
    let over = Arc::new(AtomicBool::new(false));
    let sequencers: Vec<_> =
        (0..SEQUENCERS).map(|_| tokio::spawn(run_sequencer(Arc::clone(&city), Arc::clone(&over)))).collect();

    let people = futures::stream::iter(0..voters).map(|number| tokio::spawn(Arc::clone(&city).voter(number)));
    let mut people: Vec<Voter> = people.buffer_unordered(TASKS).map(Result::unwrap).collect().await;
    let voted = started.elapsed();
    people.extend(city.last_moment().await);

    // Nothing of before the close is under way after so long: that is what the pause before the count is for.
    city.faults.quiet().await;
    city.clock.advance(COUNTED_AFTER.as_secs());
    let closed = Instant::now();
    city.faults.enqueue(std::iter::repeat_n(city.message(), 20));
    let store = &city.host.store;
    while store.poll(city.poll).await.unwrap().unwrap().stage != Stage::Certified {
        assert!(closed.elapsed() < Duration::from_mins(10), "the poll is not counted");
        sleep(Duration::from_millis(20)).await;
    }
    let counted = closed.elapsed();
    over.store(true, Ordering::SeqCst);
    for sequencer in sequencers {
        sequencer.await.unwrap();
    }
    city.faults.quiet().await;
    city.faults.stop();

    let figures = city.check(&people).await;
    if asked.is_some() {
        let mut out = std::io::stdout();
        let counts = city.faults.counts();
        writeln!(out, "seed {}, {voters} voters in {voted:?}, counted in {counted:?}", seed.0).unwrap();
        writeln!(out, "{figures}\n{counts:#?}").unwrap();
    }
}

/// A sequencer takes batches until the poll is counted, and is killed now and then; what it does not answer for comes again.
async fn run_sequencer(city: Arc<City>, over: Arc<AtomicBool>) {
    let app = city.app("Tallying", OF_SEQUENCERS);
    while !over.load(Ordering::SeqCst) {
        sleep(Duration::from_millis(city.faults.below(60))).await;
        let mut batch = city.faults.batch(1_000);
        if batch.is_empty() {
            // The relay asks anyway.
            batch.push(city.message());
        }
        let records = batch.iter().enumerate().map(|(number, body)| {
            let mut record = SqsMessage::default();
            (record.message_id, record.body) = (Some(number.to_string()), Some(body.clone()));
            record
        });
        let mut event = SqsEvent::default();
        event.records = records.collect();
        let life = if city.faults.chance(0.4) { city.faults.below(1_000) } else { 600_000 };
        city.faults.count("sequencers");
        let Ok(reply) = timeout(Duration::from_millis(life), tallying::handle(&app, event)).await else {
            city.faults.count("sequencers killed");
            city.faults.enqueue(batch);
            continue;
        };
        for failed in reply.batch_item_failures {
            let place: usize = failed.item_identifier.parse().unwrap();
            city.faults.count("messages that came back");
            city.faults.enqueue([batch[place].clone()]);
        }
    }
}

impl City {
    /// A poll that is open for an hour, on a platform whose own queues and schedules rest.
    async fn start(seed: u64) -> Self {
        let clock = Clock::default();
        let options = Options { clock: clock.clone(), at_rest: true, ..Options::new(Data::Memory) };
        let host = Host::start(options).await.unwrap();
        let polls = polls::router(host.context("Polls").unwrap());
        let closes = clock.now() + SignedDuration::from_hours(1);
        let options: Vec<Value> = OPTIONS.iter().map(|id| json!({ "id": id, "name": id })).collect();
        let question = json!({
            "title": "Сквер", "text": "Выбираем вместе.", "territory": "zaozersk", "options": options,
            "opens": clock.now() - SignedDuration::from_mins(1), "closes": closes,
            "ballot": { "kind": "choose_one" }, "rule": "plurality",
        });
        let mut city = Self {
            host,
            clock,
            faults: Faults::new(seed),
            polls,
            poll: PollId::new(uuid::Uuid::nil()),
            closes,
        };
        let (status, draft) = city.post("demo-organizer", None, "/polls", &question).await;
        assert_eq!(status, 201, "{draft}");
        city.poll = draft["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/polls/{}/publication", city.poll);
        assert_eq!(city.post("demo-organizer", None, &path, &json!({})).await.0, 200);
        city.polls = polls::router(city.app("Polls", OF_VOTERS));
        city
    }

    /// A function whose tables and queues fail.
    fn app(&self, function: &str, rates: Rates) -> App {
        let clients = &self.host.engines.clients;
        let mut app = self.host.context(function).unwrap();
        app.store = Store::new(self.faults.tables(&clients.dynamodb, rates), "PlatformTable".into(), None);
        let queue = Some("http://127.0.0.1:1/tallying".into());
        app.outbox = Outbox::new(self.faults.queue(&clients.sqs), BTreeMap::new(), queue);
        app
    }

    fn message(&self) -> String {
        serde_json::to_string(&TallyRequest { poll: self.poll }).unwrap()
    }

    async fn post(&self, subject: &str, key: Option<&str>, path: &str, body: &Value) -> (u16, Value) {
        let token = self.host.issuer.signer.sign(json!({ "sub": subject })).unwrap();
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        let request = request.body(Body::from(body.to_string())).unwrap();
        self.answer(self.polls.clone(), request).await
    }

    async fn answer(&self, router: Router, request: Request<Body>) -> (u16, Value) {
        let reply = router.oneshot(request).await.unwrap();
        let status = reply.status().as_u16();
        let bytes = axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Sends a vote once more; gives the receipt if there is one.
    async fn attempt(&self, name: &str, option: usize, key: Option<&str>) -> Option<Receipt> {
        let (path, body) = (format!("/polls/{}/ballots", self.poll), json!({ "options": [OPTIONS[option]] }));
        let life = if self.faults.chance(0.05) { self.faults.below(30) } else { 60_000 };
        let call = self.post(name, key, &path, &body);
        let Ok((status, body)) = timeout(Duration::from_millis(life), call).await else {
            self.faults.count("votes of which the function was killed");
            return None;
        };
        self.faults.count(format!("replies {status}"));
        match status {
            201 => Some(serde_json::from_value(body).unwrap()),
            409 | 500.. => None,
            _ => panic!("{status} {body}"),
        }
    }

    async fn send(&self, name: &str, sent: &mut Sent, copies: usize) {
        let key = sent.key.as_deref();
        let calls = (0..copies).map(|_| self.attempt(name, sent.option, key));
        let replies = futures::future::join_all(calls).await;
        sent.tries += copies;
        sent.receipts.extend(replies.into_iter().flatten());
    }

    /// Somebody who sends every vote three times, some of them at the same time.
    async fn voter(self: Arc<Self>, number: usize) -> Voter {
        let name = format!("voter-{number}");
        let option = usize::try_from(self.faults.below(100)).unwrap() * OPTIONS.len() / 150;
        let vote = |key: &str, option| Sent::new(option, Some(key));
        let mut first = vote("first", option);
        if number % 10 == 9 {
            // A program that knows nothing of keys: it repeats until it has a receipt, and every try is a vote.
            first.key = None;
            while first.tries < 3 && first.receipts.is_empty() {
                self.send(&name, &mut first, 1).await;
            }
            return Voter { name, sure: Some(option), sent: vec![first] };
        }
        if !number.is_multiple_of(5) {
            self.send(&name, &mut first, 1).await;
            self.send(&name, &mut first, 2).await;
            return Voter { name, sure: Some(option), sent: vec![first] };
        }
        let mut second = vote("second", (option + 1) % OPTIONS.len());
        self.send(&name, &mut first, 2).await;
        let before = !first.receipts.is_empty();
        // A late copy of the first vote on the way together with the second.
        tokio::join!(self.send(&name, &mut first, 1), self.send(&name, &mut second, 1));
        self.send(&name, &mut second, 2).await;
        let sure = (before && !second.receipts.is_empty()).then_some(second.option);
        Voter { name, sure, sent: vec![first, second] }
    }

    /// Votes whose clock was read before the close, and which reach the table after it: some a minute before, the others as near
    /// to the last millisecond as this machine can.
    async fn last_moment(self: &Arc<Self>) -> Vec<Voter> {
        let left = || Duration::try_from(self.closes.duration_since(self.clock.now())).unwrap_or_default();
        let advance_to = |seconds| self.clock.advance(i64::try_from(left().as_secs()).unwrap() - seconds);
        let late = |number: usize, wait: Duration| {
            let city = Arc::clone(self);
            tokio::spawn(async move {
                sleep(wait).await;
                let option = number % OPTIONS.len();
                let (name, mut sent) = (format!("late-{number}"), Sent::new(option, Some("late")));
                for _ in 0..3 {
                    city.send(&name, &mut sent, 1).await;
                }
                Voter { name, sure: Some(option), sent: vec![sent] }
            })
        };
        self.faults.hold_ballots(true);
        advance_to(60);
        let mut voters: Vec<_> = (0..LATE / 2).map(|number| late(number, Duration::ZERO)).collect();
        while self.faults.counts().get(HELD).is_none_or(|held| *held < LATE / 4) {
            assert!(left() > Duration::ZERO, "no vote is under way: {:#?}", self.faults.counts());
            sleep(Duration::from_millis(5)).await;
        }
        advance_to(1);
        let before = |_| left().saturating_sub(Duration::from_millis(self.faults.below(400)));
        voters.extend((LATE / 2..LATE).map(|number| late(number, before(number))));
        sleep(left() + Duration::from_millis(200)).await;
        self.clock.advance(5);
        self.faults.hold_ballots(false);
        futures::future::join_all(voters).await.into_iter().map(Result::unwrap).collect()
    }

    /// Compares everything with everything; gives what came out.
    async fn check(&self, people: &[Voter]) -> String {
        let app = self.host.context("Polls").unwrap();
        let key = PollKey::derive(app.secret().unwrap(), self.poll);
        let ballots: HashMap<Bytes32, Ballot> = app.store.ballots(self.poll).try_collect().await.unwrap();
        let (mut totals, mut votes, mut unanswered, mut voters) = ([0_u64; OPTIONS.len()], 0, 0, 0);
        for voter in people {
            let ballot = ballots.get(&key.voter(&voter.name.parse().unwrap()));
            let answered = voter.sent.iter().any(|sent| !sent.receipts.is_empty());
            assert!(ballot.is_some() || !answered, "the ballot of {} is lost", voter.name);
            let Some(ballot) = ballot else { continue };
            voters += 1;
            unanswered += usize::from(!answered);
            votes += ballot.votes.len();
            totals[voter.counts(ballot)] += 1;
        }
        assert_eq!(ballots.len(), voters, "nobody else has a ballot");
        assert!(
            voters > people.len() * 3 / 4,
            "{voters} of {} voted: a poll without voters shows nothing",
            people.len()
        );

        let router = polls::router(app);
        let path = format!("/polls/{}", self.poll);
        let get = |what: &str| Request::get(format!("{path}/{what}")).body(Body::empty()).unwrap();
        let (status, result) = self.answer(router.clone(), get("result")).await;
        assert_eq!(status, 200, "{result}");
        assert_eq!(result["ballots"], voters);
        for (place, total) in totals.iter().enumerate() {
            assert_eq!(result["options"][place]["total"], *total, "{totals:?} against {result}");
        }
        let most = (0..totals.len()).rev().max_by_key(|place| totals[*place]).unwrap();
        assert_eq!(result["winners"], json!([OPTIONS[most]]));

        let (status, archive) = self.answer(router, get("archive")).await;
        assert_eq!(status, 200, "{archive}");
        let archive: Archive = serde_json::from_value(archive).unwrap();
        let json = archive.to_json();
        let receipts: Vec<&Receipt> = people.iter().flat_map(Voter::receipts).collect();
        let replaced: HashSet<_> = archive.content.log.iter().filter_map(|leaf| leaf.replaces).collect();
        let counting: Vec<Vec<u8>> = receipts
            .iter()
            .filter(|receipt| !replaced.contains(&receipt.leaf.commitment))
            .map(|receipt| serde_json::to_vec(receipt).unwrap())
            .collect();
        let shown: Vec<&[u8]> = counting.iter().take(50).map(Vec::as_slice).collect();
        let verdict = verify(&json, &key.fingerprint(), &shown, &[]);
        assert!(verdict.holds(), "{:?}", verdict.checks);
        assert!(verdict.votes.iter().all(|vote| vote.choice.is_some()) && !shown.is_empty());
        let log: HashSet<&Leaf> = archive.content.log.iter().collect();
        assert_eq!(log.len(), archive.content.log.len(), "a leaf stands twice");
        assert_eq!(log.len(), votes, "every vote has a leaf, and every leaf a vote");
        for receipt in &receipts {
            assert!(log.contains(&receipt.leaf), "a receipt's leaf is not in the log: {receipt:?}");
            assert!(receipt.accepted < self.closes && receipt.is_signed_by(&key.public()));
        }
        let (receipts, heads) = (receipts.len(), archive.content.heads.len());
        format!(
            "{voters} ballots ({unanswered} of people without a receipt), {votes} votes, {receipts} receipts, {heads} heads"
        )
    }
}
