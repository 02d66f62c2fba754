//! The calendar: days since the epoch and back, in the proleptic Gregorian calendar.
//!
//! The two conversions are Howard Hinnant's `days_from_civil` and `civil_from_days`: no tables, no loops, exact for
//! every year that fits.

use super::BadInstant;

pub(super) const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;

/// The range four-digit years can say: from 0000-01-01T00:00:00Z up to the last microsecond of 9999.
const FIRST: i64 = days_from_civil(0, 1, 1) * MICROS_PER_DAY;
const LAST: i64 = days_from_civil(10_000, 1, 1) * MICROS_PER_DAY - 1;

/// A day and a time of day in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Civil {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub micros: u32,
}

impl Civil {
    /// Splits an instant. One beyond four-digit years becomes the nearest that they can say.
    pub fn of(instant: i64) -> Self {
        let instant = instant.clamp(FIRST, LAST);
        let (year, month, day) = civil_from_days(instant.div_euclid(MICROS_PER_DAY));
        let in_day = instant.rem_euclid(MICROS_PER_DAY);
        let second_of_day = (in_day / MICROS_PER_SECOND) as u32;
        Self {
            year,
            month,
            day,
            hour: second_of_day / 3600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
            micros: (in_day % MICROS_PER_SECOND) as u32,
        }
    }

    /// The instant of this civil time at an offset from UTC, in microseconds since the epoch. A leap second, `:60`, is
    /// the first moment of the next minute.
    pub fn instant(&self, offset_seconds: i64) -> Result<i64, BadInstant> {
        let day_exists = (1..=12).contains(&self.month)
            && (1..=days_in_month(self.year, self.month)).contains(&self.day)
            && (0..=9999).contains(&self.year);
        if !day_exists || self.hour > 23 || self.minute > 59 || self.second > 60 {
            return Err(BadInstant::Range);
        }
        let second_of_day = i64::from(self.hour * 3600 + self.minute * 60 + self.second);
        let seconds = days_from_civil(self.year, self.month, self.day) * SECONDS_PER_DAY + second_of_day;
        Ok((seconds - offset_seconds) * MICROS_PER_SECOND + i64::from(self.micros))
    }

    /// 0 for Sunday to 6 for Saturday.
    pub fn weekday(&self) -> usize {
        // 1 January 1970 was a Thursday.
        (days_from_civil(self.year, self.month, self.day) + 4).rem_euclid(7) as usize
    }
}

const fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let (month, day) = (month as i64, day as i64);
    // Years begin in March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

const fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_round_trips_in_order() {
        let mut previous = (-1, 12, 31);
        for days in FIRST / MICROS_PER_DAY..=LAST / MICROS_PER_DAY {
            let civil = civil_from_days(days);
            assert!(civil > previous, "{civil:?} after {previous:?}");
            assert_eq!(days_from_civil(civil.0, civil.1, civil.2), days);
            previous = civil;
        }
        assert_eq!(previous, (9999, 12, 31));
    }

    #[test]
    fn known_days() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 2, 29), 11_016);
        assert_eq!(Civil::of(1_772_532_930_482_913).weekday(), 2, "3 March 2026 is a Tuesday");
    }
}
