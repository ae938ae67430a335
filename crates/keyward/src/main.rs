//! The binary: reads the command line and runs what it asks for.

use std::process::ExitCode;

use clap::Parser;

mod clock;
mod command;
mod config;
mod demo;
mod example;
mod node;
mod output;
mod serve;
mod sync;
mod telemetry;

fn main() -> ExitCode {
    command::run(command::Cli::parse())
}
