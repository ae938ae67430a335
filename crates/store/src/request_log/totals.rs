//! Sums over the rows that a filter means.

use super::{
    filter::Filter,
    source::{Apart, source},
    summary::GRAIN,
};
use crate::{Store, StoreError, sql};

/// Sums over rows of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Calls, folded denials counted in full.
    pub calls: u64,
    /// Requests charged, before refunds.
    pub requests: u64,
    /// Credits charged, before refunds.
    pub credits: u64,
    /// Requests given back.
    pub refunded_requests: u64,
    /// Credits given back.
    pub refunded_credits: u64,
}

/// Sums over all rows that the filter means, whatever its limit.
pub async fn totals(store: &Store, filter: &Filter) -> Result<Totals, StoreError> {
    let figures = ["calls", "requests", "credits", "refund_requests", "refund_credits"].map(sum).join(", ");
    let from = source(filter, GRAIN, Apart::Accounts);
    let (text, values) = (format!("SELECT {figures} FROM {}", from.text), from.values);
    let Some(row) = sql::row(store.log_reader(), &text, values).await? else { return Ok(Totals::default()) };
    let figure = |place| row.count(place, "request_log");
    Ok(Totals {
        calls: figure(0)?,
        requests: figure(1)?,
        credits: figure(2)?,
        refunded_requests: figure(3)?,
        refunded_credits: figure(4)?,
    })
}

/// The sum of a column or expression; 0 over no rows. PostgreSQL would answer with its type of any length.
pub(super) fn sum(figure: &str) -> String {
    format!("CAST(coalesce(sum({figure}), 0) AS bigint)")
}
