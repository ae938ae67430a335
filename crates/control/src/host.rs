//! Only requests for the public host are answered: a page fetched under another name (DNS rebinding, a poisoned `Host`)
//! must not act here.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::app::App;

/// Refuses other hosts with 421.
pub async fn only_public(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if asked.is_some_and(|asked| is_public(asked, &app.settings.public_url)) {
        return next.run(request).await;
    }
    let told = format!("This is not the host of {}; open that address.\n", app.settings.public_url);
    (StatusCode::MISDIRECTED_REQUEST, told).into_response()
}

/// Host and port of the URL.
pub fn authority(public_url: &str) -> &str {
    public_url.split_once("://").map_or(public_url, |(_, rest)| rest)
}

/// Whether `host` is that of the URL. On loopback all its names are one: a person types any of them.
fn is_public(host: &str, public_url: &str) -> bool {
    let authority = authority(public_url);
    if host.eq_ignore_ascii_case(authority) {
        return true;
    }
    let (name, port) = split(host);
    let (public_name, public_port) = split(authority);
    is_loopback(name) && is_loopback(public_name) && port == public_port
}

/// Whether a page of `origin` is one of ours.
pub fn is_same_origin(origin: &str, public_url: &str) -> bool {
    let scheme = |url: &str| url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let host = origin.split_once("://").map(|(_, host)| host);
    scheme(origin) == scheme(public_url) && host.is_some_and(|host| is_public(host, public_url))
}

fn split(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (authority, None),
    }
}

fn is_loopback(name: &str) -> bool {
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn hosts() {
        for (host, public_url, answered) in [
            ("keys.example.com", "https://keys.example.com", true),
            ("KEYS.example.com", "https://keys.example.com", true),
            ("keys.example.com:8080", "https://keys.example.com", false),
            ("evil.example", "https://keys.example.com", false),
            ("127.0.0.1", "https://keys.example.com", false),
            ("localhost:8080", "http://127.0.0.1:8080", true),
            ("[::1]:8080", "http://127.0.0.1:8080", true),
            ("localhost:8081", "http://127.0.0.1:8080", false),
            ("evil.example:8080", "http://127.0.0.1:8080", false),
            ("", "http://127.0.0.1:8080", false),
        ] {
            assert_eq!(is_public(host, public_url), answered, "{host} for {public_url}");
        }
    }
}
