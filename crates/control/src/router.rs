//! The routes of the control listener: the table of contents.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::header, middleware, response::IntoResponse, routing::get};

use crate::{host, welcome};

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
        .layer(middleware::from_fn_with_state(face.clone(), host::only_public))
        .with_state(face)
}

async fn show_welcome(State(face): State<Arc<Face>>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, welcome::page(&face))
}

async fn show_face(State(face): State<Arc<Face>>) -> impl IntoResponse {
    Json(welcome::summary(&face)).into_response()
}
