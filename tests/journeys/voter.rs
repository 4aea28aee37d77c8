//! Somebody who votes while everything fails: what they sent, what they got, and what must count then.

use std::collections::HashMap;

use poll::ballot::Choice;
use poll::ballot_box::Ballot;
use poll::proof::Receipt;

/// What can be chosen.
pub(crate) const OPTIONS: [&str; 4] = ["a", "b", "c", "d"];

/// What one voter did.
pub(crate) struct Voter {
    pub(crate) name: String,
    pub(crate) sent: Vec<Sent>,
    /// The option that must count, where the receipts alone say which.
    pub(crate) sure: Option<usize>,
}

/// A vote that was sent, maybe several times.
pub(crate) struct Sent {
    pub(crate) option: usize,
    pub(crate) key: Option<String>,
    pub(crate) tries: usize,
    pub(crate) receipts: Vec<Receipt>,
}

impl Sent {
    pub(crate) fn new(option: usize, key: Option<&str>) -> Self {
        Self { option, key: key.map(str::to_owned), tries: 0, receipts: Vec::new() }
    }
}

impl Voter {
    /// All of them, copies too.
    pub(crate) fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.sent.iter().flat_map(|sent| &sent.receipts)
    }

    /// The option that counts: of the vote accepted last. What stands in the table must agree with every receipt.
    pub(crate) fn counts(&self, ballot: &Ballot) -> usize {
        let Self { name, sent, sure } = self;
        let mut last = None;
        let mut before = None;
        let mut accepted = HashMap::new();
        for vote in &ballot.votes {
            let key = vote.request.as_ref().map(|(key, _)| key.as_str());
            let of = sent.iter().find(|sent| sent.key.as_deref() == key);
            let of = of.unwrap_or_else(|| panic!("{name} did not send the vote {key:?}"));
            *accepted.entry(key).or_insert(0) += 1;
            let times = if key.is_some() { 1 } else { of.tries };
            assert!(accepted[&key] <= times, "{name}: {key:?} was accepted more often than sent");
            if key.is_some() {
                let same = of.receipts.iter().all(|receipt| *receipt == vote.receipt);
                assert!(same, "{name} has got different receipts for {key:?}");
            }
            assert_eq!(
                vote.receipt.leaf.replaces, before,
                "{name}: a vote takes the place of the one before"
            );
            before = Some(vote.receipt.leaf.commitment);
            last = Some(of.option);
        }
        let known: Vec<&Receipt> = ballot.votes.iter().map(|vote| &vote.receipt).collect();
        assert!(self.receipts().all(|receipt| known.contains(&receipt)), "{name}: a receipt is not known");
        assert!(ballot.waiting.is_empty(), "{name}: a vote is not logged");
        let last = last.unwrap_or_else(|| panic!("{name} has a ballot without votes"));
        assert_eq!(ballot.choice, Choice::One(OPTIONS[last].parse().unwrap()), "{name}");
        assert!(sure.is_none_or(|sure| sure == last), "{name}: not the last vote counts");
        last
    }
}
