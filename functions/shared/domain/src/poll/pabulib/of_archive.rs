//! A poll of ours as a file of the format.

use super::super::ballot::BallotKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::proof::{Archive, Content};
use super::{PbFile, PbProject, PbVote, vote_type};

impl PbFile {
    /// The ballots of a certified poll, with what each project got and whether it won; days are those of this zone.
    pub fn of(archive: Archive, zone: &TimeZone) -> Self {
        let Content { question, ballots, result, .. } = archive.content;
        let kind = question.format.kind();
        let day = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%d.%m.%Y").to_string();
        let mut meta: Vec<(String, String)> = [
            ("description", question.title.as_str().to_owned()),
            ("unit", question.territory.to_string()),
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
        if !question.rule.spends() {
            say("num_winners", question.seats.to_string());
        }
        say("tie_breaking", question.ties.as_str().to_owned());
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
