//! How a key does, in one word.

use domain::{
    key::{Key, Sharing},
    member::MemberState,
    time::{DAY, Timestamp},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::around::Around;
use crate::usage::Usage;

/// How soon an end is worth a warning, in microseconds.
pub const SOON: i64 = 7 * DAY;
/// A key is marked when one call in so many was denied…
const DENIED_IN: u64 = 10;
/// … of at least so many.
const DENIED_AT_LEAST: u64 = 5;
/// A quota is low when so many of a hundred units are used.
const LOW: u64 = 90;

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
    /// Its holder's seat has come to its end.
    HolderEnded,
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

/// The status of a key with these quotas, that had so many calls of a day and so many of them denied.
pub fn status(around: &Around, key: &Key, has_value: bool, quotas: &[Usage], (calls, denied): (u64, u64)) -> KeyStatus {
    let ends_by = |moment: Timestamp| key.expires_at.is_some_and(|end| end <= moment);
    let stands = |state| {
        let holder = |holder| around.members.get(holder).is_some_and(|member| member.state_at(around.now) == state);
        matches!(&key.sharing, Sharing::Own { holder: id } if holder(id))
    };
    let low = |usage: &Usage| usage.used >= usage.limit / 100 * LOW + usage.limit % 100 * LOW / 100;
    let cases = [
        (key.revoked_at.is_some(), KeyStatus::Revoked),
        (ends_by(around.now), KeyStatus::Expired),
        (key.disabled_at.is_some(), KeyStatus::Disabled),
        (stands(MemberState::Suspended), KeyStatus::HolderSuspended),
        (stands(MemberState::Ended), KeyStatus::HolderEnded),
        (!has_value, KeyStatus::NoValue),
        (quotas.iter().any(low), KeyStatus::LowQuota),
        (denied >= DENIED_AT_LEAST && denied * DENIED_IN >= calls, KeyStatus::ManyDenials),
        (ends_by(around.now.plus(SOON)), KeyStatus::ExpiresSoon),
    ];
    cases.into_iter().find(|(holds, _)| *holds).map_or(KeyStatus::Ok, |(_, status)| status)
}
