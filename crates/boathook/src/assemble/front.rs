//! Front: the doors behind one listener. Paths of different wires do not collide, so one port can serve them all.

use axum::Router;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode};
use web::stack::{Asked, Paths, Wording, around};

/// Names the request in every answer, for the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is said where no door says it.
const WORDING: Wording = Wording { panicked, dress };

/// Which doors a listener serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// The REST APIs.
    pub api: bool,
    /// The Upload API.
    pub upload: bool,
    /// What gives bytes out.
    pub cdn: bool,
}

/// Every door there is.
pub(super) struct Doors {
    /// Uploadcare's REST API.
    pub rest: Router,
    /// Uploadcare's Upload API.
    pub upload: Router,
    /// uc v1.
    pub uc: Router,
    /// What gives bytes out.
    pub cdn: Router,
    /// Whether the server is ready.
    pub health: Router,
}

impl Doors {
    /// The doors that have a share, as one router. `/healthz` is always there.
    pub fn behind(self, shares: Shares) -> Router {
        let doors = [
            (true, self.health),
            (shares.api, self.uc),
            (shares.api, self.rest),
            (shares.upload, self.upload),
            (shares.cdn, self.cdn),
        ];
        let open = doors.into_iter().filter(|(has_share, _)| *has_share);
        let routes = open.fold(Router::new(), |routes, (_, door)| routes.merge(door));
        around(routes.fallback(nothing_here), WORDING, Paths::Tidied)
    }
}

async fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}

/// Uploadcare's doors have layers of their own; what is left is uc v1 and files.
fn panicked(asked: &Asked) -> Response {
    let first = asked.target.0.split(['/', '?']).find(|segment| !segment.is_empty());
    let door = if matches!(first, Some("api" | "up")) { jsonapi::WORDING } else { cdn::WORDING };
    (door.panicked)(asked)
}

fn dress(asked: &Asked, headers: &mut HeaderMap) {
    headers.insert(REQUEST_ID, asked.request_id.header_value());
}
