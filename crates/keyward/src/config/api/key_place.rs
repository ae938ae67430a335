//! `key_in`: where callers may put the value of a key.

use std::fmt;

use http::HeaderName;

use crate::config::reader::Field;

const EXPECTED: &str = "\"header:x-api-key\", \"bearer\", \"path\" or \"query:apikey\"";

/// A place of the value in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// A header that holds the value alone.
    Header(HeaderName),
    /// `Authorization: Bearer …`.
    Bearer,
    /// Where `{key}` stands in a path.
    Path,
    /// A parameter of this name in the query.
    Query(String),
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyPlace::Header(name) => write!(f, "header:{name}"),
            KeyPlace::Bearer => f.write_str("bearer"),
            KeyPlace::Path => f.write_str("path"),
            KeyPlace::Query(name) => write!(f, "query:{name}"),
        }
    }
}

/// Reads a place or a list of places.
pub fn read(field: &Field<'_>) -> Vec<KeyPlace> {
    let mut places = Vec::new();
    for item in field.items() {
        let Some(text) = item.text(EXPECTED) else { continue };
        match place(text) {
            Some(place) if places.contains(&place) => item.refuse(format!("{text} stands here twice"), None),
            Some(place) => places.push(place),
            None => item.expected(EXPECTED),
        }
    }
    places
}

fn place(text: &str) -> Option<KeyPlace> {
    match text.split_once(':') {
        None if text == "bearer" => Some(KeyPlace::Bearer),
        None if text == "path" => Some(KeyPlace::Path),
        // The place of a key's secret, in every API.
        Some(("header", "x-api-secret")) => None,
        Some(("header", name)) => header_name(name).map(KeyPlace::Header),
        Some(("query", name)) => is_query_name(name).then(|| KeyPlace::Query(name.to_owned())),
        _ => None,
    }
}

/// The name of a header that may carry a credential; none for those that frame or route a request.
pub fn header_name(text: &str) -> Option<HeaderName> {
    const TAKEN: [&str; 8] =
        ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "cookie"];
    let name = HeaderName::try_from(text).ok()?;
    (!TAKEN.contains(&name.as_str()) && text.len() <= 64).then_some(name)
}

fn is_query_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}
