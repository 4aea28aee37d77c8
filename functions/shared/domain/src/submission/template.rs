//! Answer templates: texts that an organization answers with again and again, with blanks to be filled in.

use serde::{Deserialize, Serialize};

use crate::ids::{CategoryId, TemplateId};
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

#[cfg(test)]
mod tests {
    use super::*;

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
