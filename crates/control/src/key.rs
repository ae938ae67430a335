//! Keys: policies that a team shares. Each has an id, limits, lists and counters that stay, whatever value presents it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::extract::{Path, State};
use domain::{
    audit::Action,
    id::{AccountId, KeyId},
    key::{
        Key, KeyRefused, Sharing,
        metadata::{MAX_PAIRS, Metadata, TooManyPairs},
        opens,
    },
    name::{ApiName, MetadataName, MetadataValue, NetworkName, Reason},
    permission::Permission,
    standing::Standing,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Source, Tx};
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    body::{Body, field, field_if_any},
    change::Change,
    error::Problem,
    member::given,
    version::{IfMatch, Versioned},
};
use edit::{Edit, Why};

pub mod create;
pub mod edit;
pub mod hand_over;
pub mod limit;
pub mod list;
pub mod secret;
pub mod version;

mod around;
mod can;
mod status;
mod view;

pub use around::is_live;
pub use view::{KeyInForce, KeyView, NewKey, ValueView, show, show_to};

/// What can be changed of a key; what is missing stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    /// What people call it.
    name: Option<String>,
    /// Where it is used.
    environment: Option<String>,
    /// The APIs it opens; an empty list is all.
    apis: Option<Vec<String>>,
    /// The networks it opens; an empty list is all.
    networks: Option<Vec<String>>,
    /// From when on it is refused; null: never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    expires_at: Option<Option<String>>,
    /// What your programs remember of it, in place of all pairs that it has: at most 20.
    metadata: Option<BTreeMap<String, String>>,
    /// Why, for the versions of the key: at most 200 characters.
    reason: Option<String>,
}

impl KeyChange {
    /// The key as it is to be.
    ///
    /// Errors: 422 at the field that is wrong.
    async fn applied(&self, change: &Change<'_>, before: &Key) -> Result<Key, Problem> {
        let mut after = before.clone();
        if let Some(name) = &self.name {
            after.name = field("name", name)?;
        }
        if let Some(environment) = &self.environment {
            after.environment = field("environment", environment)?;
        }
        if self.apis.is_some() || self.networks.is_some() {
            let texts = |names: &Option<Vec<String>>, now: Vec<String>| names.clone().unwrap_or(now);
            let apis = texts(&self.apis, before.apis.iter().map(ToString::to_string).collect());
            let networks = texts(&self.networks, before.networks.iter().map(ToString::to_string).collect());
            (after.apis, after.networks) = opened(&change.tx, change.account, &apis, &networks).await?;
            limit::fit(&change.tx, &after).await?;
        }
        if let Some(expires_at) = &self.expires_at {
            after.expires_at = end(expires_at.as_deref(), change.now)?;
        }
        if let Some(pairs) = &self.metadata {
            after.metadata = metadata(pairs)?;
        }
        Ok(after)
    }
}

/// One key.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = KeyView), (status = 404, body = Problem)))]
pub async fn get_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Versioned<KeyView>, Problem> {
    let key = seen(&app.store, &actor, &id).await?;
    Ok(Versioned(key.version, show(&app, &actor, key).await?))
}

/// Renames a key, moves it to another environment, or changes what it opens, when it ends and its metadata. With `If-Match` it is
/// refused where the key was changed since that version.
#[utoipa::path(patch, path = "/accounts/{account}/keys/{key}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    request_body = KeyChange,
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem)))]
pub async fn update_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<KeyChange>,
) -> Result<Versioned<KeyInForce>, Problem> {
    let (change, before) = Change::on_key(&app, &actor, &id, Permission::KeysEdit).await?;
    let edit = Edit::begin(&change, before, &based_on).await?;
    let after = asked.applied(&change, &edit.before).await?;
    let told = facts(&edit.before);
    let reason: Option<Reason> = field_if_any("reason", asked.reason.as_deref())?;
    let after = edit.save(&change, after, reason.into()).await?;
    change.record(Action::KeyEdit, (after.id, after.name.as_str()), Some(told), Some(facts(&after))).await?;
    in_force(change, &actor, after).await
}
/// Switches a key on again.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/enable", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem)))]
pub async fn enable_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
) -> Result<Versioned<KeyInForce>, Problem> {
    step(&app, &actor, (&id, &based_on), Permission::KeysEdit, Action::KeyEnable, |key, _| key.enable()).await
}

/// Switches a key off, until it is switched on again.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/disable", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem)))]
pub async fn disable_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
) -> Result<Versioned<KeyInForce>, Problem> {
    step(&app, &actor, (&id, &based_on), Permission::KeysEdit, Action::KeyDisable, Key::disable).await
}

/// Revokes a key with all its values, for good.
#[utoipa::path(delete, path = "/accounts/{account}/keys/{key}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem)))]
pub async fn revoke_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
) -> Result<Versioned<KeyInForce>, Problem> {
    step(&app, &actor, (&id, &based_on), Permission::KeysRevoke, Action::KeyRevoke, Key::revoke).await
}

async fn step(
    app: &App,
    actor: &Actor,
    (id, based_on): (&str, &IfMatch),
    permission: Permission,
    action: Action,
    take: impl Fn(Key, Timestamp) -> Result<Key, KeyRefused>,
) -> Result<Versioned<KeyInForce>, Problem> {
    let (change, before) = Change::on_key(app, actor, id, permission).await?;
    let edit = Edit::begin(&change, before, based_on).await?;
    let after = take(edit.before.clone(), change.now)?;
    let after = edit.save(&change, after, Why::default()).await?;
    change.record(action, (after.id, after.name.as_str()), None, None).await?;
    in_force(change, actor, after).await
}

/// Answers a change of a key when it holds.
///
/// Errors: those of the store.
pub async fn in_force(change: Change<'_>, actor: &Actor, key: Key) -> Result<Versioned<KeyInForce>, Problem> {
    let app = change.app;
    let effective_at = change.commit().await?;
    let version = key.version;
    Ok(Versioned(version, KeyInForce { key: show(app, actor, key).await?, effective_at: effective_at.into() }))
}

/// The key that a path names, if the actor sees it.
///
/// Errors: 404 otherwise.
pub async fn seen(from: &impl Source, actor: &Actor, text: &str) -> Result<Key, Problem> {
    let (account, _) = actor.own();
    find(from, account, text, actor.standing()).await
}

/// The key of an account that a path names, if the one who asks sees it.
///
/// Errors: 404 otherwise.
pub async fn find(from: &impl Source, account: AccountId, text: &str, who: &Standing) -> Result<Key, Problem> {
    let nowhere = || Problem::not_found("key");
    let id: KeyId = text.parse().map_err(|_| nowhere())?;
    let found = store::key::find(from, id).await?.filter(|key| key.account == account && who.sees(key));
    found.ok_or_else(nowhere)
}

/// Who may draw a value of the key for themselves: the holder of an own key, and of a shared one who may use keys.
///
/// Errors: 403 or 409 with the reason.
pub fn may_draw(who: &Standing, key: &Key) -> Result<(), Problem> {
    match key.sharing {
        _ if who.may_use(key) => Ok(()),
        Sharing::Own { .. } => Err(KeyRefused::NotTheHolder.into()),
        Sharing::Shared => Err(Problem::missing(Permission::KeysUse)),
    }
}

/// The APIs and networks that a key is to open: the account has them all.
async fn opened(
    tx: &Tx,
    account: AccountId,
    apis: &[String],
    networks: &[String],
) -> Result<(BTreeSet<ApiName>, BTreeSet<NetworkName>), Problem> {
    let subscriptions = store::subscription::list(tx, account).await?;
    let apis: BTreeSet<ApiName> = apis.iter().map(|name| field("apis", name)).collect::<Result<_, _>>()?;
    if let Some(foreign) = apis.iter().find(|api| !subscriptions.iter().any(|subscription| subscription.api == **api)) {
        return Err(Problem::field("apis", format!("the account does not subscribe to {foreign}")));
    }
    let networks: BTreeSet<NetworkName> =
        networks.iter().map(|name| field("networks", name)).collect::<Result<_, _>>()?;
    let mut known = BTreeSet::new();
    for subscription in subscriptions.iter().filter(|one| opens(&apis, &one.api)) {
        known.extend(store::api::find(tx, &subscription.api).await?.into_iter().flat_map(|api| api.networks));
    }
    match networks.difference(&known).next() {
        Some(foreign) => Err(Problem::field("networks", format!("none of the key's APIs has a network {foreign}"))),
        None => Ok((apis, networks)),
    }
}

fn end(text: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    match field_if_any::<Timestamp>("expires_at", text)? {
        Some(end) if end <= now => Err(Problem::field("expires_at", "this moment is over; choose a later one")),
        end => Ok(end),
    }
}

/// Pairs of metadata in their checked form.
fn metadata(pairs: &BTreeMap<String, String>) -> Result<Metadata, Problem> {
    let pair = |(name, value): (&String, &String)| {
        let at = format!("metadata.{name}");
        Ok((field::<MetadataName>(&at, name)?, field::<MetadataValue>(&at, value)?))
    };
    // One more than fits is enough to be refused.
    let read = pairs.iter().take(MAX_PAIRS + 1).map(pair).collect::<Result<BTreeMap<_, _>, Problem>>()?;
    Metadata::new(read).map_err(|_| Problem::field("metadata", TooManyPairs(pairs.len())))
}

/// What the audit trail tells of a key.
fn facts(key: &Key) -> Value {
    json!({
        "name": key.name,
        "environment": key.environment,
        "sharing": match key.sharing { Sharing::Own { .. } => "own", Sharing::Shared => "shared" },
        "apis": key.apis,
        "networks": key.networks,
        "expires_at": key.expires_at,
        "metadata": key.metadata,
    })
}

/// Whether somebody may see the lists and limits of the key: its holder, and who may see those of it or of all.
///
/// Errors: 403 with the permission's name.
pub fn may_see_security(who: &Standing, key: &Key) -> Result<(), Problem> {
    if who.holds(key) || who.rights.on(key.id).has(Permission::SecurityView) {
        Ok(())
    } else {
        Err(Problem::missing(Permission::SecurityView))
    }
}
