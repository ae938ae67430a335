//! Filter: which rows of the log are meant, as a condition with bound values.
//!
//! Account, key, member and time have indices. The other fields are looked for among the rows that these leave, so
//! whoever asks sets them, and a span of time, where the log is long.

use std::net::IpAddr;

use domain::{
    allowlist::{ListKind, ListKinds},
    decision::Denial,
    id::{AccountId, Id, KeyId, MemberId, Noun, ValueId},
    name::{ApiName, NetworkName},
    request_log::{Outcome, Place},
    time::Timestamp,
};
use sea_orm::Value;

use super::row;
use crate::sql;

/// The most rows of one page.
pub const MAX_LIMIT: u32 = 1_000;

/// Where a page ended: the next one has the rows before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The time of the last row.
    pub time: Timestamp,
    /// Its place, which tells rows of one moment apart.
    pub place: Place,
}

/// The rows of values that a member owns, and all rows of some keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The member.
    pub member: MemberId,
    /// The keys.
    pub keys: Vec<KeyId>,
}

impl Seen {
    /// The condition with placeholders from `first` on; adds what they stand for.
    fn condition(&self, first: usize, values: &mut Vec<Value>) -> String {
        values.push(sql::uuid(self.member).into());
        values.extend(self.keys.iter().map(|key| Value::from(sql::uuid(*key))));
        match self.keys.len() {
            0 => format!("member = ${first}"),
            keys => format!("(member = ${first} OR \"key\" IN {})", sql::tuples(first + 1, 1, keys)),
        }
    }
}

/// Which rows are meant; what is none does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this account.
    pub account: Option<AccountId>,
    /// Of one of these accounts; empty: it does not matter.
    pub accounts: Vec<AccountId>,
    /// Of values that this member owns.
    pub member: Option<MemberId>,
    /// That somebody sees who does not see all.
    pub seen: Option<Seen>,
    /// Of this key.
    pub key: Option<KeyId>,
    /// Of one of these keys; empty: it does not matter.
    pub keys: Vec<KeyId>,
    /// Of values of one of these members; empty: it does not matter.
    pub members: Vec<MemberId>,
    /// Of this value.
    pub value: Option<ValueId>,
    /// To this API.
    pub api: Option<ApiName>,
    /// To this network.
    pub network: Option<NetworkName>,
    /// Of this method, written as in the row.
    pub method: Option<String>,
    /// Answered with this HTTP status.
    pub status: Option<u16>,
    /// From this address.
    pub address: Option<IpAddr>,
    /// Denied for this reason.
    pub denial: Option<Denial>,
    /// That a list of this kind would have denied if it were enforced.
    pub observed: Option<ListKind>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Only those that failed or were denied.
    pub errors_only: bool,
    /// At this moment or later.
    pub after: Option<Timestamp>,
    /// Earlier than this moment.
    pub before: Option<Timestamp>,
    /// Older than the row where the last page ended.
    pub cursor: Option<Cursor>,
    /// So many rows; 0 or more than [`MAX_LIMIT`] is [`MAX_LIMIT`].
    pub limit: u32,
}

impl Filter {
    /// The condition with placeholders from `$1`, and what they stand for.
    pub(super) fn condition(&self) -> (String, Vec<Value>) {
        self.condition_from(1)
    }

    /// The condition with placeholders from this number on, and what they stand for.
    pub(super) fn condition_from(&self, first: usize) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        if let Some(account) = self.account {
            parts.push(self.account_test(first));
            values.push(sql::uuid(account).into());
        }
        let mut holds = |test: &str, value: Option<Value>| {
            if let Some(value) = value {
                parts.push(format!("{test} ${}", first + values.len()));
                values.push(value);
            }
        };
        holds("member =", self.member.map(|id| sql::uuid(id).into()));
        holds("\"key\" =", self.key.map(|id| sql::uuid(id).into()));
        holds("\"value\" =", self.value.map(|id| sql::uuid(id).into()));
        holds("api =", self.api.as_ref().map(|api| api.as_str().into()));
        holds("network =", self.network.as_ref().map(|network| network.as_str().into()));
        holds("method =", self.method.as_deref().map(Into::into));
        holds("status =", self.status.map(|status| i64::from(status).into()));
        holds("address =", self.address.map(|address| address.to_string().into()));
        holds("denial =", self.denial.map(|denial| denial.to_string().into()));
        // In words of its index too.
        holds(
            "observed <> 0 AND 0 <> observed &",
            self.observed.map(|kind| i64::from(ListKinds::from(kind).bits()).into()),
        );
        holds("outcome =", self.outcome.map(|outcome| outcome.as_str().into()));
        holds("time >=", self.after.map(|moment| moment.micros().into()));
        holds("time <", self.before.map(|moment| moment.micros().into()));
        if let Some(seen) = &self.seen {
            parts.push(seen.condition(first + values.len(), &mut values));
        }
        if !self.accounts.is_empty() {
            parts.push(one_of("account", &self.accounts, first, &mut values));
        }
        if !self.keys.is_empty() {
            parts.push(one_of("\"key\"", &self.keys, first, &mut values));
        }
        if !self.members.is_empty() {
            parts.push(one_of("member", &self.members, first, &mut values));
        }
        if self.errors_only {
            parts.push("outcome IN ('failed', 'denied')".to_owned());
        }
        if let Some(Cursor { time, place }) = self.cursor {
            parts.push(format!("(time, node, epoch, ring, seq) < {}", sql::tuples(first + values.len(), 1, 5)));
            values.push(time.micros().into());
            values.extend(row::place(&place));
        }
        if parts.is_empty() {
            parts.push("1 = 1".to_owned());
        }
        (parts.join(" AND "), values)
    }

    /// Whether it asks for nothing that summaries do not know.
    pub(super) fn is_known_to_summaries(&self) -> bool {
        let Filter { account, accounts, member, seen, key, keys, members, api, after, before, limit, .. } =
            self.clone();
        *self
            == Filter {
                account,
                accounts,
                member,
                seen,
                key,
                keys,
                members,
                api,
                after,
                before,
                limit,
                ..Filter::default()
            }
    }

    /// Whether it means only some of the keys or members of an account.
    pub(super) fn names_keys_or_members(&self) -> bool {
        let Filter { member, seen, key, keys, members, .. } = self;
        member.is_some() || seen.is_some() || key.is_some() || !keys.is_empty() || !members.is_empty()
    }

    /// The same condition on summaries that begin at `start` or later, and before `end`.
    pub(super) fn condition_of_summaries(&self, first: usize, start: i64, end: i64) -> (String, Vec<Value>) {
        let fields = [
            ("member =", self.member.map(|id| sql::uuid(id).into())),
            ("\"key\" =", self.key.map(|id| sql::uuid(id).into())),
            ("api =", self.api.as_ref().map(|api| api.as_str().into())),
            ("start >=", Some(start.into())),
            ("start <", Some(end.into())),
        ];
        let mut values: Vec<Value> = self.account.iter().map(|id| sql::uuid(*id).into()).collect();
        let mut parts: Vec<String> = self.account.iter().map(|_| self.account_test(first)).collect();
        for (test, value) in fields {
            if let Some(value) = value {
                parts.push(format!("{test} ${}", first + values.len()));
                values.push(value);
            }
        }
        if let Some(seen) = &self.seen {
            parts.push(seen.condition(first + values.len(), &mut values));
        }
        if !self.accounts.is_empty() {
            parts.push(one_of("account", &self.accounts, first, &mut values));
        }
        if !self.keys.is_empty() {
            parts.push(one_of("\"key\"", &self.keys, first, &mut values));
        }
        if !self.members.is_empty() {
            parts.push(one_of("member", &self.members, first, &mut values));
        }
        (parts.join(" AND "), values)
    }

    /// The condition on the account, whose id is the placeholder with this number. Where some keys or members are named, their indexes
    /// are to be walked, and not all that the account called in the span of time: said so, databases find no index for the account.
    fn account_test(&self, place: usize) -> String {
        let is_any = self.keys.is_empty() && self.members.is_empty();
        if is_any { format!("account = ${place}") } else { format!("(account = ${place}) IS NOT FALSE") }
    }

    /// How many rows a page has.
    pub(super) fn page(&self) -> u32 {
        if self.limit == 0 { MAX_LIMIT } else { self.limit.min(MAX_LIMIT) }
    }
}

/// A condition that the column is one of these; `values` are those of the placeholders from `first` on that there are.
fn one_of<N: Noun>(column: &str, ids: &[Id<N>], first: usize, values: &mut Vec<Value>) -> String {
    let row = sql::tuples(first + values.len(), 1, ids.len());
    values.extend(ids.iter().map(|id| Value::from(sql::uuid(*id))));
    format!("{column} IN {row}")
}
