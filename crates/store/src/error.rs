//! Why the store did not do what it was asked.

use domain::{
    id::QuotaId,
    lease::Fence,
    name::{ApiName, PlanName},
    rate_limit::RateLimit,
};
use sea_orm::{DbErr, SqlErr};

/// Why an operation failed. Nothing of a failed transaction is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be reached, was busy for too long, or failed. Asking again may help.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// Another row holds what must be unique.
    #[error("there is {what} already")]
    Conflict {
        /// What exists, with an article: `a person with this mail address`.
        what: &'static str,
    },
    /// The row is not there, or what it belongs to is not.
    #[error("there is no {what}")]
    NotFound {
        /// What is missing: `account`.
        what: &'static str,
    },
    /// A rule of the store forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database was written by a newer version of Keyward.
    #[error(
        "the database has schema {part} {found}, this program knows up to {known}; run the newer version of Keyward"
    )]
    Newer {
        /// The part of the schema: `keyward` or `log`.
        part: &'static str,
        /// What the database has.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// A stored figure or word is not one that Keyward writes.
    #[error("the database holds something that Keyward does not write: {what}")]
    Corrupt {
        /// Where it was found.
        what: &'static str,
    },
    /// The data folder could not be made or read.
    #[error("data folder {folder}: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// Which rule forbids it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A published file lacks a plan that subscriptions are under.
    #[error("plan {plan} is gone from the file but {accounts} accounts are under it; keep it or move them first")]
    PlanInUse {
        /// The plan.
        plan: PlanName,
        /// Accounts under it.
        accounts: u64,
    },
    /// A published file lacks an API that subscriptions are to.
    #[error("API {api} is gone from the file but {accounts} accounts subscribe to it; keep it or end them first")]
    ApiInUse {
        /// The API.
        api: ApiName,
        /// Accounts that subscribe to it.
        accounts: u64,
    },
    /// An API of a published file names a default plan that the file lacks.
    #[error("API {api} has default_plan {plan}, which the file does not declare")]
    UnknownDefaultPlan {
        /// The API.
        api: ApiName,
        /// The plan it names.
        plan: PlanName,
    },
    /// A plan that subscriptions to an API are under could never serve the API's dearest call.
    #[error(
        "plan {plan} allows {} credits per {}, but the dearest call of {api} costs {dearest} and accounts call it under that plan; raise the rate, or lower the price",
        .rate.limit, .rate.per
    )]
    PlanTooSlow {
        /// The plan.
        plan: PlanName,
        /// The API.
        api: ApiName,
        /// The plan's rate of credits.
        rate: RateLimit,
        /// Credits of the API's dearest call.
        dearest: u32,
    },
    /// Another life of the node has begun, or this one was settled.
    #[error("epoch {} of node {} is over", .0.epoch, .0.node.0)]
    Fenced(Fence),
    /// An older life of the node must be settled first.
    #[error("epoch {} of node {} is not settled: ship its journals and settle it first", .0.epoch, .0.node.0)]
    Unsettled(Fence),
    /// A cut does not follow the last one of its ring.
    #[error("ring {ring} of node {node}: the cut begins at {lo}, expected {expected}")]
    NotNext {
        /// The node.
        node: i64,
        /// Its journal.
        ring: u16,
        /// Where the cut begins.
        lo: u64,
        /// Where it should begin, or what it should repeat exactly.
        expected: u64,
    },
    /// A cut has rows or closes that are not its own, or its ends are out of order.
    #[error("ring {ring} of node {node}: the cut holds a record that is not of it")]
    NotOfTheCut {
        /// The node.
        node: i64,
        /// Its journal.
        ring: u16,
    },
    /// A limit is above what can be stored.
    #[error("quota {0}: the limit is above {max}", max = domain::quota::MAX_LIMIT)]
    LimitTooLarge(QuotaId),
    /// More at once than is taken.
    #[error("{given} {what} at once; at most {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many were given.
        given: usize,
        /// The most that are taken.
        limit: usize,
    },
}

impl StoreError {
    /// Tells a broken uniqueness or reference from other failures, in the words of the noun that was written.
    pub(crate) fn of_writing(error: DbErr, exists: &'static str, missing: &'static str) -> StoreError {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Conflict { what: exists },
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => StoreError::NotFound { what: missing },
            _ => StoreError::Database(error),
        }
    }
}
