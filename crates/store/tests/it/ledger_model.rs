//! The ledger under random interleavings: two nodes draw, spend, return, ship, crash and start again, answers get
//! lost, the limit moves. After every step the audit is clean; at the end every unit that is left can be served.

use domain::{
    lease::{Answer, Ask, CounterId, Fence},
    quota::{Metric, Period},
    request_log::{Batch, Close, Counted, Outcome, Row, RowState},
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
    Ask { node: usize, want: u64, need: u64, lost: bool },
    Spend { node: usize },
    End { node: usize, refund: bool },
    Return { node: usize, units: u64, again: bool },
    Ship { node: usize, again: bool },
    Crash { node: usize },
    Limit { to: u64 },
}

fn a_step() -> impl Strategy<Value = Step> {
    let node = 0..2usize;
    prop_oneof![
        4 => (node.clone(), 1..9u64, 1..4u64, any::<bool>()).prop_map(|(node, want, need, lost)| Step::Ask { node, want, need, lost }),
        8 => node.clone().prop_map(|node| Step::Spend { node }),
        4 => (node.clone(), any::<bool>()).prop_map(|(node, refund)| Step::End { node, refund }),
        2 => (node.clone(), 1..5u64, any::<bool>()).prop_map(|(node, units, again)| Step::Return { node, units, again }),
        4 => (node.clone(), any::<bool>()).prop_map(|(node, again)| Step::Ship { node, again }),
        1 => node.prop_map(|node| Step::Crash { node }),
        1 => (10..60u64).prop_map(|to| Step::Limit { to }),
    ]
}

/// A node as the protocol has it: what it believes, and a journal that survives it.
struct Node {
    folder: u128,
    fence: Fence,
    /// All units it knows to have been granted, and all it gave back.
    known: u64,
    returned: u64,
    balance: u64,
    /// The journal: the next record, what is not shipped, calls without an outcome, the last cut.
    seq: u64,
    shipped: u64,
    rows: Vec<Row>,
    closes: Vec<Close>,
    open: Vec<u64>,
    last: Option<Batch>,
}

impl Node {
    async fn start(store: &Store, folder: u128) -> Node {
        let fence = ledger::open_epoch(store, folder, NOW).await.unwrap();
        let (rows, closes, open) = (vec![], vec![], vec![]);
        Node { folder, fence, known: 0, returned: 0, balance: 0, seq: 0, shipped: 0, rows, closes, open, last: None }
    }

    fn spend(&mut self, counted: &[Counted]) {
        self.seq += 1;
        self.balance -= 1;
        self.rows.push(open_row(self.fence, self.seq, counted));
        self.open.push(self.seq);
    }

    /// The oldest call without an outcome ends; a refund goes back to the balance.
    fn end(&mut self, refund: bool, counted: &[Counted], outcome: Outcome) {
        let Some(call) = (!self.open.is_empty()).then(|| self.open.remove(0)) else { return };
        self.seq += 1;
        let mut close = refunded(self.fence, call, counted);
        close.ending.outcome = outcome;
        if !refund {
            (close.ending.refund, close.ending.denial) = (domain::call::Charge::NOTHING, None);
        }
        self.balance += u64::from(refund);
        match self.rows.iter_mut().find(|row| row.place.seq == call) {
            Some(row) => (row.state, row.ending) = (RowState::Closed, Some(close.ending)),
            None => self.closes.push(close),
        }
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
    async fn crash(&mut self, store: &Store, counted: &[Counted]) {
        while !self.open.is_empty() {
            self.end(false, counted, Outcome::Unknown);
        }
        self.ship(store, true).await;
        ledger::settle(store, self.fence).await.unwrap();
        *self = Node::start(store, self.folder).await;
    }
}

/// What must hold of the counter as a whole.
struct Model {
    counter: CounterId,
    /// The limit in the running window, once the counter was made; what the quota says.
    limit: Option<u64>,
    quota_limit: u64,
    /// Calls forwarded and not refunded.
    used: u64,
}

async fn run(store: &Store, nodes: &mut [Node; 2], model: &mut Model, step: Step) {
    let counted = [requests(model.counter)];
    match step {
        Step::Ask { node, want, need, lost } => {
            let node = &mut nodes[node];
            let ask = Ask { counter: model.counter, known: node.known, want, need };
            let answer = ledger::grant(store, node.fence, NOW, &[ask]).await.unwrap()[0];
            let in_window = *model.limit.get_or_insert(model.quota_limit);
            match answer {
                Answer::Granted { limit, .. } | Answer::Exhausted { limit, .. } => assert_eq!(limit, in_window),
                Answer::Refused => panic!("a live node was refused"),
            }
            if let Answer::Granted { granted, .. } = answer
                && !lost
            {
                node.balance += granted - node.known;
                node.known = granted;
            }
        }
        Step::Spend { node } if nodes[node].balance > 0 => {
            nodes[node].spend(&counted);
            model.used += 1;
            assert!(model.used <= model.limit.unwrap(), "I5");
        }
        Step::Spend { .. } => {}
        Step::End { node, refund } => {
            model.used -= u64::from(refund && !nodes[node].open.is_empty());
            nodes[node].end(refund, &counted, Outcome::Failed);
        }
        Step::Return { node, units, again } => {
            let node = &mut nodes[node];
            let units = units.min(node.balance);
            (node.balance, node.returned) = (node.balance - units, node.returned + units);
            for _ in 0..=u8::from(again) {
                ledger::take_back(store, node.fence, &[(model.counter, node.returned)]).await.unwrap();
            }
        }
        Step::Ship { node, again } => nodes[node].ship(store, again).await,
        Step::Crash { node } => nodes[node].crash(store, &counted).await,
        Step::Limit { to } => {
            let tx = store.begin().await.unwrap();
            quota::save_limit(&tx, model.counter.quota, to, NOW).await.unwrap();
            tx.commit().await.unwrap();
            model.quota_limit = to;
            model.limit = model.limit.map(|limit| limit.max(to));
        }
    }
}

async fn check(store: &Store, nodes: &[Node; 2], model: &Model, step: Step) {
    let report = ledger_audit::check(store).await.unwrap();
    assert_eq!(report.findings, [], "after {step:?}");
    let usage = ledger::usage(store, &[model.counter.quota], NOW).await.unwrap()[0];
    let held: u64 = nodes.iter().map(|node| node.balance).sum();
    assert!(usage.granted >= model.used + held, "a unit is in two places after {step:?}");
    assert!(usage.granted <= usage.usage.limit, "I1 after {step:?}");
}

#[test]
fn no_history_overspends_or_loses_a_unit() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..histories() {
        let history = vec(a_step(), 10..60).new_tree(&mut runner).unwrap().current();
        with_both(|backend| {
            let history = history.clone();
            async move {
                let store = backend.open().await;
                let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 30)]).await;
                let counter = world.counter().await;
                let mut model = Model { counter, limit: None, quota_limit: 30, used: 0 };
                let mut nodes = [Node::start(&store, 1).await, Node::start(&store, 2).await];
                for step in history {
                    run(&store, &mut nodes, &mut model, step).await;
                    check(&store, &nodes, &model, step).await;
                }
                // I7: with all nodes alive and settled, what was not used can be served, to the last unit.
                for node in &mut nodes {
                    node.crash(&store, &[requests(counter)]).await;
                }
                let left = model.limit.unwrap_or(model.quota_limit) - model.used;
                let all = Ask { counter, known: 0, want: u64::from(u32::MAX), need: 1 };
                match ledger::grant(&store, nodes[0].fence, NOW, &[all]).await.unwrap()[0] {
                    Answer::Granted { granted, .. } => assert_eq!(granted, left),
                    Answer::Exhausted { .. } => assert_eq!(left, 0),
                    Answer::Refused => panic!("a live node was refused"),
                }
                store.close().await.unwrap();
            }
        });
    }
}
