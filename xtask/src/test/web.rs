//! The dashboard's own checks: its source, what it is built into, and journeys through it in a real browser.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::dashboard::{self, npm};
use crate::process::{cargo, run as run_program};
use crate::test::setup::Environment;
use crate::test::tally::{self, Tally};
use crate::workspace::Workspace;

/// Most that a browser must fetch before the first page shows: scripts named by index.html, in bytes as gzip packs them.
const FIRST_SCRIPTS: usize = 200_000;

/// Types, unit tests (one compares the client with openapi.json), build, and the size of what loads first. Before the Rust
/// tests: the binary carries what is built.
pub fn web(workspace: &Workspace, _: &Environment) -> Result<Tally> {
    run_program(&mut npm(workspace, &["run", "--silent", "check"]))?;
    run_program(&mut npm(workspace, &["exec", "--offline", "--", "tsc", "--noEmit", "--project", "e2e"]))?;
    let report = workspace.target.join("vitest.json");
    let output = format!("--outputFile={}", report.display());
    let reporters = ["--reporter=default", "--reporter=json", &output];
    let units = tally::of_vitest(npm(workspace, &["run", "--silent", "test", "--"]).args(reporters), &report)?;
    dashboard::build(workspace)?;
    let bytes = first_scripts(&dashboard::folder(workspace).join("dist"))?;
    println!(
        "the dashboard's first scripts: {bytes} bytes packed, {FIRST_SCRIPTS} at most; beyond: load something later"
    );
    let checked_and_built = Tally { passed: 3, ..Tally::default() };
    Ok(units + checked_and_built + if bytes <= FIRST_SCRIPTS { Tally::ONE_PASSED } else { Tally::ONE_FAILED })
}

/// Playwright's journeys through the real binary in real Chromium.
pub fn browser(workspace: &Workspace, environment: &Environment) -> Result<Tally> {
    dashboard::build(workspace)?;
    run_program(cargo(&workspace.root).args(["build", "--package", "keyward", "--locked"]))?;
    let report = workspace.target.join("playwright.json");
    let mut command = npm(workspace, &["run", "--silent", "e2e", "--", "--reporter=list,json"]);
    command.envs(environment.variables()).env("KEYWARD_BIN", workspace.target.join("debug/keyward"));
    tally::of_playwright(command.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report), &report)
}

/// Packed bytes of the scripts that the page names: its own and those it tells the browser to fetch at once.
fn first_scripts(built: &Path) -> Result<usize> {
    let page = std::fs::read_to_string(built.join("index.html")).context("web/dist/index.html")?;
    let scripts = scripts_of(&page);
    ensure!(!scripts.is_empty(), "web/dist/index.html names no script");
    scripts.iter().map(|script| packed(&built.join(script))).sum()
}

/// Paths in `src="/….js"` and `href="/….js"`.
fn scripts_of(page: &str) -> Vec<&str> {
    let values = page.split("=\"/").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0));
    values.filter(|path| path.ends_with(".js")).collect()
}

fn packed(file: &Path) -> Result<usize> {
    let output = Command::new("gzip").args(["--best", "--stdout"]).arg(file).stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "gzip {}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_a_page_are_those_it_runs_and_those_it_fetches_at_once() {
        let page = r#"<script type="module" crossorigin src="/assets/index-a1.js"></script>
            <link rel="modulepreload" href="/assets/react-b2.js"><link rel="icon" href="/mark.svg">
            <link rel="stylesheet" href="/assets/index.css"><script src="/scheme.js"></script>"#;
        assert_eq!(scripts_of(page), ["assets/index-a1.js", "assets/react-b2.js", "scheme.js"]);
        assert!(scripts_of("<h1>not built</h1>").is_empty());
    }
}
