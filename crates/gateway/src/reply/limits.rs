//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): one item for each limit that applies, the
//! tightest first. On several nodes the remainder is what this node knows: an estimate.
//!
//! ```text
//! RateLimit-Policy: "day";q=1000;w=86400, "key-second";q=10;w=1
//! RateLimit: "day";r=997;t=3600, "key-second";r=9;t=1
//! ```
//!
//! Where a quota is used up and goes on beyond, `x-keyward-overage` tells how far, in the same names: callers pay for that.

use std::io::Write;

use domain::{
    quota::{Metric, Period, Scope},
    rate_limit::Per,
    time::{SECOND, Timestamp},
    usage::{OverageUsage, Usage},
};
use http::HeaderName;

use super::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::{heads::Headers, meter::Limits};

const OVERAGE: HeaderName = HeaderName::from_static("x-keyward-overage");

/// Limits that are told; of more, the tightest.
const MAX_TOLD: usize = 8;

#[derive(Clone, Copy)]
pub(super) struct Item {
    pub scope: Scope,
    pub metric: Metric,
    pub span: Span,
    pub limit: u64,
    pub left: u64,
    /// The window in seconds; none has no end.
    pub window: Option<u64>,
    /// Seconds until it is full again.
    pub reset: Option<u64>,
}

#[derive(Clone, Copy)]
pub(super) enum Span {
    Period(Period),
    Rate(&'static str),
}

/// Tells these limits as they are at a moment; nothing without limits.
pub(super) fn tell(headers: &mut Headers, limits: &Limits, now: Timestamp, steady: i64) {
    // A quota that goes on without end refuses nothing: a caller must not slow down for it.
    let quotas = limits.usage(now).filter_map(|usage| Some((usage, usage.until_refused()?)));
    let quotas = quotas.map(|(usage, (limit, left))| {
        let is_endless = usage.period == Period::Lifetime;
        let seconds = |micros: i64| (!is_endless).then(|| micros.max(0).unsigned_abs().div_ceil(SECOND.unsigned_abs()));
        Item {
            scope: usage.scope,
            metric: usage.metric,
            span: Span::Period(usage.period),
            limit,
            left,
            window: seconds(usage.window.end.since(usage.window.start)),
            reset: seconds(usage.window.end.since(now)),
        }
    });
    let rates = limits.rates(steady).map(|usage| {
        let seconds = usage.rate.per.nanos() / 1_000_000_000;
        let used = usage.rate.limit.saturating_sub(usage.left);
        Item {
            scope: usage.rate.scope,
            metric: usage.rate.metric,
            span: Span::Rate(usage.rate.per.as_str()),
            limit: usage.rate.limit,
            left: usage.left,
            window: Some(seconds),
            reset: Some((used * seconds).div_ceil(usage.rate.limit.max(1))),
        }
    });
    tell_all(headers, quotas.chain(rates));
    if limits.may_go_beyond() {
        tell_overage(headers, limits.usage(now));
    }
}

/// Tells what was used beyond each quota that is used up; nothing while none is.
#[cold]
pub(super) fn tell_overage(headers: &mut Headers, usages: impl Iterator<Item = Usage>) {
    let beyond = usages.filter_map(|usage| Some((usage, usage.overage?))).filter(|(_, overage)| overage.used > 0);
    let mut told = beyond.take(MAX_TOLD).enumerate().peekable();
    if told.peek().is_none() {
        return;
    }
    headers.replace(OVERAGE, |out| {
        for (index, (usage, OverageUsage { limit, used })) in told {
            write_name(out, index, usage.scope, usage.metric, Span::Period(usage.period));
            write_parameter(out, ";q=", limit);
            write_parameter(out, ";u=", Some(used));
        }
    });
}

/// The four headers of the dialect `api-sports`: the tightest quota of requests a day, and the tightest rate limit of requests
/// a minute. Where there is no such limit there is no such header.
pub(super) fn tell_as_api_sports(headers: &mut Headers, limits: &Limits, now: Timestamp, steady: i64) {
    let mut tell = |name, figure: u64| headers.insert(name, itoa::Buffer::new().format(figure));
    let days = limits.usage(now).filter(|usage| usage.period == Period::Day && usage.metric == Metric::Requests);
    if let Some((limit, left)) = days.filter_map(|day| day.until_refused()).min_by_key(|(_, left)| *left) {
        tell("x-ratelimit-requests-limit", limit);
        tell("x-ratelimit-requests-remaining", left);
    }
    let rates = limits.rates(steady);
    let minutes = rates.filter(|usage| usage.rate.per == Per::Minute && usage.rate.metric == Metric::Requests);
    if let Some(minute) = minutes.min_by_key(|usage| usage.left) {
        tell("x-ratelimit-limit", minute.rate.limit);
        tell("x-ratelimit-remaining", minute.left);
    }
}

/// Tells the tightest of these limits.
pub(super) fn tell_all(headers: &mut Headers, items: impl Iterator<Item = Item>) {
    let mut tightest = [None; MAX_TOLD];
    for item in items {
        // Sorted as they come: there are few, and nothing is allocated.
        let mut place = Some(item);
        for told in &mut tightest {
            if told.as_ref().is_none_or(|told| place.as_ref().is_some_and(|item| item.is_tighter_than(told))) {
                std::mem::swap(told, &mut place);
            }
            if place.is_none() {
                break;
            }
        }
    }
    let told = || tightest.iter().flatten().enumerate();
    if tightest[0].is_none() {
        return;
    }
    headers.replace(RATE_LIMIT_POLICY, |out| {
        for (index, item) in told() {
            write_name(out, index, item.scope, item.metric, item.span);
            write_parameter(out, ";q=", Some(item.limit));
            write_parameter(out, ";w=", item.window);
        }
    });
    headers.replace(RATE_LIMIT, |out| {
        for (index, item) in told() {
            write_name(out, index, item.scope, item.metric, item.span);
            write_parameter(out, ";r=", Some(item.left));
            write_parameter(out, ";t=", item.reset);
        }
    });
}

impl Item {
    /// Whether a smaller share of it is left.
    fn is_tighter_than(&self, other: &Item) -> bool {
        let share = |left: &Item, right: &Item| u128::from(left.left) * u128::from(right.limit.max(1));
        share(self, other) < share(other, self)
    }
}

fn write_name(out: &mut Vec<u8>, index: usize, scope: Scope, metric: Metric, span: Span) {
    if index > 0 {
        out.extend_from_slice(b", ");
    }
    if let (Span::Period(Period::Day), Metric::Requests) = (span, metric) {
        // The usual limit, in one piece.
        return out.extend_from_slice(match scope {
            Scope::Account => b"\"day\"",
            Scope::Member => b"\"member-day\"",
            Scope::Key => b"\"key-day\"",
        });
    }
    out.push(b'"');
    out.extend_from_slice(match scope {
        Scope::Account => b"",
        Scope::Member => b"member-",
        Scope::Key => b"key-",
    });
    match span {
        Span::Period(Period::Days(days)) => {
            write!(out, "{days}-days").expect("memory takes every write");
        }
        Span::Period(Period::Day) => out.extend_from_slice(b"day"),
        Span::Period(period) => write!(out, "{period}").expect("memory takes every write"),
        Span::Rate(per) => out.extend_from_slice(per.as_bytes()),
    }
    out.extend_from_slice(if metric == Metric::Credits { b"-credits\"" } else { b"\"" });
}

fn write_parameter(out: &mut Vec<u8>, name: &str, value: Option<u64>) {
    // Integers of structured fields have at most 15 digits (RFC 9651, 3.3.1).
    const MAX_INTEGER: u64 = 999_999_999_999_999;
    if let Some(value) = value {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(itoa::Buffer::new().format(value.min(MAX_INTEGER)).as_bytes());
    }
}
