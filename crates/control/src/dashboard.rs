//! The dashboard's files: built from `web/`, embedded by the program. Every path that is nothing else is a page of it, so that a
//! link leads there; where it was not built, a page says how.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::State,
    http::{Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::{app::App, error::Problem, page};

/// A file by its path, without a slash in front; none: there is no such file.
pub type Assets = fn(&str) -> Option<Cow<'static, [u8]>>;

/// The page that all paths of the dashboard begin with.
const INDEX: &str = "index.html";
/// Files whose names change with their content.
const HASHED: &str = "assets/";

/// What no other route answers.
pub async fn show(State(app): State<Arc<App>>, method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found("route").into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = (app.assets)(path).filter(|_| !path.is_empty()) {
        return answer(path, file);
    }
    if path.starts_with(HASHED) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match (app.assets)(INDEX) {
        Some(file) => answer(INDEX, file),
        None => absent(&app),
    }
}

fn answer(path: &str, file: Cow<'static, [u8]>) -> Response {
    let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, kind(path)), (header::CACHE_CONTROL, caching)];
    (headers, file.into_owned()).into_response()
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn absent(app: &App) -> Response {
    let body = format!(
        "<p>This program was built without the dashboard. Where its source is, build it and the program again:</p>\n\
         <pre>npm --prefix web ci\nnpm --prefix web run build\ncargo build --package keyward</pre>\n\
         <p><code>cargo xtask demo</code> does all of it. The REST API is at <code>{}/api/v1</code>, and \
         <a href=\"/docs/errors\">what denials mean</a> is here.</p>\n",
        page::escaped(&app.settings.public_url)
    );
    page::page("Dashboard", &body).into_response()
}
