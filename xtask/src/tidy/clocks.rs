//! Time and randomness are arguments: only `crates/keyward/src/clock.rs` may fetch them. What a function does then
//! depends on what it is given, and a test can replay a bad day.
//!
//! `clippy.toml` bans the same calls by their full path. This rule is the coarser net: it also sees calls that clippy
//! was told to allow, and crates that clippy's list does not name.

use super::rust_text::is_of_a_name;
use super::tree::{File, Problem, Tree};

/// The one place that may.
const CLOCK: &str = "crates/keyward/src/clock.rs";

/// How time and randomness are fetched in passing.
const FETCHES: [&str; 18] = [
    "SystemTime::now",
    "Instant::now",
    "OffsetDateTime::now_utc",
    "OffsetDateTime::now_local",
    "UtcDateTime::now",
    "Utc::now",
    "Local::now",
    "clock_gettime",
    "gettimeofday",
    "getrandom::",
    "libc::getrandom",
    "rand::",
    "thread_rng",
    "OsRng",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "RandomState::new",
    "UNIX_EPOCH.elapsed",
];

pub fn check(tree: &Tree) -> Vec<Problem> {
    let files = tree.rust_files().filter(|(file, _)| is_bound(file));
    files
        .flat_map(|(file, rust)| {
            let lines = rust.code.lines().enumerate().filter(|(index, _)| !rust.is_test_line(index + 1));
            lines.filter_map(|(index, line)| {
                let call = FETCHES.iter().find(|fetch| calls(line, fetch))?;
                let message = format!("`{call}` outside {CLOCK}: take the moment or the bytes as an argument");
                Some(file.problem(index + 1, message))
            })
        })
        .collect()
}

/// The product itself; not its tests, nor the tools around it.
fn is_bound(file: &File) -> bool {
    file.is_in(&["crates/"]) && !file.is_in(&[CLOCK]) && !file.is_for_tests()
}

fn calls(line: &str, fetch: &str) -> bool {
    line.match_indices(fetch).any(|(at, _)| !line[..at].ends_with(is_of_a_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn fetching_time_or_randomness_is_reported() {
        for call in [
            "std::time::Instant::now()",
            "SystemTime::now()",
            "getrandom::fill(&mut b)",
            "rand::random()",
            "Uuid::new_v4()",
        ] {
            let text = format!("//! x\nfn f() {{ let x = {call}; }}\n");
            assert_eq!(
                places(check, &[("crates/gateway/src/meter.rs", &text)]),
                ["crates/gateway/src/meter.rs:2"],
                "{call}"
            );
        }
    }

    #[test]
    fn clock_tests_and_tools_may() {
        let call = "fn f() { Instant::now(); }\n";
        let inside = format!("fn g() {{}}\n#[cfg(test)]\nmod tests {{\n{call}}}\n");
        let fine = [
            (CLOCK, call),
            ("crates/keyward/tests/it/crash.rs", call),
            ("crates/journal/src/ring/tests.rs", call),
            ("crates/journal/examples/speed.rs", call),
            ("xtask/src/test.rs", call),
            ("crates/domain/src/key.rs", &inside),
        ];
        for file in fine {
            assert!(places(check, &[file]).is_empty(), "{}", file.0);
        }
    }

    #[test]
    fn words_and_names_that_only_look_alike_are_fine() {
        let text = "// Instant::now is banned here\nfn f() { MyInstant::now(\"rand::\"); operand::x(); }\n";
        assert!(places(check, &[("crates/domain/src/time.rs", text)]).is_empty());
    }
}
