//! What the entries that fields name are called, and how a value is shown on a page.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::directory::{Changed, Entry, Section, target};
use domain::rulebook::Rulebook;
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use pages::Layout;
use store::StoreError;

/// Names by section and id.
pub(crate) struct Names {
    rulebook: Arc<Rulebook>,
    organizations: HashMap<OrganizationId, String>,
    people: HashMap<PersonId, String>,
}

/// What has to be looked up.
#[derive(Default)]
struct Wanted {
    organizations: Vec<OrganizationId>,
    people: Vec<PersonId>,
}

impl Wanted {
    fn add(&mut self, section: Section, id: &str) {
        match section {
            Section::Organizations => self.organizations.extend(id.parse::<OrganizationId>()),
            Section::People => self.people.extend(id.parse::<PersonId>()),
            // Names of territories and categories are in the rulebook. The other sections have no names.
            Section::Calendars
            | Section::Territories
            | Section::Categories
            | Section::RoutingRules
            | Section::DeadlineRules => {}
        }
    }

    async fn look_up(self, app: &App) -> Result<Names, StoreError> {
        Ok(Names {
            rulebook: app.store.rulebook().await?,
            organizations: app.store.organization_names(self.organizations).await?,
            people: app.store.names(self.people).await?,
        })
    }
}

impl Names {
    /// For these entries.
    pub(crate) async fn of_entries(app: &App, entries: &[Entry<'_>]) -> Result<Self, StoreError> {
        let mut wanted = Wanted::default();
        for entry in entries {
            if entry.section() == Section::People {
                wanted.add(Section::People, entry.id());
            }
            for (field, value) in entry.fields() {
                if let Some(section) = target(entry.section(), &field) {
                    wanted.add(section, &value);
                }
            }
        }
        wanted.look_up(app).await
    }

    /// For what has changed, and for people besides.
    pub(crate) async fn of_changes(
        app: &App,
        changes: &[Changed],
        people: Vec<PersonId>,
    ) -> Result<Self, StoreError> {
        let mut wanted = Wanted { people, ..Wanted::default() };
        for change in changes {
            if change.section == Section::People {
                wanted.add(Section::People, &change.id);
            }
            for field in &change.fields {
                let Some(section) = target(change.section, &field.field) else { continue };
                for value in [&field.old, &field.new].into_iter().flatten() {
                    wanted.add(section, value);
                }
            }
        }
        wanted.look_up(app).await
    }

    /// What an entry is called; none if it has no name, or none that is known.
    pub(crate) fn get(&self, section: Section, id: &str) -> Option<&str> {
        match section {
            Section::Territories => Some(&self.rulebook.territories.get(&id.parse().ok()?)?.name),
            Section::Categories => Some(&self.rulebook.categories.get(&id.parse().ok()?)?.name),
            Section::Organizations => self.organizations.get(&id.parse().ok()?).map(String::as_str),
            Section::People => self.people.get(&id.parse().ok()?).map(String::as_str),
            Section::Calendars | Section::RoutingRules | Section::DeadlineRules => None,
        }
    }

    /// What somebody is called.
    pub(crate) fn person(&self, id: &PersonId) -> Option<&str> {
        self.people.get(id).map(String::as_str)
    }

    /// What the entries that this one names are called, by field.
    pub(crate) fn by_field(&self, entry: &Entry<'_>) -> BTreeMap<String, String> {
        let named = |(field, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            let name = self.get(target(entry.section(), &field)?, &value)?;
            Some((field.into_owned(), name.to_owned()))
        };
        entry.fields().into_iter().filter_map(named).collect()
    }

    /// A value in words with its id, which tells entries of one name apart.
    pub(crate) fn told_apart(&self, l: &Layout, section: Section, field: &str, value: &str) -> String {
        let name = target(section, field).and_then(|target| self.get(target, value));
        name.map_or_else(|| self.shown(l, section, field, value), |name| format!("{name} ({value})"))
    }

    /// A value in words: names for ids, texts for what has one.
    pub(crate) fn shown(&self, l: &Layout, section: Section, field: &str, value: &str) -> String {
        if let Some(target) = target(section, field) {
            return self.get(target, value).unwrap_or(value).to_owned();
        }
        match field {
            "roles" => {
                let roles: Vec<String> = value.split(' ').map(|role| l.named("role", role)).collect();
                roles.join(", ")
            }
            "kind" => l.named("kind", value),
            "clock" => l.named("directory-clock", value),
            "unit" => l.named("directory-unit", value),
            "roll" => l.named("directory-roll", value),
            "pausable" => l.named("directory-pausable", value),
            _ => value.to_owned(),
        }
    }
}

/// What a field is called. A day of a calendar is a field: `days_off.2027-01-01`.
pub(crate) fn label(l: &Layout, field: &str) -> String {
    match field.split_once('.') {
        Some((list, day)) => {
            let day = day.parse().map_or_else(|_| day.to_owned(), |day| l.date(&day));
            format!("{}: {day}", l.named("directory-field", list))
        }
        None => l.named("directory-field", field),
    }
}
