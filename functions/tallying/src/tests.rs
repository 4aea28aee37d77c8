use domain::BallotId;
use engines::Workbench;
use futures::TryStreamExt;
use jiff::SignedDuration;
use poll::ballot::Choice;
use poll::ballot_box::{Cast, Decision, cast};
use poll::proof::{Bytes32, OwnWord, PollKey, Receipt};

use super::*;

/// A poll of the town, and the function that tallies it.
struct Town {
    bench: Workbench,
    app: App,
    poll: Poll,
}

impl Town {
    async fn new() -> Self {
        let bench = Workbench::start().await.unwrap();
        let (app, poll) = (bench.app("Tallying").unwrap(), bench.poll().await.unwrap());
        Self { bench, app, poll }
    }

    async fn tally(&self) {
        tally(&self.app, TallyRequest { poll: self.poll.id }).await.unwrap();
    }

    /// Waits until the clock shows an instant after this one.
    fn wait_until(&self, at: Timestamp) {
        self.bench.clock.advance(at.duration_since(self.bench.clock.now()).as_secs() + 1);
    }

    /// The events of the poll from its publication on.
    async fn events(&self) -> Vec<&'static str> {
        let history = self.bench.store().history(self.poll.id.into()).await.unwrap();
        history[2..].iter().map(|envelope| envelope.event.name()).collect()
    }

    async fn poll(&self) -> Poll {
        self.bench.store().poll(self.poll.id).await.unwrap().unwrap()
    }

    /// Puts the ballots of new voters into the box, as `polls` does.
    async fn vote(&self, voters: std::ops::Range<u8>, option: &str) -> Vec<Receipt> {
        let key = PollKey::derive(self.app.secret().unwrap(), self.poll.id);
        let mut receipts = Vec::new();
        for number in voters {
            let vote = Cast {
                id: BallotId::new(uuid::Uuid::now_v7()),
                request: None,
                choice: Choice::One(option.parse().unwrap()),
                salt: Bytes32([number; 32]),
                own: OwnWord { word: None, key: Bytes32([number; 32]) },
            };
            let voter = key.voter(&format!("voter-{number}").parse().unwrap());
            let now = self.bench.clock.now();
            let Ok(Decision::Write(ballot)) = cast(&self.poll, &key, None, &vote, now) else { panic!() };
            assert!(self.bench.store().put_ballot(self.poll.id, &voter, &ballot).await.unwrap());
            receipts.push(ballot.receipt().unwrap().clone());
        }
        receipts
    }

    /// How many leaves the log has.
    async fn logged(&self) -> usize {
        let heads = self.bench.store().heads(self.poll.id).await.unwrap();
        heads.iter().map(|logged| logged.leaves.len()).sum()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_clock_wants_of_a_poll_happens_once_and_in_order() {
    let town = Town::new().await;
    let Poll { question, .. } = &town.poll;
    let mut seen = Vec::new();
    for at in [
        town.bench.clock.now(),
        question.opens,
        question.closes - poll::REMINDED_BEFORE,
        question.closes,
        question.closes + poll::COUNTED_AFTER,
        question.closes + poll::SETTLES_AFTER,
    ] {
        town.wait_until(at);
        town.tally().await;
        town.tally().await;
        seen.push(town.events().await.len());
    }
    assert_eq!(seen, [0, 1, 2, 2, 3, 4]);
    assert_eq!(town.events().await, ["poll_opened", "poll_closing", "poll_certified", "poll_settled"]);
    assert_eq!(town.poll().await.alarm(), None, "the clock is done with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_long_sleep_all_that_is_due_happens_in_one_run() {
    let town = Town::new().await;
    town.wait_until(town.poll.question.closes + SignedDuration::from_hours(48));
    for _ in 0..2 {
        town.tally().await;
    }
    let events = town.events().await;
    assert_eq!(events[events.len() - 2..], ["poll_certified", "poll_settled"], "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn few_ballots_wait_for_company_while_the_poll_runs() {
    let town = Town::new().await;
    town.wait_until(town.poll.question.opens);
    town.vote(0..7, "park").await;
    town.tally().await;
    assert_eq!(town.logged().await, 0);
    town.vote(7..8, "park").await;
    town.tally().await;
    assert_eq!(town.logged().await, 8);
    town.tally().await;
    assert_eq!(town.logged().await, 8, "no ballot stands in the log twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_receipt_is_in_the_archive_and_the_count_is_right() {
    let town = Town::new().await;
    town.wait_until(town.poll.question.opens);
    let mut receipts = town.vote(0..5, "park").await;
    receipts.extend(town.vote(5..12, "bridge").await);
    town.wait_until(town.poll.question.closes + poll::COUNTED_AFTER);
    for _ in 0..3 {
        town.tally().await;
    }
    let result = town.bench.store().poll_result(town.poll.id).await.unwrap().unwrap();
    assert_eq!((result.outcome.ballots, result.outcome.winners[0].as_str()), (12, "bridge"));

    let files = objects::Files::open(town.app.archives().unwrap()).unwrap();
    let read = async |name: String| {
        let Ok(objects::Download::Here(stream)) = files.download(&name, "file", "text/plain").await else {
            panic!("a folder gives its files itself");
        };
        let bytes = stream.map_ok(|part| part.to_vec()).try_concat().await.unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let archive = read(result.archive_name(town.poll.id)).await;
    for receipt in receipts {
        assert!(archive.contains(&receipt.leaf.commitment.to_string()), "{receipt:?}");
    }
    assert!(read(result.votes_name(town.poll.id)).await.contains("num_votes;12"), "as a Pabulib file too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_without_ballots_is_counted_too() {
    let town = Town::new().await;
    town.wait_until(town.poll.question.closes + poll::COUNTED_AFTER);
    for _ in 0..3 {
        town.tally().await;
    }
    let result = town.bench.store().poll_result(town.poll.id).await.unwrap().unwrap();
    assert_eq!(result.outcome.ballots, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_names_what_failed_and_looks_at_each_poll_once() {
    let town = Town::new().await;
    town.wait_until(town.poll.question.opens);
    let unknown = TallyRequest { poll: domain::PollId::new(uuid::Uuid::nil()) };
    let known = TallyRequest { poll: town.poll.id };
    let reply = handle(&town.app, engines::batch(&[known, unknown, known]).unwrap()).await;
    let failed: Vec<_> = reply.batch_item_failures.iter().map(|one| one.item_identifier.as_str()).collect();
    assert_eq!(failed, ["1"]);
    assert_eq!(town.events().await, ["poll_opened"]);
}
