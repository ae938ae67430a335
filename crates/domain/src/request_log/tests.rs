//! What a batch charges.

use super::*;
use crate::id::QuotaId;

fn counted(quota: u128, metric: Metric) -> Counted {
    Counted { counter: CounterId { quota: QuotaId::from_u128(quota), window: Timestamp::from_micros(0) }, metric }
}

fn ending(refund: Charge) -> Ending {
    Ending {
        outcome: Outcome::Answered,
        denial: None,
        status: 200,
        rpc_error: None,
        refund,
        latency: 1,
        upstream_latency: 1,
        attempts: 1,
        upstream: Some(0),
        bytes_in: 0,
        bytes_out: 0,
    }
}

fn row(seq: u64, credits: u32, counted: Vec<Counted>, ending: Option<Ending>) -> Row {
    Row {
        place: Place { node: 1, epoch: 1, ring: 0, seq },
        request: RequestId::from_u128(1),
        time: Timestamp::from_micros(0),
        account: AccountId::from_u128(1),
        member: None,
        key: KeyId::from_u128(1),
        value: ValueId::from_u128(1),
        api: "node".into(),
        network: None,
        wire: Wire::Http,
        via: Via::Direct,
        method: "eth_call".into(),
        path: "/node/{key}".into(),
        policy_version: 1,
        charge: Charge::priced(credits),
        overage: Charge::NOTHING,
        counted,
        denial: None,
        batch: None,
        observed: Default::default(),
        contracts: None,
        count: 1,
        address: None,
        origin: None,
        agent: None,
        state: if ending.is_some() { RowState::Closed } else { RowState::Open },
        ending,
    }
}

#[test]
fn a_batch_charges_its_rows_less_its_refunds() {
    let (calls, credits) = (counted(1, Metric::Requests), counted(2, Metric::Credits));
    let both = vec![calls, credits];
    let batch = Batch {
        node: 1,
        epoch: 1,
        ring: 0,
        lo: 1,
        hi: 4,
        rows: vec![
            row(1, 40, both.clone(), Some(ending(Charge::NOTHING))),
            row(2, 10, both.clone(), Some(ending(Charge::priced(10)))),
            row(3, 5, both.clone(), None),
        ],
        closes: vec![Close {
            place: Place { node: 1, epoch: 1, ring: 0, seq: 0 },
            counted: both,
            state: RowState::Closed,
            ending: ending(Charge::priced(50)),
        }],
    };
    assert_eq!(batch.spent(), vec![(calls.counter, 1), (credits.counter, 40 + 5 - 50)]);
}

#[test]
fn only_a_call_that_ran_is_cut_by_a_stop() {
    let (stop, failure) = (Some(Denial::MemberSuspended), Some(Denial::UpstreamTimeout));
    for (outcome, denial, state) in [
        (Outcome::Failed, stop, RowState::Cut),
        (Outcome::Denied, stop, RowState::Closed),
        (Outcome::Failed, failure, RowState::Closed),
        (Outcome::Answered, None, RowState::Closed),
        (Outcome::Abandoned, None, RowState::Closed),
        (Outcome::Unknown, None, RowState::Unknown),
    ] {
        assert_eq!(Ending { outcome, denial, ..ending(Charge::NOTHING) }.state(), state, "{outcome} {denial:?}");
    }
}

#[test]
fn words_come_back() {
    for word in [Outcome::Answered, Outcome::Failed, Outcome::Denied, Outcome::Abandoned, Outcome::Unknown] {
        assert_eq!(word.as_str().parse(), Ok(word));
    }
    for word in [RowState::Open, RowState::Closed, RowState::Unknown, RowState::Cut] {
        assert_eq!(word.as_str().parse(), Ok(word));
    }
    for word in [Via::Direct, Via::Tester] {
        assert_eq!(word.as_str().parse(), Ok(word));
    }
    assert!("".parse::<Wire>().is_err());
}
