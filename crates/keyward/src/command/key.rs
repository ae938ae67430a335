//! `keyward key`: policies, and with `key value` what callers present for them.

use clap::Subcommand;
use domain::{
    audit::Action,
    id::{AccountId, KeyId, MemberId},
    key::{Key, Sharing},
    name::{ApiName, Environment, NetworkName, Title},
    time::Timestamp,
};
use serde::Serialize;
use store::{Source, quota::Owner};

use super::{
    context::Context,
    failure::Failure,
    find,
    limit::{self, LimitArguments, QuotaView, RateView, quota_views, rate_views},
    trail,
    value::{self, ValueCommand, ValueView},
};
use crate::output::{Align, moment};

mod create;

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and its first value, which is printed once.
    Create(create::CreateArguments),
    /// List the keys of an account.
    List {
        /// Id or name of the account.
        account: String,
    },
    /// Show a key, its limits and its values (masked).
    Show(Named),
    /// Revoke a key with all its values, for good.
    Revoke(Named),
    /// Refuse all calls with the key until it is enabled again.
    Disable(Named),
    /// Take a disabling back.
    Enable(Named),
    /// Values: what callers present.
    #[command(subcommand)]
    Value(ValueCommand),
    /// Show the limits of a key, or set one: over all values of the key.
    Limit {
        #[command(flatten)]
        key: Named,
        #[command(flatten)]
        limit: LimitArguments,
    },
}

/// Which key.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// Id or name of the key.
    key: String,
    /// Id or name of the account, where there are several.
    #[arg(long)]
    account: Option<String>,
}

/// A key as JSON shows it.
#[derive(Serialize)]
struct KeyView {
    id: KeyId,
    account: AccountId,
    name: Title,
    environment: Environment,
    sharing: &'static str,
    holder: Option<MemberId>,
    apis: Vec<ApiName>,
    networks: Vec<NetworkName>,
    state: &'static str,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// A key with its limits and values as JSON shows it.
#[derive(Serialize)]
struct WholeKeyView {
    #[serde(flatten)]
    key: KeyView,
    quotas: Vec<QuotaView>,
    rates: Vec<RateView>,
    values: Vec<ValueView>,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, command: KeyCommand) -> Result<(), Failure> {
    match command {
        KeyCommand::Create(arguments) => create::run(context, arguments).await,
        KeyCommand::List { account } => list(context, &account).await,
        KeyCommand::Show(which) => {
            let key = named(&context.store, &which).await?;
            show(context, key).await
        }
        KeyCommand::Revoke(which) => change(context, which, Action::KeyRevoke, Key::revoke).await,
        KeyCommand::Disable(which) => change(context, which, Action::KeyDisable, Key::disable).await,
        KeyCommand::Enable(which) => change(context, which, Action::KeyEnable, |key, _| key.enable()).await,
        KeyCommand::Value(command) => value::run(context, command).await,
        KeyCommand::Limit { key, limit } => {
            let key = named(&context.store, &key).await?;
            limit::run(context, Owner::Key(key.id), key.created_at, limit).await
        }
    }
}

async fn change<E: Into<Failure>>(
    context: &mut Context<'_>,
    which: Named,
    action: Action,
    step: impl Fn(Key, Timestamp) -> Result<Key, E>,
) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let key = step(named(&tx, &which).await?, now).map_err(Into::into)?;
    store::key::save(&tx, &key).await?;
    trail::record(&tx, key.account, action, (key.id, key.name.as_str()), now).await?;
    tx.commit().await?;
    show(context, key).await
}

async fn list(context: &mut Context<'_>, account: &str) -> Result<(), Failure> {
    let now = context.now();
    let account = find::account(&context.store, account).await?;
    let keys = store::key::list(&context.store, account.id).await?;
    let views = keys.into_iter().map(|key| view(key, now)).collect::<Vec<_>>();
    let columns = [
        ("id", Align::Left),
        ("name", Align::Left),
        ("environment", Align::Left),
        ("held by", Align::Left),
        ("apis", Align::Left),
        ("state", Align::Left),
        ("created", Align::Left),
    ];
    context.list(&views, &columns, |view| {
        vec![
            view.id.to_string(),
            view.name.to_string(),
            view.environment.to_string(),
            view.holder.map_or_else(|| "shared".to_owned(), |holder| holder.to_string()),
            all_or(&view.apis),
            view.state.to_owned(),
            moment(view.created_at),
        ]
    })
}

async fn show(context: &mut Context<'_>, key: Key) -> Result<(), Failure> {
    let now = context.now();
    let whole = WholeKeyView {
        quotas: quota_views(&context.store, Owner::Key(key.id), now).await?,
        rates: rate_views(&context.store, key.id).await?,
        values: value::views(context, &key, now).await?,
        key: view(key, now),
    };
    let mut lines = lines(&whole.key);
    lines.extend(whole.quotas.iter().map(|quota| ("quota", quota.to_string())));
    lines.extend(whole.rates.iter().map(|rate| ("rate", rate.to_string())));
    lines.extend(whole.values.iter().map(|value| ("value", value.line())));
    context.show(&whole, &lines)
}

async fn named(from: &impl Source, which: &Named) -> Result<Key, Failure> {
    find::key(from, &which.key, which.account.as_deref()).await
}

fn lines(view: &KeyView) -> Vec<(&'static str, String)> {
    let holder = view.holder.map_or_else(|| "shared".to_owned(), |holder| holder.to_string());
    let mut lines = vec![
        ("key", view.name.to_string()),
        ("id", view.id.to_string()),
        ("environment", view.environment.to_string()),
        ("held by", holder),
        ("apis", all_or(&view.apis)),
        ("networks", all_or(&view.networks)),
        ("state", view.state.to_owned()),
        ("created", moment(view.created_at)),
    ];
    let ends = [("disabled", view.disabled_at), ("expires", view.expires_at), ("revoked", view.revoked_at)];
    lines.extend(ends.into_iter().filter_map(|(name, at)| Some((name, moment(at?)))));
    lines
}

fn all_or(names: &[impl ToString]) -> String {
    match names {
        [] => "all".to_owned(),
        names => names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn view(key: Key, now: Timestamp) -> KeyView {
    let state = match (key.revoked_at, key.disabled_at, key.expires_at) {
        (Some(_), _, _) => "revoked",
        (None, Some(_), _) => "disabled",
        (None, None, Some(end)) if end <= now => "expired",
        _ => "active",
    };
    let (sharing, holder) = match key.sharing {
        Sharing::Own { holder } => ("own", Some(holder)),
        Sharing::Shared => ("shared", None),
    };
    KeyView {
        id: key.id,
        account: key.account,
        name: key.name,
        environment: key.environment,
        sharing,
        holder,
        apis: key.apis.into_iter().collect(),
        networks: key.networks.into_iter().collect(),
        state,
        created_at: key.created_at,
        disabled_at: key.disabled_at,
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
    }
}
