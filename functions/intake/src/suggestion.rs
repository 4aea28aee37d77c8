//! `POST /submissions/new/categories`: the categories whose names a text mentions. The form offers them while the text is written.
//!
//! It is a POST although it changes nothing: a text in an address would end up in logs.

use std::collections::BTreeSet;

use axum::Json;
use entrypoint::App;
use entrypoint::http::{Failure, HttpCommand};
use pages::choices::{self, Group};
use pages::{Choice, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that is being written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuggestionRequest {
    text: String,
}

/// The categories that a text mentions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategorySuggestions {
    /// The closest first, at most 4.
    items: Vec<CategorySuggestion>,
}

/// A category, as the form lists it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CategorySuggestion {
    id: String,
    name: String,
}

/// Suggest categories for a text. Nothing is kept of it.
#[utoipa::path(post, path = "/submissions/new/categories", tag = "intake", request_body = SuggestionRequest,
    responses((status = 200, body = CategorySuggestions), Failure))]
pub(crate) async fn suggest(
    app: App,
    visit: Visit,
    command: HttpCommand<SuggestionRequest>,
) -> Result<Json<CategorySuggestions>, Failure> {
    let rulebook = app.store.rulebook().await?;
    let choices = choices::categories(&visit.layout, &rulebook.categories, Group::Other);
    Ok(Json(CategorySuggestions { items: closest(&choices, &command.body.text) }))
}

/// The largest number of suggestions.
const LIMIT: usize = 4;

/// The choices that share most stems with the text. A long name has to share more of them than a short one.
fn closest(choices: &[Choice], text: &str) -> Vec<CategorySuggestion> {
    let mentioned: BTreeSet<String> = stems(text).into_iter().collect();
    let score = |choice: &Choice| {
        let stems = stems(&choice.label);
        let shared = stems.iter().filter(|stem| mentioned.iter().any(|other| alike(stem, other))).count();
        #[expect(clippy::cast_precision_loss, reason = "words of a name")]
        let score = shared as f64 / (stems.len().max(1) as f64).sqrt();
        score
    };
    let mut rated: Vec<(f64, &Choice)> = choices.iter().map(|choice| (score(choice), choice)).collect();
    rated.retain(|(score, _)| *score > 0.0);
    // The sort is stable: equals stay in the order of the form.
    rated.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let suggestion = |(_, choice): (f64, &Choice)| CategorySuggestion {
        id: choice.value.clone(),
        name: choice.label.clone(),
    };
    rated.into_iter().take(LIMIT).map(suggestion).collect()
}

/// The shortest word that says something of a category.
const LETTERS_MINIMUM: usize = 3;

fn stems(text: &str) -> Vec<String> {
    let text = language::compose(text);
    let is_long = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS_MINIMUM;
    language::stems(&text).filter(|stem| is_long(&text[stem.range.clone()])).map(|stem| stem.text).collect()
}

/// The shortest stem that may begin another one: `мусор` and `мусорн` are about the same thing, `сад` and `садик` are not.
const ROOT_MINIMUM: usize = 4;
const SUFFIX_MAXIMUM: usize = 2;

fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let suffix = long.strip_prefix(short).map(|suffix| suffix.chars().count());
    let is_root = short.chars().count() >= ROOT_MINIMUM;
    suffix.is_some_and(|letters| letters == 0 || (is_root && letters <= SUFFIX_MAXIMUM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(text: &str) -> Vec<String> {
        let choices = [
            ("pothole", "Яма на дороге"),
            ("snow", "Не убран снег"),
            ("roads", "Другое: Дороги"),
            ("lamp-out", "Не горит фонарь"),
            ("garbage", "Вывоз мусора"),
            ("tree", "Аварийное дерево"),
        ]
        .map(|(id, name)| Choice::new(id, name));
        closest(&choices, text).into_iter().map(|suggestion| suggestion.id).collect()
    }

    #[test]
    fn categories_are_suggested_by_the_words_of_a_text() {
        for (text, wanted) in [
            ("Не горит фонарь у подъезда", &["lamp-out"][..]),
            ("ФОНАРИ не горят", &["lamp-out"]),
            ("На дороге огромные ямы", &["pothole", "roads"]),
            ("Снег на дорогах", &["pothole", "snow", "roads"]),
            ("Мусорные баки не вывозят", &["garbage"]),
            ("упали деревья", &["tree"]),
            ("Соседи шумят", &[]),
            ("не на у", &[]),
            ("", &[]),
        ] {
            assert_eq!(suggested(text), wanted, "{text}");
        }
    }

    #[test]
    fn spellings_of_a_word_are_one_word() {
        let choice = [Choice::new("tree", "Ёлка упала во двор")];
        for text in ["елки", "ЁЛКА", "е\u{308}лка"] {
            assert_eq!(closest(&choice, text).len(), 1, "{text}");
        }
    }

    #[test]
    fn only_the_closest_are_suggested() {
        let choices: Vec<Choice> = (0..9).map(|n| Choice::new(n.to_string(), "Яма")).collect();
        let ids: Vec<String> = closest(&choices, "яма").into_iter().map(|found| found.id).collect();
        assert_eq!(ids, ["0", "1", "2", "3"]);
    }

    #[test]
    fn a_short_stem_is_not_the_beginning_of_another_word() {
        assert!(alike("мусор", "мусорн"));
        assert!(!alike("мусор", "мусорщик"));
        assert!(!alike("сад", "садик"));
        assert!(alike("сад", "сад"));
    }
}
