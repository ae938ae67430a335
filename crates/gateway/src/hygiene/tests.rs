//! Tables of headers, in both directions.

use http::HeaderValue;

use super::*;

fn hygiene(cors: Cors) -> Hygiene {
    let secret = "upstream-secret-1";
    Hygiene {
        credential: Some((http::header::AUTHORIZATION, HeaderValue::from_static("Bearer upstream-secret-1"))),
        secret: Some(Finder::new(secret).into_owned()),
        hidden: vec![HeaderName::from_static("x-quota-of-operator")],
        cors,
    }
}

fn map(lines: &[(&'static str, &'static str)]) -> Headers {
    let mut headers = Headers::new();
    lines.iter().for_each(|(name, value)| headers.append(name, value));
    headers
}

fn lines(headers: &Headers) -> Vec<(String, String)> {
    let text = |part: &[u8]| String::from_utf8(part.to_vec()).expect("text");
    let mut lines: Vec<_> = headers.iter().map(|(name, value)| (text(name), text(value.as_bytes()))).collect();
    lines.sort();
    lines
}

fn owned(lines: &[(&str, &str)]) -> Vec<(String, String)> {
    lines.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

#[test]
fn nothing_of_the_callers_connection_or_disguise_goes_up() {
    let mut headers = map(&[
        ("accept", "*/*"),
        ("authorization", "Basic caller"),
        ("connection", "keep-alive, x-private, host"),
        ("expect", "100-continue"),
        ("forwarded", "for=1.1.1.1"),
        ("host", "gateway.example"),
        ("keep-alive", "timeout=5"),
        ("proxy-authorization", "Basic x"),
        ("proxy-connection", "keep-alive"),
        ("te", "gzip, trailers"),
        ("trailer", "x-sum"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("x-custom", "1"),
        ("x-custom", "2"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-for", "2.2.2.2"),
        ("x-forwarded-host", "a"),
        ("x-forwarded-proto-x", "a"),
        ("x-forwarded-some-other", "a"),
        ("x-http-method-override", "DELETE"),
        ("x-method-override", "DELETE"),
        ("x-original-url", "/admin"),
        ("x-private", "1"),
        ("x-rewrite-url", "/admin"),
    ]);
    hygiene(Cors::Any).to_upstream(&mut headers, &HeaderValue::from_static("up.example"), true);
    let expected = [
        ("accept", "*/*"),
        ("authorization", "Bearer upstream-secret-1"),
        ("connection", "te"),
        ("host", "up.example"),
        ("te", "trailers"),
        ("trailer", "x-sum"),
        ("transfer-encoding", "chunked"),
        ("x-custom", "1"),
        ("x-custom", "2"),
    ];
    assert_eq!(lines(&headers), owned(&expected));
}

#[test]
fn nothing_of_the_upstreams_own_comes_down() {
    let mut headers = map(&[
        ("access-control-allow-origin", "https://upstream.example"),
        ("alt-svc", "h3=\":443\""),
        ("connection", "close, x-hop"),
        ("content-encoding", "gzip"),
        ("content-length", "5"),
        ("keep-alive", "timeout=5"),
        ("ratelimit", "x"),
        ("ratelimit-policy", "x"),
        ("set-cookie", "a=b"),
        ("set-cookie", "c=d"),
        ("transfer-encoding", "chunked"),
        ("x-debug", "called with upstream-secret-1"),
        ("x-debug-2", "upstream-secret-1"),
        ("x-hop", "1"),
        ("x-quota-of-operator", "7"),
        ("x-ratelimit-requests-remaining", "7"),
        ("x-request-id", "theirs"),
        ("x-total-count", "7"),
    ]);
    hygiene(Cors::Any).to_caller(&mut headers);
    assert_eq!(lines(&headers), owned(&[("content-encoding", "gzip"), ("x-total-count", "7")]));
    let mut plain = map(&[("content-length", "5"), ("vary", "accept")]);
    hygiene(Cors::Any).to_caller(&mut plain);
    assert_eq!(lines(&plain), owned(&[("content-length", "5"), ("vary", "accept")]));
}

#[test]
fn pages_may_read_answers_if_their_origin_may() {
    let some = Cors::Origins(vec!["https://a.example".to_owned()]);
    let cases =
        [(Cors::Any, "https://b.example", true), (some.clone(), "https://a.example", true), (some, "null", false)];
    for (cors, origin, is_allowed) in cases {
        let mut headers = map(&[("vary", "accept")]);
        hygiene(cors).allow_origin(&mut headers, &HeaderValue::from_static(origin), None);
        assert_eq!(
            headers.get(ALLOW_ORIGIN).is_some_and(|value| value.as_bytes() == origin.as_bytes()),
            is_allowed,
            "{origin}"
        );
        assert_eq!(headers.contains_key(EXPOSE_HEADERS), is_allowed);
        assert_eq!(headers.get_all(VARY).count(), 2, "caches must know that the answer depends on the origin");
        assert!(!headers.contains_key(http::header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
    }
}

#[test]
fn a_preflight_is_allowed_what_it_asks_for() {
    let asked =
        map(&[("access-control-request-method", "PUT"), ("access-control-request-headers", "x-api-key, content-type")]);
    let headers = hygiene(Cors::Any).preflight(&asked, &HeaderValue::from_static("https://b.example"), None);
    let expected = [
        ("access-control-allow-headers", "x-api-key, content-type"),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-origin", "https://b.example"),
        ("access-control-max-age", "600"),
        ("vary", "Access-Control-Request-Method, Access-Control-Request-Headers"),
        ("vary", "Origin"),
    ];
    assert_eq!(lines(&headers), owned(&expected));
}
