//! The dashboard's packages and its built files, which the binary carries: both are brought up to date when a command
//! needs them, and not touched otherwise.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::run;
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// Folders of `web/` that the built files are not made from.
const NO_SOURCES: [&str; 4] = ["node_modules", "dist", "e2e", "test-results"];

/// Where the dashboard's source is.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("web")
}

/// `npm` in that folder.
pub fn npm(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder(workspace)).env("npm_config_update_notifier", "false");
    command
}

/// Installs the packages if package-lock.json changed since the last time.
pub fn install(workspace: &Workspace) -> Result<()> {
    let folder = folder(workspace);
    let stamp = Stamp::new(&folder.join("package-lock.json"), folder.join("node_modules/.lock-installed"))?;
    if !stamp.is_current() {
        println!("installing the Node packages of web");
        run(&mut npm(workspace, &["ci", "--no-audit", "--no-fund"]))?;
        stamp.set()?;
    }
    Ok(())
}

/// Builds `web/dist` if a source changed since the last time, or if what is there is not what was built then.
pub fn build(workspace: &Workspace) -> Result<()> {
    install(workspace)?;
    let web = folder(workspace);
    let place = workspace.target.join("web.built");
    if built_from(&web, &place)?.is_current() {
        return Ok(());
    }
    println!("building the dashboard");
    run(&mut npm(workspace, &["run", "--silent", "build"]))?;
    std::fs::create_dir_all(&workspace.target)?;
    built_from(&web, &place)?.set()
}

/// A line for each source file, and one for the page that the build wrote: it names every script by its hash.
fn built_from(web: &Path, place: &Path) -> Result<Stamp> {
    let mut files = vec![web.join("dist/index.html")];
    for entry in std::fs::read_dir(web).with_context(|| web.display().to_string())? {
        let path = entry?.path();
        if !NO_SOURCES.iter().any(|folder| path.ends_with(folder)) {
            files_below(path, &mut files)?;
        }
    }
    files.sort();
    let lines = files.iter().map(|file| format!("{:016x} {}\n", hash(file), file.display()));
    Ok(Stamp::of(lines.collect(), place.to_owned()))
}

fn files_below(path: PathBuf, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path);
        return Ok(());
    }
    for entry in std::fs::read_dir(&path).with_context(|| path.display().to_string())? {
        files_below(entry?.path(), files)?;
    }
    Ok(())
}

/// Of the content; a file that is not there has one of its own. A newer Rust may hash otherwise: then we build once more.
fn hash(file: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::fs::read(file).ok().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_source_or_of_the_built_page_is_seen_and_of_a_browser_test_is_not() {
        let web = std::env::temp_dir().join(format!("keyward-xtask-web-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let file = web.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        write("src/key/KeyPage.tsx", "1");
        let place = web.join("dist/stamp");
        let is_current = || built_from(&web, &place).unwrap().is_current();
        assert!(!is_current(), "nothing is built yet");
        write("dist/index.html", "built");
        built_from(&web, &place).unwrap().set().unwrap();
        assert!(is_current());
        write("e2e/journey.spec.ts", "1");
        assert!(is_current(), "a browser test is no source");
        for path in ["src/key/KeyPage.tsx", "src/key/new.tsx", "vite.config.ts", "dist/index.html"] {
            write(path, "2");
            assert!(!is_current(), "{path}");
            built_from(&web, &place).unwrap().set().unwrap();
        }
        std::fs::remove_dir_all(&web).unwrap();
    }
}
