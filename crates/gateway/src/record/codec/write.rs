//! Writing, laid out like reading beside it.

use std::net::IpAddr;

use domain::{
    allowlist::ContractAddress,
    call::Charge,
    quota::Metric,
    request_log::{Counted, Ending, MAX_CONTRACTS, MAX_HEADER, MAX_METHOD, MAX_PATH, Outcome, Via, Wire},
    time::Timestamp,
};

use super::{MAX_NAME, number};
use crate::record::{CallRecord, Denied};

/// Flags of a row.
pub(super) const MEMBER: u8 = 1;
pub(super) const NETWORK: u8 = 2;
pub(super) const BATCH: u8 = 4;
pub(super) const IPV4: u8 = 8;
pub(super) const IPV6: u8 = 16;
pub(super) const ORIGIN: u8 = 32;
pub(super) const AGENT: u8 = 64;
pub(super) const WEB_SOCKET: u8 = 128;

/// Flags beside what lists observed: the row has contracts; its requests, its credits were charged beyond a quota.
pub(super) const CONTRACTS: u8 = 128;
pub(super) const REQUESTS_BEYOND: u8 = 64;
pub(super) const CREDITS_BEYOND: u8 = 32;

/// Flags of an ending.
pub(super) const RPC_ERROR: u8 = 1;
pub(super) const UPSTREAM: u8 = 2;

/// The ways, metrics and outcomes by their numbers.
pub(super) const VIAS: [Via; 2] = [Via::Direct, Via::Tester];
pub(super) const METRICS: [Metric; 2] = [Metric::Requests, Metric::Credits];
pub(super) const OUTCOMES: [Outcome; 5] =
    [Outcome::Answered, Outcome::Failed, Outcome::Denied, Outcome::Abandoned, Outcome::Unknown];

#[inline]
pub(super) fn row(to: &mut Vec<u8>, call: &CallRecord<'_>, time: Timestamp, charge: Charge, overage: Charge) {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    to.push(flags(call));
    to.push(call.via as u8);
    to.push(
        call.observed.bits()
            | flag(!call.contracts.is_empty(), CONTRACTS)
            | flag(overage.requests > 0, REQUESTS_BEYOND)
            | flag(overage.credits > 0, CREDITS_BEYOND),
    );
    to.extend_from_slice(&call.request.as_u128().to_le_bytes());
    to.extend_from_slice(&time.micros().to_le_bytes());
    to.extend_from_slice(&call.account.as_u128().to_le_bytes());
    to.extend_from_slice(&call.key.as_u128().to_le_bytes());
    to.extend_from_slice(&call.value.as_u128().to_le_bytes());
    to.extend_from_slice(&call.policy_version.to_le_bytes());
    to.extend_from_slice(&charge.requests.to_le_bytes());
    to.extend_from_slice(&charge.credits.to_le_bytes());
    if let Some(member) = call.member {
        to.extend_from_slice(&member.as_u128().to_le_bytes());
    }
    if let Some((request, place)) = call.batch {
        to.extend_from_slice(&request.as_u128().to_le_bytes());
        to.extend_from_slice(&place.to_le_bytes());
    }
    match call.address {
        Some(IpAddr::V4(address)) => to.extend_from_slice(&address.octets()),
        Some(IpAddr::V6(address)) => to.extend_from_slice(&address.octets()),
        None => {}
    }
    text(to, call.api, MAX_NAME);
    text(to, call.method, MAX_METHOD);
    text(to, call.path, MAX_PATH);
    for (optional, most) in [(call.network, MAX_NAME), (call.origin, MAX_HEADER), (call.agent, MAX_HEADER)] {
        if let Some(present) = optional {
            text(to, present, most);
        }
    }
    if !call.contracts.is_empty() {
        contracts(to, call.contracts);
    }
}

fn contracts(to: &mut Vec<u8>, all: &[ContractAddress]) {
    let kept = &all[..all.len().min(MAX_CONTRACTS)];
    to.extend_from_slice(&u32::try_from(all.len()).unwrap_or(u32::MAX).to_le_bytes());
    to.push(kept.len() as u8);
    kept.iter().for_each(|contract| to.extend_from_slice(&contract.0));
}

#[inline]
pub(super) fn counted(to: &mut Vec<u8>, counted: impl Iterator<Item = Counted>) {
    let place = to.len();
    to.push(0);
    let mut count = 0;
    for Counted { counter, metric } in counted {
        to.extend_from_slice(&counter.quota.as_u128().to_le_bytes());
        to.extend_from_slice(&counter.window.micros().to_le_bytes());
        to.push(metric as u8);
        count += 1;
    }
    to[place] = count;
}

pub(super) fn ending(to: &mut Vec<u8>, ending: &Ending) {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    to.push(flag(ending.rpc_error.is_some(), RPC_ERROR) | flag(ending.upstream.is_some(), UPSTREAM));
    to.push(OUTCOMES.iter().position(|outcome| *outcome == ending.outcome).expect("all outcomes are listed") as u8);
    to.push(ending.denial.map_or(number::NO_DENIAL, number::of));
    to.push(ending.attempts);
    to.extend_from_slice(&ending.status.to_le_bytes());
    to.extend_from_slice(&ending.upstream.unwrap_or(0).to_le_bytes());
    to.extend_from_slice(&ending.rpc_error.unwrap_or(0).to_le_bytes());
    to.extend_from_slice(&ending.refund.requests.to_le_bytes());
    to.extend_from_slice(&ending.refund.credits.to_le_bytes());
    for figure in [ending.latency, ending.upstream_latency, ending.bytes_in, ending.bytes_out] {
        to.extend_from_slice(&figure.to_le_bytes());
    }
}

fn flags(call: &CallRecord<'_>) -> u8 {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    let address = match call.address {
        Some(IpAddr::V4(_)) => IPV4,
        Some(IpAddr::V6(_)) => IPV6,
        None => 0,
    };
    flag(call.member.is_some(), MEMBER)
        | flag(call.network.is_some(), NETWORK)
        | flag(call.batch.is_some(), BATCH)
        | address
        | flag(call.origin.is_some(), ORIGIN)
        | flag(call.agent.is_some(), AGENT)
        | flag(call.wire == Wire::WebSocket, WEB_SOCKET)
}

/// A text, cut where a character ends.
#[inline]
fn text(to: &mut Vec<u8>, text: &str, most: usize) {
    let kept = if text.len() <= most { text } else { &text[..text.floor_char_boundary(most)] };
    to.extend_from_slice(&(kept.len() as u16).to_le_bytes());
    to.extend_from_slice(kept.as_bytes());
}

impl Denied {
    /// The end of a call that was denied: at once, and free.
    pub(super) fn ending(&self) -> Ending {
        Ending {
            outcome: Outcome::Denied,
            denial: Some(self.denial),
            status: self.status,
            rpc_error: self.rpc_error,
            refund: Charge::NOTHING,
            latency: self.latency,
            upstream_latency: 0,
            attempts: 0,
            upstream: None,
            bytes_in: self.bytes_in,
            bytes_out: self.bytes_out,
        }
    }
}
