//! What was denied, and what lists that are merely observed would have denied: how many calls, and the newest of them.

use serde::Serialize;
use store::request_log::{DenialCount, ObservedCount};
use utoipa::ToSchema;

use crate::{
    request_log::Names,
    view::{ListKind, Moment, Ref},
};

/// Calls that were denied for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Denied {
    /// The reason.
    code: &'static str,
    /// The same in words.
    sentence: &'static str,
    /// How many.
    calls: u64,
    /// The newest.
    last_at: Moment,
    /// Its method.
    method: String,
    /// Its key.
    key: Ref,
    /// Its member; null: the account's own value.
    member: Option<Ref>,
}

/// Calls that observed lists of one kind would have denied.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Observed {
    /// The kind of list.
    list: ListKind,
    /// How many.
    calls: u64,
    /// The newest.
    last_at: Moment,
    /// Its method.
    method: String,
    /// Its key.
    key: Ref,
    /// Its member; null: the account's own value.
    member: Option<Ref>,
}

impl Denied {
    /// As the API tells it.
    pub(super) fn of(names: &Names, count: DenialCount) -> Denied {
        Denied {
            code: count.denial.code(),
            sentence: count.denial.sentence(),
            calls: count.calls,
            last_at: count.last.into(),
            method: count.method,
            key: names.key(count.key),
            member: count.member.map(|id| names.member(id)),
        }
    }
}

impl Observed {
    /// As the API tells it.
    pub(super) fn of(names: &Names, count: ObservedCount) -> Observed {
        Observed {
            list: count.kind.into(),
            calls: count.calls,
            last_at: count.last.into(),
            method: count.method,
            key: names.key(count.key),
            member: count.member.map(|id| names.member(id)),
        }
    }
}
