//! Reading a file.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::ballot::{BallotFormat, BallotKind, Choice, OptionId};
use super::{InvalidPb, PbFile, PbProject, PbVote, VOTE_TYPES, hundredths, whole, without_votes};

fn wrong<T>(line: u64, problem: impl Into<String>) -> Result<T, InvalidPb> {
    Err(InvalidPb { line, problem: problem.into() })
}

/// A row with its place.
struct PbRow {
    line: u64,
    cells: Vec<String>,
}

/// A section: what its columns are called, and its rows.
#[derive(Default)]
struct Section {
    line: u64,
    columns: HashMap<String, usize>,
    rows: Vec<PbRow>,
}

impl Section {
    fn cell<'r>(&self, row: &'r PbRow, column: &str) -> Option<&'r str> {
        let cell = row.cells.get(*self.columns.get(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    fn needed<'r>(&self, row: &'r PbRow, column: &str) -> Result<&'r str, InvalidPb> {
        self.cell(row, column).map_or_else(|| wrong(row.line, format!("«{column}» is empty")), Ok)
    }

    fn number(&self, row: &PbRow, column: &str) -> Result<Option<u64>, InvalidPb> {
        let Some(cell) = self.cell(row, column) else { return Ok(None) };
        match whole(cell) {
            Some(number) => Ok(Some(number)),
            None => wrong(row.line, format!("«{column}» is «{cell}», not a whole number")),
        }
    }
}

const SECTIONS: [&str; 3] = ["META", "PROJECTS", "VOTES"];

impl PbFile {
    /// Reads what a file says of the projects and of how people vote; its votes may be missing.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_projects(text: &str) -> Result<Self, InvalidPb> {
        Self::parse(&format!("{}\nVOTES\nvoter_id;vote\n", without_votes(text)))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`InvalidPb`]: the first thing that is wrong, with its line.
    pub fn parse(text: &str) -> Result<Self, InvalidPb> {
        let [meta, projects, votes] = sections(text)?;
        let meta = Meta::of(meta);
        let known = VOTE_TYPES.map(|(name, _)| name).join(", ");
        let (kind_line, named) = meta.needed("vote_type", &known)?;
        let Some((_, kind)) = VOTE_TYPES.into_iter().find(|(name, _)| *name == named) else {
            return wrong(kind_line, format!("«vote_type» is «{named}»: it must be one of {known}"));
        };
        let (budget_line, budget) = meta.needed("budget", "what may be spent")?;
        let budget = amount(budget_line, "budget", budget)?;
        if let Some((line, threshold)) = meta.find("min_project_score_threshold")
            && whole(threshold).is_none()
        {
            return wrong(
                line,
                format!("«min_project_score_threshold» is «{threshold}», not a whole number"),
            );
        }
        let mut projects = read_projects(&projects)?;
        let whole_units = budget % 100 == 0 && projects.iter().all(|project| project.cost % 100 == 0);
        let unit = if whole_units { 1 } else { 100 };
        // Amounts are in hundredths so far.
        let in_units = |hundredths: u64| if unit == 1 { hundredths / 100 } else { hundredths };
        for project in &mut projects {
            project.cost = in_units(project.cost);
        }
        let places: HashMap<&str, usize> =
            projects.iter().enumerate().map(|(place, project)| (project.id.as_str(), place)).collect();
        let mut read = Vec::with_capacity(votes.rows.len());
        for row in &votes.rows {
            read.push(vote(&votes, row, kind, &places, &projects)?);
        }
        let format = meta.format(kind, projects.len(), &read);
        Ok(Self { meta: meta.entries, budget: in_units(budget), unit, format, projects, votes: read })
    }
}

/// What the file says of itself, with the lines of it.
struct Meta {
    line: u64,
    lines: Vec<u64>,
    entries: Vec<(String, String)>,
}

impl Meta {
    fn of(section: Section) -> Self {
        let cell = |row: &PbRow, place: usize| row.cells.get(place).map_or("", |cell| cell.trim()).to_owned();
        Self {
            line: section.line,
            lines: section.rows.iter().map(|row| row.line).collect(),
            entries: section.rows.iter().map(|row| (cell(row, 0), cell(row, 1))).collect(),
        }
    }

    fn find(&self, key: &str) -> Option<(u64, &str)> {
        let mut lines = self.lines.iter().zip(&self.entries);
        let (line, (_, value)) = lines.find(|(_, (name, value))| name == key && !value.is_empty())?;
        Some((*line, value))
    }

    fn needed(&self, key: &str, what: &str) -> Result<(u64, &str), InvalidPb> {
        self.find(key).map_or_else(|| wrong(self.line, format!("META has no «{key}»: {what}")), Ok)
    }

    /// The format with its numbers; what the file does not say is wide enough for its votes.
    fn format(&self, kind: BallotKind, projects: usize, votes: &[PbVote]) -> BallotFormat {
        let number = |key: &str| u32::try_from(whole(self.find(key)?.1)?).ok();
        let all = u32::try_from(projects).unwrap_or(u32::MAX);
        let most = votes.iter().map(|vote| points_of(&vote.choice)).max().unwrap_or(0).max(1);
        let version = 1;
        match kind {
            BallotKind::ChooseOne => BallotFormat::ChooseOne { version },
            BallotKind::Approve => {
                BallotFormat::Approve { version, up_to: number("max_length").unwrap_or(all) }
            }
            BallotKind::Score => BallotFormat::Score { version, max: number("max_points").unwrap_or(most) },
            BallotKind::Distribute => {
                BallotFormat::Distribute { version, points: number("max_sum_points").unwrap_or(most) }
            }
            BallotKind::Rank => BallotFormat::Rank { version, up_to: number("max_length").unwrap_or(all) },
        }
    }
}

fn read_projects(section: &Section) -> Result<Vec<PbProject>, InvalidPb> {
    let mut projects = Vec::with_capacity(section.rows.len());
    let mut known = HashSet::new();
    for row in &section.rows {
        let id = section.needed(row, "project_id")?;
        let Ok(option) = id.parse::<OptionId>() else {
            let problem = format!("«project_id» is «{id}»: spaces, commas and quotes cannot stand in it");
            return wrong(row.line, problem);
        };
        if !known.insert(id) {
            return wrong(row.line, format!("project «{id}» stands twice"));
        }
        projects.push(PbProject {
            id: option,
            cost: amount(row.line, "cost", section.needed(row, "cost")?)?,
            name: section.cell(row, "name").unwrap_or(id).to_owned(),
            votes: section.number(row, "votes")?,
            score: section.number(row, "score")?,
            selected: section.number(row, "selected")?,
        });
    }
    Ok(projects)
}

/// An amount of money, in hundredths.
fn amount(line: u64, what: &str, text: &str) -> Result<u64, InvalidPb> {
    let problem = || format!("«{what}» is «{text}», not an amount such as 1000 or 1000.50");
    hundredths(text).map_or_else(|| wrong(line, problem()), Ok)
}

fn sections(text: &str) -> Result<[Section; 3], InvalidPb> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut sections: [Section; 3] = Default::default();
    let mut current = None;
    for record in reader.records() {
        let record = record.map_err(|error| InvalidPb {
            line: error.position().map_or(1, csv::Position::line),
            problem: "is no text with «;» between its columns".into(),
        })?;
        let line = record.position().map_or(1, csv::Position::line);
        let first = record.get(0).unwrap_or_default().trim();
        let next = SECTIONS.iter().position(|name| record.len() == 1 && *name == first);
        if let Some(next) = next {
            if next != current.map_or(0, |current: usize| current + 1) {
                return wrong(
                    line,
                    format!("{first} stands here: the sections are META, PROJECTS, VOTES, in this order"),
                );
            }
            current = Some(next);
            sections[next].line = line;
            continue;
        }
        let Some(current) = current else {
            return wrong(line, "the file does not begin with META");
        };
        let section = &mut sections[current];
        if section.columns.is_empty() {
            section.columns =
                record.iter().enumerate().map(|(place, name)| (name.trim().to_owned(), place)).collect();
            for needed in [["key", "value"], ["project_id", "cost"], ["voter_id", "vote"]][current] {
                if !section.columns.contains_key(needed) {
                    return wrong(
                        line,
                        format!("the head of {} has no column «{needed}»", SECTIONS[current]),
                    );
                }
            }
        } else if record.iter().any(|cell| !cell.trim().is_empty()) {
            section.rows.push(PbRow { line, cells: record.iter().map(str::to_owned).collect() });
        }
    }
    for (name, section) in SECTIONS.iter().zip(&sections) {
        if section.columns.is_empty() {
            return wrong(section.line.max(1), format!("there is no section {name}"));
        }
    }
    Ok(sections)
}

fn vote(
    section: &Section,
    row: &PbRow,
    kind: BallotKind,
    places: &HashMap<&str, usize>,
    projects: &[PbProject],
) -> Result<PbVote, InvalidPb> {
    let list = |column: &str| -> Vec<&str> {
        section.cell(row, column).map(|cell| cell.split(',').map(str::trim).collect()).unwrap_or_default()
    };
    let mut options: Vec<OptionId> = Vec::new();
    for id in list("vote") {
        let Some(place) = places.get(id) else {
            return wrong(row.line, format!("the vote names «{id}», which is no project of the file"));
        };
        let option = projects[*place].id.clone();
        if options.contains(&option) {
            return wrong(row.line, format!("the vote names «{id}» twice"));
        }
        options.push(option);
    }
    let choice = match kind {
        BallotKind::ChooseOne => match <[OptionId; 1]>::try_from(options) {
            Ok([option]) => Choice::One(option),
            Err(options) => {
                return wrong(row.line, format!("the vote names {} projects, not one", options.len()));
            }
        },
        BallotKind::Approve => Choice::Approved(options.into_iter().collect()),
        BallotKind::Rank => Choice::Ranked(options),
        BallotKind::Score | BallotKind::Distribute => {
            let points = list("points");
            if points.len() != options.len() {
                let problem = format!("{} projects, but {} numbers of points", options.len(), points.len());
                return wrong(row.line, problem);
            }
            let mut given = BTreeMap::new();
            for (option, text) in options.into_iter().zip(points) {
                let Some(points) = whole(text).and_then(|points| u32::try_from(points).ok()) else {
                    return wrong(row.line, format!("«{text}» is no whole number of points"));
                };
                given.insert(option, points);
            }
            Choice::Points(given)
        }
    };
    let voter = section.cell(row, "voter_id").unwrap_or_default().to_owned();
    Ok(PbVote { voter, choice })
}

fn points_of(choice: &Choice) -> u32 {
    match choice {
        Choice::Points(points) => points.values().fold(0, |sum, points| sum.saturating_add(*points)),
        Choice::One(_) | Choice::Approved(_) | Choice::Ranked(_) => 0,
    }
}
