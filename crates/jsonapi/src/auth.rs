//! Who asks, for which project and which resource: the bearer's token against the path (section 3).
//!
//! The token comes first and existence after it (C16): who holds nothing learns nothing, not even which projects there are.

use crate::Door;
use crate::error::Refusal;
use crate::id;
use axum::extract::{FromRequestParts, RawPathParams};
use domain::id::{FileId, RequestId, WebhookId, WebhookNumber, parse_uuid};
use domain::project::Grant;
use http::request::Parts;
use http::{HeaderMap, header};
use platform::access::{Keyring, Principal};
use platform::deliveries::EventRef;
use platform::webhooks::WebhookRef;
use platform::{Error, Noun};
use std::sync::Arc;

/// What a request says of itself before anything is believed: the path's names, the token, the request's own id.
#[derive(Debug)]
pub(crate) struct Call {
    project: String,
    id: String,
    token: Option<String>,
    request: Option<RequestId>,
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        // Names that are no text name nothing.
        let params = params.map_err(|_| Refusal::NoSuchPath)?;
        let param = |name| params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        let id = param("id");
        Ok(Self {
            project: param("project").to_owned(),
            id: id.strip_suffix(".json").unwrap_or(id).to_owned(),
            token: token(&parts.headers),
            request: request_id(parts),
        })
    }
}

impl Call {
    /// A holder of one of the project's secret keys; nobody else.
    pub(crate) async fn by_secret(&self, door: &Door) -> Result<Principal, Refusal> {
        let token = self.token.as_deref().ok_or(Refusal::Unauthorized)?;
        let keyring = self.keyring(door).await?;
        self.with_secret(door, &keyring, token).ok_or(Refusal::Unauthorized)
    }

    /// Whoever may create a file: a holder of a secret key, or anyone at all where the project allows it. A wrong token is not as good
    /// as none.
    pub(crate) async fn by_secret_or_nothing(&self, door: &Door) -> Result<Principal, Refusal> {
        let keyring = self.keyring(door).await?;
        let grant = grant_to_create(self.token.as_deref(), &keyring).ok_or(Refusal::Unauthorized)?;
        Ok(self.principal(door, &keyring, grant))
    }

    /// A holder of a secret key, or of the token of the very file that the path names; and that file's id.
    pub(crate) async fn by_secret_or_own_token(&self, door: &Door) -> Result<(Principal, FileId), Refusal> {
        let token = self.token.as_deref().ok_or(Refusal::Unauthorized)?;
        let keyring = self.keyring(door).await?;
        let file = id::parse_file(&self.id);
        if let Some(principal) = self.with_secret(door, &keyring, token) {
            let file = file.ok_or(Refusal::Platform(Error::NotFound(Noun::File)))?;
            return Ok((principal, file));
        }
        let (Some(file), Some(token)) = (file, id::parse_token(token)) else {
            return Err(Refusal::Unauthorized);
        };
        if !door.platform.file_opened_by(&keyring.project, file, token).await? {
            return Err(Refusal::Unauthorized);
        }
        Ok((self.principal(door, &keyring, Grant::File(file)), file))
    }

    /// The webhook that the path names.
    pub(crate) fn webhook(&self) -> Result<WebhookId, Refusal> {
        id::parse_webhook(&self.id).ok_or(Refusal::Platform(Error::NotFound(Noun::Webhook)))
    }

    /// The webhook that the path names, which may be one of another wire: by its id or by its number.
    pub(crate) fn any_webhook(&self) -> Result<WebhookRef, Refusal> {
        Self::parse_any_webhook(&self.id)
    }

    /// Reads the name of a webhook of any wire.
    pub(crate) fn parse_any_webhook(text: &str) -> Result<WebhookRef, Refusal> {
        let number = || text.parse().ok().map(|number| WebhookRef::Number(WebhookNumber::new(number)));
        let which = id::parse_webhook(text).map(WebhookRef::Id).or_else(number);
        which.ok_or(Refusal::Platform(Error::NotFound(Noun::Webhook)))
    }

    /// The event that the path names: by its sequence, its id, or the id of its delivery as any wire spells it.
    pub(crate) fn event(&self) -> Result<EventRef, Refusal> {
        let sequence = self.id.parse().ok().map(EventRef::Sequence);
        let id = || id::parse_event(&self.id).or_else(|| parse_uuid(&self.id)).map(EventRef::Id);
        sequence.or_else(id).ok_or(Refusal::Platform(Error::NotFound(Noun::Event)))
    }

    async fn keyring(&self, door: &Door) -> Result<Arc<Keyring>, Refusal> {
        let found = door.platform.keyring(&self.project).await?;
        found.ok_or(Refusal::Platform(Error::NotFound(Noun::Project)))
    }

    fn with_secret(&self, door: &Door, keyring: &Keyring, token: &str) -> Option<Principal> {
        keyring.opens(token).then(|| self.principal(door, keyring, Grant::Secret))
    }

    fn principal(&self, door: &Door, keyring: &Keyring, grant: Grant) -> Principal {
        Principal {
            project: keyring.project.clone(),
            grant,
            request: self.request.unwrap_or_else(|| door.platform.chance().request_id()),
        }
    }
}

fn grant_to_create(token: Option<&str>, keyring: &Keyring) -> Option<Grant> {
    match token {
        Some(token) => keyring.opens(token).then_some(Grant::Secret),
        None => keyring.project.settings.may_create_without_token.then_some(Grant::Public),
    }
}

/// The last word of the header, whatever scheme stands before it; an empty header is no token. A header that is no text holds a wrong
/// token, not none.
fn token(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(header::AUTHORIZATION)?;
    let text = header.to_str().unwrap_or("?");
    text.split_ascii_whitespace().next_back().map(str::to_owned)
}

/// The id that the layers around the doors gave to the request, when there are such layers.
fn request_id(parts: &Parts) -> Option<RequestId> {
    let id = parts.extensions.get::<web::RequestId>()?;
    parse_uuid(id.as_str()).map(RequestId::from_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::id::ProjectId;
    use domain::project::{Project, Settings};
    use domain::secret::Secret;
    use http::HeaderValue;

    #[track_caller]
    fn check(header: &[u8], expected: Option<&str>) {
        let value = HeaderValue::from_bytes(header).unwrap();
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
        assert_eq!(token(&headers).as_deref(), expected);
    }

    #[test]
    fn creating_without_a_token_is_the_projects_decision() {
        let keyring = |may_create_without_token| Keyring {
            project: Arc::new(Project {
                id: ProjectId::new(7),
                public_key: "5f0c1b7a9d3e4c628a10".into(),
                name: "pier".into(),
                settings: Settings { may_create_without_token, ..Settings::default() },
                created_at: Timestamp::from_micros(0),
            }),
            secrets: vec![Secret::new("right")],
        };
        for (token, may_create_without_token, expected) in [
            (None, true, Some(Grant::Public)),
            (None, false, None),
            (Some("right"), false, Some(Grant::Secret)),
            (Some("wrong"), true, None),
        ] {
            let granted = grant_to_create(token, &keyring(may_create_without_token));
            assert_eq!(granted, expected, "{token:?} {may_create_without_token}");
        }
    }

    #[test]
    fn the_token_is_the_last_word() {
        check(b"Bearer abc", Some("abc"));
        check(b"bearer  abc ", Some("abc"));
        check(b"Token x abc", Some("abc"));
        check(b"abc", Some("abc"));
        check(b"Bearer", Some("Bearer"));
        check(b"", None);
        check(b"Bearer \xff", Some("?"));
        assert_eq!(token(&HeaderMap::new()), None);
    }
}
