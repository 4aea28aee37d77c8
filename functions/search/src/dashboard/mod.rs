//! `GET /workspace/dashboard`: what an organization has done in a period, and what it has open now.

mod page;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::authorization::Action;
use domain::rulebook::Rulebook;
use domain::statistics::{Mean, Quartiles};
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, Problem, Query, Staff};
use jiff::Span;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use pages::Visit;
use pages::submission::Named;
use search_index::{Figures, Filter, Needs, Report};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::dashboard::page::{refused, show};
use crate::find::name;
use crate::question::filter;
use crate::reader::Reader;
use crate::timeline::Pieces;

/// Whose figures, and of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct DashboardQuery {
    /// Id of an organization: the caller's own, or one under it. The caller's own if left out.
    organization: Option<String>,
    /// First day. Twelve weeks with this one if left out.
    from: Option<String>,
    /// Last day. Today if left out.
    to: Option<String>,
}

/// What was done, and what is open.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Work {
    /// Received in the period.
    pub(crate) received: u64,
    /// Answered in the period: the latest answer of each submission counts.
    pub(crate) answered: u64,
    /// Of those, answered before the term was over.
    pub(crate) in_time: u64,
    /// Their share, 0 to 1; null without answers.
    pub(crate) in_time_share: Option<f64>,
    /// Open now.
    pub(crate) open: u64,
    /// Open now, and the term is over.
    pub(crate) overdue: u64,
    /// Of the answered ones, how many have a mark.
    pub(crate) rated: u64,
    /// Their share, 0 to 1; null without answers.
    pub(crate) response_rate: Option<f64>,
    pub(crate) mark: Option<MeanMark>,
}

/// The mean mark, 1 to 5, with its 95 % interval.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct MeanMark {
    pub(crate) mean: f64,
    /// Lower end; null if a few equal marks give none.
    pub(crate) low: Option<f64>,
    /// Upper end.
    pub(crate) high: Option<f64>,
}

/// Days from receipt to answer.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct AnswerDays {
    /// A quarter was answered within.
    pub(crate) lower: f64,
    /// Half was answered within.
    pub(crate) median: f64,
    /// Three quarters were answered within.
    pub(crate) upper: f64,
}

/// A week, or the part of it that is in the period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Week {
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    pub(crate) received: u64,
    pub(crate) answered: u64,
    pub(crate) in_time: u64,
}

/// The figures of a category or a caseworker.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Part {
    /// Null for what has no category.
    pub(crate) of: Option<Named>,
    #[serde(flatten)]
    pub(crate) work: Work,
}

/// What an organization, with those under it, has done in a period, and what it has open now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Dashboard {
    pub(crate) organization: Named,
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    #[schema(value_type = String, format = Date)]
    pub(crate) to: Date,
    #[serde(flatten)]
    pub(crate) work: Work,
    pub(crate) answer_days: Option<AnswerDays>,
    pub(crate) weeks: Vec<Week>,
    /// The busiest first.
    pub(crate) categories: Vec<Part>,
    /// Who has most open first, at most 50. What they received is not counted.
    pub(crate) caseworkers: Vec<Part>,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    pub(crate) missing_quarters: Vec<String>,
}

/// An organization's figures; for its staff, and for those of the organizations above it.
#[utoipa::path(get, path = "/workspace/dashboard", tag = "search", params(DashboardQuery),
    responses((status = 200, body = Dashboard),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn dashboard(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<DashboardQuery>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let rulebook = app.store.rulebook().await?;
    let (organization, under) = chosen(&app, &staff, query.organization.as_deref()).await?;
    let root = rulebook.root_territory();
    let zone = root.map_or(TimeZone::UTC, |root| rulebook.local_days(&root.id).zone);
    let now = app.clock.now();
    let period = match query.period(now.to_zoned(zone.clone()).date()) {
        Ok(period) => period,
        Err(failure) if visit.page => return refused(&app, visit.layout, &staff, failure).await,
        Err(failure) => return Err(failure),
    };
    let weeks = Pieces::weeks(period.0, period.1, &zone);
    let filter = Filter { organizations: under, ..Filter::default() };
    let asked = search_index::Query { filter, ..search_index::Query::default() };
    let edges = weeks.edges.clone();
    let (report, missing) = reader
        .ask(&app, Needs::Rows, move |index| Ok((index.report(&asked, &edges, now)?, index.missing())))
        .await?;
    let mut dashboard = summed(&app, report, &rulebook, organization, (period, weeks.days)).await?;
    dashboard.missing_quarters = missing;
    if visit.page {
        return show(&app, visit.layout, &staff, dashboard).await;
    }
    Ok(Json(dashboard).into_response())
}

/// The organization, and itself with those under it; none of these for everything. One out of reach looks like one that
/// does not exist.
async fn chosen(
    app: &App,
    staff: &Staff,
    wanted: Option<&str>,
) -> Result<(Named, Option<Vec<OrganizationId>>), Failure> {
    let id = match wanted {
        Some(wanted) => wanted.parse().map_err(|_| Failure::NotFound)?,
        None => staff.person.organization.clone(),
    };
    let found = app.store.organization(&id).await?.ok_or(Failure::NotFound)?;
    if !found.path.is_within(staff.path()) {
        return Err(Failure::NotFound);
    }
    let all = app.store.organizations().await?;
    let within: Vec<OrganizationId> =
        all.iter().filter(|other| other.path.is_within(&found.path)).map(|other| other.id.clone()).collect();
    // Naming every organization there is would only cost time.
    let under = (within.len() < all.len()).then_some(within);
    Ok((Named { id: id.to_string(), name: found.name }, under))
}

/// The longest period: weeks of two years fit on a chart.
const DAYS_LIMIT: i32 = 731;

impl DashboardQuery {
    /// The first and the last day.
    fn period(&self, today: Date) -> Result<(Date, Date), Failure> {
        let mut wrong = Vec::new();
        let mut day = |given: &Option<String>, field: &str| {
            let given = given.as_deref()?;
            let day = filter::day(given);
            if day.is_none() {
                wrong.push(FieldError::coded(field, "no-day", "give a day such as 2026-01-31"));
            }
            day
        };
        let to = day(&self.to, "to").unwrap_or(today);
        let monday = i64::from(to.weekday().since(Weekday::Monday));
        let twelve_weeks = to.checked_sub(Span::new().days(monday + 77)).unwrap_or(to);
        let from = day(&self.from, "from").unwrap_or(twelve_weeks);
        if from > to {
            wrong.push(FieldError::coded("to", "period-reversed", "must not be before `from`"));
        } else if (to - from).get_days() > DAYS_LIMIT {
            wrong.push(FieldError::coded("from", "period-too-long", "give at most two years"));
        }
        if wrong.is_empty() { Ok((from, to)) } else { Err(Failure::Invalid(wrong)) }
    }
}

/// Caseworkers shown.
const CASEWORKERS: usize = 50;

async fn summed(
    app: &App,
    mut report: Report,
    rulebook: &Rulebook,
    organization: Named,
    ((from, to), days): ((Date, Date), Vec<Date>),
) -> Result<Dashboard, Failure> {
    let category = |(id, figures): (Option<domain::CategoryId>, Figures)| Part {
        of: id.map(|id| name(&rulebook.categories, id.as_str())),
        work: Work::from(figures),
    };
    let mut categories: Vec<Part> = report.categories.into_iter().map(category).collect();
    categories.retain(|part| part.work.received + part.work.answered + part.work.open > 0);
    categories.sort_by_key(|part| (std::cmp::Reverse(part.work.received + part.work.open), part.id()));

    let busy = |figures: &Figures| (std::cmp::Reverse(figures.open), std::cmp::Reverse(figures.answered));
    report.caseworkers.sort_by(|(a, one), (b, two)| (busy(one), a).cmp(&(busy(two), b)));
    report.caseworkers.retain(|(_, figures)| figures.open + figures.answered > 0);
    report.caseworkers.truncate(CASEWORKERS);
    let people: Vec<PersonId> = report.caseworkers.iter().map(|(person, _)| person.clone()).collect();
    let names = app.store.names(people).await?;
    let caseworker = |(person, figures): (PersonId, Figures)| {
        let name = names.get(&person).cloned().unwrap_or_else(|| person.to_string());
        Part { of: Some(Named { id: person.to_string(), name }), work: Work::from(figures) }
    };
    let week = |(from, figures): (Date, Figures)| Week {
        from,
        received: figures.received,
        answered: figures.answered,
        in_time: figures.in_time,
    };
    Ok(Dashboard {
        organization,
        from,
        to,
        work: Work::from(report.total),
        answer_days: Quartiles::of(&mut report.minutes).map(AnswerDays::from),
        weeks: days.into_iter().zip(report.spans).map(week).collect(),
        categories,
        caseworkers: report.caseworkers.into_iter().map(caseworker).collect(),
        missing_quarters: Vec::new(),
    })
}

impl Part {
    fn id(&self) -> String {
        self.of.as_ref().map(|named| named.id.clone()).unwrap_or_default()
    }
}

impl From<Quartiles> for AnswerDays {
    fn from(minutes: Quartiles) -> Self {
        let days = |minutes: f64| minutes / 1_440.0;
        Self { lower: days(minutes.lower), median: days(minutes.median), upper: days(minutes.upper) }
    }
}

impl From<Figures> for Work {
    fn from(figures: Figures) -> Self {
        let Figures { received, answered, in_time, open, overdue, marks } = figures;
        let rated = marks.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        let share = |part: u64| (answered > 0).then(|| part as f64 / answered as f64);
        let mark = Mean::of_marks(marks).map(|Mean { mean, interval }| {
            let (low, high) = interval.unzip();
            MeanMark { mean, low, high }
        });
        let (in_time_share, response_rate) = (share(in_time), share(rated));
        Self { received, answered, in_time, in_time_share, open, overdue, rated, response_rate, mark }
    }
}
