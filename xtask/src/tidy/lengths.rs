//! How long a file and a function may be. The aim is about 100 lines a file and a screen a function; these are the
//! fences far behind it, where a text has certainly become two.

use super::tree::{Problem, Tree};

/// Lines of a Rust file.
const FILE: usize = 500;
/// Lines of a function, from `fn` to its closing brace.
const FUNCTION: usize = 100;

pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, rust) in tree.rust_files() {
        let lines = file.text.lines().count();
        if lines > FILE {
            problems.push(file.problem(FILE + 1, format!("{lines} lines, {FILE} at most: find the two files in it")));
        }
        for function in rust.functions().iter().filter(|function| function.length > FUNCTION) {
            let message =
                format!("`{}` has {} lines, {FUNCTION} at most: name its steps", function.name, function.length);
            problems.push(file.problem(function.line, message));
        }
    }
    problems
}

/// How long the Rust files are, in one sentence.
pub fn summary(tree: &Tree) -> String {
    let mut lengths: Vec<_> = tree.rust_files().map(|(file, _)| (file.text.lines().count(), &file.path)).collect();
    lengths.sort();
    let Some((longest, path)) = lengths.last() else {
        return "no Rust files".to_owned();
    };
    let median = lengths[lengths.len() / 2].0;
    format!("{} Rust files, median {median} lines, longest {longest} ({path})", lengths.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn the_fences_stand_where_they_say() {
        let file = |lines: usize| "// a\n".repeat(lines);
        assert!(places(check, &[("a.rs", &file(FILE))]).is_empty());
        assert_eq!(places(check, &[("a.rs", &file(FILE + 1))]), ["a.rs:501"]);
        let function = |lines: usize| format!("\nfn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2));
        assert!(places(check, &[("a.rs", &function(FUNCTION))]).is_empty());
        assert_eq!(places(check, &[("a.rs", &function(FUNCTION + 1))]), ["a.rs:2"]);
    }

    #[test]
    fn the_summary_names_the_longest() {
        let tree = Tree::of(&[("a.rs", "\n"), ("b.rs", "\n\n\n"), ("c.rs", "\n\n"), ("d.md", "\n\n\n\n\n")]);
        assert_eq!(summary(&tree), "3 Rust files, median 2 lines, longest 3 (b.rs)");
    }
}
