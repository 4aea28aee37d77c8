//! Reading directory files: JSON with any sections, or CSV with the section's name as file name; every problem with
//! its line and field.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::directory::{Directory, Draft, Section, Violation};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::rows::end_of_record;

/// Entries read from files, with where each of them stands.
#[derive(Default)]
pub(crate) struct Loaded {
    /// The entries.
    pub(crate) draft: Draft,
    /// Which sections the files have.
    pub(crate) sections: Vec<Section>,
    places: BTreeMap<(Section, usize), String>,
    problems: Vec<String>,
}

impl Loaded {
    /// Reads files.
    ///
    /// # Errors
    /// Every problem with file, line and field.
    pub(crate) fn read(files: &[PathBuf]) -> anyhow::Result<Self> {
        let mut loaded = Self::default();
        for path in files {
            let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let text =
                String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("csv") => loaded.csv(path, &text)?,
                _ => loaded.json(path, &text)?,
            }
        }
        if loaded.problems.is_empty() { Ok(loaded) } else { anyhow::bail!(loaded.problems.join("\n")) }
    }

    /// The problems of a merged directory, at the places where the entries stand in the files.
    pub(crate) fn explain(&self, merged: &Draft, problems: &[Violation]) -> String {
        let mut text = String::new();
        for Violation { section, index, field, flaw, .. } in problems {
            let own = self.own_index(*section, *index, merged);
            let place = own.and_then(|own| self.places.get(&(*section, own)));
            let place = place.map_or_else(|| format!("{section}, entry {}", index + 1), Clone::clone);
            let _infallible = writeln!(text, "{place}: {field}: {flaw}");
        }
        text
    }

    /// Where an entry of the merged directory stands in the files: entries of a replaced section keep their order,
    /// merged ones are found by id.
    fn own_index(&self, section: Section, index: usize, merged: &Draft) -> Option<usize> {
        let id = ids(merged, section).into_iter().nth(index)?;
        let own = ids(&self.draft, section);
        if own.get(index) == Some(&id) { Some(index) } else { own.iter().position(|other| *other == id) }
    }

    fn json(&mut self, path: &Path, text: &str) -> anyhow::Result<()> {
        let sections: BTreeMap<Section, Vec<&RawValue>> = serde_json::from_str(text)
            .map_err(|error| anyhow::anyhow!("{}:{}: {error}", path.display(), error.line()))?;
        for (section, entries) in sections {
            let mut values = Vec::with_capacity(entries.len());
            for raw in entries {
                // A slice of `text`: its distance from the beginning tells the line.
                let offset = raw.get().as_ptr() as usize - text.as_ptr() as usize;
                let line = 1 + text[..offset].matches('\n').count();
                values.push((line, serde_json::from_str(raw.get())?));
            }
            self.add(section, path, values);
        }
        Ok(())
    }

    fn csv(&mut self, path: &Path, text: &str) -> anyhow::Result<()> {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let section: Section = serde_json::from_value(Value::from(name)).map_err(|_| {
            let names = Section::ALL.map(Section::as_str).join(", ");
            anyhow::anyhow!("{}: a CSV file must be named after its section: {names}", path.display())
        })?;
        let mut at = 0;
        while at < text.len() {
            let Some(end) = end_of_record(text.as_bytes(), at) else {
                let line = 1 + text[..at].matches('\n').count();
                anyhow::bail!("{}:{line}: the quotes are broken", path.display());
            };
            at = end;
        }
        let mut reader =
            csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers()?.clone();
        let mut values = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
            let cells = header.iter().zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
            let fields = cells.map(|(name, cell)| (name.trim().to_owned(), typed(name.trim(), cell.trim())));
            values.push((line, Value::Object(fields.collect())));
        }
        self.add(section, path, values);
        Ok(())
    }

    fn add(&mut self, section: Section, path: &Path, values: Vec<(usize, Value)>) {
        if !self.sections.contains(&section) {
            self.sections.push(section);
        }
        match section {
            Section::Calendars => push(self, section, path, values, |draft| &mut draft.calendars),
            Section::Territories => push(self, section, path, values, |draft| &mut draft.territories),
            Section::Organizations => push(self, section, path, values, |draft| &mut draft.organizations),
            Section::Categories => push(self, section, path, values, |draft| &mut draft.categories),
            Section::RoutingRules => push(self, section, path, values, |draft| &mut draft.routing_rules),
            Section::DeadlineRules => push(self, section, path, values, |draft| &mut draft.deadline_rules),
            Section::People => push(self, section, path, values, |draft| &mut draft.people),
        }
    }
}

/// Cells are texts, but for the columns that hold numbers, truth values and lists.
fn typed(column: &str, cell: &str) -> Value {
    match column {
        "days" | "extension" | "remind_before" | "escalate_after" => {
            cell.parse::<u16>().map_or_else(|_| Value::from(cell), Value::from)
        }
        "pausable" => cell.parse::<bool>().map_or_else(|_| Value::from(cell), Value::from),
        "roles" => cell.split_whitespace().map(Value::from).collect(),
        _ => Value::from(cell),
    }
}

fn push<T: DeserializeOwned>(
    loaded: &mut Loaded,
    section: Section,
    path: &Path,
    values: Vec<(usize, Value)>,
    list: impl Fn(&mut Draft) -> &mut Vec<T>,
) {
    for (line, value) in values {
        let place = format!("{}:{line}", path.display());
        match serde_path_to_error::deserialize::<_, T>(value) {
            Ok(entry) => {
                let entries = list(&mut loaded.draft);
                entries.push(entry);
                loaded.places.insert((section, entries.len() - 1), place);
            }
            Err(error) => {
                let field = error.path().to_string();
                loaded.problems.push(format!("{place}: {section}: {field}: {}", error.inner()));
            }
        }
    }
}

fn ids(draft: &Draft, section: Section) -> Vec<String> {
    match section {
        Section::Calendars => draft.calendars.iter().map(|entry| entry.id.to_string()).collect(),
        Section::Territories => draft.territories.iter().map(|entry| entry.id.to_string()).collect(),
        Section::Organizations => draft.organizations.iter().map(|entry| entry.id.to_string()).collect(),
        Section::Categories => draft.categories.iter().map(|entry| entry.id.to_string()).collect(),
        Section::RoutingRules => draft.routing_rules.iter().map(|entry| entry.id.to_string()).collect(),
        Section::DeadlineRules => draft.deadline_rules.iter().map(|entry| entry.id.to_string()).collect(),
        Section::People => draft.people.iter().map(|entry| entry.id.to_string()).collect(),
    }
}

/// Checks a directory; problems are explained at their places in the files.
pub(crate) fn build(loaded: &Loaded, merged: Draft) -> anyhow::Result<Directory> {
    Directory::build(merged.clone()).map_err(|problems| anyhow::anyhow!(loaded.explain(&merged, &problems)))
}
