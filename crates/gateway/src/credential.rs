//! Credential: finds the caller's value, and takes every declared place of it out of what goes on.
//!
//! The value may stand in the request's target. So nothing but this file holds the raw target: [`Target`] has neither
//! `Debug` nor `Display`, and what it gives away is the route, the upstream's own path, and the path as it may be logged.

use std::ops::Range;

use domain::key::value::{Hash, hash, is_well_formed};
use http::{HeaderName, Uri, header::AUTHORIZATION, uri::PathAndQuery};

use crate::{
    heads::Headers,
    route::{Found, RouteTable},
    settings::KeyPlace,
};

pub(crate) mod secret;
#[cfg(test)]
mod tests;

/// What stands for the value in a path that is logged.
const KEY: &str = "{key}";
/// What stands for a target that is no path, such as `*`.
const NO_PATH: &str = "*";

/// Where callers of an API may put their value, besides the path.
#[derive(Default)]
pub(crate) struct Places {
    headers: Vec<HeaderName>,
    bearer: bool,
    queries: Vec<String>,
}

/// Why a request has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoValue {
    /// No place has one.
    Missing,
    /// What stands there has not the form of a value.
    Malformed,
}

/// A request's target.
pub(crate) struct Target {
    /// Path and query; empty, if there is no path.
    text: String,
    /// Where the path ends in it.
    path_end: usize,
    /// The host of a target in absolute form.
    host: Option<String>,
    key_at: Option<Range<usize>>,
    rest_at: usize,
    /// The query as it goes on, where that is not the one that came.
    query: Option<String>,
    /// The path as it may be logged, where that is not the one that came.
    logged: Option<String>,
}

impl Places {
    /// The places that an operator declared.
    pub fn new(declared: &[KeyPlace]) -> Self {
        let mut places = Places::default();
        for place in declared {
            match place {
                KeyPlace::Header(name) => places.headers.push(name.clone()),
                KeyPlace::Bearer => places.bearer = true,
                KeyPlace::Query(name) => places.queries.push(name.clone()),
            }
        }
        places
    }
}

impl Target {
    /// The target of a request that hyper has read, not yet matched with a route.
    pub fn new(uri: &Uri) -> Self {
        let mut target = Target::plain(uri.path_and_query().map_or("", PathAndQuery::as_str));
        target.host = uri.authority().map(|authority| authority.as_str().to_owned());
        target
    }

    /// Path and query of a request, not yet matched with a route.
    pub fn plain(text: &str) -> Self {
        let path_end = memchr::memchr(b'?', text.as_bytes()).unwrap_or(text.len());
        Target { text: text.to_owned(), path_end, host: None, key_at: None, rest_at: 0, query: None, logged: None }
    }

    /// The path as it came.
    fn path(&self) -> &str {
        &self.text[..self.path_end]
    }

    /// The query as it came.
    fn came_query(&self) -> Option<&str> {
        self.text.get(self.path_end + 1..)
    }

    /// The host of a target in absolute form.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The part of the path before this end of it, which holds no value of a key.
    pub fn before_end(&self, end: &str) -> Option<&str> {
        self.path().strip_suffix(end)
    }

    /// Finds the route of this target, and remembers where in it the value stands.
    pub fn find<'r>(&mut self, table: &'r RouteTable, host: &str) -> Option<Found<'r>> {
        let found = table.find(host, self.path())?;
        self.key_at = found.key_at.clone();
        self.rest_at = found.rest_at;
        let path = self.path();
        self.logged = found.key_at.as_ref().map(|range| [&path[..range.start], KEY, &path[range.end..]].concat());
        Some(found)
    }

    /// The value that stands in the path, before it is taken: a preflight shows no other.
    pub fn value_in_path(&self) -> Option<Hash> {
        self.key_at.clone().and_then(|range| checked(self.path()[range].as_bytes()))
    }

    /// Finds the value, and removes all its places from headers and query. One that has not the form of a value costs no
    /// look-up. The path speaks first, then headers in the order of their declaration,
    /// bearer, query; a place that is empty is passed over.
    pub fn take_value(&mut self, headers: &mut Headers, places: &Places) -> Result<Hash, NoValue> {
        let in_path = self.key_at.clone().map(|range| checked(self.path()[range].as_bytes()));
        let mut value = in_path;
        for name in &places.headers {
            if let Some(text) = headers.get(name) {
                value = value.or_else(|| Some(text.as_bytes()).filter(|text| !text.is_empty()).map(checked));
                headers.remove(name);
            }
        }
        if places.bearer {
            let taken = headers.get(AUTHORIZATION).map(|text| bearer(text.as_bytes()).map(checked));
            value = value.or(taken.flatten());
            headers.remove(AUTHORIZATION);
        }
        if let Some((query, taken)) = without_places(self.came_query(), &places.queries) {
            value = value.or_else(|| taken.map(|text| checked(text.as_bytes())));
            self.query = Some(query);
        }
        if self.key_at.is_some() || self.query.is_some() {
            // The page that a link was followed from may itself be an address with the value.
            headers.remove(http::header::REFERER);
        }
        value.ok_or(NoValue::Missing)?.ok_or(NoValue::Malformed)
    }

    /// Whether all servers read this target in the same way.
    pub fn is_clear(&self) -> bool {
        domain::path::check_path(if self.text.is_empty() { NO_PATH } else { &self.text }).is_ok()
    }

    /// The path that is the upstream's own, after the route. Empty, or it begins with a slash.
    pub fn rest(&self) -> &str {
        &self.path()[self.rest_at..]
    }

    /// The upstream's own path and the query, without the value: what a ticket is for.
    pub fn asked(&self) -> String {
        let query = self.query.as_deref().or(self.came_query());
        query.map_or_else(|| self.rest().to_owned(), |query| format!("{}?{query}", self.rest()))
    }

    /// The parameters of the query without the value, decoded; of more than `most`, the first.
    pub fn parameters(&self, most: usize) -> Vec<(String, String)> {
        let query = self.query.as_deref().or(self.came_query()).unwrap_or("");
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(most);
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect()
    }

    /// The path before [`Self::rest`]; None if the value stands in it.
    pub fn before_rest(&self) -> Option<&str> {
        if self.key_at.is_some() { None } else { Some(&self.path()[..self.rest_at]) }
    }

    /// What goes into the upstream's request line: its base path, the rest byte for byte, and the query without the value.
    pub fn upstream(&self, base_path: &str) -> String {
        let rest = self.rest();
        let query = self.query.as_deref().or(self.came_query()).unwrap_or("");
        let mut target = String::with_capacity(base_path.len() + rest.len() + query.len() + 2);
        target.push_str(base_path);
        target.push_str(if base_path.is_empty() && rest.is_empty() { "/" } else { rest });
        // An empty query that was sent is sent on: `?` may mean something to the upstream.
        if !query.is_empty() || (self.query.is_none() && self.came_query().is_some()) {
            target.push('?');
            target.push_str(query);
        }
        target
    }

    /// The path as it may be logged and told: without query, `{key}` for the value.
    pub fn logged(&self) -> &str {
        let path = self.logged.as_deref().unwrap_or(self.path());
        if path.is_empty() { NO_PATH } else { path }
    }
}

/// The hash of what a caller presented, if it has the form of a value.
fn checked(presented: &[u8]) -> Option<Hash> {
    is_well_formed(presented).then(|| hash(presented))
}

/// The token of `Bearer <token>`; the scheme in any case (RFC 9110, 11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    if scheme.eq_ignore_ascii_case(b"bearer ") { Some(token.trim_ascii()) } else { None }
}

/// The query without the named parameters, and the first of their values. None: nothing was there to remove.
fn without_places(query: Option<&str>, names: &[String]) -> Option<(String, Option<String>)> {
    let query = query.filter(|_| !names.is_empty())?;
    let is_place = |pair: &&str| names.contains(&decoded(pair.split('=').next().unwrap_or(pair)));
    let places: Vec<&str> = query.split('&').filter(is_place).collect();
    let first = places.first()?;
    let value = first.split_once('=').map(|(_, value)| decoded(value)).filter(|value| !value.is_empty());
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_place(pair)).collect();
    Some((kept.join("&"), value))
}

/// What percent codes and plus signs of a query stand for; bytes that are no UTF-8 are replaced.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digit = |place: usize| after.get(place).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, digit(0).zip(digit(1))) {
            (b'%', Some((high, low))) => {
                out.push((high << 4 | low) as u8);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(*byte),
        }
        rest = after;
    }
    String::from_utf8_lossy(&out).into_owned()
}
