//! `cargo xtask fuzz`: builds the fuzz targets of `fuzz/` and runs them for a while.
//!
//! libFuzzer needs to see where a program branches, which the compiler of the workspace can tell it: no other is needed. What a
//! sanitizer would find is not looked for; the crates under test have no unsafe code. A run begins with the committed inputs of
//! `fuzz/seeds`, which ordinary tests replay too, and keeps what it finds in `fuzz/corpus`.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{answer, cargo, line_of, run as run_program};
use crate::results;
use crate::workspace::Workspace;

const PAGE: &str = "docs/fuzzing.md";
/// Seconds a target is given when the command line names none.
const SECONDS: u32 = 60;
/// Longer than any input may take; one that does is a finding.
const SECONDS_PER_INPUT: u32 = 10;
/// What libFuzzer counts: edges, with the values that comparisons saw, so that it can guess what was compared with.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let manifest = workspace.root.join("fuzz/Cargo.toml");
    let manifest = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let wish = Wish::read(&targets_of(&manifest)?, arguments)?;
    ensure!(answer("c++", &["--version"]).is_some(), "there is no C++ compiler: `apt-get install build-essential`");
    let told = answer("rustc", &["-vV"]).unwrap_or_default();
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let folder = workspace.target.join("fuzz");
    // With the host named, build scripts are built without the flags.
    let mut build = cargo(&workspace.root);
    build.args(["build", "--manifest-path", "fuzz/Cargo.toml", "--locked", "--target", host, "--target-dir"]);
    run_program(build.arg(&folder).env("RUSTFLAGS", FLAGS))?;

    let mut table = String::from("| target | seconds | inputs | places reached |\n|---|---|---|---|\n");
    for target in &wish.targets {
        let program = folder.join(host).join("debug").join(target);
        let ended = fuzz(workspace, Command::new(program), target, wish.seconds)?;
        table += &format!("| `{target}` | {} | {} | {} |\n", wish.seconds, ended.inputs, ended.places);
    }
    println!("\n{table}");
    if wish.is_written {
        results::write(workspace, PAGE, &format!("{}\n\n{table}", results::provenance(workspace)?))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a target; an input that fails is an error that names its file.
fn fuzz(workspace: &Workspace, mut command: Command, target: &str, seconds: u32) -> Result<Ended> {
    let [corpus, findings] = ["corpus", "artifacts"].map(|folder| format!("fuzz/{folder}/{target}/"));
    for folder in [&corpus, &findings] {
        std::fs::create_dir_all(workspace.root.join(folder))?;
    }
    command.current_dir(&workspace.root).args([&corpus, &format!("fuzz/seeds/{target}")]);
    command.args(["-print_final_stats=1", &format!("-max_total_time={seconds}")]);
    command.args([format!("-timeout={SECONDS_PER_INPUT}"), format!("-artifact_prefix={findings}")]);
    println!("   $ {}", line_of(&command));
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut ended = Ended::default();
    for line in BufReader::new(child.stderr.take().context("its errors are piped")?).lines().map_while(Result::ok) {
        println!("{line}");
        ended.hear(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{target}` found something ({status}): see above, and {findings}");
    }
    Ok(ended)
}

/// What libFuzzer says of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ended {
    inputs: u64,
    places: u64,
}

impl Ended {
    fn hear(&mut self, line: &str) {
        let number = |text: &str| text.split_whitespace().next().and_then(|word| word.parse().ok());
        if let Some(inputs) = line.strip_prefix("stat::number_of_executed_units:").and_then(number) {
            self.inputs = inputs;
        } else if let Some(places) = line.split_once(" cov: ").and_then(|(_, rest)| number(rest)) {
            self.places = places;
        }
    }
}

/// Names of the `[[bin]]` tables, which is how cargo-fuzz declares targets.
fn targets_of(manifest: &str) -> Result<Vec<String>> {
    let manifest: toml::Table = manifest.parse()?;
    let binaries = manifest.get("bin").and_then(|bin| bin.as_array()).map(Vec::as_slice).unwrap_or_default();
    Ok(binaries.iter().filter_map(|binary| Some(binary.get("name")?.as_str()?.to_owned())).collect())
}

/// Which targets for how many seconds: `[TARGET] [SECONDS] [--write]`, each left out or not.
struct Wish {
    targets: Vec<String>,
    seconds: u32,
    is_written: bool,
}

impl Wish {
    fn read(targets: &[String], arguments: &[String]) -> Result<Wish> {
        let mut wish = Wish { targets: targets.to_vec(), seconds: SECONDS, is_written: false };
        for argument in arguments {
            match argument.parse() {
                Ok(number) => wish.seconds = number,
                Err(_) if argument == "--write" => wish.is_written = true,
                Err(_) => {
                    ensure!(targets.contains(argument), "no target `{argument}`; there are: {}", targets.join(", "));
                    wish.targets = vec![argument.clone()];
                }
            }
        }
        let is_all = wish.targets.len() == targets.len();
        ensure!(is_all || !wish.is_written, "`--write` is for a run of all targets: the page has them in one table");
        Ok(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_come_from_the_manifest_and_the_command_line_picks() {
        let targets = targets_of("[[bin]]\nname = \"batch\"\n[[bin]]\nname = \"path\"\n").unwrap();
        let pick = |line: &str| {
            let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            Wish::read(&targets, &arguments).map(|wish| (wish.targets.join("+"), wish.seconds, wish.is_written))
        };
        assert_eq!(pick("").unwrap(), ("batch+path".to_owned(), SECONDS, false));
        assert_eq!(pick("path").unwrap(), ("path".to_owned(), SECONDS, false));
        assert_eq!(pick("5 --write").unwrap(), ("batch+path".to_owned(), 5, true));
        assert_eq!(pick("batch 7").unwrap(), ("batch".to_owned(), 7, false));
        assert!(pick("bacth").err().unwrap().to_string().contains("batch, path"));
        assert!(pick("batch --write").is_err());
    }

    #[test]
    fn a_run_is_read_from_what_is_said_at_its_end() {
        let mut ended = Ended::default();
        for line in [
            "#8\tINITED cov: 12 ft: 30 corp: 1/1b",
            "#99\tNEW    cov: 34 ft: 50 corp: 2/9b exec/s: 0",
            "stat::number_of_executed_units: 1234",
            "stat::average_exec_per_sec:     9",
        ] {
            ended.hear(line);
        }
        assert_eq!(ended, Ended { inputs: 1234, places: 34 });
    }
}
