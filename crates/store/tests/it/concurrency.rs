//! Many at once: what the ledger gives sums to the limit, whoever asks, and policies are told in the order they were made.

use std::sync::Arc;

use domain::{
    lease::{Answer, Ask, CounterId, Fence},
    quota::{Metric, Period},
};
use store::{Store, account, ledger, ledger_audit, policy, request_log};

use crate::{
    backends::{on_both, with_both},
    calls::*,
    world::*,
};

const LIMIT: u64 = 10_000;

/// Draws until the ledger says that nothing is left; repeats every third ask, as if its answer had been lost. Tasks of
/// one node share its lease, and so what it knows.
async fn draw(store: Store, fence: Fence, counter: CounterId, known: Arc<tokio::sync::Mutex<u64>>) {
    for turn in 0.. {
        let mut known = known.lock().await;
        let ask = Ask { counter, known: *known, want: 37 + turn % 5, need: 1 };
        if turn % 3 == 0 {
            ledger::grant(&store, fence, NOW, &[ask]).await.unwrap();
        }
        match ledger::grant(&store, fence, NOW, &[ask]).await.unwrap()[0] {
            Answer::Granted { granted, .. } => *known = granted,
            Answer::Exhausted { .. } => return,
            Answer::Refused => panic!("a live node was refused"),
        }
    }
}

#[test]
fn eight_tasks_of_two_nodes_draw_exactly_the_limit() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, LIMIT)]).await;
        let counter = world.counter().await;
        let mut drawn = Vec::new();
        let mut tasks = Vec::new();
        for folder in 0..2 {
            let fence = ledger::open_epoch(&store, folder, NOW).await.unwrap();
            let known = Arc::new(tokio::sync::Mutex::new(0));
            drawn.push((fence, known.clone()));
            tasks.extend((0..4).map(|_| tokio::spawn(draw(store.clone(), fence, counter, known.clone()))));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let mut total = 0;
        for (_, known) in &drawn {
            total += *known.lock().await;
        }
        assert_eq!(total, LIMIT);
        // Everything is spent, shipped and settled: the books close.
        for (fence, known) in drawn {
            let units = *known.lock().await;
            let rows = (1..=units).map(|seq| closed_row(fence, seq, &[requests(counter)])).collect();
            request_log::ship(&store, &batch(fence, 1, units, rows, vec![])).await.unwrap();
            ledger::settle(&store, fence).await.unwrap();
        }
        let usage = ledger::usage(&store, &[counter.quota], NOW).await.unwrap()[0];
        assert_eq!((usage.usage.used, usage.granted, usage.usage.left()), (LIMIT, LIMIT, 0));
        assert_eq!(ledger_audit::check(&store).await.unwrap().findings, []);
    });
}

#[test]
fn bundles_over_the_same_counters_in_any_order_do_not_block_each_other() {
    on_both(|store| async move {
        let quotas: Vec<_> = (1..=20).map(|days| terms(Metric::Requests, Period::Days(days), 1_000)).collect();
        let world = World::new(store.clone(), &quotas).await;
        let counters: Vec<CounterId> = world.quotas().await.iter().map(counter).collect();
        let mut tasks = Vec::new();
        for node in 0..6 {
            let fence = ledger::open_epoch(&store, node, NOW).await.unwrap();
            let (store, mut counters) = (store.clone(), counters.clone());
            counters.rotate_left(node as usize * 3);
            if node % 2 == 0 {
                counters.reverse();
            }
            tasks.push(tokio::spawn(async move {
                for turn in 0..10 {
                    let ask = |counter: &CounterId| Ask { counter: *counter, known: turn, want: 1, need: 1 };
                    let asks: Vec<Ask> = counters.iter().map(ask).collect();
                    ledger::grant(&store, fence, NOW, &asks).await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let all = world.quotas().await.iter().map(|quota| quota.id).collect::<Vec<_>>();
        for usage in ledger::usage(&store, &all, NOW).await.unwrap() {
            assert_eq!(usage.granted, 60);
        }
    });
}

#[test]
fn a_reader_of_the_change_feed_misses_nothing_while_many_write() {
    with_both(|backend| async move {
        // Two openings, as of two processes.
        let (one, other) = (backend.open().await, backend.open().await);
        let write = |store: Store, from: u128| {
            tokio::spawn(async move {
                for number in from..from + 25 {
                    let tx = store.begin().await.unwrap();
                    account::insert(&tx, &an_account(number)).await.unwrap();
                    tokio::task::yield_now().await;
                    tx.commit().await.unwrap();
                }
            })
        };
        let writers = [write(one.clone(), 100), write(other.clone(), 200), write(one.clone(), 300)];
        let (mut version, mut seen) = (0, 0);
        while seen < 75 {
            let (reached, changes) = policy::since(&other, version).await.unwrap();
            (version, seen) = (reached, seen + changes.len());
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!((policy::since(&other, version).await.unwrap().1.len(), seen), (0, 75));
    });
}
