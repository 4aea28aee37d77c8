//! The matrix as a heat map: a table whose cells are shaded and lead on.

use askama::Template;
use domain::TerritoryId;
use domain::rulebook::Rulebook;
use pages::prelude::*;
use pages::{Address, Markup};

use super::answer::MatrixAnswer;
use super::cell::{heat, highest, text};
use super::cross_tab::AxisEntry;
use super::measure::Measure;
use crate::question::NO_CATEGORY;

pub(crate) struct HeatCell {
    /// The shade, 0 to 6.
    pub(crate) heat: usize,
    pub(crate) text: String,
    pub(crate) link: Option<Address>,
}

/// The header of a row or a column.
pub(crate) struct Header {
    pub(crate) name: String,
    /// The matrix one level deeper.
    pub(crate) deeper: Option<Address>,
    /// The matrix with its rows sorted by this column.
    pub(crate) sort: Address,
    pub(crate) sorted: bool,
}

pub(crate) struct HeatRow {
    pub(crate) header: Header,
    pub(crate) cells: Vec<HeatCell>,
    pub(crate) total: String,
}

/// The matrix as the page shows it.
pub(crate) struct HeatMap {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Header>,
    pub(crate) by_name: Header,
    pub(crate) by_total: Header,
    pub(crate) rows: Vec<HeatRow>,
    pub(crate) totals: Vec<String>,
    pub(crate) total: String,
    /// The numbers of rows and columns that are not shown.
    pub(crate) hidden: (usize, usize),
}

/// The largest numbers of rows and columns on a page. Files have all.
const ROW_LIMIT: usize = 100;
const COLUMN_LIMIT: usize = 30;

/// Everything that the cells of one heat map share.
struct Drawing<'d> {
    l: &'d Layout,
    here: &'d Address,
    answer: &'d MatrixAnswer,
    rulebook: &'d Rulebook,
    /// The viewer may open submissions.
    reads_texts: bool,
    /// The id of the column that the rows are sorted by, `total` or `name`.
    sorted_by: &'d str,
    highest: f64,
}

impl HeatMap {
    pub(crate) fn of(
        l: &Layout,
        here: &Address,
        answer: &MatrixAnswer,
        rulebook: &Rulebook,
        reads_texts: bool,
    ) -> Self {
        let sorted_by = Some(here.get("sort")).filter(|sort| !sort.is_empty()).unwrap_or("total");
        let highest = highest(&answer.table, answer.measure);
        Drawing { l, here, answer, rulebook, reads_texts, sorted_by, highest }.heat_map()
    }
}

impl Drawing<'_> {
    fn heat_map(&self) -> HeatMap {
        let MatrixAnswer { table, measure, .. } = self.answer;
        let columns: Vec<&AxisEntry> = table.columns.iter().take(COLUMN_LIMIT).collect();
        let column = |column: &&AxisEntry| {
            self.header(name(self.l, column), self.deeper("territory", column), &column.id)
        };
        HeatMap {
            caption: self.l.named("matrix-caption", measure.as_str()),
            columns: columns.iter().map(column).collect(),
            by_name: self.header(self.l.t("search-category"), None, "name"),
            by_total: self.header(self.l.t("matrix-total"), None, "total"),
            rows: table.rows.iter().take(ROW_LIMIT).map(|row| self.row(row, &columns)).collect(),
            totals: columns.iter().map(|column| text(self.l, &column.stats, *measure)).collect(),
            total: text(self.l, &table.total, *measure),
            hidden: (
                table.rows.len().saturating_sub(ROW_LIMIT),
                table.columns.len().saturating_sub(COLUMN_LIMIT),
            ),
        }
    }

    fn row(&self, row: &AxisEntry, columns: &[&AxisEntry]) -> HeatRow {
        HeatRow {
            header: self.header(name(self.l, row), self.deeper("category", row), "name"),
            cells: columns.iter().map(|column| self.cell(row, column)).collect(),
            total: text(self.l, &row.stats, self.answer.measure),
        }
    }

    fn cell(&self, row: &AxisEntry, column: &AxisEntry) -> HeatCell {
        let measure = self.answer.measure;
        let Some(stats) = self.answer.table.cell(row, column) else {
            return HeatCell { heat: 0, text: String::new(), link: None };
        };
        let has_value = stats.measured(measure).is_some();
        HeatCell {
            heat: heat(stats, measure, self.highest),
            text: text(self.l, stats, measure),
            link: self.link(row, column).filter(|_| has_value),
        }
    }

    fn header(&self, name: String, deeper: Option<Address>, sort: &str) -> Header {
        Header { name, deeper, sort: self.here.with("sort", sort), sorted: self.sorted_by == sort }
    }

    /// The matrix of the entries below one; none if nothing is below.
    fn deeper(&self, filter: &str, entry: &AxisEntry) -> Option<Address> {
        let level = if filter == "category" { "rows" } else { "columns" };
        let can = entry.has_below && !entry.direct;
        can.then(|| self.here.without(level).without("sort").with(filter, &entry.id))
    }

    /// The submissions of a cell for those who may read them. For others the matrix one level deeper, if there is one.
    fn link(&self, row: &AxisEntry, column: &AxisEntry) -> Option<Address> {
        if self.reads_texts { Some(self.submissions(row, column)) } else { self.deeper_cell(row, column) }
    }

    fn deeper_cell(&self, row: &AxisEntry, column: &AxisEntry) -> Option<Address> {
        let deeper = (row.has_below && !row.direct) || (column.has_below && !column.direct);
        let fits = row.id != NO_CATEGORY && !row.direct && !column.direct;
        let to = self.here.without("rows").without("columns").without("sort");
        (deeper && fits).then(|| to.with("category", &row.id).with("territory", &column.id))
    }

    fn submissions(&self, row: &AxisEntry, column: &AxisEntry) -> Address {
        let MatrixAnswer { measure, compared, selected, .. } = self.answer;
        let kept = self.here.to("/search", &["q", "organization", "status", "kind", "from", "to"]);
        let mut to = within(kept.with("category", &row.id), column, &selected.territory, self.rulebook);
        // Growth is that of the last four weeks if no beginning is chosen.
        if let (Measure::Growth, Some(compared), "") = (measure, compared, to.get("from")) {
            to = to.with("from", compared.now.0);
        }
        let direct = [(row.direct, "category"), (column.direct, "territory")];
        let direct: Vec<&str> = direct.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
        to = to.with("direct", direct.join(","));
        match measure {
            Measure::Open if to.get("status").is_empty() => to.with("status", "open"),
            Measure::Overdue | Measure::Reopened => to.with("only", measure.as_str()),
            Measure::Count | Measure::Open | Measure::Mark | Measure::AnswerTime | Measure::Growth => to,
        }
    }
}

/// The name of a row or a column in the language of the page.
pub(crate) fn name(l: &Layout, entry: &AxisEntry) -> String {
    match &entry.name {
        None => l.t("no-category"),
        Some(name) if entry.direct => l.with("matrix-direct", "name", name),
        Some(name) => name.clone(),
    }
}

/// The search within the territory of a column. The matrix was counted by days of the chosen territory. In another time zone
/// the column is a filter of the line, which leaves those days as they are.
fn within(to: Address, column: &AxisEntry, counted_in: &TerritoryId, rulebook: &Rulebook) -> Address {
    let zone = |id: &TerritoryId| rulebook.local_days(id).zone;
    let shifted = column.id.parse().is_ok_and(|id| zone(&id) != zone(counted_in));
    if !shifted || column.direct {
        return to.with("territory", &column.id);
    }
    let line = format!("{} territory:{}", to.get("q"), column.id);
    to.with("territory", counted_in).with("q", line.trim_start())
}

/// A header with its links.
#[derive(Template)]
#[template(path = "matrix_head.html")]
struct HeaderPart<'h> {
    l: &'h Layout,
    head: &'h Header,
    /// The rows can be sorted by it.
    sorts: bool,
}

impl Header {
    pub(crate) fn markup(&self, l: &Layout, sorts: bool) -> Markup {
        Markup::of(&HeaderPart { l, head: self, sorts })
    }
}
