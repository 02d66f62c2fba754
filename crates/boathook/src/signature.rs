//! Whether a delivery's signature is valid, told from the outside: by the documents of both schemes, not by the code that signs.
//!
//! `X-Uc-Signature` is HMAC-SHA256 over the body, in hex, with `v1=` before it or bare (Uploadcare, "Secure webhooks").
//! `webhook-signature` is `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks 1.0); there may be several.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How many hex digits an HMAC-SHA256 has.
const HEX_DIGITS: usize = 64;
/// What Standard Webhooks libraries put before a secret in base64.
const BASE64_SECRET_PREFIX: &str = "whsec_";

/// What a delivery came with.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The webhook's signing secret.
    pub secret: &'a str,
    /// The header's value.
    pub signature: &'a str,
    /// The body's raw bytes.
    pub body: &'a [u8],
    /// `webhook-id` and `webhook-timestamp`, for Standard Webhooks.
    pub envelope: Option<Envelope<'a>>,
}

/// What Standard Webhooks sign beside the body.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
}

/// The scheme by which a signature is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `X-Uc-Signature`
    Uploadcare,
    /// `webhook-signature`
    StandardWebhooks,
}

/// Why a signature is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// There is none.
    #[error("the signature is empty")]
    Empty,
    /// Neither scheme writes this.
    #[error("the signature is neither v1= and 64 hex digits, nor 64 hex digits, nor v1, and base64")]
    Unreadable,
    /// It is of a version that nobody here makes.
    #[error("the signature is of another version than v1")]
    Version,
    /// Standard Webhooks sign more than the body.
    #[error(
        "a webhook-signature is made over webhook-id and webhook-timestamp too: give both with --id and --timestamp"
    )]
    EnvelopeMissing,
    /// It fits the body without the line break at its end.
    #[error(
        "the signature fits the body without the line break at its end: send the exact bytes (printf '%s', curl --data-binary)"
    )]
    LineBreakAdded,
    /// It fits nothing.
    #[error("the signature does not fit: another secret, or a body that is not byte for byte the one that was sent")]
    Mismatch,
}

impl Signed<'_> {
    /// Checks the signature by the scheme that its form shows. Takes equally long wherever a signature differs.
    pub fn check(&self) -> Result<Scheme, Invalid> {
        let signature = self.signature.trim();
        if signature.is_empty() {
            return Err(Invalid::Empty);
        }
        if signature.contains(',') {
            return self.check_standard(signature);
        }
        match signature.split_once('=') {
            Some(("v1", digits)) => self.check_uploadcare(digits),
            Some((version, _)) if version.starts_with('v') => Err(Invalid::Version),
            Some(_) => Err(Invalid::Unreadable),
            None => self.check_uploadcare(signature),
        }
    }

    fn check_uploadcare(&self, digits: &str) -> Result<Scheme, Invalid> {
        if digits.len() != HEX_DIGITS {
            return Err(Invalid::Unreadable);
        }
        let given = hex::decode(digits).map_err(|_| Invalid::Unreadable)?;
        let fits = |body: &[u8]| is_same(&hmac(self.secret.as_bytes(), &[body]), &given);
        self.judge(fits, Scheme::Uploadcare)
    }

    fn check_standard(&self, signatures: &str) -> Result<Scheme, Invalid> {
        let envelope = self.envelope.ok_or(Invalid::EnvelopeMissing)?;
        let mut given = Vec::new();
        for signature in signatures.split_ascii_whitespace() {
            match signature.split_once(',') {
                Some(("v1", text)) => given.push(BASE64_STANDARD.decode(text).map_err(|_| Invalid::Unreadable)?),
                Some(_) => {}
                None => return Err(Invalid::Unreadable),
            }
        }
        if given.is_empty() {
            return Err(Invalid::Version);
        }
        let key = self.standard_key();
        let fits = |body: &[u8]| {
            let dot = b".".as_slice();
            let made = hmac(&key, &[envelope.id.as_bytes(), dot, envelope.timestamp.as_bytes(), dot, body]);
            given.iter().fold(false, |found, given| found | is_same(&made, given))
        };
        self.judge(fits, Scheme::StandardWebhooks)
    }

    fn judge(&self, fits: impl Fn(&[u8]) -> bool, scheme: Scheme) -> Result<Scheme, Invalid> {
        if fits(self.body) {
            return Ok(scheme);
        }
        let shorter = self.body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body));
        Err(match shorter {
            Some(body) if fits(body) => Invalid::LineBreakAdded,
            _ => Invalid::Mismatch,
        })
    }

    /// The secret's own bytes; or what `whsec_` and base64 stand for, as the libraries of Standard Webhooks take it.
    fn standard_key(&self) -> Vec<u8> {
        let encoded = self.secret.strip_prefix(BASE64_SECRET_PREFIX);
        let decoded = encoded.and_then(|text| BASE64_STANDARD.decode(text).ok());
        decoded.unwrap_or_else(|| self.secret.as_bytes().to_vec())
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with another implementation (Python's hmac, hashlib and base64).
    const SECRET: &str = "made-up-secret-key";
    const BODY: &[u8] = br#"{"a":1}"#;
    const STANDARD: &str = "v1,1CH06klSA62XR4fTUKO/B6V+rfS4BZ7TGodFcOPeLmA=";
    const ENVELOPE: Envelope<'_> = Envelope { id: "msg_1", timestamp: "1893456000" };

    #[track_caller]
    fn check(signature: &str, body: &[u8], expected: Result<Scheme, Invalid>) {
        let signed = Signed { secret: SECRET, signature, body, envelope: Some(ENVELOPE) };
        assert_eq!(signed.check(), expected, "{signature}");
    }

    #[test]
    fn both_schemes_in_every_form() {
        let digits = DIGITS;
        check(&format!("v1={digits}"), BODY, Ok(Scheme::Uploadcare));
        check(digits, BODY, Ok(Scheme::Uploadcare));
        check(&digits.to_uppercase(), BODY, Ok(Scheme::Uploadcare));
        check(STANDARD, BODY, Ok(Scheme::StandardWebhooks));
        check(&format!("v1a,AAAA v1,AAAA {STANDARD}"), BODY, Ok(Scheme::StandardWebhooks));
    }

    #[test]
    fn each_refusal_says_why() {
        check(" ", BODY, Err(Invalid::Empty));
        check("nonsense", BODY, Err(Invalid::Unreadable));
        check("v1=00", BODY, Err(Invalid::Unreadable));
        check(&format!("v2={}", "0".repeat(64)), BODY, Err(Invalid::Version));
        check("v2,AAAA", BODY, Err(Invalid::Version));
        check("v1,!", BODY, Err(Invalid::Unreadable));
        check(&"0".repeat(64), BODY, Err(Invalid::Mismatch));
        check(DIGITS, b"{\"a\":1}\n", Err(Invalid::LineBreakAdded));
        check(DIGITS, b"{\"a\":1}\r\n", Err(Invalid::LineBreakAdded));
        check(STANDARD, b"{\"a\": 1}", Err(Invalid::Mismatch));
        let bare = Signed { secret: SECRET, signature: STANDARD, body: BODY, envelope: None };
        assert_eq!(bare.check(), Err(Invalid::EnvelopeMissing));
    }

    #[test]
    fn a_secret_as_libraries_of_standard_webhooks_take_it() {
        let secret = format!("whsec_{}", BASE64_STANDARD.encode(SECRET));
        let signed = Signed { secret: &secret, signature: STANDARD, body: BODY, envelope: Some(ENVELOPE) };
        assert_eq!(signed.check(), Ok(Scheme::StandardWebhooks));
    }

    /// Over [`BODY`] with [`SECRET`].
    const DIGITS: &str = "525da75bbd9c2ce7b80db6efc36f68dcba061774b6c50a7f3c407ba76a2cea62";
}
