//! Version: which state of a noun somebody saw, so that of two who change it at once the second does not undo the first unseen.

use std::sync::Arc;

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{app::App, error::Problem};

/// The version that a change is based on, from `If-Match: "12"`; none where the header is missing or `*`.
pub struct IfMatch(Option<u64>);

impl IfMatch {
    /// Whether the noun is still as it was seen. `now`: its version, read in the transaction that changes it.
    ///
    /// Errors: 412 with both versions.
    pub fn check(&self, now: u64) -> Result<(), Problem> {
        match self.0 {
            Some(seen) if seen != now => {
                let detail = format!("It was changed meanwhile: you saw version {seen}, now it is version {now}.");
                let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "changed_meanwhile", detail);
                Err(problem.hint("Read it again, and make your change to what it is now.").versions(seen, now))
            }
            _ => Ok(()),
        }
    }
}

impl FromRequestParts<Arc<App>> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(IfMatch(None)) };
        read(value).map(IfMatch)
    }
}

fn read(value: &HeaderValue) -> Result<Option<u64>, Problem> {
    let text = value.to_str().unwrap_or("").trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    version.map(Some).ok_or_else(|| Problem::field("If-Match", "expected a version in quotes, such as \"12\", or *"))
}

/// An answer that is of a version: it says so as its `ETag`.
pub struct Versioned<T>(pub u64, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let Versioned(version, body) = self;
        ([(header::ETAG, format!("\"{version}\""))], Json(body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_stands_in_quotes() {
        for (text, expected) in [
            ("\"12\"", Some(Some(12))),
            (" \"0\" ", Some(Some(0))),
            ("*", Some(None)),
            ("12", None),
            ("\"12", None),
            ("\"-1\"", None),
            ("W/\"12\"", None),
            ("\"1\", \"2\"", None),
            ("", None),
        ] {
            let read = read(&HeaderValue::from_str(text).expect("ASCII")).ok();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn only_another_version_is_refused() {
        for (seen, now, fits) in [(None, 7, true), (Some(7), 7, true), (Some(6), 7, false), (Some(8), 7, false)] {
            assert_eq!(IfMatch(seen).check(now).is_ok(), fits, "{seen:?} {now}");
        }
    }
}
