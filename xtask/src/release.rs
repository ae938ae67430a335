//! `cargo xtask release`: the program as it is shipped, compiled by a profile of real calls
//! (`docs/decisions/0021-the-shipped-program-is-compiled-by-a-profile.md`).
//!
//! ```text
//! compile, counting ──► bench/train.py plays calls ──► llvm-profdata merges the counts ──► compile by them
//! ```
//! Each step is skipped while what it was made from is the same.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::process::{answer, cargo, run as run_program};
use crate::test::debian::{self, Package};
use crate::workspace::Workspace;
use crate::{dashboard, prerequisites};

/// Where in the build folder the program ends up; `packaging/Dockerfile` knows it too.
const SHIPPED: &str = "shipped";
/// The program that counts, and what it counted.
const COUNTING: &str = "counting";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    if let Some(argument) = arguments.first() {
        bail!("release takes no `{argument}`");
    }
    prerequisites::for_building()?;
    dashboard::build(workspace)?;
    let compiler = Compiler::ask()?;
    let profdata = compiler.profdata()?;
    let folder = workspace.target.join(COUNTING);
    let counts = folder.join("counts");
    // Without the linker's own optimisation, which changes nothing of what is counted and takes minutes.
    let settings = ["profile.release.lto=\"off\"", "profile.release.debug=false"];
    let counting = compile(workspace, &compiler, &folder, &flag("generate", &counts), &settings)?;
    let profile = folder.join(format!("{:016x}.profdata", digest(&counting)?));
    if !profile.exists() {
        train(workspace, &counting, &counts)?;
        let made = profile.with_extension("part");
        run_program(Command::new(profdata).arg("merge").arg("-o").arg(&made).arg(&counts))?;
        fs::rename(made, &profile)?;
    }
    let shipped = workspace.target.join(SHIPPED);
    let program = compile(workspace, &compiler, &shipped, &flag("use", &profile), &[])?;
    println!("{}", program.display());
    Ok(ExitCode::SUCCESS)
}

fn flag(what: &str, path: &Path) -> String {
    format!("-Cprofile-{what}={}", path.display())
}

/// Compiles into this folder with this flag, and tells where the program is.
fn compile(workspace: &Workspace, of: &Compiler, folder: &Path, flag: &str, settings: &[&str]) -> Result<PathBuf> {
    let mut command = cargo(&workspace.root);
    // A named target keeps the flag from what runs while compiling.
    command.args(["build", "--release", "--locked", "--package", "keyward", "--target", &of.host]);
    command.arg("--target-dir").arg(folder);
    for setting in settings {
        command.args(["--config", setting]);
    }
    run_program(command.env("CARGO_ENCODED_RUSTFLAGS", flag))?;
    Ok(folder.join(&of.host).join("release/keyward"))
}

/// Plays calls against the program that counts.
fn train(workspace: &Workspace, counting: &Path, counts: &Path) -> Result<()> {
    if counts.exists() {
        fs::remove_dir_all(counts)?;
    }
    // All processes of the program add to one file.
    let file = counts.join("%1m.profraw");
    let mut command = Command::new("python3");
    command.current_dir(&workspace.root).arg("bench/train.py").arg(counting).env("LLVM_PROFILE_FILE", file);
    run_program(&mut command)
}

fn digest(file: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    fs::read(file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    Ok(hasher.finish())
}

/// What `rustc -vV` tells of itself.
struct Compiler {
    host: String,
    /// The version of its LLVM, whose profiles no older tool can read.
    llvm: String,
}

impl Compiler {
    fn ask() -> Result<Self> {
        Self::of(&answer("rustc", &["-vV"]).context("`rustc -vV` does not answer")?)
    }

    fn of(said: &str) -> Result<Self> {
        let field = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let llvm = field("LLVM version: ").and_then(|version| Some(version.split('.').next()?.to_owned()));
        Ok(Self { host: field("host: ").context("rustc names no host")?, llvm: llvm.context("rustc names no LLVM")? })
    }

    /// The tool that merges counts: rustup's, or the system's of the same version, which Debian has.
    fn profdata(&self) -> Result<PathBuf> {
        let rustups = answer("rustc", &["--print", "sysroot"])
            .map(|sysroot| PathBuf::from(sysroot).join("lib/rustlib").join(&self.host).join("bin/llvm-profdata"));
        if let Some(program) = rustups.filter(|program| program.exists()) {
            return Ok(program);
        }
        let program = format!("llvm-profdata-{}", self.llvm);
        let present = answer(&program, &["merge", "--version"]).is_some();
        let package = format!("llvm-{}", self.llvm);
        let installed = debian::install(&[Package { name: &package, present }]);
        installed.context("profiles are merged by `rustup component add llvm-tools`, or by LLVM's own tool")?;
        Ok(program.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_says_for_what_and_with_what_it_compiles() {
        let said = "rustc 1.95.0\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\nLLVM version: 22.1.2";
        let compiler = Compiler::of(said).unwrap();
        assert_eq!((compiler.host.as_str(), compiler.llvm.as_str()), ("x86_64-unknown-linux-gnu", "22"));
        assert!(Compiler::of("rustc 1.95.0").is_err());
    }
}
