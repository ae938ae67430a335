//! Loading policies: plain SQL, because a start reads every live key and value.

use std::collections::HashMap;

use domain::{
    policy::{AccountPolicy, MemberPolicy, PolicyChange, SubscriptionPolicy},
    quota::{Quota, Scope},
    rate_limit::RateLimit,
};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use crate::{
    StoreError, allowlist,
    ledger::read_quota,
    plan::read_rates,
    quota::{self, QuotaRow},
    sql::{self, packed::PAGE},
};

mod beside;
mod key;
mod value;

pub(super) use key::{all_keys, keys};
pub(super) use value::{all_values, values};

/// Who takes policies, page by page.
pub(super) type Take<'t> = dyn FnMut(Vec<PolicyChange>) + Send + 't;

/// Which rows of a noun.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// The next page by id, after this one.
    Page {
        /// Where the last page ended; none: the first page.
        after: Option<Uuid>,
    },
    /// Those between two ids, both included.
    Span(Uuid, Uuid),
    /// Those with these ids.
    These(&'a [Uuid]),
}

impl Which<'_> {
    /// The condition on `column`, with placeholders from `$1`; what they stand for; what follows the condition.
    fn condition(self, column: &str) -> (String, Vec<Value>, String) {
        match self {
            Which::Page { after } => (
                format!("{column} > $1"),
                vec![after.unwrap_or(Uuid::nil()).into()],
                format!("ORDER BY {column} LIMIT {PAGE}"),
            ),
            Which::Span(first, last) => {
                (format!("{column} >= $1 AND {column} <= $2"), vec![first.into(), last.into()], String::new())
            }
            Which::These(ids) => (
                format!("{column} IN {}", sql::tuples(1, 1, ids.len())),
                ids.iter().map(|id| (*id).into()).collect(),
                format!("ORDER BY {column}"),
            ),
        }
    }

    /// The same nouns, once a page was read and its ends are known: what belongs to them is found by it.
    fn once_read(self, ids: &[Uuid]) -> Self {
        match (self, ids) {
            (Which::Page { .. }, [first, .., last]) => Which::Span(*first, *last),
            (Which::Page { .. }, [only]) => Which::Span(*only, *only),
            (which, _) => which,
        }
    }
}

/// All accounts with their subscriptions.
pub(super) async fn all_accounts(db: &impl ConnectionTrait, take: &mut Take<'_>) -> Result<(), StoreError> {
    let mut after = None;
    while let Some(last) = hand_over(accounts(db, Which::Page { after }).await?, take) {
        after = Some(last);
    }
    Ok(())
}

/// All members who have a seat, with their caps and rate limits.
pub(super) async fn all_members(db: &impl ConnectionTrait, take: &mut Take<'_>) -> Result<(), StoreError> {
    let mut after = None;
    while let Some(last) = hand_over(members(db, Which::Page { after }).await?, take) {
        after = Some(last);
    }
    Ok(())
}

/// Hands the live ones of a page over; returns the last id of the page, gone ones included.
fn hand_over(page: Vec<(Uuid, PolicyChange)>, take: &mut Take<'_>) -> Option<Uuid> {
    let last = page.last().map(|(id, _)| *id);
    let is_live = |change: &PolicyChange| matches!(change, PolicyChange::Account(_) | PolicyChange::Member(_));
    take(page.into_iter().map(|(_, change)| change).filter(is_live).collect());
    last
}

/// Accounts with their subscriptions.
pub(super) async fn accounts(
    db: &impl ConnectionTrait,
    which: Which<'_>,
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let text = "SELECT account.id, suspended_at, addresses, domains, methods, contracts FROM account WHERE";
    let rows = select(db, text, which, "account.id").await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    let mut subscriptions = subscriptions(db, which.once_read(&ids)).await?;
    let read = |(row, id): (sql::Columns, Uuid)| {
        let lists: [String; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
        let policy = AccountPolicy {
            id: sql::id(id),
            suspended: row.moment_if_any(1)?.is_some(),
            lists: allowlist::told(lists.each_ref().map(String::as_str))?,
            subscriptions: subscriptions.remove(&id).unwrap_or_default(),
        };
        Ok((id, PolicyChange::Account(policy)))
    };
    rows.into_iter().zip(ids).map(read).collect()
}

/// Members with their caps and rate limits. Pending and removed ones are gone.
pub(super) async fn members(
    db: &impl ConnectionTrait,
    which: Which<'_>,
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let text = "SELECT member.id, activated_at, suspended_at, removed_at, ends_at FROM member WHERE";
    let rows = select(db, text, which, "member.id").await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    let mut quotas = quotas(db, Scope::Member, which.once_read(&ids)).await?;
    let mut rates = rates(db, Scope::Member, which.once_read(&ids)).await?;
    let read = |(row, id): (sql::Columns, Uuid)| {
        let (activated, suspended) = (row.moment_if_any(1)?.is_some(), row.moment_if_any(2)?.is_some());
        // A seat that was suspended before it was taken up cannot be; still, suspended is what it would be told as.
        if row.moment_if_any(3)?.is_some() || !(activated || suspended) {
            return Ok((id, PolicyChange::NoMember(sql::id(id))));
        }
        let policy = MemberPolicy {
            id: sql::id(id),
            suspended,
            ends_at: row.moment_if_any(4)?,
            quotas: quotas.remove(&id).unwrap_or_default(),
            rates: rates.remove(&id).unwrap_or_default(),
        };
        Ok((id, PolicyChange::Member(policy)))
    };
    rows.into_iter().zip(ids).map(read).collect()
}

async fn select(
    db: &impl ConnectionTrait,
    text: &str,
    which: Which<'_>,
    column: &str,
) -> Result<Vec<sql::Columns>, StoreError> {
    let (condition, values, order) = which.condition(column);
    sql::rows(db, &format!("{text} {condition} {order}"), values).await
}

/// Subscriptions by account, with the quotas and rates of their plans.
async fn subscriptions(
    db: &impl ConnectionTrait,
    accounts: Which<'_>,
) -> Result<HashMap<Uuid, Vec<SubscriptionPolicy>>, StoreError> {
    let (condition, values, _) = accounts.condition("s.account");
    let text = format!(
        "SELECT quota.id, quota.scope, quota.metric, quota.period, quota.anchor, quota.units, s.id, quota.overage
         FROM subscription s JOIN quota ON quota.owner = s.id AND quota.scope = 'account'
         WHERE {condition} ORDER BY quota.id"
    );
    let mut quotas = by_owner(&sql::rows(db, &text, values.clone()).await?)?;
    let text = format!(
        "SELECT s.account, s.id, s.api, plan.rates, s.plan FROM subscription s JOIN plan ON plan.name = s.plan
         WHERE {condition} ORDER BY s.account, s.api"
    );
    let mut found: HashMap<Uuid, Vec<SubscriptionPolicy>> = HashMap::new();
    for row in sql::rows(db, &text, values).await? {
        let policy = SubscriptionPolicy {
            api: row.word(2, "subscription.api")?,
            plan: row.word(4, "subscription.plan")?,
            quotas: quotas.remove(&row.get(1)?).unwrap_or_default(),
            rates: read_rates(&row.get::<String>(3)?)?,
        };
        found.entry(row.get(0)?).or_default().push(policy);
    }
    Ok(found)
}

/// Quotas with their owners, and whether each is another's overage.
const QUOTA: &str = "SELECT id, scope, metric, period, anchor, units, owner, overage FROM quota";
/// Rate limits with their owners.
const RATE: &str = "SELECT owner, metric, per, units FROM rate_limit";

/// Quotas of one scope by owner.
async fn quotas(
    db: &impl ConnectionTrait,
    scope: Scope,
    owners: Which<'_>,
) -> Result<HashMap<Uuid, Vec<Quota>>, StoreError> {
    let (condition, values, _) = owners.condition("owner");
    let text = format!("{QUOTA} WHERE {condition} AND scope = '{scope}' ORDER BY id");
    by_owner(&sql::rows(db, &text, values).await?)
}

/// Quotas by owner, from rows of [`QUOTA`]'s columns.
fn by_owner(rows: &[sql::Columns]) -> Result<HashMap<Uuid, Vec<Quota>>, StoreError> {
    let mut found = HashMap::new();
    put_quotas(&mut found, rows)?;
    Ok(whole(found))
}

/// Adds rows of [`QUOTA`]'s columns to those of their owners.
fn put_quotas(found: &mut HashMap<Uuid, Vec<QuotaRow>>, rows: &[sql::Columns]) -> Result<(), StoreError> {
    for row in rows {
        let quota = QuotaRow { quota: read_quota(row, 0)?, is_overage: row.get(7)? };
        found.entry(row.get(6)?).or_default().push(quota);
    }
    Ok(())
}

/// The quotas that their owners' rows make.
fn whole(found: HashMap<Uuid, Vec<QuotaRow>>) -> HashMap<Uuid, Vec<Quota>> {
    found.into_iter().map(|(owner, rows)| (owner, quota::whole(rows))).collect()
}

/// Rate limits of one scope by owner.
async fn rates(
    db: &impl ConnectionTrait,
    scope: Scope,
    owners: Which<'_>,
) -> Result<HashMap<Uuid, Vec<RateLimit>>, StoreError> {
    let (condition, values, _) = owners.condition("owner");
    let text = format!("{RATE} WHERE {condition} AND scope = '{scope}' ORDER BY metric, per");
    let mut found = HashMap::new();
    put_rates(&mut found, scope, &sql::rows(db, &text, values).await?)?;
    Ok(found)
}

/// Adds rows of [`RATE`]'s columns to those of their owners.
fn put_rates(found: &mut HashMap<Uuid, Vec<RateLimit>>, scope: Scope, rows: &[sql::Columns]) -> Result<(), StoreError> {
    for row in rows {
        let rate = RateLimit {
            scope,
            metric: row.word(1, "rate_limit.metric")?,
            per: row.word(2, "rate_limit.per")?,
            limit: row.count(3, "rate_limit.units")?,
        };
        found.entry(row.get(0)?).or_default().push(rate);
    }
    Ok(())
}
