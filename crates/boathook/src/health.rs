//! `/healthz`: whether this server can do its work now. 200 when it can, 503 while its database cannot be reached.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use store::Store;

/// The path, on every listener.
pub const PATH: &str = "/healthz";

/// What the answer begins with: how `doctor` knows one of us.
pub const PRODUCT: &str = "boathook";

/// The one route.
pub fn routes(store: Store) -> Router {
    Router::new().route(PATH, get(healthz)).with_state(store)
}

async fn healthz(State(store): State<Store>) -> Response {
    let (status, word) = match store.read(store::is_current).await {
        Ok(true) => (StatusCode::OK, "ready"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "the database has another schema"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is unavailable")
        }
    };
    let text = format!("{PRODUCT} {}: {word}\n", env!("CARGO_PKG_VERSION"));
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
