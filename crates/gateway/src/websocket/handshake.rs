//! Handshake: the heads by which a connection becomes a WebSocket, the caller's and the upstream's (RFC 6455, 4).
//!
//! Extensions end here, in both directions: messages are looked into, so nobody may compress them.

use http::{
    HeaderValue, Method, StatusCode, Version,
    header::{
        CONNECTION, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
        SEC_WEBSOCKET_VERSION, UPGRADE,
    },
};
use websocket::handshake::{VERSION, accept_of, is_key};

use crate::heads::{Headers, Response, Value};
use crate::reply::{self, Reply};

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// Why a request is no handshake.
pub(crate) fn fault(method: &Method, version: Version, headers: &Headers) -> Option<&'static str> {
    if *method != Method::GET || version != Version::HTTP_11 {
        return Some("A WebSocket begins with GET over HTTP/1.1.");
    }
    if !has_token(headers, UPGRADE, "websocket") || !has_token(headers, CONNECTION, "upgrade") {
        return Some("A WebSocket is served at this path: send Connection: Upgrade and Upgrade: websocket.");
    }
    if only(headers, SEC_WEBSOCKET_VERSION).is_none_or(|version| version.as_bytes() != VERSION.as_bytes()) {
        return Some("The version of WebSocket is 13.");
    }
    let is_good = only(headers, SEC_WEBSOCKET_KEY).is_some_and(|key| is_key(key.as_bytes()));
    (!is_good).then_some("Sec-WebSocket-Key is not sixteen bytes in base64.")
}

/// Says which version is spoken, in the answer to what is no handshake.
pub(crate) fn tell_version(headers: &mut Headers) {
    headers.insert(SEC_WEBSOCKET_VERSION, VERSION);
}

/// Makes headers that were cleaned for the upstream those of our own handshake with it. The page that called was decided on
/// here: upstreams that look at origins know none of ours.
pub(super) fn to_upstream(headers: &mut Headers, key: HeaderValue) {
    headers.remove(SEC_WEBSOCKET_EXTENSIONS);
    headers.remove(ORIGIN);
    headers.insert(CONNECTION, "Upgrade");
    headers.insert(UPGRADE, WEBSOCKET);
    headers.insert(SEC_WEBSOCKET_KEY, key);
    tell_version(headers);
}

/// Whether the upstream took our handshake: it proves that it read our key, agrees on no extension, and picks a subprotocol
/// only out of those that were offered.
pub(super) fn is_taken<B>(response: &Response<B>, key: &HeaderValue, offered: &Headers) -> bool {
    let headers = &response.headers;
    let is_offered = |picked: Value<'_>| {
        tokens(offered.get_all(SEC_WEBSOCKET_PROTOCOL)).any(|offered| offered.as_bytes() == picked.as_bytes())
    };
    response.status == StatusCode::SWITCHING_PROTOCOLS
        && has_token(headers, UPGRADE, "websocket")
        && has_token(headers, CONNECTION, "upgrade")
        && only(headers, SEC_WEBSOCKET_ACCEPT)
            .is_some_and(|accept| accept.as_bytes() == accept_of(key.as_bytes()).as_bytes())
        && !headers.contains_key(SEC_WEBSOCKET_EXTENSIONS)
        && headers.get_all(SEC_WEBSOCKET_PROTOCOL).all(is_offered)
}

/// The answer that makes the caller's connection a WebSocket.
pub(super) fn answer(key: &HeaderValue, picked: Option<HeaderValue>) -> Reply {
    let mut headers = Headers::new();
    headers.insert(UPGRADE, WEBSOCKET);
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept_of(key.as_bytes()));
    if let Some(picked) = picked {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, picked);
    }
    reply::empty(StatusCode::SWITCHING_PROTOCOLS, headers)
}

/// The header's value, if it stands there once.
fn only(headers: &Headers, name: http::HeaderName) -> Option<Value<'_>> {
    let mut all = headers.get_all(name);
    all.next().filter(|_| all.next().is_none())
}

fn has_token(headers: &Headers, name: http::HeaderName, wanted: &str) -> bool {
    tokens(headers.get_all(name)).any(|token| token.eq_ignore_ascii_case(wanted))
}

/// What stands between commas.
fn tokens<'v>(values: impl Iterator<Item = Value<'v>>) -> impl Iterator<Item = &'v str> {
    values.filter_map(Value::to_str).flat_map(|text| text.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    //! What is a handshake, and which answers to ours are taken.

    use super::*;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
    const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn headers(lines: &[(&'static str, &str)]) -> Headers {
        let mut headers = Headers::new();
        lines.iter().for_each(|(name, value)| headers.append(name, value));
        headers
    }

    #[test]
    fn what_is_a_handshake() {
        let good = [
            ("upgrade", "websocket"),
            ("connection", "keep-alive, Upgrade"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", KEY),
        ];
        let with = |changed: &[(&'static str, &'static str)]| {
            let mut lines = good.to_vec();
            for (name, value) in changed {
                lines.retain(|(known, _)| known != name);
                lines.push((name, value));
            }
            headers(&lines)
        };
        let is_good = |method: Method, headers: &Headers| fault(&method, Version::HTTP_11, headers).is_none();
        assert!(is_good(Method::GET, &with(&[])));
        assert!(is_good(Method::GET, &with(&[("upgrade", "WebSocket")])));
        assert!(!is_good(Method::POST, &with(&[])));
        assert!(fault(&Method::GET, Version::HTTP_10, &with(&[])).is_some());
        for (name, value) in [
            ("upgrade", "h2c"),
            ("connection", "keep-alive"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-key", "short"),
        ] {
            assert!(!is_good(Method::GET, &with(&[(name, value)])), "{name}: {value}");
        }
        let mut twice = with(&[]);
        twice.append(SEC_WEBSOCKET_KEY, KEY);
        assert!(!is_good(Method::GET, &twice));
    }

    #[test]
    fn which_answers_are_taken() {
        type Lines = &'static [(&'static str, &'static str)];
        let good: Lines = &[("upgrade", "websocket"), ("connection", "Upgrade"), ("sec-websocket-accept", ACCEPT)];
        let cases: &[(u16, Lines, bool)] = &[
            (101, &[], true),
            (101, &[("sec-websocket-protocol", "b")], true),
            (101, &[("sec-websocket-protocol", "c")], false),
            (101, &[("sec-websocket-extensions", "permessage-deflate")], false),
            (101, &[("sec-websocket-accept", ACCEPT)], false),
            (200, &[], false),
            (403, &[], false),
        ];
        for (status, more, taken) in cases {
            let mut response = Response::new(StatusCode::from_u16(*status).expect("a status"), ());
            response.headers = headers(&[good, more].concat());
            let offered = headers(&[("sec-websocket-protocol", "a, b")]);
            assert_eq!(is_taken(&response, &HeaderValue::from_static(KEY), &offered), *taken, "{status} {more:?}");
        }
    }
}
