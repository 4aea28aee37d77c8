//! A poll of ours as a file of the format.

use super::super::ballot::BallotKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::proof::{Archive, Content};
use super::{PbFile, PbProject, PbVote, vote_type};

/// What an archive does not say of the place where people voted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PbPlace {
    /// The root of its territories.
    pub country: String,
    /// The poll's territory.
    pub unit: String,
    /// Its days are those of the file.
    pub zone: TimeZone,
}

impl PbFile {
    /// The ballots of a certified poll, with what each project got and whether it won.
    pub fn of(archive: Archive, place: &PbPlace) -> Self {
        let Content { question, ballots, result, .. } = archive.content;
        let kind = question.format.kind();
        let local = |at: Timestamp, form| at.to_zoned(place.zone.clone()).strftime(form).to_string();
        let day = |at| local(at, "%d.%m.%Y");
        let mut meta: Vec<(String, String)> = [
            ("description", question.title.as_str().to_owned()),
            ("country", place.country.clone()),
            ("unit", place.unit.clone()),
            ("instance", local(question.closes, "%Y")),
            ("num_projects", question.options.len().to_string()),
            ("num_votes", ballots.len().to_string()),
            ("budget", question.budget.to_string()),
            ("vote_type", vote_type(kind).to_owned()),
            ("rule", question.rule.name().to_owned()),
            ("date_begin", day(question.opens)),
            ("date_end", day(question.closes)),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        if let Some(limit) = question.format.limit() {
            let name = match kind {
                BallotKind::Score => "max_points",
                BallotKind::Distribute => "max_sum_points",
                BallotKind::ChooseOne | BallotKind::Approve | BallotKind::Rank => "max_length",
            };
            meta.push((name.to_owned(), limit.to_string()));
        }
        let mut say = |name: &str, value: String| meta.push((name.to_owned(), value));
        if question.threshold > 0 {
            say("min_project_score_threshold", question.threshold.to_string());
        }
        // The format has no fields for these.
        let seats =
            if question.rule.spends() { String::new() } else { format!("winners: {}; ", question.seats) };
        say("comment", format!("#1: {seats}ties: {}", question.ties.as_str()));
        let projects = question.options.iter().zip(&result.totals).map(|(option, (id, total))| PbProject {
            id: id.clone(),
            cost: option.cost,
            name: option.name.as_str().to_owned(),
            votes: matches!(kind, BallotKind::ChooseOne | BallotKind::Approve).then_some(*total),
            score: matches!(kind, BallotKind::Score | BallotKind::Distribute).then_some(*total),
            selected: Some(result.winners.contains(id).into()),
        });
        let votes = ballots.into_iter();
        Self {
            meta,
            budget: question.budget,
            unit: 1,
            format: question.format,
            projects: projects.collect(),
            votes: votes
                .map(|vote| PbVote { voter: (vote.leaf + 1).to_string(), choice: vote.choice })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ballot::{BallotFormat, Choice};
    use super::super::super::count::{CountingRule, TieBreak, Ties};
    use super::super::super::proof::{Bytes32, OpenedBallot, PollOutcome, Signature64};
    use super::super::super::tests::{at, key, poll};
    use super::*;

    /// A poll of this kind and rule, with the ballots of nine people.
    fn archive(format: BallotFormat, rule: CountingRule) -> Archive {
        let mut question = poll().question;
        (question.format, question.rule, question.ties) = (format, rule, TieBreak::Listed);
        if rule.spends() {
            (question.budget, question.threshold) = (100, 4);
        }
        for (option, cost) in question.options.iter_mut().zip([50, 40, 10]) {
            option.cost = cost;
        }
        let ids = question.option_ids();
        let choice = |voter: usize| {
            let (first, second) = (ids[voter * voter % 3].clone(), ids[(voter * voter + 1) % 3].clone());
            match format.kind() {
                BallotKind::ChooseOne => Choice::One(first),
                BallotKind::Approve => Choice::Approved([first, second].into()),
                BallotKind::Score | BallotKind::Distribute => {
                    Choice::Points([(first, 3), (second, 1)].into())
                }
                BallotKind::Rank => Choice::Ranked(vec![first, second]),
            }
        };
        let ballots: Vec<OpenedBallot> = (0..9_u8)
            .map(|voter| OpenedBallot {
                leaf: voter.into(),
                salt: Bytes32([voter; 32]),
                seal: Bytes32([voter; 32]),
                choice: choice(voter.into()),
            })
            .collect();
        let result = PollOutcome::of(&question, &ballots, &Bytes32([0; 32])).expect("a count");
        let content = Content {
            format: String::new(),
            poll: poll().id,
            organization: poll().organization,
            question,
            key: key().public(),
            heads: Vec::new(),
            log: Vec::new(),
            ballots,
            result,
            certified: at(200),
        };
        Archive { content, signature: Signature64([0; 64]) }
    }

    fn place(zone: TimeZone) -> PbPlace {
        PbPlace { country: "Область".to_owned(), unit: "Город".to_owned(), zone }
    }

    /// What the format's checker (pabulib/checker, `fields.py`) calls obligatory, and no key that it does not know.
    #[test]
    fn the_file_says_what_the_format_demands() {
        let file = PbFile::of(
            archive(BallotFormat::Score { version: 1, max: 5 }, CountingRule::Score),
            &place(TimeZone::UTC),
        );
        let obligatory = [
            "description",
            "country",
            "unit",
            "instance",
            "num_projects",
            "num_votes",
            "budget",
            "vote_type",
            "rule",
            "date_begin",
            "date_end",
        ];
        let optional =
            ["max_points", "max_sum_points", "max_length", "min_project_score_threshold", "comment"];
        let said: Vec<&str> = file.meta.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(said[..obligatory.len()], obligatory);
        assert!(said[obligatory.len()..].iter().all(|key| optional.contains(key)), "{said:?}");
        assert_eq!(file.about("comment"), Some("#1: winners: 1; ties: listed"));
    }

    #[test]
    fn whoever_counts_the_file_gets_the_result() {
        let version = 1;
        let formats = [
            BallotFormat::ChooseOne { version },
            BallotFormat::Approve { version, up_to: 2 },
            BallotFormat::Score { version, max: 5 },
            BallotFormat::Distribute { version, points: 4 },
            BallotFormat::Rank { version, up_to: 2 },
        ];
        let mut counted = 0;
        for format in formats {
            for rule in CountingRule::ALL.into_iter().filter(|rule| rule.counts(format.kind())) {
                let archive = archive(format, rule);
                let result = archive.content.result.clone();
                let text = PbFile::of(archive, &place(TimeZone::UTC)).write();
                let file = PbFile::parse(&text).expect("a file");
                let contest = file.contest(1);
                let count = contest.count(rule, &Ties::listed(3)).expect("a count");
                let winners: Vec<_> =
                    count.winners.iter().map(|place| file.projects[*place].id.clone()).collect();
                let totals: Vec<u64> = result.totals.iter().map(|(_, total)| *total).collect();
                assert_eq!((winners, count.totals), (result.winners, totals), "{format:?} {rule}: {text}");
                counted += 1;
            }
        }
        assert!(counted > CountingRule::ALL.len());
    }

    #[test]
    fn days_are_those_of_the_poll() {
        let file = PbFile::of(
            archive(BallotFormat::ChooseOne { version: 1 }, CountingRule::Plurality),
            &place(TimeZone::fixed(jiff::tz::offset(12))),
        );
        // 2027-01-15T08:00:00Z
        assert_eq!(file.about("date_begin"), Some("15.01.2027"));
        let file = PbFile::of(
            archive(BallotFormat::ChooseOne { version: 1 }, CountingRule::Plurality),
            &place(TimeZone::fixed(jiff::tz::offset(-12))),
        );
        assert_eq!(file.about("date_begin"), Some("14.01.2027"));
    }
}
