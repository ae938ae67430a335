//! Hygiene: which headers must not pass the gateway, in either direction.
//!
//! Names are looked at in one pass and by their length first; most requests have nothing to remove.

use http::{
    HeaderName, HeaderValue,
    header::{CONNECTION, CONTENT_LENGTH, HOST, LOCATION, TE, TRANSFER_ENCODING, VARY},
};
use memchr::memmem::Finder;

use crate::{
    heads::Headers,
    settings::{ApiSettings, Cors},
};

pub(crate) mod location;
#[cfg(test)]
mod tests;

/// What an API's headers are cleaned of, and what is put in.
pub(crate) struct Hygiene {
    credential: Option<(HeaderName, HeaderValue)>,
    secret: Option<Finder<'static>>,
    hidden: Vec<HeaderName>,
    cors: Cors,
}

/// A secret that is shorter may stand in a header by chance, and is not looked for.
const LEAST_SECRET: usize = 8;
/// How long browsers may remember a preflight, in seconds.
const PREFLIGHT_AGE: &str = "600";

const ALLOW_ORIGIN: HeaderName = http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
const EXPOSE_HEADERS: HeaderName = http::header::ACCESS_CONTROL_EXPOSE_HEADERS;

impl Hygiene {
    /// What the operator declared for an API.
    pub fn new(settings: &ApiSettings) -> Self {
        let credential = settings.credential.as_ref();
        let secret = credential.map(|credential| credential.secret.as_bytes());
        Hygiene {
            credential: credential.map(|credential| (credential.header.clone(), credential.value.clone())),
            secret: secret.filter(|secret| secret.len() >= LEAST_SECRET).map(|secret| Finder::new(secret).into_owned()),
            hidden: settings.hidden_headers.clone(),
            cors: settings.cors.clone(),
        }
    }

    /// Makes a caller's headers the upstream's: nothing that is for one connection only, nothing that would make the
    /// upstream take the request for another, our credential. `chunked`: the body is sent so again.
    pub fn to_upstream(&self, headers: &mut Headers, host: &HeaderValue, chunked: bool) {
        let takes_trailers = takes_trailers(headers);
        remove_named(headers, |name| is_hop_by_hop(name) || is_spoof(name) || name == b"expect");
        if chunked {
            headers.insert(TRANSFER_ENCODING, "chunked");
        }
        if takes_trailers {
            headers.insert(TE, "trailers");
            headers.insert(CONNECTION, "te");
        }
        headers.insert(HOST, host);
        if let Some((name, value)) = &self.credential {
            headers.insert(name, value);
        }
    }

    /// Makes an upstream's headers the caller's.
    pub fn to_caller(&self, headers: &mut Headers) {
        // The length that stands beside a coding is not the body's, and the coding is undone here.
        if headers.contains_key(TRANSFER_ENCODING) {
            headers.remove(CONTENT_LENGTH);
        }
        remove_named(headers, |name| is_hop_by_hop(name) || is_upstreams_own(name));
        for name in &self.hidden {
            headers.remove(name);
        }
        if let Some(secret) = &self.secret {
            let leaking = headers.iter().filter(|(_, value)| secret.find(value.as_bytes()).is_some());
            let leaking: Vec<Vec<u8>> = leaking.map(|(name, _)| name.to_vec()).collect();
            if !leaking.is_empty() {
                headers.remove_each(|name, _| leaking.iter().any(|other| other == name));
            }
        }
    }

    /// Lets a page of this origin read the answer, if pages of it may. Never with credentials. `listed`: what a list of domains
    /// says of the page, where one decides.
    pub fn allow_origin(&self, headers: &mut Headers, origin: &HeaderValue, listed: Option<bool>) {
        headers.append(VARY, "Origin");
        let allowed = || match &self.cors {
            Cors::Any => true,
            Cors::Origins(origins) => origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()),
        };
        if listed.unwrap_or_else(allowed) {
            headers.insert(ALLOW_ORIGIN, origin);
            headers.insert(EXPOSE_HEADERS, "*");
        }
    }

    /// The headers that answer a preflight: what was asked for is allowed, as the key decides on calls and not the page. `listed`:
    /// what the key's list of domains says, where the value stands in the path.
    pub fn preflight(&self, asked: &Headers, origin: &HeaderValue, listed: Option<bool>) -> Headers {
        use http::header::*;
        let mut headers = Headers::new();
        self.allow_origin(&mut headers, origin, listed);
        headers.remove(EXPOSE_HEADERS);
        headers.append(VARY, "Access-Control-Request-Method, Access-Control-Request-Headers");
        if !headers.contains_key(ALLOW_ORIGIN) {
            return headers;
        }
        let echoed = [
            (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
            (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
        ];
        for (asked_for, allowed) in echoed {
            if let Some(value) = asked.get(asked_for) {
                headers.insert(allowed, value);
            }
        }
        headers.insert(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
        headers
    }

    /// Makes an upstream's `Location` lead through the gateway; see [`location::rewritten`].
    pub fn rewrite_location(&self, headers: &mut Headers, way: &location::Way<'_>) {
        for name in [LOCATION, http::header::CONTENT_LOCATION] {
            if let Some(value) = headers.get(&name) {
                let rewritten = value.to_str().map(|value| location::rewritten(value, way));
                match rewritten.unwrap_or(location::Rewritten::Removed) {
                    location::Rewritten::Kept => {}
                    location::Rewritten::Removed => headers.remove(&name),
                    location::Rewritten::To(text) => match HeaderValue::try_from(text) {
                        Ok(value) => headers.insert(&name, value),
                        Err(_) => headers.remove(&name),
                    },
                }
            }
        }
    }
}

/// Removes what `Connection` names, and each name that is picked.
fn remove_named(headers: &mut Headers, is_picked: impl Fn(&[u8]) -> bool) {
    if headers.contains_key(CONNECTION) {
        for name in named_in_connection(headers) {
            headers.remove(name);
        }
    }
    headers.remove_each(|name, _| is_picked(name));
}

/// What `Connection` names, less what would change the message if it went (RFC 9110, 7.6.1).
fn named_in_connection(headers: &Headers) -> Vec<HeaderName> {
    let texts = headers.get_all(CONNECTION).filter_map(|value| value.to_str());
    let names = texts.flat_map(|text| text.split(',')).filter_map(|name| name.trim().parse::<HeaderName>().ok());
    names.filter(|name| ![HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name)).collect()
}

/// Whether the caller can take trailers: `TE: trailers`, alone or among others.
fn takes_trailers(headers: &Headers) -> bool {
    let texts = headers.get_all(TE).filter_map(|value| value.to_str());
    texts.flat_map(|text| text.split(',')).any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
}

/// For one connection only (RFC 9110, 7.6.1). `Trailer` announces what follows the body, and so goes along.
fn is_hop_by_hop(name: &[u8]) -> bool {
    match name.len() {
        2 => name == b"te",
        7 => name == b"upgrade",
        10 => name == b"connection" || name == b"keep-alive",
        16 => name == b"proxy-connection",
        17 => name == b"transfer-encoding",
        18 => name == b"proxy-authenticate",
        19 => name == b"proxy-authorization",
        _ => false,
    }
}

/// By these a caller could make the upstream see another method, path or address than was decided on, or a ticket of ours.
fn is_spoof(name: &[u8]) -> bool {
    let others: [&[u8]; 5] =
        [b"x-http-method-override", b"x-method-override", b"x-original-url", b"x-rewrite-url", b"x-real-ip"];
    match name.first() {
        Some(b'f') => name == b"forwarded",
        Some(b'x') => name.starts_with(b"x-forwarded-") || name.starts_with(b"x-keyward-") || others.contains(&name),
        _ => false,
    }
}

/// What an upstream tells the operator and not the caller: cookies, its own limits, its own view of pages and routes.
fn is_upstreams_own(name: &[u8]) -> bool {
    match name.first() {
        Some(b'a') => name.starts_with(b"access-control-") || name == b"alt-svc",
        Some(b'r') => name == b"ratelimit" || name.starts_with(b"ratelimit-"),
        Some(b's') => name == b"set-cookie" || name == b"set-cookie2",
        Some(b'x') => {
            let own: [&[u8]; 3] = [b"x-ratelimit", b"x-rate-limit", b"x-keyward-"];
            own.iter().any(|own| name.starts_with(own)) || name == b"x-request-id"
        }
        _ => false,
    }
}
