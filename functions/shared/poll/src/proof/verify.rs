//! Checking an archive with nothing but the archive and the fingerprint of the poll's key.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::super::ballot::{Choice, OptionId, RawChoice};
use super::super::{COUNTED_AFTER, Question};
use super::archive::{Archive, Content, FORMAT, PollOutcome};
use super::bytes::Bytes32;
use super::follow::{LogPart, SavedLog};
use super::frontier::Frontier;
use super::head::Log;
use super::key::{Fingerprint, fingerprint};
use super::leaf::{Leaf, commitment};
use super::own_word::VoterWord;
use super::receipt::Receipt;

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What must hold.
    pub what: &'static str,
    /// What was found instead; none if it holds.
    pub flaw: Option<String>,
}

/// All that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// In order. After what cannot be read nothing is checked.
    pub checks: Vec<Check>,
    /// The result, counted anew; none if it does not come to that.
    pub outcome: Option<PollOutcome>,
    /// The archive's question, if it can be read.
    pub question: Option<Question>,
    /// What the archive shows of the receipts' votes.
    pub votes: Vec<OwnVote>,
}

/// A vote with a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVote {
    /// The voter's own word in the receipt. A voter who typed another word has somebody else's receipt.
    pub word: Option<VoterWord>,
    /// The choice that counts; none if a later vote took its place.
    pub choice: Option<Choice>,
}

impl Verdict {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.outcome.is_some() && self.checks.iter().all(|check| check.flaw.is_none())
    }

    fn check(&mut self, what: &'static str, result: Result<(), String>) -> bool {
        self.checks.push(Check { what, flaw: result.err() });
        self.checks.last().is_some_and(|check| check.flaw.is_none())
    }
}

fn unless(holds: bool, flaw: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(flaw.into()) }
}

/// Checks an archive; receipts against it: all that one voter got, since a vote is only replaced by the voter's next; and what
/// somebody kept of the log while the poll ran ([`SavedLog`]).
pub fn verify(archive: &[u8], key: &Fingerprint, receipts: &[&[u8]], logs: &[&[u8]]) -> Verdict {
    let mut verdict = Verdict::default();
    let read: Result<Archive, _> = serde_json::from_slice(archive);
    let archive = match read {
        // Written otherwise it could say something else to other eyes.
        Ok(read) if read.to_json() == archive => read,
        Ok(_) => {
            verdict.check("the archive is written in the one way it is written", Err("it is not".into()));
            return verdict;
        }
        Err(error) => {
            verdict.check("the archive can be read", Err(error.to_string()));
            return verdict;
        }
    };
    let content = &archive.content;
    let found = fingerprint(&content.key);
    verdict.check("the format is known", unless(content.format == FORMAT, content.format.clone()));
    verdict.check("the key is the one you named", unless(found == *key, format!("it is {found}")));
    let signed = archive.is_signed();
    verdict.check("the archive is signed with it", unless(signed, "the signature does not fit"));
    if found != *key || !signed || !verdict.check("the question is a valid one", question(content)) {
        // Somebody else's file: it is not worth counting.
        return verdict;
    }
    let counted_after = content.question.closes + COUNTED_AFTER;
    verdict.check("it was counted after the close", unless(content.certified >= counted_after, "it was not"));
    verdict.check("every tree head is signed, and each follows the one before", heads(content));
    verdict.check("every tree head is the root of the log's beginning", roots(content));
    let replaced = replacements(&content.log);
    verdict.check(
        "no ballot stands twice in the log, and each is replaced at most once, later",
        replaced.clone().map(drop),
    );
    let replaced = replaced.unwrap_or_default();
    let may = content.question.revotes || replaced.is_empty();
    verdict.check("votes were changed only if the poll allows it", unless(may, "some were"));
    verdict
        .check("every ballot that was not replaced is counted, and no other", coverage(content, &replaced));
    verdict.check("every ballot is the one that was committed to", openings(content));
    verdict.check("every ballot is valid for the poll", choices(content));
    let root = content.heads.last().map_or_else(|| Frontier::default().root(), |head| head.root);
    let counted = PollOutcome::of(&content.question, &content.ballots, &root);
    verdict.check(
        "counted again, the result is the same",
        match &counted {
            Ok(counted) => unless(*counted == content.result, "the archive says otherwise"),
            Err(error) => Err(error.to_string()),
        },
    );
    check_receipts(&mut verdict, content, receipts);
    for log in logs {
        verdict.check("the log that you saved is the beginning of the archive's", saved(content, log));
    }
    verdict.outcome = counted.ok();
    verdict.question = Some(content.question.clone());
    verdict
}

fn question(content: &Content) -> Result<(), String> {
    content.question.check().map_err(|wrong| {
        wrong.iter().map(|(field, error)| format!("{field}: {error}")).collect::<Vec<_>>().join("; ")
    })
}

fn heads(content: &Content) -> Result<(), String> {
    let digest = content.question.digest();
    let (mut size, mut at) = (0, Timestamp::MIN);
    for (number, head) in (1..).zip(&content.heads) {
        let own = head.poll == content.poll && head.question == digest;
        unless(own, format!("head {number} is of another poll or question"))?;
        unless(head.at >= at, format!("head {number} is older than the one before"))?;
        unless(head.number == number, format!("in place of head {number} stands {}", head.number))?;
        unless(head.size > size, format!("head {number} is not longer than the one before"))?;
        unless(head.is_signed_by(&content.key), format!("the signature of head {number} does not fit"))?;
        (size, at) = (head.size, head.at);
    }
    unless(
        size == content.log.len() as u64,
        format!("the log has {} leaves, its last head {size}", content.log.len()),
    )
}

/// That every head is the root of a beginning of the same log makes each consistent with those before.
fn roots(content: &Content) -> Result<(), String> {
    let mut log = Log::default();
    let mut leaves = content.log.iter();
    for head in &content.heads {
        while log.len() < head.size {
            let Some(leaf) = leaves.next() else {
                return Err(format!("head {} has more leaves than the log", head.number));
            };
            log.push(*leaf);
        }
        unless(log.root() == head.root, format!("the root of head {} is another", head.number))?;
    }
    Ok(())
}

/// The commitments that were replaced.
fn replacements(log: &[Leaf]) -> Result<HashSet<Bytes32>, String> {
    let mut seen = HashSet::new();
    let mut replaced = HashSet::new();
    for (place, leaf) in log.iter().enumerate() {
        if let Some(before) = &leaf.replaces {
            unless(seen.contains(before), format!("leaf {place} replaces one that is not before it"))?;
            unless(replaced.insert(*before), format!("leaf {place} replaces one that was replaced already"))?;
        }
        unless(seen.insert(leaf.commitment), format!("leaf {place} stands twice"))?;
    }
    Ok(replaced)
}

fn coverage(content: &Content, replaced: &HashSet<Bytes32>) -> Result<(), String> {
    let counts = |leaf: &Leaf| !replaced.contains(&leaf.commitment);
    let expected = (0..).zip(&content.log).filter(|(_, leaf)| counts(leaf)).map(|(place, _)| place);
    let opened: Vec<u64> = content.ballots.iter().map(|ballot| ballot.leaf).collect();
    unless(expected.eq(opened.iter().copied()), "ballots are missing, or there are too many")
}

fn openings(content: &Content) -> Result<(), String> {
    for ballot in &content.ballots {
        let leaf = usize::try_from(ballot.leaf).ok().and_then(|place| content.log.get(place));
        let opened = commitment(content.poll, &ballot.salt, &ballot.seal, &ballot.choice);
        unless(
            leaf.is_some_and(|leaf| leaf.commitment == opened),
            format!("the ballot of leaf {} is another than was committed to", ballot.leaf),
        )?;
    }
    Ok(())
}

fn choices(content: &Content) -> Result<(), String> {
    let options = content.question.option_ids();
    for ballot in &content.ballots {
        let raw = raw(&ballot.choice);
        let parsed = Choice::parse(&raw, content.question.format, &options);
        let same = parsed.as_ref().is_ok_and(|parsed| *parsed == ballot.choice);
        unless(same, format!("the ballot of leaf {} is not", ballot.leaf))?;
    }
    Ok(())
}

fn raw(choice: &Choice) -> RawChoice {
    let texts = |ids: Vec<&OptionId>| ids.into_iter().map(ToString::to_string).collect();
    let mut raw = RawChoice::default();
    match choice {
        Choice::One(option) => raw.options = vec![option.to_string()],
        Choice::Approved(options) => raw.options = texts(options.iter().collect()),
        Choice::Points(points) => {
            raw.points = points.iter().map(|(id, points)| (id.to_string(), *points)).collect();
        }
        Choice::Ranked(options) => raw.ranking = texts(options.iter().collect()),
    }
    raw
}

fn saved(content: &Content, log: &[u8]) -> Result<(), String> {
    let log: SavedLog = serde_json::from_slice(log).map_err(|error| error.to_string())?;
    for LogPart { head, leaves } in &log.items {
        let number = head.number;
        unless(head.is_signed_by(&content.key), format!("head {number} is not signed with the poll's key"))?;
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let same = place.and_then(|place| content.heads.get(place)) == Some(head);
        let both = "two logs were signed, and the two of them are the proof";
        unless(same, format!("the archive has not the head {number} that you have: {both}"))?;
        let end = usize::try_from(head.size).unwrap_or(usize::MAX);
        let known = end.checked_sub(leaves.len()).and_then(|start| content.log.get(start..end));
        unless(known == Some(leaves), format!("the leaves of head {number} are not those that you have"))?;
    }
    Ok(())
}

fn check_receipts(verdict: &mut Verdict, content: &Content, receipts: &[&[u8]]) {
    let places: HashMap<&Leaf, u64> = (0..).zip(&content.log).map(|(place, leaf)| (leaf, place)).collect();
    let by_what: HashMap<Bytes32, Bytes32> =
        content.log.iter().filter_map(|leaf| Some((leaf.replaces?, leaf.commitment))).collect();
    let mut read: Vec<Receipt> = Vec::with_capacity(receipts.len());
    for bytes in receipts {
        match serde_json::from_slice(bytes) {
            Ok(receipt) => read.push(receipt),
            Err(error) => {
                verdict.check("the receipt can be read", Err(error.to_string()));
            }
        }
    }
    let digest = content.question.digest();
    for receipt in &read {
        let own = receipt.poll == content.poll && receipt.question == digest;
        verdict.check("the receipt is of this poll and its question", unless(own, "it is of another"));
        let signed = receipt.is_signed_by(&content.key);
        verdict
            .check("the receipt is signed with the poll's key", unless(signed, "the signature does not fit"));
        let in_time = receipt.accepted < content.question.closes;
        verdict.check("the receipt is from before the close", unless(in_time, "it is not"));
        let place = places.get(&receipt.leaf);
        verdict.check("the receipt's ballot is in the log", unless(place.is_some(), "it is not"));
        let by_own = by_what
            .get(&receipt.leaf.commitment)
            .is_none_or(|later| read.iter().any(|other| other.leaf.commitment == *later));
        let flaw = "it was replaced: give the receipt of your later vote as well; if there is none, somebody else voted for you";
        verdict.check("the receipt's ballot counts, or a later one of yours", unless(by_own, flaw));
        if let Some(place) = place {
            let ballot = content.ballots.iter().find(|ballot| ballot.leaf == *place);
            if let Some(ballot) = ballot {
                let own = ballot.seal == receipt.own.seal();
                let flaw = "it was made with another: the ballot is somebody else's";
                verdict.check("the ballot was made with the word in the receipt", unless(own, flaw));
            }
            let choice = ballot.map(|ballot| ballot.choice.clone());
            verdict.votes.push(OwnVote { word: receipt.own.word.clone(), choice });
        }
    }
}
