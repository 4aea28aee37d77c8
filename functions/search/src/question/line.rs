//! The typed line, with its names looked up in the directory.

use std::cell::OnceCell;

use domain::organization::OrganizationPath;
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::{CategoryId, Status, SubmissionKind, TerritoryId};
use entrypoint::App;
use entrypoint::http::{Failure, FieldError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pages::{Language, Texts};
use search_index::{Condition, FieldFilter, Filter, Line, Name, SearchField, Words};

use crate::question::filter::NO_CATEGORY;
use crate::question::mistake::{mistake, unknown};

/// More mistakes are not told at once.
const MISTAKE_LIMIT: usize = 10;

/// The words of a line, and a filter of all its filters together; what is wrong is told.
pub(crate) async fn read(
    app: &App,
    rulebook: &Rulebook,
    zone: &TimeZone,
    typed: &str,
    wrong: &mut Vec<FieldError>,
) -> Result<(Words, Filter), Failure> {
    let line = match Line::read(typed) {
        Ok(line) => line,
        Err(mistakes) => {
            wrong.extend(mistakes.iter().map(|found| mistake(typed, found)));
            return Ok((Words::default(), Filter::default()));
        }
    };
    let about_organizations =
        |filter: &FieldFilter| matches!(filter.condition, Condition::Named(SearchField::Organization, _));
    let organizations = if line.filters.iter().any(about_organizations) {
        let all = app.store.organizations().await?;
        all.iter().map(|o| Entry::new(&o.id, &[&o.name], o.path.clone())).collect()
    } else {
        Vec::new()
    };
    let directory = Directory { rulebook, organizations, territories: OnceCell::new(), zone };
    let mut whole = Filter::default();
    for FieldFilter { excluded, condition } in &line.filters {
        // What is alike is looked for among all names, and a line has room for a hundred that nothing has.
        if wrong.len() >= MISTAKE_LIMIT {
            break;
        }
        match directory.filter(condition) {
            Ok(filter) if *excluded => whole.except.push(filter),
            Ok(filter) => whole.also.push(filter),
            Err(errors) => wrong.extend(errors.into_iter().take(MISTAKE_LIMIT - wrong.len())),
        }
    }
    Ok((line.words, whole))
}

/// Where names are looked up.
struct Directory<'d> {
    rulebook: &'d Rulebook,
    /// Only read if a filter asks.
    organizations: Vec<Entry<OrganizationPath>>,
    /// Made once for all filters of a line.
    territories: OnceCell<Vec<Entry<TerritoryId>>>,
    zone: &'d TimeZone,
}

/// Something that can be named: by its id, or in any case by one of its names.
pub(crate) struct Entry<T> {
    pub(crate) id: String,
    pub(crate) names: Vec<String>,
    /// The names as they are compared.
    folded: Vec<String>,
    is: T,
}

impl Directory<'_> {
    fn filter(&self, condition: &Condition) -> Result<Filter, Vec<FieldError>> {
        match condition {
            Condition::Named(field, names) => self.named(*field, names),
            Condition::Marks(marks) => Ok(Filter { marks: Some(marks.clone()), ..Filter::default() }),
            Condition::Received(from, before) => {
                let (received_from, received_before) = (self.midnight(*from), self.midnight(*before));
                Ok(Filter { received_from, received_before, ..Filter::default() })
            }
        }
    }

    /// The beginning of a day; lines have no days for which there is none.
    fn midnight(&self, day: Option<Date>) -> Option<Timestamp> {
        Some(day?.to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    fn named(&self, field: SearchField, names: &[Name]) -> Result<Filter, Vec<FieldError>> {
        match field {
            SearchField::Category => self.categories(names),
            SearchField::Territory => {
                let tree = &self.rulebook.territories;
                let entry = |node: &Territory| Entry::new(&node.id, &[&node.name], node.id.clone());
                let known = self.territories.get_or_init(|| tree.iter().map(entry).collect());
                let chosen = pick(known, names)?;
                let under = |id: &TerritoryId| tree.subtree(id);
                Ok(Filter { territories: Some(chosen.iter().flat_map(under).collect()), ..Filter::default() })
            }
            SearchField::Organization => {
                let chosen = pick(&self.organizations, names)?;
                let within =
                    self.organizations.iter().filter(|o| chosen.iter().any(|path| o.is.is_within(path)));
                let organizations = within.filter_map(|o| o.id.parse().ok()).collect();
                Ok(Filter { organizations: Some(organizations), ..Filter::default() })
            }
            SearchField::Status => {
                let statuses = pick(&statuses(), names)?.concat();
                Ok(Filter { statuses, ..Filter::default() })
            }
            SearchField::Kind => {
                let kinds = pick(&kinds(), names)?;
                let of = |kind| Filter { kind: Some(kind), ..Filter::default() };
                Ok(any(kinds.into_iter().map(of).collect()))
            }
            // Their values are no names.
            SearchField::Mark | SearchField::Received => Ok(Filter::default()),
        }
    }

    fn categories(&self, names: &[Name]) -> Result<Filter, Vec<FieldError>> {
        let tree = &self.rulebook.categories;
        let node =
            |node: &domain::category::Category| Entry::new(&node.id, &[&node.name], Some(node.id.clone()));
        let mut known: Vec<Entry<Option<CategoryId>>> = tree.iter().map(node).collect();
        known.push(Entry::new(NO_CATEGORY, &said("no-category"), None));
        let chosen = pick(&known, names)?;
        let uncategorized = Filter { uncategorized: true, ..Filter::default() };
        let some: Vec<CategoryId> = chosen.iter().flatten().flat_map(|id| tree.subtree(id)).collect();
        let mut filters = Vec::new();
        if chosen.contains(&None) {
            filters.push(uncategorized);
        }
        if !some.is_empty() {
            filters.push(Filter { categories: Some(some), ..Filter::default() });
        }
        Ok(any(filters))
    }
}

impl<T> Entry<T> {
    pub(crate) fn new(id: impl ToString, names: &[impl ToString], is: T) -> Self {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Self { id: id.to_string(), folded: names.iter().map(|name| folded(name)).collect(), names, is }
    }
}

/// What one of these lets through.
fn any(mut filters: Vec<Filter>) -> Filter {
    if filters.len() == 1 {
        return filters.remove(0);
    }
    // What none of them lets through is not let through.
    let none = Filter { except: filters, ..Filter::default() };
    Filter { except: vec![none], ..Filter::default() }
}

/// Statuses, and the two sets of them that people ask for.
fn statuses() -> Vec<Entry<Vec<Status>>> {
    let one = |status: Status| Entry::new(status, &said(&format!("status-{status}")), vec![status]);
    let mut known: Vec<Entry<Vec<Status>>> = Status::ALL.map(one).into();
    let open = Status::ALL.into_iter().filter(|status| status.is_open()).collect();
    known.push(Entry::new("open", &said("search-open"), open));
    let answered = vec![Status::Answered, Status::Closed];
    // Its codes are a list like any other; only its name stands for it.
    known.push(Entry::new("", &said("search-answered"), answered));
    known
}

fn kinds() -> Vec<Entry<SubmissionKind>> {
    let one =
        |kind: SubmissionKind| Entry::new(kind.as_str(), &said(&format!("kind-{}", kind.as_str())), kind);
    [SubmissionKind::Report, SubmissionKind::Appeal].map(one).into()
}

/// What a text says in every language: links are sent to people who read another one.
fn said(text: &str) -> Vec<String> {
    Language::ALL.map(|language| Texts::of(language).say(text, None)).into()
}

/// What the names name; several may have the same name.
fn pick<T: Clone>(known: &[Entry<T>], names: &[Name]) -> Result<Vec<T>, Vec<FieldError>> {
    let mut picked = Vec::new();
    let mut wrong = Vec::new();
    for name in names {
        if wrong.len() == MISTAKE_LIMIT {
            break;
        }
        let wanted = folded(&name.text);
        let by_id = known
            .iter()
            .filter(|entry| !wanted.is_empty() && entry.id == wanted)
            .map(|entry| entry.is.clone());
        let mut found: Vec<T> = by_id.collect();
        if found.is_empty() {
            let named = |entry: &&Entry<T>| entry.folded.contains(&wanted);
            found = known.iter().filter(named).map(|entry| entry.is.clone()).collect();
        }
        if found.is_empty() {
            wrong.push(unknown(name, known));
        }
        picked.extend(found);
    }
    if wrong.is_empty() { Ok(picked) } else { Err(wrong) }
}

/// As it is compared: without case, dots and quotation marks, which people write as they like.
pub(crate) fn folded(name: &str) -> String {
    let plain: String = name.to_lowercase().replace('ё', "е");
    let plain = plain.replace(['"', '«', '»', '“', '”', '„'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
