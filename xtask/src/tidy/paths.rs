//! What a file may be called: the folder listing is the map, so no name may say "things that fit nowhere".

use super::tree::{File, Problem, Tree, words};

/// Words that name no part of the product.
const EMPTY_WORDS: [&str; 9] =
    ["utils", "util", "common", "helpers", "helper", "types", "manager", "service", "services"];

/// Endings of source files; others (a systemd unit, a document) may be called what they must.
const SOURCE: [&str; 8] = [".rs", ".ts", ".tsx", ".js", ".mjs", ".py", ".css", ".sql"];

pub fn check(tree: &Tree) -> Vec<Problem> {
    tree.files().filter(|file| SOURCE.iter().any(|ending| file.path.ends_with(ending))).flat_map(of).collect()
}

fn of(file: &File) -> Vec<Problem> {
    let mut problems = Vec::new();
    if file.path.ends_with("/mod.rs") {
        problems.push(file.problem(1, "no mod.rs: `foo.rs` stands beside the folder `foo`, and tabs have names"));
    }
    for word in words(&file.path).filter(|word| EMPTY_WORDS.contains(&word.to_lowercase().as_str())) {
        problems.push(file.problem(1, format!("`{word}` in a path names nothing: say which noun or step lives there")));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn empty_names_are_reported() {
        for path in [
            "crates/a/src/utils.rs",
            "crates/a/src/mail_service.rs",
            "web/src/types/key.ts",
            "crates/a/tests/common.rs",
        ] {
            assert_eq!(places(check, &[(path, "")]), [format!("{path}:1")]);
        }
        assert_eq!(places(check, &[("crates/a/src/key/mod.rs", "")]), ["crates/a/src/key/mod.rs:1"]);
    }

    #[test]
    fn names_that_only_look_alike_are_fine() {
        let paths = [
            "crates/a/src/prototypes.rs",
            "crates/a/src/keymanagement.rs",
            "packaging/keyward.service",
            "docs/types.md",
        ];
        assert!(places(check, &paths.map(|path| (path, ""))).is_empty());
    }
}
