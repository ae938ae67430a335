//! The files that rules look at, and what rules answer with.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::rust_text::RustText;

/// Every file that git tracks or would take up, by path.
pub struct Tree {
    files: Vec<File>,
}

pub struct File {
    /// From the root of the checkout, with `/`.
    pub path: String,
    pub text: String,
    /// For `.rs` files: code, strings and comments told apart.
    pub rust: Option<RustText>,
}

/// A place that breaks a rule.
#[derive(Debug)]
pub struct Problem {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// What is wrong and the way out.
    pub message: String,
}

impl Tree {
    /// Asks git, so that what it ignores (build results, installed packages, data) is not looked at.
    pub fn read(root: &Path) -> Result<Self> {
        let listing = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("cannot start git, which tells the files of the tree")?;
        ensure!(listing.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listing.stderr));
        let paths = String::from_utf8(listing.stdout).context("a path is not UTF-8")?;
        let read = |path: &str| Some(File::new(path, text_of(&root.join(path))?));
        let mut files: Vec<File> = paths.split_terminator('\0').filter_map(read).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { files })
    }

    /// A made-up tree, for the tests of rules.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| File::new(path, (*text).to_owned())).collect() }
    }

    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// The `.rs` files with their text told apart.
    pub fn rust_files(&self) -> impl Iterator<Item = (&File, &RustText)> {
        self.files.iter().filter_map(|file| Some((file, file.rust.as_ref()?)))
    }
}

/// A picture has no text, and is there all the same: documents link to it. One that is gone is still in git's index.
fn text_of(path: &Path) -> Option<String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::InvalidData => Some(String::new()),
        read => read.ok(),
    }
}

impl File {
    fn new(path: &str, text: String) -> Self {
        let rust = path.ends_with(".rs").then(|| RustText::read(&text));
        Self { path: path.to_owned(), text, rust }
    }

    /// TypeScript that we write; what `npm run api` writes is not ours.
    pub fn is_typescript(&self) -> bool {
        [".ts", ".tsx"].iter().any(|ending| self.path.ends_with(ending)) && !self.path.ends_with("/schema.d.ts")
    }

    /// Whether the path is one of, or lies below one of, these. Folders end in `/`.
    pub fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || (place.ends_with('/') && self.path.starts_with(place)))
    }

    /// Source that only runs when someone tests, measures or tries out.
    pub fn is_for_tests(&self) -> bool {
        let folder = ["tests", "examples", "benches"].iter().any(|name| self.path.split('/').any(|part| part == *name));
        folder || self.path.ends_with("/tests.rs") || self.path.starts_with("crates/testbed/")
    }

    pub fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), line, message: message.into() }
    }
}

impl Problem {
    /// `path:line`, as editors and terminals understand it.
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// What a rule says of a tree, as `path:line`, for the tests of rules.
#[cfg(test)]
pub fn places(rule: fn(&Tree) -> Vec<Problem>, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Tree::of(files)).iter().map(Problem::place).collect()
}

/// `text` split into words: at everything that is no letter, and where a capital follows a small letter.
/// `HTTPUser_agentID2` gives `HTTPUser`, `agent`, `ID`.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphabetic()).flat_map(camel_words).filter(|word| !word.is_empty())
}

fn camel_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut before_is_small = false;
    for (index, letter) in text.char_indices() {
        if before_is_small && letter.is_uppercase() {
            words.push(&text[start..index]);
            start = index;
        }
        before_is_small = letter.is_lowercase();
    }
    words.push(&text[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_at_signs_and_capitals() {
        let split = |text| words(text).collect::<Vec<_>>();
        assert_eq!(split("HTTPUser_agentID2"), ["HTTPUser", "agent", "ID"]);
        assert_eq!(split("keyHolder=7; key-value"), ["key", "Holder", "key", "value"]);
        assert!(split("42 + 7").is_empty());
    }

    #[test]
    fn a_picture_is_there_without_text_and_a_deleted_file_is_not() {
        let picture = std::env::temp_dir().join(format!("keyward-xtask-picture-{}.png", std::process::id()));
        std::fs::write(&picture, [0x89, b'P', b'N', b'G', 0xff]).unwrap();
        assert_eq!(text_of(&picture), Some(String::new()));
        std::fs::remove_file(&picture).unwrap();
        assert_eq!(text_of(&picture), None);
    }

    #[test]
    fn test_files_are_known_by_their_place() {
        for path in [
            "crates/a/tests/it/main.rs",
            "crates/a/src/key/tests.rs",
            "crates/a/examples/x.rs",
            "crates/testbed/src/lib.rs",
        ] {
            assert!(File::new(path, String::new()).is_for_tests(), "{path}");
        }
        for path in ["crates/a/src/tests_of_time.rs", "crates/a/src/lib.rs"] {
            assert!(!File::new(path, String::new()).is_for_tests(), "{path}");
        }
    }
}
