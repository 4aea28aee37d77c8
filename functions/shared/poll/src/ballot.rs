//! What a ballot may say.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::count::Marks;
pub use super::kind::BallotKind;
pub use super::option_id::{InvalidOptionId, OPTION_ID_LIMIT, OptionId};

/// How voters answer. The version is part of what is stored: a format that ever means something else gets another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BallotFormat {
    /// One option.
    ChooseOne {
        /// 1.
        #[serde(default = "first")]
        version: u16,
    },
    /// Up to so many options.
    Approve {
        /// 1.
        #[serde(default = "first")]
        version: u16,
        /// At least 1.
        up_to: u32,
    },
    /// Points for each option, from 0 to so many.
    Score {
        /// 1.
        #[serde(default = "first")]
        version: u16,
        /// At least 1.
        max: u32,
    },
    /// So many points to be given away, as many to an option as one likes.
    Distribute {
        /// 1.
        #[serde(default = "first")]
        version: u16,
        /// At least 1.
        points: u32,
    },
    /// Options in order, the best first: up to so many. Not all need be named.
    Rank {
        /// 1.
        #[serde(default = "first")]
        version: u16,
        /// At least 1.
        up_to: u32,
    },
}

const fn first() -> u16 {
    1
}

impl BallotFormat {
    /// Which meaning it has. There is the first alone, so far.
    pub const fn version(&self) -> u16 {
        match self {
            Self::ChooseOne { version }
            | Self::Approve { version, .. }
            | Self::Score { version, .. }
            | Self::Distribute { version, .. }
            | Self::Rank { version, .. } => *version,
        }
    }

    /// The format without its numbers.
    pub const fn kind(self) -> BallotKind {
        match self {
            Self::ChooseOne { .. } => BallotKind::ChooseOne,
            Self::Approve { .. } => BallotKind::Approve,
            Self::Score { .. } => BallotKind::Score,
            Self::Distribute { .. } => BallotKind::Distribute,
            Self::Rank { .. } => BallotKind::Rank,
        }
    }

    /// How many options or points, if the format has such a number.
    pub const fn limit(self) -> Option<u32> {
        match self {
            Self::ChooseOne { .. } => None,
            Self::Approve { up_to: n, .. }
            | Self::Score { max: n, .. }
            | Self::Distribute { points: n, .. }
            | Self::Rank { up_to: n, .. } => Some(n),
        }
    }
}

/// What a voter chose: valid for its poll. The order of a map and a set does not matter; that of a ranking does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// One option.
    One(OptionId),
    /// Several options.
    Approved(BTreeSet<OptionId>),
    /// Points for options; an option that is not named has 0.
    Points(BTreeMap<OptionId, u32>),
    /// The best first.
    Ranked(Vec<OptionId>),
}

/// Why a ballot is refused: nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidChoice {
    /// The ballot is of another kind than the poll's.
    #[error("this poll takes ballots of the kind «{expected}»", expected = .0.as_str())]
    WrongKind(BallotKind),
    /// Nothing was chosen.
    #[error("choose at least one option")]
    Empty,
    /// No option of this poll.
    #[error("«{0}» is no option of this poll")]
    Foreign(String),
    /// More options than allowed.
    #[error("{chosen} options are chosen, at most {most} may be")]
    TooMany {
        /// So many are chosen.
        chosen: usize,
        /// So many may be.
        most: u32,
    },
    /// An option stands twice.
    #[error("«{0}» stands twice")]
    Twice(String),
    /// More points for an option than allowed.
    #[error("«{option}» has {points} points, at most {most} may be given")]
    ScoreTooHigh {
        /// Which.
        option: String,
        /// So many.
        points: u32,
        /// So many may be.
        most: u32,
    },
    /// More points than there are to give away.
    #[error("{given} points are given, there are {most}")]
    TooManyPoints {
        /// So many.
        given: u64,
        /// So many there are.
        most: u32,
    },
}

/// What somebody sent, before it is known to be valid. Which of the fields belongs there depends on the format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawChoice {
    /// Options that are chosen or approved.
    pub options: Vec<String>,
    /// Points for options.
    pub points: Vec<(String, u32)>,
    /// Options in order.
    pub ranking: Vec<String>,
}

impl Choice {
    /// Reads what somebody sent.
    ///
    /// # Errors
    /// [`InvalidChoice`]: the first thing that is wrong.
    pub fn parse(raw: &RawChoice, format: BallotFormat, options: &[OptionId]) -> Result<Self, InvalidChoice> {
        let kind = format.kind();
        let given = [!raw.options.is_empty(), !raw.points.is_empty(), !raw.ranking.is_empty()];
        let wanted = match kind {
            BallotKind::ChooseOne | BallotKind::Approve => 0,
            BallotKind::Score | BallotKind::Distribute => 1,
            BallotKind::Rank => 2,
        };
        if (0..3).any(|field| field != wanted && given[field]) {
            return Err(InvalidChoice::WrongKind(kind));
        }
        if !given[wanted] {
            return Err(InvalidChoice::Empty);
        }
        match format {
            BallotFormat::ChooseOne { .. } => {
                let chosen = distinct(&raw.options, options)?;
                match <[OptionId; 1]>::try_from(chosen) {
                    Ok([one]) => Ok(Self::One(one)),
                    Err(chosen) => Err(InvalidChoice::TooMany { chosen: chosen.len(), most: 1 }),
                }
            }
            BallotFormat::Approve { up_to, .. } => {
                let chosen = up_to_so_many(&raw.options, options, up_to)?;
                Ok(Self::Approved(chosen.into_iter().collect()))
            }
            BallotFormat::Score { max, .. } => {
                let points = points(&raw.points, options)?;
                if let Some((option, points)) = points.iter().find(|(_, points)| **points > max) {
                    let option = option.to_string();
                    return Err(InvalidChoice::ScoreTooHigh { option, points: *points, most: max });
                }
                if points.is_empty() { Err(InvalidChoice::Empty) } else { Ok(Self::Points(points)) }
            }
            BallotFormat::Distribute { points: most, .. } => {
                let points = points(&raw.points, options)?;
                let given: u64 = points.values().map(|points| u64::from(*points)).sum();
                if given > u64::from(most) {
                    return Err(InvalidChoice::TooManyPoints { given, most });
                }
                if points.is_empty() { Err(InvalidChoice::Empty) } else { Ok(Self::Points(points)) }
            }
            BallotFormat::Rank { up_to, .. } => {
                Ok(Self::Ranked(up_to_so_many(&raw.ranking, options, up_to)?))
            }
        }
    }

    /// As the counting rules see it: options by their place in the poll's list. What is no option of the poll is left out.
    pub fn marks(&self, options: &[OptionId]) -> Marks {
        self.marks_by(|id| options.iter().position(|option| option == id))
    }

    /// As [`marks`](Self::marks), for a caller with a faster way to find an option's place.
    pub fn marks_by(&self, place: impl Fn(&OptionId) -> Option<usize>) -> Marks {
        match self {
            Self::One(option) => Marks::Points(place(option).map(|place| (place, 1)).into_iter().collect()),
            Self::Approved(chosen) => {
                Marks::Points(chosen.iter().filter_map(|id| Some((place(id)?, 1))).collect())
            }
            Self::Points(points) => {
                let given = points.iter().filter(|(_, points)| **points > 0);
                let marks = given.filter_map(|(id, points)| Some((place(id)?, u64::from(*points))));
                Marks::Points(marks.collect())
            }
            Self::Ranked(ranking) => Marks::Ranking(ranking.iter().filter_map(place).collect()),
        }
    }
}

fn known(id: &str, options: &[OptionId]) -> Result<OptionId, InvalidChoice> {
    let found = options.iter().find(|option| option.as_str() == id);
    found.cloned().ok_or_else(|| InvalidChoice::Foreign(id.to_owned()))
}

fn distinct(ids: &[String], options: &[OptionId]) -> Result<Vec<OptionId>, InvalidChoice> {
    let mut chosen: Vec<OptionId> = Vec::with_capacity(ids.len().min(options.len()));
    for id in ids {
        let option = known(id, options)?;
        if chosen.contains(&option) {
            return Err(InvalidChoice::Twice(id.clone()));
        }
        chosen.push(option);
    }
    Ok(chosen)
}

fn up_to_so_many(ids: &[String], options: &[OptionId], most: u32) -> Result<Vec<OptionId>, InvalidChoice> {
    let chosen = distinct(ids, options)?;
    if chosen.len() > most as usize {
        return Err(InvalidChoice::TooMany { chosen: chosen.len(), most });
    }
    Ok(chosen)
}

/// Points by option, without those that have none.
fn points(given: &[(String, u32)], options: &[OptionId]) -> Result<BTreeMap<OptionId, u32>, InvalidChoice> {
    let mut points = BTreeMap::new();
    for (id, number) in given {
        if points.insert(known(id, options)?, *number).is_some() {
            return Err(InvalidChoice::Twice(id.clone()));
        }
    }
    points.retain(|_, number| *number > 0);
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<OptionId> {
        ["a", "b", "c"].map(|id| id.parse().expect("an id")).into()
    }

    fn parse(
        format: BallotFormat,
        chosen: &[&str],
        points: &[(&str, u32)],
        ranked: &[&str],
    ) -> Result<Choice, InvalidChoice> {
        let texts = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let raw = RawChoice {
            options: texts(chosen),
            points: points.iter().map(|(id, points)| ((*id).to_owned(), *points)).collect(),
            ranking: texts(ranked),
        };
        Choice::parse(&raw, format, &options())
    }

    #[test]
    fn a_ballot_says_what_its_format_allows() {
        let one = BallotFormat::ChooseOne { version: 1 };
        assert_eq!(
            parse(one, &["b"], &[], &[]).map(|it| it.marks(&options())),
            Ok(Marks::Points(vec![(1, 1)]))
        );
        assert_eq!(parse(one, &["a", "b"], &[], &[]), Err(InvalidChoice::TooMany { chosen: 2, most: 1 }));
        assert_eq!(parse(one, &["d"], &[], &[]), Err(InvalidChoice::Foreign("d".into())));
        assert_eq!(parse(one, &[], &[], &[]), Err(InvalidChoice::Empty));
        assert_eq!(parse(one, &[], &[], &["a"]), Err(InvalidChoice::WrongKind(BallotKind::ChooseOne)));
        let two = BallotFormat::Approve { version: 1, up_to: 2 };
        assert!(parse(two, &["c", "a"], &[], &[]).is_ok());
        assert_eq!(
            parse(two, &["a", "b", "c"], &[], &[]),
            Err(InvalidChoice::TooMany { chosen: 3, most: 2 })
        );
        assert_eq!(parse(two, &["a", "a"], &[], &[]), Err(InvalidChoice::Twice("a".into())));
        let score = BallotFormat::Score { version: 1, max: 5 };
        assert!(parse(score, &[], &[("a", 5), ("b", 0)], &[]).is_ok());
        assert!(matches!(parse(score, &[], &[("a", 6)], &[]), Err(InvalidChoice::ScoreTooHigh { .. })));
        assert_eq!(parse(score, &[], &[("a", 0)], &[]), Err(InvalidChoice::Empty));
        let seven = BallotFormat::Distribute { version: 1, points: 7 };
        assert!(parse(seven, &[], &[("a", 3), ("b", 4)], &[]).is_ok());
        let over = InvalidChoice::TooManyPoints { given: 8, most: 7 };
        assert_eq!(parse(seven, &[], &[("a", 4), ("b", 4)], &[]), Err(over));
        assert_eq!(parse(seven, &[], &[("a", 0)], &[]), Err(InvalidChoice::Empty));
        assert_eq!(parse(seven, &[], &[("a", 1), ("a", 1)], &[]), Err(InvalidChoice::Twice("a".into())));
        let rank = BallotFormat::Rank { version: 1, up_to: 3 };
        assert_eq!(
            parse(rank, &[], &[], &["c", "a"]).map(|it| it.marks(&options())),
            Ok(Marks::Ranking(vec![2, 0]))
        );
        assert_eq!(parse(rank, &[], &[], &["c", "c"]), Err(InvalidChoice::Twice("c".into())));
    }
}
