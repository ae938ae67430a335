//! Keys: policies that a team shares. Each has an id, limits, lists and counters that stay, whatever value presents it.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    audit::Action,
    id::{AccountId, KeyId},
    key::{Key, KeyRefused, Sharing},
    name::{ApiName, NetworkName},
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
    body::{Asked, Body, field, field_if_any},
    change::Change,
    error::Problem,
    member::given,
};

pub mod create;
pub mod hand_over;
pub mod limit;
pub mod secret;

mod around;
mod can;
mod status;
mod view;

pub use view::{KeyInForce, KeyView, Keys, NewKey, show, show_to};

/// Which keys are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KeysAsked {
    /// Also those that were revoked.
    #[serde(default)]
    revoked: bool,
}

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
}

/// The keys that you see: your own, those on which you hold a role, with `keys.view` the shared ones, and with `teamwork.view`
/// everybody's.
#[utoipa::path(get, path = "/accounts/{account}/keys", tag = "key", params(("account" = String, Path), KeysAsked),
    responses((status = 200, body = Keys), (status = 403, body = Problem)))]
pub async fn list_keys(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<KeysAsked>,
) -> Result<Json<Keys>, Problem> {
    let (account, _) = actor.own();
    let mut keys = store::key::list(&app.store, account).await?;
    keys.retain(|key| (asked.revoked || key.revoked_at.is_none()) && actor.standing().sees(key));
    Ok(Json(Keys { keys: view::all(&app, &actor, keys).await? }))
}

/// One key.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = KeyView), (status = 404, body = Problem)))]
pub async fn get_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<KeyView>, Problem> {
    let key = seen(&app.store, &actor, &id).await?;
    show(&app, &actor, key).await.map(Json)
}

/// Renames a key, moves it to another environment, or changes what it opens and when it ends.
#[utoipa::path(patch, path = "/accounts/{account}/keys/{key}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)), request_body = KeyChange,
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn update_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    Body(asked): Body<KeyChange>,
) -> Result<Json<KeyInForce>, Problem> {
    let (change, before) = Change::on_key(&app, &actor, &id, Permission::KeysEdit).await?;
    if before.revoked_at.is_some() {
        return Err(KeyRefused::Revoked.into());
    }
    let mut after = before.clone();
    if let Some(name) = &asked.name {
        after.name = field("name", name)?;
    }
    if let Some(environment) = &asked.environment {
        after.environment = field("environment", environment)?;
    }
    if asked.apis.is_some() || asked.networks.is_some() {
        let texts = |names: Option<Vec<String>>, now: Vec<String>| names.unwrap_or(now);
        let apis = texts(asked.apis, before.apis.iter().map(ToString::to_string).collect());
        let networks = texts(asked.networks, before.networks.iter().map(ToString::to_string).collect());
        (after.apis, after.networks) = opened(&change.tx, change.account, &apis, &networks).await?;
        limit::fit(&change.tx, &after).await?;
    }
    if let Some(expires_at) = &asked.expires_at {
        after.expires_at = end(expires_at.as_deref(), change.now)?;
    }
    store::key::save(&change.tx, &after).await?;
    let name = after.name.clone();
    change.record(Action::KeyEdit, (after.id, name.as_str()), Some(facts(&before)), Some(facts(&after))).await?;
    in_force(change, &actor, after).await
}

/// Switches a key on again.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/enable", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn enable_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<KeyInForce>, Problem> {
    step(&app, &actor, &id, Permission::KeysEdit, Action::KeyEnable, |key, _| key.enable()).await
}

/// Switches a key off, until it is switched on again.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/disable", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn disable_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<KeyInForce>, Problem> {
    step(&app, &actor, &id, Permission::KeysEdit, Action::KeyDisable, Key::disable).await
}

/// Revokes a key with all its values, for good.
#[utoipa::path(delete, path = "/accounts/{account}/keys/{key}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn revoke_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<KeyInForce>, Problem> {
    step(&app, &actor, &id, Permission::KeysRevoke, Action::KeyRevoke, Key::revoke).await
}

async fn step(
    app: &App,
    actor: &Actor,
    id: &str,
    permission: Permission,
    action: Action,
    take: impl Fn(Key, Timestamp) -> Result<Key, KeyRefused>,
) -> Result<Json<KeyInForce>, Problem> {
    let (change, before) = Change::on_key(app, actor, id, permission).await?;
    let after = take(before, change.now)?;
    store::key::save(&change.tx, &after).await?;
    change.record(action, (after.id, after.name.as_str()), None, None).await?;
    in_force(change, actor, after).await
}

/// Answers a change of a key when it holds.
///
/// Errors: those of the store.
pub async fn in_force(change: Change<'_>, actor: &Actor, key: Key) -> Result<Json<KeyInForce>, Problem> {
    let app = change.app;
    let effective_at = change.commit().await?;
    Ok(Json(KeyInForce { key: show(app, actor, key).await?, effective_at: effective_at.into() }))
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
    for subscription in subscriptions.iter().filter(|one| apis.is_empty() || apis.contains(&one.api)) {
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

/// What the audit trail tells of a key.
fn facts(key: &Key) -> Value {
    json!({
        "name": key.name,
        "environment": key.environment,
        "sharing": match key.sharing { Sharing::Own { .. } => "own", Sharing::Shared => "shared" },
        "apis": key.apis,
        "networks": key.networks,
        "expires_at": key.expires_at,
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
