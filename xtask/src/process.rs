//! Starting other programs, with errors that say which one and what to do.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

/// Runs a command to its end with our own terminal, after printing it; an exit code other than zero is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let line = line_of(command);
    println!("   $ {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// What a command prints on its standard output, trimmed; `None` if it is absent or fails. Its errors are not shown.
pub fn answer(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Becomes the other program: it gets our terminal, our process id and with it every signal, and its exit code is ours.
pub fn become_program(command: &mut Command) -> Result<ExitCode> {
    let line = line_of(command);
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start `{line}`"))
}

/// A command as one would type it.
pub fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// `cargo` in the checkout.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    command
}
