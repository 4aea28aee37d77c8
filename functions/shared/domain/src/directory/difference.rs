//! What is different between two versions of a directory: entry by entry, field by field.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::variants::named_variants;

use super::draft::Draft;
use super::entry::Entry;
use super::section::Section;

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Kind {
    /// It was not there before.
    Added,
    /// Some of its fields are others now.
    Changed,
    /// It is there no more.
    Removed,
}

named_variants!(Kind);

/// An entry that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub section: Section,
    pub id: String,
    /// Its name, the new one if it has changed; none in sections without names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub kind: Kind,
    /// The fields that are not what they were.
    pub fields: Vec<FieldChange>,
}

/// A field that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    pub field: String,
    /// What it said; none if nothing.
    pub old: Option<String>,
    /// What it says now; none if nothing.
    pub new: Option<String>,
}

/// How many entries of a section are not what they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
}

/// Every entry that is not the same in both, section by section, by id.
pub fn difference(old: &Draft, new: &Draft) -> Vec<Changed> {
    let mut all = Vec::new();
    for section in Section::ALL {
        let before: HashMap<&str, Entry<'_>> =
            old.entries(section).map(|entry| (entry.id(), entry)).collect();
        let mut after: HashMap<&str, Entry<'_>> =
            new.entries(section).map(|entry| (entry.id(), entry)).collect();
        let first = all.len();
        for (id, old) in before {
            match after.remove(id) {
                Some(new) if new == old => {}
                new => all.push(changed(Some(old), new)),
            }
        }
        all.extend(after.into_values().map(|new| changed(None, Some(new))));
        all[first..].sort_by(|a, b| a.id.cmp(&b.id));
    }
    all
}

/// How many of each kind, by section. Sections where nothing has changed are left out.
pub fn counts(changes: &[Changed]) -> BTreeMap<Section, Counts> {
    let mut counts: BTreeMap<Section, Counts> = BTreeMap::new();
    for change in changes {
        let counts = counts.entry(change.section).or_default();
        match change.kind {
            Kind::Added => counts.added += 1,
            Kind::Changed => counts.changed += 1,
            Kind::Removed => counts.removed += 1,
        }
    }
    counts
}

fn changed(old: Option<Entry<'_>>, new: Option<Entry<'_>>) -> Changed {
    let before = old.map(|entry| entry.fields()).unwrap_or_default();
    let after = new.map(|entry| entry.fields()).unwrap_or_default();
    let kind = match (old, new) {
        (None, _) => Kind::Added,
        (_, None) => Kind::Removed,
        _ => Kind::Changed,
    };
    let shown = new.or(old);
    Changed {
        section: shown.map_or(Section::Calendars, |entry| entry.section()),
        id: shown.map(|entry| entry.id()).unwrap_or_default().to_owned(),
        name: shown.and_then(|entry| entry.name()).map(str::to_owned),
        kind,
        fields: field_changes(&before, &after),
    }
}

/// Old fields in their order, then the new ones that stand in the new entry alone.
fn field_changes<F: AsRef<str> + PartialEq>(
    before: &[(F, Cow<'_, str>)],
    after: &[(F, Cow<'_, str>)],
) -> Vec<FieldChange> {
    let value = |fields: &[(F, Cow<'_, str>)], wanted: &F| {
        fields.iter().find(|(field, _)| field == wanted).map(|(_, value)| value.to_string())
    };
    let alone = after.iter().filter(|(field, _)| value(before, field).is_none());
    let all = before.iter().chain(alone).map(|(field, _)| FieldChange {
        field: field.as_ref().to_owned(),
        old: value(before, field),
        new: value(after, field),
    });
    all.filter(|change| change.old != change.new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(json: &str) -> Draft {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn entries_are_added_changed_and_removed_field_by_field() {
        let old = draft(
            r#"{ "categories": [{ "id": "a", "name": "A" }, { "id": "b", "name": "B", "parent": "a" }],
                "people": [{ "id": "p", "organization": "o", "roles": ["analyst"] }] }"#,
        );
        let new = draft(
            r#"{ "categories": [{ "id": "b", "name": "Б" }, { "id": "a", "name": "A" }, { "id": "c", "name": "C" }] }"#,
        );
        let changes = difference(&old, &new);
        let said: Vec<String> = changes
            .iter()
            .map(|change| {
                let fields = change.fields.iter().map(|f| format!("{} {:?} {:?}", f.field, f.old, f.new));
                let fields: Vec<String> = fields.collect();
                format!("{} {} {}: {}", change.section, change.id, change.kind.as_str(), fields.join("; "))
            })
            .collect();
        assert_eq!(
            said,
            [
                r#"categories b changed: name Some("B") Some("Б"); parent Some("a") None"#,
                r#"categories c added: name None Some("C")"#,
                r#"people p removed: organization Some("o") None; roles Some("analyst") None"#,
            ]
        );
        assert_eq!(changes[0].name.as_deref(), Some("Б"));
        let counted = counts(&changes);
        assert_eq!(counted[&Section::Categories], Counts { added: 1, changed: 1, removed: 0 });
        assert_eq!(counted[&Section::People], Counts { removed: 1, ..Counts::default() });
        assert_eq!(counted.len(), 2);
        assert_eq!(difference(&new, &new), []);
    }

    #[test]
    fn a_calendar_changes_day_by_day() {
        let days =
            |days: &str| draft(&format!(r#"{{ "calendars": [{{ "id": "c", "days_off": {days} }}] }}"#));
        let old = days(r#"{ "2027-01-01": "Новый год", "2027-01-02": "Каникулы" }"#);
        let new = days(r#"{ "2027-01-01": "Новый год", "2027-01-02": "Мост", "2027-05-01": "Весна" }"#);
        let changes = difference(&old, &new);
        let fields: Vec<&str> = changes[0].fields.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["days_off.2027-01-02", "days_off.2027-05-01"]);
    }
}
