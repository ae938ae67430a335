//! SQL is written in `crates/store` and nowhere else: a change of the schema is a change of one crate.

use super::tree::{Problem, Tree};

/// Where it may stand: in the store, and where tests bring a database up and ask whether it answers.
const PLACES: [&str; 2] = ["crates/store/", "crates/testbed/"];

/// A string is SQL when it begins with the first (after quotes and blanks) and has the second somewhere behind it.
const STATEMENTS: [(&str, &str); 12] = [
    ("select ", " from "),
    ("insert into ", "("),
    ("insert or ", " into "),
    ("update ", " set "),
    ("delete from ", ""),
    ("create table ", ""),
    ("create index ", " on "),
    ("create unique index ", " on "),
    ("alter table ", ""),
    ("drop table ", ""),
    ("begin immediate", ""),
    ("pragma ", ""),
];

pub fn check(tree: &Tree) -> Vec<Problem> {
    let files = tree.rust_files().filter(|(file, _)| file.is_in(&["crates/"]) && !file.is_in(&PLACES));
    files
        .flat_map(|(file, rust)| {
            let lines: Vec<&str> = rust.strings.lines().collect();
            let is_start = |index: usize| is_sql(&lines[index..lines.len().min(index + REACH)]);
            let starts: Vec<usize> = (0..lines.len()).filter(|index| is_start(*index)).collect();
            starts.into_iter().map(|index| {
                file.problem(
                    index + 1,
                    "SQL outside crates/store: give store a function that says what you want to know",
                )
            })
        })
        .collect()
}

/// Lines in which the second word must follow the first.
const REACH: usize = 8;

fn is_sql(lines: &[&str]) -> bool {
    let start = opening(lines[0]);
    let first = start.to_lowercase();
    let Some((_, second)) = STATEMENTS.iter().find(|(first_word, _)| format!("{first} ").starts_with(first_word))
    else {
        return false;
    };
    let all = std::iter::once(start).chain(lines[1..].iter().copied()).collect::<Vec<_>>().join(" ");
    all.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").contains(second.trim())
}

/// A line of a string without what stands before its first letter: blanks, `r#`, quotes.
fn opening(line: &str) -> &str {
    let quoted = line.find('"').map_or(line, |quote| &line[quote + 1..]);
    quoted.trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn statements_are_reported_wherever_they_stand() {
        for text in [
            "f(\"SELECT id FROM account\");",
            "f(\"  select id,\n  name\n  from account\");",
            "f(r#\"INSERT INTO account(id) VALUES (1)\"#);",
            "f(\"UPDATE account SET name = 'a'\");",
            "f(\"DELETE FROM account\");",
            "f(\"create table account(id)\");",
            "f(\n  \"CREATE UNIQUE INDEX a ON b(c)\");",
            "f(\"PRAGMA journal_mode\");",
            "f(\"BEGIN IMMEDIATE\");",
        ] {
            assert_eq!(places(check, &[("crates/control/src/key.rs", text)]).len(), 1, "{text}");
            assert!(places(check, &[("crates/store/src/key.rs", text)]).is_empty(), "{text}");
        }
    }

    #[test]
    fn english_and_comments_are_fine() {
        let text = "// SELECT id FROM account\nf(\"select a plan\", \"Update your key\", \"Begin immediately\", \"pragmatic\");\n";
        assert!(places(check, &[("crates/control/src/key.rs", text)]).is_empty());
    }
}
