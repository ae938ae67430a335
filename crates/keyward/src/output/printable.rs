//! Makes text safe for a terminal: what steers it is written out instead of obeyed.
//!
//! Names, paths and headers come from callers; an escape sequence in one could retitle a window or hide a line.

use std::{borrow::Cow, fmt::Write};

/// The text with control characters, and marks that turn the direction of writing, as `\u{…}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            c if steers(c) => write!(written, "\\u{{{:x}}}", u32::from(c)).expect("a string takes all that is written"),
            c => written.push(c),
        }
    }
    Cow::Owned(written)
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        let cases = [
            ("plain ünicode", "plain ünicode"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("two\nlines\t", "two\\nlines\\t"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("a\u{202e}b", "a\\u{202e}b"),
        ];
        for (text, expected) in cases {
            assert_eq!(printable(text), expected);
        }
    }
}
