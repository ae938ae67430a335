//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): one item for each limit that applies, the
//! tightest first. On several nodes the remainder is what this node knows: an estimate.
//!
//! ```text
//! RateLimit-Policy: "day";q=1000;w=86400, "key-second";q=10;w=1
//! RateLimit: "day";r=997;t=3600, "key-second";r=9;t=1
//! ```

use std::fmt::Write;

use bytes::{Bytes, BytesMut};
use domain::{
    quota::{Metric, Period, Scope},
    rate_limit::Per,
    time::{SECOND, Timestamp},
    usage::Usage,
};
use http::{HeaderMap, HeaderValue};

use crate::meter::Limits;

/// Both headers.
pub(super) struct ToldLimits {
    /// What is allowed.
    pub policy: HeaderValue,
    /// What is left.
    pub state: HeaderValue,
}

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

/// The headers for these limits at a moment; none without limits.
pub(super) fn told(limits: &Limits, now: Timestamp, steady: i64) -> Option<ToldLimits> {
    let quotas = limits.usage(now).map(|usage| {
        let is_endless = usage.period == Period::Lifetime;
        let seconds = |micros: i64| (!is_endless).then(|| micros.max(0).unsigned_abs().div_ceil(SECOND.unsigned_abs()));
        Item {
            scope: usage.scope,
            metric: usage.metric,
            span: Span::Period(usage.period),
            limit: usage.limit,
            left: usage.left(),
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
    write_all(quotas.chain(rates))
}

/// The four headers of the dialect `api-sports`: the tightest quota of requests a day, and the tightest rate limit of requests
/// a minute. Where there is no such limit there is no such header.
pub(super) fn tell_as_api_sports(headers: &mut HeaderMap, limits: &Limits, now: Timestamp, steady: i64) {
    let days = limits.usage(now).filter(|usage| usage.period == Period::Day && usage.metric == Metric::Requests);
    if let Some(day) = days.min_by_key(Usage::left) {
        headers.insert("x-ratelimit-requests-limit", HeaderValue::from(day.limit));
        headers.insert("x-ratelimit-requests-remaining", HeaderValue::from(day.left()));
    }
    let rates = limits.rates(steady);
    let minutes = rates.filter(|usage| usage.rate.per == Per::Minute && usage.rate.metric == Metric::Requests);
    if let Some(minute) = minutes.min_by_key(|usage| usage.left) {
        headers.insert("x-ratelimit-limit", HeaderValue::from(minute.rate.limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(minute.left));
    }
}

pub(super) fn write_all(items: impl Iterator<Item = Item>) -> Option<ToldLimits> {
    let mut items: Vec<Item> = items.collect();
    if items.is_empty() {
        return None;
    }
    items.sort_by(|a, b| {
        let share = |left: &Item, right: &Item| u128::from(left.left) * u128::from(right.limit.max(1));
        share(a, b).cmp(&share(b, a))
    });
    let mut out = BytesMut::with_capacity(64 * items.len());
    for (index, item) in items.iter().take(MAX_TOLD).enumerate() {
        write_name(&mut out, index, item);
        write_parameter(&mut out, ";q=", Some(item.limit));
        write_parameter(&mut out, ";w=", item.window);
    }
    let policy = out.split().freeze();
    for (index, item) in items.iter().take(MAX_TOLD).enumerate() {
        write_name(&mut out, index, item);
        write_parameter(&mut out, ";r=", Some(item.left));
        write_parameter(&mut out, ";t=", item.reset);
    }
    Some(ToldLimits { policy: header(policy), state: header(out.freeze()) })
}

fn write_name(out: &mut BytesMut, index: usize, item: &Item) {
    out.extend_from_slice(if index == 0 { b"\"" } else { b", \"" });
    out.extend_from_slice(match item.scope {
        Scope::Account => b"",
        Scope::Member => b"member-",
        Scope::Key => b"key-",
    });
    match item.span {
        Span::Period(Period::Days(days)) => {
            write!(out, "{days}-days").expect("memory takes every write");
        }
        Span::Period(Period::Day) => out.extend_from_slice(b"day"),
        Span::Period(period) => write!(out, "{period}").expect("memory takes every write"),
        Span::Rate(per) => out.extend_from_slice(per.as_bytes()),
    }
    out.extend_from_slice(if item.metric == Metric::Credits { b"-credits\"" } else { b"\"" });
}

fn write_parameter(out: &mut BytesMut, name: &str, value: Option<u64>) {
    // Integers of structured fields have at most 15 digits (RFC 9651, 3.3.1).
    const MAX_INTEGER: u64 = 999_999_999_999_999;
    if let Some(value) = value {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(itoa::Buffer::new().format(value.min(MAX_INTEGER)).as_bytes());
    }
}

fn header(bytes: Bytes) -> HeaderValue {
    HeaderValue::from_maybe_shared(bytes).expect("names and digits are visible ASCII")
}
