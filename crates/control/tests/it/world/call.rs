//! Calls of tests, as a gateway's journal tells of them.

use domain::{
    call::Charge,
    id::{AccountId, KeyId, MemberId, RequestId, ValueId},
    request_log::{Batch, Ending, Outcome, Place, Row, RowState, Via, Wire},
    time::Timestamp,
};
use store::{ledger, request_log};

use super::World;

/// A call that was answered.
pub struct Call {
    /// Whose subscription.
    pub account: AccountId,
    /// Whose value.
    pub member: MemberId,
    /// Which key.
    pub key: KeyId,
    /// Which value.
    pub value: ValueId,
    /// When.
    pub time: Timestamp,
    /// From where.
    pub address: &'static str,
    /// What the program calls itself.
    pub agent: &'static str,
}

impl World {
    /// Brings calls into the log, as the journal of a node of their own.
    pub async fn log(&self, calls: &[Call]) {
        let node = ledger::open_epoch(&self.app.store, 1, super::now()).await.expect("a node");
        let place = |seq| Place { node: node.node.0, epoch: node.epoch, ring: 0, seq };
        let rows: Vec<Row> = calls.iter().zip(1..).map(|(call, seq)| row(call, place(seq))).collect();
        let hi = rows.len() as u64;
        let batch = Batch { node: node.node.0, epoch: node.epoch, ring: 0, lo: 1, hi, rows, closes: Vec::new() };
        request_log::ship(&self.app.store, &batch).await.expect("it is stored");
    }
}

fn row(call: &Call, place: Place) -> Row {
    let ending = Ending {
        outcome: Outcome::Answered,
        denial: None,
        status: 200,
        rpc_error: None,
        refund: Charge::NOTHING,
        latency: 1_500,
        upstream_latency: 1_200,
        attempts: 1,
        upstream: Some(0),
        bytes_in: 0,
        bytes_out: 20,
    };
    Row {
        place,
        request: RequestId::from_u128(u128::from(place.seq)),
        time: call.time,
        account: call.account,
        member: Some(call.member),
        key: call.key,
        value: call.value,
        api: "football".to_owned(),
        network: None,
        wire: Wire::Http,
        via: Via::Direct,
        method: "GET /fixtures".to_owned(),
        path: "/fixtures".to_owned(),
        policy_version: 1,
        charge: Charge::NOTHING,
        overage: Charge::NOTHING,
        counted: Vec::new(),
        denial: None,
        batch: None,
        observed: Default::default(),
        contracts: None,
        count: 1,
        address: Some(call.address.parse().expect("an address")),
        origin: None,
        agent: Some(call.agent.to_owned()),
        state: RowState::Closed,
        ending: Some(ending),
    }
}
