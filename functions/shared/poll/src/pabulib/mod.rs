//! Pabulib's `.pb` files: votes on participatory budgets as cities publish them.
//!
//! Source: <http://pabulib.org/format>. Three sections, each with a head: `META` (`key;value`), `PROJECTS` (`project_id;cost;…`),
//! `VOTES` (`voter_id;vote;…`), in which lists are separated by commas.

mod of_archive;
mod read;
mod write;

pub use of_archive::PbPlace;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::ballot::{BallotFormat, BallotKind, Choice, OptionId};
use super::count::{Ballots, Contest, Marks, Utility};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PbFile {
    /// What the file says of itself: `description`, `country`, `rule` and the like, in its order.
    pub meta: Vec<(String, String)>,
    /// What may be spent, in [`unit`](Self::unit)s.
    pub budget: u64,
    /// How many of the units in which costs are counted here make one of the file's: 1, or 100 where the file has cents.
    pub unit: u64,
    /// How people voted.
    pub format: BallotFormat,
    /// In the file's order.
    pub projects: Vec<PbProject>,
    /// In the file's order.
    pub votes: Vec<PbVote>,
}

/// What the files call the kinds of ballots.
const VOTE_TYPES: [(&str, BallotKind); 5] = [
    ("approval", BallotKind::Approve),
    ("choose-1", BallotKind::ChooseOne),
    ("cumulative", BallotKind::Distribute),
    ("scoring", BallotKind::Score),
    ("ordinal", BallotKind::Rank),
];

/// What the files call a kind of ballots.
fn vote_type(kind: BallotKind) -> &'static str {
    VOTE_TYPES.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name)
}

/// A project of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PbProject {
    /// As the file calls it.
    pub id: OptionId,
    /// In the file's [`unit`](PbFile::unit)s.
    pub cost: u64,
    /// Its name; the id if it has none.
    pub name: String,
    /// On how many votes it stands, if the file says so.
    pub votes: Option<u64>,
    /// How many points it has, if the file says so.
    pub score: Option<u64>,
    /// Whether it was bought. Cities write 1, some 2 for what other money bought.
    pub selected: Option<u64>,
}

/// A vote of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PbVote {
    /// Who, as far as the file says.
    pub voter: String,
    /// What they chose.
    pub choice: Choice,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct InvalidPb {
    /// From 1.
    pub line: u64,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// The file's text without its votes: all that a poll on its projects needs.
pub fn without_votes(text: &str) -> &str {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == "VOTES" {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

impl PbFile {
    /// What the file says under a key.
    pub fn about(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Points that a project needs.
    pub fn threshold(&self) -> u64 {
        self.about("min_project_score_threshold").and_then(whole).unwrap_or(0)
    }

    /// Votes that break the file's own limits, and those of a voter who stands there before: their places among the votes, from 1.
    /// Cities count some of them, so nothing is refused.
    pub fn doubtful(&self) -> Vec<usize> {
        let mut voters = HashSet::new();
        let too_much = |choice: &Choice| match self.format {
            BallotFormat::ChooseOne { .. } => false,
            BallotFormat::Approve { up_to, .. } => {
                matches!(choice, Choice::Approved(options) if options.len() > up_to as usize)
            }
            BallotFormat::Rank { up_to, .. } => {
                matches!(choice, Choice::Ranked(options) if options.len() > up_to as usize)
            }
            BallotFormat::Score { max, .. } => {
                matches!(choice, Choice::Points(given) if given.values().any(|points| *points > max))
            }
            BallotFormat::Distribute { points, .. } => {
                let sum =
                    |given: &BTreeMap<_, u32>| given.values().map(|given| u64::from(*given)).sum::<u64>();
                matches!(choice, Choice::Points(given) if sum(given) > points.into())
            }
        };
        let doubtful = |vote: &PbVote| {
            let again = !vote.voter.is_empty() && !voters.insert(vote.voter.clone());
            again || too_much(&vote.choice)
        };
        let places = (1..).zip(self.votes.iter().map(doubtful));
        places.filter_map(|(place, doubtful)| doubtful.then_some(place)).collect()
    }

    /// As the counting rules see it, for `seats` winners where nothing is spent.
    pub fn contest(&self, seats: usize) -> Contest {
        let places: HashMap<&OptionId, usize> =
            self.projects.iter().enumerate().map(|(place, project)| (&project.id, place)).collect();
        let place = |id: &OptionId| places.get(id).copied();
        let mut ballots: BTreeMap<Marks, u64> = BTreeMap::new();
        for vote in &self.votes {
            *ballots.entry(vote.choice.marks_by(place)).or_default() += 1;
        }
        Contest {
            options: self.projects.len(),
            costs: self.projects.iter().map(|project| project.cost).collect(),
            budget: self.budget,
            unit: self.unit,
            seats,
            utility: Utility::of(self.format.kind()),
            ranks: self.format.limit().map_or(1, |limit| limit as usize),
            threshold: self.threshold(),
            ballots: ballots.into_iter().map(|(marks, count)| Ballots { marks, count }).collect(),
        }
    }
}

/// A whole number, also written as `12.0`.
fn whole(text: &str) -> Option<u64> {
    let hundredths = hundredths(text)?;
    (hundredths % 100 == 0).then_some(hundredths / 100)
}

/// An amount with at most two digits after the point, in hundredths.
fn hundredths(text: &str) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_that_the_file_does_not_allow_are_named() {
        let file = |meta: &str, votes: &str| {
            let text = format!(
                "META\nkey;value\nbudget;9\n{meta}PROJECTS\nproject_id;cost\na;1\nb;2\nVOTES\n{votes}"
            );
            PbFile::parse(&text).expect("a file").doubtful()
        };
        let two = "voter_id;vote\nanna;a,b\nboris;b\nanna;b\n";
        assert_eq!(file("vote_type;approval\n", two), [3]);
        assert_eq!(file("vote_type;approval\nmax_length;1\n", two), [1, 3]);
        assert_eq!(file("vote_type;ordinal\nmax_length;1\n", two), [1, 3]);
        let points = "voter_id;vote;points\n1;a,b;5,5\n2;b;5\n";
        assert_eq!(file("vote_type;cumulative\nmax_sum_points;9\n", points), [1]);
        assert_eq!(file("vote_type;scoring\nmax_points;4\n", points), [1, 2]);
        assert_eq!(file("vote_type;scoring\n", points), Vec::<usize>::new());
    }

    #[test]
    fn the_projects_are_enough_for_a_poll() {
        let text = "META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\na;1\n";
        let with_votes = format!("{text}VOTES\nvoter_id;vote\nanna;z\n");
        assert_eq!(without_votes(&with_votes), text);
        assert!(PbFile::parse(&with_votes).is_err(), "there is no project z");
        assert_eq!(PbFile::parse_projects(&with_votes), PbFile::parse_projects(text));
        assert_eq!(PbFile::parse_projects(text).expect("projects").projects.len(), 1);
    }
}
