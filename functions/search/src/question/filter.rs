//! The filters of a request: read from its parameters, and resolved against the directory.

use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::{CategoryId, OrganizationId, Status, SubmissionKind};
use entrypoint::App;
use entrypoint::http::{Failure, FieldError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::submission::Named;
use search_index::{Filter, Line, Query, Words};

use super::day::instant;
use super::diagnostic::{Diagnostic, syntax_error};
use super::entry::NamedEntry;
use super::refused::RefusedQuestion;
use super::resolver::{OrganizationEntry, Resolver, names_organizations};
use super::{NO_CATEGORY, ONLY};

/// The parameters as they were sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RawFilter<'a> {
    pub(crate) q: Option<&'a str>,
    pub(crate) category: Option<&'a str>,
    pub(crate) territory: Option<&'a str>,
    pub(crate) organization: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) direct: Option<&'a str>,
    pub(crate) status: Option<&'a str>,
    pub(crate) only: Option<&'a str>,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
}

/// The parameters as a question to the index, with the entries of the directory that they name.
#[derive(Debug)]
pub(crate) struct ResolvedFilter {
    pub(crate) query: Query,
    pub(crate) category: Option<CategoryId>,
    /// The root if no territory is chosen.
    pub(crate) territory: Territory,
    /// Several organizations with one name are named by the name alone.
    pub(crate) organization: Option<Named>,
    /// The time zone of the territory.
    pub(crate) zone: TimeZone,
}

/// The parts of a filter that are resolved against the database or the clock.
pub(crate) struct Surroundings<'d> {
    pub(crate) rulebook: &'d Rulebook,
    /// The organizations that the parameter names; an error if there are none.
    pub(crate) organization: Result<Option<(Vec<OrganizationId>, Named)>, FieldError>,
    /// All organizations if the line names one.
    pub(crate) organizations: &'d [OrganizationEntry],
    pub(crate) now: Timestamp,
}

/// The longest line, in characters.
const LINE_LIMIT: usize = 500;

impl RawFilter<'_> {
    /// Reads what the parameters name in the directory, then resolves them.
    pub(crate) async fn resolve(
        &self,
        app: &App,
        rulebook: &Rulebook,
    ) -> Result<ResolvedFilter, RefusedQuestion> {
        let line = self.line();
        let organizations = if line.as_ref().is_ok_and(names_organizations) {
            let all = app.store.organizations().await.map_err(Failure::from)?;
            all.iter().map(|o| NamedEntry::new(&o.id, &[&o.name], (o.id.clone(), o.path.clone()))).collect()
        } else {
            Vec::new()
        };
        let organization = self.organization(app).await?;
        let now = app.clock.now();
        let organizations = organizations.as_slice();
        self.resolve_in(line, Surroundings { rulebook, organization, organizations, now })
    }

    /// Resolves the parameters without reading anything; `line` is what [`Self::line`] gives.
    pub(crate) fn resolve_in(
        &self,
        line: Result<Line, LineError>,
        around: Surroundings<'_>,
    ) -> Result<ResolvedFilter, RefusedQuestion> {
        let Surroundings { rulebook, organization, organizations, now } = around;
        let mut wrong = Vec::new();
        let root = rulebook.root_territory().ok_or_else(|| Failure::internal("no root territory"))?;
        let territory = match self.territory {
            Some(wanted) => rulebook.territories.find(wanted).unwrap_or_else(|| {
                wrong.push(unknown_entry("territory", wanted));
                root
            }),
            None => root,
        };
        let uncategorized = self.category == Some(NO_CATEGORY);
        let category = self.category.filter(|_| !uncategorized).and_then(|wanted| {
            let found = rulebook.categories.find(wanted);
            if found.is_none() {
                wrong.push(unknown_entry("category", wanted));
            }
            found
        });
        let direct = self.direct().unwrap_or_else(|error| rejected(&mut wrong, error));
        let kind = self.kind().unwrap_or_else(|error| rejected(&mut wrong, error));
        let statuses = self.statuses().unwrap_or_else(|error| rejected(&mut wrong, error));
        let only = self.only().unwrap_or_else(|error| rejected(&mut wrong, error));
        let zone = rulebook.local_days(&territory.id).zone;
        let from = instant(self.from, "from", 0, &zone).unwrap_or_else(|error| rejected(&mut wrong, error));
        let before = instant(self.to, "to", 1, &zone).unwrap_or_else(|error| rejected(&mut wrong, error));
        let organization = organization.unwrap_or_else(|error| rejected(&mut wrong, error));
        let (words, typed, diagnostics) =
            resolve_line(line, &Resolver::new(rulebook, organizations, &zone), &mut wrong);
        if let Some(refused) = RefusedQuestion::of(wrong, diagnostics) {
            return Err(refused);
        }
        let categories = category.map(|chosen| {
            if direct.category { vec![chosen.id.clone()] } else { rulebook.categories.subtree(&chosen.id) }
        });
        let territories = if direct.territory {
            Some(vec![territory.id.clone()])
        } else {
            // The root holds everything: a filter that lists every territory would only cost time.
            (territory.id != root.id).then(|| rulebook.territories.subtree(&territory.id))
        };
        let (organizations, organization) = organization.unzip();
        let filter = Filter {
            categories,
            uncategorized,
            kind,
            answered: false,
            overdue_at: only.overdue.then_some(now),
            reopened: only.reopened,
            territories,
            organizations,
            statuses,
            received_from: from,
            received_before: before,
            ..typed
        };
        Ok(ResolvedFilter {
            query: Query { words, filter },
            category: category.map(|chosen| chosen.id.clone()),
            territory: territory.clone(),
            organization,
            zone,
        })
    }

    /// Parses the typed line.
    pub(crate) fn line(&self) -> Result<Line, LineError> {
        let typed = self.q.unwrap_or_default();
        if typed.chars().count() > LINE_LIMIT {
            let message = format!("has more than {LINE_LIMIT} characters");
            let error =
                FieldError::coded("q", "too-many-words", message).with("limit", LINE_LIMIT.to_string());
            return Err(LineError::TooLong(error));
        }
        let explain = |mistakes: Vec<_>| mistakes.iter().map(|found| syntax_error(typed, found)).collect();
        Line::read(typed).map_err(explain).map_err(LineError::Syntax)
    }

    /// Entries that are meant without those below them.
    fn direct(&self) -> Result<Direct, FieldError> {
        let names: Vec<&str> = self.direct.map(|list| list.split(',').collect()).unwrap_or_default();
        if names.iter().any(|name| !["category", "territory"].contains(name)) {
            let message = "give `category`, `territory`, or both with a comma between";
            return Err(FieldError::new("direct", message));
        }
        Ok(Direct { category: names.contains(&"category"), territory: names.contains(&"territory") })
    }

    fn only(&self) -> Result<Only, FieldError> {
        if self.only.is_some_and(|only| !ONLY.contains(&only)) {
            return Err(FieldError::new("only", format!("give one of {}", ONLY.join(", "))));
        }
        Ok(Only { overdue: self.only == Some(ONLY[0]), reopened: self.only == Some(ONLY[1]) })
    }

    fn kind(&self) -> Result<Option<SubmissionKind>, FieldError> {
        match self.kind {
            None => Ok(None),
            Some("report") => Ok(Some(SubmissionKind::Report)),
            Some("appeal") => Ok(Some(SubmissionKind::Appeal)),
            Some(_) => Err(FieldError::new("kind", "give `report` or `appeal`")),
        }
    }

    fn statuses(&self) -> Result<Vec<Status>, FieldError> {
        let Some(wanted) = self.status else {
            return Ok(Vec::new());
        };
        if wanted == "open" {
            return Ok(Status::ALL.into_iter().filter(|status| status.is_open()).collect());
        }
        let status = |name: &str| Status::ALL.into_iter().find(|status| status.as_str() == name.trim());
        let found: Option<Vec<Status>> = wanted.split(',').map(status).collect();
        let names = Status::ALL.map(Status::as_str).join(", ");
        found.ok_or_else(|| {
            FieldError::new("status", format!("give `open`, or some of {names}, with commas between"))
        })
    }

    /// The organization with this id, else all organizations with this name.
    async fn organization(
        &self,
        app: &App,
    ) -> Result<Result<Option<(Vec<OrganizationId>, Named)>, FieldError>, Failure> {
        let Some(wanted) = self.organization else {
            return Ok(Ok(None));
        };
        if let Ok(id) = wanted.parse()
            && let Some(found) = app.store.organization(&id).await?
        {
            return Ok(Ok(Some((vec![id], Named { id: wanted.to_owned(), name: found.name }))));
        }
        let all = app.store.organizations().await?;
        let named: Vec<_> = all.iter().filter(|o| o.name == wanted).map(|o| o.id.clone()).collect();
        let id = match named.as_slice() {
            [] => return Ok(Err(unknown_entry("organization", wanted))),
            [id] => id.to_string(),
            _ => wanted.to_owned(),
        };
        Ok(Ok(Some((named, Named { id, name: wanted.to_owned() }))))
    }
}

/// Why a line cannot be parsed.
#[derive(Debug)]
pub(crate) enum LineError {
    TooLong(FieldError),
    Syntax(Vec<Diagnostic>),
}

#[derive(Default)]
struct Direct {
    category: bool,
    territory: bool,
}

#[derive(Default)]
struct Only {
    overdue: bool,
    reopened: bool,
}

/// The words of a line, the filter of its filters, and what is wrong with it.
fn resolve_line(
    line: Result<Line, LineError>,
    resolver: &Resolver<'_>,
    wrong: &mut Vec<FieldError>,
) -> (Words, Filter, Vec<Diagnostic>) {
    let diagnostics = match line {
        Ok(line) => match resolver.resolve(&line) {
            Ok(filter) => return (line.words, filter, Vec::new()),
            Err(diagnostics) => diagnostics,
        },
        Err(LineError::Syntax(diagnostics)) => diagnostics,
        Err(LineError::TooLong(error)) => {
            wrong.push(error);
            Vec::new()
        }
    };
    (Words::default(), Filter::default(), diagnostics)
}

/// Keeps the error, so that all errors of a request are told together, and goes on with nothing.
fn rejected<T: Default>(wrong: &mut Vec<FieldError>, error: FieldError) -> T {
    wrong.push(error);
    T::default()
}

fn unknown_entry(field: &str, wanted: &str) -> FieldError {
    let shown: String = wanted.chars().take(80).collect();
    let message = format!("there is no «{shown}»; give the id or exact name of one in the directory");
    FieldError::coded(field, "unknown-entry", message).with("wanted", shown)
}
