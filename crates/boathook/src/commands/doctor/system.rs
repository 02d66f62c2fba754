//! The machine: does its clock make sense, and does the environment say what it means to say?

use super::Finding;
use crate::clock::SystemClock;
use crate::config::{FILE_VARIABLE, keys};
use crate::print;
use domain::{Clock, Timestamp};

const CLOCK: &str = "clock";
const ENVIRONMENT: &str = "environment";

/// 2026-01-01T00:00:00Z: no clock that is right shows an earlier time.
const EARLIEST: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);
/// 2100-01-01T00:00:00Z.
const LATEST: Timestamp = Timestamp::from_micros(4_102_444_800_000_000);

/// Variables of ours that are no settings.
const OTHERS: [&str; 2] = [FILE_VARIABLE, "BOATHOOK_SIGNING_SECRET"];

/// Whether the time is possible at all; who signs requests needs it right to 15 minutes.
pub(super) fn clock() -> Finding {
    let now = SystemClock.now();
    let found = format!("{} UTC", print::moment(now));
    if (EARLIEST..LATEST).contains(&now) {
        Finding::ok(CLOCK, found)
    } else {
        let remedy = "set the clock (NTP): signed requests are refused when it is off by more than 15 minutes";
        Finding::fail(CLOCK, format!("{found} cannot be right"), remedy)
    }
}

/// Whether some variable looks like a setting and is none.
pub(super) fn environment(names: impl Iterator<Item = String>) -> Finding {
    let is_setting = |name: &str| keys::all().iter().any(|key| key.variable == name) || OTHERS.contains(&name);
    let mut unknown: Vec<String> =
        names.filter(|name| name.starts_with(keys::ENVIRONMENT_PREFIX) && !is_setting(name)).collect();
    unknown.sort();
    if unknown.is_empty() {
        return Finding::ok(ENVIRONMENT, "every BOATHOOK_ variable is a setting");
    }
    let near = unknown.iter().find_map(|name| {
        let name = name.strip_prefix(keys::ENVIRONMENT_PREFIX)?.to_lowercase();
        let near = keys::find(keys::nearest(&name)?)?;
        Some(format!("; did you mean {}?", near.variable))
    });
    let found = format!("no setting: {}{}", unknown.join(", "), near.unwrap_or_default());
    Finding::warn(ENVIRONMENT, found, "boathook config lists the settings; a variable that is none changes nothing")
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_mistyped_variable_is_found() {
        let finding = |names: &[&str]| environment(names.iter().map(|name| (*name).to_owned()));
        assert_eq!(finding(&["PATH", "BOATHOOK_LISTEN", "BOATHOOK_CONFIG"]).state, State::Ok);
        let found = finding(&["BOATHOOK_LISTENS"]);
        assert_eq!(found.state, State::Warn);
        assert!(found.found.contains("did you mean BOATHOOK_LISTEN?"), "{}", found.found);
    }
}
