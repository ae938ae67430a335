//! How a row of the request log looks: all of it as JSON, and what people look at first as cells.

use std::net::IpAddr;

use domain::{
    allowlist::ListKind,
    id::{AccountId, KeyId, MemberId, RequestId, ValueId},
    request_log::{Contracts, Place, Row},
    time::Timestamp,
};
use serde::Serialize;

use super::{Align, moment};
use crate::output::printable;

/// The columns of the table.
pub const COLUMNS: [(&str, Align); 9] = [
    ("time", Align::Left),
    ("key", Align::Left),
    ("api", Align::Left),
    ("method", Align::Left),
    ("status", Align::Right),
    ("outcome", Align::Left),
    ("credits", Align::Right),
    ("ms", Align::Right),
    ("request or denial", Align::Left),
];

/// Widths of the columns while following, when later rows are not known; the last is as wide as it likes.
const WIDTHS: [usize; 8] = [20, 20, 12, 28, 6, 9, 7, 7];

/// A row as JSON shows it: the contract of docs/request-log.md.
#[derive(Serialize)]
pub struct RowView<'a> {
    place: PlaceView,
    request_id: RequestId,
    time: Timestamp,
    account: AccountId,
    member: Option<MemberId>,
    key: KeyId,
    value: ValueId,
    api: &'a str,
    network: Option<&'a str>,
    wire: &'static str,
    via: &'static str,
    method: &'a str,
    path: &'a str,
    state: &'static str,
    outcome: Option<&'static str>,
    status: Option<u16>,
    rpc_error: Option<i64>,
    denial: Option<&'static str>,
    rule: Option<&'static str>,
    observed: Vec<ListKind>,
    contracts: Option<&'a Contracts>,
    policy_version: u64,
    requests: u32,
    credits: u32,
    overage_requests: u32,
    overage_credits: u32,
    refund_requests: u32,
    refund_credits: u32,
    count: u64,
    batch: Option<RequestId>,
    position: Option<u32>,
    latency: Option<u64>,
    upstream_latency: Option<u64>,
    attempts: Option<u8>,
    upstream: Option<u16>,
    bytes_in: Option<u64>,
    bytes_out: Option<u64>,
    address: Option<IpAddr>,
    origin: Option<&'a str>,
    agent: Option<&'a str>,
}

/// Where a row was recorded first.
#[derive(Serialize)]
struct PlaceView {
    node: i64,
    epoch: u32,
    ring: u16,
    seq: u64,
}

impl<'a> RowView<'a> {
    /// The view of a row.
    pub fn of(row: &'a Row) -> RowView<'a> {
        let ending = row.ending.as_ref();
        let denial = row.denial.or(ending.and_then(|ending| ending.denial));
        let Place { node, epoch, ring, seq } = row.place;
        let refund = ending.map(|ending| ending.refund).unwrap_or_default();
        RowView {
            place: PlaceView { node, epoch, ring, seq },
            request_id: row.request,
            time: row.time,
            account: row.account,
            member: row.member,
            key: row.key,
            value: row.value,
            api: &row.api,
            network: row.network.as_deref(),
            wire: row.wire.as_str(),
            via: row.via.as_str(),
            method: &row.method,
            path: &row.path,
            state: row.state.as_str(),
            outcome: ending.map(|ending| ending.outcome.as_str()),
            status: ending.map(|ending| ending.status).filter(|status| *status != 0),
            rpc_error: ending.and_then(|ending| ending.rpc_error),
            denial: denial.map(|denial| denial.code()),
            rule: denial.and_then(|denial| denial.rule()),
            observed: row.observed.iter().collect(),
            contracts: row.contracts.as_ref(),
            policy_version: row.policy_version,
            requests: row.charge.requests,
            credits: row.charge.credits,
            overage_requests: row.overage.requests,
            overage_credits: row.overage.credits,
            refund_requests: refund.requests,
            refund_credits: refund.credits,
            count: row.count,
            batch: row.batch.map(|(batch, _)| batch),
            position: row.batch.map(|(_, position)| position),
            latency: ending.map(|ending| ending.latency),
            upstream_latency: ending.map(|ending| ending.upstream_latency),
            attempts: ending.map(|ending| ending.attempts),
            upstream: ending.and_then(|ending| ending.upstream),
            bytes_in: ending.map(|ending| ending.bytes_in),
            bytes_out: ending.map(|ending| ending.bytes_out),
            address: row.address,
            origin: row.origin.as_deref(),
            agent: row.agent.as_deref(),
        }
    }
}

/// The cells of a row; `key` is the name of its key.
pub fn cells(row: &Row, key: &str) -> Vec<String> {
    let view = RowView::of(row);
    let times = if row.count > 1 { format!(" × {}", row.count) } else { String::new() };
    let denial = row.denial.or(row.ending.as_ref().and_then(|ending| ending.denial));
    vec![
        moment(row.time),
        key.to_owned(),
        row.network.as_ref().map_or_else(|| row.api.clone(), |network| format!("{} {network}", row.api)),
        format!("{}{times}", row.method),
        view.status.map(|status| status.to_string()).unwrap_or_default(),
        view.outcome.unwrap_or(view.state).to_owned(),
        row.charge.credits.to_string(),
        view.latency.map(|latency| format!("{}.{}", latency / 1_000, latency % 1_000 / 100)).unwrap_or_default(),
        denial.map_or_else(|| row.request.to_string(), |denial| denial.to_string()),
    ]
}

/// One line whose columns have fixed widths; what is longer pushes the rest to the right.
pub fn fixed(cells: &[String]) -> String {
    let aligns = COLUMNS.iter().map(|(_, align)| *align);
    let widths = WIDTHS.into_iter().chain([0]);
    let padded = cells.iter().zip(aligns).zip(widths).map(|((cell, align), width)| match align {
        Align::Left => format!("{:<width$}", printable(cell)),
        Align::Right => format!("{:>width$}", printable(cell)),
    });
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}
