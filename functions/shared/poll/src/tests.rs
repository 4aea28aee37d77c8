//! The life of a poll and of a ballot.

use domain::notification::{NoticeKind, PollFact, Recipient};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::ballot::{BallotFormat, Choice};
use super::ballot_box::{Ballot, Cast, Decision, cast};
use super::count::{CountingRule, TieBreak};
use super::error::{InvalidPoll, Refusal};
use super::proof::{Bytes32, OwnWord, PollKey};
use super::*;
use domain::ids::BallotId;
use domain::secret::MasterSecret;
use domain::territory::Territory;
use domain::tree::Tree;
use domain::voter::Voter;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("an instant")
}

pub(super) fn key() -> PollKey {
    PollKey::derive(&MasterSecret::new(vec![7; 32]).expect("a secret"), id())
}

fn id() -> PollId {
    PollId::new(Uuid::from_u128(1))
}

/// Opens at 0 and closes at 100.
pub(super) fn poll() -> Poll {
    let option = |name: &str| PollOption {
        id: name.parse().expect("an id"),
        name: OptionName::parse(name).expect("a name"),
        description: None,
        place: None,
        cost: 0,
    };
    let question = Question {
        title: PollTitle::parse("Что построить").expect("a title"),
        text: PollText::parse("Выбираем вместе").expect("a text"),
        territory: "city".parse().expect("an id"),
        eligibility: Eligibility { territory: None, minimum_age: None, identified: false },
        opens: at(0),
        closes: at(100),
        format: BallotFormat::ChooseOne { version: 1 },
        rule: CountingRule::Plurality,
        ties: TieBreak::Lot,
        seats: 1,
        budget: 0,
        threshold: 0,
        revotes: true,
        options: ["a", "b", "c"].map(option).into(),
    };
    Poll {
        id: id(),
        version: 2,
        organization: "hall".parse().expect("an id"),
        organizer: "organizer".parse().expect("an id"),
        question,
        stage: Stage::Published,
        opening_told: false,
        closing_told: false,
        settled: false,
        progress: Vec::new(),
    }
}

pub(super) fn vote(number: u128, option: &str) -> Cast {
    Cast {
        id: BallotId::new(Uuid::from_u128(number)),
        request: Some((format!("key {number}"), option.to_owned())),
        choice: Choice::One(option.parse().expect("an id")),
        salt: Bytes32([u8::try_from(number % 251).expect("a byte"); 32]),
        own: OwnWord { word: None, key: Bytes32([u8::try_from(number % 241).expect("a byte"); 32]) },
    }
}

pub(super) fn written(ballot: Option<&Ballot>, vote: &Cast) -> Ballot {
    match cast(&poll(), &key(), ballot, vote, at(1)) {
        Ok(Decision::Write(ballot)) => *ballot,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_vote_is_taken_a_millisecond_before_the_close_and_not_at_it() {
    let just_before = at(100) - SignedDuration::from_millis(1);
    let decide = |now| cast(&poll(), &key(), None, &vote(1, "a"), now);
    assert!(matches!(decide(just_before), Ok(Decision::Write(_))));
    assert_eq!(decide(at(100)), Err(Refusal::Closed));
    assert_eq!(decide(at(0) - SignedDuration::from_millis(1)), Err(Refusal::NotOpenYet));
    assert!(matches!(decide(at(0)), Ok(Decision::Write(_))));
}

#[test]
fn a_late_copy_of_the_first_vote_does_not_undo_the_second() {
    let first = written(None, &vote(1, "a"));
    let second = written(Some(&first), &vote(2, "b"));
    assert_eq!(second.waiting.len(), 2, "both were promised to be in the log");
    let copy = cast(&poll(), &key(), Some(&second), &vote(1, "a"), at(500));
    assert_eq!(copy, Ok(Decision::Known(Box::new(first.votes[0].receipt.clone()))));
    // The same request through another process: another ballot id, the same key.
    let again = Cast { id: BallotId::new(Uuid::from_u128(9)), ..vote(1, "a") };
    assert!(matches!(cast(&poll(), &key(), Some(&second), &again, at(2)), Ok(Decision::Known(_))));
    let misused = Cast { request: Some(("key 1".into(), "b".into())), ..again };
    assert_eq!(cast(&poll(), &key(), Some(&second), &misused, at(2)), Ok(Decision::KeyReused));
}

#[test]
fn a_final_vote_stays() {
    let mut poll = poll();
    poll.question.revotes = false;
    let first = written(None, &vote(1, "a"));
    assert_eq!(cast(&poll, &key(), Some(&first), &vote(2, "b"), at(1)), Err(Refusal::VotedAlready));
}

#[test]
fn a_person_is_another_one_in_every_poll() {
    let secret = MasterSecret::new(vec![7; 32]).expect("a secret");
    let person = "anna".parse().expect("an id");
    let other = PollKey::derive(&secret, PollId::new(Uuid::from_u128(2)));
    assert_eq!(key().voter(&person), key().voter(&person));
    assert_ne!(key().voter(&person), other.voter(&person));
    assert_ne!(key().public(), other.public());
}

#[test]
fn what_voters_decide_on_is_frozen() {
    let published = poll();
    assert_eq!(published.clone().changed(published.question.clone()), Err(Refusal::Frozen));
    let draft = Poll { stage: Stage::Draft, ..published };
    assert!(draft.clone().changed(draft.question.clone()).is_ok());
    assert_eq!(draft.clone().published(at(100)), Err(Refusal::OverAlready));
    let published = draft.published(at(-50)).expect("published");
    let status = |second| published.status(at(second));
    assert_eq!(
        [-1, 0, 99, 100].map(status),
        [PollStatus::Announced, PollStatus::Open, PollStatus::Open, PollStatus::Closed]
    );
    assert!(published.clone().certified(at(119)).is_none(), "somebody's request may be on its way");
    let certified = published.certified(at(120)).expect("certified");
    assert_eq!(certified.status(at(120)), PollStatus::Certified);
    assert!(
        certified.is_running() && !certified.is_to_settle(at(3_699)) && certified.is_to_settle(at(3_700))
    );
    assert!(!certified.settled().is_running());
}

#[test]
fn a_poll_fits_together() {
    let wrong = |change: fn(&mut Question)| {
        let mut question = poll().question;
        change(&mut question);
        question.check().expect_err("wrong").into_iter().map(|(field, _)| field).collect::<Vec<_>>()
    };
    assert_eq!(poll().question.check(), Ok(()));
    assert_eq!(wrong(|it| it.closes = it.opens), ["closes"]);
    assert_eq!(wrong(|it| it.options.truncate(1)), ["options"]);
    assert_eq!(wrong(|it| it.options[1].id = it.options[0].id.clone()), ["options"]);
    assert_eq!(wrong(|it| it.rule = CountingRule::Schulze), ["rule"]);
    assert_eq!(wrong(|it| it.seats = 3), ["seats"]);
    assert_eq!(wrong(|it| it.format = BallotFormat::Approve { version: 1, up_to: 0 }), ["format", "rule"]);
    assert_eq!(wrong(|it| it.rule = CountingRule::Greedy), ["options", "options", "options", "budget"]);
    assert_eq!(InvalidPoll::NoBudget.to_string(), "the counting rule spends a budget: say how much");
}

#[test]
fn voters_are_who_the_poll_asks_for() {
    let eligibility = Eligibility { minimum_age: Some(14), identified: true, territory: None };
    let territories = Tree::build(Vec::<Territory>::new()).expect("a tree");
    let check = |born: Option<&str>, identified, today: &str| {
        let birthdate = born.map(|born| born.parse().expect("a day"));
        let voter = Voter { territory: None, birthdate, identified };
        eligibility.check(&voter, &territories, today.parse().expect("a day"))
    };
    assert_eq!(check(Some("2012-02-29"), true, "2026-02-28"), Err(Refusal::TooYoung(14)));
    assert_eq!(check(Some("2012-02-29"), true, "2026-03-01"), Ok(()));
    assert_eq!(check(Some("2012-03-01"), true, "2026-03-01"), Ok(()));
    assert_eq!(check(None, true, "2026-03-01"), Err(Refusal::UnknownAge));
    assert_eq!(check(Some("1950-01-01"), false, "2026-03-01"), Err(Refusal::NotIdentified));
}

proptest! {
    /// Whatever is sent in whatever order, and however often: what counts is the vote that was accepted last, and every receipt
    /// is of a vote in the history, in a chain.
    #[test]
    fn the_last_accepted_vote_counts(sent in proptest::collection::vec((1_u128..8, 0_usize..3), 1..40)) {
        let mut ballot: Option<Ballot> = None;
        let mut model: Vec<(u128, usize)> = Vec::new();
        for (request, option) in sent {
            let vote = vote(request, ["a", "b", "c"][option]);
            let known = model.iter().find(|(known, _)| *known == request).copied();
            match cast(&poll(), &key(), ballot.as_ref(), &vote, at(1)).expect("decided") {
                Decision::Write(next) => {
                    prop_assert!(known.is_none());
                    model.push((request, option));
                    ballot = Some(*next);
                }
                Decision::Known(_) | Decision::KeyReused => prop_assert!(known.is_some()),
            }
        }
        let ballot = ballot.expect("a ballot");
        let last = model.last().expect("a vote");
        prop_assert_eq!(&ballot.choice, &vote(last.0, ["a", "b", "c"][last.1]).choice);
        prop_assert_eq!(ballot.votes.len(), model.len());
        for pair in ballot.votes.windows(2) {
            prop_assert_eq!(pair[1].receipt.leaf.replaces, Some(pair[0].receipt.leaf.commitment));
        }
    }
}

/// A poll that is open for ten days.
fn long() -> Poll {
    let mut long = poll();
    long.question.opens = long.question.closes - SignedDuration::from_hours(24 * 10);
    long
}

#[test]
fn the_clock_opens_reminds_once_counts_and_settles() {
    const TWO_DAYS: i64 = 2 * 24 * 3600;
    let long = long();
    let (opens, closes) = (long.question.opens, long.question.closes);
    let before = |seconds: i64| closes - SignedDuration::from_secs(seconds);
    assert_eq!(long.due(opens - SignedDuration::from_secs(1)), None);
    assert_eq!(long.due(opens), Some(AlarmKind::Open));
    let open = long.clone().with_opening_told();
    assert_eq!(open.due(before(TWO_DAYS + 1)), None);
    assert_eq!(open.due(before(TWO_DAYS)), Some(AlarmKind::Remind));
    let reminded = open.with_closing_told();
    assert_eq!(reminded.due(before(0)), None, "not again, and no ballot of before the close is passed over");
    assert_eq!(reminded.due(before(-20)), Some(AlarmKind::Count));
    let counted = reminded.certified(before(-20)).expect("it may be counted");
    assert_eq!((counted.due(before(-3599)), counted.due(before(-3600))), (None, Some(AlarmKind::Settle)));
    let settled = counted.settled();
    assert_eq!(settled.alarm(), None);
    assert_eq!(settled.version, long.version + 4, "each is one version");

    let mut short = long;
    short.question.opens = before(TWO_DAYS);
    let next = short.with_opening_told().alarm().map(|alarm| alarm.kind);
    assert_eq!(next, Some(AlarmKind::Count), "people who were just told need no reminder");
    assert_eq!(Poll { stage: Stage::Draft, ..poll() }.alarm(), None, "a draft has no clock");
}

#[test]
fn news_of_a_poll_is_told_as_things_stand() {
    let poll = long();
    let (opens, closes) = (poll.question.opens, poll.question.closes);
    let told = |fact, now| -> Vec<(Recipient, NoticeKind)> {
        poll.whom_to_tell(fact, now).into_iter().map(|told| (told.to, told.kind)).collect()
    };
    let followers = || Recipient::Followers(poll.question.territory.clone());
    let before = opens - SignedDuration::from_secs(1);
    assert_eq!(told(PollFact::Published, before), [(followers(), NoticeKind::PollAnnounced)]);
    assert_eq!(told(PollFact::Published, opens), [], "its opening is told instead");
    assert_eq!(told(PollFact::Opened, opens), [(followers(), NoticeKind::PollOpened)]);
    assert_eq!(told(PollFact::Opened, closes), [], "too late");
    assert_eq!(told(PollFact::Closing, opens), [(followers(), NoticeKind::PollClosing)]);
    assert_eq!(told(PollFact::Closing, closes), [], "too late");
    let organizer = Recipient::Person(poll.organizer.clone());
    let result = [(organizer, NoticeKind::PollResult), (followers(), NoticeKind::PollResult)];
    assert_eq!(told(PollFact::Certified, closes), result);
    assert_eq!(told(PollFact::Progressed, closes), [(followers(), NoticeKind::PollProgress)]);
}

#[test]
fn the_last_day_of_a_poll_is_the_one_before_the_instant_of_its_close() {
    let mut poll = poll();
    poll.question.closes = "2026-06-02T00:00:00Z".parse().expect("an instant");
    let day = |kind| poll.day_that_matters(kind, &TimeZone::UTC);
    assert_eq!(day(NoticeKind::PollClosing), Some(date(2026, 6, 1)));
    assert_eq!(day(NoticeKind::PollResult), None);
}
