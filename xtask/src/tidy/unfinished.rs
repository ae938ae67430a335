//! Nothing is left for later inside the source: what is not done is not there, and what is wanted is an issue.

use super::rust_text::is_of_a_name;
use super::tree::{File, Problem, Tree};

/// Notes to oneself, and code that is not there.
const MARKS: [&str; 5] = ["TODO", "FIXME", "XXX", "todo!", "unimplemented!"];

/// Endings of what we write; a lock file or a licence may say what it likes.
const SOURCE: [&str; 10] = [".rs", ".toml", ".md", ".ts", ".tsx", ".mjs", ".js", ".py", ".css", ".sh"];

/// This rule itself and what describes it.
const EXEMPT: [&str; 1] = ["xtask/src/tidy/unfinished.rs"];

pub fn check(tree: &Tree) -> Vec<Problem> {
    let is_ours = |file: &&File| SOURCE.iter().any(|ending| file.path.ends_with(ending)) && !file.is_in(&EXEMPT);
    tree.files()
        .filter(is_ours)
        .flat_map(|file| {
            file.text.lines().enumerate().filter_map(|(index, line)| {
                let mark = MARKS.iter().find(|mark| stands_alone(line, mark))?;
                Some(file.problem(index + 1, format!("`{mark}`: finish it, or leave it out and file an issue")))
            })
        })
        .collect()
}

fn stands_alone(line: &str, mark: &str) -> bool {
    line.match_indices(mark)
        .any(|(at, _)| !line[..at].ends_with(is_of_a_name) && !line[at + mark.len()..].starts_with(is_of_a_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn what_is_left_for_later_is_reported() {
        for line in ["// TODO: later", "fn f() { todo!() }", "unimplemented!(\"x\")", "// FIXME", "# XXX"] {
            assert_eq!(places(check, &[("crates/a/src/key.rs", line)]), ["crates/a/src/key.rs:1"], "{line}");
        }
    }

    #[test]
    fn look_alikes_are_fine() {
        for line in ["kw_XXXXabc", "TODOS", "mytodo!()", "let todo = 1;"] {
            assert!(places(check, &[("crates/a/src/key.rs", line)]).is_empty(), "{line}");
        }
        assert!(places(check, &[("package-lock.json", "TODO")]).is_empty());
    }
}
