//! The matrix as a heat map that is a table, and as a table to take away.

use askama::Template;
use axum::response::Response;
use domain::TerritoryId;
use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use entrypoint::App;
use entrypoint::http::Failure;
use jiff::civil::Date;
use pages::prelude::*;
use pages::{Choice, Markup};

use crate::matrix::Counted;
use crate::matrix::cell::{heat, highest, text, value};
use crate::matrix::compare::Compared;
use crate::matrix::grid::{Head, Measure, Sum, measured};
use crate::missing;
use crate::question::choices;
use crate::question::chosen::{Active, active, line_hint, organizations, values};
use crate::question::filter::Sight;
use crate::question::mistake::marked;
use pages::Address;
use pages::table::{Table, Value};

/// A cell with how dark it is, 0 to 6.
struct HeatCell {
    heat: usize,
    text: String,
    to: Option<Address>,
}

/// The head of a row or a column: one level deeper, and for a column the rows sorted by it.
struct HeatHead {
    name: String,
    deeper: Option<Address>,
    sort: Address,
    sorted: bool,
}

struct HeatRow {
    head: HeatHead,
    cells: Vec<HeatCell>,
    total: String,
}

/// The matrix as a table.
struct Heat {
    caption: String,
    columns: Vec<HeatHead>,
    by_name: HeatHead,
    by_total: HeatHead,
    rows: Vec<HeatRow>,
    totals: Vec<String>,
    total: String,
    /// Rows and columns that are not shown.
    hidden: (usize, usize),
}

struct Tab {
    text: String,
    to: Address,
    current: bool,
}

/// The way from the top to what is shown: names, with addresses but for the last.
type Way = Vec<(String, Option<Address>)>;

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
    active: Vec<Active>,
    rows: Vec<Choice>,
    columns: Vec<Choice>,
    tabs: Vec<Tab>,
    /// The way up in each tree.
    ways: Vec<(&'static str, Way)>,
    heat: Option<Heat>,
    reads_texts: bool,
    measure: &'static str,
    nothing_measured: bool,
    sort: String,
    /// What growth is compared with.
    compares: Vec<Tab>,
    /// The two periods in words.
    compared: Option<String>,
    missing: Option<String>,
    here: Address,
    /// The line in parts, those marked that are wrong.
    marked: Vec<(String, bool)>,
}

/// More make a page slow and nobody reads them; files have all.
const ROWS: usize = 100;
const COLUMNS: usize = 30;

/// What else the form has.
const SHAPE: [&str; 3] = ["rows", "columns", "compare"];

/// The page of what was counted, or the form as it came back.
pub(crate) async fn show(
    app: &App,
    l: Layout,
    sight: &Sight,
    rulebook: &Rulebook,
    counted: Result<Counted, Failure>,
) -> Result<Response, Failure> {
    let here = Address::of(&l.here).lasting();
    let mut values = values(&here, counted.as_ref().ok().map(|counted| &counted.chosen));
    for name in SHAPE {
        values.set(name, here.get(name));
    }
    let mut wrong = Vec::new();
    let (form, status, counted) = match counted {
        Ok(counted) => (Form::filled(values), None, Some(counted)),
        Err(failure) => {
            let status = failure.refusal().status;
            wrong = marked(here.get("q"), &failure);
            (Form::refused(&l, Some(values), failure)?, Some(status), None)
        }
    };
    let measure = counted.as_ref().map_or(Measure::Count, |counted| counted.measure);
    // Without answers every cell would be empty.
    let of_answers = matches!(measure, Measure::Mark | Measure::AnswerTime);
    let nothing_measured =
        of_answers && counted.as_ref().is_some_and(|it| measured(&it.grid.total, measure).is_none());
    let tab = |one: Measure| Tab {
        text: l.named("measure", one.as_str()),
        to: if one == Measure::Count { here.without("measure") } else { here.with("measure", one.as_str()) },
        current: one == measure,
    };
    let chosen = Some(here.get("compare")).filter(|compare| !compare.is_empty()).unwrap_or("before");
    let compare = |with: &str| Tab {
        text: l.named("compare", with),
        to: here.with("compare", with),
        current: with == chosen,
    };
    let level = |text: &'static str| {
        let l = &l;
        move |n: &usize| Choice::new(n.to_string(), l.named(text, n))
    };
    let page = MatrixPage {
        categories: choices::categories(&l, rulebook),
        territories: choices::territories(rulebook),
        organizations: organizations(app, sight).await?,
        statuses: choices::statuses(&l),
        kinds: choices::kinds(&l),
        active: counted
            .as_ref()
            .map(|counted| active(&l, &here, &form, &counted.chosen, rulebook))
            .unwrap_or_default(),
        rows: [1, 2].iter().map(level("matrix-rows")).collect(),
        columns: [1, 2, 3].iter().map(level("matrix-columns")).collect(),
        tabs: Measure::ALL.map(tab).into(),
        ways: counted.as_ref().map(|counted| ways(&l, &here, counted, rulebook)).unwrap_or_default(),
        heat: counted
            .as_ref()
            .filter(|counted| !counted.grid.cells.is_empty() && !nothing_measured)
            .map(|counted| Heat::of(&l, &here, counted, rulebook, sight.reads_texts())),
        reads_texts: sight.reads_texts(),
        measure: measure.as_str(),
        nothing_measured,
        compares: ["before", "year"].map(compare).into(),
        compared: counted.as_ref().and_then(|counted| counted.compared.as_ref()).map(|it| in_words(&l, it)),
        missing: counted.as_ref().and_then(|counted| missing::note(&l, &counted.missing)),
        sort: here.get("sort").to_owned(),
        marked: wrong,
        form,
        here,
        l,
    };
    html_with(status.unwrap_or_default(), &page)
}

/// From everything down to what is shown.
fn ways(l: &Layout, here: &Address, counted: &Counted, rulebook: &Rulebook) -> Vec<(&'static str, Way)> {
    let mut ways = Vec::new();
    if let Some(category) = &counted.chosen.category {
        let top = (l.t("matrix-all-categories"), Some(here.without("category").without("rows")));
        ways.push(("matrix-category-way", way(here, "category", &rulebook.categories, category, Some(top))));
    }
    let territories = way(here, "territory", &rulebook.territories, &counted.chosen.territory, None);
    if territories.len() > 1 {
        ways.push(("matrix-territory-way", territories));
    }
    ways
}

fn way<N: Node>(
    here: &Address,
    name: &str,
    tree: &Tree<N>,
    id: &N::Id,
    top: Option<(String, Option<Address>)>,
) -> Way {
    let levels = if name == "category" { "rows" } else { "columns" };
    let step = |node: &N| {
        let to = here.without(levels).without("sort").with(name, node.id());
        (node.name().to_owned(), (node.id() != id).then_some(to))
    };
    let mut steps: Vec<_> = tree.upward(id).map(step).collect();
    steps.reverse();
    top.into_iter().chain(steps).collect()
}

impl Heat {
    fn of(l: &Layout, here: &Address, counted: &Counted, rulebook: &Rulebook, reads_texts: bool) -> Self {
        let Counted { grid, measure, .. } = counted;
        let sort = Some(here.get("sort")).filter(|sort| !sort.is_empty()).unwrap_or("total");
        let head = |name: String, deeper: Option<Address>, by: &str| HeatHead {
            name,
            deeper,
            sort: here.with("sort", by),
            sorted: sort == by,
        };
        let deeper = |name: &'static str, levels: &str, entry: &Head| {
            let can = entry.has_below && !entry.direct;
            can.then(|| here.without(levels).without("sort").with(name, &entry.id))
        };
        let shown_columns: Vec<&Head> = grid.columns.iter().take(COLUMNS).collect();
        let highest = highest(grid, *measure);
        let row = |row: &Head| HeatRow {
            head: head(said(l, row), deeper("category", "rows", row), "name"),
            cells: shown_columns
                .iter()
                .map(|column| match grid.cell(row, column) {
                    Some(sum) => HeatCell {
                        heat: heat(sum, *measure, highest),
                        text: text(l, sum, *measure),
                        to: link(here, (row, column), counted, rulebook, reads_texts)
                            .filter(|_| measured(sum, *measure).is_some()),
                    },
                    None => HeatCell { heat: 0, text: String::new(), to: None },
                })
                .collect(),
            total: text(l, &row.sum, *measure),
        };
        Self {
            caption: l.named("matrix-caption", measure.as_str()),
            columns: shown_columns
                .iter()
                .map(|column| head(said(l, column), deeper("territory", "columns", column), &column.id))
                .collect(),
            by_name: head(l.t("search-category"), None, "name"),
            by_total: head(l.t("matrix-total"), None, "total"),
            rows: grid.rows.iter().take(ROWS).map(row).collect(),
            totals: shown_columns.iter().map(|column| text(l, &column.sum, *measure)).collect(),
            total: text(l, &grid.total, *measure),
            hidden: (grid.rows.len().saturating_sub(ROWS), grid.columns.len().saturating_sub(COLUMNS)),
        }
    }
}

/// The name of a row or a column in the page's language.
fn said(l: &Layout, head: &Head) -> String {
    if head.id == crate::question::filter::NO_CATEGORY {
        return l.t("no-category");
    }
    if head.direct { l.with("matrix-direct", "name", &head.name) } else { head.name.clone() }
}

/// To the messages for those who may read them; for everyone else one level deeper, if there is one.
fn link(
    here: &Address,
    (row, column): (&Head, &Head),
    counted: &Counted,
    rulebook: &Rulebook,
    reads_texts: bool,
) -> Option<Address> {
    if !reads_texts {
        let deeper = (row.has_below && !row.direct) || (column.has_below && !column.direct);
        let fits = row.id != crate::question::filter::NO_CATEGORY && !row.direct && !column.direct;
        let to = here.without("rows").without("columns").without("sort");
        return (deeper && fits).then(|| to.with("category", &row.id).with("territory", &column.id));
    }
    let kept = here.to("/search", &["q", "organization", "status", "kind", "from", "to"]);
    let mut to = within(kept.with("category", &row.id), column, &counted.chosen.territory, rulebook);
    // Growth is of the last four weeks if no others are chosen.
    if let (Measure::Growth, Some(compared), "") = (counted.measure, &counted.compared, to.get("from")) {
        to = to.with("from", compared.now.0);
    }
    let direct: Vec<&str> = [(row.direct, "category"), (column.direct, "territory")]
        .into_iter()
        .filter_map(|(direct, name)| direct.then_some(name))
        .collect();
    if !direct.is_empty() {
        to = to.with("direct", direct.join(","));
    }
    match counted.measure {
        Measure::Open if to.get("status").is_empty() => Some(to.with("status", "open")),
        Measure::Overdue | Measure::Reopened => Some(to.with("only", counted.measure.as_str())),
        _ => Some(to),
    }
}

/// Within a column. Its days may begin at another hour than those that were counted by, which are of the chosen territory:
/// then it is a filter in the line, which leaves them what they are.
fn within(to: Address, column: &Head, counted_in: &TerritoryId, rulebook: &Rulebook) -> Address {
    let zone = |id: &TerritoryId| rulebook.local_days(id).zone;
    let shifted = column.id.parse().is_ok_and(|id| zone(&id) != zone(counted_in));
    if !shifted || column.direct {
        return to.with("territory", &column.id);
    }
    let line = format!("{} territory:{}", to.get("q"), column.id);
    to.with("territory", counted_in).with("q", line.trim_start())
}

/// Both periods.
fn in_words(l: &Layout, compared: &Compared) -> String {
    let days = |(first, last): (Date, Date)| format!("{} – {}", l.date(&first), l.date(&last));
    l.with2("matrix-compared", "now", days(compared.now), "before", days(compared.before))
}

/// The table as it is shown, whole; beside each mean mark the number of marks.
pub(crate) fn export(l: &Layout, counted: &Counted) -> Table {
    let Counted { grid, measure, .. } = counted;
    let values = |sum: Option<&Sum>| {
        let sum = sum.copied().unwrap_or_default();
        let marks = (*measure == Measure::Mark).then_some(Value::Count(sum.now.marks));
        [value(&sum, *measure)].into_iter().chain(marks)
    };
    let named = |name: String| {
        let marks = (*measure == Measure::Mark).then(|| l.with("matrix-marks-of", "name", &name));
        [name].into_iter().chain(marks)
    };
    let total = l.t("matrix-total");
    let columns = grid.columns.iter().map(|column| said(l, column)).chain([total.clone()]);
    let heading = [l.t("search-category")].into_iter().chain(columns.flat_map(named));
    let row = |name: String, cells: Vec<Option<&Sum>>| -> Vec<Value> {
        [Value::Text(name)].into_iter().chain(cells.into_iter().flat_map(values)).collect()
    };
    let rows = grid.rows.iter().map(|of| {
        let cells = grid.columns.iter().map(|column| grid.cell(of, column));
        row(said(l, of), cells.chain([Some(&of.sum)]).collect())
    });
    let last = grid.columns.iter().map(|column| Some(&column.sum)).chain([Some(&grid.total)]);
    let rows = rows.chain([row(total.clone(), last.collect())]).collect();
    Table { name: "matrix", heading: heading.collect(), rows }.with_note(missing::note(l, &counted.missing))
}

/// A head with its links, as markup.
#[derive(Template)]
#[template(path = "matrix_head.html")]
struct HeadPart<'h> {
    l: &'h Layout,
    head: &'h HeatHead,
    /// Can the rows be sorted by it?
    sorts: bool,
}

impl MatrixPage {
    /// What can be written into the line.
    fn line_hint(&self) -> &'static str {
        line_hint(self.reads_texts)
    }

    fn head(&self, head: &HeatHead, sorts: bool) -> Markup {
        Markup::of(&HeadPart { l: &self.l, head, sorts })
    }
}
