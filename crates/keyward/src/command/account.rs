//! `keyward account`: who owns keys and pays.

use clap::Subcommand;
use domain::{
    account::Account,
    audit::Action,
    id::{AccountId, MemberId, PersonId, SubscriptionId},
    member::Member,
    name::{ApiName, PlanName, Title},
    person::{Email, Person},
    role::Role,
    subscription::Subscription,
    time::Timestamp,
};
use serde::Serialize;
use store::{Tx, quota::Owner};

use super::{
    catalogue::{Catalogue, Choice},
    context::Context,
    failure::Failure,
    find,
    limit::{QuotaView, quota_views},
    trail,
};
use crate::{
    clock,
    output::{Align, moment},
};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account: its owner, the owner's seat, and a subscription to each API.
    Create(CreateArguments),
    /// List all accounts.
    List,
    /// Show an account, its subscriptions and what is used of them.
    Show {
        /// Id or name.
        account: String,
    },
    /// Refuse all calls with keys of the account from now on.
    Suspend {
        /// Id or name.
        account: String,
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
    /// The owner's mail address.
    #[arg(long, value_name = "ADDRESS")]
    owner_email: Email,
    /// The plan for an API, in place of the API's default; may be given for each API.
    #[arg(long = "plan", value_name = "API=PLAN")]
    plans: Vec<Choice>,
}

/// An account as JSON shows it.
#[derive(Serialize)]
struct AccountView {
    id: AccountId,
    name: Title,
    state: &'static str,
    created_at: Timestamp,
    suspended_at: Option<Timestamp>,
    owner: Option<String>,
    members: u64,
    keys: u64,
    subscriptions: Vec<SubscriptionView>,
}

/// A subscription as JSON shows it.
#[derive(Serialize)]
struct SubscriptionView {
    id: SubscriptionId,
    api: ApiName,
    plan: PlanName,
    started_at: Timestamp,
    quotas: Vec<QuotaView>,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Create(arguments) => create(context, arguments).await,
        AccountCommand::List => list(context).await,
        AccountCommand::Show { account } => {
            let account = find::account(&context.store, &account).await?;
            show(context, account).await
        }
        AccountCommand::Suspend { account } => {
            change(context, &account, Action::AccountSuspend, Account::suspend).await
        }
        AccountCommand::Activate { account } => {
            change(context, &account, Action::AccountActivate, |account, _| account.activate()).await
        }
    }
}

async fn create(context: &mut Context<'_>, arguments: CreateArguments) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let catalogue = Catalogue::load(&tx, context.config, now).await?;
    let choices = catalogue.plans_for(&arguments.plans)?;

    let id = AccountId::new(now, clock::entropy_of_id());
    let account = Account { id, name: arguments.name, created_at: now, suspended_at: None, lists: Default::default() };
    let person = person_of(&tx, &arguments.owner_name, &arguments.owner_email, now).await?;
    let owner = Member {
        id: MemberId::new(now, clock::entropy_of_id()),
        account: id,
        name: arguments.owner_name,
        email: arguments.owner_email,
        person: Some(person),
        role: Some(Role::Owner),
        created_at: now,
        activated_at: Some(now),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    store::account::insert(&tx, &account).await?;
    store::member::insert(&tx, &owner).await?;
    for Choice { api, plan } in choices {
        let id = SubscriptionId::new(now, clock::entropy_of_id());
        let subscription = Subscription { id, account: account.id, api, plan, started_at: now };
        store::subscription::insert(&tx, &subscription, now, &mut clock::entropy_of_id).await?;
    }
    trail::record(&tx, account.id, Action::AccountCreate, (account.id, account.name.as_str()), now).await?;
    tx.commit().await?;
    show(context, account).await
}

/// The person with this address; made if nobody has it yet.
pub async fn person_of(tx: &Tx, name: &Title, email: &Email, now: Timestamp) -> Result<PersonId, Failure> {
    if let Some(known) = store::person::find_by_email(tx, email).await? {
        return Ok(known.id);
    }
    let person = Person {
        id: PersonId::new(now, clock::entropy_of_id()),
        name: name.clone(),
        email: email.clone(),
        password_hash: None,
        created_at: now,
        confirmed_at: None,
        operator_at: None,
    };
    store::person::insert(tx, &person).await?;
    Ok(person.id)
}

async fn change<E: Into<Failure>>(
    context: &mut Context<'_>,
    text: &str,
    action: Action,
    step: impl Fn(Account, Timestamp) -> Result<Account, E>,
) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let account = find::account(&tx, text).await?;
    let account = step(account, now).map_err(Into::into)?;
    store::account::save(&tx, &account).await?;
    trail::record(&tx, account.id, action, (account.id, account.name.as_str()), now).await?;
    tx.commit().await?;
    show(context, account).await
}

async fn list(context: &mut Context<'_>) -> Result<(), Failure> {
    let mut views = Vec::new();
    for account in store::account::list(&context.store).await? {
        views.push(view(context, account).await?);
    }
    let columns = [
        ("id", Align::Left),
        ("name", Align::Left),
        ("state", Align::Left),
        ("owner", Align::Left),
        ("members", Align::Right),
        ("keys", Align::Right),
        ("plans", Align::Left),
        ("created", Align::Left),
    ];
    context.list(&views, &columns, |view| {
        let plans = view.subscriptions.iter().map(|subscription| format!("{}={}", subscription.api, subscription.plan));
        vec![
            view.id.to_string(),
            view.name.to_string(),
            view.state.to_owned(),
            view.owner.clone().unwrap_or_default(),
            view.members.to_string(),
            view.keys.to_string(),
            plans.collect::<Vec<_>>().join(", "),
            moment(view.created_at),
        ]
    })
}

async fn show(context: &mut Context<'_>, account: Account) -> Result<(), Failure> {
    let view = view(context, account).await?;
    let mut lines = vec![
        ("account", view.name.to_string()),
        ("id", view.id.to_string()),
        ("state", view.state.to_owned()),
        ("owner", view.owner.clone().unwrap_or_default()),
        ("members", view.members.to_string()),
        ("keys", view.keys.to_string()),
        ("created", moment(view.created_at)),
    ];
    lines.extend(view.suspended_at.map(|at| ("suspended", moment(at))));
    for subscription in &view.subscriptions {
        lines.push(("subscription", format!("{} under plan {}", subscription.api, subscription.plan)));
        lines.extend(subscription.quotas.iter().map(|quota| ("  quota", quota.to_string())));
    }
    context.show(&view, &lines)
}

async fn view(context: &Context<'_>, account: Account) -> Result<AccountView, Failure> {
    let (store, now) = (&context.store, context.now());
    let owner = store::member::owner(store, account.id).await?;
    let mut subscriptions = Vec::new();
    for Subscription { id, api, plan, started_at, .. } in store::subscription::list(store, account.id).await? {
        let quotas = quota_views(store, Owner::Subscription(id), now).await?;
        subscriptions.push(SubscriptionView { id, api, plan, started_at, quotas });
    }
    Ok(AccountView {
        id: account.id,
        name: account.name,
        state: if account.suspended_at.is_some() { "suspended" } else { "active" },
        created_at: account.created_at,
        suspended_at: account.suspended_at,
        owner: owner.map(|owner| owner.email.to_string()),
        members: store::member::count(store, account.id).await?,
        keys: store::key::count(store, account.id).await?,
        subscriptions,
    })
}
