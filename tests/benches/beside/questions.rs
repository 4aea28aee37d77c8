//! What is asked of the index and of tantivy alone, in turns, and what other engines must answer.

use std::collections::HashSet;

use domain::SubmissionId;
use jiff::{SignedDuration, Timestamp};
use search_index::Query;
use serde::Serialize;
use tantivy::query::Occur;
use tantivy::tokenizer::TextAnalyzer;

use crate::here::{self, Here};
use crate::messages::Messages;
use crate::pairs::{self, Pair};
use crate::raw::{self, Cell, Raw};
use crate::times::{middle, share};

/// Times that a matrix is counted, and that a pair is searched for; the middle one is taken.
const MATRIX_RUNS: usize = 31;
const PAIR_RUNS: usize = 5;
/// Hits of a page.
const PAGE: usize = 20;
/// What the narrow questions ask for.
const DAYS: i64 = 90;

pub(crate) struct Asked<'a> {
    pub(crate) messages: &'a Messages,
    pub(crate) here: &'a Here,
    /// Words alone.
    pub(crate) raw: &'a Raw,
    /// With the columns of the matrix.
    pub(crate) columns: &'a Raw,
    pub(crate) now: Timestamp,
}

/// For `compare.py`.
#[derive(Serialize)]
pub(crate) struct Answers {
    pub(crate) texts: String,
    messages: usize,
    now: i64,
    /// Where the narrow questions begin.
    from: i64,
    /// The stem of the matrix with a word.
    word: String,
    all: Vec<Cell>,
    with_word: Vec<Cell>,
    pairs: Vec<Expected>,
    pub(crate) bytes: Vec<(&'static str, f64)>,
    times: Vec<Time>,
}

#[derive(Serialize)]
struct Expected {
    stems: [String; 2],
    region: u64,
    both: usize,
    narrow: usize,
    /// Only of two frequent words.
    either: Option<usize>,
}

/// Milliseconds of a question.
#[derive(Serialize)]
pub(crate) struct Time {
    question: &'static str,
    title: String,
    here: f64,
    tantivy: Option<f64>,
}

/// The times of all pairs.
#[derive(Default)]
struct Times {
    here: Vec<f64>,
    one_pass: Vec<f64>,
    two_passes: Vec<f64>,
    narrow: Vec<f64>,
    either: Vec<f64>,
    raw_either: Vec<f64>,
    /// On the pages here.
    shown: usize,
}

impl Asked<'_> {
    pub(crate) fn all(&self, wanted: usize, analyzer: &mut TextAnalyzer) -> anyhow::Result<Answers> {
        let pairs = pairs::draw(self.messages, wanted, analyzer)?;
        let (word, part) = pairs::tenth(self.messages, analyzer)?;
        let (all, first) = self.matrix(None)?;
        let (with_word, second) = self.matrix(Some(&word))?;
        let mut times = Times::default();
        let expected = pairs.iter().map(|pair| self.pair(pair, &mut times)).collect::<Result<_, _>>()?;
        let title = format!("the same of «{}», {:.1} % of the messages", word.typed, part * 100.0);
        let mut lines = vec![
            Time { question: "all", title: "matrix topic x region, all time".into(), ..first },
            Time { question: "with_word", title, ..second },
        ];
        lines.extend(times.lines()?);
        let from = self.from().as_second();
        let (messages, now) = (self.messages.documents.len(), self.now.as_second());
        let (texts, bytes) = (String::new(), Vec::new());
        Ok(Answers {
            texts,
            messages,
            now,
            from,
            word: word.stem,
            all,
            with_word,
            pairs: expected,
            bytes,
            times: lines,
        })
    }

    fn from(&self) -> Timestamp {
        self.now - SignedDuration::from_hours(24 * DAYS)
    }

    fn matrix(&self, word: Option<&pairs::Word>) -> anyhow::Result<(Vec<Cell>, Time)> {
        let query = word.map_or(Ok(Query::default()), |word| here::typed(&word.typed))?;
        let (here, grid) = middle(MATRIX_RUNS, || self.here.grid(&query, self.now))?;
        let cells = here::cells(&grid, self.messages)?;
        let raw = word.map(|word| self.columns.words(&[&word.stem], Occur::Must));
        let (tantivy, counted) =
            middle(MATRIX_RUNS, || self.columns.matrix(raw.as_ref().map(|query| query as _)))?;
        anyhow::ensure!(raw::cells(counted)? == cells, "tantivy counts other cells");
        Ok((cells, Time { question: "", title: String::new(), here, tantivy: Some(tantivy) }))
    }

    fn pair(&self, pair: &Pair, times: &mut Times) -> anyhow::Result<Expected> {
        let [one, other] = &pair.words;
        let both = here::typed(&format!("{} {}", one.typed, other.typed))?;
        let stems = [one.stem.as_str(), other.stem.as_str()];
        let raw = self.raw.words(&stems, Occur::Must);
        let (took, hits) = middle(PAIR_RUNS, || self.here.best(&both, PAGE))?;
        let (one_pass, (count, shown)) = middle(PAIR_RUNS, || self.raw.best(&raw, PAGE, 1))?;
        let (two_passes, _) = middle(PAIR_RUNS, || self.raw.best(&raw, PAGE, 2))?;
        anyhow::ensure!(count == hits.total, "tantivy finds {count} of {stems:?}, here are {}", hits.total);
        times.here.push(took);
        times.one_pass.push(one_pass);
        times.two_passes.push(two_passes);
        anyhow::ensure!(shown == hits.items.len(), "tantivy shows {shown}, here are {}", hits.items.len());
        let rows = self.raw.as_good(&raw, PAGE)?;
        let documents =
            rows.iter().filter_map(|row| self.messages.documents.get(usize::try_from(*row).ok()?));
        let good: HashSet<SubmissionId> = documents.map(|document| document.id).collect();
        times.shown += shown;
        let worse = hits.items.iter().find(|id| !good.contains(id));
        anyhow::ensure!(worse.is_none(), "tantivy has better ones of {stems:?} than {worse:?}");

        let territory = &self.messages.documents[pair.message].territory;
        let narrow = Query { filter: self.here.filter(territory, self.from()), ..both };
        let (took, found) = middle(PAIR_RUNS, || self.here.best(&narrow, PAGE))?;
        times.narrow.push(took);
        let either = if pair.both_frequent { Some(self.either(pair, times)?) } else { None };
        Ok(Expected {
            stems: stems.map(str::to_owned),
            region: self.messages.facts[pair.message].region,
            both: hits.total,
            narrow: found.total,
            either,
        })
    }

    fn either(&self, pair: &Pair, times: &mut Times) -> anyhow::Result<usize> {
        let [one, other] = &pair.words;
        let either = here::typed(&format!("{} OR {}", one.typed, other.typed))?;
        let raw = self.raw.words(&[&one.stem, &other.stem], Occur::Should);
        let (took, hits) = middle(PAIR_RUNS, || self.here.best(&either, PAGE))?;
        let passes = |passes: usize| middle(PAIR_RUNS, || self.raw.best(&raw, PAGE, passes));
        let ((first, (count, _)), (second, _)) = (passes(1)?, passes(2)?);
        anyhow::ensure!(count == hits.total, "tantivy finds {count} and not {}", hits.total);
        times.either.push(took);
        times.raw_either.push(first.min(second));
        Ok(hits.total)
    }
}

impl Times {
    /// Lines of the table; what concerns tantivy alone is printed.
    fn lines(mut self) -> anyhow::Result<Vec<Time>> {
        use std::io::Write;
        let mut out = std::io::stdout();
        writeln!(
            out,
            "\n| {PAGE} best of two words, with their number | p50 | p99 | sum of all |\n|---|---|---|---|"
        )?;
        for (name, times) in [
            ("tantivy, one pass", &self.one_pass),
            ("tantivy, two passes", &self.two_passes),
            ("here", &self.here),
        ] {
            let (mut times, sum) = (times.clone(), times.iter().sum::<f64>());
            let (half, most) = (share(&mut times, 0.5), share(&mut times, 0.99));
            writeln!(out, "| {name} | {half:.2} ms | {most:.2} ms | {sum:.0} ms |")?;
        }
        writeln!(out, "\nNone of {} on these pages scores less than tantivy's last\n", self.shown)?;
        let fewer = if self.one_pass.iter().sum::<f64>() < self.two_passes.iter().sum::<f64>() {
            &mut self.one_pass
        } else {
            &mut self.two_passes
        };
        let line = |question, title: &str, here: &mut [f64], raw: Option<&mut [f64]>, part| Time {
            question,
            title: title.to_owned(),
            here: share(here, part),
            tantivy: raw.map(|raw| share(raw, part)),
        };
        let narrow = "the same in a region, the last 90 days";
        Ok(vec![
            line("both_p50", "20 best of two words, half of the questions", &mut self.here, Some(fewer), 0.5),
            line("both_p99", "20 best of two words, 99 % of them", &mut self.here, Some(fewer), 0.99),
            line("narrow_p50", &format!("{narrow}, half of the questions"), &mut self.narrow, None, 0.5),
            line("narrow_p99", &format!("{narrow}, 99 % of them"), &mut self.narrow, None, 0.99),
            line(
                "either_p50",
                "20 best of either of two frequent words, half",
                &mut self.either,
                Some(&mut self.raw_either),
                0.5,
            ),
        ])
    }
}
