use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn rule(days: u16, unit: Unit, roll: Roll) -> DeadlineRule {
    DeadlineRule {
        id: "r".parse().unwrap(),
        kind: SubmissionKind::Report,
        category: None,
        clock: TermKind::Answer,
        days,
        unit,
        roll,
        extension: 30,
        pausable: true,
        remind_before: 1,
        escalate_after: Some(3),
    }
}

fn calendar() -> Calendar {
    let mut calendar = Calendar::weekends_only("c".parse().unwrap());
    calendar.days_off.insert(date(2026, 5, 1), "May Day".into());
    calendar
}

fn days(calendar: &Calendar) -> LocalDays<'_> {
    LocalDays { calendar, zone: TimeZone::get("Asia/Yekaterinburg").unwrap() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_law_term_of_thirty_days() {
    // 59-FZ, article 12: 30 days from registration. Registered 2 March: the 30th day after is 1 April.
    let calendar = calendar();
    let rule = rule(30, Unit::CalendarDays, Roll::Keep);
    let deadline = Deadline::count(&rule, 1, at("2026-03-02T10:00:00Z"), &days(&calendar));
    assert_eq!(deadline.date, date(2026, 4, 1));
    assert_eq!(deadline.ends, at("2026-04-01T19:00:00Z"), "midnight in UTC+5");
}

#[test]
fn the_local_date_counts_not_the_utc_one() {
    let calendar = calendar();
    let rule = rule(1, Unit::CalendarDays, Roll::Keep);
    // 20:00 UTC on the 2nd is already the 3rd in Yekaterinburg.
    let deadline = Deadline::count(&rule, 1, at("2026-03-02T20:00:00Z"), &days(&calendar));
    assert_eq!(deadline.date, date(2026, 3, 4));
}

#[test]
fn working_days_skip_weekends_and_name_holidays() {
    let calendar = calendar();
    let rule = rule(3, Unit::WorkingDays, Roll::Keep);
    // Thursday 30 April 2026; Friday is May Day; so Monday, Tuesday, Wednesday.
    let deadline = Deadline::count(&rule, 7, at("2026-04-30T08:00:00Z"), &days(&calendar));
    assert_eq!(deadline.date, date(2026, 5, 6));
    assert_eq!(
        deadline.skipped,
        [SkippedDay { date: date(2026, 5, 1), reason: SkipReason::Holiday("May Day".into()) }]
    );
    assert_eq!(
        deadline.to_string(),
        "To be answered by the end of 2026-05-06: 3 working days counted from 2026-04-30, \
         not counting 2026-05-01 (May Day) (rule r, directory version 7)."
    );
}

#[test]
fn a_last_day_off_is_moved_as_the_rule_says() {
    let calendar = calendar();
    let friday = at("2026-03-06T08:00:00Z");
    let next = Deadline::count(&rule(1, Unit::CalendarDays, Roll::Next), 1, friday, &days(&calendar));
    assert_eq!((next.date, next.moved_from), (date(2026, 3, 9), Some(date(2026, 3, 7))));
    let previous = Deadline::count(&rule(1, Unit::CalendarDays, Roll::Previous), 1, friday, &days(&calendar));
    assert_eq!(previous.date, date(2026, 3, 6));
}

#[test]
fn a_pause_moves_the_end_by_its_days() {
    let calendar = calendar();
    let rule = rule(10, Unit::CalendarDays, Roll::Keep);
    let deadline = Deadline::count(&rule, 1, at("2026-03-02T08:00:00Z"), &days(&calendar));
    let pause = Pause { from: at("2026-03-05T08:00:00Z"), to: Some(at("2026-03-08T12:00:00Z")) };
    let paused = deadline.recount(&[pause], &days(&calendar));
    assert_eq!(paused.date, date(2026, 3, 15));
    assert!(paused.to_string().contains("not counting 3 paused days"));
}

#[test]
fn a_pause_that_begins_on_the_last_day_gives_the_days_back() {
    let calendar = calendar();
    let plain = rule(10, Unit::CalendarDays, Roll::Keep);
    let deadline = Deadline::count(&plain, 1, at("2026-03-02T08:00:00Z"), &days(&calendar));
    let pause = Pause { from: at("2026-03-12T08:00:00Z"), to: Some(at("2026-03-17T08:00:00Z")) };
    assert_eq!(deadline.recount(&[pause], &days(&calendar)).date, date(2026, 3, 17));
    let working = rule(8, Unit::WorkingDays, Roll::Keep);
    let deadline = Deadline::count(&working, 1, at("2026-03-02T08:00:00Z"), &days(&calendar));
    assert_eq!(deadline.date, date(2026, 3, 12));
    let pause = Pause { from: at("2026-03-12T08:00:00Z"), to: Some(at("2026-03-14T08:00:00Z")) };
    assert_eq!(deadline.recount(&[pause], &days(&calendar)).date, date(2026, 3, 16), "not on a Saturday");
}

proptest! {
    #[test]
    fn a_pause_within_a_calendar_term_moves_its_end_by_exactly_its_days(
        start in 0_i64..3_000_000_000, length in 1_u16..60, after in 0_i64..60, lasts in 0_i64..40
    ) {
        let calendar = calendar();
        let local = days(&calendar);
        let start = Timestamp::from_second(start).unwrap();
        // A day before the end: on the last one a change of the clock could put the pause behind it.
        let from = Timestamp::from_second(start.as_second() + after.min(i64::from(length) - 1) * 86_400).unwrap();
        let to = Timestamp::from_second(from.as_second() + lasts * 86_400).unwrap();
        let plain = Deadline::count(&rule(length, Unit::CalendarDays, Roll::Keep), 1, start, &local);
        let moved = plain.clone().recount(&[Pause { from, to: Some(to) }], &local);
        // Days between the two dates, which a change of the clock may make one more or less than `lasts`.
        let (first, last) = local_dates(&Pause { from, to: Some(to) }, &local.zone);
        prop_assert_eq!(moved.date, plain.date.checked_add(first.until(last).unwrap()).unwrap());
    }

    #[test]
    fn calendar_terms_end_exactly_so_many_days_later(start in 0_i64..3_000_000_000, length in 1_u16..365, extra in 0_u16..30) {
        let calendar = calendar();
        let local = days(&calendar);
        let start = Timestamp::from_second(start).unwrap();
        let deadline = Deadline::count(&rule(length, Unit::CalendarDays, Roll::Keep), 1, start, &local);
        let deadline = deadline.extended(extra, &[], &local);
        let expected = deadline.start_date.checked_add(Span::new().days(i64::from(length + extra))).unwrap();
        prop_assert_eq!(deadline.date, expected);
        prop_assert!(!deadline.is_over(start));
        prop_assert!(deadline.is_over(deadline.ends));
    }

    #[test]
    fn working_terms_contain_exactly_so_many_working_days(start in 0_i64..3_000_000_000, length in 1_u16..60) {
        let calendar = calendar();
        let local = days(&calendar);
        let start = Timestamp::from_second(start).unwrap();
        let deadline = Deadline::count(&rule(length, Unit::WorkingDays, Roll::Keep), 1, start, &local);
        let mut day = deadline.start_date;
        let mut working = 0;
        while day < deadline.date {
            day = day.tomorrow().unwrap();
            working += u16::from(calendar.is_working(day));
        }
        prop_assert_eq!(working, length);
        prop_assert!(calendar.is_working(deadline.date));
    }

    #[test]
    fn a_longer_pause_never_brings_the_end_nearer(start in 0_i64..3_000_000_000, length in 1_u16..60, after in 0_i64..40, lasts in 0_i64..40) {
        let calendar = calendar();
        let local = days(&calendar);
        let start = Timestamp::from_second(start).unwrap();
        let day = 86_400;
        let from = Timestamp::from_second(start.as_second() + after * day).unwrap();
        let until = |days: i64| Some(Timestamp::from_second(from.as_second() + days * day).unwrap());
        let plain = Deadline::count(&rule(length, Unit::WorkingDays, Roll::Next), 1, start, &local);
        let short = plain.clone().recount(&[Pause { from, to: until(lasts) }], &local);
        let long = plain.clone().recount(&[Pause { from, to: until(lasts + 1) }], &local);
        prop_assert!(plain.ends <= short.ends && short.ends <= long.ends);
    }
}

#[test]
fn skipped_days_are_written_and_read_as_they_always_were() {
    let json = r#"[{"date":"2026-05-01","why":"May Day"},{"date":"2026-05-04","why":"pause"}]"#;
    let days: Vec<SkippedDay> = serde_json::from_str(json).unwrap();
    assert_eq!(days[0].reason, SkipReason::Holiday("May Day".into()));
    assert_eq!(days[1].reason, SkipReason::Pause);
    assert_eq!(serde_json::to_string(&days).unwrap(), json);
}
