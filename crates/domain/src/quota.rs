//! Quota: how much per window. Exact: never exceeded, not by one unit.

use std::{fmt, str::FromStr};

use ::time::{Date, Month, OffsetDateTime, Time};

use crate::{
    id::QuotaId,
    time::{DAY, Timestamp, Window},
    word::{as_text, words},
};

/// Whose calls a limit counts. The order is that of denials: the narrowest speaks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All values of one key.
    Key,
    /// All values that one member owns.
    Member,
    /// All keys of an account, for one API.
    Account,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Calls.
    Requests,
    /// The price of calls.
    Credits,
}

/// How long a quota counts before it begins anew. All windows are in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// A calendar month.
    Month,
    /// A billing month: the anchor plus n months, computed from the anchor and clamped (31 Jan → 28 Feb → 31 Mar).
    Cycle,
    /// So many days, counted from the anchor.
    Days(u16),
    /// For ever.
    Lifetime,
}

/// The largest limit: what a signed column of 64 bits holds.
pub const MAX_LIMIT: u64 = i64::MAX as u64;

/// A quota as it applies to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Its identifier: names the counters in the ledger.
    pub id: QuotaId,
    /// Whose calls it counts.
    pub scope: Scope,
    /// What it counts.
    pub metric: Metric,
    /// How long it counts.
    pub period: Period,
    /// Where cycles and spans of days begin.
    pub anchor: Timestamp,
    /// Units in a window.
    pub limit: u64,
    /// What it allows when they are used up; none: it refuses.
    pub overage: Option<Overage>,
}

/// Units beyond a quota, in each of its windows: counted apart, by a counter of their own. A call that the quota cannot pay
/// whole is counted here whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overage {
    /// Names the counters in the ledger.
    pub id: QuotaId,
    /// Units beyond; [`UNLIMITED`]: as many as are used.
    pub limit: u64,
}

/// The limit of an overage that has none.
pub const UNLIMITED: u64 = MAX_LIMIT;

/// The units of an overage with this limit; none: as many as are used.
pub fn bound_of_overage(limit: u64) -> Option<u64> {
    (limit < UNLIMITED).then_some(limit)
}

/// A quota as a plan or a person writes it, before it has an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct QuotaTerms {
    /// What it counts.
    pub metric: Metric,
    /// How long it counts.
    pub period: Period,
    /// Units in a window, at most [`MAX_LIMIT`].
    pub limit: u64,
    /// Units beyond; [`UNLIMITED`]: as many as are used. None: calls are refused instead.
    pub overage: Option<u64>,
}

impl Quota {
    /// The window that `now` lies in.
    pub fn window(&self, now: Timestamp) -> Window {
        self.period.window(now, self.anchor)
    }

    /// Its overage as the ledger sees it: a quota like any other, with the same windows.
    pub fn beyond(&self) -> Option<Quota> {
        self.overage.map(|Overage { id, limit }| Quota { id, limit, overage: None, ..*self })
    }
}

impl Period {
    /// The window that `now` lies in, for a quota anchored at `anchor`. A moment before the anchor counts in the first.
    pub fn window(self, now: Timestamp, anchor: Timestamp) -> Window {
        match self {
            Period::Day => {
                let start = now.micros().div_euclid(DAY) * DAY;
                Window { start: Timestamp::from_micros(start), end: Timestamp::from_micros(start + DAY) }
            }
            Period::Month => {
                let date = now.to_date_time().date().replace_day(1).expect("each month has a first day");
                Window { start: midnight(date), end: midnight(add_months(date, 1)) }
            }
            Period::Cycle => cycle(now, anchor),
            Period::Days(days) => {
                let length = i64::from(days.max(1)) * DAY;
                let passed = now.since(anchor).max(0) / length;
                let start = anchor.plus(passed * length);
                Window { start, end: start.plus(length) }
            }
            Period::Lifetime => Window { start: Timestamp::from_micros(0), end: Timestamp::FAR },
        }
    }
}

/// The n-th billing month: both ends are computed from the anchor, so that a short month does not shift the rest.
fn cycle(now: Timestamp, anchor: Timestamp) -> Window {
    let (from, to) = (anchor.to_date_time(), now.to_date_time());
    let months_between =
        (to.year() - from.year()) * 12 + i32::from(u8::from(to.month())) - i32::from(u8::from(from.month()));
    let nth = |n: i32| Timestamp::from_date_time(OffsetDateTime::new_utc(add_months(from.date(), n), from.time()));
    let mut n = months_between.max(0);
    if n > 0 && nth(n) > now {
        n -= 1;
    }
    Window { start: nth(n), end: nth(n + 1) }
}

fn add_months(date: Date, months: i32) -> Date {
    let index = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + months;
    let (year, month) = (index.div_euclid(12).min(9_998), index.rem_euclid(12) as u8 + 1);
    let month = Month::try_from(month).expect("1 to 12");
    Date::from_calendar_date(year, month, date.day().min(month.length(year))).expect("the day is clamped to the month")
}

fn midnight(date: Date) -> Timestamp {
    Timestamp::from_date_time(OffsetDateTime::new_utc(date, Time::MIDNIGHT))
}

words! { Scope NotAScope "key, member, account" Key "key" Member "member" Account "account" }
words! { Metric NotAMetric "requests, credits" Requests "requests" Credits "credits" }
as_text!(Metric, Period);

/// Why a text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of: day, month, cycle, 30 days (1 to 3660), lifetime")]
pub struct NotAPeriod(String);

/// The longest span of days, some ten years.
pub const MAX_DAYS: u16 = 3_660;

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Day => f.write_str("day"),
            Period::Month => f.write_str("month"),
            Period::Cycle => f.write_str("cycle"),
            Period::Days(days) => write!(f, "{days} days"),
            Period::Lifetime => f.write_str("lifetime"),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        match text {
            "day" => Ok(Period::Day),
            "month" => Ok(Period::Month),
            "cycle" => Ok(Period::Cycle),
            "lifetime" => Ok(Period::Lifetime),
            other => other
                .strip_suffix(" days")
                .and_then(|days| days.parse().ok())
                .filter(|days| (1..=MAX_DAYS).contains(days))
                .map(Period::Days)
                .ok_or_else(|| NotAPeriod(other.chars().take(40).collect())),
        }
    }
}

#[cfg(test)]
mod tests;
