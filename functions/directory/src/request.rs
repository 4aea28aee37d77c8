//! One entry of the directory as a form sends it, parsed field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use domain::calendar::Calendar;
use domain::category::Category;
use domain::deadline::{DeadlineRule, Roll, TermKind, Unit};
use domain::directory::{Draft, Flaw, Section};
use domain::ids::NAME_LIMIT;
use domain::organization::Organization;
use domain::person::{Person, Role};
use domain::routing::RoutingRule;
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::tree::{Node, Tree};
use domain::{InvalidId, OrganizationId, SubmissionKind};
use entrypoint::App;
use entrypoint::http::{Failure, FieldError, FieldErrors, lookup};
use jiff::civil::Date;
use serde::Deserialize;
use store::{PlacedOrganization, StoreError};
use utoipa::ToSchema;

/// The fields of an entry of any section. What names another entry is its id or, if only one has it, its name.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EntryRequest {
    /// For a new entry.
    id: Option<String>,
    name: Option<String>,
    parent: Option<String>,
    organization: Option<String>,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    category: Option<String>,
    territory: Option<String>,
    time_zone: Option<String>,
    calendar: Option<String>,
    default_organization: Option<String>,
    /// `report` or `appeal`.
    #[schema(value_type = Option<String>)]
    kind: Option<SubmissionKind>,
    /// `registration`, `redirect`, `answer` or `rating`.
    #[schema(value_type = Option<String>)]
    clock: Option<TermKind>,
    days: Option<u16>,
    /// `calendar_days` or `working_days`.
    #[schema(value_type = Option<String>)]
    unit: Option<Unit>,
    /// `keep`, `previous` or `next`.
    #[schema(value_type = Option<String>)]
    roll: Option<Roll>,
    extension: Option<u16>,
    pausable: bool,
    remind_before: Option<u16>,
    escalate_after: Option<u16>,
    /// A day and its name per line: `2027-01-01 New year`.
    days_off: Option<String>,
    /// The same for days that are worked.
    working_days: Option<String>,
}

/// The entries that a form can name.
pub(crate) struct NameableEntries {
    rulebook: Arc<Rulebook>,
    organizations: Arc<Vec<PlacedOrganization>>,
}

impl NameableEntries {
    /// The entries that forms of a section name.
    pub(crate) async fn load(app: &App, section: Section) -> Result<Self, StoreError> {
        let rulebook = app.store.rulebook().await?;
        let organizations = match section {
            Section::Calendars | Section::Categories | Section::DeadlineRules => Arc::default(),
            Section::Territories | Section::Organizations | Section::RoutingRules | Section::People => {
                app.store.organizations().await?
            }
        };
        Ok(Self { rulebook, organizations })
    }
}

impl EntryRequest {
    /// The id of a new entry.
    pub(crate) fn new_id(&self) -> Option<&str> {
        self.id.as_deref().map(str::trim)
    }

    /// A draft with this one entry.
    ///
    /// # Errors
    /// Every field at fault, as far as one entry can tell.
    pub(crate) fn draft(
        &self,
        section: Section,
        id: &str,
        nameable: &NameableEntries,
    ) -> Result<Draft, Failure> {
        let mut reading = Reading { nameable, errors: FieldErrors::default() };
        let draft = reading.draft(self, section, id);
        reading.errors.finish(Some(draft))
    }
}

struct Reading<'k> {
    nameable: &'k NameableEntries,
    errors: FieldErrors,
}

impl Reading<'_> {
    fn draft(&mut self, request: &EntryRequest, section: Section, id: &str) -> Draft {
        let mut draft = Draft::default();
        match section {
            Section::Calendars => draft.calendars.extend(self.calendar(request, id)),
            Section::Territories => draft.territories.extend(self.territory(request, id)),
            Section::Organizations => draft.organizations.extend(self.organization(request, id)),
            Section::Categories => draft.categories.extend(self.category(request, id)),
            Section::RoutingRules => draft.routing_rules.extend(self.routing_rule(request, id)),
            Section::DeadlineRules => draft.deadline_rules.extend(self.deadline_rule(request, id)),
            Section::People => draft.people.extend(self.person(request, id)),
        }
        draft
    }

    fn calendar(&mut self, request: &EntryRequest, id: &str) -> Option<Calendar> {
        let days_off = self.days("days_off", request.days_off.as_deref());
        let working_days = self.days("working_days", request.working_days.as_deref());
        Some(Calendar { id: self.id("id", id)?, days_off, working_days })
    }

    fn territory(&mut self, request: &EntryRequest, id: &str) -> Option<Territory> {
        let nameable = self.nameable;
        let (id, name) = (self.id("id", id), self.name(request));
        let parent = self.node("parent", request.parent.as_deref(), &nameable.rulebook.territories);
        let calendar = request.calendar.as_deref().and_then(|calendar| self.id("calendar", calendar));
        let default_organization =
            self.known_organization("default_organization", request.default_organization.as_deref());
        let time_zone = request.time_zone.as_ref().map(|zone| zone.trim().to_owned());
        Some(Territory { id: id?, name: name?, parent, time_zone, calendar, default_organization })
    }

    fn organization(&mut self, request: &EntryRequest, id: &str) -> Option<Organization> {
        let (id, name) = (self.id("id", id), self.name(request));
        let parent = self.known_organization("parent", request.parent.as_deref());
        Some(Organization { id: id?, name: name?, parent })
    }

    fn category(&mut self, request: &EntryRequest, id: &str) -> Option<Category> {
        let nameable = self.nameable;
        let (id, name) = (self.id("id", id), self.name(request));
        let parent = self.node("parent", request.parent.as_deref(), &nameable.rulebook.categories);
        Some(Category { id: id?, name: name?, parent })
    }

    fn routing_rule(&mut self, request: &EntryRequest, id: &str) -> Option<RoutingRule> {
        let nameable = self.nameable;
        let id = self.id("id", id);
        let category = self.node("category", request.category.as_deref(), &nameable.rulebook.categories);
        let territory = self.node("territory", request.territory.as_deref(), &nameable.rulebook.territories);
        let organization = self.given("organization", request.organization.as_deref());
        let organization = self.known_organization("organization", organization);
        Some(RoutingRule { id: id?, category, territory, organization: organization? })
    }

    fn deadline_rule(&mut self, request: &EntryRequest, id: &str) -> Option<DeadlineRule> {
        let nameable = self.nameable;
        let id = self.id("id", id);
        let category = self.node("category", request.category.as_deref(), &nameable.rulebook.categories);
        let (kind, clock) = (self.given("kind", request.kind), self.given("clock", request.clock));
        let (days, unit) = (self.given("days", request.days), self.given("unit", request.unit));
        Some(DeadlineRule {
            id: id?,
            kind: kind?,
            category,
            clock: clock?,
            days: days?,
            unit: unit?,
            roll: request.roll.unwrap_or_default(),
            extension: request.extension.unwrap_or_default(),
            pausable: request.pausable,
            remind_before: request.remind_before.unwrap_or_default(),
            escalate_after: request.escalate_after,
        })
    }

    fn person(&mut self, request: &EntryRequest, id: &str) -> Option<Person> {
        let id = self.id("id", id);
        let organization = self.given("organization", request.organization.as_deref());
        let organization = self.known_organization("organization", organization);
        let roles: BTreeSet<Role> = request.roles.iter().copied().collect();
        let roles = self.errors.check("roles", if roles.is_empty() { Err(Flaw::NoRole) } else { Ok(roles) });
        Some(Person { id: id?, organization: organization?, roles: roles? })
    }

    fn given<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        self.errors.given(field, value)
    }

    fn name(&mut self, request: &EntryRequest) -> Option<String> {
        self.given("name", request.name.as_ref()).map(|name| name.trim().to_owned())
    }

    fn id<T: FromStr<Err = InvalidId>>(&mut self, field: &str, text: &str) -> Option<T> {
        if text.trim().is_empty() {
            return self.given(field, None);
        }
        text.trim().parse().map_err(|error| self.errors.push(not_an_id(field, &error))).ok()
    }

    fn node<N: Node>(&mut self, field: &str, wanted: Option<&str>, tree: &Tree<N>) -> Option<N::Id>
    where
        N::Id: FromStr,
    {
        self.errors.check(field, lookup::node(tree, wanted?)).map(|node| node.id().clone())
    }

    fn known_organization(&mut self, field: &str, wanted: Option<&str>) -> Option<OrganizationId> {
        let found = lookup::organization(&self.nameable.organizations, wanted?);
        self.errors.check(field, found).map(|found| found.id.clone())
    }

    fn days(&mut self, field: &str, text: Option<&str>) -> BTreeMap<Date, String> {
        let mut days = BTreeMap::new();
        for (index, line) in text.unwrap_or_default().lines().enumerate() {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let (day, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let name = name.trim().to_owned();
            let fresh =
                day.parse().is_ok_and(|day: Date| !name.is_empty() && days.insert(day, name).is_none());
            if !fresh {
                let number = (index + 1).to_string();
                let message = format!("line {number}: write a day and its name, each day once");
                self.errors.push(FieldError::coded(field, "day-line", message).with("line", number));
                break;
            }
        }
        days
    }
}

fn not_an_id(field: &str, error: &InvalidId) -> FieldError {
    FieldError::coded(field, "no-entry-id", error.to_string()).with("limit", NAME_LIMIT.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    impl NameableEntries {
        /// What a draft has.
        pub(crate) fn of(draft: &Draft) -> Self {
            let placed = |organization: &Organization| -> PlacedOrganization {
                let mut json = serde_json::to_value(organization).unwrap();
                json["path"] = format!("/{}/", organization.id).into();
                serde_json::from_value(json).unwrap()
            };
            let rulebook = Rulebook {
                version: 1,
                territories: Tree::build(draft.territories.clone()).unwrap(),
                categories: Tree::build(draft.categories.clone()).unwrap(),
                routing: domain::routing::RoutingTable::default(),
                deadline_rules: Vec::new(),
                calendars: Vec::new(),
                weekends: Calendar::weekends_only("w".parse().unwrap()),
            };
            let organizations = draft.organizations.iter().map(placed).collect();
            Self { rulebook: Arc::new(rulebook), organizations: Arc::new(organizations) }
        }
    }

    fn nameable() -> NameableEntries {
        let organizations = [("a", "Школа № 1"), ("b", "Школа № 2"), ("c", "Школа № 2")]
            .map(|(id, name)| Organization { id: id.parse().unwrap(), name: name.into(), parent: None });
        NameableEntries::of(&Draft { organizations: organizations.into(), ..Draft::default() })
    }

    fn person(organization: &str) -> Result<Draft, String> {
        let request = EntryRequest {
            organization: Some(organization.into()),
            roles: vec![Role::Analyst],
            ..EntryRequest::default()
        };
        match request.draft(Section::People, "p", &nameable()) {
            Err(Failure::Invalid(fields)) => Err(format!("{} {}", fields[0].field, fields[0].code)),
            other => Ok(other.unwrap()),
        }
    }

    #[test]
    fn an_organization_is_meant_by_its_id_or_its_only_name() {
        assert_eq!(person("b").unwrap().people[0].organization.as_str(), "b");
        assert_eq!(person(" школа № 1 ").unwrap().people[0].organization.as_str(), "a");
        assert_eq!(person("Школа № 2").unwrap_err(), "organization ambiguous-entry");
        assert_eq!(person("Школа № 3").unwrap_err(), "organization unknown-entry");
    }

    fn request(json: serde_json::Value) -> EntryRequest {
        serde_json::from_value(json).unwrap()
    }

    /// Fields and codes of what is wrong with an entry.
    fn wrong(section: Section, id: &str, json: serde_json::Value) -> String {
        match request(json.clone()).draft(section, id, &nameable()) {
            Err(Failure::Invalid(errors)) => {
                let told: Vec<String> =
                    errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect();
                told.join(", ")
            }
            other => panic!("{json}: {other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_with_an_entry_is_told_field_by_field() {
        use Section as S;
        for (section, id, json, told) in [
            (S::Calendars, "", json!({}), "id missing"),
            (S::Calendars, "a b", json!({}), "id no-entry-id"),
            (S::Calendars, "c", json!({ "days_off": "x" }), "days_off day-line"),
            (S::Calendars, "c", json!({ "working_days": "2027-01-01" }), "working_days day-line"),
            (S::Territories, "t", json!({}), "name missing"),
            (S::Territories, "t", json!({ "name": "A", "parent": "z" }), "parent unknown-entry"),
            (
                S::Territories,
                "t",
                json!({ "name": "A", "calendar": "a b", "default_organization": "Школа № 2" }),
                "calendar no-entry-id, default_organization ambiguous-entry",
            ),
            (S::Organizations, "o", json!({ "parent": "z" }), "name missing, parent unknown-entry"),
            (S::Categories, "", json!({ "parent": "z" }), "id missing, name missing, parent unknown-entry"),
            (S::RoutingRules, "r", json!({}), "organization missing"),
            (
                S::RoutingRules,
                "r",
                json!({ "category": "z", "territory": "z", "organization": "z" }),
                "category unknown-entry, territory unknown-entry, organization unknown-entry",
            ),
            (S::DeadlineRules, "d", json!({}), "kind missing, clock missing, days missing, unit missing"),
            (
                S::DeadlineRules,
                "d",
                json!({ "kind": "report", "clock": "answer", "days": 3, "category": "z" }),
                "category unknown-entry, unit missing",
            ),
            (S::People, "p", json!({}), "organization missing, roles no-role"),
            (S::People, "p", json!({ "organization": "a" }), "roles no-role"),
        ] {
            assert_eq!(wrong(section, id, json), told, "{section} {id}");
        }
    }

    #[test]
    fn what_may_be_left_out_is_left_out() {
        let rule = json!({ "kind": "appeal", "clock": "answer", "days": 30, "unit": "calendar_days" });
        let draft = request(rule).draft(Section::DeadlineRules, " d ", &nameable()).unwrap();
        let rule = &draft.deadline_rules[0];
        assert_eq!((rule.id.as_str(), rule.days, rule.extension, rule.pausable), ("d", 30, 0, false));
        assert!(rule.category.is_none() && rule.escalate_after.is_none());
        let draft =
            request(json!({ "organization": "школа № 1" })).draft(Section::RoutingRules, "r", &nameable());
        let draft = draft.unwrap();
        assert_eq!(draft.routing_rules[0].organization.as_str(), "a");
        assert!(draft.routing_rules[0].category.is_none() && draft.routing_rules[0].territory.is_none());
    }

    #[test]
    fn days_are_lines_and_a_wrong_line_is_named() {
        let read = |text: &str| {
            let request = EntryRequest { days_off: Some(text.into()), ..EntryRequest::default() };
            request.draft(Section::Calendars, "c", &nameable())
        };
        let draft = read("2027-01-01 Новый год\r\n\r\n2027-01-02\tКаникулы  \r\n").unwrap();
        let days: Vec<&String> = draft.calendars[0].days_off.values().collect();
        assert_eq!(days, ["Новый год", "Каникулы"]);
        for (text, line) in
            [("2027-01-01 A\nnonsense B", "2"), ("2027-01-01", "1"), ("2027-01-01 A\n2027-01-01 B", "2")]
        {
            let Err(Failure::Invalid(fields)) = read(text) else { panic!("{text}") };
            assert_eq!(
                (fields[0].code.as_str(), &fields[0].parts[0].1),
                ("day-line", &line.to_owned()),
                "{text}"
            );
        }
    }
}
