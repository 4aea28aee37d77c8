//! Answer templates: texts that an organization answers with again and again, with blanks to be filled in.

use serde::{Deserialize, Serialize};

use crate::ids::{CategoryId, TemplateId};
use crate::reason::Reason;
use crate::text::{AnswerText, Text};

/// What a template is called.
pub type TemplateName = Text<100>;

/// A template of an organization; the organizations under it may use it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTemplate {
    pub id: TemplateId,
    /// What it is called.
    pub name: TemplateName,
    /// The answer, with blanks such as `{category}`.
    pub text: AnswerText,
    /// The category that it is for, and all below it; none means every category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
}

/// What the blanks of a template are filled with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blanks {
    pub category: String,
    pub place: String,
    /// For `{received}`: a day, as people write it.
    pub received: String,
    pub organization: String,
}

impl AnswerTemplate {
    /// The blanks that a text may have.
    pub const BLANKS: [&str; 4] = ["{category}", "{place}", "{received}", "{organization}"];

    /// The answer with its blanks filled in. What fills a blank is taken as it is: a blank in it stays.
    pub fn fill(&self, blanks: &Blanks) -> String {
        let Blanks { category, place, received, organization } = blanks;
        let values = Self::BLANKS.into_iter().zip([category, place, received, organization]);
        let values: Vec<(&str, &String)> = values.collect();
        let mut filled = String::with_capacity(self.text.as_str().len());
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let blank = values.iter().find(|(blank, _)| rest.starts_with(blank));
            let (taken, value) = blank.map_or((1, "{"), |(blank, value)| (blank.len(), value.as_str()));
            filled.push_str(value);
            rest = &rest[taken..];
        }
        filled.push_str(rest);
        filled
    }
}

/// A text that still has a blank which somebody must fill in: `[дата]`, `[…]`, `{place}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fill in {0}, or write it without square brackets")]
pub struct UnfilledBlank(String);

impl Reason for UnfilledBlank {
    fn code(&self) -> &'static str {
        "unfilled-blank"
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![("blank", self.0.clone())]
    }
}

/// The most characters of a blank: longer brackets hold a sentence.
const BLANK: usize = 60;

/// Checks that an answer has no blank of a template left in it. What stands in square brackets on one line is a blank, but for
/// numbers: `[1]` is a footnote.
///
/// # Errors
/// [`UnfilledBlank`] is the first of them.
pub fn all_filled(text: &str) -> Result<(), UnfilledBlank> {
    let known = AnswerTemplate::BLANKS.into_iter().filter_map(|blank| Some((text.find(blank)?, blank.len())));
    let bracketed = text.match_indices('[').filter_map(|(start, _)| {
        let inside = text[start + 1..].split([']', '[', '\n']).next()?;
        let closed = text[start + 1 + inside.len()..].starts_with(']');
        let is_number = inside.contains(|c: char| c.is_ascii_digit())
            && inside.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || ",;-–".contains(c));
        let is_blank = closed && !is_number && inside.chars().count() <= BLANK;
        is_blank.then_some((start, inside.len() + 2))
    });
    let first = known.chain(bracketed).min();
    first.map_or(Ok(()), |(start, length)| Err(UnfilledBlank(text[start..start + length].to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_is_found_and_a_footnote_is_none() {
        let first = |text: &str| all_filled(text).err().map(|blank| blank.0);
        for (text, blank) in [
            ("Яму заделаем до [дата], обещаем.", Some("[дата]")),
            ("[…] Заделали.", Some("[…]")),
            ("Заделали [...] июня {place}", Some("[...]")),
            ("Место: {place} [дата]", Some("{place}")),
            ("Ответственный: [ ]", Some("[ ]")),
            ("Ответственный: []", Some("[]")),
            ("По закону [1], [2, 3] и [4–6].", None),
            ("Скобка [ не закрыта", None),
            ("Скобка [ на\nдругой строке]", None),
            ("a[[дата]]", Some("[дата]")),
            ("{город} и {x}", None),
            ("", None),
        ] {
            assert_eq!(first(text).as_deref(), blank, "{text}");
        }
        let sentence = format!("[{}]", "слово ".repeat(12));
        assert_eq!(first(&sentence), None, "a sentence in brackets");
    }

    #[test]
    fn blanks_are_filled_once_and_braces_stay() {
        let template = AnswerTemplate {
            id: TemplateId::new(uuid::Uuid::nil()),
            name: TemplateName::parse("Яма").unwrap(),
            text: AnswerText::parse("{category}, {place}: {x} {{received}, {category}").unwrap(),
            category: None,
        };
        let blanks = Blanks {
            category: "Ямы {place}".into(),
            place: "ул. Озёрная".into(),
            received: "2 июня".into(),
            organization: String::new(),
        };
        assert_eq!(template.fill(&blanks), "Ямы {place}, ул. Озёрная: {x} {2 июня, Ямы {place}");
    }
}
