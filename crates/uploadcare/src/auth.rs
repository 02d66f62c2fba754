//! Who is calling the REST API: `Uploadcare.Simple`, which shows a secret key, and `Uploadcare`, which signs with one.
//!
//! Any active secret of the project will do. The Upload API asks only for the public key, and does so itself.

mod signature;

use crate::error::rest::Error;
use domain::Timestamp;
use http::{HeaderMap, Method, header};
use platform::Platform;
use platform::access::Keyring;
use signature::Signed;
use std::sync::Arc;
use std::time::Duration;
use web::instant::parse_http_date;

/// How far the date of a signed request may be off, either way (REST API, "Authentication").
const DATE_SKEW_MAX: Duration = Duration::from_mins(15);

/// Takes the place of `Date` for clients that may not set it, such as browsers.
const DATE_HEADER: &str = "x-uploadcare-date";

/// A request as it came, before anybody knows who is asking.
pub(crate) struct Asking<'a> {
    pub method: &'a Method,
    /// The target as sent, path and query.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    pub is_https: bool,
}

/// What the `Authorization` header says.
#[derive(Debug, PartialEq, Eq)]
struct Credentials<'a> {
    scheme: Scheme,
    public_key: &'a str,
    /// The secret key itself, or a signature made with it.
    proof: &'a str,
}

#[derive(Debug, PartialEq, Eq)]
enum Scheme {
    Simple,
    Signed,
}

/// The project that the caller holds a secret key of.
pub(crate) async fn keyring(
    platform: &Platform,
    refuses_simple_over_http: bool,
    asking: &Asking<'_>,
) -> Result<Arc<Keyring>, Error> {
    let credentials = Credentials::of(asking.headers).ok_or(Error::CredentialsIncorrect)?;
    if credentials.scheme == Scheme::Simple && refuses_simple_over_http && !asking.is_https {
        return Err(Error::SimpleOverHttp);
    }
    let Some(keyring) = platform.keyring(credentials.public_key).await? else {
        return Err(Error::PublicKeyUnknown(credentials.public_key.to_owned()));
    };
    if keyring.secrets.is_empty() {
        return Err(Error::SecretKeyMissing);
    }
    match credentials.scheme {
        Scheme::Simple if keyring.opens(credentials.proof) => Ok(keyring),
        Scheme::Simple => Err(Error::CredentialsIncorrect),
        Scheme::Signed if is_signed(asking, &keyring, credentials.proof, platform.clock().now()) => Ok(keyring),
        Scheme::Signed => Err(Error::SignatureInvalid),
    }
}

impl<'a> Credentials<'a> {
    fn of(headers: &'a HeaderMap) -> Option<Self> {
        let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, rest) = text.trim().split_once(' ')?;
        let scheme = match scheme {
            _ if scheme.eq_ignore_ascii_case("uploadcare.simple") => Scheme::Simple,
            _ if scheme.eq_ignore_ascii_case("uploadcare") => Scheme::Signed,
            _ => return None,
        };
        let (public_key, proof) = rest.trim().split_once(':')?;
        let is_whole = !public_key.is_empty() && !proof.is_empty();
        is_whole.then_some(Self { scheme, public_key, proof })
    }
}

fn is_signed(asking: &Asking<'_>, keyring: &Keyring, proof: &str, now: Timestamp) -> bool {
    let date = asking.headers.get(DATE_HEADER).or_else(|| asking.headers.get(header::DATE));
    let Some(date) = date.filter(|date| date.to_str().is_ok_and(|text| is_recent(text, now))) else {
        return false;
    };
    let signed = Signed {
        method: asking.method.as_str(),
        body: asking.body,
        content_type: asking.headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes),
        date: date.as_bytes(),
        target: asking.target,
    };
    signed.is_signed_by(&keyring.secrets, proof)
}

/// Whether a date as clients write it is near enough to now.
fn is_recent(date: &str, now: Timestamp) -> bool {
    parse_http_date(date).is_ok_and(|micros| {
        let date = Timestamp::from_micros(micros);
        date.since(now).max(now.since(date)) <= DATE_SKEW_MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Option<&(Scheme, &str, &str)>) {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, header.parse().unwrap())]);
        let found = Credentials::of(&headers).map(|found| (found.scheme, found.public_key, found.proof));
        assert_eq!(found.as_ref(), expected, "{header}");
    }

    #[test]
    fn credentials_of_both_schemes() {
        check("Uploadcare.Simple pub:secret", Some(&(Scheme::Simple, "pub", "secret")));
        check("uploadcare.simple  pub:se:cret ", Some(&(Scheme::Simple, "pub", "se:cret")));
        check("Uploadcare pub:0f", Some(&(Scheme::Signed, "pub", "0f")));
        for garbled in ["Uploadcare", "Uploadcare pub", "Uploadcare :0f", "Uploadcare pub:", "Bearer pub:0f", ""] {
            check(garbled, None);
        }
    }

    #[test]
    fn dates_of_every_client_within_a_quarter_of_an_hour() {
        let now = Timestamp::from_micros(1_772_532_930_000_000);
        for date in [
            "Tue, 03 Mar 2026 10:15:30 GMT",
            "Tue, 03 Mar 2026, 10:15:30 GMT",
            "Tue, 03 Mar 2026 10:15:30 +0000",
            "Tue, 03 Mar 2026 10:15:30 UTC",
            "Fri, 3 Mar 2026 10:15:30 GMT",
            "Tue, 03 Mar 2026 10:00:30 GMT",
            "Tue, 03 Mar 2026 10:30:30 GMT",
        ] {
            assert!(is_recent(date, now), "{date}");
        }
        for date in [
            "Tue, 03 Mar 2026 10:00:29 GMT",
            "Tue, 03 Mar 2026 10:30:31 GMT",
            "Tue, 03 Mar 2025 10:15:30 GMT",
            "2026-03-03T10:15:30Z",
            "",
        ] {
            assert!(!is_recent(date, now), "{date}");
        }
    }
}
