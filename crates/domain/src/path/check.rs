//! Refuses request targets that two servers could read in two ways. A gateway that lets them through decides on one
//! reading while the upstream acts on the other.

use super::{path_of, percent_code};
use thiserror::Error;

/// Why a request target is refused. `at` is the byte in the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PathFault {
    /// Also `*` and absolute URLs.
    #[error("the path must begin with \"/\"")]
    NotAbsolute,
    /// `.` or `..`, plain or percent-encoded: servers resolve them, or do not.
    #[error("a \".\" or \"..\" segment at byte {at}")]
    DotSegment {
        /// Its first byte.
        at: usize,
    },
    /// `//`: servers merge slashes, or do not.
    #[error("two slashes in a row at byte {at}")]
    EmptySegment {
        /// The second slash.
        at: usize,
    },
    /// `%2f` or `%5c`: servers split there, or do not.
    #[error("an encoded slash or backslash at byte {at}")]
    EncodedSlash {
        /// The percent sign.
        at: usize,
    },
    /// `\`: some servers read a slash.
    #[error("a backslash at byte {at}")]
    Backslash {
        /// It.
        at: usize,
    },
    /// `;`, plain or encoded: some servers cut the segment there.
    #[error("a semicolon at byte {at}")]
    Semicolon {
        /// It, or the percent sign.
        at: usize,
    },
    /// A control character or space, plain; in the path also an encoded control character.
    #[error("a control character or space at byte {at}")]
    Control {
        /// It, or the percent sign.
        at: usize,
    },
    /// `%` without two hexadecimal digits.
    #[error("a percent sign without two hexadecimal digits at byte {at}")]
    BadPercent {
        /// The percent sign.
        at: usize,
    },
    /// `%25` before two hexadecimal digits, plain or encoded: a server that decodes twice reads another path.
    #[error("a percent code that is encoded twice at byte {at}")]
    EncodedTwice {
        /// The percent sign.
        at: usize,
    },
    /// A byte beyond ASCII that is not percent-encoded.
    #[error("a byte beyond ASCII at byte {at}; write it percent-encoded")]
    NotAscii {
        /// It.
        at: usize,
    },
    /// Percent codes that are no UTF-8, as overlong forms of `.` and `/` are.
    #[error("percent codes that are not UTF-8 at byte {at}")]
    NotUtf8 {
        /// The percent sign of the first wrong code.
        at: usize,
    },
    /// `#`: a fragment is not part of a request.
    #[error("a fragment at byte {at}")]
    Fragment {
        /// The `#`.
        at: usize,
    },
}

/// Accepts a request target, path and query, whose path all servers read alike. The query is the upstream's matter, but
/// for bytes that no request target may hold.
///
/// # Errors
/// The first [`PathFault`] in the target.
pub fn check_path(target: &str) -> Result<(), PathFault> {
    let path = path_of(target);
    if !path.starts_with('/') {
        return Err(PathFault::NotAbsolute);
    }
    check_segments(path)?;
    (path.len()..target.len()).try_for_each(|at| check_any_byte(target.as_bytes()[at], at))
}

/// What no part of a target may hold.
fn check_any_byte(byte: u8, at: usize) -> Result<(), PathFault> {
    match byte {
        b'#' => Err(PathFault::Fragment { at }),
        0..=b' ' | 0x7f => Err(PathFault::Control { at }),
        0x80.. => Err(PathFault::NotAscii { at }),
        _ => Ok(()),
    }
}

fn check_segments(path: &str) -> Result<(), PathFault> {
    let mut start = 1;
    for segment in path[1..].split('/') {
        let end = start + segment.len();
        let is_last = end == path.len();
        if segment.is_empty() && !is_last {
            return Err(PathFault::EmptySegment { at: start });
        }
        check_segment(segment.as_bytes(), start)?;
        start = end + 1;
    }
    Ok(())
}

/// `start` is the segment's offset in the target.
fn check_segment(segment: &[u8], start: usize) -> Result<(), PathFault> {
    let (mut index, mut dots, mut characters) = (0, 0, 0);
    while let Some(byte) = segment.get(index).copied() {
        let at = start + index;
        check_any_byte(byte, at)?;
        characters += 1;
        match byte {
            b'%' => {
                let rest = &segment[index..];
                let code = percent_code(&rest[1..]).ok_or(PathFault::BadPercent { at })?;
                index += check_code(rest, code, at)?;
                dots += usize::from(code == b'.');
                continue;
            }
            b'\\' => return Err(PathFault::Backslash { at }),
            b';' => return Err(PathFault::Semicolon { at }),
            b'.' => dots += 1,
            _ => {}
        }
        index += 1;
    }
    if characters == dots && (1..=2).contains(&dots) { Err(PathFault::DotSegment { at: start }) } else { Ok(()) }
}

/// Judges the character that begins with percent code `code`; gives the bytes it takes in the path.
fn check_code(rest: &[u8], code: u8, at: usize) -> Result<usize, PathFault> {
    match code {
        b'/' | b'\\' => Err(PathFault::EncodedSlash { at }),
        b';' => Err(PathFault::Semicolon { at }),
        0..=0x1f | 0x7f => Err(PathFault::Control { at }),
        b'%' if are_digits(&rest[3..]) => Err(PathFault::EncodedTwice { at }),
        0x80.. => encoded_character(rest).ok_or(PathFault::NotUtf8 { at }),
        _ => Ok(3),
    }
}

/// Whether two hexadecimal digits come next, plain or themselves as percent codes: `%25%32e` is `%2e` after one decoding.
fn are_digits(mut rest: &[u8]) -> bool {
    (0..2).all(|_| {
        let (digit, after) = match rest {
            [b'%', code @ ..] => (percent_code(code), code.get(2..)),
            [plain, after @ ..] => (Some(*plain), Some(after)),
            [] => (None, None),
        };
        rest = after.unwrap_or_default();
        digit.is_some_and(|digit| digit.is_ascii_hexdigit())
    })
}

/// The bytes that the percent codes of one character beyond ASCII take; None if they are not UTF-8.
fn encoded_character(rest: &[u8]) -> Option<usize> {
    let mut character = [0; 4];
    for (index, code) in rest.chunks(3).take(4).enumerate() {
        let [b'%', digits @ ..] = code else { return None };
        character[index] = percent_code(digits)?;
        if std::str::from_utf8(&character[..=index]).is_ok() {
            return Some((index + 1) * 3);
        }
    }
    None
}
