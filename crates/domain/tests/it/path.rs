//! Holds paths and patterns against plain string code: what is refused, what matches, and which pattern is the best of
//! several when all of them are tried.

use domain::path::{PatternSet, VerbPattern, check_path, first_segment_template};

/// Patterns tried at once: the model compares each with each path.
const MAX_PATTERNS: usize = 64;

/// The first line is a request target, each further line a pattern. Panics if the crate and the model disagree.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let target = lines.next().unwrap_or_default();
    let is_clear = reads_one_way(target);
    assert_eq!(check_path(target).is_ok(), is_clear, "for {target:?}: {:?}", check_path(target));
    assert!(first_segment_template("GET", target).len() < 100);
    let patterns: Vec<_> = lines.take(MAX_PATTERNS).filter_map(|line| VerbPattern::parse(line).ok()).collect();
    for pattern in &patterns {
        assert_eq!(VerbPattern::parse(&pattern.to_string()).as_ref(), Ok(pattern));
        let plain = pattern.in_one_form();
        assert_eq!(VerbPattern::parse(&plain.to_string()).as_ref(), Ok(&plain));
        assert_eq!(plain.matches("GET", target), pattern.matches("GET", target), "{plain} is another than {pattern}");
    }
    let set: PatternSet<usize> = patterns.iter().cloned().zip(0..).collect();
    for verb in ["GET", "POST"] {
        let found = set.find(verb, target).copied();
        if is_clear {
            assert_eq!(found, best(&patterns, verb, target), "{verb} {target} in {patterns:?}");
        }
    }
}

/// The rule of `check_path`, by decoding first and looking afterwards.
fn reads_one_way(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default();
    let lower = path.to_ascii_lowercase();
    let Some(bytes) = percent_decoded(path) else { return false };
    let Ok(said) = String::from_utf8(bytes) else { return false };
    let is_code = |bytes: &[u8]| bytes[0] == b'%' && bytes[1..].iter().all(u8::is_ascii_hexdigit);
    let twice = said.as_bytes().windows(3).any(is_code);
    path.starts_with('/')
        && target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
        && !twice
        && !["//", "\\", ";", "%2f", "%5c", "%3b"].iter().any(|part| lower.contains(part))
        && !said.bytes().any(|byte| byte.is_ascii_control())
        && !said.split('/').any(|segment| segment == "." || segment == "..")
}

fn percent_decoded(path: &str) -> Option<Vec<u8>> {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    Some(bytes)
}

/// The smallest key of all patterns that match; of equal ones the last, which replaced the others.
fn best(patterns: &[VerbPattern], verb: &str, target: &str) -> Option<usize> {
    let matching = patterns.iter().enumerate().filter(|(_, pattern)| matches(pattern, verb, target));
    matching.min_by_key(|(index, pattern)| (specificity(pattern), std::cmp::Reverse(*index))).map(|(index, _)| index)
}

/// For each segment from the left: a literal, or the end (0), before `*` (1) before `**` (2); then a verb before none.
fn specificity(pattern: &VerbPattern) -> (Vec<u8>, bool) {
    let kinds = pattern.path.to_string()[1..]
        .split('/')
        .map(|segment| ["", "*", "**"].iter().position(|kind| *kind == segment).unwrap_or(0) as u8)
        .collect::<Vec<_>>();
    let end = if kinds.ends_with(&[2]) { None } else { Some(0) };
    (kinds.into_iter().chain(end).collect(), pattern.verb.is_none())
}

fn matches(pattern: &VerbPattern, verb: &str, target: &str) -> bool {
    let said = |path: &str| String::from_utf8(percent_decoded(path).unwrap_or_default()).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let segments: Vec<_> = path[1..].split('/').collect();
    let written = pattern.path.to_string();
    let mut wanted: Vec<_> = written[1..].split('/').collect();
    let open_ended = wanted.last() == Some(&"**");
    if open_ended {
        wanted.pop();
    }
    let lengths_fit = if open_ended { segments.len() >= wanted.len() } else { segments.len() == wanted.len() };
    let fits = lengths_fit
        && wanted
            .iter()
            .zip(&segments)
            .all(|(wanted, segment)| if *wanted == "*" { !segment.is_empty() } else { said(wanted) == said(segment) });
    assert_eq!(pattern.path.matches(target), fits, "{pattern} on {target}");
    assert_eq!(pattern.matches(verb, target), fits && pattern.verb.as_deref().is_none_or(|own| own == verb));
    pattern.matches(verb, target)
}
