//! The page of a dashboard.

use askama::Template;
use axum::response::Response;
use entrypoint::App;
use entrypoint::http::{Failure, FormValues, Staff};
use pages::prelude::*;
use pages::{Address, Chart, Choice, Series};

use super::view::{Dashboard, Work, WorkOf};
use crate::intervals::{Granularity, labels};
use crate::missing;
use crate::question::NO_CATEGORY;
use crate::question::choices::organizations_under;

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    l: Layout,
    form: Form,
    /// The organizations within reach; none if they are too many for a list.
    organizations: Option<Vec<Choice>>,
    dashboard: Option<Dashboard>,
    charts: Vec<(&'static str, Chart)>,
    missing: Option<String>,
}

/// The page with figures.
pub(crate) async fn show(
    app: &App,
    l: Layout,
    staff: &Staff,
    dashboard: Dashboard,
) -> Result<Response, Failure> {
    let mut values = FormValues::default();
    values.set("organization", &dashboard.organization.id);
    values.set("from", dashboard.from.to_string());
    values.set("to", dashboard.to.to_string());
    let charts = charts(&l, &dashboard);
    let organizations = organizations_under(app, staff.path()).await?;
    let (form, missing) = (Form::filled(values), missing::note(&l, &dashboard.missing_quarters));
    html(&DashboardPage { form, organizations, dashboard: Some(dashboard), charts, missing, l })
}

/// The page with the form as it came back.
pub(crate) async fn refused(
    app: &App,
    l: Layout,
    staff: &Staff,
    failure: Failure,
) -> Result<Response, Failure> {
    let status = failure.refusal().status;
    let here = Address::of(&l.here).lasting();
    let mut values = FormValues::default();
    for name in ["organization", "from", "to"] {
        values.set(name, here.get(name));
    }
    let form = Form::refused(&l, Some(values), failure)?;
    let organizations = organizations_under(app, staff.path()).await?;
    let (dashboard, charts, missing) = (None, Vec::new(), None);
    html_with(status, &DashboardPage { l, form, organizations, dashboard, charts, missing })
}

fn charts(l: &Layout, dashboard: &Dashboard) -> Vec<(&'static str, Chart)> {
    let weeks = &dashboard.weeks;
    let days: Vec<_> = weeks.iter().map(|week| week.from).collect();
    let (slot, labels) = (l.t("step-week"), labels(l, Granularity::Week, &days));
    let series =
        |text: &str, values: Vec<u64>| Series { name: l.t(text), values, warns: text == "figure-late" };
    let flow = vec![
        series("figure-received", weeks.iter().map(|week| week.received).collect()),
        series("figure-answered", weeks.iter().map(|week| week.answered).collect()),
    ];
    let kept = vec![
        series("figure-in-time", weeks.iter().map(|week| week.in_time).collect()),
        series("figure-late", weeks.iter().map(|week| week.answered - week.in_time).collect()),
    ];
    #[expect(clippy::cast_precision_loss, reason = "counts of a week")]
    let share = |part: u64, whole: u64| {
        if whole == 0 { "—".to_owned() } else { l.percent(&(part as f64 / whole as f64)) }
    };
    let shares = weeks.iter().map(|week| share(week.in_time, week.answered)).collect();
    let chart = |title: &str, series, stacked, extra| Chart {
        title: l.t(title),
        slot: slot.clone(),
        labels: labels.clone(),
        series,
        stacked,
        extra,
    };
    vec![
        ("dashboard-flow", chart("dashboard-flow-chart", flow, false, Vec::new())),
        (
            "dashboard-terms",
            chart("dashboard-terms-chart", kept, true, vec![(l.t("figure-in-time-share"), shares)]),
        ),
    ]
}

/// The number of topics that are shown at once.
const TOPICS: usize = 20;

impl Dashboard {
    /// The busiest topics, and the others.
    fn topics(&self) -> [&[WorkOf]; 2] {
        let (first, others) = self.categories.split_at(self.categories.len().min(TOPICS));
        [first, others]
    }
}

impl DashboardPage {
    /// A share in per cent; a dash without one.
    #[expect(clippy::ref_option, reason = "templates pass references")]
    fn share(&self, share: &Option<f64>) -> String {
        share.map_or_else(|| "—".to_owned(), |share| self.l.percent(&share))
    }

    /// The mean mark with its interval.
    fn mark(&self, work: &Work) -> String {
        let Some(mark) = work.mark else { return "—".to_owned() };
        let mean = self.l.decimal(&mark.mean);
        match (mark.low, mark.high) {
            (Some(low), Some(high)) => {
                let range =
                    self.l.with2("figure-range", "low", self.l.decimal(&low), "high", self.l.decimal(&high));
                format!("{mean} {range}")
            }
            _ => mean,
        }
    }

    /// The search for the submissions of a category.
    fn found(&self, part: &WorkOf, dashboard: &Dashboard) -> Address {
        let category = part.of.as_ref().map_or(NO_CATEGORY, |category| &category.id);
        let all = Address::new("/search").with("category", category);
        let own = self.l.viewer.as_ref().and_then(|viewer| viewer.organization.as_ref());
        // A search by staff is confined to their own organization and those under it anyway.
        let all = if own.is_some_and(|own| own.as_str() == dashboard.organization.id) {
            all
        } else {
            all.with("organization", &dashboard.organization.id)
        };
        all.with("from", dashboard.from).with("to", dashboard.to)
    }
}
