//! How ids are spelled on this wire: files and requests as plain lower-case UUIDs, webhooks as their numbers.

use domain::id::{FileId, RequestId, WebhookNumber, parse_uuid};

/// A file's id: a UUID in either case.
pub(crate) fn file(text: &str) -> Option<FileId> {
    parse_uuid(text).map(FileId::from_bytes)
}

/// A webhook's id: plain digits.
pub(crate) fn webhook(text: &str) -> Option<WebhookNumber> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().map(WebhookNumber::new)
}

/// The id under which a request's log lines, answer and events are found.
pub(crate) fn request(id: &web::RequestId) -> RequestId {
    RequestId::from_bytes(parse_uuid(id.as_str()).expect("request ids are made here, as UUIDs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_named_by_digits_only() {
        assert_eq!(webhook("41"), Some(WebhookNumber::new(41)));
        for text in ["", "+41", "-1", "4a", "99999999999999999999", " 1"] {
            assert_eq!(webhook(text), None, "{text}");
        }
    }

    #[test]
    fn a_request_keeps_its_name() {
        let id = web::RequestId::fresh();
        assert_eq!(request(&id).to_string(), id.as_str());
    }
}
