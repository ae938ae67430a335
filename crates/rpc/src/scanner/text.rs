//! One JSON string: finding its end, checking its escapes, decoding it when somebody asks.

use crate::fault::{Ambiguity, Fault};
use std::borrow::Cow;

/// A string as it stands between its quotes, known to be well formed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// The offset of its opening quote.
    pub at: usize,
    raw: &'a str,
    escaped: bool,
}

impl<'a> Text<'a> {
    /// Reads the string whose opening quote is at `open`; gives it and the offset after its closing quote.
    #[inline(always)]
    pub fn scan(source: &'a str, open: usize, refuse_lone_surrogates: bool) -> Result<(Self, usize), Fault<'a>> {
        let bytes = source.as_bytes();
        let mut at = open + 1;
        let mut escaped = false;
        loop {
            at = end_of_plain_run(bytes, at);
            match bytes.get(at) {
                Some(b'"') => return Ok((Text { at: open, raw: &source[open + 1..at], escaped }, at + 1)),
                Some(b'\\') => {
                    escaped = true;
                    at = after_escape(bytes, at, refuse_lone_surrogates)?;
                }
                Some(_) => return Err(Fault::NotJson { at, expected: "no bare control character in a string" }),
                None => return Err(Fault::NotJson { at, expected: "a closing double quote" }),
            }
        }
    }

    /// What the string says. Allocates only when it holds escapes.
    pub fn decoded(&self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(decode(self.raw)) } else { Cow::Borrowed(self.raw) }
    }

    /// True when both say the same, however they are written.
    #[inline]
    pub fn same(&self, other: &Text<'_>) -> bool {
        if self.escaped || other.escaped { self.decoded() == other.decoded() } else { self.raw == other.raw }
    }
}

/// The offset of the first quote, backslash or control character at or after `at`, or the end. Eight bytes a step:
/// params are mostly long hexadecimal strings.
#[inline]
fn end_of_plain_run(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let stops = stops_in(u64::from_le_bytes(*chunk));
        if stops != 0 {
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'"' | b'\\' | 0..=0x1f) {
        at += 1;
    }
    at
}

/// Sets the high bit of each byte that ends a plain run. Bits above the lowest one set may be wrong (a borrow runs
/// upwards), so only the lowest counts.
#[inline]
fn stops_in(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let quotes = word ^ (ONES * b'"' as u64);
    let backslashes = word ^ (ONES * b'\\' as u64);
    let is_quote = quotes.wrapping_sub(ONES) & !quotes;
    let is_backslash = backslashes.wrapping_sub(ONES) & !backslashes;
    let is_control = word.wrapping_sub(ONES * 0x20) & !word;
    (is_quote | is_backslash | is_control) & HIGHS
}

/// Checks the escape whose backslash is at `at`; gives the offset after it (after both halves of a surrogate pair).
fn after_escape(bytes: &[u8], at: usize, refuse_lone_surrogates: bool) -> Result<usize, Fault<'static>> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(at + 2),
        Some(b'u') => {}
        _ => return Err(Fault::NotJson { at: at + 1, expected: "one of \" \\ / b f n r t u after a backslash" }),
    }
    let unit = hex_unit(bytes, at).ok_or(Fault::NotJson { at: at + 2, expected: "four hexadecimal digits" })?;
    match unit {
        0xd800..=0xdbff if matches!(hex_unit(bytes, at + 6), Some(0xdc00..=0xdfff)) => Ok(at + 12),
        0xd800..=0xdfff if refuse_lone_surrogates => Err(Fault::Ambiguous { why: Ambiguity::LoneSurrogate, at }),
        _ => Ok(at + 6),
    }
}

/// The UTF-16 unit of `\uXXXX` at `at`.
fn hex_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = bytes.get(at..at + 6)? else { return None };
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + (*digit as char).to_digit(16)?))
}

/// Decodes a string whose escapes were checked. A lone surrogate, possible only in an upstream's answer, becomes U+FFFD.
fn decode(raw: &str) -> String {
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(backslash) = rest.find('\\') {
        decoded.push_str(&rest[..backslash]);
        let (character, length) = decode_escape(rest.as_bytes(), backslash);
        decoded.push(character);
        rest = &rest[backslash + length..];
    }
    decoded.push_str(rest);
    decoded
}

fn decode_escape(bytes: &[u8], at: usize) -> (char, usize) {
    if let Some(unit) = hex_unit(bytes, at) {
        if let 0xd800..=0xdbff = unit
            && let Some(low @ 0xdc00..=0xdfff) = hex_unit(bytes, at + 6)
        {
            let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
        }
        return (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
    }
    let character = match bytes.get(at + 1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(other) => *other as char,
        None => '\\',
    };
    (character, 2)
}
