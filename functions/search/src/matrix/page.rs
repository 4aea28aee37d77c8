//! The page of a matrix.

use askama::Template;
use axum::response::Response;
use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use entrypoint::http::{Failure, FormValues};
use jiff::civil::Date;
use pages::prelude::*;
use pages::{Address, Choice};

use super::answer::MatrixAnswer;
use super::comparison::{Baseline, Comparison};
use super::heat_map::HeatMap;
use super::measure::Measure;
use crate::missing;
use crate::question::choices;
use crate::question::context::ReadContext;
use crate::question::refused::RefusedQuestion;
use crate::question::selected::{ActiveFilter, SelectedFilters, active, line_hint, values};

struct Tab {
    text: String,
    to: Address,
    current: bool,
}

/// The path from the top of a tree: names with addresses, the last one without.
type Breadcrumbs = Vec<(String, Option<Address>)>;

#[derive(Template)]
#[template(path = "matrix.html")]
struct MatrixPage {
    l: Layout,
    form: Form,
    categories: Vec<Choice>,
    territories: Option<Vec<Choice>>,
    organizations: Option<Vec<Choice>>,
    statuses: Vec<Choice>,
    kinds: Vec<Choice>,
    active: Vec<ActiveFilter>,
    rows: Vec<Choice>,
    columns: Vec<Choice>,
    /// One for each measure.
    tabs: Vec<Tab>,
    ways: Vec<(&'static str, Breadcrumbs)>,
    heat: Option<HeatMap>,
    reads_texts: bool,
    measure: &'static str,
    /// There are submissions, but no answers to take the measure from.
    nothing_measured: bool,
    sort: String,
    /// One for each baseline.
    compares: Vec<Tab>,
    compared: Option<String>,
    missing: Option<String>,
    here: Address,
    /// The line in parts, each with whether it is wrong.
    marked: Vec<(String, bool)>,
}

/// Fields of the form that are no filters.
const SHAPE: [&str; 3] = ["rows", "columns", "compare"];

/// The page of a matrix, or the form as it came back.
pub(crate) async fn show(
    context: &ReadContext<'_>,
    l: Layout,
    answer: Result<MatrixAnswer, RefusedQuestion>,
) -> Result<Response, Failure> {
    let here = Address::of(&l.here).lasting();
    let organizations = choices::organizations(context).await?;
    match answer {
        Ok(answer) => {
            let form = Form::filled(form_values(&here, Some(&answer.selected)));
            let page =
                MatrixPage::of_form(context, l, here, form, answer.measure).with_answer(context, &answer);
            html(&MatrixPage { organizations, ..page })
        }
        Err(refused) => {
            let marked = refused.marked(here.get("q"));
            let status = refused.failure.refusal().status;
            let form = Form::refused(&l, Some(form_values(&here, None)), refused.failure)?;
            let page = MatrixPage::of_form(context, l, here, form, Measure::Count);
            html_with(status, &MatrixPage { organizations, marked, ..page })
        }
    }
}

fn form_values(here: &Address, selected: Option<&SelectedFilters>) -> FormValues {
    let mut values = values(here, selected);
    for name in SHAPE {
        values.set(name, here.get(name));
    }
    values
}

impl MatrixPage {
    /// The page without figures.
    fn of_form(context: &ReadContext<'_>, l: Layout, here: Address, form: Form, measure: Measure) -> Self {
        let level = |text: &str, n: usize| Choice::new(n.to_string(), l.named(text, n));
        Self {
            categories: choices::categories(&l, &context.rulebook),
            territories: pages::choices::territories(&l, &context.rulebook.territories),
            organizations: None,
            statuses: choices::statuses(&l),
            kinds: choices::kinds(&l),
            active: Vec::new(),
            rows: [1, 2].map(|n| level("matrix-rows", n)).into(),
            columns: [1, 2, 3].map(|n| level("matrix-columns", n)).into(),
            tabs: measures(&l, &here, measure),
            ways: Vec::new(),
            heat: None,
            reads_texts: context.reads_texts(),
            measure: measure.as_str(),
            nothing_measured: false,
            sort: here.get("sort").to_owned(),
            compares: baselines(&l, &here),
            compared: None,
            missing: None,
            marked: Vec::new(),
            form,
            here,
            l,
        }
    }

    fn with_answer(self, context: &ReadContext<'_>, answer: &MatrixAnswer) -> Self {
        let (l, here, rulebook) = (&self.l, &self.here, &context.rulebook);
        // A table of empty cells would look like a mistake.
        let of_answers = matches!(answer.measure, Measure::Mark | Measure::AnswerTime);
        let nothing_measured = of_answers && answer.table.total.measured(answer.measure).is_none();
        let has_table = !answer.table.cells.is_empty() && !nothing_measured;
        Self {
            active: active(l, here, &self.form, &answer.selected, rulebook),
            ways: breadcrumbs(l, here, &answer.selected, rulebook),
            heat: has_table.then(|| HeatMap::of(l, here, answer, rulebook, context.reads_texts())),
            nothing_measured,
            compared: answer.compared.as_ref().map(|compared| in_words(l, compared)),
            missing: missing::note(l, &answer.missing_quarters),
            ..self
        }
    }

    /// The text that says what can be typed into the line.
    fn line_hint(&self) -> &'static str {
        line_hint(self.reads_texts)
    }
}

fn measures(l: &Layout, here: &Address, current: Measure) -> Vec<Tab> {
    let tab = |measure: Measure| Tab {
        text: l.named("measure", measure.as_str()),
        to: match measure {
            Measure::Count => here.without("measure"),
            Measure::Open
            | Measure::Overdue
            | Measure::Reopened
            | Measure::Mark
            | Measure::AnswerTime
            | Measure::Growth => here.with("measure", measure.as_str()),
        },
        current: measure == current,
    };
    Measure::ALL.map(tab).into()
}

fn baselines(l: &Layout, here: &Address) -> Vec<Tab> {
    let chosen = Some(here.get("compare")).filter(|chosen| !chosen.is_empty());
    let chosen = chosen.unwrap_or(Baseline::Before.as_str());
    let tab = |baseline: Baseline| Tab {
        text: l.named("compare", baseline.as_str()),
        to: here.with("compare", baseline.as_str()),
        current: baseline.as_str() == chosen,
    };
    Baseline::ALL.map(tab).into()
}

/// The breadcrumbs of each tree, with their label.
fn breadcrumbs(
    l: &Layout,
    here: &Address,
    selected: &SelectedFilters,
    rulebook: &Rulebook,
) -> Vec<(&'static str, Breadcrumbs)> {
    let mut all = Vec::new();
    if let Some(category) = &selected.category {
        let top = (l.t("matrix-all-categories"), Some(here.without("category").without("rows")));
        all.push(("matrix-category-way", path(here, "category", &rulebook.categories, category, Some(top))));
    }
    let territories = path(here, "territory", &rulebook.territories, &selected.territory, None);
    if territories.len() > 1 {
        all.push(("matrix-territory-way", territories));
    }
    all
}

fn path<N: Node>(
    here: &Address,
    name: &str,
    tree: &Tree<N>,
    id: &N::Id,
    top: Option<(String, Option<Address>)>,
) -> Breadcrumbs {
    let levels = if name == "category" { "rows" } else { "columns" };
    let step = |node: &N| {
        let to = here.without(levels).without("sort").with(name, node.id());
        (node.name().to_owned(), (node.id() != id).then_some(to))
    };
    let mut steps: Vec<_> = tree.upward(id).map(step).collect();
    steps.reverse();
    top.into_iter().chain(steps).collect()
}

/// Both periods in words.
fn in_words(l: &Layout, compared: &Comparison) -> String {
    let days = |(first, last): (Date, Date)| format!("{} – {}", l.date(&first), l.date(&last));
    l.with2("matrix-compared", "now", days(compared.now), "before", days(compared.before))
}
