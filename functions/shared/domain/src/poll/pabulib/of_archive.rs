//! A poll of ours as a file of the format.

use super::super::ballot::BallotKind;
use super::super::proof::Archive;
use super::{PbFile, PbProject, PbVote, vote_type};

impl PbFile {
    /// The ballots of a certified poll, with what each project got and whether it won.
    pub fn of(archive: &Archive) -> Self {
        let content = &archive.content;
        let question = &content.question;
        let kind = question.format.kind();
        let mut meta: Vec<(String, String)> = [
            ("description", question.title.as_str().to_owned()),
            ("unit", question.territory.to_string()),
            ("num_projects", question.options.len().to_string()),
            ("num_votes", content.ballots.len().to_string()),
            ("budget", question.budget.to_string()),
            ("vote_type", vote_type(kind).to_owned()),
            ("rule", question.rule.name().to_owned()),
            ("date_begin", question.opens.strftime("%d.%m.%Y").to_string()),
            ("date_end", question.closes.strftime("%d.%m.%Y").to_string()),
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
        let projects =
            question.options.iter().zip(&content.result.totals).map(|(option, (id, total))| PbProject {
                id: id.clone(),
                cost: option.cost,
                name: option.name.as_str().to_owned(),
                votes: matches!(kind, BallotKind::ChooseOne | BallotKind::Approve).then_some(*total),
                score: matches!(kind, BallotKind::Score | BallotKind::Distribute).then_some(*total),
                selected: Some(content.result.winners.contains(id).into()),
            });
        let votes = content.ballots.iter();
        Self {
            meta,
            budget: question.budget,
            unit: 1,
            format: question.format,
            projects: projects.collect(),
            votes: votes
                .map(|vote| PbVote { voter: (vote.leaf + 1).to_string(), choice: vote.choice.clone() })
                .collect(),
        }
    }
}
