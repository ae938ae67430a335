//! `cargo xtask tidy`: the source is tested like the product.
//!
//! A rule is one file and one line of [`RULES`]: it reads the tree and answers with [`Problem`]s. Each has a test with
//! an example that breaks it, because a rule that cannot fail is worse than none.

mod rust_text;
mod tree;

mod arrows;
mod clocks;
mod headers;
mod lengths;
mod links;
mod lock_files;
mod machine_paths;
mod paths;
mod plain_text;
mod sql;
mod unfinished;
mod vocabulary;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use tree::{Problem, Tree};

/// A rule of the house.
struct Rule {
    name: &'static str,
    check: fn(&Tree) -> Vec<Problem>,
}

const RULES: &[Rule] = &[
    Rule { name: "arrows", check: arrows::check },
    Rule { name: "paths", check: paths::check },
    Rule { name: "headers", check: headers::check },
    Rule { name: "lengths", check: lengths::check },
    Rule { name: "clocks", check: clocks::check },
    Rule { name: "sql", check: sql::check },
    Rule { name: "vocabulary", check: vocabulary::check },
    Rule { name: "unfinished", check: unfinished::check },
    Rule { name: "machine-paths", check: machine_paths::check },
    Rule { name: "lock-files", check: lock_files::check },
    Rule { name: "plain-text", check: plain_text::check },
    Rule { name: "links", check: links::check },
];

pub fn run(workspace: &Workspace, _: &[String]) -> Result<ExitCode> {
    check(workspace)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what breaks a rule, one line each; an error if anything does.
pub fn check(workspace: &Workspace) -> Result<()> {
    let tree = Tree::read(&workspace.root)?;
    let mut count = 0;
    for rule in RULES {
        for problem in (rule.check)(&tree) {
            count += 1;
            println!("{}: {}: {}", problem.place(), rule.name, problem.message);
        }
    }
    println!("tidy: {}", lengths::summary(&tree));
    if count > 0 {
        bail!("{count} places break a rule of the house; what each rule is for: CONTRIBUTING.md");
    }
    Ok(())
}
