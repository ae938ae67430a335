//! Source: where sums are taken from. Whole half hours come from the summaries, what is left at both ends of a span from the rows
//! themselves; a filter that asks for more than a summary knows is answered from rows alone.

use domain::time::Timestamp;
use sea_orm::Value;

use super::{filter::Filter, summary::GRAIN};

/// The figures that every part of a source has, as rows tell them.
const OF_ROWS: &str = "count AS calls,
     CASE WHEN outcome = 'answered' THEN count ELSE 0 END AS answered,
     CASE WHEN outcome = 'denied' THEN count ELSE 0 END AS denied,
     CASE WHEN outcome = 'failed' THEN count ELSE 0 END AS failed,
     requests, credits, refund_requests, refund_credits, time AS last";
/// The same, as summaries tell them.
const OF_SUMMARIES: &str = "calls, answered, denied, failed, requests, credits, refund_requests, refund_credits, last";

/// What is told apart in sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// At most accounts.
    Accounts,
    /// Accounts, keys and members.
    Keys,
}

/// What follows `FROM`, and what its placeholders stand for.
pub(super) struct Source {
    /// `(SELECT …) AS figures`, with the columns time, account, calls, answered, denied, failed, requests, credits, refund_requests,
    /// refund_credits, last; and key and member, if they are told apart.
    pub text: String,
    /// From `$1` on.
    pub values: Vec<Value>,
}

/// The figures of what the filter means, whatever its limit, for sums in buckets of so many microseconds.
pub(super) fn source(filter: &Filter, bucket: i64, apart: Apart) -> Source {
    let mut values = Vec::new();
    let mut parts = Vec::new();
    let rows = |filter: &Filter, values: &mut Vec<Value>| {
        let (condition, its) = filter.condition_from(values.len() + 1);
        values.extend(its);
        let who = if apart == Apart::Keys { "\"key\", member," } else { "" };
        format!("SELECT time, account, {who} {OF_ROWS} FROM request_log WHERE {condition}")
    };
    match whole_grains(filter).filter(|_| bucket % GRAIN == 0 && filter.is_known_to_summaries()) {
        None => parts.push(rows(filter, &mut values)),
        Some((first, end)) => {
            let at = |micros| Some(Timestamp::from_micros(micros));
            if filter.after.is_some_and(|after| after.micros() < first) {
                parts.push(rows(&Filter { before: at(first), ..filter.clone() }, &mut values));
            }
            if filter.before.is_some_and(|before| before.micros() > end) {
                parts.push(rows(&Filter { after: at(end), ..filter.clone() }, &mut values));
            }
            parts.push(summaries(filter, (first, end), apart, &mut values));
        }
    }
    Source { text: format!("({}) AS figures", parts.join(" UNION ALL ")), values }
}

fn summaries(filter: &Filter, (first, end): (i64, i64), apart: Apart, values: &mut Vec<Value>) -> String {
    let who = match apart {
        Apart::Accounts => String::new(),
        Apart::Keys => {
            values.push(uuid::Uuid::nil().into());
            // All zeroes stand for no member.
            format!("\"key\", CASE WHEN member = ${} THEN NULL ELSE member END AS member,", values.len())
        }
    };
    let table = if apart == Apart::Accounts && !filter.names_keys_or_members() { "account_summary" } else { "summary" };
    let (condition, its) = filter.condition_of_summaries(values.len() + 1, first, end);
    values.extend(its);
    format!("SELECT start AS time, account, {who} {OF_SUMMARIES} FROM {table} WHERE {condition}")
}

/// The first moment of the first half hour that lies whole in the filter's span, and the end of the last; none if there is none.
fn whole_grains(filter: &Filter) -> Option<(i64, i64)> {
    let up = |micros: i64| micros.checked_add(GRAIN - 1).map(|micros| micros.div_euclid(GRAIN) * GRAIN);
    let first = filter.after.map_or(Some(i64::MIN), |after| up(after.micros()))?;
    let end = filter.before.map_or(i64::MAX, |before| before.micros().div_euclid(GRAIN) * GRAIN);
    (first < end).then_some((first, end))
}
