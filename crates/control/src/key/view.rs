//! How keys are shown: what they open, who uses them, how they do, and what may be done with them.

use std::collections::HashMap;

use domain::{
    id::{KeyId, MemberId},
    key::{Key, Sharing, Value},
    member::{Member, MemberState},
    permission::Permission,
    time::{DAY, SECOND, Timestamp},
};
use serde::Serialize;
use store::request_log;
use utoipa::ToSchema;

use super::{may_draw, secret::SecretView};
use crate::{
    actor::{Actor, Sight},
    app::App,
    error::Problem,
    usage::{self, Usage},
    value::NewValue,
    view::{Allowed, Moment, Ref},
};

/// An hour, in microseconds: the length of a spark's bar.
const HOUR: i64 = 3_600 * SECOND;
/// How many bars a spark has.
const BARS: usize = 24;
/// How soon an end is worth a warning, in microseconds.
const SOON: i64 = 7 * DAY;
/// A key is marked when one call in so many was denied…
const DENIED_IN: u64 = 10;
/// … of at least so many.
const DENIED_AT_LEAST: u64 = 5;
/// A quota is low when so many of a hundred units are used.
const LOW: u64 = 90;

/// All keys that you see.
#[derive(Serialize, ToSchema)]
pub struct Keys {
    /// Oldest first.
    pub keys: Vec<KeyView>,
}

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
    /// Its secret, if one was drawn.
    pub secret: Option<SecretView>,
    /// Whether you hold it, or may use it as a shared one.
    pub is_mine: bool,
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

/// How a key does; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// Gone for good.
    Revoked,
    /// Its end has come.
    Expired,
    /// Switched off by hand.
    Disabled,
    /// Its holder is suspended.
    HolderSuspended,
    /// Nobody has a value of it.
    NoValue,
    /// Nine tenths of one of its quotas are used.
    LowQuota,
    /// One call in ten was denied in the last 24 hours.
    ManyDenials,
    /// It ends within a week.
    ExpiresSoon,
    /// All is well.
    Ok,
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
    /// End of its grace period, once another replaced it.
    pub expires_at: Option<Moment>,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
    /// Whether it is yours.
    pub is_mine: bool,
}

/// What you may do with a key.
#[derive(Serialize, ToSchema)]
pub struct KeyCan {
    /// Draw a value of it for yourself.
    pub draw: Allowed,
    /// Draw a value of it for a service of the account.
    pub draw_for_account: Allowed,
    /// Rename it, switch it on and off, change what it opens.
    pub edit: Allowed,
    /// Revoke it.
    pub revoke: Allowed,
    /// Call with it in the tester.
    pub test: Allowed,
    /// Change its limits.
    pub limits: Allowed,
    /// Draw its secret, and say whether calls must bring it.
    pub secret: Allowed,
}

/// What is known beside the keys themselves, read once for all of them.
struct Around {
    now: Timestamp,
    members: HashMap<MemberId, Member>,
    values: HashMap<KeyId, Vec<Value>>,
    day: HashMap<KeyId, request_log::Spend<KeyId>>,
    sparks: HashMap<KeyId, Vec<u64>>,
    last: HashMap<KeyId, Timestamp>,
    quotas: HashMap<KeyId, Vec<Usage>>,
}

/// One key.
///
/// Errors: those of the store.
pub async fn show(app: &App, actor: &Actor, key: Key) -> Result<KeyView, Problem> {
    let around = around(app, actor.sight(), std::slice::from_ref(&key)).await?;
    Ok(view(&around, actor.seat(), key))
}

/// One key as its new holder sees it.
///
/// Errors: those of the store.
pub async fn show_to(app: &App, seat: &Member, key: Key) -> Result<KeyView, Problem> {
    let sight = Sight::Own(seat.account, seat.id);
    let around = around(app, sight, std::slice::from_ref(&key)).await?;
    Ok(view(&around, seat, key))
}

/// These keys of the account.
///
/// Errors: those of the store.
pub async fn all(app: &App, actor: &Actor, keys: Vec<Key>) -> Result<Vec<KeyView>, Problem> {
    let around = around(app, actor.sight(), &keys).await?;
    Ok(keys.into_iter().map(|key| view(&around, actor.seat(), key)).collect())
}

async fn around(app: &App, sight: Sight, keys: &[Key]) -> Result<Around, Problem> {
    let now = app.now();
    let (account, member) = match sight {
        Sight::Account(account) => (account, None),
        Sight::Own(account, member) => (account, Some(member)),
    };
    // Whole hours, so that the bars of all keys stand at the same moments.
    let first = Timestamp::from_micros(now.micros() - now.micros() % HOUR).plus(-(BARS as i64 - 1) * HOUR);
    let after = Some(now.plus(-DAY));
    let filter = request_log::Filter { account: Some(account), member, after, ..Default::default() };
    let day = request_log::by_key(&app.store, &filter).await?;
    let ids: Vec<KeyId> = keys.iter().map(|key| key.id).collect();
    let mut sparks: HashMap<KeyId, Vec<u64>> = HashMap::new();
    for spark in request_log::sparks(&app.store, account, first, HOUR).await?.iter().filter(|_| member.is_none()) {
        let bars = sparks.entry(spark.key).or_insert_with(|| vec![0; BARS]);
        if let Some(bar) = bars.get_mut((spark.start.since(first) / HOUR) as usize) {
            *bar += spark.calls;
        }
    }
    let mut values: HashMap<KeyId, Vec<Value>> = HashMap::new();
    for value in store::value::list_of_keys(&app.store, &ids).await? {
        values.entry(value.key).or_default().push(value);
    }
    let mut last: HashMap<KeyId, Timestamp> = HashMap::new();
    let mut quotas = HashMap::new();
    for key in keys {
        quotas.insert(key.id, usage::list(app, usage::Of::Key(account, key.id), now).await?);
        if let Some(member) = member {
            let own = request_log::Filter {
                account: Some(account),
                after: Some(first),
                key: Some(key.id),
                ..Default::default()
            };
            let own = request_log::Filter { member: Some(member), ..own };
            let buckets = request_log::series(&app.store, &own, HOUR).await?;
            let bars = sparks.entry(key.id).or_insert_with(|| vec![0; BARS]);
            for bucket in buckets {
                if let Some(bar) = bars.get_mut((bucket.start.since(first) / HOUR) as usize) {
                    *bar += bucket.calls();
                }
            }
            let newest = request_log::list(&app.store, &request_log::Filter { after: None, limit: 1, ..own }).await?;
            last.extend(newest.first().map(|row| (key.id, row.time)));
        }
    }
    if member.is_none() {
        last.extend(request_log::last_used(&app.store, account).await?.into_iter().map(|used| (used.key, used.time)));
    }
    let members = store::member::list(&app.store, account).await?.into_iter().map(|seat| (seat.id, seat)).collect();
    let day = day.into_iter().map(|spend| (spend.who, spend)).collect();
    Ok(Around { now, members, values, day, sparks, last, quotas })
}

fn view(around: &Around, seat: &Member, key: Key) -> KeyView {
    let empty = Vec::new();
    let named = |id: MemberId| {
        let name = around.members.get(&id).map_or("", |member| member.name.as_str());
        Ref { id: id.to_string(), name: name.to_owned() }
    };
    let all = around.values.get(&key.id).unwrap_or(&empty);
    let live: Vec<&Value> = all.iter().filter(|value| is_live(value, around.now)).collect();
    let sees_all = seat.role.permissions().has(Permission::TeamworkView);
    let shown = live.iter().filter(|value| sees_all || value.member == Some(seat.id)).map(|value| ValueView {
        id: value.id.to_string(),
        mask: value.mask.clone(),
        member: value.member.map(named),
        created_at: value.created_at.into(),
        expires_at: value.expires_at.map(Moment),
        revoked_at: value.revoked_at.map(Moment),
        is_mine: value.member == Some(seat.id),
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
        secret: key.secret.as_ref().map(SecretView::from),
        is_mine: may_draw(seat, &key).is_ok(),
        can: can(seat, &key, &live),
    }
}

fn is_live(value: &Value, now: Timestamp) -> bool {
    value.revoked_at.is_none() && value.expires_at.is_none_or(|end| end > now)
}

fn status(around: &Around, key: &Key, has_value: bool, quotas: &[Usage], (calls, denied): (u64, u64)) -> KeyStatus {
    let ends_by = |moment: Timestamp| key.expires_at.is_some_and(|end| end <= moment);
    let is_suspended =
        |holder: &MemberId| around.members.get(holder).is_some_and(|member| member.state() == MemberState::Suspended);
    let low = |usage: &Usage| usage.used >= usage.limit / 100 * LOW + usage.limit % 100 * LOW / 100;
    let cases = [
        (key.revoked_at.is_some(), KeyStatus::Revoked),
        (ends_by(around.now), KeyStatus::Expired),
        (key.disabled_at.is_some(), KeyStatus::Disabled),
        (matches!(&key.sharing, Sharing::Own { holder } if is_suspended(holder)), KeyStatus::HolderSuspended),
        (!has_value, KeyStatus::NoValue),
        (quotas.iter().any(low), KeyStatus::LowQuota),
        (denied >= DENIED_AT_LEAST && denied * DENIED_IN >= calls, KeyStatus::ManyDenials),
        (ends_by(around.now.plus(SOON)), KeyStatus::ExpiresSoon),
    ];
    cases.into_iter().find(|(holds, _)| *holds).map_or(KeyStatus::Ok, |(_, status)| status)
}

fn can(seat: &Member, key: &Key, live: &[&Value]) -> KeyCan {
    let permissions = seat.role.permissions();
    let alive = || if key.revoked_at.is_some() { Err(domain::key::KeyRefused::Revoked.to_string()) } else { Ok(()) };
    let has = |permission| {
        if permissions.has(permission) { Ok(()) } else { Err(Problem::missing(permission).detail) }
    };
    let told = |told: Result<(), Problem>| told.map_err(|problem| problem.detail);
    let for_account = match key.sharing {
        Sharing::Own { .. } => Err("only shared keys have values of the account".to_owned()),
        Sharing::Shared => has(Permission::KeysRotate),
    };
    let mine = live.iter().any(|value| value.member == Some(seat.id));
    let test = if mine { Ok(()) } else { Err("draw a value of your own first".to_owned()) };
    KeyCan {
        draw: alive().and_then(|()| told(may_draw(seat, key))).into(),
        draw_for_account: alive().and(for_account).into(),
        edit: alive().and_then(|()| has(Permission::KeysEdit)).into(),
        revoke: alive().and_then(|()| has(Permission::KeysRevoke)).into(),
        test: alive().and_then(|()| told(may_draw(seat, key))).and(test).into(),
        limits: alive().and_then(|()| has(Permission::SecurityLimits)).into(),
        secret: alive().and_then(|()| has(Permission::SecuritySecret)).into(),
    }
}
