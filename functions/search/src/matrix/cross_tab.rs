//! The cross-tabulation of categories by territories: leaves are summed up to a level of each tree, with the sums of rows and
//! columns.

use std::collections::{BTreeMap, HashMap};

use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use search_index::{AnswerTimes, CellCounts, MatrixCounts};

use super::measure::{CellStats, Measure};
use crate::question::NO_CATEGORY;

/// The depth in each tree at which leaves are summed up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// A row or a column.
#[derive(Debug, Clone)]
pub(crate) struct AxisEntry {
    pub(crate) id: String,
    /// None for the row of submissions without category: its name is a text of the page. An id that has left the directory is
    /// its own name.
    pub(crate) name: Option<String>,
    pub(crate) parent: Option<String>,
    /// The entry has entries below it, but holds only what names the entry itself.
    pub(crate) direct: bool,
    /// The directory has entries below it.
    pub(crate) has_below: bool,
    pub(crate) stats: CellStats,
}

/// Categories by territories.
#[derive(Debug)]
pub(crate) struct CrossTab {
    /// The largest first.
    pub(crate) rows: Vec<AxisEntry>,
    /// The largest first.
    pub(crate) columns: Vec<AxisEntry>,
    /// By row and column; empty cells are left out.
    pub(crate) cells: BTreeMap<(String, String), CellStats>,
    pub(crate) total: CellStats,
}

/// The counts of the index.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) now: MatrixCounts,
    /// By the same groups as `now`; none if they were not asked for.
    pub(crate) answer_times: Option<AnswerTimes>,
    /// Of the baseline; none if nothing is compared.
    pub(crate) before: Option<MatrixCounts>,
}

#[derive(Default)]
struct Sums {
    rows: HashMap<String, CellStats>,
    columns: HashMap<String, CellStats>,
    cells: BTreeMap<(String, String), CellStats>,
    total: CellStats,
}

impl Sums {
    /// Adds every cell that is not empty to its cell, its row, its column and the total.
    fn add(&mut self, counted: &MatrixCounts, add: impl Fn(&mut CellStats, &CellCounts)) {
        for ((row, column), cell) in
            coordinates(counted).zip(&counted.cells).filter(|(_, cell)| cell.count > 0)
        {
            add(self.rows.entry(row.clone()).or_default(), cell);
            add(self.columns.entry(column.clone()).or_default(), cell);
            add(self.cells.entry((row.clone(), column.clone())).or_default(), cell);
            add(&mut self.total, cell);
        }
    }

    fn set_answer_times(&mut self, counted: &MatrixCounts, times: &AnswerTimes) {
        for (row, minutes) in counted.rows.iter().zip(&times.rows) {
            self.rows.entry(row.clone()).and_modify(|sum| sum.answer_minutes = *minutes);
        }
        for (column, minutes) in counted.columns.iter().zip(&times.columns) {
            self.columns.entry(column.clone()).and_modify(|sum| sum.answer_minutes = *minutes);
        }
        for ((row, column), minutes) in coordinates(counted).zip(&times.cells) {
            if let Some(sum) = self.cells.get_mut(&(row.clone(), column.clone())) {
                sum.answer_minutes = *minutes;
            }
        }
        self.total.answer_minutes = times.total;
    }

    fn each(&mut self, change: impl Fn(&mut CellStats)) {
        self.rows
            .values_mut()
            .chain(self.columns.values_mut())
            .chain(self.cells.values_mut())
            .for_each(&change);
        change(&mut self.total);
    }
}

/// The row and the column of each cell, in the order of the cells.
fn coordinates(counted: &MatrixCounts) -> impl Iterator<Item = (&String, &String)> {
    counted.rows.iter().flat_map(|row| counted.columns.iter().map(move |column| (row, column)))
}

impl CrossTab {
    pub(crate) fn of(counted: &Counts, levels: Levels, rulebook: &Rulebook) -> Self {
        let mut sums = Sums::default();
        sums.add(&counted.now, |sum, cell| sum.now += *cell);
        if let Some(before) = &counted.before {
            sums.add(before, |sum, cell| *sum.before.get_or_insert(0) += cell.count);
        }
        if let Some(times) = &counted.answer_times {
            sums.set_answer_times(&counted.now, times);
        }
        if counted.before.is_some() {
            sums.each(|sum| {
                sum.before.get_or_insert(0);
            });
        }
        let Sums { rows, columns, cells, total } = sums;
        let rows = entries(rows, &rulebook.categories, levels.rows);
        let columns = entries(columns, &rulebook.territories, levels.columns);
        Self { rows, columns, cells, total }
    }

    pub(crate) fn cell(&self, row: &AxisEntry, column: &AxisEntry) -> Option<&CellStats> {
        self.cells.get(&(row.id.clone(), column.id.clone()))
    }

    /// Sorts the rows: by `name`, by the measure in the column with this id, else by the measure in all columns. A row without a
    /// name, or without a value, comes last.
    pub(crate) fn sort(&mut self, by: &str, measure: Measure) {
        let Self { rows, cells, columns, .. } = self;
        if by == "name" {
            rows.sort_by(|a, b| {
                let key = |row: &AxisEntry| (row.name.is_none(), row.name.clone(), row.id.clone());
                key(a).cmp(&key(b))
            });
            return;
        }
        let in_column = columns.iter().any(|column| column.id == by);
        let value = |row: &AxisEntry| {
            let stats =
                if in_column { cells.get(&(row.id.clone(), by.to_owned())) } else { Some(&row.stats) };
            stats.and_then(|stats| stats.measured(measure))
        };
        // Low marks are the bad ones: they come first.
        let rank = |row: &AxisEntry| match value(row) {
            Some(value) if measure == Measure::Mark => value,
            Some(value) => -value,
            None => f64::INFINITY,
        };
        rows.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| a.id.cmp(&b.id)));
    }
}

impl Levels {
    /// The row of a category. Submissions without category have a row of their own, and so has a category that has left the
    /// directory.
    pub(crate) fn row(self, category: Option<&str>, rulebook: &Rulebook) -> String {
        let Some(id) = category else { return NO_CATEGORY.to_owned() };
        let above = id.parse().ok().and_then(|id| at_level(&rulebook.categories, &id, self.rows));
        above.unwrap_or_else(|| id.to_owned())
    }

    /// The column of a territory.
    pub(crate) fn column(self, territory: &str, rulebook: &Rulebook) -> String {
        let above = territory.parse().ok().and_then(|id| at_level(&rulebook.territories, &id, self.columns));
        above.unwrap_or_else(|| territory.to_owned())
    }
}

/// The node `level` steps below the root on the way to this one; the node itself if it is higher.
fn at_level<N: Node>(tree: &Tree<N>, id: &N::Id, level: usize) -> Option<String> {
    let path: Vec<&N> = tree.upward(id).collect();
    let from_leaf = path.len().checked_sub(1)?.saturating_sub(level);
    path.get(from_leaf).map(|node| node.id().to_string())
}

fn entries<N: Node>(stats: HashMap<String, CellStats>, tree: &Tree<N>, level: usize) -> Vec<AxisEntry>
where
    N::Id: std::str::FromStr,
{
    let entry = |(id, stats): (String, CellStats)| {
        let node = id.parse().ok().and_then(|id| tree.get(&id));
        let has_below = node.is_some_and(|node| !tree.children(node.id()).is_empty());
        AxisEntry {
            name: (id != NO_CATEGORY).then(|| node.map_or(id.as_str(), Node::name).to_owned()),
            parent: node.and_then(Node::parent).map(ToString::to_string),
            direct: has_below && node.is_some_and(|node| tree.depth(node.id()) < level),
            has_below,
            id,
            stats,
        }
    };
    let mut entries: Vec<AxisEntry> = stats.into_iter().map(entry).collect();
    entries.sort_by(|a, b| (b.stats.now.count, &a.id).cmp(&(a.stats.now.count, &b.id)));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::rulebook;

    /// The counts by the groups that the levels make of leaves.
    fn counts(levels: Levels, leaves: &[(Option<&str>, &str, CellCounts)]) -> MatrixCounts {
        let rulebook = rulebook();
        let place = |(category, territory, cell): &(Option<&str>, &str, CellCounts)| {
            ((levels.row(*category, &rulebook), levels.column(territory, &rulebook)), *cell)
        };
        let placed: Vec<((String, String), CellCounts)> = leaves.iter().map(place).collect();
        let mut rows: Vec<String> = placed.iter().map(|((row, _), _)| row.clone()).collect();
        let mut columns: Vec<String> = placed.iter().map(|((_, column), _)| column.clone()).collect();
        for ids in [&mut rows, &mut columns] {
            ids.sort();
            ids.dedup();
        }
        let mut cells = vec![CellCounts::default(); rows.len() * columns.len()];
        for ((row, column), cell) in placed {
            let row = rows.iter().position(|id| *id == row).unwrap();
            let column = columns.iter().position(|id| *id == column).unwrap();
            cells[row * columns.len() + column] += cell;
        }
        MatrixCounts { rows, columns, cells }
    }

    fn of(count: u64) -> CellCounts {
        CellCounts { count, ..CellCounts::default() }
    }

    fn marked(count: u64, mark: u64) -> CellCounts {
        CellCounts { count, marks: count, mark_sum: count * mark, ..CellCounts::default() }
    }

    const GROUPS: Levels = Levels { rows: 0, columns: 1 };

    fn table(levels: Levels, leaves: &[(Option<&str>, &str, CellCounts)]) -> CrossTab {
        let counts = Counts { now: counts(levels, leaves), ..Counts::default() };
        CrossTab::of(&counts, levels, &rulebook())
    }

    fn rows(table: &CrossTab) -> Vec<&str> {
        table.rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn leaves_are_summed_up_to_their_level_with_rows_columns_and_total() {
        let leaves = [
            (Some("pothole"), "north", of(3)),
            (Some("snow"), "town", of(4)),
            (Some("snow"), "east", of(1)),
            (Some("air"), "east", of(2)),
        ];
        let groups = table(GROUPS, &leaves);
        let cell = |row: &str, column: &str| groups.cells[&(row.to_owned(), column.to_owned())].now.count;
        assert_eq!((cell("roads", "town"), cell("roads", "east"), cell("air", "east")), (7, 1, 2));
        assert!(
            !groups.cells.contains_key(&("air".to_owned(), "town".to_owned())),
            "empty cells are left out"
        );
        let sums = |axis: &[AxisEntry]| -> Vec<(String, u64)> {
            axis.iter().map(|entry| (entry.id.clone(), entry.stats.now.count)).collect()
        };
        assert_eq!(sums(&groups.rows), [("roads".to_owned(), 8), ("air".to_owned(), 2)]);
        assert_eq!(sums(&groups.columns), [("town".to_owned(), 7), ("east".to_owned(), 3)]);
        assert_eq!(groups.total.now.count, 10);
        let topics = table(Levels { rows: 1, columns: 2 }, &leaves);
        assert_eq!(rows(&topics), ["snow", "pothole", "air"]);
    }

    #[test]
    fn an_entry_above_the_level_holds_only_what_names_it() {
        let topics = Levels { rows: 1, columns: 2 };
        let found = table(topics, &[(Some("roads"), "town", of(1)), (Some("pothole"), "north", of(1))]);
        let flags = |id: &str| {
            let all = found.rows.iter().chain(&found.columns);
            all.filter(|entry| entry.id == id).map(|entry| (entry.direct, entry.has_below)).next().unwrap()
        };
        assert_eq!((flags("roads"), flags("town")), ((true, true), (true, true)));
        assert_eq!((flags("pothole"), flags("north")), ((false, false), (false, false)));
        let groups = table(GROUPS, &[(Some("pothole"), "north", of(1))]);
        assert_eq!((groups.rows[0].direct, groups.rows[0].has_below), (false, true));
    }

    #[test]
    fn no_category_has_no_name_and_an_unknown_id_is_its_own() {
        let found = table(GROUPS, &[(None, "town", of(2)), (Some("gone"), "town", of(1))]);
        let names: Vec<_> = found.rows.iter().map(|row| (row.id.as_str(), row.name.as_deref())).collect();
        assert_eq!(names, [("-", None), ("gone", Some("gone"))]);
    }

    #[test]
    fn rows_are_sorted_by_name_by_total_and_by_a_column() {
        let mut found = table(
            GROUPS,
            &[
                (None, "town", of(9)),
                (Some("snow"), "town", of(1)),
                (Some("snow"), "east", of(5)),
                (Some("air"), "town", of(3)),
            ],
        );
        let mut sorted = |by: &str, measure| {
            found.sort(by, measure);
            rows(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(sorted("name", Measure::Count), ["air", "roads", "-"], "what has no name comes last");
        assert_eq!(sorted("total", Measure::Count), ["-", "roads", "air"]);
        assert_eq!(sorted("town", Measure::Count), ["-", "air", "roads"]);
        assert_eq!(sorted("east", Measure::Count), ["roads", "-", "air"], "empty cells come last, by id");
    }

    #[test]
    fn low_marks_come_first_and_rows_without_marks_last() {
        let leaves = [
            (Some("snow"), "town", marked(2, 4)),
            (Some("air"), "town", marked(1, 2)),
            (None, "town", of(9)),
        ];
        let mut found = table(GROUPS, &leaves);
        found.sort("total", Measure::Mark);
        assert_eq!(rows(&found), ["air", "roads", "-"]);
        assert_eq!(found.total.mean_mark(), Some(10.0 / 3.0));
    }

    #[test]
    fn a_baseline_is_zero_where_it_has_nothing() {
        let now = counts(GROUPS, &[(Some("air"), "town", of(5))]);
        let before = counts(GROUPS, &[(Some("snow"), "town", of(2))]);
        let found =
            CrossTab::of(&Counts { now, before: Some(before), answer_times: None }, GROUPS, &rulebook());
        let growth = |id: &str| found.rows.iter().find(|row| row.id == id).unwrap().stats.growth();
        assert_eq!((growth("air"), growth("roads"), found.total.growth()), (Some(5), Some(-2), Some(3)));
        assert_eq!(CellStats::default().growth(), None, "nothing is compared");
    }

    #[test]
    fn answer_times_go_to_their_cells_and_sums() {
        let now = counts(GROUPS, &[(Some("air"), "town", of(5)), (Some("air"), "east", of(1))]);
        assert_eq!(now.columns, ["east", "town"]);
        let times = AnswerTimes {
            cells: vec![None, Some(1_440.0)],
            rows: vec![Some(1_440.0)],
            columns: vec![None, Some(1_440.0)],
            total: Some(720.0),
        };
        let found =
            CrossTab::of(&Counts { now, answer_times: Some(times), before: None }, GROUPS, &rulebook());
        let days = |column: &str| found.cells[&("air".to_owned(), column.to_owned())].answer_days();
        assert_eq!((days("town"), days("east")), (Some(1.0), None));
        assert_eq!((found.rows[0].stats.answer_days(), found.total.answer_days()), (Some(1.0), Some(0.5)));
    }
}
