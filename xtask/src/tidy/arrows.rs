//! Which crate may know which: the arrows of ARCHITECTURE.md, read from each crate's own `Cargo.toml`.
//!
//! Cargo holds the arrows (what is not named there cannot be called); this rule keeps anyone from naming it. It also
//! keeps the database in `store`, and input, output and clocks out of the three pure crates.

use super::tree::{File, Problem, Tree};

/// Everything each crate may name of our own. A crate that is not in this table may not exist.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("journal", &[]),
    ("rpc", &["domain"]),
    ("websocket", &[]),
    ("store", &["domain"]),
    ("gateway", &["domain", "rpc", "journal", "websocket"]),
    ("control", &["domain", "rpc", "store"]),
    ("keyward", &["domain", "rpc", "journal", "store", "gateway", "control"]),
    (FOR_TESTS, &[]),
];

/// What tests of several crates share. Any crate may name it among its `dev-dependencies`, none elsewhere.
const FOR_TESTS: &str = "testbed";

/// Crates from outside that only some of ours may name.
struct Fence {
    crates: &'static [&'static str],
    only_in: &'static [&'static str],
    reason: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        crates: &["sea-orm", "sea-orm-migration", "sqlx", "rusqlite", "tokio-postgres", "libsqlite3-sys"],
        only_in: &["store"],
        reason: "the database is spoken to in crates/store and nowhere else: call a function of store",
    },
    Fence {
        crates: &["tokio", "hyper", "hyper-util", "axum", "async-std", "futures"],
        only_in: &["store", "gateway", "control", "keyward"],
        reason: "domain, rpc, journal and websocket are plain functions without a runtime: pass them values",
    },
];

/// The three kinds of dependency, all held to the same arrows: a test that needs more sits in the wrong crate.
const SECTIONS: [&str; 3] = ["dependencies", DEV, "build-dependencies"];
const DEV: &str = "dev-dependencies";

pub fn check(tree: &Tree) -> Vec<Problem> {
    tree.files()
        .filter_map(|file| Some((file, crate_of(&file.path)?)))
        .flat_map(|(file, name)| of(file, name))
        .collect()
}

/// `crates/NAME/Cargo.toml` gives NAME.
fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml").filter(|name| !name.contains('/'))
}

fn of(file: &File, name: &str) -> Vec<Problem> {
    let manifest: toml::Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![file.problem(1, format!("not TOML: {error}"))],
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == name) else {
        return vec![file.problem(1, "a crate that no arrow leads to: draw it in ARCHITECTURE.md and in this rule")];
    };
    let mut problems = Vec::new();
    for (section, dependency) in dependencies(&manifest) {
        let line = line_of(&file.text, dependency);
        let is_ours = ARROWS.iter().any(|(ours, _)| *ours == dependency);
        let is_shared_by_tests = dependency == FOR_TESTS && section == DEV;
        if is_ours && !is_shared_by_tests && !allowed.contains(&dependency) {
            let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
            problems
                .push(file.problem(line, format!("{name} → {dependency} is no arrow of ours; {name} may name {may}")));
        }
        for fence in FENCES {
            if fence.crates.contains(&dependency) && !fence.only_in.contains(&name) {
                problems.push(file.problem(line, format!("{name} names {dependency}: {}", fence.reason)));
            }
        }
    }
    let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool()) == Some(true);
    if !inherits {
        problems.push(file.problem(1, "without `[lints] workspace = true` the bans of clippy.toml do not hold here"));
    }
    problems
}

/// Section and name of all dependencies, of every kind and platform, under the name the registry knows.
fn dependencies(manifest: &toml::Table) -> Vec<(&'static str, &str)> {
    let platforms = manifest.get("target").and_then(toml::Value::as_table);
    let platforms = platforms.into_iter().flat_map(|table| table.values().filter_map(toml::Value::as_table));
    std::iter::once(manifest)
        .chain(platforms)
        .flat_map(|table| SECTIONS.iter().filter_map(|section| Some((*section, table.get(*section)?.as_table()?))))
        .flat_map(|(section, entries)| {
            entries.iter().map(move |(name, value)| (section, renamed(value).unwrap_or(name)))
        })
        .collect()
}

fn renamed(value: &toml::Value) -> Option<&str> {
    value.get("package")?.as_str()
}

fn line_of(text: &str, dependency: &str) -> usize {
    let names_it = |line: &str| {
        let key = line.split(['=', '.']).next().unwrap_or_default().trim();
        key == dependency || line.contains(&format!("package = \"{dependency}\""))
    };
    1 + text.lines().position(names_it).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    /// Where a manifest of `name` with these lines is reported, if anywhere.
    fn reported(name: &str, lines: &str) -> Vec<String> {
        let manifest = format!("[lints]\nworkspace = true\n{lines}\n");
        places(check, &[(&format!("crates/{name}/Cargo.toml"), &manifest)])
    }

    #[test]
    fn arrows_of_the_design_are_fine() {
        for (name, allowed) in ARROWS {
            let lines: String = allowed.iter().map(|name| format!("{name}.workspace = true\n")).collect();
            assert_eq!(reported(name, &format!("[dependencies]\n{lines}")), [""; 0], "{name}");
        }
    }

    #[test]
    fn every_other_arrow_is_reported_where_it_is_drawn() {
        for (from, allowed) in ARROWS {
            for (to, _) in ARROWS.iter().filter(|(to, _)| !allowed.contains(to)) {
                let found = reported(from, &format!("[dependencies]\n{to}.workspace = true"));
                assert_eq!(found, [format!("crates/{from}/Cargo.toml:4")], "{from} to {to}");
            }
        }
    }

    #[test]
    fn what_tests_share_is_named_by_tests_only() {
        assert_eq!(reported("gateway", "[dev-dependencies]\ntestbed.workspace = true"), [""; 0]);
        assert_eq!(reported("gateway", "[dependencies]\ntestbed.workspace = true").len(), 1);
    }

    #[test]
    fn no_kind_of_dependency_is_a_way_around() {
        let cases = [
            "[dev-dependencies]\nstore = { path = \"../store\" }",
            "[build-dependencies]\nstore.workspace = true",
            "[target.'cfg(unix)'.dependencies]\nstore.workspace = true",
            "[dependencies]\nother = { path = \"../store\", package = \"store\" }",
        ];
        for lines in cases {
            assert_eq!(reported("gateway", lines), ["crates/gateway/Cargo.toml:4"], "{lines}");
        }
    }

    #[test]
    fn databases_and_runtimes_stay_in_their_crates() {
        for (name, dependency, fine) in [
            ("store", "sea-orm", true),
            ("gateway", "sqlx", false),
            ("keyward", "sea-orm", false),
            ("gateway", "tokio", true),
            ("domain", "tokio", false),
            ("rpc", "hyper", false),
            ("journal", "tokio", false),
        ] {
            let found = reported(name, &format!("[dependencies]\n{dependency} = \"1\""));
            assert_eq!(found.is_empty(), fine, "{name} names {dependency}");
        }
    }

    #[test]
    fn a_crate_outside_the_drawing_and_one_without_lints_are_reported() {
        assert_eq!(reported("plumbing", ""), ["crates/plumbing/Cargo.toml:1"]);
        assert_eq!(places(check, &[("crates/domain/Cargo.toml", "[package]\n")]), ["crates/domain/Cargo.toml:1"]);
    }
}
