//! The frame of the pages that this listener shows, and the escaping of what comes from outside.

use axum::{http::header, response::IntoResponse};

/// A whole page; `body` is HTML, `title` is text.
pub fn page(title: &str, body: &str) -> impl IntoResponse + use<> {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let title = escaped(title);
    let head = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n";
    (headers, format!("{head}<title>{title} · Keyward</title>\n<h1>{title}</h1>\n{body}</html>\n"))
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
