//! The texts that values of this function need. A test looks for each of them in every language.

use crate::find::{COLUMNS, EXAMPLES};
use crate::intervals::Granularity;
use crate::matrix::{Baseline, Measure};
use crate::question::ONLY;
use crate::question::selected::FILTERS;

/// The ids of texts that are made of a beginning and a value.
pub fn text_ids() -> Vec<String> {
    let measures = Measure::ALL.map(Measure::as_str);
    let granularities = Granularity::ALL.map(Granularity::as_str);
    let ids = |beginning: &str, values: &[&str]| -> Vec<String> {
        values.iter().map(|value| format!("{beginning}-{value}")).collect()
    };
    [
        ids("column", &COLUMNS),
        ids("compare", &Baseline::ALL.map(Baseline::as_str)),
        ids("matrix-caption", &measures),
        ids("measure", &measures),
        ids("search-example", &EXAMPLES),
        ids("search-help", &EXAMPLES),
        ids("search-name", &FILTERS),
        ids("search-only", &ONLY),
        ids("search-timeline", &granularities),
        ids("step", &granularities),
    ]
    .concat()
}
