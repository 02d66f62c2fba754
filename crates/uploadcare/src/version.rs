//! Version: which edition of the REST API a caller speaks, or a webhook was made for.
//!
//! Asked for by `Accept: application/vnd.uploadcare-v0.7+json`. A caller that names none, or takes anything, speaks 0.7.

use http::HeaderValue;

/// An edition of the REST API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// 0.5, of 2016.
    V05,
    /// 0.6, of 2017.
    V06,
    /// 0.7, of 2022: the current one.
    #[default]
    V07,
}

/// The caller takes no edition that is spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAcceptable {
    /// The caller asked for an edition before 0.7, and is answered in its words.
    pub is_old: bool,
}

impl Version {
    const ALL: [Self; 3] = [Self::V07, Self::V06, Self::V05];

    /// Its number, as webhooks show it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::V05 => "0.5",
            Self::V06 => "0.6",
            Self::V07 => "0.7",
        }
    }

    /// The edition of that number.
    pub fn from_number(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.number() == number)
    }

    /// The media type of its answers: never with a charset, as clients compare it letter by letter.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::V05 => "application/vnd.uploadcare-v0.5+json",
            Self::V06 => "application/vnd.uploadcare-v0.6+json",
            Self::V07 => "application/vnd.uploadcare-v0.7+json",
        }
    }

    /// [`Version::media_type`] as a header.
    pub const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(self.media_type())
    }

    /// The edition that an `Accept` header asks for. Named ones go before `*/*`, `application/*` and `application/json`, which mean 0.7.
    pub fn accepted(accept: Option<&str>) -> Result<Self, NotAcceptable> {
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
            return Ok(Self::default());
        };
        // What nearly every client sends needs no taking apart.
        if accept == Self::V07.media_type() {
            return Ok(Self::V07);
        }
        let ranges = || accept.split(',').filter_map(accepted_range);
        if let Some(named) =
            ranges().find_map(|range| Self::ALL.into_iter().find(|version| range == version.media_type()))
        {
            return Ok(named);
        }
        if ranges().any(|range| matches!(range.as_str(), "*/*" | "application/*" | "application/json")) {
            return Ok(Self::default());
        }
        let is_old = ranges().any(|range| {
            let edition = range.strip_prefix("application/vnd.uploadcare-v0.");
            edition.is_some_and(|edition| matches!(edition.as_bytes(), [b'1'..=b'6', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_digit)))
        });
        Err(NotAcceptable { is_old })
    }
}

/// A media range in lower case without its parameters; none if `q=0` refuses it.
fn accepted_range(range: &str) -> Option<String> {
    let mut parts = range.split(';').map(str::trim);
    let media = parts.next()?.to_ascii_lowercase();
    let is_refused = parts
        .filter_map(|part| part.split_once('='))
        .any(|(name, value)| name.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0_f32));
    (!is_refused).then_some(media)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, expected: Result<Version, bool>) {
        let accepted = Version::accepted(Some(accept)).map_err(|refused| refused.is_old);
        assert_eq!(accepted, expected, "{accept}");
    }

    #[test]
    fn the_edition_asked_for() {
        assert_eq!(Version::accepted(None), Ok(Version::V07));
        check("", Ok(Version::V07));
        check("*/*", Ok(Version::V07));
        check("application/json", Ok(Version::V07));
        check("text/html, application/*;q=0.8", Ok(Version::V07));
        check("application/vnd.uploadcare-v0.7+json", Ok(Version::V07));
        check("Application/Vnd.Uploadcare-V0.6+JSON", Ok(Version::V06));
        check("application/json, application/vnd.uploadcare-v0.5+json;q=0.1", Ok(Version::V05));
    }

    #[test]
    fn what_is_not_spoken() {
        check("text/html", Err(false));
        check("application/vnd.uploadcare-v0.8+json", Err(false));
        check("application/vnd.uploadcare-v0.75+json", Err(false));
        check("application/vnd.uploadcare-v0.4+json", Err(true));
        check("application/vnd.uploadcare-v0.6+xml", Err(true));
        check("application/vnd.uploadcare-v0.7+json;q=0", Err(false));
    }
}
