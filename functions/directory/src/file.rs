//! A directory file, in the format of `vmeste directory load`: any sections, each a list of entries.

use domain::calendar::Calendar;
use domain::category::Category;
use domain::deadline::DeadlineRule;
use domain::directory::{Draft, Section};
use domain::organization::Organization;
use domain::person::Person;
use domain::routing::RoutingRule;
use domain::territory::Territory;
use entrypoint::http::{Failure, FieldError};
use serde::Deserialize;

/// Mistakes of a file that are reported, at most.
pub(crate) const REPORTED: usize = 100;

/// What a file says.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Sections")]
pub(crate) struct File {
    /// Its entries.
    pub(crate) draft: Draft,
    /// The sections that it has.
    pub(crate) sections: Vec<Section>,
}

/// A file that a form carries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileForm {
    /// The file, JSON.
    pub(crate) draft: String,
    /// Whether its sections take the place of those in force. Else entries do, one by one.
    #[serde(default)]
    pub(crate) replace: bool,
}

/// A section that is there and empty is not one that is left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Sections {
    calendars: Option<Vec<Calendar>>,
    territories: Option<Vec<Territory>>,
    organizations: Option<Vec<Organization>>,
    categories: Option<Vec<Category>>,
    routing_rules: Option<Vec<RoutingRule>>,
    deadline_rules: Option<Vec<DeadlineRule>>,
    people: Option<Vec<Person>>,
}

impl From<Sections> for File {
    fn from(file: Sections) -> Self {
        let given = [
            (Section::Calendars, file.calendars.is_some()),
            (Section::Territories, file.territories.is_some()),
            (Section::Organizations, file.organizations.is_some()),
            (Section::Categories, file.categories.is_some()),
            (Section::RoutingRules, file.routing_rules.is_some()),
            (Section::DeadlineRules, file.deadline_rules.is_some()),
            (Section::People, file.people.is_some()),
        ];
        let draft = Draft {
            calendars: file.calendars.unwrap_or_default(),
            territories: file.territories.unwrap_or_default(),
            organizations: file.organizations.unwrap_or_default(),
            categories: file.categories.unwrap_or_default(),
            routing_rules: file.routing_rules.unwrap_or_default(),
            deadline_rules: file.deadline_rules.unwrap_or_default(),
            people: file.people.unwrap_or_default(),
        };
        let sections = given.into_iter().filter(|(_, given)| *given).map(|(section, _)| section).collect();
        Self { draft, sections }
    }
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// Names the line, or the entry and its field.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let mut json = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.into_inner();
            let place = if inner.is_data() { path } else { String::new() };
            let message = FieldError::unreadable(&place, &inner.to_string()).message;
            let code = if inner.is_data() { "file-entry" } else { "file-no-json" };
            let line = inner.line().to_string();
            let field = FieldError::coded("file", code, message).with("line", line).with("wanted", place);
            Failure::Invalid(vec![field])
        })
    }

    /// The file without blanks, to be carried by a form.
    pub(crate) fn json(&self) -> Result<String, Failure> {
        let mut sections = serde_json::Map::new();
        for section in &self.sections {
            let entries: Vec<_> = self.draft.entries(*section).collect();
            let entries = serde_json::to_value(entries).map_err(Failure::internal)?;
            sections.insert(section.to_string(), entries);
        }
        serde_json::to_string(&sections).map_err(Failure::internal)
    }

    /// Changes a directory as the file says.
    pub(crate) fn apply(&self, draft: &mut Draft, replace: bool) {
        let new = self.draft.clone();
        if replace { draft.replace(&self.sections, new) } else { draft.merge(new) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> FieldError {
        match File::parse(text) {
            Err(Failure::Invalid(mut fields)) => fields.remove(0),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mistake_in_a_file_is_found_by_line_and_entry() {
        let broken = refused("{\n\"people\": [}");
        assert_eq!((broken.field.as_str(), broken.code.as_str()), ("file", "file-no-json"));
        assert_eq!(broken.parts[0], ("line", "2".to_owned()));
        let wrong =
            refused("{\"people\": [\n{\"id\": \"p\", \"organization\": \"o\", \"roles\": [\"emperor\"]}]}");
        assert_eq!(wrong.code, "file-entry");
        assert_eq!(wrong.parts[1], ("wanted", "people[0].roles[0]".to_owned()));
    }

    #[test]
    fn an_empty_section_replaces_and_an_absent_one_does_not() {
        let file = File::parse("{\"people\": []}").unwrap();
        assert_eq!(file.sections, [Section::People]);
        assert_eq!(File::parse("{}").unwrap().sections, []);
    }
}
