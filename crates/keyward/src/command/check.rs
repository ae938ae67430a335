//! `keyward check`: what the configuration file means, without opening anything.

use std::io::Write;

use serde::Serialize;

use crate::{
    command::{failure::Failure, mail},
    config::Config,
    output::{Shape, json_line, printable},
};

/// What `check --json` prints.
#[derive(Serialize)]
struct Checked<'a> {
    file: String,
    apis: Vec<&'a str>,
    plans: Vec<&'a str>,
    /// What `serve` would miss now.
    missing: Vec<String>,
}

/// Prints what was understood.
pub fn run(config: &Config, shape: Shape, out: &mut dyn Write) -> Result<(), Failure> {
    mail::letters(config)?;
    match shape {
        Shape::Text => config.summary().lines().try_for_each(|line| writeln!(out, "{}", printable(line)))?,
        Shape::Json => {
            let checked = Checked {
                file: config.file.display().to_string(),
                apis: config.apis.iter().map(|config| config.api.name.as_str()).collect(),
                plans: config.plans.iter().map(|plan| plan.name.as_str()).collect(),
                missing: config.missing_secrets(),
            };
            json_line(out, &checked)?;
        }
    }
    Ok(out.flush()?)
}
