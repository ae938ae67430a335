//! Extra units: what an operator adds to the running window of one of an account's quotas. They count like the plan's own, and
//! end with the window.

use crate::{
    id::{AccountId, ExtraUnitsId, QuotaId},
    name::ApiName,
    quota::{MAX_LIMIT, Metric, Period},
    reason::Reason,
    time::{Timestamp, Window},
};

/// Extra units as they were granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraUnits {
    /// Their identifier.
    pub id: ExtraUnitsId,
    /// Who gets them.
    pub account: AccountId,
    /// The API whose calls may spend them.
    pub api: ApiName,
    /// The quota that they are added to.
    pub quota: QuotaId,
    /// What that quota counts.
    pub metric: Metric,
    /// How long it counts.
    pub period: Period,
    /// The window in which they can be spent.
    pub window: Window,
    /// How many, 1 or more.
    pub units: u64,
    /// Why.
    pub reason: Reason,
    /// What the operator was called who granted them.
    pub granted_by: String,
    /// When.
    pub granted_at: Timestamp,
}

/// Why extra units were not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtraUnitsRefused {
    /// None were asked for.
    #[error("give 1 unit or more")]
    None,
    /// More than a window can hold.
    #[error("a window holds at most {MAX_LIMIT} units; give fewer")]
    TooMany,
}

/// The limit of a window to which so many units are added.
///
/// Errors: none were asked for, or more than can be counted.
pub fn raised(limit: u64, units: u64) -> Result<u64, ExtraUnitsRefused> {
    if units == 0 {
        return Err(ExtraUnitsRefused::None);
    }
    limit.checked_add(units).filter(|sum| *sum <= MAX_LIMIT).ok_or(ExtraUnitsRefused::TooMany)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_raised_by_what_is_given() {
        let cases = [
            (100, 1, Ok(101)),
            (0, 7, Ok(7)),
            (100, 0, Err(ExtraUnitsRefused::None)),
            (MAX_LIMIT - 1, 1, Ok(MAX_LIMIT)),
            (MAX_LIMIT, 1, Err(ExtraUnitsRefused::TooMany)),
            (1, u64::MAX, Err(ExtraUnitsRefused::TooMany)),
        ];
        for (limit, units, expected) in cases {
            assert_eq!(raised(limit, units), expected, "{units} on {limit}");
        }
    }
}
