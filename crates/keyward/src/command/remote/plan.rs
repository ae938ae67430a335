//! `keyward remote plan`: the plans that the installation's file declares, and which account is under which.

use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Remote, account,
    answer::{known, known_each},
    path::path,
};
use crate::{
    command::{catalogue::Choice, failure::Failure},
    output::{self, Align},
};

/// What can be done with plans.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// List the plans.
    List,
    /// Show a plan.
    Show {
        /// What `keyward.toml` calls it.
        plan: String,
    },
    /// Put an account under a plan for an API, or subscribe it.
    Assign {
        /// Id or name.
        account: String,
        /// Which plan for which API.
        #[arg(value_name = "API=PLAN")]
        choice: Choice,
    },
}

#[derive(Deserialize)]
struct Catalogue {
    plans: Vec<Value>,
    apis: Vec<Api>,
}

#[derive(Deserialize)]
struct Api {
    name: String,
    default_plan: Option<String>,
}

#[derive(Deserialize)]
struct Plan {
    name: String,
    title: String,
    quotas: Vec<Quota>,
    rates: Vec<Rate>,
    max_keys: Option<u32>,
    max_members: Option<u32>,
    accounts: u64,
}

#[derive(Deserialize)]
struct Quota {
    metric: String,
    period: String,
    limit: u64,
}

#[derive(Deserialize)]
struct Rate {
    metric: String,
    per: String,
    limit: u64,
}

/// Runs the command.
pub async fn run(remote: &mut Remote<'_>, command: PlanCommand) -> Result<(), Failure> {
    match command {
        PlanCommand::List => list(remote).await,
        PlanCommand::Show { plan } => show(remote, &plan).await,
        PlanCommand::Assign { account, choice } => {
            let id = account::find(remote, &account).await?;
            let path = path(&["accounts", &id, "subscriptions", choice.api.as_str()]);
            let answer = remote.client.put(&path, json!({ "plan": choice.plan })).await?;
            account::changed(remote, answer)
        }
    }
}

async fn list(remote: &mut Remote<'_>) -> Result<(), Failure> {
    let (catalogue, _) = remote.client.get::<Catalogue>(&path(&["plans"])).await?;
    let plans = known_each::<Plan>(&catalogue.plans)?;
    let columns = [
        ("plan", Align::Left),
        ("title", Align::Left),
        ("quotas", Align::Left),
        ("rates", Align::Left),
        ("keys", Align::Right),
        ("members", Align::Right),
        ("accounts", Align::Right),
        ("default of", Align::Left),
    ];
    let cells = |plan: &Plan| {
        vec![
            plan.name.clone(),
            plan.title.clone(),
            quotas(plan).join(", "),
            rates(plan).join(", "),
            max(plan.max_keys),
            max(plan.max_members),
            plan.accounts.to_string(),
            default_of(plan, &catalogue.apis),
        ]
    };
    remote.list(&catalogue.plans, &columns, plans.iter().map(cells).collect())
}

async fn show(remote: &mut Remote<'_>, name: &str) -> Result<(), Failure> {
    let (catalogue, _) = remote.client.get::<Catalogue>(&path(&["plans"])).await?;
    let Some(told) = catalogue.plans.iter().find(|plan| plan["name"] == name) else {
        let list = "keyward remote plan list";
        return Err(Failure::Nothing { what: "plan", text: name.to_owned(), place: String::new(), list });
    };
    let plan: Plan = known(told)?;
    let mut lines = vec![("plan", plan.name.clone()), ("title", plan.title.clone())];
    lines.extend(quotas(&plan).into_iter().map(|quota| ("quota", quota)));
    lines.extend(rates(&plan).into_iter().map(|rate| ("rate", rate)));
    lines.extend([
        ("keys", max(plan.max_keys)),
        ("members", max(plan.max_members)),
        ("accounts", plan.accounts.to_string()),
        ("default of", default_of(&plan, &catalogue.apis)),
    ]);
    Ok(output::one(remote.out, remote.shape, told, &lines)?)
}

fn quotas(plan: &Plan) -> Vec<String> {
    plan.quotas.iter().map(|quota| format!("{} {} per {}", quota.limit, quota.metric, quota.period)).collect()
}

fn rates(plan: &Plan) -> Vec<String> {
    plan.rates.iter().map(|rate| format!("{} {} per {}", rate.limit, rate.metric, rate.per)).collect()
}

fn max(max: Option<u32>) -> String {
    max.map_or_else(|| "any".to_owned(), |max| max.to_string())
}

fn default_of(plan: &Plan, apis: &[Api]) -> String {
    let apis = apis.iter().filter(|api| api.default_plan.as_ref() == Some(&plan.name));
    apis.map(|api| api.name.as_str()).collect::<Vec<_>>().join(", ")
}
