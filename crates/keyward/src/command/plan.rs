//! `keyward plan`: what subscriptions allow, as the store holds it.

use clap::Subcommand;
use domain::{
    audit::Action,
    id::SubscriptionId,
    name::{ApiName, PlanName, Title},
    plan::Plan,
    quota::QuotaTerms,
    rate_limit::RateLimit,
    subscription::Subscription,
    time::Timestamp,
};
use serde::Serialize;
use store::publication::Published;

use super::{
    catalogue::{Catalogue, Choice},
    context::Context,
    failure::Failure,
    find, trail,
};
use crate::{
    clock,
    output::{Align, moment},
};

/// What can be done with plans.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// List the plans that the store holds, and the APIs whose default they are.
    List,
    /// Put an account's subscription to an API under a plan; subscribes it if it is not yet.
    Assign {
        /// Id or name of the account.
        account: String,
        /// The API and the plan.
        #[arg(value_name = "API=PLAN")]
        choice: Choice,
    },
    /// Publish the APIs, prices and plans of the configuration file into the store, as a server does at its start.
    Publish,
}

/// A plan as JSON shows it.
#[derive(Serialize)]
struct PlanView {
    name: PlanName,
    title: Title,
    quotas: Vec<LimitView>,
    rates: Vec<LimitView>,
    max_keys: Option<u32>,
    max_members: Option<u32>,
    default_of: Vec<ApiName>,
}

/// A limit of a plan as JSON shows it.
#[derive(Serialize)]
struct LimitView {
    metric: &'static str,
    per: String,
    limit: u64,
}

/// A subscription as JSON shows it.
#[derive(Serialize)]
struct AssignedView {
    id: SubscriptionId,
    account: Title,
    api: ApiName,
    plan: PlanName,
    started_at: Timestamp,
}

/// A publication as JSON shows it.
#[derive(Serialize)]
struct PublishedView {
    version: u64,
    changed: bool,
    /// Subscriptions whose limits changed with their plan.
    subscriptions: u64,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, command: PlanCommand) -> Result<(), Failure> {
    match command {
        PlanCommand::List => list(context).await,
        PlanCommand::Assign { account, choice } => assign(context, &account, choice).await,
        PlanCommand::Publish => publish(context).await,
    }
}

async fn list(context: &mut Context<'_>) -> Result<(), Failure> {
    let tx = context.store.begin().await?;
    let catalogue = Catalogue::load(&tx, context.config, context.now()).await?;
    tx.commit().await?;
    let views = catalogue.plans.iter().map(|plan| view(plan, &catalogue)).collect::<Vec<_>>();
    let columns = [
        ("plan", Align::Left),
        ("title", Align::Left),
        ("quotas", Align::Left),
        ("rates", Align::Left),
        ("keys", Align::Right),
        ("members", Align::Right),
        ("default of", Align::Left),
    ];
    context.list(&views, &columns, |view| {
        let apis = view.default_of.iter().map(ToString::to_string);
        vec![
            view.name.to_string(),
            view.title.to_string(),
            limits(&view.quotas),
            limits(&view.rates),
            view.max_keys.map_or_else(|| "any".to_owned(), |max| max.to_string()),
            view.max_members.map_or_else(|| "any".to_owned(), |max| max.to_string()),
            apis.collect::<Vec<_>>().join(", "),
        ]
    })
}

async fn assign(context: &mut Context<'_>, account: &str, choice: Choice) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let account = find::account(&tx, account).await?;
    Catalogue::load(&tx, context.config, now).await?.check(&choice)?;
    let present = store::subscription::list(&tx, account.id).await?;
    let present = present.into_iter().find(|subscription| subscription.api == choice.api);
    let subscription = match present {
        Some(present) => {
            let changed = Subscription { plan: choice.plan, ..present };
            store::subscription::save(&tx, &changed, now, &mut clock::entropy_of_id).await?;
            changed
        }
        None => {
            let id = SubscriptionId::new(now, clock::entropy_of_id());
            let new = Subscription { id, account: account.id, api: choice.api, plan: choice.plan, started_at: now };
            store::subscription::insert(&tx, &new, now, &mut clock::entropy_of_id).await?;
            new
        }
    };
    let api = (subscription.id, subscription.api.as_str());
    trail::record(&tx, account.id, Action::SubscriptionAssign, api, now).await?;
    tx.commit().await?;
    let Subscription { id, api, plan, started_at, .. } = subscription;
    let view = AssignedView { id, account: account.name, api, plan, started_at };
    let lines = [
        ("account", view.account.to_string()),
        ("subscription", view.id.to_string()),
        ("api", view.api.to_string()),
        ("plan", view.plan.to_string()),
        ("started", moment(view.started_at)),
    ];
    context.show(&view, &lines)
}

async fn publish(context: &mut Context<'_>) -> Result<(), Failure> {
    let now = context.now();
    let (apis, plans) = context.config.catalogue();
    let tx = context.store.begin().await?;
    let published = store::publication::publish(&tx, &apis, &plans, now, &mut clock::entropy_of_id).await?;
    tx.commit().await?;
    let Published { version, changed, subscriptions } = published;
    let lines = [
        ("version", version.to_string()),
        ("changed", if changed { "yes" } else { "no: the store holds what the file says" }.to_owned()),
        ("subscriptions", format!("{subscriptions} follow a changed plan")),
    ];
    context.show(&PublishedView { version, changed, subscriptions }, &lines)
}

fn view(plan: &Plan, catalogue: &Catalogue) -> PlanView {
    let quota = |quota: &QuotaTerms| LimitView {
        metric: quota.metric.as_str(),
        per: quota.period.to_string(),
        limit: quota.limit,
    };
    let rate =
        |rate: &RateLimit| LimitView { metric: rate.metric.as_str(), per: rate.per.to_string(), limit: rate.limit };
    let default_of = catalogue.apis.iter().filter(|api| api.default_plan.as_ref() == Some(&plan.name));
    PlanView {
        name: plan.name.clone(),
        title: plan.title.clone(),
        quotas: plan.quotas.iter().map(quota).collect(),
        rates: plan.rates.iter().map(rate).collect(),
        max_keys: plan.max_keys,
        max_members: plan.max_members,
        default_of: default_of.map(|api| api.name.clone()).collect(),
    }
}

fn limits(views: &[LimitView]) -> String {
    let texts = views.iter().map(|view| format!("{} {} per {}", view.limit, view.metric, view.per));
    texts.collect::<Vec<_>>().join(", ")
}
