//! Headers: what must not pass the gateway, in either direction.
//!
//! Names are looked at in one pass and by their length first; most requests have nothing to remove, and then nothing is
//! hashed.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, LOCATION, SET_COOKIE, TE, TRANSFER_ENCODING, VARY},
};
use memchr::memmem::Finder;

use crate::settings::{ApiSettings, Cors};

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
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("600");

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
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
    pub fn to_upstream(&self, headers: &mut HeaderMap, host: &HeaderValue, chunked: bool) {
        let takes_trailers = takes_trailers(headers);
        remove_named(headers, |name| is_hop_by_hop(name) || is_spoof(name) || *name == EXPECT);
        if chunked {
            headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        if takes_trailers {
            headers.insert(TE, HeaderValue::from_static("trailers"));
            headers.insert(CONNECTION, HeaderValue::from_static("te"));
        }
        headers.insert(HOST, host.clone());
        if let Some((name, value)) = &self.credential {
            headers.insert(name.clone(), value.clone());
        }
    }

    /// Makes an upstream's headers the caller's.
    pub fn to_caller(&self, headers: &mut HeaderMap) {
        // The length that stands beside a coding is not the body's, and the coding is undone here.
        if headers.contains_key(TRANSFER_ENCODING) {
            headers.remove(CONTENT_LENGTH);
        }
        remove_named(headers, |name| is_hop_by_hop(name) || is_upstreams_own(name));
        for name in &self.hidden {
            headers.remove(name);
        }
        if let Some(secret) = &self.secret {
            remove_each(headers, |_, value| secret.find(value.as_bytes()).is_some());
        }
    }

    /// Lets a page of this origin read the answer, if pages of it may. Never with credentials. `listed`: what a list of domains
    /// says of the page, where one decides.
    pub fn allow_origin(&self, headers: &mut HeaderMap, origin: &HeaderValue, listed: Option<bool>) {
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let allowed = || match &self.cors {
            Cors::Any => true,
            Cors::Origins(origins) => origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()),
        };
        if listed.unwrap_or_else(allowed) {
            headers.insert(ALLOW_ORIGIN, origin.clone());
            headers.insert(EXPOSE_HEADERS, HeaderValue::from_static("*"));
        }
    }

    /// The headers that answer a preflight: what was asked for is allowed, as the key decides on calls and not the page. `listed`:
    /// what the key's list of domains says, where the value stands in the path.
    pub fn preflight(&self, asked: &HeaderMap, origin: &HeaderValue, listed: Option<bool>) -> HeaderMap {
        use http::header::*;
        let mut headers = HeaderMap::with_capacity(8);
        self.allow_origin(&mut headers, origin, listed);
        headers.remove(EXPOSE_HEADERS);
        headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Method, Access-Control-Request-Headers"));
        if !headers.contains_key(ALLOW_ORIGIN) {
            return headers;
        }
        let echoed = [
            (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
            (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
        ];
        for (asked_for, allowed) in echoed {
            if let Some(value) = asked.get(asked_for) {
                headers.insert(allowed, value.clone());
            }
        }
        headers.insert(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
        headers
    }

    /// Makes an upstream's `Location` lead through the gateway; see [`location::rewritten`].
    pub fn rewrite_location(&self, headers: &mut HeaderMap, way: &location::Way<'_>) {
        for name in [LOCATION, http::header::CONTENT_LOCATION] {
            if let Some(value) = headers.get(&name) {
                let rewritten = value.to_str().ok().map(|value| location::rewritten(value, way));
                match rewritten.unwrap_or(location::Rewritten::Removed) {
                    location::Rewritten::Kept => {}
                    location::Rewritten::Removed => drop(headers.remove(&name)),
                    location::Rewritten::To(text) => match HeaderValue::try_from(text) {
                        Ok(value) => drop(headers.insert(&name, value)),
                        Err(_) => drop(headers.remove(&name)),
                    },
                }
            }
        }
    }
}

/// Removes what `Connection` names, and each name that is picked.
fn remove_named(headers: &mut HeaderMap, is_picked: impl Fn(&HeaderName) -> bool) {
    if headers.contains_key(CONNECTION) {
        for name in named_in_connection(headers) {
            headers.remove(name);
        }
    }
    remove_each(headers, |name, _| is_picked(name));
}

/// Removes all lines of each name that has a line which is picked.
fn remove_each(headers: &mut HeaderMap, is_picked: impl Fn(&HeaderName, &HeaderValue) -> bool) {
    while let Some(name) = headers.iter().find(|(name, value)| is_picked(name, value)).map(|(name, _)| name.clone()) {
        headers.remove(name);
    }
}

/// What `Connection` names, less what would change the message if it went (RFC 9110, 7.6.1).
fn named_in_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let texts = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let names = texts.flat_map(|text| text.split(',')).filter_map(|name| name.trim().parse::<HeaderName>().ok());
    names.filter(|name| ![HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name)).collect()
}

/// Whether the caller can take trailers: `TE: trailers`, alone or among others.
fn takes_trailers(headers: &HeaderMap) -> bool {
    let texts = headers.get_all(TE).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
}

/// For one connection only (RFC 9110, 7.6.1). `Trailer` announces what follows the body, and so goes along.
fn is_hop_by_hop(name: &HeaderName) -> bool {
    match name.as_str().len() {
        2 => *name == TE,
        7 => *name == http::header::UPGRADE,
        10 => *name == CONNECTION || *name == KEEP_ALIVE,
        16 => *name == PROXY_CONNECTION,
        17 => *name == TRANSFER_ENCODING,
        18 => *name == http::header::PROXY_AUTHENTICATE,
        19 => *name == http::header::PROXY_AUTHORIZATION,
        _ => false,
    }
}

/// By these a caller could make the upstream see another method, path or address than was decided on, or a ticket of ours.
fn is_spoof(name: &HeaderName) -> bool {
    let name = name.as_str();
    let others = ["x-http-method-override", "x-method-override", "x-original-url", "x-rewrite-url", "x-real-ip"];
    match name.as_bytes()[0] {
        b'f' => name == "forwarded",
        b'x' => name.starts_with("x-forwarded-") || name.starts_with("x-keyward-") || others.contains(&name),
        _ => false,
    }
}

/// What an upstream tells the operator and not the caller: cookies, its own limits, its own view of pages and routes.
fn is_upstreams_own(name: &HeaderName) -> bool {
    if *name == SET_COOKIE {
        return true;
    }
    let name = name.as_str();
    match name.as_bytes()[0] {
        b'a' => name.starts_with("access-control-") || name == "alt-svc",
        b'r' => name == "ratelimit" || name.starts_with("ratelimit-"),
        b's' => name == "set-cookie2",
        b'x' => {
            let own = ["x-ratelimit", "x-rate-limit", "x-keyward-"];
            name.len() > 8 && (own.iter().any(|own| name.starts_with(own)) || name == "x-request-id")
        }
        _ => false,
    }
}
