//! Addresses of other servers as the file writes them: checked once, and free of credentials.

use std::num::ParseIntError;

use super::{reader::Field, secret};

/// The longest URL, in bytes.
pub const MAX_URL: usize = 2_048;

/// What a text must be to be the URL asked for.
#[derive(Clone, Copy)]
pub struct UrlRule {
    /// `https://api.example.com`, for the message.
    pub example: &'static str,
    /// Schemes that may stand first.
    pub schemes: &'static [&'static str],
    /// What to write instead of a URL with a credential.
    pub instead: &'static str,
}

/// Where an upstream is.
pub const UPSTREAM: UrlRule = UrlRule {
    example: "https://api.example.com",
    schemes: &["http", "https"],
    instead: "write upstream = { env = \"NAME\" } or { file = \"PATH\" }, and the URL there",
};
/// Where the WebSocket of an upstream is.
pub const SOCKET: UrlRule = UrlRule {
    example: "wss://api.example.com",
    schemes: &["ws", "wss"],
    instead: "write ws_upstream = { env = \"NAME\" } or { file = \"PATH\" }, and the URL there",
};
/// Where people reach Keyward.
pub const PUBLIC: UrlRule = UrlRule {
    example: "https://keys.example.com",
    schemes: &["http", "https"],
    instead: "leave it out: everybody sees this address",
};

/// Why a text is not the URL asked for. Never repeats the text, which may hold a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlFault {
    /// It is no URL with one of the schemes, a host, and perhaps a port and a path.
    NotOne,
    /// There is a name or password before the host.
    Credential,
    /// A part of the path looks like a credential.
    CredentialInPath,
    /// There is something after the path.
    Beyond,
}

/// A host, and the port if one is written, of `host`, `host:port`, `[::1]` or `[::1]:port`; IPv6 comes without its brackets.
///
/// Errors: the port is no number from 0 to 65535.
pub fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), ParseIntError> {
    let split = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
    let (host, port) = split.map_or((authority, None), |(host, port)| (host, Some(port)));
    Ok((host.trim_start_matches('[').trim_end_matches(']'), port.map(str::parse).transpose()?))
}

/// Reads a URL: no credentials, no query, no fragment. A slash at the end is dropped.
pub fn read(field: &Field<'_>, rule: UrlRule) -> Option<String> {
    let expected = format!("a URL such as \"{}\"", rule.example);
    let text = field.text(&expected)?;
    match check(text, rule) {
        Ok(url) => Some(url),
        Err(UrlFault::NotOne) => {
            field.refuse(format!("expected {expected}"), None);
            None
        }
        Err(UrlFault::Beyond) => {
            let hint = "leave out `?` and `#` and what follows them".to_owned();
            field.refuse(format!("expected {expected}, without a query"), Some(hint));
            None
        }
        Err(UrlFault::Credential | UrlFault::CredentialInPath) => {
            secret::refuse_text(field, rule.instead);
            None
        }
    }
}

/// Checks a URL, from the file or from a secret's place, and returns it without a slash at the end.
pub fn check(text: &str, rule: UrlRule) -> Result<String, UrlFault> {
    let uri: http::Uri = text.parse().map_err(|_| UrlFault::NotOne)?;
    let scheme = uri.scheme_str().filter(|scheme| rule.schemes.contains(scheme));
    let authority = uri.authority().filter(|authority| !authority.host().is_empty());
    let (Some(scheme), Some(authority)) = (scheme, authority) else { return Err(UrlFault::NotOne) };
    if authority.as_str().contains('@') {
        return Err(UrlFault::Credential);
    }
    if uri.query().is_some() || text.contains('#') {
        return Err(UrlFault::Beyond);
    }
    // `http` takes `host:` and `host:99999` for a host without a port.
    let has_port_text = authority.as_str()[authority.host().len()..].starts_with(':');
    if text.len() > MAX_URL || has_port_text != authority.port_u16().is_some() {
        return Err(UrlFault::NotOne);
    }
    if uri.path().split('/').any(looks_like_a_credential) {
        return Err(UrlFault::CredentialInPath);
    }
    Ok(format!("{scheme}://{authority}{}", uri.path().trim_end_matches('/')))
}

/// A long mixture of letters and digits: node providers put the key into the path.
fn looks_like_a_credential(segment: &str) -> bool {
    let count = |kind: fn(&u8) -> bool| segment.as_bytes().iter().filter(|b| kind(b)).count();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    segment.len() >= 24
        && segment.bytes().all(plain)
        && count(u8::is_ascii_digit) >= 4
        && count(u8::is_ascii_alphabetic) >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_with_anything_secret_or_ambiguous_are_refused() {
        let key = "0123456789abcdef".repeat(2);
        let cases = [
            ("https://api.example.com".to_owned(), Ok("https://api.example.com".to_owned())),
            ("http://127.0.0.1:8545/".to_owned(), Ok("http://127.0.0.1:8545".to_owned())),
            ("https://api.example.com/v3/".to_owned(), Ok("https://api.example.com/v3".to_owned())),
            ("http://[::1]:80/a/b".to_owned(), Ok("http://[::1]:80/a/b".to_owned())),
            ("api.example.com".to_owned(), Err(UrlFault::NotOne)),
            ("ftp://api.example.com".to_owned(), Err(UrlFault::NotOne)),
            ("https://api.example.com:99999".to_owned(), Err(UrlFault::NotOne)),
            ("https:///path".to_owned(), Err(UrlFault::NotOne)),
            (format!("https://a.example/{}", "x/".repeat(MAX_URL)), Err(UrlFault::NotOne)),
            ("https://me:word@api.example.com".to_owned(), Err(UrlFault::Credential)),
            ("https://api.example.com/?key=1".to_owned(), Err(UrlFault::Beyond)),
            ("https://api.example.com/#part".to_owned(), Err(UrlFault::Beyond)),
            (format!("https://node.example.com/v3/{key}"), Err(UrlFault::CredentialInPath)),
        ];
        for (text, expected) in cases {
            assert_eq!(check(&text, UPSTREAM), expected, "{text}");
        }
    }
}
