//! A link between documents leads somewhere: a reader who follows one must not end at nothing.

use super::tree::{Problem, Tree};

pub fn check(tree: &Tree) -> Vec<Problem> {
    let documents = tree.files().filter(|file| file.path.ends_with(".md"));
    documents
        .flat_map(|file| {
            let lines = file.text.lines().enumerate();
            lines.flat_map(move |(index, line)| targets(line).map(move |target| (file, index + 1, target)))
        })
        .filter(|(file, _, target)| !exists(tree, &resolve(&file.path, target)))
        .map(|(file, line, target)| file.problem(line, format!("`{target}` is not in the checkout")))
        .collect()
}

/// Targets of `[text](target)` inside the checkout, without their `#anchor`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let behind = line.split("](").skip(1);
    let targets = behind.filter_map(|rest| Some(rest.split_once(')')?.0.split('#').next().unwrap_or_default()));
    targets.filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
}

/// A target as a path from the root of the checkout.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// A file, or a folder that has one.
fn exists(tree: &Tree, path: &str) -> bool {
    let folder = format!("{path}/");
    tree.files().any(|file| file.path == path || file.path.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn links_to_nothing_are_reported() {
        let text = "[a](../README.md)\n[b](b.md) and [c](decisions/none.md#x)\n";
        let tree = [("docs/README.md", text), ("README.md", ""), ("docs/b.md", "")];
        assert_eq!(places(check, &tree), ["docs/README.md:2"]);
    }

    #[test]
    fn folders_anchors_and_the_rest_of_the_world_are_fine() {
        let text = "[a](docs/) [b](#here) [c](https://example.com/x) [d](docs/a.md#there) call](x";
        assert!(places(check, &[("README.md", text), ("docs/a.md", "")]).is_empty());
    }
}
