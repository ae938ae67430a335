//! `cargo xtask autobahn`: the cases of the Autobahn test suite in both directions against the echo of `crates/websocket`, which
//! is the gateway's own reading and writing of frames. Some forty of them are ordinary tests.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{cargo, line_of, run as run_program};
use crate::test::{debian, python};
use crate::workspace::Workspace;
use crate::{prerequisites, results};

const PAGE: &str = "docs/autobahn.md";
/// Where both servers of a run listen: on a port of the system's choice.
const ANYWHERE: &str = "127.0.0.1:0";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let is_written = match arguments {
        [] => false,
        [flag] if flag == "--write" => true,
        _ => bail!("takes `--write` or nothing"),
    };
    prerequisites::for_building()?;
    debian::install(&[python::package()])?;
    let python = python::install(workspace)?;
    run_program(cargo(&workspace.root).args(["build", "--package", "websocket", "--example", "echo"]))?;
    let (echo, script) = (workspace.target.join("debug/examples/echo"), workspace.root.join("tests/real/autobahn.py"));
    let kosoku = |mode: &str| program(&python, &[&script.display().to_string(), mode]);

    let server = Listening::start(program(&echo, &["server", ANYWHERE]))?;
    let mut against = kosoku("client");
    let as_server = against.arg(&server.address).stderr(Stdio::inherit()).output()?;
    ensure!(as_server.status.success(), "`{}` failed: {}", line_of(&against), as_server.status);
    drop(server);

    let fuzzer = Listening::start(kosoku("server"))?;
    run_program(&mut program(&echo, &["client", &fuzzer.address]))?;
    let as_client = fuzzer.rest()?;

    let of_server = Tally::read(&String::from_utf8_lossy(&as_server.stdout))?;
    let of_client = Tally::read(&as_client)?;
    let table = table(&of_server, &of_client);
    println!("\n{table}");
    if is_written {
        results::write(workspace, PAGE, &format!("{}\n\n{table}", results::provenance(workspace)?))?;
    }
    let failed = of_server.failed.len() + of_client.failed.len();
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn program(path: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(path);
    command.args(arguments);
    command
}

/// A program that said where it listens; ended when dropped.
struct Listening {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    address: String,
}

impl Listening {
    fn start(mut command: Command) -> Result<Listening> {
        let line = line_of(&command);
        println!("   $ {line}");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| line.clone())?;
        let output = BufReader::new(child.stdout.take().context("standard output is piped")?);
        let mut listening = Listening { child, output, address: String::new() };
        let mut said = String::new();
        listening.output.read_line(&mut said)?;
        let address = said.trim().strip_prefix("Listening on ");
        listening.address = address.with_context(|| format!("`{line}` does not listen: {said}"))?.to_owned();
        Ok(listening)
    }

    /// What it says until it ends by itself.
    fn rest(mut self) -> Result<String> {
        let mut said = String::new();
        self.output.read_to_string(&mut said)?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the fuzzing server failed: {status}");
        Ok(said)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended already.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// How the cases of one direction were judged, by their ids.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    right: usize,
    not_strict: Vec<String>,
    informational: Vec<String>,
    failed: Vec<String>,
}

impl Tally {
    /// From one line of JSON: of each case its id, how its messages were judged, and how its end was.
    fn read(line: &str) -> Result<Tally> {
        let verdicts: Vec<(String, String, String)> =
            serde_json::from_str(line.trim()).with_context(|| format!("no verdicts: {line:?}"))?;
        ensure!(!verdicts.is_empty(), "no case was played");
        let mut tally = Tally::default();
        for (id, messages, end) in verdicts {
            match (messages.as_str(), end.as_str()) {
                ("OK", "OK") => tally.right += 1,
                ("NON-STRICT", "OK") => tally.not_strict.push(id),
                ("OK" | "INFORMATIONAL", "OK" | "INFORMATIONAL") => tally.informational.push(id),
                _ => tally.failed.push(id),
            }
        }
        Ok(tally)
    }

    fn count(&self) -> usize {
        self.right + self.not_strict.len() + self.informational.len() + self.failed.len()
    }
}

fn table(of_server: &Tally, of_client: &Tally) -> String {
    let head = "| direction | cases | as required | not strict | informational | failed |\n|---|---|---|---|---|---|\n";
    let row = |what: &str, tally: &Tally| {
        let cells = [&tally.not_strict, &tally.informational, &tally.failed].map(|ids| cell(ids));
        format!("| {what} | {} | {} | {} |\n", tally.count(), tally.right, cells.join(" | "))
    };
    let server = row("as a server, against kosoku's fuzzing client", of_server);
    let client = row("as a client, against kosoku's fuzzing server", of_client);
    format!("{head}{server}{client}")
}

/// How many, and which.
fn cell(ids: &[String]) -> String {
    if ids.is_empty() { "0".to_owned() } else { format!("{}: {}", ids.len(), ids.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_told_apart_by_both_verdicts() {
        let line = r#"[["1.1.1","OK","OK"],["6.4.1","NON-STRICT","OK"],["7.1.6","INFORMATIONAL","OK"],
            ["7.13.1","INFORMATIONAL","INFORMATIONAL"],["3.1","OK","WRONG CODE"],["2.1","FAILED","OK"],
            ["9.9.9","NON-STRICT","UNCLEAN"]]"#;
        let tally = Tally::read(line).unwrap();
        assert_eq!((tally.count(), tally.right), (7, 1));
        assert_eq!((cell(&tally.not_strict), cell(&[])), ("1: 6.4.1".to_owned(), "0".to_owned()));
        assert_eq!(tally.informational, ["7.1.6", "7.13.1"]);
        assert_eq!(tally.failed, ["3.1", "2.1", "9.9.9"]);
        assert!(Tally::read("[]").is_err() && Tally::read("").is_err());
    }
}
