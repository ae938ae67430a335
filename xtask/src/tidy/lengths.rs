//! How long a file and a function may be. The aim is about 100 lines a file and a screen a function; these are the
//! fences far behind it, where a text has certainly become two.

use super::tree::{File, Problem, Tree};

/// Lines of a Rust or TypeScript file.
const FILE: usize = 500;
/// Lines of a function, from `fn` to its closing brace.
const FUNCTION: usize = 100;

pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.files().filter(|file| file.rust.is_some() || file.is_typescript()) {
        let lines = file.text.lines().count();
        if lines > FILE {
            problems.push(file.problem(FILE + 1, format!("{lines} lines, {FILE} at most: find the two files in it")));
        }
    }
    for (file, rust) in tree.rust_files() {
        for function in rust.functions().iter().filter(|function| function.length > FUNCTION) {
            let message =
                format!("`{}` has {} lines, {FUNCTION} at most: name its steps", function.name, function.length);
            problems.push(file.problem(function.line, message));
        }
    }
    problems
}

/// How long the files are, in one sentence for each language.
pub fn summary(tree: &Tree) -> String {
    let rust = of_language("Rust", tree.rust_files().map(|(file, _)| file));
    let typescript = of_language("TypeScript", tree.files().filter(|file| file.is_typescript()));
    format!("{rust}; {typescript}")
}

fn of_language<'a>(language: &str, files: impl Iterator<Item = &'a File>) -> String {
    let mut lengths: Vec<_> = files.map(|file| (file.text.lines().count(), &file.path)).collect();
    lengths.sort();
    let Some((longest, path)) = lengths.last() else {
        return format!("no {language} files");
    };
    let median = lengths[lengths.len() / 2].0;
    format!("{} {language} files, median {median} lines, longest {longest} ({path})", lengths.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn the_fences_stand_where_they_say() {
        let file = |lines: usize| "// a\n".repeat(lines);
        assert!(places(check, &[("a.rs", &file(FILE))]).is_empty());
        for path in ["a.rs", "web/src/a.tsx"] {
            assert_eq!(places(check, &[(path, &file(FILE + 1))]), [format!("{path}:501")]);
        }
        assert!(places(check, &[("web/src/api/schema.d.ts", &file(FILE + 1))]).is_empty(), "a tool writes it");
        let function = |lines: usize| format!("\nfn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2));
        assert!(places(check, &[("a.rs", &function(FUNCTION))]).is_empty());
        assert_eq!(places(check, &[("a.rs", &function(FUNCTION + 1))]), ["a.rs:2"]);
    }

    #[test]
    fn the_summary_names_the_longest() {
        let tree = Tree::of(&[("a.rs", "\n"), ("b.rs", "\n\n\n"), ("c.rs", "\n\n"), ("d.md", "\n\n\n\n\n")]);
        assert_eq!(summary(&tree), "3 Rust files, median 2 lines, longest 3 (b.rs); no TypeScript files");
    }
}
