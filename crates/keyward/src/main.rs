//! The binary: reads the command line and runs what it asks for.

use std::process::ExitCode;

use clap::Parser;

mod activation;
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

/// Rows, headers and buffers are made on one thread and dropped on another; the system's allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    command::run(command::Cli::parse())
}
