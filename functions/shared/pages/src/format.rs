//! Numbers and dates as each language writes them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::Language;
use crate::texts::{Texts, say};

/// Thousands with a narrow space in Russian, with a comma in English.
pub(crate) fn integer(language: Language, number: u64) -> String {
    let digits = number.to_string();
    let separator = match language {
        // Russian typography leaves four digits together.
        Language::Ru if digits.len() <= 4 => return digits,
        Language::Ru => '\u{202F}',
        Language::En => ',',
    };
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// With so many digits after the decimal sign.
pub(crate) fn decimal(language: Language, number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    match language {
        Language::Ru => text.replace('.', ","),
        Language::En => text,
    }
}

/// A share, 0 to 1, in whole per cent.
pub(crate) fn percent(language: Language, share: f64) -> String {
    match language {
        Language::Ru => format!("{:.0}\u{A0}%", share * 100.0),
        Language::En => format!("{:.0}%", share * 100.0),
    }
}

/// «22 ноября 2026» or “22 November 2026”.
pub(crate) fn date(language: Language, date: Date) -> String {
    let month = Texts::of(language).say(&format!("month-{}", date.month()), None);
    format!("{}\u{A0}{month} {}", date.day(), date.year())
}

/// «22.11» or “22 Nov”: for axes and narrow columns.
pub(crate) fn short_date(language: Language, date: Date) -> String {
    match language {
        Language::Ru => format!("{:02}.{:02}", date.day(), date.month()),
        Language::En => {
            let month = Texts::of(language).say(&format!("month-{}", date.month()), None);
            format!("{}\u{A0}{}", date.day(), month.chars().take(3).collect::<String>())
        }
    }
}

/// A day and a time of day.
pub(crate) fn moment(language: Language, at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    let date = date(language, local.date());
    say(language, "date-and-time", &[("date", date.into()), ("time", time.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_each_language_does() {
        assert_eq!(integer(Language::Ru, 1_234), "1234");
        assert_eq!(integer(Language::Ru, 9_500_000), "9\u{202F}500\u{202F}000");
        assert_eq!(integer(Language::En, 1_234), "1,234");
        assert_eq!(decimal(Language::Ru, 4.25, 1), "4,2");
        assert_eq!(percent(Language::En, 0.876), "88%");
        let day = jiff::civil::date(2026, 11, 2);
        assert_eq!(date(Language::Ru, day), "2\u{A0}ноября 2026");
        assert_eq!(date(Language::En, day), "2\u{A0}November 2026");
        assert_eq!(short_date(Language::En, day), "2\u{A0}Nov");
        let at: Timestamp = "2026-11-02T20:05:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Samara").unwrap();
        assert_eq!(moment(Language::Ru, at, &zone), "3\u{A0}ноября 2026, 00:05");
    }
}
