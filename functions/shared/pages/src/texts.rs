//! The texts of the pages, in Fluent: `texts/<language>/*.ftl`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use crate::Language;

macro_rules! texts {
    ($language:literal) => {
        &[
            include_str!(concat!("../texts/", $language, "/common.ftl")),
            include_str!(concat!("../texts/", $language, "/problems.ftl")),
            include_str!(concat!("../texts/", $language, "/submission.ftl")),
            include_str!(concat!("../texts/", $language, "/portal.ftl")),
            include_str!(concat!("../texts/", $language, "/citizen.ftl")),
            include_str!(concat!("../texts/", $language, "/casework.ftl")),
            include_str!(concat!("../texts/", $language, "/polls.ftl")),
            include_str!(concat!("../texts/", $language, "/search.ftl")),
            include_str!(concat!("../texts/", $language, "/directory.ftl")),
            include_str!(concat!("../texts/", $language, "/notifications.ftl")),
            include_str!(concat!("../texts/", $language, "/local.ftl")),
        ]
    };
}

/// The texts of one language.
pub struct Texts(FluentBundle<FluentResource>);

static RUSSIAN: LazyLock<Texts> = LazyLock::new(|| Texts::new(Language::Ru));
static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::new(Language::En));

impl Texts {
    /// The texts of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ru => &RUSSIAN,
            Language::En => &ENGLISH,
        }
    }

    fn new(language: Language) -> Self {
        let (id, files): (_, &[&str]) = match language {
            Language::Ru => (langid!("ru"), texts!("ru")),
            Language::En => (langid!("en"), texts!("en")),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Invisible marks around every argument would end up in attributes and links.
        bundle.set_use_isolating(false);
        for file in files {
            // What cannot be parsed is left out; a test finds it.
            let resource =
                FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self(bundle)
    }

    /// Whether there is a text with this id.
    pub fn has(&self, id: &str) -> bool {
        self.0.has_message(id)
    }

    /// The text with this id; the id itself if there is none, so that nothing is ever silently blank.
    pub fn say(&self, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.0.get_message(id).and_then(|message| message.value()) else {
            tracing::warn!(text.id = id, "a text is missing");
            return id.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.0.format_pattern(pattern, arguments, &mut errors);
        if !errors.is_empty() {
            tracing::warn!(text.id = id, "a text lacks an argument");
        }
        text.into_owned()
    }
}

/// A text with arguments; numbers choose the plural.
pub fn say(language: Language, id: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
    let arguments: FluentArgs<'_> = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
    Texts::of(language).say(id, Some(&arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(language: Language, n: u64) -> String {
        say(language, "count-days", &[("n", n.into()), ("shown", n.to_string().into())])
    }

    #[test]
    fn russian_has_three_plurals() {
        let all: Vec<String> = [0, 1, 2, 5, 11, 21, 111].map(|n| days(Language::Ru, n)).into();
        let words: Vec<&str> = all.iter().map(|text| text.split_whitespace().last().unwrap()).collect();
        assert_eq!(words, ["дней", "день", "дня", "дней", "дней", "день", "дней"]);
        assert_eq!([days(Language::En, 1), days(Language::En, 2)], ["1 day", "2 days"]);
    }

    #[test]
    fn every_file_can_be_parsed() {
        for files in [texts!("ru") as &[&str], texts!("en")] {
            for file in files {
                if let Err((_, errors)) = FluentResource::try_new((*file).to_owned()) {
                    panic!("{errors:?} in {}", &file[..file.len().min(80)]);
                }
            }
        }
    }
}
