//! Every record is used once, whatever the cuts and wherever a crash comes.

use std::collections::BTreeMap;

use domain::{
    call::Charge,
    id::{AccountId, KeyId, QuotaId, RequestId, ValueId},
    lease::CounterId,
    quota::Metric,
    request_log::{Outcome, Place, RowState, Via, Wire},
};
use proptest::prelude::*;

use super::*;

fn counted() -> Vec<Counted> {
    let counter = CounterId { quota: QuotaId::from_u128(1), window: Timestamp::from_micros(0) };
    vec![Counted { counter, metric: Metric::Requests }]
}

fn row(seq: u64, time: i64, denied: bool) -> Box<Row> {
    Box::new(Row {
        place: Place { node: 1, epoch: 2, ring: 3, seq },
        request: RequestId::from_u128(u128::from(seq)),
        time: Timestamp::from_micros(time),
        account: AccountId::from_u128(1),
        member: None,
        key: KeyId::from_u128(1),
        value: ValueId::from_u128(1),
        api: "node".into(),
        network: None,
        wire: Wire::Http,
        via: Via::Direct,
        method: "eth_call".into(),
        path: "/".into(),
        policy_version: 1,
        charge: if denied { Charge::NOTHING } else { Charge::priced(1) },
        overage: Charge::NOTHING,
        counted: if denied { vec![] } else { counted() },
        denial: None,
        batch: None,
        observed: Default::default(),
        contracts: None,
        count: 1,
        address: None,
        origin: None,
        agent: None,
        state: if denied { RowState::Closed } else { RowState::Open },
        ending: None,
    })
}

fn outcome(intent: u64, refunded: bool) -> Said {
    let ending = Box::new(Ending {
        outcome: Outcome::Answered,
        denial: None,
        status: 200,
        rpc_error: None,
        refund: if refunded { Charge::priced(1) } else { Charge::NOTHING },
        latency: intent,
        upstream_latency: 0,
        attempts: 1,
        upstream: None,
        bytes_in: 0,
        bytes_out: 0,
    });
    Said::Outcome { intent, counted: counted(), ending }
}

/// A journal: at each step a call begins, a denial is written, or a call that runs is over.
fn journal(steps: &[(u8, usize, bool)]) -> Vec<Said> {
    let (mut said, mut running) = (Vec::new(), Vec::new());
    for (step, which, refunded) in steps {
        let seq = said.len() as u64 + 1;
        match step {
            0 | 1 => {
                running.push(seq);
                said.push(Said::Intent(row(seq, seq as i64, false)));
            }
            2 => said.push(Said::Whole(row(seq, seq as i64, true))),
            _ if running.is_empty() => said.push(Said::Whole(row(seq, seq as i64, true))),
            _ => said.push(outcome(running.swap_remove(which % running.len()), *refunded)),
        }
    }
    said
}

/// What a store would hold, and what it was charged.
#[derive(Default, Debug, PartialEq)]
struct Stored {
    rows: BTreeMap<u64, Option<u64>>,
    spent: i64,
}

impl Stored {
    fn take(&mut self, batch: &Batch) {
        for row in &batch.rows {
            let before = self.rows.insert(row.place.seq, row.ending.as_ref().map(|ending| ending.latency));
            assert_eq!(before, None, "row {} twice", row.place.seq);
        }
        for close in &batch.closes {
            let before = self.rows.insert(close.place.seq, Some(close.ending.latency));
            assert_eq!(before, Some(None), "a close needs an open row: {}", close.place.seq);
        }
        self.spent += batch.spent().iter().map(|(_, amount)| amount).sum::<i64>();
    }
}

fn expected(said: &[Said]) -> Stored {
    let mut stored = Stored::default();
    for (place, said) in said.iter().enumerate() {
        match said {
            Said::Intent(_) => {
                stored.rows.insert(place as u64 + 1, None);
                stored.spent += 1;
            }
            Said::Whole(_) => _ = stored.rows.insert(place as u64 + 1, None),
            Said::Outcome { intent, ending, .. } => {
                stored.rows.insert(*intent, Some(*intent));
                stored.spent -= i64::from(ending.refund.requests);
            }
        }
    }
    stored
}

proptest! {
    #[test]
    fn every_record_is_used_once(
        steps in prop::collection::vec((0u8..6, 0usize..50, any::<bool>()), 1..150),
        cuts in prop::collection::vec((1usize..30, any::<bool>(), any::<bool>(), 0u8..3), 1..100),
    ) {
        let said = journal(&steps);
        let mut joiner = Joiner::new(1, 2, 3, Progress::default());
        let mut stored = Stored::default();
        let finish = std::iter::repeat_n((usize::MAX, true, false, 0), 2);
        for (feed, all, crash_before, crash) in cuts.into_iter().chain(finish) {
            for _ in 0..feed {
                match said.get(joiner.next() as usize - 1) {
                    Some(said) => joiner.feed(said.clone()),
                    None => break,
                }
            }
            let old = Timestamp::from_micros(if all { i64::MAX } else { 0 });
            let Some(cut) = joiner.cut(old, false) else { continue };
            // The cut is written down. A crash before or after the store took it: the same cut again, from the journal.
            let sent = joiner.batch(&cut);
            if crash_before {
                let mut again = Joiner::new(1, 2, 3, Progress { through: cut.lo - 1, seen: cut.seen_before });
                while again.next() <= cut.seen {
                    again.feed(said[again.next() as usize - 1].clone());
                }
                prop_assert_eq!(&again.batch(&cut), &sent, "the same to the byte");
                joiner = again;
            }
            stored.take(&sent);
            joiner.stored(&cut);
            if crash == 2 {
                joiner = Joiner::new(1, 2, 3, joiner.progress());
            }
        }
        prop_assert_eq!(stored, expected(&said));
    }
}

#[test]
fn a_call_that_runs_is_stored_as_open_when_it_is_old() {
    let mut joiner = Joiner::new(1, 2, 3, Progress::default());
    joiner.feed(Said::Intent(row(1, 0, false)));
    joiner.feed(Said::Whole(row(2, 1, true)));
    assert_eq!(joiner.cut(Timestamp::from_micros(OPEN_AFTER - 1), false), None, "it may end soon");
    let cut = joiner.cut(Timestamp::from_micros(OPEN_AFTER), false).expect("old enough");
    assert_eq!(cut, Cut { lo: 1, hi: 2, seen_before: 0, seen: 2 });
    assert_eq!(joiner.batch(&cut).rows[0].state, RowState::Open);
    joiner.stored(&cut);
    joiner.feed(outcome(1, false));
    let cut = joiner.cut(Timestamp::from_micros(OPEN_AFTER), false).expect("an outcome");
    let batch = joiner.batch(&cut);
    assert_eq!((batch.rows.len(), batch.closes.len()), (0, 1));
}
