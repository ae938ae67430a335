//! Every Rust file begins by saying what it is, in a `//!` line, and every TypeScript file in a `//` line: a reader
//! decides there whether to read on.

use super::tree::{File, Problem, Tree};

/// Fewer words than this name the file again instead of explaining it.
const WORDS: usize = 3;

pub fn check(tree: &Tree) -> Vec<Problem> {
    let with_mark = tree.files().filter_map(|file| Some((file, mark(file)?)));
    let lacking = with_mark.filter(|(file, mark)| !is_header(mark, file.text.lines().next().unwrap_or_default()));
    lacking
        .map(|(file, mark)| {
            let message = "and a sentence of three words or more that says what this file is for";
            file.problem(1, format!("the first line is `{mark}` {message}"))
        })
        .collect()
}

/// How the first line begins, in the languages that have the rule.
fn mark(file: &File) -> Option<&'static str> {
    if file.rust.is_some() { Some("//! ") } else { file.is_typescript().then_some("// ") }
}

fn is_header(mark: &str, line: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|text| text.split_whitespace().count() >= WORDS)
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
    fn typescript_has_the_same_rule_with_its_own_mark() {
        for text in ["", "import x from 'x';\n", "// key page\n", "//! Not the mark here.\n"] {
            let path = "web/src/key/KeyPage.tsx";
            assert_eq!(places(check, &[(path, text)]), ["web/src/key/KeyPage.tsx:1"], "{text:?}");
        }
    }

    #[test]
    fn a_sentence_is_enough() {
        let rust = ("a.rs", "//! A key: one policy and its values.\n");
        let typescript = ("web/src/a.ts", "// One key with its values.\n");
        let written_by_a_tool = ("web/src/api/schema.d.ts", "/** generated */\n");
        assert!(places(check, &[rust, typescript, written_by_a_tool, ("a.md", "x")]).is_empty());
    }
}
