//! REST paths: which are refused, and which pattern of a list or price a path falls under.
//!
//! A path is never normalised: what was matched is byte for byte what goes upstream. So a path that two servers could read
//! in two ways is refused first ([`check_path`]), and what remains is matched by what its percent codes say: `/%66oo` is
//! `/foo` to the upstream, so it is `/foo` to a list, too.

mod check;
mod pattern;
mod set;

pub use check::{PathFault, check_path};
pub use pattern::{MAX_SEGMENTS, PathPattern, PatternFault, VerbPattern};
pub use set::PatternSet;

use std::borrow::Cow;

/// Longest first segment in a template, in bytes: the request log keeps these, and scanners send junk.
const MAX_TEMPLATE_SEGMENT: usize = 48;
/// Longest verb in a template, in bytes.
const MAX_TEMPLATE_VERB: usize = 16;

/// The name of a call that no pattern describes: verb, first segment, and `…` for the rest: `GET /fixtures/…`. Neither
/// ids nor queries get into the request log this way.
pub fn first_segment_template(verb: &str, target: &str) -> String {
    let path = path_of(target);
    let path = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = match path.split_once('/') {
        Some((first, _)) => (first, "/…"),
        None => (path, ""),
    };
    [&shortened(verb, MAX_TEMPLATE_VERB), " /", &shortened(first, MAX_TEMPLATE_SEGMENT), rest].concat()
}

/// The part of a request target before the query.
fn path_of(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

/// The first segment of a path whose leading slash is gone, and what follows it.
fn next_segment(path: &str) -> (&str, Option<&str>) {
    path.split_once('/').map_or((path, None), |(segment, rest)| (segment, Some(rest)))
}

/// What a segment says. One whose percent codes are wrong stays as it is; `check_path` has refused it before.
fn decoded(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return Cow::Borrowed(segment);
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [byte, tail @ ..] = rest {
        let code = if *byte == b'%' { percent_code(tail) } else { None };
        bytes.push(code.unwrap_or(*byte));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(segment), Cow::Owned)
}

/// The byte that two hexadecimal digits after a percent sign stand for.
fn percent_code(after_sign: &[u8]) -> Option<u8> {
    let [high, low, ..] = after_sign else { return None };
    let digit = |byte: &u8| (*byte as char).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn shortened(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    let end = (0..=max).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests;
