//! `keyward remote`: what an operator does to a Keyward that runs elsewhere, over its REST API and with an access token. Needs
//! neither the configuration file nor the store.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Subcommand;
use serde_json::Value;

use self::{client::Client, server::ServerUrl};
use super::failure::Failure;
use crate::output::{Align, Shape, Table, json_line};

mod account;
mod answer;
mod client;
mod extra_units;
mod outbox;
mod path;
mod plan;
mod server;
mod token;

pub use answer::RemoteFailure;

/// `keyward remote`.
#[derive(Debug, clap::Args)]
pub struct RemoteArguments {
    /// Where people reach its dashboard.
    #[arg(long, global = true, env = "KEYWARD_SERVER", value_name = "URL")]
    server: Option<ServerUrl>,
    /// A file with the access token, readable by you alone; without one, the variable KEYWARD_TOKEN holds it.
    #[arg(long, global = true, env = "KEYWARD_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Send the token over http:// to another machine, where everybody on the way can read it.
    #[arg(long, global = true)]
    allow_http: bool,
    /// What to do.
    #[command(subcommand)]
    command: RemoteCommand,
}

/// What can be done from elsewhere.
#[derive(Debug, Subcommand)]
enum RemoteCommand {
    /// Accounts: who owns keys and pays.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Plans: what subscriptions allow, and which account is under which.
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// Extra units: more for the running window of one of an account's quotas.
    #[command(subcommand)]
    ExtraUnits(extra_units::ExtraUnitsCommand),
    /// The outbox: the mails that were written, and where they stand.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
}

/// What a remote command has at hand.
struct Remote<'a> {
    client: Client,
    shape: Shape,
    out: &'a mut dyn Write,
}

/// Runs the command.
pub async fn run(arguments: RemoteArguments, shape: Shape) -> Result<(), Failure> {
    let server = arguments.server.ok_or(RemoteFailure::NoServer)?;
    server.may_be_told_a_token(arguments.allow_http)?;
    let token = token::read(arguments.token_file.as_deref())?;
    let mut stdout = io::BufWriter::new(io::stdout());
    let mut remote = Remote { client: Client::new(server, token)?, shape, out: &mut stdout };
    match arguments.command {
        RemoteCommand::Account(command) => account::run(&mut remote, command).await?,
        RemoteCommand::Plan(command) => plan::run(&mut remote, command).await?,
        RemoteCommand::ExtraUnits(command) => extra_units::run(&mut remote, command).await?,
        RemoteCommand::Outbox(command) => outbox::run(&mut remote, command).await?,
    }
    Ok(stdout.flush()?)
}

impl Remote<'_> {
    /// What a list holds, page by page, `limit` at most; `name` is the list's in a page.
    ///
    /// Errors: it was refused, or nobody answered.
    async fn pages(
        &mut self,
        segments: &[&str],
        query: &[(&str, Option<&str>)],
        name: &str,
        limit: usize,
    ) -> Result<Vec<Value>, Failure> {
        let mut found = Vec::new();
        let mut before: Option<String> = None;
        while found.len() < limit {
            let query = [query, &[("before", before.as_deref())]].concat();
            let (mut page, _) = self.client.get::<Value>(&path::with_query(segments, &query)).await?;
            let Value::Array(some) = page[name].take() else { break };
            before = page["next"].as_str().filter(|_| !some.is_empty()).map(str::to_owned);
            found.extend(some);
            if before.is_none() {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Prints a list: what the server told, as it told it, or a table of `rows`.
    fn list(
        &mut self,
        told: &[Value],
        columns: &[(&'static str, Align)],
        rows: Vec<Vec<String>>,
    ) -> Result<(), Failure> {
        match self.shape {
            Shape::Json => told.iter().try_for_each(|item| json_line(self.out, item))?,
            Shape::Text => {
                let mut table = Table::new(columns);
                rows.into_iter().for_each(|row| table.add(row));
                table.write(self.out)?;
            }
        }
        Ok(())
    }
}
