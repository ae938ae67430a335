//! Request log: one row per call. The row is a contract: `docs/request-log.md`.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    allowlist::{ContractAddress, ListKinds},
    call::Charge,
    decision::Denial,
    id::{AccountId, KeyId, MemberId, RequestId, ValueId},
    lease::CounterId,
    quota::Metric,
    time::Timestamp,
    word::words,
};

/// The longest path template kept, in bytes; longer ones are cut.
pub const MAX_PATH: usize = 512;
/// The longest method kept, in bytes.
pub const MAX_METHOD: usize = 128;
/// The longest `User-Agent` and `Origin` kept, in bytes.
pub const MAX_HEADER: usize = 256;

/// The most contracts of a call that are kept.
pub const MAX_CONTRACTS: usize = 8;

/// Where a row was recorded first: unique for ever, and gapless in each ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The gateway node.
    pub node: i64,
    /// Its life.
    pub epoch: u32,
    /// Its journal.
    pub ring: u16,
    /// The record in that journal.
    pub seq: u64,
}

/// What a call came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// An HTTP request.
    Http,
    /// A WebSocket message.
    WebSocket,
}

/// How a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Via {
    /// By a program, with a value.
    #[default]
    Direct,
    /// From the dashboard's tester, with a ticket.
    Tester,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The upstream answered, and its answer is no error.
    Answered,
    /// The upstream answered with an error, or could not be reached, or broke off, or the call was cut.
    Failed,
    /// The gateway refused it: not forwarded, not charged.
    Denied,
    /// The caller left before the answer was whole.
    Abandoned,
    /// The node was killed before the outcome was known; it stays charged.
    Unknown,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Forwarded and charged; the call still runs.
    Open,
    /// The outcome is known.
    Closed,
    /// The outcome will never be known.
    Unknown,
    /// Ended by the gateway because the key or its owner was stopped.
    Cut,
}

words! { Wire NotAWire "http, ws" Http "http" WebSocket "ws" }
words! { Via NotAVia "direct, tester" Direct "direct" Tester "tester" }
words! {
    Outcome NotAnOutcome "answered, failed, denied, abandoned, unknown"
    Answered "answered" Failed "failed" Denied "denied" Abandoned "abandoned" Unknown "unknown"
}
words! {
    RowState NotARowState "open, closed, unknown, cut"
    Open "open" Closed "closed" Unknown "unknown" Cut "cut"
}

/// A counter that a call was charged on; the amount is the charge's for this metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counted {
    /// The counter.
    pub counter: CounterId,
    /// What it counts.
    pub metric: Metric,
}

/// What is known of a call when it is admitted or denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it was recorded first.
    pub place: Place,
    /// The id that the answer carried.
    pub request: RequestId,
    /// When it was decided, inside the window it was charged in.
    pub time: Timestamp,
    /// Whose subscription.
    pub account: AccountId,
    /// Whose value; none: the account's own.
    pub member: Option<MemberId>,
    /// Which key.
    pub key: KeyId,
    /// Which value.
    pub value: ValueId,
    /// Which API.
    pub api: String,
    /// Which network, where the API has them.
    pub network: Option<String>,
    /// What it came over.
    pub wire: Wire,
    /// How it was made.
    pub via: Via,
    /// JSON-RPC method, or verb and path pattern.
    pub method: String,
    /// The path, with `{key}` where the value stood; without the query.
    pub path: String,
    /// The version of the key's policy that decided.
    pub policy_version: u64,
    /// What was charged, for all `count` calls of the row together.
    pub charge: Charge,
    /// What of the charge was beyond a quota: for each metric all of it, or nothing.
    pub overage: Charge,
    /// Where it was charged.
    pub counted: Vec<Counted>,
    /// The denial, also of the upstream's sort.
    pub denial: Option<Denial>,
    /// The lists that would have denied it if they were enforced.
    pub observed: ListKinds,
    /// What it touches, where a list of contracts is on and it touches any.
    pub contracts: Option<Contracts>,
    /// The request whose batch this call stood in, and its place there from 0.
    pub batch: Option<(RequestId, u32)>,
    /// Calls that this row stands for: 1, or more where denials were folded.
    pub count: u64,
    /// The caller's address.
    pub address: Option<IpAddr>,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The `User-Agent` header.
    pub agent: Option<String>,
    /// Where it stands.
    pub state: RowState,
    /// How it ended, once that is known.
    pub ending: Option<Ending>,
}

/// The contracts that a call touches, as far as a row keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contracts {
    /// The first ones, at most [`MAX_CONTRACTS`], in the order in which the call names them.
    pub first: Vec<ContractAddress>,
    /// How many they are.
    pub total: u32,
}

/// What is known of a call when it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How it ended.
    pub outcome: Outcome,
    /// The denial that became its answer, if one did; of a call that was cut, what stopped it.
    pub denial: Option<Denial>,
    /// HTTP status sent to the caller; 0 where none was.
    pub status: u16,
    /// `error.code` of a JSON-RPC answer.
    pub rpc_error: Option<i64>,
    /// What was given back of the charge.
    pub refund: Charge,
    /// Microseconds from the decision to the last byte.
    pub latency: u64,
    /// Microseconds from forwarding to the upstream's head.
    pub upstream_latency: u64,
    /// How often it was sent: 1, or 2 after a retry.
    pub attempts: u8,
    /// Which upstream, by its place in the configuration.
    pub upstream: Option<u16>,
    /// Bytes of request body.
    pub bytes_in: u64,
    /// Bytes of answer body.
    pub bytes_out: u64,
}

/// The outcome of a call whose row was stored as open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The row.
    pub place: Place,
    /// Where it was charged, for giving a refund back to the same counters.
    pub counted: Vec<Counted>,
    /// The row's state from now on.
    pub state: RowState,
    /// How it ended.
    pub ending: Ending,
}

/// A cut of one journal on its way to the store. Sent again after a crash it is the same to the byte, and taken once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The node.
    pub node: i64,
    /// Its life.
    pub epoch: u32,
    /// Its journal.
    pub ring: u16,
    /// First record of the cut.
    pub lo: u64,
    /// Last record of the cut.
    pub hi: u64,
    /// Rows that begin in the cut.
    pub rows: Vec<Row>,
    /// Outcomes of rows that were stored before.
    pub closes: Vec<Close>,
}

impl Ending {
    /// The state of a row that ended so.
    pub fn state(&self) -> RowState {
        match (self.outcome, self.denial) {
            (Outcome::Unknown, _) => RowState::Unknown,
            // What is stopped before it is forwarded is denied; only what ran can fail by a stop.
            (Outcome::Failed, Some(denial)) if denial.is_stop() => RowState::Cut,
            _ => RowState::Closed,
        }
    }
}

impl Batch {
    /// What each counter is to be charged for the batch: charges less refunds. Closes can make a figure negative.
    pub fn spent(&self) -> Vec<(CounterId, i64)> {
        let mut spent = std::collections::BTreeMap::<CounterId, i64>::new();
        for row in &self.rows {
            let refund = row.ending.as_ref().map_or(Charge::NOTHING, |ending| ending.refund);
            for counted in &row.counted {
                let amount = row.charge.amount(counted.metric) as i64 - refund.amount(counted.metric) as i64;
                *spent.entry(counted.counter).or_default() += amount;
            }
        }
        for close in &self.closes {
            for counted in &close.counted {
                *spent.entry(counted.counter).or_default() -= close.ending.refund.amount(counted.metric) as i64;
            }
        }
        spent.into_iter().filter(|(_, amount)| *amount != 0).collect()
    }
}

#[cfg(test)]
mod tests;
