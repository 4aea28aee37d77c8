//! What is different, as tables show it.

use std::collections::BTreeMap;

use domain::directory::{Changed, Counts, Kind, Section};
use pages::Layout;
use serde::Serialize;
use utoipa::ToSchema;

use crate::address;
use crate::names::{Names, label};

/// Changed entries of a page.
pub(crate) const PAGE: usize = 200;

/// How many entries of a section are not what they were.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountsView {
    added: usize,
    changed: usize,
    removed: usize,
}

/// By the name of the section.
pub(crate) fn counts_view(counts: &BTreeMap<Section, Counts>) -> BTreeMap<String, CountsView> {
    let view = |(section, counts): (&Section, &Counts)| {
        let Counts { added, changed, removed } = *counts;
        (section.to_string(), CountsView { added, changed, removed })
    };
    counts.iter().map(view).collect()
}

/// How many entries of a section have changed, in words.
pub(crate) struct SectionCounts {
    pub(crate) section: Section,
    pub(crate) parts: Vec<(Kind, String)>,
}

/// Section by section, without those where nothing has changed.
pub(crate) fn section_counts(l: &Layout, counts: &BTreeMap<Section, Counts>) -> Vec<SectionCounts> {
    let parts = |counts: &Counts| {
        let all =
            [(Kind::Added, counts.added), (Kind::Changed, counts.changed), (Kind::Removed, counts.removed)];
        let some = all.into_iter().filter(|(_, n)| *n > 0);
        some.map(|(kind, n)| (kind, l.count(&format!("directory-count-{}", kind.as_str()), n))).collect()
    };
    counts.iter().map(|(section, counts)| SectionCounts { section: *section, parts: parts(counts) }).collect()
}

/// An entry that is not what it was.
pub(crate) struct ChangeRow {
    pub(crate) section: Section,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    /// The id, if the title is something else.
    pub(crate) id: Option<String>,
    /// Where the entry is, if it is still there.
    pub(crate) address: Option<String>,
    pub(crate) fields: Vec<FieldRow>,
}

/// A field with what it said and says.
pub(crate) struct FieldRow {
    pub(crate) label: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// Changes as rows; `linked` if entries that are there can be visited.
pub(crate) fn change_rows(l: &Layout, names: &Names, changes: &[Changed], linked: bool) -> Vec<ChangeRow> {
    let row = |change: &Changed| {
        let section = change.section;
        let shown = |field: &str, value: &Option<String>| {
            value.as_ref().map(|value| names.told_apart(l, section, field, value))
        };
        let known = if section == Section::People { names.get(section, &change.id) } else { None };
        let name = change.name.as_deref().or(known);
        ChangeRow {
            section,
            kind: change.kind,
            title: name.unwrap_or(&change.id).to_owned(),
            id: name.map(|_| change.id.clone()),
            address: (linked && change.kind != Kind::Removed).then(|| address::entry(section, &change.id)),
            fields: change
                .fields
                .iter()
                .map(|field| FieldRow {
                    label: label(l, &field.field),
                    old: shown(&field.field, &field.old),
                    new: shown(&field.field, &field.new),
                })
                .collect(),
        }
    };
    changes.iter().map(row).collect()
}
