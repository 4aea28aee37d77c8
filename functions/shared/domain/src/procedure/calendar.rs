//! Working days: weekends, holidays and moved working days, all from a data file.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::ids::CalendarId;

/// A working-day calendar. Saturday and Sunday are off unless a date says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Its id; territories refer to it.
    pub id: CalendarId,
    /// Days off besides the weekends, with the name that explanations use.
    #[serde(default)]
    pub days_off: BTreeMap<Date, String>,
    /// Saturdays and Sundays on which people work, with the reason.
    #[serde(default)]
    pub working_days: BTreeMap<Date, String>,
}

impl Calendar {
    /// A calendar that knows weekends alone.
    pub fn weekends_only(id: CalendarId) -> Self {
        Self { id, days_off: BTreeMap::new(), working_days: BTreeMap::new() }
    }

    /// Whether offices work on this day.
    pub fn is_working(&self, day: Date) -> bool {
        if self.working_days.contains_key(&day) {
            return true;
        }
        !self.days_off.contains_key(&day) && !is_weekend(day)
    }

    /// The name of a day off that is not just a weekend.
    pub fn holiday(&self, day: Date) -> Option<&str> {
        self.days_off.get(&day).map(String::as_str)
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_and_moved_days_override_the_week() {
        let mut calendar = Calendar::weekends_only("c".parse().unwrap());
        calendar.days_off.insert(date(2026, 6, 12), "День города".into());
        calendar.working_days.insert(date(2026, 6, 13), "moved".into());
        assert!(calendar.is_working(date(2026, 6, 11)));
        assert!(!calendar.is_working(date(2026, 6, 12)));
        assert!(calendar.is_working(date(2026, 6, 13)));
        assert!(!calendar.is_working(date(2026, 6, 14)));
        assert_eq!(calendar.holiday(date(2026, 6, 14)), None);
    }
}
