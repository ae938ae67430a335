//! The `Forwarded` header (RFC 7239): elements split by commas, parameters by semicolons, values that may be quoted.
//!
//! Quotes are read from the left, so that a comma in one splits nothing. A line that does not come out even is no line: a
//! caller's open quote cannot swallow what a proxy wrote behind it.

use std::net::IpAddr;

use super::node;

/// The most elements of one line that are looked at. More proxies than this stand in no row.
const MAX_ELEMENTS: usize = 64;

/// The `for` of each element of a line, the last first; none where an element names no address. A line that cannot be read is
/// one such element.
pub(super) fn sources_from_right(line: &[u8]) -> impl Iterator<Item = Option<IpAddr>> + use<> {
    let sources = read_line(line).unwrap_or_else(|| vec![None]);
    sources.into_iter().rev()
}

fn read_line(line: &[u8]) -> Option<Vec<Option<IpAddr>>> {
    let mut sources = Vec::new();
    let mut rest = line;
    loop {
        let (source, behind) = read_element(rest)?;
        sources.push(source);
        match behind {
            None => return Some(sources),
            Some(_) if sources.len() == MAX_ELEMENTS => return None,
            Some(next) => rest = next,
        }
    }
}

/// One element and what follows its comma. None: it cannot be read.
fn read_element(element: &[u8]) -> Option<(Option<IpAddr>, Option<&[u8]>)> {
    let (mut source, mut has_source) = (None, false);
    let mut rest = element;
    loop {
        let name_end = rest.iter().position(|byte| b"=,;".contains(byte)).unwrap_or(rest.len());
        let name = rest[..name_end].trim_ascii();
        let (value, behind) = match rest.get(name_end) {
            Some(b'=') => read_value(&rest[name_end + 1..])?,
            // An element, or a parameter, without anything in it.
            _ if name.is_empty() => (None, &rest[name_end..]),
            _ => return None,
        };
        if name.eq_ignore_ascii_case(b"for") {
            if std::mem::replace(&mut has_source, true) {
                return None;
            }
            source = value.and_then(node::read);
        }
        match behind.split_first() {
            None => return Some((source, None)),
            Some((b',', next)) => return Some((source, Some(next))),
            Some((b';', next)) => rest = next,
            Some(_) => return None,
        }
    }
}

/// A value and what stands behind it. The value is none where it has an escape, which no address needs.
fn read_value(text: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| b",;".contains(byte)).unwrap_or(text.len());
        let value = text[..end].trim_ascii();
        let is_token = !value.is_empty() && !value.iter().any(|byte| b"\"\\ \t=".contains(byte));
        return is_token.then_some((Some(value), &text[end..]));
    };
    let (mut at, mut has_escape) = (0, false);
    loop {
        match quoted.get(at)? {
            b'"' => break,
            b'\\' => {
                has_escape = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
    let value = (!has_escape).then_some(&quoted[..at]);
    Some((value, quoted[at + 1..].trim_ascii_start()))
}
