//! Name resolution of the typed line: the names in its filters become entries of the directory.

use std::cell::OnceCell;

use domain::category::Category;
use domain::organization::OrganizationPath;
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::{CategoryId, OrganizationId, Status, SubmissionKind, TerritoryId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pages::{Language, Texts};
use search_index::{Condition, FieldFilter, Filter, Line, Name, SearchField};

use super::NO_CATEGORY;
use super::diagnostic::Diagnostic;
use super::entry::NamedEntry;
use super::lookup::{ERROR_LIMIT, find_all};

/// An organization as a filter of the line names it.
pub(crate) type OrganizationEntry = NamedEntry<(OrganizationId, OrganizationPath)>;

/// Whether organizations have to be read before the line can be resolved.
pub(crate) fn names_organizations(line: &Line) -> bool {
    let is_one =
        |filter: &FieldFilter| matches!(filter.condition, Condition::Named(SearchField::Organization, _));
    line.filters.iter().any(is_one)
}

/// Resolves the filters of a line.
pub(crate) struct Resolver<'d> {
    rulebook: &'d Rulebook,
    organizations: &'d [OrganizationEntry],
    /// Made once for all filters of a line.
    territories: OnceCell<Vec<NamedEntry<TerritoryId>>>,
    /// Where the days of a filter begin and end.
    zone: &'d TimeZone,
}

impl<'d> Resolver<'d> {
    pub(crate) const fn new(
        rulebook: &'d Rulebook,
        organizations: &'d [OrganizationEntry],
        zone: &'d TimeZone,
    ) -> Self {
        Self { rulebook, organizations, territories: OnceCell::new(), zone }
    }

    /// One filter for all filters of the line.
    pub(crate) fn resolve(&self, line: &Line) -> Result<Filter, Vec<Diagnostic>> {
        let mut whole = Filter::default();
        let mut wrong = Vec::new();
        for FieldFilter { excluded, condition } in &line.filters {
            // A wrong name is compared with every name of the directory. A line has room for a hundred wrong names.
            if wrong.len() >= ERROR_LIMIT {
                break;
            }
            match self.filter(condition) {
                Ok(filter) if *excluded => whole.except.push(filter),
                Ok(filter) => whole.also.push(filter),
                Err(errors) => wrong.extend(errors.into_iter().take(ERROR_LIMIT - wrong.len())),
            }
        }
        if wrong.is_empty() { Ok(whole) } else { Err(wrong) }
    }

    fn filter(&self, condition: &Condition) -> Result<Filter, Vec<Diagnostic>> {
        match condition {
            Condition::Named(field, names) => self.named(*field, names),
            Condition::Marks(marks) => Ok(Filter { marks: Some(marks.clone()), ..Filter::default() }),
            Condition::Received(from, before) => {
                let (received_from, received_before) = (self.midnight(*from), self.midnight(*before));
                Ok(Filter { received_from, received_before, ..Filter::default() })
            }
        }
    }

    /// The beginning of a day. The parser gives no day that has none.
    fn midnight(&self, day: Option<Date>) -> Option<Timestamp> {
        Some(day?.to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    fn named(&self, field: SearchField, names: &[Name]) -> Result<Filter, Vec<Diagnostic>> {
        match field {
            SearchField::Category => self.categories(names),
            SearchField::Territory => {
                let tree = &self.rulebook.territories;
                let entry = |node: &Territory| NamedEntry::new(&node.id, &[&node.name], node.id.clone());
                let known = self.territories.get_or_init(|| tree.iter().map(entry).collect());
                let below = |id: &TerritoryId| tree.subtree(id);
                let territories = find_all(known, names)?.iter().flat_map(below).collect();
                Ok(Filter { territories: Some(territories), ..Filter::default() })
            }
            SearchField::Organization => {
                let chosen = find_all(self.organizations, names)?;
                let is_below =
                    |path: &OrganizationPath| chosen.iter().any(|(_, above)| path.is_within(above));
                let all = self.organizations.iter().map(|entry| &entry.value);
                let organizations = all.filter(|(_, path)| is_below(path)).map(|(id, _)| id.clone());
                Ok(Filter { organizations: Some(organizations.collect()), ..Filter::default() })
            }
            SearchField::Status => {
                let statuses = find_all(&statuses(), names)?.concat();
                Ok(Filter { statuses, ..Filter::default() })
            }
            SearchField::Kind => {
                let kinds = find_all(&kinds(), names)?;
                let of = |kind| Filter { kind: Some(kind), ..Filter::default() };
                Ok(any_of(kinds.into_iter().map(of).collect()))
            }
            // The parser gives these fields a condition without names.
            SearchField::Mark | SearchField::Received => Ok(Filter::default()),
        }
    }

    fn categories(&self, names: &[Name]) -> Result<Filter, Vec<Diagnostic>> {
        let tree = &self.rulebook.categories;
        let entry = |node: &Category| NamedEntry::new(&node.id, &[&node.name], Some(node.id.clone()));
        let mut known: Vec<NamedEntry<Option<CategoryId>>> = tree.iter().map(entry).collect();
        known.push(NamedEntry::new(NO_CATEGORY, &in_every_language("no-category"), None));
        let chosen = find_all(&known, names)?;
        let some: Vec<CategoryId> = chosen.iter().flatten().flat_map(|id| tree.subtree(id)).collect();
        let mut filters = Vec::new();
        if chosen.contains(&None) {
            filters.push(Filter { uncategorized: true, ..Filter::default() });
        }
        if !some.is_empty() {
            filters.push(Filter { categories: Some(some), ..Filter::default() });
        }
        Ok(any_of(filters))
    }
}

/// A filter that lets through what at least one of these lets through.
fn any_of(mut filters: Vec<Filter>) -> Filter {
    if filters.len() == 1 {
        return filters.remove(0);
    }
    // A filter has no "or": what none of them lets through is excluded.
    let none = Filter { except: filters, ..Filter::default() };
    Filter { except: vec![none], ..Filter::default() }
}

/// Every status, and the two sets of statuses that have a name.
fn statuses() -> Vec<NamedEntry<Vec<Status>>> {
    let one = |status: Status| {
        NamedEntry::new(status, &in_every_language(&format!("status-{status}")), vec![status])
    };
    let mut known: Vec<NamedEntry<Vec<Status>>> = Status::ALL.map(one).into();
    let open = Status::ALL.into_iter().filter(|status| status.is_open()).collect();
    known.push(NamedEntry::new("open", &in_every_language("search-open"), open));
    // This set has a name only; its id would be the list of its statuses.
    let answered = vec![Status::Answered, Status::Closed];
    known.push(NamedEntry::new("", &in_every_language("search-answered"), answered));
    known
}

fn kinds() -> Vec<NamedEntry<SubmissionKind>> {
    let one = |kind: SubmissionKind| {
        NamedEntry::new(kind.as_str(), &in_every_language(&format!("kind-{}", kind.as_str())), kind)
    };
    [SubmissionKind::Report, SubmissionKind::Appeal].map(one).into()
}

/// A text in all languages: a link is opened by people who read another language than its author.
fn in_every_language(text: &str) -> Vec<String> {
    Language::ALL.map(|language| Texts::of(language).say(text, None)).into()
}
