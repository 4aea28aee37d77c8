//! The JSON of a dashboard: the figures of the index with names.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::rulebook::Rulebook;
use domain::statistics::{Mean, Quartiles};
use domain::{CategoryId, PersonId};
use jiff::civil::Date;
use pages::submission::Named;
use search_index::{Figures, Report};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::node;

/// The work done in a period, and the work open now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Work {
    /// Received in the period.
    pub(crate) received: u64,
    /// Answered in the period: the latest answer of each submission counts.
    pub(crate) answered: u64,
    /// Answered before the term was over.
    pub(crate) in_time: u64,
    /// The share of answers in time, 0 to 1; null without answers.
    pub(crate) in_time_share: Option<f64>,
    /// Open now.
    pub(crate) open: u64,
    /// Open now after the end of the term.
    pub(crate) overdue: u64,
    /// Answers with a mark.
    pub(crate) rated: u64,
    /// The share of answers with a mark, 0 to 1; null without answers.
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
    /// A quarter of the answers took at most as long.
    pub(crate) lower: f64,
    /// Half of the answers took at most as long.
    pub(crate) median: f64,
    /// Three quarters of the answers took at most as long.
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
#[schema(as = Part)]
pub(crate) struct WorkOf {
    /// Null for submissions without category.
    pub(crate) of: Option<Named>,
    #[serde(flatten)]
    pub(crate) work: Work,
}

/// The work of an organization with those under it.
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
    pub(crate) categories: Vec<WorkOf>,
    /// By the number of open submissions, the largest first, at most 50. Receipt is not counted for a caseworker.
    pub(crate) caseworkers: Vec<WorkOf>,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    pub(crate) missing_quarters: Vec<String>,
}

/// The largest number of caseworkers shown.
const CASEWORKER_LIMIT: usize = 50;

/// The names that figures are shown with.
pub(crate) struct DashboardNames<'n> {
    pub(crate) organization: Named,
    pub(crate) rulebook: &'n Rulebook,
    pub(crate) caseworkers: HashMap<PersonId, String>,
}

/// The first and the last day, and the first day of each week between them.
pub(crate) struct DashboardPeriod {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) weeks: Vec<Date>,
}

/// Keeps the busiest caseworkers, the busiest first, and gives their ids.
pub(crate) fn keep_busiest(report: &mut Report) -> Vec<PersonId> {
    let busy = |figures: &Figures| (Reverse(figures.open), Reverse(figures.answered));
    report.caseworkers.sort_by(|(a, one), (b, two)| (busy(one), a).cmp(&(busy(two), b)));
    report.caseworkers.retain(|(_, figures)| figures.open + figures.answered > 0);
    report.caseworkers.truncate(CASEWORKER_LIMIT);
    report.caseworkers.iter().map(|(person, _)| person.clone()).collect()
}

impl Dashboard {
    pub(crate) fn of(mut report: Report, period: DashboardPeriod, names: DashboardNames<'_>) -> Self {
        let category = |(id, figures): (Option<CategoryId>, Figures)| WorkOf {
            of: id.map(|id| node(&names.rulebook.categories, id.as_str())),
            work: Work::from(figures),
        };
        let mut categories: Vec<WorkOf> = report.categories.into_iter().map(category).collect();
        categories.retain(|of| of.work.received + of.work.answered + of.work.open > 0);
        categories.sort_by_key(|of| (Reverse(of.work.received + of.work.open), of.id()));
        let caseworker = |(person, figures): (PersonId, Figures)| {
            let name = names.caseworkers.get(&person).cloned().unwrap_or_else(|| person.to_string());
            WorkOf { of: Some(Named { id: person.to_string(), name }), work: Work::from(figures) }
        };
        let week = |(from, figures): (Date, Figures)| Week {
            from,
            received: figures.received,
            answered: figures.answered,
            in_time: figures.in_time,
        };
        Self {
            organization: names.organization,
            from: period.from,
            to: period.to,
            work: Work::from(report.total),
            answer_days: Quartiles::of(&mut report.minutes).map(AnswerDays::from),
            weeks: period.weeks.into_iter().zip(report.spans).map(week).collect(),
            categories,
            caseworkers: report.caseworkers.into_iter().map(caseworker).collect(),
            missing_quarters: Vec::new(),
        }
    }
}

impl WorkOf {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::rulebook;

    fn figures(received: u64, answered: u64, open: u64) -> Figures {
        Figures { received, answered, open, in_time: answered / 2, ..Figures::default() }
    }

    #[test]
    fn shares_and_marks_are_of_the_answers() {
        let work = Work::from(Figures { marks: [0, 0, 0, 1, 1], ..figures(10, 4, 3) });
        assert_eq!((work.in_time_share, work.response_rate, work.rated), (Some(0.5), Some(0.5), 2));
        assert_eq!(work.mark.map(|mark| mark.mean), Some(4.5));
        let nothing = Work::from(figures(10, 0, 3));
        assert_eq!((nothing.in_time_share, nothing.response_rate), (None, None));
        assert!(nothing.mark.is_none());
    }

    #[test]
    fn the_busiest_come_first_and_idle_ones_are_left_out() {
        let person = |id: &str| id.parse::<PersonId>().unwrap();
        let mut report = Report {
            categories: vec![
                (Some("air".parse().unwrap()), figures(1, 0, 1)),
                (None, figures(5, 0, 0)),
                (Some("snow".parse().unwrap()), figures(0, 0, 0)),
            ],
            caseworkers: vec![
                (person("idle"), figures(9, 0, 0)),
                (person("anna"), figures(0, 1, 2)),
                (person("boris"), figures(0, 5, 2)),
            ],
            minutes: vec![1_440, 2_880, 4_320],
            ..Report::default()
        };
        assert_eq!(keep_busiest(&mut report), [person("boris"), person("anna")]);
        let names = DashboardNames {
            organization: Named { id: "works".into(), name: "Дорожная служба".into() },
            rulebook: &rulebook(),
            caseworkers: HashMap::from([(person("anna"), "Анна".to_owned())]),
        };
        let day = jiff::civil::date(2026, 6, 30);
        let view = Dashboard::of(report, DashboardPeriod { from: day, to: day, weeks: Vec::new() }, names);
        let shown = |all: &[WorkOf]| -> Vec<Option<String>> {
            all.iter().map(|of| of.of.as_ref().map(|named| named.name.clone())).collect()
        };
        assert_eq!(shown(&view.categories), [None, Some("Воздух".into())]);
        assert_eq!(shown(&view.caseworkers), [Some("boris".into()), Some("Анна".into())]);
        assert!((view.answer_days.unwrap().median - 2.0).abs() < 1e-9);
    }
}
