//! What must be on the machine before anything can be built, and the line that brings it.

use anyhow::{Result, bail};

use crate::process::answer;

/// Oldest Rust that builds the workspace (`rust-version` in the top Cargo.toml).
const RUST: (u32, u32) = (1, 95);
/// Oldest Node that the dashboard's tools and the tests' clients accept. Debian 12 ships 18, which is too old.
const NODE: (u32, u32) = (20, 19);

/// For `demo` and `test`: compilers for Rust and for the C code of SQLite and of the cryptography, and Node for the
/// dashboard.
pub fn for_building() -> Result<()> {
    report(&[system(), rust(), c_compiler(), node()])
}

fn report(findings: &[Option<String>]) -> Result<()> {
    let missing: Vec<_> = findings.iter().flatten().map(|finding| format!("  - {finding}")).collect();
    if !missing.is_empty() {
        bail!("this machine lacks what Keyward needs:\n{}", missing.join("\n"));
    }
    Ok(())
}

/// Only Linux is promised; on another Unix we say so and go on.
fn system() -> Option<String> {
    if !cfg!(target_os = "linux") {
        eprintln!("note: Keyward is made for Linux; elsewhere the demo may build and run, without promise");
    }
    None
}

fn rust() -> Option<String> {
    let way_out = format!("`rustup update stable` (Rust {}.{} or newer)", RUST.0, RUST.1);
    lacking("Rust", answer("rustc", &["--version"]), RUST, &way_out)
}

fn node() -> Option<String> {
    let way_out = format!("install Node {}.{} or newer (Debian 12's own nodejs is older)", NODE.0, NODE.1);
    lacking("Node", answer("node", &["--version"]), NODE, &way_out).or_else(|| {
        let npm = answer("npm", &["--version"]);
        npm.is_none().then(|| "npm is not there: it comes with Node, or `apt-get install npm`".to_owned())
    })
}

fn c_compiler() -> Option<String> {
    let way_out = "there is no C compiler: `apt-get install build-essential`";
    answer("cc", &["--version"]).is_none().then(|| way_out.to_owned())
}

/// `None` when the program said at least `wanted`.
fn lacking(what: &str, said: Option<String>, wanted: (u32, u32), way_out: &str) -> Option<String> {
    let Some(said) = said else {
        return Some(format!("{what} is not there: {way_out}"));
    };
    match version(&said) {
        Some(found) if found >= wanted => None,
        Some((major, minor)) => Some(format!("{what} {major}.{minor} is too old: {way_out}")),
        None => Some(format!("{what} answers {said:?} instead of a version: {way_out}")),
    }
}

/// The first `major.minor` in a program's answer: `rustc 1.95.0 (…)` and `v20.19.4` alike.
fn version(said: &str) -> Option<(u32, u32)> {
    said.split_whitespace().find_map(|word| {
        let mut numbers = word.trim_start_matches('v').split('.');
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        let cases = [
            ("rustc 1.95.0 (abcdef012 2026-01-01)", Some((1, 95))),
            ("v20.19.4", Some((20, 19))),
            ("20.2", Some((20, 2))),
            ("command not found", None),
            ("", None),
        ];
        for (said, expected) in cases {
            assert_eq!(version(said), expected, "{said:?}");
        }
    }

    #[test]
    fn the_versions_are_those_of_the_manifests() {
        let cargo = include_str!("../../Cargo.toml");
        assert!(cargo.contains(&format!("rust-version = \"{}.{}\"", RUST.0, RUST.1)));
        for npm in [include_str!("../../tests/real/package.json"), include_str!("../../web/package.json")] {
            assert!(npm.contains(&format!("\"node\": \">={}.{}\"", NODE.0, NODE.1)));
        }
    }

    #[test]
    fn an_old_or_absent_program_is_named_with_the_way_out() {
        let said = |text: &str| lacking("Node", Some(text.to_owned()), NODE, "get a newer one");
        assert_eq!(said("v20.19.0"), None);
        assert_eq!(said("v22.1.0"), None);
        assert_eq!(said("v18.20.4").unwrap(), "Node 18.20 is too old: get a newer one");
        assert_eq!(said("v20.9.0").unwrap(), "Node 20.9 is too old: get a newer one");
        assert_eq!(lacking("Node", None, NODE, "get one").unwrap(), "Node is not there: get one");
    }
}
