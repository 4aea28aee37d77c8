//! Writing a file.

use super::super::ballot::{BallotKind, Choice, OptionId};
use super::{PbFile, PbProject};

impl PbFile {
    /// Writes the file.
    pub fn write(&self) -> String {
        let mut text = String::from("META\nkey;value\n");
        for (key, value) in &self.meta {
            text.push_str(&line(&[key, value]));
        }
        text.push_str("PROJECTS\nproject_id;cost;votes;score;name;selected\n");
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        for project in &self.projects {
            let cost = match self.unit {
                1 => project.cost.to_string(),
                _ => format!("{}.{:02}", project.cost / 100, project.cost % 100),
            };
            let PbProject { id, name, votes, score, selected, .. } = project;
            text.push_str(&line(&[
                id.as_str(),
                &cost,
                &number(*votes),
                &number(*score),
                name,
                &number(*selected),
            ]));
        }
        let with_points = matches!(self.format.kind(), BallotKind::Score | BallotKind::Distribute);
        text.push_str(if with_points { "VOTES\nvoter_id;vote;points\n" } else { "VOTES\nvoter_id;vote\n" });
        for vote in &self.votes {
            let (ids, points) = lists(&vote.choice);
            let cells = [vote.voter.as_str(), &ids, &points];
            text.push_str(&line(if with_points { &cells } else { &cells[..2] }));
        }
        text
    }
}

/// A vote as its two lists: options, and points where there are some.
fn lists(choice: &Choice) -> (String, String) {
    let join = |ids: Vec<&OptionId>| ids.into_iter().map(OptionId::as_str).collect::<Vec<_>>().join(",");
    match choice {
        Choice::One(option) => (option.to_string(), String::new()),
        Choice::Approved(options) => (join(options.iter().collect()), String::new()),
        Choice::Ranked(options) => (join(options.iter().collect()), String::new()),
        Choice::Points(points) => {
            let numbers: Vec<String> = points.values().map(u32::to_string).collect();
            (join(points.keys().collect()), numbers.join(","))
        }
    }
}

/// A row with `;` between its cells; quoted where it must be.
fn line(cells: &[&str]) -> String {
    let quoted = |cell: &&str| {
        let plain = !cell.contains([';', '"', '\n', '\r']);
        if plain { (*cell).to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
    };
    let mut row = cells.iter().map(quoted).collect::<Vec<_>>().join(";");
    row.push('\n');
    row
}
