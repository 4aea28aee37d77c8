//! Which language a page speaks.

use axum::http::{HeaderMap, header};
use entrypoint::http::cookies::{LANGUAGE, cookie};

use crate::accept::weighed;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Language {
    /// Русский.
    #[default]
    Ru,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The tag used in HTML and in the cookie.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language with this tag.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What a person has chosen, else the first of the browser's languages that we speak, else Russian.
    pub fn of(headers: &HeaderMap) -> Self {
        if let Some(chosen) = cookie(headers, LANGUAGE).and_then(|tag| Self::of_tag(&tag)) {
            return chosen;
        }
        let wanted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut ranked: Vec<(u16, &str)> = weighed(wanted).collect();
        ranked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        ranked.into_iter().find_map(|(_, tag)| Self::of_tag(tag)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(accept: &'static str, cookie: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        Language::of(&headers)
    }

    #[test]
    fn a_choice_comes_before_the_browser_and_russian_is_the_default() {
        assert_eq!(of("en-US,en;q=0.9", "language=ru"), Language::Ru);
        assert_eq!(of("en-US,en;q=0.9", "a=b"), Language::En);
        assert_eq!(of("de,en;q=0.5,ru;q=0.8", ""), Language::Ru);
        assert_eq!(of("de", ""), Language::Ru);
        assert_eq!(of("", "language=xx"), Language::Ru);
    }
}
