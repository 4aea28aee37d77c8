//! Archives that hold, and those that must not.

use std::num::NonZeroU64;

use super::super::ballot::Choice;
use super::super::ballot_box::Ballot;
use super::super::tests::{at, key, poll, vote, written};
use super::*;
use domain::ids::PollId;
use domain::secret::MasterSecret;

/// Five voters and three heads. One voter votes three times.
fn ballots() -> Vec<Ballot> {
    let mut ballots: Vec<Ballot> = (1..=5)
        .map(|number| written(None, &vote(number, ["a", "b", "a", "c", "b"][number as usize - 1])))
        .collect();
    ballots[0] = written(Some(&ballots[0]), &vote(11, "c"));
    ballots[0] = written(Some(&ballots[0]), &vote(12, "b"));
    ballots
}

fn archive_with(key: &PollKey) -> Archive {
    let ballots = ballots();
    let leaves: Vec<Leaf> = ballots.iter().flat_map(|ballot| ballot.waiting.clone()).collect();
    let mut log = Frontier::default();
    let mut heads = Vec::new();
    for (number, part) in (1..).zip(leaves.chunks(3)) {
        log.extend(part);
        heads.push(TreeHead::sign(key, &poll(), number, &log, at(50)));
    }
    let logged = ballots.iter().map(|ballot| ballot.logged(|_| true).expect("it waited"));
    let openings = logged.map(|ballot| ballot.opening().expect("it is logged")).collect();
    Archive::make(&poll(), key, heads, leaves, openings, None, at(200)).expect("an archive")
}

fn print_of(key: &PollKey) -> Fingerprint {
    super::key::fingerprint(&key.public())
}

fn flaws(archive: &Archive, key: &PollKey) -> Vec<&'static str> {
    let verdict = verify(&archive.to_json(), &print_of(key), &[], &[]);
    verdict.checks.into_iter().filter(|check| check.flaw.is_some()).map(|check| check.what).collect()
}

#[test]
fn a_whole_archive_holds_and_shows_receipts() {
    let archive = archive_with(&key());
    let json = archive.to_json();
    assert_eq!(flaws(&archive, &key()), Vec::<&str>::new());
    let result = &archive.content.result;
    assert_eq!(
        (result.ballots, result.totals[1].1),
        (5, 3),
        "a voter's last vote counts: b, b, b against a, c"
    );
    let votes = &ballots()[0].votes;
    let receipts: Vec<Vec<u8>> = votes.iter().map(|vote| json_of(&vote.receipt)).collect();
    let with = |receipts: &[&[u8]]| verify(&json, &print_of(&key()), receipts, &[]);
    let all: Vec<&[u8]> = receipts.iter().map(Vec::as_slice).collect();
    let verdict = with(&all);
    assert!(verdict.holds(), "{:?}", verdict.checks);
    let choices: Vec<_> = verdict.votes.into_iter().map(|vote| vote.choice).collect();
    assert_eq!(choices, [None, None, Some(Choice::One("b".parse().expect("an id")))]);
    assert!(with(&all[2..]).holds());
    // A voter who has not changed the vote and finds it replaced was robbed of it.
    let verdict = with(&all[..1]);
    assert_eq!(
        verdict.checks.last().map(|check| check.what),
        Some("the receipt's ballot counts, or a later one of yours")
    );
    assert!(!verdict.holds());

    let mut forged = votes[0].receipt.clone();
    forged.leaf.commitment = Bytes32([9; 32]);
    assert!(!with(&[&json_of(&forged)]).holds());
    // Signed by us, but not in the log: somebody has dropped a ballot.
    let promise = Receipt::sign(&key(), &poll(), forged.leaf, forged.own, at(50));
    let flaws: Vec<_> =
        with(&[&json_of(&promise)]).checks.into_iter().filter(|check| check.flaw.is_some()).collect();
    assert_eq!(
        flaws.iter().map(|check| check.what).collect::<Vec<_>>(),
        ["the receipt's ballot is in the log"]
    );
}

/// Two people vote alike. Who holds the key gives both of them the receipt of the first, and casts a ballot of their own in the
/// place of the second.
#[test]
fn nobody_can_be_given_the_receipt_of_somebody_with_another_word() {
    let archive = archive_with(&key());
    let first = &ballots()[1].votes[0].receipt;
    let flaws = |own: OwnWord| -> Vec<&str> {
        let receipt = Receipt::sign(&key(), &poll(), first.leaf, own, at(50));
        let verdict = verify(&archive.to_json(), &print_of(&key()), &[&json_of(&receipt)], &[]);
        verdict.checks.into_iter().filter(|check| check.flaw.is_some()).map(|check| check.what).collect()
    };
    assert_eq!(flaws(first.own.clone()), Vec::<&str>::new());
    let word = |text| Some(VoterWord::parse(text).expect("a word"));
    let own = OwnWord { word: word("сирень"), ..first.own };
    assert_eq!(flaws(own.clone()), ["the ballot was made with the word in the receipt"]);
    assert_ne!(own.seal(), OwnWord { word: word("сирены"), ..own.clone() }.seal());
    assert_ne!(
        own.seal(),
        OwnWord { key: Bytes32([9; 32]), ..own.clone() }.seal(),
        "nobody can try words out"
    );
}

fn json_of(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

/// The key of somebody else's platform.
fn stranger() -> PollKey {
    PollKey::derive(&MasterSecret::new(vec![8; 32]).expect("a secret"), poll().id)
}

#[test]
fn an_archive_signed_anew_with_another_key_is_refused() {
    let other = stranger();
    let archive = archive_with(&other);
    assert_eq!(flaws(&archive, &other), Vec::<&str>::new());
    assert_eq!(flaws(&archive, &key()), ["the key is the one you named"]);
}

/// The holder of the key can sign anything, but the parts of the archive then contradict each other.
#[test]
fn what_is_changed_and_signed_with_the_right_key_is_found() {
    let signed = |change: fn(&mut Content)| {
        let mut content = archive_with(&key()).content;
        change(&mut content);
        flaws(&content.signed(&key()), &key())
    };
    assert_eq!(signed(|_| {}), Vec::<&str>::new());
    let altered = signed(|it| it.ballots[1].choice = Choice::One("a".parse().expect("an id")));
    assert_eq!(
        altered,
        ["every ballot is the one that was committed to", "counted again, the result is the same"]
    );
    let dropped = signed(|it| _ = it.ballots.remove(1));
    assert!(dropped.contains(&"every ballot that was not replaced is counted, and no other"), "{dropped:?}");
    let added = signed(|it| it.ballots.push(it.ballots[1].clone()));
    assert!(added.contains(&"every ballot that was not replaced is counted, and no other"), "{added:?}");
    let unlogged = signed(|it| it.log.truncate(6));
    assert!(unlogged.contains(&"every tree head is the root of the log's beginning"), "{unlogged:?}");
    let result = signed(|it| it.result.winners.reverse());
    assert_eq!(result, Vec::<&str>::new(), "one winner");
    let result = signed(|it| it.result.totals[0].1 += 1);
    assert_eq!(result, ["counted again, the result is the same"]);
    let heads = signed(|it| _ = it.heads.remove(0));
    assert!(heads.contains(&"every tree head is signed, and each follows the one before"), "{heads:?}");
    let other_question = signed(|it| it.question.options.swap(0, 1));
    assert!(
        other_question.contains(&"every tree head is signed, and each follows the one before"),
        "{other_question:?}"
    );
    let early = signed(|it| it.certified = it.question.closes);
    assert_eq!(early, ["it was counted after the close"]);
    let final_votes = signed(|it| it.question.revotes = false);
    assert!(final_votes.contains(&"votes were changed only if the poll allows it"), "{final_votes:?}");
    let foreign = signed(|it| it.poll = PollId::new(uuid::Uuid::from_u128(2)));
    assert!(!foreign.is_empty());
}

/// Of 10,000 archives with one bit changed none holds.
#[test]
fn no_changed_bit_goes_unnoticed() {
    let json = archive_with(&key()).to_json();
    let print = print_of(&key());
    let bits = json.len() as u64 * 8;
    let step = NonZeroU64::new(6_364_136_223_846_793_005).expect("odd");
    let mut state = 1_u64;
    for _ in 0..10_000 {
        state = state.wrapping_mul(step.get()).wrapping_add(1_442_695_040_888_963_407);
        let bit = (state >> 16) % bits;
        let mut changed = json.clone();
        changed[usize::try_from(bit / 8).expect("a place")] ^= 1 << (bit % 8);
        assert!(!verify(&changed, &print, &[], &[]).holds(), "bit {bit}");
    }
}

/// What `/polls/{id}/log` says of an archive's poll.
fn parts(archive: &Archive) -> Vec<LogPart> {
    let Content { heads, log, .. } = &archive.content;
    let mut start = 0;
    let part = |head: &TreeHead| {
        let end = usize::try_from(head.size).expect("few");
        let leaves = log[start..end].to_vec();
        start = end;
        LogPart { head: head.clone(), leaves }
    };
    heads.iter().map(part).collect()
}

#[test]
fn a_followed_log_takes_what_comes_next_and_nothing_else() {
    let parts = parts(&archive_with(&key()));
    let follow = || FollowedLog::new(key().public(), &print_of(&key())).expect("its key");
    let mut log = follow();
    log.take_all(parts.clone()).expect("all of it");
    assert_eq!((log.heads(), log.size(), log.after()), (3, 7, 2));
    assert_eq!(follow().take_all(parts[1..].to_vec()), Err(BrokenLog::DoesNotFollow(2)));
    let mut log = follow();
    log.take_all(parts[..1].to_vec()).expect("the first");
    let with_first = |other: LogPart| vec![parts[0].clone(), other];
    let mut other = parts[1].clone();
    other.leaves.swap(0, 1);
    assert_eq!(log.take_all(with_first(other)), Err(BrokenLog::Changed(2)));
    let mut other = parts[1].clone();
    other.head.size += 1;
    assert_eq!(log.take_all(with_first(other)), Err(BrokenLog::NotSigned(2)));
    log.take_all(with_first(parts[1].clone())).expect("the refused ones were not taken");
    // What was there must be there still, and be the same.
    assert_eq!(log.take_all(Vec::new()), Err(BrokenLog::Lost(2)));
    assert_eq!(log.take_all(parts[2..].to_vec()), Err(BrokenLog::Changed(2)));
    let saved = log.saved();
    let mut log = FollowedLog::open(saved.clone(), &print_of(&key())).expect("what was kept");
    log.take_all(parts[1..].to_vec()).expect("the rest");
    assert_eq!(log.heads(), 3);
    let changed = SavedLog { items: saved.items[1..].to_vec(), ..saved };
    assert!(FollowedLog::open(changed, &print_of(&key())).is_err());
    let print = print_of(&stranger());
    assert!(matches!(FollowedLog::new(key().public(), &print), Err(BrokenLog::AnotherKey(_))));
}

#[test]
fn an_archive_with_another_log_than_was_saved_does_not_hold() {
    let archive = archive_with(&key());
    let with = |items: Vec<LogPart>| {
        let log = json_of(&SavedLog { key: key().public(), items });
        verify(&archive.to_json(), &print_of(&key()), &[], &[&log])
    };
    assert!(with(parts(&archive)).holds());
    assert!(with(parts(&archive)[1..2].to_vec()).holds(), "a part of it is enough");
    // The organizer has shown the log with the ballots in another order, and signed it.
    let mut log = Frontier::default();
    let mut leaves = parts(&archive)[0].leaves.clone();
    leaves.reverse();
    log.extend(&leaves);
    let head = TreeHead::sign(&key(), &poll(), 1, &log, at(50));
    let verdict = with(vec![LogPart { head, leaves: leaves.clone() }]);
    assert!(!verdict.holds() && verdict.checks.last().is_some_and(|check| check.flaw.is_some()));
    // The head alone is not enough.
    let head = archive.content.heads[0].clone();
    assert!(!with(vec![LogPart { head, leaves }]).holds());
}
