//! What an upstream answered, and what we answer in its place.
//!
//! Upstreams' answers are passed on, not judged: they may be deep and repeat names. They are only read far enough to
//! tell a failed call from one that went well.

use crate::request::RawId;
use crate::scanner::{Rules, Scanner};
use std::ops::Range;

#[cfg(test)]
mod tests;

/// Answers up to this many bytes are looked into for the log; longer ones are streamed. Errors are short.
pub const LOOK_LIMIT: usize = 8 * 1024;

/// Brackets open at once in an answer. A call trace has two for each of the EVM's 1,024 call levels.
const MAX_ANSWER_DEPTH: usize = 10_000;

/// What one answer says about its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It has a `result`.
    Ok,
    /// It has an `error` that is not null.
    Error {
        /// `error.code`; 0 if that is missing or no 64-bit integer.
        code: i64,
    },
    /// Not JSON, not an object, or with neither `result` nor `error`.
    NotJsonRpc,
}

/// Looks into one answer. Takes any bytes; the caller keeps to [`LOOK_LIMIT`].
pub fn look(answer: &[u8]) -> Look {
    let Ok(mut scanner) = Scanner::new(answer, ANSWER_RULES) else { return Look::NotJsonRpc };
    let parts = read_parts(&mut scanner);
    match (parts, scanner.finish()) {
        (Some(parts), Ok(())) => parts.look,
        _ => Look::NotJsonRpc,
    }
}

/// Writes one answer with an error: JSON-RPC 2.0 section 5.1. `data` is the text of one JSON value.
pub fn error_object(out: &mut Vec<u8>, id: Option<RawId<'_>>, code: i64, message: &str, data: Option<&[u8]>) {
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id.map_or("null", RawId::as_str).as_bytes());
    out.extend_from_slice(br#","error":{"code":"#);
    out.extend_from_slice(code.to_string().as_bytes());
    out.extend_from_slice(br#","message":"#);
    serde_json::to_writer(&mut *out, message).expect("text is always JSON, and a Vec takes every write");
    if let Some(data) = data {
        out.extend_from_slice(br#","data":"#);
        out.extend_from_slice(data);
    }
    out.extend_from_slice(b"}}");
}

pub(crate) const ANSWER_RULES: Rules = Rules { refuse_ambiguity: false, max_depth: MAX_ANSWER_DEPTH, max_members: 0 };

/// One answer object taken apart.
pub(crate) struct Parts<'a> {
    pub raw: &'a str,
    pub id: FoundId,
    pub look: Look,
}

/// The `id` members of an answer object.
pub(crate) enum FoundId {
    None,
    /// The bytes of its value within the object.
    One(Range<usize>),
    /// Which one a reader takes is unknown, so the answer cannot be given another id.
    Several,
}

/// Reads the value at this position as an answer. None if the text ends or breaks; a value that is no object is
/// `NotJsonRpc` and stepped over.
pub(crate) fn read_parts<'a>(scanner: &mut Scanner<'a>) -> Option<Parts<'a>> {
    let start = scanner.at();
    if scanner.peek() != Some(b'{') {
        let raw = scanner.value().ok()?;
        return Some(Parts { raw, id: FoundId::None, look: Look::NotJsonRpc });
    }
    let mut id = FoundId::None;
    let (mut error, mut has_result) = (None, false);
    let mut first = true;
    scanner.enter().ok()?;
    while let Some(name) = scanner.next_member(first).ok()? {
        first = false;
        let at = scanner.at() - start;
        let value = scanner.value().ok()?;
        match &*name.decoded() {
            "id" => {
                id = match id {
                    FoundId::None => FoundId::One(at..at + value.len()),
                    _ => FoundId::Several,
                };
            }
            // JSON-RPC 1.0 servers still write `"error":null` beside a result.
            "error" if value != "null" => error = Some(value),
            "result" => has_result = true,
            _ => {}
        }
    }
    let look = match error {
        Some(error) => Look::Error { code: error_code(error).unwrap_or(0) },
        None if has_result => Look::Ok,
        None => Look::NotJsonRpc,
    };
    Some(Parts { raw: scanner.since(start), id, look })
}

pub(crate) fn error_code(error: &str) -> Option<i64> {
    member(error, "code")?.parse().ok()
}

/// The text of the named member of an object.
pub(crate) fn member<'a>(object: &'a str, wanted: &str) -> Option<&'a str> {
    let mut scanner = Scanner::new(object.as_bytes(), ANSWER_RULES).ok()?;
    if scanner.peek() != Some(b'{') {
        return None;
    }
    let mut first = true;
    scanner.enter().ok()?;
    while let Some(name) = scanner.next_member(first).ok()? {
        first = false;
        let value = scanner.value().ok()?;
        if name.decoded() == wanted {
            return Some(value);
        }
    }
    None
}
