//! What a client would rather have: header fields with weights (RFC 9110, section 12.4.2).

use axum::http::{HeaderMap, header};

/// A weight in thousandths; nothing is worth more.
const FULL: u16 = 1_000;

/// Whether a page is wanted rather than JSON: it weighs more, or weighs the same and is named first. Without a preference
/// JSON is given, which is what programs expect that do not say.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).into_iter().filter_map(|line| line.to_str().ok());
    let accept = lines.collect::<Vec<_>>().join(",");
    match (preference(&accept, "text/html"), preference(&accept, "application/json")) {
        (Some(page), Some(json)) => (page.weight, json.place) > (json.weight, page.place),
        (page, _) => page.is_some(),
    }
}

/// How much a media type is wanted.
struct Preference {
    weight: u16,
    /// Place of the range that fits the type in the header field, from 0.
    place: usize,
}

/// That of a media type; none if it is not acceptable. The most specific range that fits decides (section 12.5.1), and of
/// equally specific ones the first.
fn preference(accept: &str, media_type: &str) -> Option<Preference> {
    let mut best: Option<(u8, Preference)> = None;
    for (place, (weight, range)) in weighed(accept).enumerate() {
        if let Some(rank) = specificity(range, media_type)
            && best.as_ref().is_none_or(|(before, _)| rank > *before)
        {
            best = Some((rank, Preference { weight, place }));
        }
    }
    best.map(|(_, preference)| preference).filter(|preference| preference.weight > 0)
}

/// How closely a range describes a media type; none if it does not fit.
fn specificity(range: &str, media_type: &str) -> Option<u8> {
    let (kind, _) = media_type.split_once('/')?;
    match range.split_once('/')? {
        ("*", "*") => Some(0),
        (other, "*") => other.eq_ignore_ascii_case(kind).then_some(1),
        _ => range.eq_ignore_ascii_case(media_type).then_some(2),
    }
}

/// The ranges of a header field, each with its weight.
pub(crate) fn weighed(field: &str) -> impl Iterator<Item = (u16, &str)> {
    field.split(',').map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (weight.and_then(|weight| weight.parse().ok()).map_or(FULL, thousandths), name)
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 1000")]
fn thousandths(weight: f32) -> u16 {
    (weight.clamp(0.0, 1.0) * f32::from(FULL)).round() as u16
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wants(lines: &[&'static str]) -> bool {
        let line = |line: &&'static str| (header::ACCEPT, HeaderValue::from_static(line));
        wants_page(&lines.iter().map(line).collect())
    }

    #[test]
    fn a_page_is_given_where_it_is_wanted_more_than_json() {
        for (accept, page) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true), // a browser
            ("text/html", true),
            ("text/*", true),
            ("text/html, application/json", true),
            ("application/json;q=0.1, text/html", true),
            ("application/json;q=0.5, text/html;q=0.6", true),
            ("application/json;q=0, */*", true),
            ("application/*;q=0.2, */*;q=0.3", true),
            ("text/html;level=1;q=0.4, application/json;q=0.3", true),
            ("TEXT/HTML", true),
            ("*/*", false),
            ("", false),
            ("application/json", false),
            ("application/json, text/html", false),
            ("text/html;q=0.1, application/json", false),
            ("text/html;q=0.5, application/json;q=0.5, */*;q=0.9", true),
            ("application/json;q=0.5, text/html;q=0.5", false),
            ("text/html;q=0, */*", false),
            ("application/*, */*;q=0.1", false),
            ("text/html;q=nonsense, application/json;q=0.9", true),
            ("image/png", false),
            ("application/problem+json", false),
        ] {
            assert_eq!(wants(&[accept]), page, "{accept}");
        }
        assert!(!wants(&[]));
        assert!(wants(&["application/json;q=0.1", "text/html"]), "several lines are one list");
    }
}
