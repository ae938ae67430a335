//! `cargo xtask licences`: every crate and npm package in use stands under a licence of `deny.toml` (`licences/npm.rs`
//! says what more npm may bring), and no crate is banned there.
//!
//! `deny.toml` is cargo-deny's own file, so that tool reads it too. It is not needed: what we ask of it is small, and
//! `cargo metadata` answers without a network once the crates are fetched.

mod expression;
mod npm;

use std::collections::BTreeSet;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::process::{cargo, line_of};
use crate::workspace::Workspace;

pub fn run(workspace: &Workspace, _: &[String]) -> Result<ExitCode> {
    check(workspace)?;
    Ok(ExitCode::SUCCESS)
}

/// Lists of npm packages in the checkout.
const NPM_LOCKS: [&str; 2] = ["web/package-lock.json", "tests/real/package-lock.json"];

/// Reads `deny.toml`, the crates in use and the npm lists; an error lists everything that may not be used, and why.
pub fn check(workspace: &Workspace) -> Result<()> {
    let rules = std::fs::read_to_string(workspace.root.join("deny.toml")).context("deny.toml")?;
    let rules = Rules::read(&rules).context("deny.toml")?;
    let crates = crates_in_use(workspace)?;
    let mut problems = rules.problems(&crates);
    let mut npm_packages = 0;
    for lock in NPM_LOCKS {
        let text = std::fs::read_to_string(workspace.root.join(lock)).context(lock)?;
        let (count, refused) = npm::problems(&text, &rules.allowed).context(lock)?;
        npm_packages += count;
        problems.extend(refused);
    }
    if !problems.is_empty() {
        bail!(
            "{}\n  way out: another one, or, for a licence as permissive as those, a line in deny.toml with the reason",
            problems.join("\n")
        );
    }
    println!("licences: {} crates and {npm_packages} npm packages, all within deny.toml", crates.len());
    Ok(())
}

/// What `deny.toml` says, as far as we read it.
struct Rules {
    /// SPDX identifiers of `licenses.allow`.
    allowed: BTreeSet<String>,
    /// Crate names of `bans.deny`, with their reasons.
    banned: Vec<(String, String)>,
}

/// A crate from a registry.
struct Crate {
    name: String,
    version: String,
    licence: Option<String>,
}

impl Rules {
    fn read(text: &str) -> Result<Self> {
        let file: toml::Table = text.parse()?;
        let list = |section: &str, key: &str| {
            file.get(section).and_then(|table| table.get(key)).and_then(|value| value.as_array()).cloned()
        };
        let allowed = list("licenses", "allow").context("licenses.allow is missing")?;
        let allowed = allowed.iter().filter_map(|licence| Some(licence.as_str()?.to_owned())).collect();
        let field = |ban: &toml::Value, key: &str| ban.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        let banned = list("bans", "deny").unwrap_or_default();
        let banned = banned
            .iter()
            .map(|ban| field(ban, "crate").zip(field(ban, "reason")).context("a ban has `crate` and `reason`"))
            .collect::<Result<_>>()?;
        Ok(Self { allowed, banned })
    }

    fn problems(&self, crates: &[Crate]) -> Vec<String> {
        let mut problems = Vec::new();
        for Crate { name, version, licence } in crates {
            match licence {
                None => problems.push(format!("  {name} {version} names no licence")),
                Some(licence) if !expression::permits(licence, &self.allowed) => {
                    problems.push(format!("  {name} {version} stands under {licence}"));
                }
                Some(_) => {}
            }
            if let Some((_, reason)) = self.banned.iter().find(|(banned, _)| banned == name) {
                problems.push(format!("  {name} {version} is banned: {reason}"));
            }
        }
        problems
    }
}

/// Every crate from outside that is built for this platform, tests and tools included.
fn crates_in_use(workspace: &Workspace) -> Result<Vec<Crate>> {
    let mut command = cargo(&workspace.root);
    command.args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host()?]);
    let output = command.stdin(Stdio::null()).output().with_context(|| line_of(&command))?;
    ensure!(
        output.status.success(),
        "`{}` failed (way out: `cargo fetch` first)\n{}",
        line_of(&command),
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let text = |package: &Value, key: &str| package[key].as_str().map(str::to_owned);
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    packages
        .iter()
        .filter(|package| !package["source"].is_null())
        .map(|package| {
            let name = text(package, "name").context("a package has a name")?;
            let version = text(package, "version").context("a package has a version")?;
            Ok(Crate { name, version, licence: text(package, "license") })
        })
        .collect()
}

/// The platform this toolchain builds for, such as `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let said = crate::process::answer("rustc", &["--version", "--verbose"]).context("rustc does not answer")?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc tells no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0"]
        [bans]
        deny = [{ crate = "second-tls", reason = "one is enough" }]
    "#;

    fn problems(name: &str, licence: Option<&str>) -> Vec<String> {
        let one = Crate { name: name.to_owned(), version: "1.0.0".to_owned(), licence: licence.map(str::to_owned) };
        Rules::read(RULES).unwrap().problems(&[one])
    }

    #[test]
    fn licences_and_bans_are_reported_by_name() {
        assert!(problems("fine", Some("MIT OR GPL-3.0")).is_empty());
        assert_eq!(problems("strict", Some("GPL-3.0")), ["  strict 1.0.0 stands under GPL-3.0"]);
        assert_eq!(problems("silent", None), ["  silent 1.0.0 names no licence"]);
        assert_eq!(problems("second-tls", Some("MIT")), ["  second-tls 1.0.0 is banned: one is enough"]);
    }

    #[test]
    fn a_file_without_its_lists_is_refused() {
        assert!(Rules::read("[bans]\n").is_err());
        assert!(Rules::read("[licenses]\nallow = []\n[bans]\ndeny = [{ crate = \"x\" }]\n").is_err());
    }
}
