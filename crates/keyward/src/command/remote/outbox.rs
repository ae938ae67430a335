//! `keyward remote outbox`: the mails that were written, and where they stand. Their texts are nobody's who has a token: with a link
//! in one, a program would choose somebody's password.

use clap::Subcommand;
use domain::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Remote, answer::known_each, path::path};
use crate::{
    command::failure::Failure,
    output::{self, Align, moment},
};

/// What can be done with the outbox.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// List mails, newest first.
    List {
        /// The most that are listed.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Try a mail again now that waits for its turn.
    Retry {
        /// Its id.
        mail: String,
    },
}

/// A mail, as far as a table shows it.
#[derive(Deserialize)]
struct Mail {
    id: String,
    to: String,
    subject: String,
    state: String,
    attempts: u32,
    created_at: Timestamp,
    error: Option<String>,
}

/// Runs the command.
pub async fn run(remote: &mut Remote<'_>, command: OutboxCommand) -> Result<(), Failure> {
    match command {
        OutboxCommand::List { limit } => list(remote, limit as usize).await,
        OutboxCommand::Retry { mail } => retry(remote, &mail).await,
    }
}

async fn list(remote: &mut Remote<'_>, limit: usize) -> Result<(), Failure> {
    let found = remote.pages(&["outbox"], &[], "mails", limit).await?;
    let mails: Vec<Mail> = known_each(&found)?;
    let columns = [
        ("id", Align::Left),
        ("to", Align::Left),
        ("subject", Align::Left),
        ("state", Align::Left),
        ("tries", Align::Right),
        ("written", Align::Left),
        ("error", Align::Left),
    ];
    let cells = |mail: &Mail| {
        vec![
            mail.id.clone(),
            mail.to.clone(),
            mail.subject.clone(),
            mail.state.clone(),
            mail.attempts.to_string(),
            moment(mail.created_at),
            mail.error.clone().unwrap_or_default(),
        ]
    };
    remote.list(&found, &columns, mails.iter().map(cells).collect())
}

async fn retry(remote: &mut Remote<'_>, id: &str) -> Result<(), Failure> {
    let (mail, told) = remote.client.post::<Mail>(&path(&["outbox", id, "retry"]), Value::Null).await?;
    let mut lines = vec![
        ("mail", mail.id.clone()),
        ("to", mail.to.clone()),
        ("subject", mail.subject.clone()),
        ("state", mail.state.clone()),
        ("tries", mail.attempts.to_string()),
        ("written", moment(mail.created_at)),
    ];
    lines.extend(mail.error.clone().map(|error| ("error", error)));
    Ok(output::one(remote.out, remote.shape, &told, &lines)?)
}
