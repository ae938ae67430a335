//! How keys are shown: what they open, who uses them, how they do, and what may be done with them.

use std::collections::BTreeMap;

use domain::{
    id::MemberId,
    key::{Key, Sharing, Value},
    permission::Permission,
    standing::Standing,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    around::{Around, BARS, is_live},
    can::{KeyCan, can},
    may_draw,
    secret::SecretView,
    status::{KeyStatus, status},
};
use crate::{
    actor::{Actor, Sight},
    app::App,
    error::Problem,
    usage::Usage,
    value::NewValue,
    view::{Moment, Ref},
};

/// A key, and the moment from which the change holds.
#[derive(Serialize, ToSchema)]
pub struct KeyInForce {
    /// As it is now.
    pub key: KeyView,
    /// From this moment on every gateway acts on it.
    pub effective_at: Moment,
}

/// A key that was made just now.
#[derive(Serialize, ToSchema)]
pub struct NewKey {
    /// The key.
    pub key: KeyView,
    /// Your value of it; null where somebody else holds it.
    pub value: Option<NewValue>,
    /// From this moment on every gateway takes it.
    pub effective_at: Moment,
}

/// A key.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyView {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it is used.
    pub environment: String,
    /// Who may hold values of it.
    pub sharing: SharingView,
    /// Of an own key: whose it is.
    pub holder: Option<Ref>,
    /// The APIs it opens; empty: all that the account subscribes to.
    pub apis: Vec<String>,
    /// The networks it opens; empty: all of those APIs.
    pub networks: Vec<String>,
    /// When it was made.
    pub created_at: Moment,
    /// Since when it is switched off.
    pub disabled_at: Option<Moment>,
    /// From when on it is refused.
    pub expires_at: Option<Moment>,
    /// When it was revoked for good.
    pub revoked_at: Option<Moment>,
    /// How it does, in one word.
    pub status: KeyStatus,
    /// When it was used last, as far as you see.
    pub last_used_at: Option<Moment>,
    /// Calls of the last 24 hours, as far as you see.
    pub calls_24h: u64,
    /// Denied ones among them.
    pub denied_24h: u64,
    /// Calls of each of the last 24 hours, oldest first.
    pub spark: Vec<u64>,
    /// Its values that are not over: yours, and with `teamwork.view` everybody's.
    pub values: Vec<ValueView>,
    /// Its own quotas.
    pub quotas: Vec<Usage>,
    /// What your programs remember of it.
    pub metadata: BTreeMap<String, String>,
    /// The number of its newest version: what `If-Match` takes.
    pub version: u64,
    /// Its secret, if one was drawn.
    pub secret: Option<SecretView>,
    /// Whether you hold it, or may use it as a shared one.
    pub is_mine: bool,
    /// All that you may do on it, by your role in the account and the one on the key.
    pub permissions: Vec<&'static str>,
    /// What you may do with it.
    pub can: KeyCan,
}

/// Who may hold values of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharingView {
    /// One member.
    Own,
    /// Every member who may use keys.
    Shared,
}

/// A value, as it can be seen once it was drawn.
#[derive(Serialize, ToSchema)]
#[schema(as = Value)]
pub struct ValueView {
    /// Its id.
    pub id: String,
    /// Its first and last characters.
    pub mask: String,
    /// Whose it is; null: the account's own.
    pub member: Option<Ref>,
    /// When it was drawn.
    pub created_at: Moment,
    /// When another replaced it.
    pub replaced_at: Option<Moment>,
    /// End of its grace period, once another replaced it.
    pub expires_at: Option<Moment>,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
    /// Since when it is refused because its member may not use the shared key; it comes back when they may.
    pub withheld_at: Option<Moment>,
    /// When it was used last; of others' values with `stats.view`.
    pub last_used_at: Option<Moment>,
    /// The address from which it was used last, if it is known.
    pub last_used_from: Option<String>,
    /// Whether it is yours.
    pub is_mine: bool,
}

/// One key.
///
/// Errors: those of the store.
pub async fn show(app: &App, actor: &Actor, key: Key) -> Result<KeyView, Problem> {
    let around = Around::of(app, actor.sight(), std::slice::from_ref(&key)).await?;
    Ok(view(&around, actor.standing(), key))
}

/// One key as its new holder sees it.
///
/// Errors: those of the store.
pub async fn show_to(app: &App, who: &Standing, key: Key) -> Result<KeyView, Problem> {
    let sight = Sight::Own(who.seat.account, who.seat.id, Vec::new());
    let around = Around::of(app, sight, std::slice::from_ref(&key)).await?;
    Ok(view(&around, who, key))
}

/// These keys of the account.
///
/// Errors: those of the store.
pub async fn all(app: &App, actor: &Actor, keys: Vec<Key>) -> Result<Vec<KeyView>, Problem> {
    let around = Around::of(app, actor.sight(), &keys).await?;
    Ok(keys.into_iter().map(|key| view(&around, actor.standing(), key)).collect())
}

fn view(around: &Around, who: &Standing, key: Key) -> KeyView {
    let (own, permissions) = (who.seat.id, who.rights.on(key.id));
    let empty = Vec::new();
    let named = |id: MemberId| {
        let name = around.members.get(&id).map_or("", |member| member.name.as_str());
        Ref { id: id.to_string(), name: name.to_owned() }
    };
    let all = around.values.get(&key.id).unwrap_or(&empty);
    let live: Vec<&Value> = all.iter().filter(|value| is_live(value, around.now)).collect();
    let sees_all = permissions.has(Permission::TeamworkView);
    let sees_calls = permissions.has(Permission::StatsView);
    let shown = live.iter().filter(|value| sees_all || value.member == Some(own)).map(|value| {
        let is_mine = value.member == Some(own);
        let used = around.uses.get(&value.id).filter(|_| is_mine || sees_calls);
        ValueView {
            id: value.id.to_string(),
            mask: value.mask.clone(),
            member: value.member.map(named),
            created_at: value.created_at.into(),
            replaced_at: value.replaced_at(all).map(Moment),
            expires_at: value.expires_at.map(Moment),
            revoked_at: value.revoked_at.map(Moment),
            withheld_at: value.withheld_at.map(Moment),
            last_used_at: used.map(|used| used.last.into()),
            last_used_from: used.and_then(|used| used.address.clone()),
            is_mine,
        }
    });
    let spend = around.day.get(&key.id);
    let quotas = around.quotas.get(&key.id).cloned().unwrap_or_default();
    let (calls, denied) = (spend.map_or(0, |spend| spend.calls), spend.map_or(0, |spend| spend.denied));
    let (sharing, holder) = match key.sharing {
        Sharing::Own { holder } => (SharingView::Own, Some(holder)),
        Sharing::Shared => (SharingView::Shared, None),
    };
    KeyView {
        id: key.id.to_string(),
        name: key.name.to_string(),
        environment: key.environment.to_string(),
        sharing,
        holder: holder.map(named),
        apis: key.apis.iter().map(ToString::to_string).collect(),
        networks: key.networks.iter().map(ToString::to_string).collect(),
        created_at: key.created_at.into(),
        disabled_at: key.disabled_at.map(Moment),
        expires_at: key.expires_at.map(Moment),
        revoked_at: key.revoked_at.map(Moment),
        status: status(around, &key, !live.is_empty(), &quotas, (calls, denied)),
        last_used_at: around.last.get(&key.id).copied().map(Moment),
        calls_24h: calls,
        denied_24h: denied,
        spark: around.sparks.get(&key.id).cloned().unwrap_or_else(|| vec![0; BARS]),
        values: shown.collect(),
        quotas,
        metadata: key.metadata.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        version: key.version,
        secret: key.secret.as_ref().map(SecretView::from),
        is_mine: may_draw(who, &key).is_ok(),
        permissions: permissions.iter().map(Permission::as_str).collect(),
        can: can(who, &key, &live),
    }
}
