//! `keyward mail`: the letters that Keyward writes, and how they look with the templates of the configuration file.

use std::{fs, io::Write, path::PathBuf};

use clap::Subcommand;
use control::mail::{COMMON, Letter, LetterName, Letters};
use serde::Serialize;

use super::failure::Failure;
use crate::{
    config::{Config, nearest},
    output::{self, Align, Shape, json_line, printable},
};

/// Where links lead in a preview, if the file does not say where people reach Keyward.
const NOWHERE: &str = "https://keys.example.com";

/// What can be done with mail.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// List the letters: who gets each, when, and what its templates can name.
    List,
    /// Print a letter with made-up data, as text.
    Preview {
        /// Its name: `keyward mail list` shows them.
        letter: String,
        /// Write its HTML into this file instead.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
}

/// A letter's name as JSON shows it.
#[derive(Serialize)]
struct NameView {
    name: &'static str,
    to: &'static str,
    when: &'static str,
    /// What its templates can name, beside what every letter has.
    facts: Vec<&'static str>,
}

/// A letter as JSON shows it.
#[derive(Serialize)]
struct LetterView<'a> {
    name: &'static str,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
}

/// Runs the command.
pub fn run(config: &Config, command: MailCommand, shape: Shape, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        MailCommand::List => list(shape, out)?,
        MailCommand::Preview { letter, html } => preview(config, &letter, html, shape, out)?,
    }
    Ok(out.flush()?)
}

/// The letters of this file, with links to where people reach Keyward as far as that is known.
///
/// Errors: the template that is wrong.
pub fn letters(config: &Config) -> Result<Letters, Failure> {
    Ok(config.letters(config.control_url().as_deref().unwrap_or(NOWHERE))?)
}

fn list(shape: Shape, out: &mut dyn Write) -> Result<(), Failure> {
    let view = |name: &LetterName| NameView {
        name: name.as_str(),
        to: name.to(),
        when: name.when(),
        facts: name.facts().to_vec(),
    };
    let views: Vec<NameView> = LetterName::ALL.iter().map(view).collect();
    let columns = [("letter", Align::Left), ("to", Align::Left), ("when", Align::Left), ("can name", Align::Left)];
    output::list(out, shape, &views, &columns, |view| {
        vec![view.name.to_owned(), view.to.to_owned(), view.when.to_owned(), view.facts.join(", ")]
    })?;
    if shape == Shape::Text {
        writeln!(out, "\nEach can also name: {}", COMMON.join(", "))?;
    }
    Ok(())
}

fn preview(
    config: &Config,
    word: &str,
    html: Option<PathBuf>,
    shape: Shape,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let Some(name) = LetterName::find(word) else {
        let names = LetterName::ALL.iter().map(|name| name.as_str());
        let hint = match nearest(word, names) {
            Some(near) => format!("did you mean `{near}`? `keyward mail list` shows all"),
            None => "`keyward mail list` shows what there is".to_owned(),
        };
        return Err(Failure::refused(format!("no letter is called `{word}`"), hint));
    };
    let letter =
        letters(config)?.example(name).map_err(|error| Failure::Refused { what: error.to_string(), hint: None })?;
    let Letter { subject, text, html: page } = &letter;
    if let Some(file) = html {
        fs::write(&file, page).map_err(|error| {
            let what = format!("cannot write {}: {error}", file.display());
            Failure::Refused { what, hint: None }
        })?;
        return Ok(());
    }
    match shape {
        Shape::Json => json_line(out, &LetterView { name: name.as_str(), subject, text, html: page })?,
        Shape::Text => {
            writeln!(out, "Subject: {}\n", printable(subject))?;
            text.lines().try_for_each(|line| writeln!(out, "{}", printable(line)))?;
        }
    }
    Ok(())
}
