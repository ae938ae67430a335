//! No path of someone's machine: the checkout must work in any folder and for anyone.

use super::tree::{Problem, Tree};

/// How paths begin that exist on one machine only. Places that a package or the system makes (`/usr/lib`, `/etc`,
/// `/var/lib`) are the same everywhere.
const ROOTS: [&str; 6] = ["/work/", "/root/", "/home/", "/Users/", "/var/tmp/", "/tmp/bash"];

/// This rule itself.
const EXEMPT: [&str; 1] = ["xtask/src/tidy/machine_paths.rs"];

pub fn check(tree: &Tree) -> Vec<Problem> {
    let files = tree.files().filter(|file| !file.is_in(&EXEMPT));
    files
        .flat_map(|file| {
            file.text.lines().enumerate().filter_map(|(index, line)| {
                let root = ROOTS.iter().find(|root| begins_with(line, root))?;
                let message =
                    format!("`{root}…` is a path of one machine: say it relative to the checkout or the data folder");
                Some(file.problem(index + 1, message))
            })
        })
        .collect()
}

/// Whether a path that begins like this stands in the line, and not merely one that contains it.
fn begins_with(line: &str, root: &str) -> bool {
    let continues = |letter: char| letter.is_alphanumeric() || "._-~*}>)$".contains(letter);
    line.match_indices(root).any(|(at, _)| !line[..at].ends_with(continues))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn paths_of_one_machine_are_reported() {
        for line in
            ["\"/work/main\"", "see /home/ann/keyward", "(/root/.cargo)", "file:///Users/ann/x", "PATH=/var/tmp/x"]
        {
            assert_eq!(places(check, &[("docs/a.md", line)]), ["docs/a.md:1"], "{line}");
        }
    }

    #[test]
    fn paths_that_exist_anywhere_are_fine() {
        for line in
            ["/usr/lib/postgresql/15/bin", "frame/work/x", "https://example.com/home/x", "/var/lib/keyward", "./work/x"]
        {
            assert!(places(check, &[("docs/a.md", line)]).is_empty(), "{line}");
        }
    }
}
