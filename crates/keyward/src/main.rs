//! The binary: reads the command line and runs what it asks for.

use std::process::ExitCode;

use clap::Parser;

mod activation;
mod allocator;
mod clock;
mod command;
mod config;
mod control_plane;
mod dashboard;
mod demo;
mod example;
mod master_key;
mod node;
mod ops;
mod output;
mod serve;
mod sync;
mod telemetry;

/// All memory of the process.
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

fn main() -> ExitCode {
    command::run(command::Cli::parse())
}
