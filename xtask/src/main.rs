//! `cargo xtask`: everything one does with this checkout, as commands that say what they do.
//!
//! A command is one file and one line of [`COMMANDS`]. This crate is compiled before anything else, on every machine
//! that ever builds Keyward, so it stays small: the standard library and three crates.
#![allow(clippy::disallowed_methods, reason = "a build tool measures its own steps; nothing here serves a call")]

mod autobahn;
mod bench;
mod dashboard;
mod demo;
mod fuzz;
mod licences;
mod prerequisites;
mod process;
mod release;
mod results;
mod stamp;
mod test;
mod tidy;
mod torture;
mod workspace;

use std::process::ExitCode;

use crate::workspace::Workspace;

/// One word after `cargo xtask`.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&Workspace, &[String]) -> anyhow::Result<ExitCode>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--data DIR] [arguments of `keyward demo`]",
        summary: "build the dashboard and Keyward, and start it with a filled example account (data/demo unless told otherwise)",
        run: demo::run,
    },
    Command {
        name: "test",
        arguments: "[--only-setup | --only STEP | FILTER]",
        summary: "install what the tests need, then format, tidy, lint, licences and every test, in the browser too",
        run: test::run,
    },
    Command {
        name: "release",
        arguments: "",
        summary: "build the program as it is shipped: compiled by a profile of calls; prints where it is",
        run: release::run,
    },
    Command { name: "tidy", arguments: "", summary: "check the source against the rules of the house", run: tidy::run },
    Command {
        name: "licences",
        arguments: "",
        summary: "check every dependency against deny.toml, without a network",
        run: licences::run,
    },
    Command {
        name: "torture",
        arguments: "[FILTER]",
        summary: "the crash tests of keyward and journal at their longest",
        run: torture::run,
    },
    Command {
        name: "bench",
        arguments: "[arguments of bench/run.py]",
        summary: "measure, and print the tables of docs/benchmarks.md",
        run: bench::run,
    },
    Command {
        name: "soak",
        arguments: "[arguments of bench/soak.py]",
        summary: "ten minutes at saturation while keys, lists and limits change: memory stays flat, nothing but denials is refused",
        run: bench::soak,
    },
    Command {
        name: "fuzz",
        arguments: "[TARGET] [SECONDS] [--write]",
        summary: "run one fuzz target, or each in turn (60 seconds a target unless told otherwise)",
        run: fuzz::run,
    },
    Command {
        name: "autobahn",
        arguments: "[--write]",
        summary: "play the Autobahn cases in both directions against our WebSocket frames",
        run: autobahn::run,
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, arguments)) = words.split_first() else {
        print!("{}", help());
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("xtask: there is no command `{name}`\n\n{}", help());
        return ExitCode::from(2);
    };
    let outcome = Workspace::find().and_then(|workspace| (command.run)(&workspace, arguments));
    outcome.unwrap_or_else(|error| {
        eprintln!("xtask {name}: {error:#}");
        ExitCode::FAILURE
    })
}

fn help() -> String {
    let mut text = String::from("cargo xtask COMMAND\n\n");
    for command in COMMANDS {
        let usage = format!("{} {}", command.name, command.arguments);
        text.push_str(&format!("  {}\n      {}\n", usage.trim_end(), command.summary));
    }
    text
}
