//! `keyward remote account`: the accounts of the installation, as operators see them.

use clap::Subcommand;
use domain::{name::Title, person::Email, reason::Reason, time::Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Remote, answer::known_each, path::path};
use crate::{
    command::{catalogue::Choice, failure::Failure},
    output::{self, Align, moment},
};

/// The most accounts of a page of the REST API.
const PAGE: usize = 100;
/// Accounts among which a name is looked for; an older one is named by its id.
const MAX_SEARCHED: usize = 2_000;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account, with a subscription to each API, and invite its owner by mail.
    Create(CreateArguments),
    /// List accounts, newest first.
    List {
        /// Only those whose name or owner's mail address has this somewhere.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// The most that are listed.
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
    },
    /// Show an account, its subscriptions, what is used of them, and its newest extra units.
    Show {
        /// Id or name.
        account: String,
    },
    /// Invite the owner again, who has not accepted yet; the link before does nothing any more.
    Invite {
        /// Id or name.
        account: String,
    },
    /// Refuse all calls with keys of the account from now on.
    Suspend {
        /// Id or name.
        account: String,
        /// Why, for the owner's mail and the audit trail.
        #[arg(long, value_name = "TEXT")]
        reason: Option<Reason>,
    },
    /// Take a suspension back.
    Activate {
        /// Id or name.
        account: String,
    },
}

/// `account create`.
#[derive(Debug, clap::Args)]
pub struct CreateArguments {
    /// What people call the account.
    name: Title,
    /// The owner's name.
    #[arg(long, value_name = "NAME")]
    owner_name: Title,
    /// The owner's mail address; the invitation goes there.
    #[arg(long, value_name = "ADDRESS")]
    owner_email: Email,
    /// The plan for an API, in place of the API's default; may be given for each API.
    #[arg(long = "plan", value_name = "API=PLAN")]
    plans: Vec<Choice>,
}

/// An account in a list.
#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    created_at: Timestamp,
    suspended_at: Option<Timestamp>,
    owner: Option<Owner>,
    members: u64,
    keys: u64,
    plans: Vec<Plan>,
    today: Spent,
}

/// An account, as far as a table shows it.
#[derive(Deserialize)]
pub struct Account {
    id: String,
    name: String,
    created_at: Timestamp,
    suspended_at: Option<Timestamp>,
    owner: Option<Owner>,
    members: Count,
    keys: Count,
    subscriptions: Vec<Subscription>,
    today: Spent,
    month: Spent,
    extra_units: Vec<super::extra_units::Grant>,
}

/// An account that was changed, and from when on that holds.
#[derive(Deserialize)]
pub struct Changed {
    account: Account,
    effective_at: Timestamp,
}

#[derive(Deserialize)]
struct Owner {
    name: String,
    email: String,
    state: String,
    invited_until: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Plan {
    api: String,
    plan: String,
}

#[derive(Deserialize)]
struct Spent {
    calls: u64,
    requests: u64,
    credits: u64,
}

#[derive(Deserialize)]
struct Count {
    used: u64,
    max: Option<u32>,
}

#[derive(Deserialize)]
struct Subscription {
    api: String,
    plan: String,
    quotas: Vec<Quota>,
}

#[derive(Deserialize)]
struct Quota {
    metric: String,
    period: String,
    limit: u64,
    used: u64,
    window_end: Timestamp,
}

/// Runs the command.
pub async fn run(remote: &mut Remote<'_>, command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Create(arguments) => create(remote, arguments).await,
        AccountCommand::List { search, limit } => list(remote, search.as_deref(), limit as usize).await,
        AccountCommand::Show { account } => {
            let id = find(remote, &account).await?;
            let (account, told) = remote.client.get(&path(&["accounts", &id])).await?;
            show(remote, &account, None, &told)
        }
        AccountCommand::Invite { account } => {
            let id = find(remote, &account).await?;
            let (account, told) = remote.client.post(&path(&["accounts", &id, "invitation"]), Value::Null).await?;
            show(remote, &account, None, &told)
        }
        AccountCommand::Suspend { account, reason } => {
            let id = find(remote, &account).await?;
            let reason = json!({ "reason": reason.as_ref().map(Reason::as_str) });
            let answer = remote.client.post(&path(&["accounts", &id, "suspend"]), reason).await?;
            changed(remote, answer)
        }
        AccountCommand::Activate { account } => {
            let id = find(remote, &account).await?;
            let answer = remote.client.post(&path(&["accounts", &id, "activate"]), Value::Null).await?;
            changed(remote, answer)
        }
    }
}

/// The id of the account with this id or name.
///
/// Errors: none or several are called that.
pub async fn find(remote: &mut Remote<'_>, text: &str) -> Result<String, Failure> {
    if text.starts_with("acc_") {
        return Ok(text.to_owned());
    }
    let found = accounts(remote, Some(text), MAX_SEARCHED).await?;
    let rows = known_each::<Row>(&found)?.into_iter();
    let mut ids: Vec<String> = rows.filter(|row| row.name == text).map(|row| row.id).collect();
    match (ids.pop(), ids.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => {
            let list = "keyward remote account list";
            Err(Failure::Nothing { what: "account", text: text.to_owned(), place: String::new(), list })
        }
        (Some(last), false) => {
            ids.push(last);
            Err(Failure::Several { what: "account", text: text.to_owned(), ids })
        }
    }
}

/// Prints an account that was changed, and from when on that holds.
pub fn changed(remote: &mut Remote<'_>, (changed, told): (Changed, Value)) -> Result<(), Failure> {
    show(remote, &changed.account, Some(changed.effective_at), &told)
}

async fn create(remote: &mut Remote<'_>, arguments: CreateArguments) -> Result<(), Failure> {
    let plans: Vec<Value> =
        arguments.plans.iter().map(|choice| json!({ "api": choice.api, "plan": choice.plan })).collect();
    let asked = json!({
        "name": arguments.name,
        "owner_name": arguments.owner_name,
        "owner_email": arguments.owner_email.as_typed(),
        "plans": plans,
    });
    let (account, told) = remote.client.post(&path(&["accounts"]), asked).await?;
    show(remote, &account, None, &told)
}

async fn accounts(remote: &mut Remote<'_>, search: Option<&str>, limit: usize) -> Result<Vec<Value>, Failure> {
    let page = limit.min(PAGE).to_string();
    remote.pages(&["accounts"], &[("search", search), ("limit", Some(&page))], "accounts", limit).await
}

async fn list(remote: &mut Remote<'_>, search: Option<&str>, limit: usize) -> Result<(), Failure> {
    let found = accounts(remote, search, limit).await?;
    let rows: Vec<Row> = known_each(&found)?;
    let columns = [
        ("id", Align::Left),
        ("name", Align::Left),
        ("state", Align::Left),
        ("owner", Align::Left),
        ("members", Align::Right),
        ("keys", Align::Right),
        ("plans", Align::Left),
        ("calls today", Align::Right),
        ("created", Align::Left),
    ];
    let cells = |row: &Row| {
        let plans: Vec<String> = row.plans.iter().map(|plan| format!("{}={}", plan.api, plan.plan)).collect();
        vec![
            row.id.clone(),
            row.name.clone(),
            state(row.suspended_at).to_owned(),
            row.owner.as_ref().map(who).unwrap_or_default(),
            row.members.to_string(),
            row.keys.to_string(),
            plans.join(", "),
            row.today.calls.to_string(),
            moment(row.created_at),
        ]
    };
    remote.list(&found, &columns, rows.iter().map(cells).collect())
}

fn show(
    remote: &mut Remote<'_>,
    account: &Account,
    effective_at: Option<Timestamp>,
    told: &Value,
) -> Result<(), Failure> {
    let counted = |count: &Count| match count.max {
        Some(max) => format!("{} of {max}", count.used),
        None => count.used.to_string(),
    };
    let spent =
        |spent: &Spent| format!("{} calls, {} requests, {} credits", spent.calls, spent.requests, spent.credits);
    let mut lines = vec![
        ("account", account.name.clone()),
        ("id", account.id.clone()),
        ("state", state(account.suspended_at).to_owned()),
        ("owner", account.owner.as_ref().map(who).unwrap_or_default()),
        ("members", counted(&account.members)),
        ("keys", counted(&account.keys)),
        ("created", moment(account.created_at)),
        ("today", spent(&account.today)),
        ("30 days", spent(&account.month)),
    ];
    lines.extend(account.suspended_at.map(|at| ("suspended", moment(at))));
    for subscription in &account.subscriptions {
        lines.push(("subscription", format!("{} under plan {}", subscription.api, subscription.plan)));
        lines.extend(subscription.quotas.iter().map(|quota| ("  quota", used(quota))));
    }
    lines.extend(account.extra_units.iter().map(|grant| ("extra units", grant.to_string())));
    lines.extend(effective_at.map(|at| ("in force from", moment(at))));
    Ok(output::one(remote.out, remote.shape, told, &lines)?)
}

fn used(quota: &Quota) -> String {
    let is_forever = quota.period == "lifetime";
    let until = if is_forever { String::new() } else { format!(", until {}", moment(quota.window_end)) };
    format!("{} of {} {} per {}{until}", quota.used, quota.limit, quota.metric, quota.period)
}

fn who(owner: &Owner) -> String {
    let invited = match (owner.state.as_str(), owner.invited_until) {
        ("pending", Some(until)) => format!(" (invited until {})", moment(until)),
        ("pending", None) => " (invited)".to_owned(),
        _ => String::new(),
    };
    format!("{} <{}>{invited}", owner.name, owner.email)
}

fn state(suspended_at: Option<Timestamp>) -> &'static str {
    if suspended_at.is_some() { "suspended" } else { "active" }
}
