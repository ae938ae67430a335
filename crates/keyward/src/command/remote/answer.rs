//! What a remote Keyward answered, and why a remote command did not do what it was asked: with the field that is wrong and the way
//! out.

use std::{fmt, io, path::PathBuf};

use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::token::VARIABLE;

/// The longest answer that is read, in bytes; a page of a Keyward's is far shorter.
pub const MAX_ANSWER: usize = 8 << 20;

/// Why a remote command failed.
#[derive(Debug, thiserror::Error)]
pub enum RemoteFailure {
    /// Nobody said where.
    #[error("no server is named")]
    NoServer,
    /// The token would be readable on the way.
    #[error("over http:// the access token can be read on the way")]
    InClear,
    /// There is no token.
    #[error("there is no access token")]
    NoToken,
    /// What is there is none.
    #[error("{place} holds no access token: it is cut short, mistyped, or something else")]
    NotAToken {
        /// Where it was looked for.
        place: String,
    },
    /// The file of the token cannot be read.
    #[error("cannot read the access token in {}: {source}", .file.display())]
    TokenFile {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others can read it, or write it.
    #[error("{} has the mode {mode:04o}: others than you can read or change the access token", .file.display())]
    TokenFileOpen {
        /// The file.
        file: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// No connection.
    #[error("{server} cannot be reached: {why}")]
    Unreached {
        /// Which.
        server: String,
        /// What the system or the TLS library said.
        why: String,
    },
    /// A connection, and no answer.
    #[error("{server} did not answer: {why}")]
    Unanswered {
        /// Which.
        server: String,
        /// What happened.
        why: String,
        /// Whether something may have been changed.
        may_be_done: bool,
    },
    /// An answer of something else than a Keyward that this program knows.
    #[error("{server} answered {status}, and not as this version of Keyward does: {why}")]
    NotKeyward {
        /// Which.
        server: String,
        /// Its status.
        status: StatusCode,
        /// What is strange about it.
        why: String,
    },
    /// A thing in a list that this program does not know so.
    #[error("the server answered not as this version of Keyward does: {0}")]
    Unknown(serde_json::Error),
    /// It was refused.
    #[error("{0}")]
    Refused(Box<Refusal>),
}

/// A problem of the REST API (RFC 9457).
#[derive(Debug, Deserialize)]
pub struct Refusal {
    status: u16,
    code: String,
    detail: String,
    field: Option<String>,
    permission: Option<String>,
    hint: Option<String>,
    /// Seconds, from the header.
    #[serde(skip)]
    retry_after: Option<String>,
}

impl RemoteFailure {
    /// The way out, if there is one.
    pub fn hint(&self) -> Option<String> {
        let fixed = match self {
            RemoteFailure::NoServer => "add --server https://keys.example.com, or set KEYWARD_SERVER",
            RemoteFailure::InClear => "use https://, or add --allow-http if nobody else is on the way",
            RemoteFailure::NoToken | RemoteFailure::NotAToken { .. } => {
                return Some(format!(
                    "make one in the dashboard, under your name: Security; then name its file with --token-file, or set {VARIABLE}"
                ));
            }
            RemoteFailure::TokenFileOpen { file, .. } => {
                return Some(format!("chmod 600 {}, and end a token that others may have read", file.display()));
            }
            RemoteFailure::TokenFile { .. } => return None,
            RemoteFailure::Unreached { .. } => "check the address, and that Keyward runs there",
            RemoteFailure::Unanswered { may_be_done: true, .. } => "it may have been done: look before doing it again",
            RemoteFailure::Unanswered { .. } => "nothing was changed; try again",
            RemoteFailure::Unknown(_) => "use the version of keyward that runs there",
            RemoteFailure::NotKeyward { .. } => "name the address under which people reach the dashboard",
            RemoteFailure::Refused(refusal) => return refusal.hint(),
        };
        Some(fixed.to_owned())
    }

    /// Exit code: 2 for a wrong command line, 3 where nobody could be asked, 1 for what was refused.
    pub fn exit_code(&self) -> u8 {
        match self {
            RemoteFailure::NoServer | RemoteFailure::InClear => 2,
            RemoteFailure::Unreached { .. } | RemoteFailure::Unanswered { .. } => 3,
            RemoteFailure::NotKeyward { .. } | RemoteFailure::Unknown(_) => 3,
            _ => 1,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        write!(f, "{} ({} {})", self.detail, self.status, self.code)
    }
}

impl Refusal {
    fn hint(&self) -> Option<String> {
        // Whoever runs no installation is not told that there is such a place.
        if self.code == "not_found" && self.detail.contains("page") {
            let way = "the access token is not an operator's: its owner must be one, and the token made for that too";
            return Some(way.to_owned());
        }
        let lacks = self.permission.as_ref().map(|permission| format!("it takes the permission {permission}"));
        let wait = self.retry_after.as_ref().map(|seconds| format!("try again in {seconds} seconds"));
        let told: Vec<String> = [self.hint.clone(), lacks, wait].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// Reads an answer's body: what it holds if it was done, else why not.
///
/// Errors: the refusal; or it is nothing that a Keyward says.
pub fn read<T: DeserializeOwned>(
    server: impl fmt::Display,
    (status, retry_after): (StatusCode, Option<String>),
    body: &[u8],
) -> Result<(T, Value), RemoteFailure> {
    let strange = |why: String| RemoteFailure::NotKeyward { server: server.to_string(), status, why };
    let value: Value = serde_json::from_slice(body).map_err(|_| strange("it is no JSON".to_owned()))?;
    if status.is_success() {
        let known = T::deserialize(&value).map_err(|error| strange(error.to_string()))?;
        return Ok((known, value));
    }
    let refusal = Refusal::deserialize(&value).map_err(|_| strange("it is no problem of its REST API".to_owned()))?;
    Err(RemoteFailure::Refused(Box::new(Refusal { retry_after, ..refusal })))
}

/// What is known of one thing in a list.
///
/// Errors: it is of another form.
pub fn known<T: DeserializeOwned>(told: &Value) -> Result<T, RemoteFailure> {
    T::deserialize(told).map_err(RemoteFailure::Unknown)
}

/// What is known of each.
///
/// Errors: one is of another form.
pub fn known_each<T: DeserializeOwned>(told: &[Value]) -> Result<Vec<T>, RemoteFailure> {
    told.iter().map(known).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(status: u16, body: &str) -> (String, Option<String>, u8) {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = (status, Some("7".to_owned()).filter(|_| status == 429));
        match read::<Vec<u64>>("https://keys.example.com", answer, body.as_bytes()) {
            Ok((known, _)) => (format!("{known:?}"), None, 0),
            Err(failure) => (failure.to_string(), failure.hint(), failure.exit_code()),
        }
    }

    #[test]
    fn a_refusal_is_told_with_its_field_and_way_out() {
        let problem =
            |status: u16, code: &str, detail: &str| json!({ "status": status, "code": code, "detail": detail });
        let with = |mut problem: Value, name: &str, text: &str| {
            problem[name] = text.into();
            problem.to_string()
        };
        let page = problem(404, "not_found", "There is no such page.").to_string();
        let strange =
            "https://keys.example.com answered 502 Bad Gateway, and not as this version of Keyward does: it is no JSON";
        for (status, body, text, hint, code) in [
            (200, "[1,2]".to_owned(), "[1, 2]", None, 0),
            (
                422,
                with(problem(422, "invalid_field", "1 or more."), "field", "units"),
                "units: 1 or more. (422 invalid_field)",
                None,
                1,
            ),
            (
                401,
                with(problem(401, "wrong_token", "It has expired."), "hint", "Make another."),
                "It has expired. (401 wrong_token)",
                Some("Make another."),
                1,
            ),
            (
                404,
                page,
                "There is no such page. (404 not_found)",
                Some("the access token is not an operator's: its owner must be one, and the token made for that too"),
                1,
            ),
            (
                404,
                problem(404, "not_found", "There is no such account.").to_string(),
                "There is no such account. (404 not_found)",
                None,
                1,
            ),
            (
                429,
                problem(429, "too_many", "Too often.").to_string(),
                "Too often. (429 too_many)",
                Some("try again in 7 seconds"),
                1,
            ),
            (502, "<html>".to_owned(), strange, Some("name the address under which people reach the dashboard"), 3),
        ] {
            assert_eq!(told(status, &body), (text.to_owned(), hint.map(str::to_owned), code), "{status} {body}");
        }
        let (text, _, code) = told(200, "{}");
        assert!(text.contains("invalid type") && code == 3, "{text}");
    }
}
