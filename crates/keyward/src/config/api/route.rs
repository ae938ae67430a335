//! `paths` and `hosts`: where callers reach an API.

use domain::{api::Protocol, name::ApiName};

use super::key_place::KeyPlace;
use crate::config::reader::Field;

/// Where the value of a key stands in a path.
pub const KEY: &str = "{key}";
/// Where the network stands in a path; a network of two words takes two segments.
pub const NETWORK: &str = "{network}";
/// The longest path template, in bytes.
pub const MAX_TEMPLATE: usize = 256;

/// What the templates of an API must fit.
pub struct Fit<'a> {
    /// How its calls are framed.
    pub protocol: Protocol,
    /// How many networks it has.
    pub networks: usize,
    /// Where values may stand.
    pub key_in: &'a [KeyPlace],
}

/// The templates of an API whose file names none.
pub fn default_paths(name: &ApiName, fit: &Fit<'_>) -> Vec<String> {
    let version = if fit.protocol == Protocol::JsonRpc { "/v1" } else { "" };
    paths_below(&format!("/{name}{version}"), fit)
}

/// The templates of its WebSocket.
pub fn default_socket_paths(name: &ApiName, fit: &Fit<'_>) -> Vec<String> {
    paths_below(&format!("/{name}/ws/v1"), fit)
}

fn paths_below(base: &str, fit: &Fit<'_>) -> Vec<String> {
    let network = if fit.networks > 0 { "/{network}" } else { "" };
    let base = format!("{base}{network}");
    let with_key = fit.key_in.contains(&KeyPlace::Path).then(|| format!("{base}/{KEY}"));
    let without = fit.key_in.iter().any(|place| *place != KeyPlace::Path).then_some(base);
    with_key.into_iter().chain(without).collect()
}

/// Reads a template or a list of templates.
pub fn read_paths(field: &Field<'_>, fit: &Fit<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    for item in field.items() {
        let Some(text) = item.text("a path such as \"/eth/v1/{network}/{key}\"") else { continue };
        match unfit(text, fit) {
            Some((message, hint)) => item.refuse(message, hint.map(str::to_owned)),
            None => paths.push(format!("/{}", text.trim_matches('/'))),
        }
    }
    paths
}

/// Reads a host or a list of hosts, in lower case, without a port.
pub fn read_hosts(field: &Field<'_>) -> Vec<String> {
    const EXPECTED: &str = "a host such as \"football.example.com\", without a scheme or a port";
    let mut hosts = Vec::new();
    for item in field.items() {
        let Some(text) = item.text(EXPECTED) else { continue };
        let label = |label: &str| {
            (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if text.len() <= 253 && text.split('.').all(label) {
            hosts.push(text.to_ascii_lowercase());
        } else {
            item.expected(EXPECTED);
        }
    }
    hosts
}

/// Why a template does not fit, and the way out.
fn unfit(text: &str, fit: &Fit<'_>) -> Option<(String, Option<&'static str>)> {
    let Some(path) = text.strip_prefix('/') else {
        return Some(("a path begins with /".to_owned(), None));
    };
    let segments = path.trim_end_matches('/').split('/').collect::<Vec<_>>();
    let odd = segments.iter().find(|segment| !is_segment(segment) && !path.trim_end_matches('/').is_empty());
    if let Some(odd) = odd {
        let message = format!("\"{}\" is not a part of a path", odd.escape_debug());
        return Some((message, Some("parts are letters, digits, . _ ~ - alone, {network} or {key}")));
    }
    if text.len() > MAX_TEMPLATE {
        return Some((format!("a path is at most {MAX_TEMPLATE} bytes long"), None));
    }
    let count = |placeholder: &str| segments.iter().filter(|segment| **segment == placeholder).count();
    let (keys, networks) = (count(KEY), count(NETWORK));
    let has = |path: bool| fit.key_in.iter().any(|place| (*place == KeyPlace::Path) == path);
    match (keys, networks) {
        (2.., _) | (_, 2..) => Some(("{key} and {network} stand in a path once".to_owned(), None)),
        (_, 0) if fit.networks > 1 => Some(("{network} is missing: the API has several networks".to_owned(), None)),
        (_, 1) if fit.networks == 0 => Some((
            "the API has no networks".to_owned(),
            Some("add [api.NAME.network.\"NETWORK\"], or leave out {network}"),
        )),
        (1, _) if !has(true) => Some((
            "{key} stands in the path, but key_in does not have \"path\"".to_owned(),
            Some("add \"path\" to key_in"),
        )),
        (0, _) if !has(false) => Some((
            "{key} is missing: key_in has no place but \"path\"".to_owned(),
            Some("add {key}, or a header to key_in"),
        )),
        _ => None,
    }
}

fn is_segment(segment: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._~-".contains(&b);
    let dots = segment == "." || segment == "..";
    segment == KEY || segment == NETWORK || (!segment.is_empty() && !dots && segment.bytes().all(plain))
}
