//! Bar charts as SVG that follows the colours of the page, each with its table.
//!
//! The picture is for those who see it; the table behind it says the same, and more exactly.

use askama::Template;

use crate::fields::Markup;
use crate::layout::Layout;

/// Bars of one colour.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// What they show.
    pub name: String,
    /// One for each slot.
    pub values: Vec<u64>,
    /// Whether it is what should not be. Then it is red.
    pub warns: bool,
}

/// A bar chart: slots from left to right, in each the bars of every series, beside each other or stacked.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What it shows, in a sentence: the title of the picture and of the table.
    pub title: String,
    /// What a slot is: the heading of the table's first column.
    pub slot: String,
    /// The names of the slots, short; they stand below the axis.
    pub labels: Vec<String>,
    /// At most three.
    pub series: Vec<Series>,
    /// Whether the bars stand on top of each other.
    pub stacked: bool,
    /// Further columns of the table: heading, and a text for each slot.
    pub extra: Vec<(String, Vec<String>)>,
}

/// Units of the picture. It is scaled to the width of its place.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
/// A character of a label takes so much.
const CHARACTER: f64 = 7.5;

/// A bar's place.
struct Bar {
    x: String,
    y: String,
    width: String,
    height: String,
    class: usize,
}

/// The bars of a slot, and what they say when pointed at.
struct Slot {
    said: String,
    bars: Vec<Bar>,
}

#[derive(Template)]
#[template(path = "chart.html")]
struct ChartPart<'c> {
    l: &'c Layout,
    chart: &'c Chart,
    slots: Vec<Slot>,
    /// Height and value of each line across.
    lines: Vec<(String, u64)>,
    /// Place and text of each label shown.
    marks: Vec<(String, &'c str)>,
}

impl Series {
    /// The number of its colour.
    fn class(&self, index: usize) -> usize {
        if self.warns { 3 } else { index + 1 }
    }
}

impl Chart {
    /// Every which slot has its label: more would overlap.
    fn labelled(&self) -> usize {
        let longest = self.labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let wanted = to_f64(self.labels.len()) * (to_f64(longest) + 1.5) * CHARACTER / (WIDTH - LEFT);
        (1..=self.labels.len()).find(|every| to_f64(*every) >= wanted).unwrap_or(self.labels.len().max(1))
    }

    /// The largest value that a bar or a stack reaches.
    fn peak(&self) -> u64 {
        let at =
            |slot: usize| self.series.iter().map(move |series| series.values.get(slot).copied().unwrap_or(0));
        let reach = |slot| if self.stacked { at(slot).sum() } else { at(slot).max().unwrap_or(0) };
        (0..self.labels.len()).map(reach).max().unwrap_or(0)
    }

    fn slot(&self, l: &Layout, at: usize, top: u64) -> Slot {
        let step = (WIDTH - LEFT) / to_f64(self.labels.len());
        let room = step * 0.8;
        let bars_beside = if self.stacked { 1 } else { self.series.len().max(1) };
        let width = room / to_f64(bars_beside);
        let (mut bars, mut said, mut below) = (Vec::new(), vec![self.labels[at].clone()], 0);
        for (index, series) in self.series.iter().enumerate() {
            let value = series.values.get(at).copied().unwrap_or(0);
            said.push(format!("{}: {}", series.name, l.integer(value)));
            let beside = if self.stacked { 0 } else { index };
            let (low, high) = (height(below, top), height(below + value, top));
            if value > 0 {
                let x = LEFT + step * to_f64(at) + step * 0.1 + width * to_f64(beside);
                let class = series.class(index);
                let (x, y) = (short(x), short(high));
                bars.push(Bar { x, y, width: short(width), height: short(low - high), class });
            }
            if self.stacked {
                below += value;
            }
        }
        Slot { said: said.join("; "), bars }
    }
}

impl Layout {
    /// A chart with its legend, and its table behind it.
    pub fn chart(&self, chart: &Chart) -> Markup {
        let (top, step) = scale(chart.peak());
        let slot = (WIDTH - LEFT) / to_f64(chart.labels.len().max(1));
        let place = |at: usize| short(LEFT + slot * (to_f64(at) + 0.5));
        Markup::of(&ChartPart {
            l: self,
            slots: (0..chart.labels.len()).map(|at| chart.slot(self, at, top)).collect(),
            lines: (0..=top / step).map(|line| (short(height(line * step, top)), line * step)).collect(),
            marks: chart
                .labels
                .iter()
                .enumerate()
                .step_by(chart.labelled())
                .map(|(at, s)| (place(at), s.as_str()))
                .collect(),
            chart,
        })
    }
}

/// How high on the picture a value stands.
fn height(value: u64, top: u64) -> f64 {
    HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * to_f64(value) / to_f64(top)
}

/// The end of the axis and the distance of its lines: 1, 2 or 5 times a power of ten, at most five of them.
fn scale(peak: u64) -> (u64, u64) {
    let mut step = 1;
    for factor in [2, 5, 10].into_iter().cycle() {
        if peak <= step * 5 {
            break;
        }
        step = 10_u64.pow(step.ilog10()) * factor;
    }
    (peak.div_ceil(step).max(1) * step, step)
}

/// A tenth of a unit is finer than the eye.
fn short(number: f64) -> String {
    format!("{number:.1}").trim_end_matches(".0").to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "a picture needs no more digits")]
fn to_f64(number: impl TryInto<u64>) -> f64 {
    number.try_into().unwrap_or_default() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_highest_bar() {
        let scales = [0, 1, 5, 6, 10, 11, 25, 26, 99, 1_234].map(scale);
        let wanted =
            [(1, 1), (1, 1), (5, 1), (6, 2), (10, 2), (15, 5), (25, 5), (30, 10), (100, 20), (1_500, 500)];
        assert_eq!(scales, wanted);
    }

    #[test]
    fn bars_stand_on_the_axis_or_on_each_other() {
        let layout = Layout::of_nobody(&axum::http::HeaderMap::new(), &axum::http::Uri::from_static("/"));
        let series =
            |name: &str, values: &[u64]| Series { name: name.into(), values: values.to_vec(), warns: false };
        let mut chart = Chart {
            title: "Ответы <b>".into(),
            slot: "Неделя".into(),
            labels: vec!["1".into(), "2".into()],
            series: vec![series("в срок", &[3, 0]), series("позже", &[2, 5])],
            ..Chart::default()
        };
        let beside: Vec<Bar> = chart.slot(&layout, 0, 5).bars;
        assert_eq!((beside[0].y.as_str(), beside[0].height.as_str()), ("84", "108"));
        assert_eq!((beside[1].y.as_str(), beside[1].height.as_str()), ("120", "72"));
        chart.stacked = true;
        let stacked = chart.slot(&layout, 0, 5).bars;
        assert_eq!((stacked[1].y.as_str(), stacked[1].height.as_str()), ("12", "72"), "on top of the first");
        let html = layout.chart(&chart).to_string();
        assert!(html.contains("Ответы &#60;b&#62;") && !html.contains("style="), "{html}");
        assert_eq!(html.matches("<rect").count(), 3, "an empty bar is none: {html}");
    }
}
