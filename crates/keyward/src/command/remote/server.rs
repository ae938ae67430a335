//! Where a remote Keyward is: an origin, as its `public_url`, and whether a token may be sent there.

use std::{fmt, str::FromStr};

use super::RemoteFailure;
use crate::config::{host_and_port, is_loopback, public_origin};

/// The origin of a Keyward: `https://keys.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    /// Whether it speaks TLS.
    pub is_https: bool,
    /// Its name or address; IPv6 without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Host, and port where it was written.
    pub authority: String,
}

impl ServerUrl {
    /// Whether a token may be sent there: over TLS, within this machine, or where one insists.
    ///
    /// Errors: it could be read on the way.
    pub fn may_be_told_a_token(&self, allow_http: bool) -> Result<(), RemoteFailure> {
        if self.is_https || allow_http || is_loopback(&self.host) { Ok(()) } else { Err(RemoteFailure::InClear) }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

impl FromStr for ServerUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origin =
            public_origin(text).ok_or("expected the address of a dashboard, such as https://keys.example.com")?;
        let (scheme, authority) = origin.split_once("://").unwrap_or(("https", origin.as_str()));
        let is_https = scheme == "https";
        let (host, port) = host_and_port(authority).map_err(|_| "a port is a number from 1 to 65535")?;
        let port = port.unwrap_or(if is_https { 443 } else { 80 });
        Ok(ServerUrl { is_https, host: host.to_owned(), port, authority: authority.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_and_nothing_else() {
        for (text, expected) in [
            ("https://keys.example.com", Some((true, "keys.example.com", 443, true))),
            ("https://keys.example.com:8443/", Some((true, "keys.example.com", 8443, true))),
            ("http://127.0.0.1:8080", Some((false, "127.0.0.1", 8080, true))),
            ("http://[::1]", Some((false, "::1", 80, true))),
            ("http://localhost:8080", Some((false, "localhost", 8080, true))),
            ("http://keys.example.com", Some((false, "keys.example.com", 80, false))),
            ("http://127.0.0.1.example.com", Some((false, "127.0.0.1.example.com", 80, false))),
            ("keys.example.com", None),
            ("https://keys.example.com/api/v1", None),
            ("https://me:word@keys.example.com", None),
            ("ftp://keys.example.com", None),
            ("https://keys.example.com?token=1", None),
        ] {
            let read = text.parse::<ServerUrl>().ok();
            let read = read
                .as_ref()
                .map(|url| (url.is_https, url.host.as_str(), url.port, url.may_be_told_a_token(false).is_ok()));
            assert_eq!(read, expected, "{text}");
        }
    }
}
