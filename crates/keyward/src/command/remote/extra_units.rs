//! `keyward remote extra-units`: more for the running window of one of an account's quotas.

use std::fmt;

use clap::Subcommand;
use domain::{name::ApiName, quota::Period, reason::Reason, time::Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Remote, account, answer::known_each, path::path};
use crate::{
    command::failure::Failure,
    output::{Align, moment},
};

/// What can be done with extra units.
#[derive(Debug, Subcommand)]
pub enum ExtraUnitsCommand {
    /// Add so many to the running window; what is left of them ends with it.
    Add(AddArguments),
    /// List what an account was given, newest first.
    List {
        /// Id or name.
        account: String,
        /// The most that are listed.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
}

/// `extra-units add`.
#[derive(Debug, clap::Args)]
pub struct AddArguments {
    /// Id or name.
    account: String,
    /// The API whose calls may spend them.
    #[arg(long)]
    api: ApiName,
    #[command(flatten)]
    units: Units,
    /// Which quota of the plan: day, month, cycle, "30 days" or lifetime.
    #[arg(long, value_name = "SPAN")]
    per: Period,
    /// Why, for the audit trail.
    #[arg(long, value_name = "TEXT")]
    reason: Reason,
}

/// How many of what.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Units {
    /// Requests.
    #[arg(long, value_name = "N")]
    requests: Option<u64>,
    /// Credits.
    #[arg(long, value_name = "N")]
    credits: Option<u64>,
}

/// Units that were given, as far as a table shows them.
#[derive(Deserialize)]
pub struct Grant {
    id: String,
    api: String,
    metric: String,
    period: String,
    units: u64,
    reason: String,
    granted_by: String,
    granted_at: Timestamp,
    ends_at: Option<Timestamp>,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} per {} for {}", self.units, self.metric, self.period, self.api)?;
        self.ends_at.map_or(Ok(()), |end| write!(f, ", until {}", moment(end)))?;
        write!(f, ": {}", self.reason)
    }
}

/// Runs the command.
pub async fn run(remote: &mut Remote<'_>, command: ExtraUnitsCommand) -> Result<(), Failure> {
    match command {
        ExtraUnitsCommand::Add(arguments) => add(remote, arguments).await,
        ExtraUnitsCommand::List { account, limit } => list(remote, &account, limit as usize).await,
    }
}

async fn add(remote: &mut Remote<'_>, arguments: AddArguments) -> Result<(), Failure> {
    let id = account::find(remote, &arguments.account).await?;
    let Units { requests, credits } = arguments.units;
    let asked = json!({
        "api": arguments.api,
        "metric": if requests.is_some() { "requests" } else { "credits" },
        "period": arguments.per.to_string(),
        "units": requests.or(credits),
        "reason": arguments.reason.as_str(),
    });
    let answer = remote.client.post(&path(&["accounts", &id, "extra-units"]), asked).await?;
    account::changed(remote, answer)
}

async fn list(remote: &mut Remote<'_>, account: &str, limit: usize) -> Result<(), Failure> {
    let id = account::find(remote, account).await?;
    let found = remote.pages(&["accounts", &id, "extra-units"], &[], "extra_units", limit).await?;
    let grants: Vec<Grant> = known_each(&found)?;
    let columns = [
        ("id", Align::Left),
        ("api", Align::Left),
        ("units", Align::Right),
        ("quota", Align::Left),
        ("reason", Align::Left),
        ("given by", Align::Left),
        ("given", Align::Left),
        ("until", Align::Left),
    ];
    let cells = |grant: &Grant| {
        vec![
            grant.id.clone(),
            grant.api.clone(),
            grant.units.to_string(),
            format!("{} per {}", grant.metric, grant.period),
            grant.reason.clone(),
            grant.granted_by.clone(),
            moment(grant.granted_at),
            grant.ends_at.map_or_else(|| "spent".to_owned(), moment),
        ]
    };
    remote.list(&found, &columns, grants.iter().map(cells).collect())
}
