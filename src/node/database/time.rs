//! Points in time: as text in SQLite, as microseconds since 2000 in the protocol, always in UTC. No clock.

/// One day, in microseconds.
pub(super) const DAY_US: i64 = 86_400_000_000;
/// Days from 1970 to 2000.
const EPOCH_DAYS: i64 = 10_957;

/// Reads `2026-11-22 23:05:09.123+02`, `2026-11-22T23:05:09Z` or `2026-11-22`; in microseconds since 2000.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight_us = (days_from_civil(year, month, day) - EPOCH_DAYS) * DAY_US;
    if time.is_empty() {
        return Some(midnight_us);
    }
    let zone_at = time.find(['+', '-', 'Z', 'z']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    Some(midnight_us + clock_us(clock.trim())? - zone_us(zone)?)
}

/// As it is kept: `2026-11-22 23:05:09.123`, with three or six digits so that the order of texts is the order of times.
pub(super) fn stored(at_us: i64) -> String {
    let (seconds, micros) = (at_us.rem_euclid(DAY_US) / 1_000_000, at_us.rem_euclid(1_000_000));
    let clock = format!("{} {:02}:{:02}:{:02}", date(at_us), seconds / 3600, seconds / 60 % 60, seconds % 60);
    if micros % 1_000 == 0 { format!("{clock}.{:03}", micros / 1_000) } else { format!("{clock}.{micros:06}") }
}

/// As PostgreSQL shows it: without zeros at the end.
pub(super) fn shown(at_us: i64) -> String {
    stored(at_us).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The day alone.
pub(super) fn date(at_us: i64) -> String {
    let (year, month, day) = civil_from_days(at_us.div_euclid(DAY_US) + EPOCH_DAYS);
    format!("{year:04}-{month:02}-{day:02}")
}

fn number(text: &str) -> Option<i64> {
    (text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn clock_us(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.splitn(3, ':');
    let (hours, minutes) = (number(parts.next()?)?, number(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), number)?;
    let micros = number(&format!("{:0<6}", fraction.get(..6).unwrap_or(fraction)))?;
    let in_range = hours <= 24 && minutes < 60 && seconds <= 60;
    in_range.then(|| ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros)
}

fn zone_us(text: &str) -> Option<i64> {
    let (sign, digits) = match text.trim() {
        "" | "Z" | "z" => return Some(0),
        zone if zone.starts_with('-') => (-1, &zone[1..]),
        zone => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    Some(sign * (number(hours)? * 60 + number(minutes)?) * 60_000_000)
}

/// Days since 1970 of a day of the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_as_they_were_written_in_utc() {
        for (text, kept) in [
            ("2000-01-01 00:00:00.000", "2000-01-01 00:00:00"),
            ("2026-11-22 23:05:09.123+02", "2026-11-22 21:05:09.123"),
            ("2026-11-22T23:05:09.000001Z", "2026-11-22 23:05:09.000001"),
            ("1999-12-31 23:59:59.5-01:30", "2000-01-01 01:29:59.5"),
            ("2024-02-29", "2024-02-29 00:00:00"),
        ] {
            assert_eq!(parse(text).map(shown).as_deref(), Some(kept), "{text}");
        }
        assert_eq!(parse("2000-01-02"), Some(DAY_US));
        for text in ["", "yesterday", "2026-13-01", "2026-11-22 25:00", "2026-11-22 10:99", "2026-11-22 10:00+x"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
