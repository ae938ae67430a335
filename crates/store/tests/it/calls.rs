//! Calls as journals tell of them: rows, endings, and batches of them.

use domain::{
    allowlist::{ContractAddress, ListKind, ListKinds},
    call::Charge,
    decision::Denial,
    id::RequestId,
    lease::{CounterId, Fence},
    quota::Metric,
    request_log::{Batch, Close, Contracts, Counted, Ending, Outcome, Place, Row, RowState, Via, Wire},
};

use crate::world::{NOW, id, name};

/// A counter that counts requests.
pub fn requests(counter: CounterId) -> Counted {
    Counted { counter, metric: Metric::Requests }
}

/// A place in a node's first journal.
pub fn place(fence: Fence, seq: u64) -> Place {
    Place { node: fence.node.0, epoch: fence.epoch, ring: 0, seq }
}

/// An open row of the world's key: one request, three credits, charged on these counters.
pub fn open_row(fence: Fence, seq: u64, counted: &[Counted]) -> Row {
    Row {
        place: place(fence, seq),
        request: RequestId::from_u128(u128::from(seq)),
        time: NOW.plus(seq as i64),
        account: id(1),
        member: Some(id(1)),
        key: id(1),
        value: id(1),
        api: name::<domain::name::ApiName>("chain").to_string(),
        network: Some("eth/mainnet".to_owned()),
        wire: Wire::Http,
        via: Via::Direct,
        method: "eth_call".to_owned(),
        path: "/chain/{key}".to_owned(),
        policy_version: 7,
        charge: Charge::priced(3),
        overage: Charge::NOTHING,
        counted: counted.to_vec(),
        denial: None,
        batch: Some((id(5), 2)),
        observed: [ListKind::Domains, ListKind::Contracts].into_iter().collect(),
        contracts: Some(Contracts { first: vec![ContractAddress([9; 20]); 8], total: 900 }),
        count: 1,
        address: Some([127, 0, 0, 1].into()),
        origin: Some("https://example.com".to_owned()),
        agent: Some("test/1".to_owned()),
        state: RowState::Open,
        ending: None,
    }
}

/// A row whose call was answered.
pub fn closed_row(fence: Fence, seq: u64, counted: &[Counted]) -> Row {
    Row { state: RowState::Closed, ending: Some(answered()), ..open_row(fence, seq, counted) }
}

/// A row as nearly all are: of a call that was answered, alone, over HTTP, at the first attempt.
pub fn plain_row(fence: Fence, seq: u64, counted: &[Counted]) -> Row {
    let ending = Ending { rpc_error: None, ..answered() };
    Row {
        network: None,
        batch: None,
        origin: None,
        observed: ListKinds::default(),
        contracts: None,
        ending: Some(ending),
        ..closed_row(fence, seq, counted)
    }
}

/// A row of `count` folded denials.
pub fn denied_row(fence: Fence, seq: u64, denial: Denial, count: u64) -> Row {
    let ending = Ending { outcome: Outcome::Denied, status: denial.status(), attempts: 0, ..answered() };
    Row {
        charge: Charge::NOTHING,
        denial: Some(denial),
        count,
        state: RowState::Closed,
        ending: Some(ending),
        ..open_row(fence, seq, &[])
    }
}

/// The ending of a call that was answered.
pub fn answered() -> Ending {
    Ending {
        outcome: Outcome::Answered,
        denial: None,
        status: 200,
        rpc_error: Some(-32_000),
        refund: Charge::NOTHING,
        latency: 1_500,
        upstream_latency: 1_200,
        attempts: 1,
        upstream: Some(1),
        bytes_in: 70,
        bytes_out: 4_000,
    }
}

/// The late ending of an open row: the upstream failed, and all is given back.
pub fn refunded(fence: Fence, seq: u64, counted: &[Counted]) -> Close {
    let ending = Ending {
        outcome: Outcome::Failed,
        denial: Some(Denial::UpstreamTimeout),
        status: 504,
        refund: Charge::priced(3),
        ..answered()
    };
    Close { place: place(fence, seq), counted: counted.to_vec(), state: RowState::Closed, ending }
}

/// A cut of a node's first journal.
pub fn batch(fence: Fence, lo: u64, hi: u64, rows: Vec<Row>, closes: Vec<Close>) -> Batch {
    Batch { node: fence.node.0, epoch: fence.epoch, ring: 0, lo, hi, rows, closes }
}
