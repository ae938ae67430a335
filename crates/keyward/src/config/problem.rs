//! What is wrong with a configuration file, and where: file, line, column, field, what was expected, and a way out.

use std::{
    cell::RefCell,
    fmt,
    path::{Path, PathBuf},
};

/// The most problems that are listed; a file with more is told how many there are.
pub const MAX_LISTED: usize = 50;

/// One thing that is wrong, at a byte of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Byte offset in the text; none when the file itself is the matter.
    pub offset: Option<usize>,
    /// The setting, with the tables around it: `gateway.listen[0]`; empty for the file as a whole.
    pub field: String,
    /// What was expected and what was found.
    pub message: String,
    /// The way out, where the message does not say it.
    pub hint: Option<String>,
}

/// The problems found so far. Shared by all who read parts of the file, so that one run tells them all.
#[derive(Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Notes one more.
    pub fn add(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// All of them, in the order of the text.
    pub fn into_sorted(self) -> Vec<Problem> {
        let mut problems = self.0.into_inner();
        problems.sort_by_key(|problem| problem.offset);
        problems
    }
}

/// A file that cannot be used. Displays as one paragraph for each problem:
/// `keyward.toml:3:10: gateway.listen: expected …`, and a line with the hint below it.
#[derive(Debug)]
pub struct WrongFile {
    file: PathBuf,
    located: Vec<(Option<Position>, Problem)>,
}

/// Where in a text, both counted from 1; columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl WrongFile {
    /// The problems of `text`, which was read from `file`.
    pub fn new(file: &Path, text: &str, problems: Vec<Problem>) -> Self {
        let locate = |problem: Problem| (problem.offset.map(|offset| Position::of(text, offset)), problem);
        Self { file: file.to_owned(), located: problems.into_iter().map(locate).collect() }
    }

    /// A file that could not even be read.
    pub fn unreadable(file: &Path, message: String, hint: Option<String>) -> Self {
        Self::new(file, "", vec![Problem { offset: None, field: String::new(), message, hint }])
    }
}

impl std::error::Error for WrongFile {}

impl fmt::Display for WrongFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (position, problem)) in self.located.iter().take(MAX_LISTED).enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}:", self.file.display())?;
            if let Some(Position { line, column }) = position {
                write!(f, "{line}:{column}:")?;
            }
            if !problem.field.is_empty() {
                write!(f, " {}:", problem.field)?;
            }
            write!(f, " {}", problem.message)?;
            if let Some(hint) = &problem.hint {
                write!(f, "\n  hint: {hint}")?;
            }
        }
        match self.located.len().checked_sub(MAX_LISTED) {
            Some(more) if more > 0 => write!(f, "\n… and {more} more"),
            _ => Ok(()),
        }
    }
}

impl Position {
    /// The position of the byte at `offset`; an offset beyond the end is the end.
    pub fn of(text: &str, offset: usize) -> Self {
        let end = (0..=offset.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        let text = "ab\nçé = 1\n";
        for (offset, line, column) in [(0, 1, 1), (1, 1, 2), (3, 2, 1), (4, 2, 1), (5, 2, 2), (7, 2, 3), (99, 3, 1)] {
            assert_eq!(Position::of(text, offset), Position { line, column }, "offset {offset}");
        }
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let problem = Problem { offset: Some(0), field: "a".into(), message: "is wrong".into(), hint: None };
        let wrong = WrongFile::new(Path::new("k.toml"), "a = 1", vec![problem; MAX_LISTED + 2]);
        let text = wrong.to_string();
        assert_eq!(text.lines().count(), MAX_LISTED + 1);
        assert!(text.ends_with("\n… and 2 more"), "{text}");
    }
}
