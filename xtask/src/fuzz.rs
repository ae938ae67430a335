//! `cargo xtask fuzz`: runs the fuzz targets of `fuzz/` for a while.
//!
//! They need Rust's nightly compiler and cargo-fuzz, which is why they stand outside the workspace. A run begins with
//! the committed inputs of `fuzz/seeds`, which ordinary tests replay too, and keeps what it finds in `fuzz/corpus`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{answer, cargo, run as run_program};
use crate::workspace::Workspace;

/// Seconds a target is given when the command line names none.
const SECONDS: u32 = 60;

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let manifest = workspace.root.join("fuzz/Cargo.toml");
    let manifest = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let (targets, seconds) = chosen(&targets_of(&manifest)?, arguments)?;
    if answer("cargo", &["+nightly", "fuzz", "--version"]).is_none() {
        bail!(
            "needs the nightly compiler and cargo-fuzz: `rustup toolchain install nightly && cargo install cargo-fuzz`"
        );
    }
    for target in targets {
        let (corpus, seeds) = (format!("fuzz/corpus/{target}"), format!("fuzz/seeds/{target}"));
        std::fs::create_dir_all(workspace.root.join(&corpus))?;
        let limit = format!("-max_total_time={seconds}");
        run_program(cargo(&workspace.root).args(["+nightly", "fuzz", "run", &target, &corpus, &seeds, "--", &limit]))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Names of the `[[bin]]` tables, which is how cargo-fuzz declares targets.
fn targets_of(manifest: &str) -> Result<Vec<String>> {
    let manifest: toml::Table = manifest.parse()?;
    let binaries = manifest.get("bin").and_then(|bin| bin.as_array()).map(Vec::as_slice).unwrap_or_default();
    Ok(binaries.iter().filter_map(|binary| Some(binary.get("name")?.as_str()?.to_owned())).collect())
}

/// Which targets for how many seconds: `[TARGET] [SECONDS]`, either left out.
fn chosen(targets: &[String], arguments: &[String]) -> Result<(Vec<String>, u32)> {
    let mut chosen = targets.to_vec();
    let mut seconds = SECONDS;
    for argument in arguments {
        match argument.parse() {
            Ok(number) => seconds = number,
            Err(_) => {
                ensure!(targets.contains(argument), "no target `{argument}`; there are: {}", targets.join(", "));
                chosen = vec![argument.clone()];
            }
        }
    }
    Ok((chosen, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_come_from_the_manifest_and_the_command_line_picks() {
        let targets = targets_of("[[bin]]\nname = \"batch\"\n[[bin]]\nname = \"path\"\n").unwrap();
        let pick = |line: &str| {
            let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            chosen(&targets, &arguments).map(|(targets, seconds)| (targets.join("+"), seconds))
        };
        assert_eq!(pick("").unwrap(), ("batch+path".to_owned(), SECONDS));
        assert_eq!(pick("path").unwrap(), ("path".to_owned(), SECONDS));
        assert_eq!(pick("5").unwrap(), ("batch+path".to_owned(), 5));
        assert_eq!(pick("batch 7").unwrap(), ("batch".to_owned(), 7));
        assert!(pick("bacth").unwrap_err().to_string().contains("batch, path"));
    }
}
