//! The ledger under random interleavings: two nodes draw, spend, return, ship, crash and start again, answers get
//! lost, the limits move. What a quota cannot pay its overage pays. After every step the audit is clean; at the end every unit
//! that is left can be served.

use domain::{
    lease::{Answer, Ask, CounterId, Fence},
    quota::{Metric, Period, QuotaTerms},
    request_log::{Batch, Close, Outcome, Row, RowState},
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{Store, ledger, ledger_audit, quota, request_log};

use crate::{backends::with_both, calls::*, world::*};

/// How many random histories each database sees: more where there is time.
fn histories() -> u32 {
    match std::env::var("KEYWARD_TIER").as_deref() {
        Ok("torture") => 500,
        Ok("full") => 60,
        _ => 12,
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Ask { node: usize, of: Which, want: u64, need: u64, lost: bool },
    Spend { node: usize },
    End { node: usize, refund: bool },
    Return { node: usize, of: Which, units: u64, again: bool },
    Ship { node: usize, again: bool },
    Crash { node: usize },
    Limit { to: u64 },
}

/// Which of the two counters: the quota's own, or its overage's.
type Which = usize;
const OWN: Which = 0;
const BEYOND: Which = 1;

fn a_step() -> impl Strategy<Value = Step> {
    let node = 0..2usize;
    prop_oneof![
        4 => (node.clone(), OWN..=BEYOND, 1..9u64, 1..4u64, any::<bool>())
            .prop_map(|(node, of, want, need, lost)| Step::Ask { node, of, want, need, lost }),
        8 => node.clone().prop_map(|node| Step::Spend { node }),
        4 => (node.clone(), any::<bool>()).prop_map(|(node, refund)| Step::End { node, refund }),
        2 => (node.clone(), OWN..=BEYOND, 1..5u64, any::<bool>())
            .prop_map(|(node, of, units, again)| Step::Return { node, of, units, again }),
        4 => (node.clone(), any::<bool>()).prop_map(|(node, again)| Step::Ship { node, again }),
        1 => node.prop_map(|node| Step::Crash { node }),
        1 => (10..60u64).prop_map(|to| Step::Limit { to }),
    ]
}

/// A node as the protocol has it: what it believes, and a journal that survives it.
struct Node {
    folder: u128,
    fence: Fence,
    /// Its lease of each of the two counters.
    leases: [Held; 2],
    /// The journal: the next record, what is not shipped, calls without an outcome, the last cut.
    seq: u64,
    shipped: u64,
    rows: Vec<Row>,
    closes: Vec<Close>,
    /// With the counter that paid.
    open: Vec<(u64, Which)>,
    last: Option<Batch>,
}

/// What a node holds of one counter: all units it knows to have been granted, all it gave back, what is in hand.
#[derive(Clone, Copy, Default)]
struct Held {
    known: u64,
    returned: u64,
    balance: u64,
}

impl Node {
    async fn start(store: &Store, folder: u128) -> Node {
        let fence = ledger::open_epoch(store, folder, NOW).await.unwrap();
        let (rows, closes, open) = (vec![], vec![], vec![]);
        Node { folder, fence, leases: [Held::default(); 2], seq: 0, shipped: 0, rows, closes, open, last: None }
    }

    /// The counter that pays the next call: the quota as long as it can.
    fn payer(&self) -> Option<Which> {
        [OWN, BEYOND].into_iter().find(|of| self.leases[*of].balance > 0)
    }

    fn spend(&mut self, of: Which, counters: [CounterId; 2]) {
        self.seq += 1;
        self.leases[of].balance -= 1;
        self.rows.push(open_row(self.fence, self.seq, &[requests(counters[of])]));
        self.open.push((self.seq, of));
    }

    /// The oldest call without an outcome ends; a refund goes back to what paid. Tells which that was.
    fn end(&mut self, refund: bool, counters: [CounterId; 2], outcome: Outcome) -> Option<Which> {
        let (call, of) = (!self.open.is_empty()).then(|| self.open.remove(0))?;
        self.seq += 1;
        let mut close = refunded(self.fence, call, &[requests(counters[of])]);
        close.ending.outcome = outcome;
        if !refund {
            (close.ending.refund, close.ending.denial) = (domain::call::Charge::NOTHING, None);
        }
        self.leases[of].balance += u64::from(refund);
        match self.rows.iter_mut().find(|row| row.place.seq == call) {
            Some(row) => (row.state, row.ending) = (RowState::Closed, Some(close.ending)),
            None => self.closes.push(close),
        }
        Some(of)
    }

    async fn ship(&mut self, store: &Store, again: bool) {
        if again && let Some(last) = &self.last {
            request_log::ship(store, last).await.unwrap();
        }
        if self.shipped == self.seq {
            return;
        }
        let (rows, closes) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.closes));
        let cut = batch(self.fence, self.shipped + 1, self.seq, rows, closes);
        request_log::ship(store, &cut).await.unwrap();
        (self.shipped, self.last) = (self.seq, Some(cut));
    }

    /// Killed and started again: the journal is shipped, calls in flight are charged, the rest goes back.
    async fn crash(&mut self, store: &Store, counters: [CounterId; 2]) {
        while self.end(false, counters, Outcome::Unknown).is_some() {}
        self.ship(store, true).await;
        ledger::settle(store, self.fence).await.unwrap();
        *self = Node::start(store, self.folder).await;
    }
}

/// What must hold of the two counters as a whole.
struct Model {
    counters: [CounterId; 2],
    /// The limits in the running window, once the counters were made.
    limits: [Option<u64>; 2],
    /// What the quota and its overage say.
    quota_limits: [u64; 2],
    /// Calls forwarded and not refunded, by what paid.
    used: [u64; 2],
}

async fn run(store: &Store, nodes: &mut [Node; 2], model: &mut Model, step: Step) {
    match step {
        Step::Ask { node, of, want, need, lost } => {
            let Node { fence, leases, .. } = &mut nodes[node];
            let held = &mut leases[of];
            let ask = Ask { counter: model.counters[of], known: held.known, want, need };
            let answer = ledger::grant(store, *fence, NOW, &[ask]).await.unwrap()[0];
            let in_window = *model.limits[of].get_or_insert(model.quota_limits[of]);
            match answer {
                Answer::Granted { limit, .. } | Answer::Exhausted { limit, .. } => assert_eq!(limit, in_window),
                Answer::Refused => panic!("a live node was refused"),
            }
            if let Answer::Granted { granted, .. } = answer
                && !lost
            {
                held.balance += granted - held.known;
                held.known = granted;
            }
        }
        Step::Spend { node } => {
            let Some(of) = nodes[node].payer() else { return };
            nodes[node].spend(of, model.counters);
            model.used[of] += 1;
            assert!(model.used[of] <= model.limits[of].unwrap(), "I5");
        }
        Step::End { node, refund } => {
            if let Some(of) = nodes[node].end(refund, model.counters, Outcome::Failed) {
                model.used[of] -= u64::from(refund);
            }
        }
        Step::Return { node, of, units, again } => {
            let Node { fence, leases, .. } = &mut nodes[node];
            let held = &mut leases[of];
            let units = units.min(held.balance);
            (held.balance, held.returned) = (held.balance - units, held.returned + units);
            for _ in 0..=u8::from(again) {
                ledger::take_back(store, *fence, &[(model.counters[of], held.returned)]).await.unwrap();
            }
        }
        Step::Ship { node, again } => nodes[node].ship(store, again).await,
        Step::Crash { node } => nodes[node].crash(store, model.counters).await,
        Step::Limit { to } => {
            let tx = store.begin().await.unwrap();
            quota::save_limit(&tx, model.counters[OWN].quota, to, NOW).await.unwrap();
            tx.commit().await.unwrap();
            model.quota_limits[OWN] = to;
            model.limits[OWN] = model.limits[OWN].map(|limit| limit.max(to));
        }
    }
}

async fn check(store: &Store, nodes: &[Node; 2], model: &Model, step: Step) {
    let report = ledger_audit::check(store).await.unwrap();
    assert_eq!(report.findings, [], "after {step:?}");
    let ids = model.counters.map(|counter| counter.quota);
    let usages = ledger::usage(store, &ids, NOW).await.unwrap();
    for (of, usage) in usages.iter().enumerate() {
        let held: u64 = nodes.iter().map(|node| node.leases[of].balance).sum();
        assert!(usage.granted >= model.used[of] + held, "a unit is in two places after {step:?}");
        assert!(usage.granted <= usage.usage.limit, "I1 after {step:?}");
    }
    let beyond = usages[OWN].usage.overage.expect("it is told with its quota");
    assert_eq!((beyond.limit, beyond.used), (Some(BEYOND_LIMIT), usages[BEYOND].usage.used), "after {step:?}");
}

/// Units beyond the quota; its own limit moves.
const BEYOND_LIMIT: u64 = 20;

#[test]
fn no_history_overspends_or_loses_a_unit() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..histories() {
        let history = vec(a_step(), 10..60).new_tree(&mut runner).unwrap().current();
        with_both(|backend| {
            let history = history.clone();
            async move {
                let store = backend.open().await;
                let with_overage =
                    QuotaTerms { overage: Some(BEYOND_LIMIT), ..terms(Metric::Requests, Period::Day, 30) };
                let world = World::new(store.clone(), &[with_overage]).await;
                let quotas = world.quotas().await;
                let counters = [counter(&quotas[0]), counter(&quotas[0].beyond().unwrap())];
                let quota_limits = [30, BEYOND_LIMIT];
                let mut model = Model { counters, limits: [None; 2], quota_limits, used: [0; 2] };
                let mut nodes = [Node::start(&store, 1).await, Node::start(&store, 2).await];
                for step in history {
                    run(&store, &mut nodes, &mut model, step).await;
                    check(&store, &nodes, &model, step).await;
                }
                // I7: with all nodes alive and settled, what was not used can be served, to the last unit.
                for node in &mut nodes {
                    node.crash(&store, counters).await;
                }
                for of in [OWN, BEYOND] {
                    let left = model.limits[of].unwrap_or(model.quota_limits[of]) - model.used[of];
                    let all = Ask { counter: counters[of], known: 0, want: u64::from(u32::MAX), need: 1 };
                    match ledger::grant(&store, nodes[0].fence, NOW, &[all]).await.unwrap()[0] {
                        Answer::Granted { granted, .. } => assert_eq!(granted, left),
                        Answer::Exhausted { .. } => assert_eq!(left, 0),
                        Answer::Refused => panic!("a live node was refused"),
                    }
                }
                store.close().await.unwrap();
            }
        });
    }
}
