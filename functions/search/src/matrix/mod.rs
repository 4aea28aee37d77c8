//! `GET /matrix`: the matrix of systemic problems, categories by territories.

mod answer;
mod cell;
mod comparison;
mod cross_tab;
mod heat_map;
mod measure;
mod page;
mod table;
mod view;

pub(crate) use comparison::Baseline;
pub(crate) use measure::Measure;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::rulebook::Rulebook;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query};
use jiff::Timestamp;
use pages::Visit;
use pages::table::Format;
use search_index::OpenLevel;
use serde::Deserialize;
use utoipa::IntoParams;

use self::answer::{MatrixAnswer, sendable};
use self::comparison::{Comparison, four_weeks_before, period};
use self::cross_tab::{Counts, CrossTab, Levels};
use self::view::SystemicProblemMatrix;
use crate::question::context::ReadContext;
use crate::question::filter::{RawFilter, ResolvedFilter};
use crate::question::refused::RefusedQuestion;
use crate::question::selected::SelectedFilters;
use crate::reader::Reader;

/// The question of a matrix.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatrixQuery {
    /// As in the search; words are for analysts and staff, filters for everybody.
    q: Option<String>,
    /// Id or exact name; a group stands for all its topics.
    category: Option<String>,
    /// Id or exact name; stands for everything in it.
    territory: Option<String>,
    /// Id or exact name.
    organization: Option<String>,
    /// `report` or `appeal`.
    kind: Option<String>,
    /// `open`, or statuses with commas between.
    status: Option<String>,
    /// First day or instant of receipt.
    from: Option<String>,
    /// Last day of receipt, or the instant after the last.
    to: Option<String>,
    /// Levels of categories: 1 for groups, 2 for topics. 1 if left out, 2 if a category is chosen.
    rows: Option<usize>,
    /// Levels of territories below the chosen one, 0 to 10. 1 if left out. More than 25,000 cells are a problem of this
    /// field.
    columns: Option<usize>,
    /// What pages and files show: `count`, `open`, `overdue`, `reopened`, `mark`, `answer-time` or `growth`. For growth
    /// without `from` the last four weeks are looked at.
    measure: Option<String>,
    /// What a period is compared with: `before`, as many weeks right before it, or `year`, the same weeks a year before.
    /// `before` if left out.
    compare: Option<String>,
    /// Order of the rows: `total`, `name`, or the id of a column; by `measure`. The largest count if left out.
    sort: Option<String>,
    /// `csv` or `xlsx`: the table as a file.
    format: Option<String>,
}

/// Count submissions by category and territory.
#[utoipa::path(get, path = "/matrix", tag = "search", params(MatrixQuery),
    responses((status = 200, body = SystemicProblemMatrix), Failure))]
pub(crate) async fn matrix(
    app: App,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<MatrixQuery>,
) -> Result<Response, Failure> {
    let context = ReadContext::of(&app, &reader, &caller).await?;
    let format = Format::of(query.format.as_deref())?;
    let needs_all_measures = format.is_none() && !visit.page;
    let answer = answer(&context, &query, needs_all_measures).await;
    if let Some(format) = format {
        return table::table(&visit.layout, &answer?).response(format).await;
    }
    if visit.page {
        return page::show(&context, visit.layout, answer).await;
    }
    Ok(Json(SystemicProblemMatrix::from(answer?)).into_response())
}

/// Counts for one measure, or for all of them.
async fn answer(
    context: &ReadContext<'_>,
    query: &MatrixQuery,
    needs_all_measures: bool,
) -> Result<MatrixAnswer, RefusedQuestion> {
    let measure = query.measure()?;
    let baseline = query.baseline()?;
    let mut resolved = query.filter().resolve(context.app, &context.rulebook).await?;
    // Counts are public; counts of a word are not.
    if !resolved.query.words.is_empty() {
        context.scope.allow_words(context.caller)?;
        context.scope.confine(&mut resolved.query.filter);
    }
    let levels = query.levels(&resolved, &context.rulebook)?;
    let selected = SelectedFilters::of(&resolved);
    let now = context.app.clock.now();
    if measure == Measure::Growth {
        bound_growth(&mut resolved, now);
    }
    let compared = (needs_all_measures || measure == Measure::Growth)
        .then(|| Comparison::of(&resolved.query.filter, baseline, now, &resolved.zone))
        .flatten();
    let counting = Counting { resolved, levels, measure, compared: compared.clone(), now };
    let (counts, missing_quarters) = counting.counts(context).await?;
    let mut table = sendable(CrossTab::of(&counts, levels, &context.rulebook))?;
    if let Some(by) = query.sort.as_deref().or((measure == Measure::Growth).then_some("total")) {
        table.sort(by, measure);
    }
    Ok(MatrixAnswer { table, selected, measure, compared, missing_quarters })
}

/// Growth without a beginning is that of the last four weeks.
fn bound_growth(resolved: &mut ResolvedFilter, now: Timestamp) {
    let filter = &mut resolved.query.filter;
    if let (None, end) = period(filter) {
        let end = end.map_or(now, |end| end.min(now));
        filter.received_from = four_weeks_before(end, &resolved.zone);
    }
}

/// One pass over the index.
struct Counting {
    resolved: ResolvedFilter,
    levels: Levels,
    measure: Measure,
    compared: Option<Comparison>,
    now: Timestamp,
}

impl Counting {
    /// The counts, and the quarters that are missing from them.
    async fn counts(self, context: &ReadContext<'_>) -> Result<(Counts, Vec<String>), Failure> {
        let Self { resolved, levels, measure, compared, now } = self;
        let earlier = compared.as_ref().map(|compared| compared.baseline_query(&resolved.query));
        // Medians of millions take a while, and everybody may ask: only for the measure that needs them.
        let needs_answer_times = measure == Measure::AnswerTime;
        let trees: Arc<Rulebook> = Arc::clone(&context.rulebook);
        let needs = OpenLevel::of(&resolved.query.words);
        let count = move |index: &search_index::Searcher| {
            let row = |category: Option<&str>| Some(levels.row(category, &trees));
            let column = |territory: &str| Some(levels.column(territory, &trees));
            let grid = |query| index.matrix(query, row, column, now);
            let answer_times = needs_answer_times.then(|| index.answer_times(&resolved.query, row, column));
            let counts = Counts {
                now: grid(&resolved.query)?,
                answer_times: answer_times.transpose()?,
                before: earlier.as_ref().map(grid).transpose()?,
            };
            Ok((counts, index.missing()))
        };
        context.reader.ask(context.app, needs, count).await
    }
}

impl MatrixQuery {
    fn filter(&self) -> RawFilter<'_> {
        RawFilter {
            q: self.q.as_deref(),
            category: self.category.as_deref(),
            territory: self.territory.as_deref(),
            organization: self.organization.as_deref(),
            kind: self.kind.as_deref(),
            direct: None,
            only: None,
            status: self.status.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }

    fn measure(&self) -> Result<Measure, Failure> {
        let wanted = self.measure.as_deref().unwrap_or("count");
        let found = Measure::ALL.into_iter().find(|measure| measure.as_str() == wanted);
        found.ok_or_else(|| {
            Failure::field("measure", format!("give one of {}", Measure::ALL.map(Measure::as_str).join(", ")))
        })
    }

    fn baseline(&self) -> Result<Baseline, Failure> {
        let wanted = self.compare.as_deref().unwrap_or("before");
        let found = Baseline::ALL.into_iter().find(|baseline| baseline.as_str() == wanted);
        found.ok_or_else(|| Failure::field("compare", "give `before` or `year`"))
    }

    fn levels(&self, resolved: &ResolvedFilter, rulebook: &Rulebook) -> Result<Levels, Failure> {
        let rows = self.rows.unwrap_or(if resolved.category.is_some() { 2 } else { 1 });
        if !(1..=2).contains(&rows) {
            return Err(Failure::field("rows", "must be 1 (groups) or 2 (topics)"));
        }
        let columns = self.columns.unwrap_or(1);
        if columns > 10 {
            return Err(Failure::field("columns", "must be from 0 to 10"));
        }
        Ok(Levels { rows: rows - 1, columns: rulebook.territories.depth(&resolved.territory.id) + columns })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::rulebook;
    use crate::question::filter::Surroundings;

    fn query(json: serde_json::Value) -> MatrixQuery {
        serde_json::from_value(json).unwrap()
    }

    fn resolved(query: &MatrixQuery) -> ResolvedFilter {
        let around = Surroundings {
            rulebook: &rulebook(),
            organization: Ok(None),
            organizations: &[],
            now: "2026-06-30T09:00:00Z".parse().unwrap(),
        };
        let raw = query.filter();
        raw.resolve_in(raw.line(), around).unwrap()
    }

    #[test]
    fn levels_follow_what_is_chosen() {
        for (asked, wanted) in [
            (json!({}), Ok((0, 1))),
            (json!({ "category": "roads" }), Ok((1, 1))),
            (json!({ "territory": "town" }), Ok((0, 2))),
            (json!({ "rows": 2, "columns": 0 }), Ok((1, 0))),
            (json!({ "category": "roads", "rows": 1 }), Ok((0, 1))),
            (json!({ "territory": "town", "columns": 10 }), Ok((0, 11))),
            (json!({ "rows": 0 }), Err("rows")),
            (json!({ "rows": 3 }), Err("rows")),
            (json!({ "columns": 11 }), Err("columns")),
        ] {
            let query = query(asked.clone());
            let found = query.levels(&resolved(&query), &rulebook());
            match (found, wanted) {
                (Ok(levels), Ok(wanted)) => assert_eq!((levels.rows, levels.columns), wanted, "{asked}"),
                (Err(Failure::Invalid(errors)), Err(field)) => assert_eq!(errors[0].field, field, "{asked}"),
                (found, _) => panic!("{asked}: {found:?}"),
            }
        }
    }

    #[test]
    fn measures_and_baselines_are_read_by_name() {
        assert_eq!(query(json!({})).measure().unwrap(), Measure::Count);
        for measure in Measure::ALL {
            assert_eq!(query(json!({ "measure": measure.as_str() })).measure().unwrap(), measure);
        }
        assert!(query(json!({ "measure": "beauty" })).measure().is_err());
        assert_eq!(query(json!({})).baseline().unwrap(), Baseline::Before);
        assert_eq!(query(json!({ "compare": "year" })).baseline().unwrap(), Baseline::Year);
        assert!(query(json!({ "compare": "never" })).baseline().is_err());
    }

    #[test]
    fn growth_without_a_beginning_is_that_of_four_weeks() {
        let now = "2026-06-30T09:00:00Z".parse().unwrap();
        let from = |asked| {
            let mut resolved = resolved(&query(asked));
            bound_growth(&mut resolved, now);
            resolved.query.filter.received_from.unwrap().to_string()
        };
        assert_eq!(from(json!({})), "2026-06-02T21:00:00Z");
        assert_eq!(from(json!({ "to": "2026-06-15" })), "2026-05-18T21:00:00Z");
        assert_eq!(from(json!({ "to": "2027-01-01" })), "2026-06-02T21:00:00Z", "days to come do not count");
        assert_eq!(from(json!({ "from": "2026-01-01" })), "2025-12-31T21:00:00Z");
    }
}
