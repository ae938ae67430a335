//! Cookie: how a browser holds its session. Only this site reads it, no script does, and no other site makes it be sent with
//! a request that changes anything.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::{session::LIFETIME, time::SECOND, token::Token};

/// With https the prefix `__Host-` lets no other host or path set it (RFC 6265bis).
fn name(is_https: bool) -> &'static str {
    if is_https { "__Host-keyward" } else { "keyward" }
}

/// Whether the request brings a session, be it a good one or not.
pub fn is_there(headers: &HeaderMap, is_https: bool) -> bool {
    texts(headers, is_https).next().is_some()
}

/// The session that a request brings. Two are none: one of them was put there by somebody else.
pub fn read(headers: &HeaderMap, is_https: bool) -> Option<Token> {
    let mut found = texts(headers, is_https);
    match (found.next(), found.next()) {
        (Some(text), None) => Token::presented(text),
        _ => None,
    }
}

/// Sets the session.
pub fn set(token: &Token, is_https: bool) -> (header::HeaderName, HeaderValue) {
    of(token.reveal(), LIFETIME / SECOND, is_https)
}

/// Takes the session away.
pub fn clear(is_https: bool) -> (header::HeaderName, HeaderValue) {
    of("", 0, is_https)
}

fn of(value: &str, seconds: i64, is_https: bool) -> (header::HeaderName, HeaderValue) {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(is_https));
    let mut value = HeaderValue::from_str(&text).expect("letters, digits and signs");
    value.set_sensitive(true);
    (header::SET_COOKIE, value)
}

fn texts(headers: &HeaderMap, is_https: bool) -> impl Iterator<Item = &str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(found, _)| *found == name(is_https)).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read() {
        for is_https in [false, true] {
            let token = Token::draw([5; 32]);
            let (_, set) = set(&token, is_https);
            let text = set.to_str().expect("ASCII");
            assert_eq!(text.contains("; Secure"), is_https);
            assert!(text.contains("HttpOnly") && text.contains("SameSite=Lax") && text.contains("Path=/"));
            let pair = text.split(';').next().expect("a pair");
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).expect("ASCII"));
            assert_eq!(read(&headers, is_https).map(|read| read.hash()), Some(token.hash()));
            assert!(read(&headers, !is_https).is_none(), "the other name is another cookie");
            headers.append(header::COOKIE, HeaderValue::from_str(pair).expect("ASCII"));
            assert!(read(&headers, is_https).is_none(), "two are none");
        }
    }
}
