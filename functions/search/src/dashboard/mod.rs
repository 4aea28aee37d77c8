//! `GET /workspace/dashboard`: the work of an organization in a period, and its open work now.

mod page;
mod view;

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::OrganizationId;
use domain::authorization::Action;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldErrors, Query, Staff};
use jiff::Span;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use pages::Visit;
use pages::submission::Named;
use search_index::{Filter, OpenLevel};
use serde::Deserialize;
use utoipa::IntoParams;

use self::view::{Dashboard, DashboardNames, DashboardPeriod, keep_busiest};
use crate::intervals::Intervals;
use crate::question::day::day;
use crate::reader::Reader;

/// The organization and the period.
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

/// An organization's figures; for its staff, and for those of the organizations above it.
#[utoipa::path(get, path = "/workspace/dashboard", tag = "search", params(DashboardQuery),
    responses((status = 200, body = Dashboard), Failure))]
pub(crate) async fn dashboard(
    app: App,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<DashboardQuery>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let rulebook = app.store.rulebook().await?;
    let Chosen { organization, under } = chosen(&app, &staff, query.organization.as_deref()).await?;
    let root = rulebook.root_territory();
    let zone = root.map_or(TimeZone::UTC, |root| rulebook.local_days(&root.id).zone);
    let now = app.clock.now();
    let (from, to) = match query.period(now.to_zoned(zone.clone()).date()) {
        Ok(period) => period,
        Err(failure) if visit.page => return page::refused(&app, visit.layout, &staff, failure).await,
        Err(failure) => return Err(failure),
    };
    let weeks = Intervals::weeks(from, to, &zone);
    let filter = Filter { organizations: under, ..Filter::default() };
    let asked = search_index::Query { filter, ..search_index::Query::default() };
    let edges = weeks.edges;
    let (mut report, missing_quarters) = reader
        .ask(&app, OpenLevel::Rows, move |index| Ok((index.report(&asked, &edges, now)?, index.missing())))
        .await?;
    let caseworkers = app.store.names(keep_busiest(&mut report)).await?;
    let names = DashboardNames { organization, rulebook: &rulebook, caseworkers };
    let period = DashboardPeriod { from, to, weeks: weeks.days };
    let dashboard = Dashboard { missing_quarters, ..Dashboard::of(report, period, names) };
    if visit.page {
        return page::show(&app, visit.layout, &staff, dashboard).await;
    }
    Ok(Json(dashboard).into_response())
}

/// The organization whose work is shown.
struct Chosen {
    organization: Named,
    /// The organization and those under it; none for all organizations.
    under: Option<Vec<OrganizationId>>,
}

/// An organization out of reach looks like one that does not exist.
async fn chosen(app: &App, staff: &Staff, wanted: Option<&str>) -> Result<Chosen, Failure> {
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
    // A filter that lists every organization would only cost time.
    let under = (within.len() < all.len()).then_some(within);
    Ok(Chosen { organization: Named { id: id.to_string(), name: found.name }, under })
}

/// The longest period: weeks of two years fit on a chart.
const DAYS_LIMIT: i32 = 731;

impl DashboardQuery {
    /// The first and the last day.
    fn period(&self, today: Date) -> Result<(Date, Date), Failure> {
        let mut errors = FieldErrors::default();
        let mut read = |given: &Option<String>, field: &str| {
            let given = given.as_deref()?;
            day(given).or_else(|| errors.refuse(field, "no-day", "give a day such as 2026-01-31"))
        };
        let to = read(&self.to, "to").unwrap_or(today);
        let monday = i64::from(to.weekday().since(Weekday::Monday));
        let twelve_weeks = to.checked_sub(Span::new().days(monday + 77)).unwrap_or(to);
        let from = read(&self.from, "from").unwrap_or(twelve_weeks);
        if from > to {
            errors.refuse::<()>("to", "period-reversed", "must not be before `from`");
        } else if (to - from).get_days() > DAYS_LIMIT {
            errors.refuse::<()>("from", "period-too-long", "give at most two years");
        }
        errors.finish(Some((from, to)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_period_is_twelve_weeks_unless_days_are_given() {
        // A Tuesday.
        let today = jiff::civil::date(2026, 6, 30);
        for (asked, wanted) in [
            (json!({}), Ok(["2026-04-13", "2026-06-30"])),
            (json!({ "to": "2026-06-28" }), Ok(["2026-04-06", "2026-06-28"])),
            (json!({ "from": "01.06.2026" }), Ok(["2026-06-01", "2026-06-30"])),
            (json!({ "from": "2024-06-29", "to": "2026-06-30" }), Ok(["2024-06-29", "2026-06-30"])),
            (json!({ "from": "2024-06-28", "to": "2026-06-30" }), Err(vec!["from period-too-long"])),
            (json!({ "from": "2026-07-01" }), Err(vec!["to period-reversed"])),
            (json!({ "from": "x", "to": "y" }), Err(vec!["to no-day", "from no-day"])),
        ] {
            let query: DashboardQuery = serde_json::from_value(asked.clone()).unwrap();
            match (query.period(today), wanted) {
                (Ok((from, to)), Ok(wanted)) => assert_eq!([from, to].map(|day| day.to_string()), wanted),
                (Err(Failure::Invalid(errors)), Err(wanted)) => {
                    let told: Vec<String> =
                        errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect();
                    assert_eq!(told, wanted, "{asked}");
                }
                (found, _) => panic!("{asked}: {found:?}"),
            }
        }
    }
}
