//! The filters of a request: read from its parameters, and resolved against the directory.

use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::{CategoryId, OrganizationId, Status, SubmissionKind};
use entrypoint::App;
use entrypoint::http::{Failure, FieldError, FieldErrors, NoEntry, lookup};
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
    pub(crate) organization: Result<Option<(Vec<OrganizationId>, Named)>, NoEntry>,
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
        let mut errors = FieldErrors::default();
        let root = rulebook.root_territory().ok_or_else(|| Failure::internal("no root territory"))?;
        let territories = &rulebook.territories;
        let chosen = |wanted| errors.check("territory", lookup::node(territories, wanted));
        let territory = self.territory.and_then(chosen).unwrap_or(root);
        let uncategorized = self.category == Some(NO_CATEGORY);
        let chosen = |wanted| errors.check("category", lookup::node(&rulebook.categories, wanted));
        let category = self.category.filter(|_| !uncategorized).and_then(chosen);
        let direct = self.direct(&mut errors);
        let kind = self.kind(&mut errors);
        let statuses = self.statuses(&mut errors);
        let only = self.only(&mut errors);
        let zone = rulebook.local_days(&territory.id).zone;
        let from = instant(self.from, "from", 0, &zone, &mut errors);
        let before = instant(self.to, "to", 1, &zone, &mut errors);
        let organization = errors.check("organization", organization).flatten();
        let (words, typed, diagnostics) =
            resolve_line(line, &Resolver::new(rulebook, organizations, &zone), &mut errors);
        if let Some(refused) = RefusedQuestion::of(errors, diagnostics) {
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
    fn direct(&self, errors: &mut FieldErrors) -> Direct {
        let names: Vec<&str> = self.direct.map(|list| list.split(',').collect()).unwrap_or_default();
        if names.iter().any(|name| !["category", "territory"].contains(name)) {
            let message = "give `category`, `territory`, or both with a comma between";
            errors.push(FieldError::new("direct", message));
        }
        Direct { category: names.contains(&"category"), territory: names.contains(&"territory") }
    }

    fn only(&self, errors: &mut FieldErrors) -> Only {
        if self.only.is_some_and(|only| !ONLY.contains(&only)) {
            errors.push(FieldError::new("only", format!("give one of {}", ONLY.join(", "))));
        }
        Only { overdue: self.only == Some(ONLY[0]), reopened: self.only == Some(ONLY[1]) }
    }

    fn kind(&self, errors: &mut FieldErrors) -> Option<SubmissionKind> {
        match self.kind? {
            "report" => Some(SubmissionKind::Report),
            "appeal" => Some(SubmissionKind::Appeal),
            _ => {
                errors.push(FieldError::new("kind", "give `report` or `appeal`"));
                None
            }
        }
    }

    fn statuses(&self, errors: &mut FieldErrors) -> Vec<Status> {
        let Some(wanted) = self.status else {
            return Vec::new();
        };
        if wanted == "open" {
            return Status::ALL.into_iter().filter(|status| status.is_open()).collect();
        }
        let status = |name: &str| Status::ALL.into_iter().find(|status| status.as_str() == name.trim());
        let found: Option<Vec<Status>> = wanted.split(',').map(status).collect();
        if found.is_none() {
            let names = Status::ALL.map(Status::as_str).join(", ");
            let message = format!("give `open`, or some of {names}, with commas between");
            errors.push(FieldError::new("status", message));
        }
        found.unwrap_or_default()
    }

    /// The organization with this id, else all organizations with this name.
    async fn organization(
        &self,
        app: &App,
    ) -> Result<Result<Option<(Vec<OrganizationId>, Named)>, NoEntry>, Failure> {
        let Some(wanted) = self.organization else {
            return Ok(Ok(None));
        };
        let one = match lookup::find_organization(&app.store, wanted).await? {
            Ok(one) => one,
            Err(NoEntry::Ambiguous { .. }) => {
                let all = app.store.organizations().await?;
                let named = lookup::organizations(&all, wanted).into_iter();
                let ids = named.map(|organization| organization.id.clone()).collect();
                return Ok(Ok(Some((ids, Named { id: wanted.to_owned(), name: wanted.to_owned() }))));
            }
            Err(unknown) => return Ok(Err(unknown)),
        };
        let named = Named { id: one.id.to_string(), name: one.name };
        Ok(Ok(Some((vec![one.id], named))))
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
    errors: &mut FieldErrors,
) -> (Words, Filter, Vec<Diagnostic>) {
    let diagnostics = match line {
        Ok(line) => match resolver.resolve(&line) {
            Ok(filter) => return (line.words, filter, Vec::new()),
            Err(diagnostics) => diagnostics,
        },
        Err(LineError::Syntax(diagnostics)) => diagnostics,
        Err(LineError::TooLong(error)) => {
            errors.push(error);
            Vec::new()
        }
    };
    (Words::default(), Filter::default(), diagnostics)
}
