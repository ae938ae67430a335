//! Shipping: once, in order, whole; also after a crash between SQLite's two commits.

use domain::{
    call::Charge,
    lease::{Ask, CounterId, Fence},
    quota::{Metric, Period},
    request_log::{Batch, Counted, Ending, Outcome, RowState},
};
use store::{
    Refusal, Store, StoreError, ledger, ledger_audit,
    request_log::{self, Filter, Shipped},
};

use crate::{backends::on_both, calls::*, world::*};

/// A world, its node and the node's lease of 50 units.
async fn begun(store: &Store) -> (World, Fence, CounterId) {
    let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 100)]).await;
    let (node, counter) = (ledger::open_epoch(store, 5, NOW).await.unwrap(), world.counter().await);
    ledger::grant(store, node, NOW, &[Ask { counter, known: 0, want: 50, need: 1 }]).await.unwrap();
    (world, node, counter)
}

async fn spent(store: &Store, counter: CounterId) -> u64 {
    ledger::usage(store, &[counter.quota], NOW).await.unwrap()[0].usage.used
}

async fn assert_clean(store: &Store) {
    assert_eq!(ledger_audit::check(store).await.unwrap().findings, []);
}

fn rows(node: Fence, counted: &[Counted], from: u64, to: u64) -> Batch {
    batch(node, from, to, (from..=to).map(|seq| closed_row(node, seq, counted)).collect(), vec![])
}

#[test]
fn a_batch_is_taken_once_and_only_where_the_last_one_ended() {
    on_both(|store| async move {
        let (_world, node, counter) = begun(&store).await;
        let counted = [requests(counter)];
        let ship = async |batch: &Batch| match request_log::ship(&store, batch).await {
            Ok(Shipped::Now) => "now".to_owned(),
            Ok(Shipped::Before) => "before".to_owned(),
            Err(StoreError::Refused(Refusal::NotNext { expected, .. })) => format!("expected {expected}"),
            Err(StoreError::Refused(Refusal::NotOfTheCut { .. })) => "not of the cut".to_owned(),
            Err(other) => panic!("{other}"),
        };
        let mut astray = rows(node, &counted, 31, 35);
        astray.rows[0].place.seq = 30;
        let mut foreign = rows(node, &counted, 31, 35);
        foreign.closes = vec![refunded(Fence { epoch: 9, ..node }, 3, &counted)];
        let steps = [
            (rows(node, &counted, 11, 20), "now"), // a journal may begin anywhere
            (rows(node, &counted, 11, 20), "before"),
            (rows(node, &counted, 21, 30), "now"),
            (rows(node, &counted, 11, 20), "before"),
            (rows(node, &counted, 32, 40), "expected 31"),
            (rows(node, &counted, 25, 35), "expected 31"),
            (rows(node, &counted, 11, 19), "expected 31"),
            (astray, "not of the cut"),
            (foreign, "not of the cut"),
            (batch(node, 31, 30, vec![], vec![]), "not of the cut"),
            (batch(node, 31, 33, vec![], vec![]), "now"), // outcomes alone make no rows
        ];
        for (batch, expected) in steps {
            assert_eq!(ship(&batch).await, expected, "{}..={}", batch.lo, batch.hi);
        }
        assert_eq!(spent(&store, counter).await, 20);
        let marks = ledger::watermarks(&store, node).await.unwrap();
        assert_eq!(marks, [ledger::Watermark { ring: 0, hi: 33 }]);
        assert_clean(&store).await;
    });
}

#[test]
fn an_open_row_is_charged_at_once_and_closed_later_with_its_refund() {
    on_both(|store| async move {
        let (_world, node, counter) = begun(&store).await;
        let counted = [requests(counter)];
        let first = batch(node, 1, 2, vec![open_row(node, 1, &counted), open_row(node, 2, &counted)], vec![]);
        request_log::ship(&store, &first).await.unwrap();
        assert_eq!(spent(&store, counter).await, 2);
        assert_clean(&store).await;

        let closes = vec![refunded(node, 1, &counted)];
        let second = batch(node, 3, 3, vec![], closes);
        for expected in [Shipped::Now, Shipped::Before] {
            assert_eq!(request_log::ship(&store, &second).await.unwrap(), expected);
            assert_eq!(spent(&store, counter).await, 1, "one call was given back");
        }
        let mut listed = request_log::list(&store, &Filter::default()).await.unwrap();
        let (closed, open) = (listed.pop().unwrap(), listed.pop().unwrap());
        assert_eq!(open, first.rows[1]);
        assert_eq!((closed.state, closed.denial), (RowState::Closed, second.closes[0].ending.denial));
        assert_eq!(closed.ending.as_ref(), Some(&second.closes[0].ending));
        assert_clean(&store).await;

        // After a crash nobody knows how the other one ended: it stays charged.
        let unknown = Ending {
            outcome: Outcome::Unknown,
            refund: Charge::NOTHING,
            denial: None,
            ..refunded(node, 2, &[]).ending
        };
        let close =
            domain::request_log::Close { state: RowState::Unknown, ending: unknown, ..refunded(node, 2, &counted) };
        request_log::ship(&store, &batch(node, 4, 4, vec![], vec![close])).await.unwrap();
        ledger::settle(&store, node).await.unwrap();
        assert_eq!(ledger::usage(&store, &[counter.quota], NOW).await.unwrap()[0].granted, 1, "the rest went back");
        assert_clean(&store).await;
    });
}

#[test]
fn a_settled_life_ships_nothing_new() {
    on_both(|store| async move {
        let (_world, node, counter) = begun(&store).await;
        let first = rows(node, &[requests(counter)], 1, 5);
        request_log::ship(&store, &first).await.unwrap();
        ledger::settle(&store, node).await.unwrap();
        let late = request_log::ship(&store, &rows(node, &[requests(counter)], 6, 9)).await;
        assert!(matches!(late, Err(StoreError::Refused(Refusal::Fenced(fence))) if fence == node));
        assert_eq!(request_log::ship(&store, &first).await.unwrap(), Shipped::Before);
        assert_eq!(spent(&store, counter).await, 5);
        assert_clean(&store).await;
    });
}

#[test]
fn a_batch_sent_again_after_a_crash_between_the_halves_is_whole_and_once() {
    on_both(|store| async move {
        if !is_sqlite(&store).await {
            return; // one transaction has no halves
        }
        let (_world, node, counter) = begun(&store).await;
        let first = rows(node, &[requests(counter)], 1, 7);
        assert_eq!(request_log::ship_to_log(&store, &first).await.unwrap(), Shipped::Now);
        // The process died here. The log is ahead, the ledger does not know.
        assert_eq!(spent(&store, counter).await, 0);
        let findings = ledger_audit::check(&store).await.unwrap().findings;
        assert!(matches!(findings[0], ledger_audit::Finding::HalfShipped { log: 7, ledger: -1, .. }), "{findings:?}");

        assert_eq!(request_log::ship(&store, &first).await.unwrap(), Shipped::Now);
        assert_eq!(spent(&store, counter).await, 7);
        assert_eq!(request_log::ship(&store, &first).await.unwrap(), Shipped::Before);
        assert_eq!(spent(&store, counter).await, 7);
        assert_eq!(request_log::list(&store, &Filter::default()).await.unwrap().len(), 7);
        assert_clean(&store).await;
    });
}

/// Only SQLite has a file of its own for the log, and so takes a batch in two halves.
async fn is_sqlite(store: &Store) -> bool {
    format!("{store:?}").contains("Sqlite")
}
