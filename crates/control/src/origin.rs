//! Origin: a request that changes something is refused unless it comes from our own pages, from no page at all, or proves with an
//! access token who asks: no browser adds that by itself.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{app::App, bearer, cookie, error::Problem, host};

/// Refuses requests of other sites with 403, and those that prove twice who asks with 400.
pub async fn only_ours(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let has_cookie = cookie::is_there(request.headers(), app.is_https());
    let has_token = bearer::is_there(request.headers());
    if has_cookie && has_token {
        let detail = "This request brings an access token and the cookie of a session; send one of them.";
        return Problem::new(StatusCode::BAD_REQUEST, "two_proofs", detail).into_response();
    }
    if changes && !has_token && !is_ours(request.headers(), &app.settings.public_url, has_cookie) {
        let detail = "This request was made by another site, or does not say which site made it.";
        return Problem::new(StatusCode::FORBIDDEN, "cross_site", detail).into_response();
    }
    next.run(request).await
}

/// A browser says who asks. With a session in hand the request must prove that it is ours; without one nothing is at stake
/// but the session that it may begin, and it is enough that nothing speaks against it.
fn is_ours(headers: &HeaderMap, public_url: &str, has_cookie: bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site");
    let origin = text(header::ORIGIN.as_str());
    let same = |origin: &str| host::is_same_origin(origin, public_url);
    match (site, origin) {
        (Some("same-origin"), Some(origin)) => same(origin),
        (Some("same-origin"), None) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => same(origin),
        (None, None) => !has_cookie,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_change_something() {
        let ours = "https://keys.example.com";
        for (site, origin, with_cookie, without) in [
            (Some("same-origin"), Some(ours), true, true),
            (Some("same-origin"), None, true, true),
            (Some("same-origin"), Some("https://evil.example"), false, false),
            (Some("same-site"), Some("https://other.example.com"), false, false),
            (Some("cross-site"), Some("https://evil.example"), false, false),
            (Some("cross-site"), None, false, false),
            (Some("none"), None, false, false),
            (None, Some(ours), true, true),
            (None, Some("https://KEYS.example.com"), true, true),
            (None, Some("http://keys.example.com"), false, false),
            (None, Some("https://keys.example.com.evil.example"), false, false),
            (None, Some("https://keys.example.com:8443"), false, false),
            (None, Some("null"), false, false),
            (None, None, false, true),
        ] {
            let mut headers = HeaderMap::new();
            site.map(|site| headers.insert("sec-fetch-site", site.parse().expect("ASCII")));
            origin.map(|origin| headers.insert(header::ORIGIN, origin.parse().expect("ASCII")));
            assert_eq!(is_ours(&headers, ours, true), with_cookie, "{site:?} {origin:?} with a session");
            assert_eq!(is_ours(&headers, ours, false), without, "{site:?} {origin:?} without");
        }
    }
}
