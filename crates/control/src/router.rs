//! The routes of the control listener: the table of contents.

use std::sync::Arc;

use axum::{Json, Router, extract::State, middleware, response::IntoResponse, routing::get};

use crate::{denial, host, manage, page, welcome};

/// What the control plane says of itself.
#[derive(Clone, Debug)]
pub struct Face {
    /// Where people reach this listener, without a slash at the end: `https://keys.example.com`.
    pub public_url: String,
    /// Where programs reach the gateway, without a slash at the end.
    pub gateway_url: String,
    /// The APIs that the gateway serves: name and title.
    pub apis: Vec<(String, String)>,
    /// The version of this binary.
    pub version: &'static str,
}

/// All routes. A request for another host than that of `public_url` is refused with 421.
pub fn router(face: Face) -> Router {
    let face = Arc::new(face);
    Router::new()
        .route("/", get(show_welcome))
        .route("/api/v1", get(show_face))
        .route("/docs/errors", get(denial::list_denials))
        .route("/account", get(manage::show_account))
        .route("/keys/{id}", get(manage::show_key))
        .route("/members/{id}", get(manage::show_member))
        .layer(middleware::from_fn_with_state(face.clone(), host::only_public))
        .with_state(face)
}

async fn show_welcome(State(face): State<Arc<Face>>) -> impl IntoResponse {
    page::page("Keyward", &welcome::body(&face))
}

async fn show_face(State(face): State<Arc<Face>>) -> impl IntoResponse {
    Json(welcome::summary(&face)).into_response()
}
