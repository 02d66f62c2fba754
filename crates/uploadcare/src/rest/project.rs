//! `/project/`: the project that the keys open.

use super::call::Call;
use crate::wire::project::Project;
use axum::response::Response;

/// `GET /project/`.
pub(super) fn show(call: &Call) -> Response {
    call.ok(&Project::from(&*call.principal.project))
}
