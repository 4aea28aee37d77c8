//! Diagnostics of the typed line: the span that is wrong, and an error that says what would be right.

use std::ops::Range;

use entrypoint::http::FieldError;
use search_index::{Fault, Mistake, Name, PREFIX_MINIMUM, SearchField, WORD_LIMIT};

use super::entry::{NamedEntry, fold};

/// An error at a span of the line.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    /// In characters from 0; never empty.
    pub(crate) span: Range<usize>,
    /// Of the field `q`. People read the position counted from 1.
    pub(crate) error: FieldError,
}

/// The number of characters of a wrong name that an error repeats.
const QUOTED_CHARS: usize = 80;

/// The largest number of suggestions.
const SUGGESTION_LIMIT: usize = 3;

/// The least similarity of a suggestion; 1 is equal.
const SIMILARITY_MINIMUM: f64 = 0.5;

/// A mistake that the parser found.
pub(crate) fn syntax_error(line: &str, Mistake { place, fault }: &Mistake) -> Diagnostic {
    let wanted: String = line.chars().skip(place.start).take(place.len().min(QUOTED_CHARS)).collect();
    match fault {
        Fault::UnclosedQuotation => {
            at(place, "line-quotation", "this quotation mark has no partner; add it, or remove this one")
        }
        Fault::EmptyQuotation => at(place, "line-empty", "there is no word in this quotation; remove it"),
        Fault::LoneMinus => at(place, "line-minus", "write the minus right before a word, or remove it"),
        Fault::LoneColon => at(place, "line-colon", "write a field right before the colon, or remove it"),
        Fault::StrayStar => {
            at(place, "line-star", "a star stands only at the end of one word, as in `lamp*`")
        }
        Fault::ShortPrefix => {
            let message = format!("write at least {PREFIX_MINIMUM} letters before the star");
            at(place, "line-prefix", &message).with("limit", PREFIX_MINIMUM.to_string())
        }
        Fault::StrayOr => {
            at(place, "line-or", "OR stands between two words or phrases; lists of values have commas")
        }
        Fault::Brackets => {
            at(place, "line-brackets", "brackets do not group: OR joins the words beside it; remove them")
        }
        Fault::TooManyWords => {
            let message = format!("leave at most {WORD_LIMIT} words");
            at(place, "line-words", &message).with("limit", WORD_LIMIT.to_string())
        }
        Fault::StraySign => {
            let message = "only a minus stands before a filter; remove this sign, and of brackets both, or put a plain \
                           colon into quotation marks";
            at(place, "line-sign", message)
        }
        Fault::UnknownField => {
            let same = |name: &&str| ((*name).to_owned(), (*name).to_owned());
            let fields = SearchField::NAMES.into_iter().map(|(_, names)| names.iter().map(same).collect());
            let fields = closest(&wanted, fields);
            let all = SearchField::NAMES.map(|(_, names)| format!("{} ({})", names[0], names[1])).join(", ");
            let message = format!(
                "there is no field «{wanted}»{}; there are {all}; put a plain colon into quotation marks",
                perhaps(&fields)
            );
            at(place, "line-field", &message).suggesting(&fields).with("wanted", wanted)
        }
        Fault::NoValue(field) => {
            let message = format!("{} has no value; write {}", field.as_str(), example(*field));
            at(place, "line-value", &message).with("example", example(*field))
        }
        Fault::NotComparable => {
            at(place, "line-comparison", "only `mark` and `received` are compared; write the name alone")
        }
        Fault::NoMark => {
            at(place, "line-mark", "write a mark from 1 to 5, or a range: `5`, `<3`, `>=4`, `2..4`")
                .with("wanted", wanted)
        }
        Fault::NoDay => {
            let message = "write a day, a month or a year, or a period: `2026-01-31`, `31.01.2026`, `2026-01`, \
                           `>=2026-01-31`, `2026-01-01..2026-02-01`";
            at(place, "line-day", message).with("wanted", wanted)
        }
        Fault::Reversed => at(place, "line-reversed", "this period ends before it begins; swap its ends"),
        Fault::Unreadable => {
            at(place, "line-unreadable", "this cannot be read here; put it into quotation marks")
                .with("wanted", wanted)
        }
    }
}

/// A name that no entry has.
pub(crate) fn unknown_name<T>(name: &Name, known: &[NamedEntry<T>]) -> Diagnostic {
    let wanted: String = name.text.chars().take(QUOTED_CHARS).collect();
    let candidates = known.iter().map(|entry| {
        let names = entry.names.iter().map(|name| (name.clone(), format!("«{name}»")));
        std::iter::once((entry.id.clone(), entry.id.clone())).chain(names).collect()
    });
    let entries = closest(&wanted, candidates);
    let message = format!("there is no «{wanted}»{}; write an id or an exact name", perhaps(&entries));
    at(&name.place, "line-entry", &message).suggesting(&entries).with("wanted", wanted)
}

fn at(place: &Range<usize>, code: &str, message: &str) -> Diagnostic {
    let span = place.start..place.end.max(place.start + 1);
    let position = span.start + 1;
    let error = FieldError::coded("q", code, format!("character {position}: {message}"));
    Diagnostic { span, error: error.with("at", position.to_string()) }
}

impl Diagnostic {
    /// With a value that the text of the error mentions.
    fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Self { error: self.error.with(name, value), ..self }
    }

    fn suggesting(self, closest: &[String]) -> Self {
        self.with("n", closest.len().to_string()).with("closest", closest.join(", "))
    }
}

fn perhaps(closest: &[String]) -> String {
    if closest.is_empty() { String::new() } else { format!(" (perhaps {})", closest.join(", ")) }
}

fn example(field: SearchField) -> String {
    let value = match field {
        SearchField::Category => "pothole",
        SearchField::Territory => "zaozersk",
        SearchField::Organization => "zaozersk-roads",
        SearchField::Status => "answered",
        SearchField::Kind => "appeal",
        SearchField::Mark => "<3",
        SearchField::Received => "2026-03",
    };
    format!("{}:{value}", field.as_str())
}

/// The candidates most similar to a name. A candidate is a list of pairs (compared, shown) that mean the same; its most similar
/// pair counts.
fn closest(wanted: &str, candidates: impl Iterator<Item = Vec<(String, String)>>) -> Vec<String> {
    let wanted = fold(wanted);
    let similarity = |candidate: &str| {
        let candidate = fold(candidate);
        let whole = strsim::normalized_damerau_levenshtein(&wanted, &candidate);
        // A part of a long name has a small similarity, but is what people type.
        let is_part = wanted.chars().count() > 2 && candidate.contains(&wanted);
        if is_part { whole.max(SIMILARITY_MINIMUM) } else { whole }
    };
    let best = |pairs: Vec<(String, String)>| {
        let rated = pairs.into_iter().map(|(compared, shown)| (similarity(&compared), shown));
        // The first of equals is the id, which needs no quotation marks.
        rated.reduce(|best, next| if next.0 > best.0 { next } else { best })
    };
    let mut found: Vec<(f64, String)> =
        candidates.filter_map(best).filter(|(similarity, _)| *similarity >= SIMILARITY_MINIMUM).collect();
    found.sort_by(|(left, a), (right, b)| right.total_cmp(left).then_with(|| a.cmp(b)));
    let mut shown: Vec<String> = Vec::with_capacity(SUGGESTION_LIMIT);
    for (_, name) in found {
        if shown.len() < SUGGESTION_LIMIT && !shown.iter().any(|before| fold(before) == fold(&name)) {
            shown.push(name);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use search_index::Line;

    use super::*;

    fn errors(line: &str) -> Vec<Diagnostic> {
        Line::read(line).unwrap_err().iter().map(|found| syntax_error(line, found)).collect()
    }

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let errors = errors("ёж «катя");
        assert_eq!(
            errors[0].error.message,
            "character 4: this quotation mark has no partner; add it, or remove this one"
        );
        assert_eq!(errors[0].error.parts, [("at", "4".to_owned())]);
        assert_eq!(errors[0].span, 3..4);
    }

    #[test]
    fn the_closest_names_are_suggested() {
        let field = &errors("катgория:яма катег:яма теима:яма");
        let message = &field[2].error.message;
        assert!(message.contains("«теима» (perhaps тема)"), "{message}");
        let known: Vec<NamedEntry<()>> =
            [("pothole", "Яма на дороге"), ("puddle", "Лужа на дороге"), ("lamp", "Фонарь")]
                .map(|(id, name)| NamedEntry::new(id, &[name], ()))
                .into();
        let name = |text: &str| Name { text: text.to_owned(), place: 5..9 };
        let closest = |text: &str| {
            let error = unknown_name(&name(text), &known).error;
            error.parts.iter().find(|(part, _)| *part == "closest").unwrap().1.clone()
        };
        assert_eq!(closest("pothol"), "pothole");
        assert_eq!(closest("яма на дороги"), "«Яма на дороге», «Лужа на дороге»");
        assert_eq!(closest("дорог"), "«Лужа на дороге», «Яма на дороге»");
        assert_eq!(closest("zzz"), "");
    }
}
