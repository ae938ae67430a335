//! What is known beside keys themselves, read once for all that are shown: who uses them, how much, and when.

use std::collections::{HashMap, HashSet};

use domain::{
    id::{KeyId, MemberId, ValueId},
    key::{Key, Sharing, Value},
    member::Member,
    time::{DAY, SECOND, Timestamp},
};
use store::request_log::{self, Filter, ValueUse};

use crate::{
    actor::Sight,
    app::App,
    error::Problem,
    usage::{self, Usage},
};

/// An hour, in microseconds: the length of a spark's bar.
const HOUR: i64 = 3_600 * SECOND;
/// How many bars a spark has.
pub const BARS: usize = 24;

/// What is known beside the keys themselves, read once for all of them.
#[derive(Default)]
pub struct Around {
    /// The moment of all of it.
    pub now: Timestamp,
    /// Who holds the keys or has values of them.
    pub members: HashMap<MemberId, Member>,
    /// The values of each key, revoked ones too.
    pub values: HashMap<KeyId, Vec<Value>>,
    /// The newest call with each value that is not over.
    pub uses: HashMap<ValueId, ValueUse>,
    /// What was called with each key in the last 24 hours, as far as one sees.
    pub day: HashMap<KeyId, request_log::Spend<KeyId>>,
    /// Calls of each of the last hours.
    pub sparks: HashMap<KeyId, Vec<u64>>,
    /// When each key was used last.
    pub last: HashMap<KeyId, Timestamp>,
    /// The running windows of each key's quotas.
    pub quotas: HashMap<KeyId, Vec<Usage>>,
}

impl Around {
    /// What is known around these keys of an account, as far as somebody sees it.
    ///
    /// Errors: those of the store.
    pub async fn of(app: &App, sight: Sight, keys: &[Key]) -> Result<Around, Problem> {
        let now = app.now();
        let account = sight.account();
        let ids: Vec<KeyId> = keys.iter().map(|key| key.id).collect();
        if ids.is_empty() {
            return Ok(Around { now, ..Around::default() });
        }
        let log = Filter { keys: ids.clone(), ..sight.filter() };
        let day = Filter { after: Some(now.plus(-DAY)), ..log.clone() };
        let day = request_log::by_key(&app.store, &day).await?;
        let mut values: HashMap<KeyId, Vec<Value>> = HashMap::new();
        for value in store::value::list_of_keys(&app.store, &ids).await? {
            values.entry(value.key).or_default().push(value);
        }
        let live = values.values().flatten().filter(|value| is_live(value, now)).map(|value| value.id);
        let uses = request_log::last_used_values(&app.store, &live.collect::<Vec<_>>()).await?;
        let quotas = usage::of_keys(app, account, &ids, now).await?;
        let members = members(app, keys, &values).await?;
        let sparks = sparks(app, &log, now).await?;
        let last = last_uses(app, &log).await?;
        let day = day.into_iter().map(|spend| (spend.who, spend)).collect();
        Ok(Around { now, members, values, uses, day, sparks, last, quotas })
    }
}

/// Whether a value still works as far as it is up to itself: neither revoked nor past its grace period.
pub fn is_live(value: &Value, now: Timestamp) -> bool {
    value.revoked_at.is_none() && value.expires_at.is_none_or(|end| end > now)
}

/// Who holds the keys or has values of them.
async fn members(
    app: &App,
    keys: &[Key],
    values: &HashMap<KeyId, Vec<Value>>,
) -> Result<HashMap<MemberId, Member>, Problem> {
    let holder = |key: &Key| match key.sharing {
        Sharing::Own { holder } => Some(holder),
        Sharing::Shared => None,
    };
    let owners = values.values().flatten().filter_map(|value| value.member);
    let named: HashSet<MemberId> = keys.iter().filter_map(holder).chain(owners).collect();
    let named: Vec<MemberId> = named.into_iter().collect();
    Ok(store::member::list_these(&app.store, &named).await?.into_iter().map(|seat| (seat.id, seat)).collect())
}

/// Calls of each of the last hours, by key.
async fn sparks(app: &App, log: &Filter, now: Timestamp) -> Result<HashMap<KeyId, Vec<u64>>, Problem> {
    let first = first_hour(now);
    let mut sparks: HashMap<KeyId, Vec<u64>> = HashMap::new();
    for spark in request_log::sparks(&app.store, &Filter { after: Some(first), ..log.clone() }, HOUR).await? {
        let bars = sparks.entry(spark.key).or_insert_with(|| vec![0; BARS]);
        if let Some(bar) = bars.get_mut((spark.start.since(first) / HOUR) as usize) {
            *bar += spark.calls;
        }
    }
    Ok(sparks)
}

/// The moment of the last call, by key.
async fn last_uses(app: &App, log: &Filter) -> Result<HashMap<KeyId, Timestamp>, Problem> {
    if log.member.is_none() && log.seen.is_none() {
        let uses = request_log::last_used(&app.store, &log.keys).await?;
        return Ok(uses.into_iter().map(|used| (used.key, used.time)).collect());
    }
    let ever = request_log::by_key(&app.store, log).await?;
    Ok(ever.into_iter().map(|spend| (spend.who, spend.last)).collect())
}

/// Whole hours, so that the bars of all keys stand at the same moments.
fn first_hour(now: Timestamp) -> Timestamp {
    Timestamp::from_micros(now.micros() - now.micros() % HOUR).plus(-(BARS as i64 - 1) * HOUR)
}
