//! What both searches understand: a line, category, territory, organization, status, period.

use domain::authorization::Action;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::territory::Territory;
use domain::{CategoryId, OrganizationId, Status, SubmissionKind};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use pages::submission::Named;
use search_index::{Filter, Query, Words};

use crate::question::line;

/// The parameters as sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Given<'a> {
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

/// The parameters as meant.
#[derive(Debug)]
pub(crate) struct Meant {
    pub(crate) query: Query,
    /// The chosen category.
    pub(crate) category: Option<CategoryId>,
    /// The chosen territory, or the root.
    pub(crate) territory: Territory,
    /// The chosen organization; of several with the same name, their name alone.
    pub(crate) organization: Option<Named>,
    /// The time zone there.
    pub(crate) zone: TimeZone,
}

/// What a caller may see of what people wrote, until it is masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Category, place in the tree of territories, date and status. No words either: every hit for a word would tell
    /// something of the text.
    Public,
    /// Everything about what these organizations work on, and nothing else.
    Within(Vec<OrganizationId>),
    /// Everything.
    Everything,
}

impl Sight {
    /// Analysts see everything; staff see what their organization and those under it work on.
    pub(crate) async fn of(app: &App, caller: &Caller) -> Result<Self, Failure> {
        match caller.staff(app, Action::ReadSubmission).await {
            Ok(staff) if staff.may(Action::SearchTexts) => Ok(Self::Everything),
            Ok(staff) if staff.may(Action::ReadInbox) => {
                let all = app.store.organizations().await?;
                let reached = all.iter().filter(|organization| organization.path.is_within(staff.path()));
                Ok(Self::Within(reached.map(|organization| organization.id.clone()).collect()))
            }
            Ok(_) | Err(Failure::Unauthenticated(_) | Failure::Forbidden(_)) => Ok(Self::Public),
            Err(failure) => Err(failure),
        }
    }

    /// For words, which tell something of the texts. Filters tell what everybody may see.
    pub(crate) fn of_texts(self, caller: &Caller) -> Result<Self, Failure> {
        match (&self, &caller.verified) {
            (Self::Public, None) => {
                Err(Failure::Unauthenticated("Searching in texts is for staff: send a bearer token.".into()))
            }
            (Self::Public, Some(_)) => {
                Err(Failure::Forbidden("Searching in texts is for staff; leave out the words of q.".into()))
            }
            _ => Ok(self),
        }
    }

    /// Are texts shown?
    pub(crate) fn reads_texts(&self) -> bool {
        *self != Self::Public
    }

    /// Is this submission to be shown? The index may be behind: what was forwarded a moment ago is still found by those
    /// whom it has left.
    pub(crate) fn reaches(&self, submission: &Submission) -> bool {
        match self {
            Self::Within(reached) => submission.organization.as_ref().is_some_and(|id| reached.contains(id)),
            Self::Public | Self::Everything => true,
        }
    }

    /// Confines a filter to what may be seen.
    pub(crate) fn confine(&self, filter: &mut Filter) {
        let Self::Within(reached) = self else { return };
        filter.organizations = Some(match filter.organizations.take() {
            None => reached.clone(),
            Some(wanted) => wanted.into_iter().filter(|id| reached.contains(id)).collect(),
        });
    }
}

/// Stands for "no category" where a category can be chosen.
pub(crate) const NO_CATEGORY: &str = "-";

/// What alone may be wanted.
pub(crate) const ONLY: [&str; 2] = ["overdue", "reopened"];

/// Longest line, in characters.
const LINE_LIMIT: usize = 500;

impl Given<'_> {
    /// Looks everything up in the directory.
    pub(crate) async fn meant(&self, app: &App, rulebook: &Rulebook) -> Result<Meant, Failure> {
        let mut wrong = Vec::new();
        let root = rulebook.root_territory().ok_or_else(|| Failure::internal("no root territory"))?;
        let territory = match self.territory {
            Some(wanted) => rulebook.territories.find(wanted).unwrap_or_else(|| {
                wrong.push(unknown("territory", wanted));
                root
            }),
            None => root,
        };
        let uncategorized = self.category == Some(NO_CATEGORY);
        let category = self.category.filter(|_| !uncategorized).and_then(|wanted| {
            let found = rulebook.categories.find(wanted);
            if found.is_none() {
                wrong.push(unknown("category", wanted));
            }
            found
        });
        let (direct_category, direct_territory) = self.direct(&mut wrong);
        let kind = self.kind().map_err(|error| wrong.push(error)).unwrap_or_default();
        let statuses = self.statuses().map_err(|error| wrong.push(error)).unwrap_or_default();
        let (overdue, reopened) = self.only(&mut wrong);
        let zone = rulebook.local_days(&territory.id).zone;
        let from = period(self.from, "from", 0, &zone).map_err(|error| wrong.push(error)).ok();
        let before = period(self.to, "to", 1, &zone).map_err(|error| wrong.push(error)).ok();
        let (words, typed) = self.line(app, rulebook, &zone, &mut wrong).await?;
        if !wrong.is_empty() {
            return Err(Failure::Invalid(wrong));
        }
        let (organizations, organization) = self.organizations(app).await?.unzip();
        let categories = |chosen: &CategoryId| {
            if direct_category { vec![chosen.clone()] } else { rulebook.categories.subtree(chosen) }
        };
        let territories = if direct_territory {
            Some(vec![territory.id.clone()])
        } else {
            // Everything is in the root: no need to name every territory.
            (territory.id != root.id).then(|| rulebook.territories.subtree(&territory.id))
        };
        let filter = Filter {
            categories: category.map(|chosen| categories(&chosen.id)),
            uncategorized,
            kind,
            answered: false,
            overdue_at: overdue.then(|| app.clock.now()),
            reopened,
            territories,
            organizations,
            statuses,
            received_from: from.flatten(),
            received_before: before.flatten(),
            ..typed
        };
        let category = category.map(|chosen| chosen.id.clone());
        let query = Query { words, filter };
        Ok(Meant { query, category, territory: territory.clone(), organization, zone })
    }

    /// The words of the line, and what its filters let through.
    async fn line(
        &self,
        app: &App,
        rulebook: &Rulebook,
        zone: &TimeZone,
        wrong: &mut Vec<FieldError>,
    ) -> Result<(Words, Filter), Failure> {
        let typed = self.q.unwrap_or_default();
        if typed.chars().count() > LINE_LIMIT {
            let message = format!("has more than {LINE_LIMIT} characters");
            wrong.push(
                FieldError::coded("q", "too-many-words", message).with("limit", LINE_LIMIT.to_string()),
            );
            return Ok((Words::default(), Filter::default()));
        }
        line::read(app, rulebook, zone, typed, wrong).await
    }

    /// Only what names the category or the territory itself, and nothing below it?
    fn direct(&self, wrong: &mut Vec<FieldError>) -> (bool, bool) {
        let names: Vec<&str> = self.direct.map(|list| list.split(',').collect()).unwrap_or_default();
        if names.iter().any(|name| !["category", "territory"].contains(name)) {
            wrong.push(FieldError::new(
                "direct",
                "give `category`, `territory`, or both with a comma between",
            ));
        }
        (names.contains(&"category"), names.contains(&"territory"))
    }

    /// Only what is overdue? Only what was sent back to work?
    fn only(&self, wrong: &mut Vec<FieldError>) -> (bool, bool) {
        if self.only.is_some_and(|only| !ONLY.contains(&only)) {
            wrong.push(FieldError::new("only", format!("give one of {}", ONLY.join(", "))));
        }
        (self.only == Some(ONLY[0]), self.only == Some(ONLY[1]))
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

    /// By id, else by exact name; several may have the same name.
    async fn organizations(&self, app: &App) -> Result<Option<(Vec<OrganizationId>, Named)>, Failure> {
        let Some(wanted) = self.organization else {
            return Ok(None);
        };
        if let Ok(id) = wanted.parse()
            && let Some(found) = app.store.organization(&id).await?
        {
            return Ok(Some((vec![id], Named { id: wanted.to_owned(), name: found.name })));
        }
        let all = app.store.organizations().await?;
        let named: Vec<_> = all.iter().filter(|o| o.name == wanted).map(|o| o.id.clone()).collect();
        let id = match named.as_slice() {
            [] => return Err(Failure::Invalid(vec![unknown("organization", wanted)])),
            [id] => id.to_string(),
            _ => wanted.to_owned(),
        };
        Ok(Some((named, Named { id, name: wanted.to_owned() })))
    }
}

fn unknown(field: &str, wanted: &str) -> FieldError {
    let shown: String = wanted.chars().take(80).collect();
    let message = format!("there is no «{shown}»; give the id or exact name of one in the directory");
    FieldError::coded(field, "unknown-entry", message).with("wanted", shown)
}

/// A day as programs write it, or as people do where no calendar opens: 31.01.2026.
pub(crate) fn day(given: &str) -> Option<Date> {
    // A time without a zone is no day: jiff would silently drop the time.
    let iso = given.parse().ok().filter(|_| given.len() == 10);
    iso.or_else(|| Date::strptime("%d.%m.%Y", given).ok())
}

/// A day in the territory's time zone (`to` includes it: `plus` is 1), or an instant.
fn period(
    given: Option<&str>,
    field: &str,
    plus: i64,
    zone: &TimeZone,
) -> Result<Option<Timestamp>, FieldError> {
    let Some(given) = given else { return Ok(None) };
    if let Ok(instant) = given.parse::<Timestamp>() {
        return Ok(Some(instant));
    }
    let midnight = |date: Date| date.checked_add(Span::new().days(plus)).ok()?.to_zoned(zone.clone()).ok();
    let day = day(given).and_then(midnight);
    let wrong = || {
        let message = "give a day such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z";
        FieldError::coded(field, "no-day", message)
    };
    day.map(|day| Some(day.timestamp())).ok_or_else(wrong)
}
