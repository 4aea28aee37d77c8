//! Days and instants in parameters.

use entrypoint::http::FieldErrors;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A day as programs write it, 2026-01-31, or as people do where no calendar opens, 31.01.2026.
pub(crate) fn day(typed: &str) -> Option<Date> {
    // A time without a zone is no day: jiff would silently drop the time.
    let iso = typed.parse().ok().filter(|_| typed.len() == 10);
    iso.or_else(|| Date::strptime("%d.%m.%Y", typed).ok())
}

/// An instant, or the beginning of the day that is `days_later` days after a day in this time zone.
pub(crate) fn instant(
    typed: Option<&str>,
    field: &str,
    days_later: i64,
    zone: &TimeZone,
    errors: &mut FieldErrors,
) -> Option<Timestamp> {
    let typed = typed?;
    if let Ok(instant) = typed.parse::<Timestamp>() {
        return Some(instant);
    }
    let midnight =
        |date: Date| date.checked_add(Span::new().days(days_later)).ok()?.to_zoned(zone.clone()).ok();
    let message = "give a day such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z";
    let midnight = day(typed).and_then(midnight).map(|midnight| midnight.timestamp());
    midnight.or_else(|| errors.refuse(field, "no-day", message))
}

#[cfg(test)]
mod tests {
    use entrypoint::http::Failure;

    use super::*;

    #[test]
    fn a_day_is_read_as_programs_and_as_people_write_it() {
        let wanted = Some(jiff::civil::date(2026, 1, 31));
        for (typed, found) in [
            ("2026-01-31", wanted),
            ("31.01.2026", wanted),
            ("2026-01-31T12:00", None),
            ("20260131", None),
            ("2026-02-30", None),
            ("31.02.2026", None),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(day(typed), found, "{typed}");
        }
    }

    #[test]
    fn the_last_day_ends_at_the_next_midnight_of_the_territory() {
        let zone = TimeZone::get("Asia/Yekaterinburg").unwrap();
        let mut errors = FieldErrors::default();
        let mut at = |typed, days| instant(Some(typed), "to", days, &zone, &mut errors).unwrap().to_string();
        assert_eq!(at("2026-01-31", 0), "2026-01-30T19:00:00Z");
        assert_eq!(at("2026-01-31", 1), "2026-01-31T19:00:00Z");
        assert_eq!(at("2026-01-31T12:00:00Z", 1), "2026-01-31T12:00:00Z", "an instant is taken as it is");
        assert_eq!(instant(None, "to", 1, &zone, &mut errors), None);
        assert!(errors.is_empty());
        assert_eq!(instant(Some("9999-12-31"), "to", 1, &zone, &mut errors), None);
        let wrong = Failure::from(errors).refusal().reasons.remove(0);
        assert_eq!(
            (wrong.field.as_str(), wrong.code.as_str()),
            ("to", "no-day"),
            "no day after the last one"
        );
    }
}
