//! What is known beside keys themselves, read once for all that are shown: who uses them, how much, and when.

use std::collections::HashMap;

use domain::{
    id::{AccountId, KeyId, MemberId},
    key::{Key, Value},
    member::Member,
    time::{DAY, SECOND, Timestamp},
};
use store::request_log::{self, Filter};

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
pub struct Around {
    /// The moment of all of it.
    pub now: Timestamp,
    /// The members of the account.
    pub members: HashMap<MemberId, Member>,
    /// The values of each key, revoked ones too.
    pub values: HashMap<KeyId, Vec<Value>>,
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
        let filter = Filter { after: Some(now.plus(-DAY)), ..sight.filter() };
        let day = request_log::by_key(&app.store, &filter).await?;
        let ids: Vec<KeyId> = keys.iter().map(|key| key.id).collect();
        let mut values: HashMap<KeyId, Vec<Value>> = HashMap::new();
        for value in store::value::list_of_keys(&app.store, &ids).await? {
            values.entry(value.key).or_default().push(value);
        }
        let mut quotas = HashMap::new();
        for id in &ids {
            quotas.insert(*id, usage::list(app, usage::Of::Key(account, *id), now).await?);
        }
        let (sparks, last) = match sight {
            Sight::Account(account) => of_all(app, account, now).await?,
            Sight::Own(account, member, whole) => of_member(app, (account, member), &whole, &ids, now).await?,
        };
        let members = store::member::list(&app.store, account).await?.into_iter().map(|seat| (seat.id, seat)).collect();
        let day = day.into_iter().map(|spend| (spend.who, spend)).collect();
        Ok(Around { now, members, values, day, sparks, last, quotas })
    }
}

/// Calls of each hour, and the last one, by key.
type Uses = (HashMap<KeyId, Vec<u64>>, HashMap<KeyId, Timestamp>);

/// Those of everybody.
async fn of_all(app: &App, account: AccountId, now: Timestamp) -> Result<Uses, Problem> {
    let (first, mut sparks) = (first_hour(now), HashMap::new());
    for spark in request_log::sparks(&app.store, account, first, HOUR).await? {
        count(&mut sparks, spark.key, spark.start.since(first), spark.calls);
    }
    let last =
        request_log::last_used(&app.store, account).await?.into_iter().map(|used| (used.key, used.time)).collect();
    Ok((sparks, last))
}

/// Those of one member, and everybody's with the keys that they see wholly.
async fn of_member(
    app: &App,
    (account, member): (AccountId, MemberId),
    whole: &[KeyId],
    keys: &[KeyId],
    now: Timestamp,
) -> Result<Uses, Problem> {
    let (first, mut sparks, mut last) = (first_hour(now), HashMap::new(), HashMap::new());
    for key in keys {
        let member = (!whole.contains(key)).then_some(member);
        let own = Filter { account: Some(account), member, key: Some(*key), ..Default::default() };
        let day = Filter { after: Some(first), ..own.clone() };
        for bucket in request_log::series(&app.store, &day, HOUR).await? {
            count(&mut sparks, *key, bucket.start.since(first), bucket.calls());
        }
        let newest = request_log::list(&app.store, &Filter { limit: 1, ..own }).await?;
        last.extend(newest.first().map(|row| (*key, row.time)));
    }
    Ok((sparks, last))
}

/// Whole hours, so that the bars of all keys stand at the same moments.
fn first_hour(now: Timestamp) -> Timestamp {
    Timestamp::from_micros(now.micros() - now.micros() % HOUR).plus(-(BARS as i64 - 1) * HOUR)
}

fn count(sparks: &mut HashMap<KeyId, Vec<u64>>, key: KeyId, since_first: i64, calls: u64) {
    let bars = sparks.entry(key).or_insert_with(|| vec![0; BARS]);
    if let Some(bar) = bars.get_mut((since_first / HOUR) as usize) {
        *bar += calls;
    }
}
