//! Every Rust file begins by saying what it is, in a `//!` line: a reader decides there whether to read on.

use super::tree::{Problem, Tree};

/// Fewer words than this name the file again instead of explaining it.
const WORDS: usize = 3;

pub fn check(tree: &Tree) -> Vec<Problem> {
    let lacking = tree.rust_files().filter(|(file, _)| !is_header(file.text.lines().next().unwrap_or_default()));
    let message = "the first line is `//! ` and a sentence of three words or more that says what this file is for";
    lacking.map(|(file, _)| file.problem(1, message)).collect()
}

fn is_header(line: &str) -> bool {
    line.strip_prefix("//! ").is_some_and(|text| text.split_whitespace().count() >= WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn a_file_that_does_not_say_what_it_is_is_reported() {
        for text in [
            "",
            "use std::fmt;\n",
            "// A comment that is none of the file.\n",
            "//! domain\n",
            "\n//! Late by one line, alas.\n",
        ] {
            assert_eq!(places(check, &[("crates/a/src/key.rs", text)]), ["crates/a/src/key.rs:1"], "{text:?}");
        }
    }

    #[test]
    fn a_sentence_is_enough() {
        assert!(places(check, &[("a.rs", "//! A key: one policy and its values.\n"), ("a.md", "x")]).is_empty());
    }
}
