//! Grants, returns, fencing and windows: the ledger's rules as the store keeps them.

use domain::{
    lease::{Answer, Ask, CounterId, Fence, NodeId},
    quota::{Metric, Period},
    time::{DAY, SECOND},
};
use store::{Refusal, Store, StoreError, ledger, quota};

use crate::{backends::on_both, world::*};

const FOLDER: u128 = 77;

fn ask(counter: CounterId, known: u64, want: u64) -> Ask {
    Ask { counter, known, want, need: 1 }
}

async fn one(store: &Store, fence: Fence, ask: Ask) -> Answer {
    ledger::grant(store, fence, NOW, &[ask]).await.unwrap()[0]
}

async fn granted(store: &Store, counter: CounterId) -> u64 {
    ledger::usage(store, &[counter.quota], NOW).await.unwrap()[0].granted
}

#[test]
fn a_repeated_ask_gives_nothing_new_and_a_counter_never_more_than_its_limit() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let counter = world.counter().await;
        let node = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        let answer = |granted, left| Answer::Granted { granted, left, limit: 10 };
        let exhausted = |left, elsewhere| Answer::Exhausted { left, elsewhere, limit: 10 };
        let other = ledger::open_epoch(&store, FOLDER + 1, NOW).await.unwrap();
        let steps = [
            (node, ask(counter, 0, 4), answer(4, 6)),
            (node, ask(counter, 0, 4), answer(4, 6)), // the first answer was lost
            (node, ask(counter, 9, 1), Answer::Refused), // more than was ever given
            (other, ask(counter, 0, 3), answer(3, 3)),
            (node, ask(counter, 4, 9), answer(7, 0)), // what is left
            (other, ask(counter, 3, 1), exhausted(0, 7)),
            (other, Ask { need: 5, ..ask(counter, 3, 5) }, exhausted(0, 7)),
        ];
        for (who, asked, expected) in steps {
            assert_eq!(one(&store, who, asked).await, expected, "{asked:?}");
        }
        assert_eq!(granted(&store, counter).await, 10);
        // Returned units can be drawn by the other; the same message again frees nothing more.
        for _ in 0..2 {
            ledger::take_back(&store, node, &[(counter, 5)]).await.unwrap();
            assert_eq!(granted(&store, counter).await, 5);
        }
        assert_eq!(one(&store, other, ask(counter, 3, 9)).await, answer(8, 0));
    });
}

#[test]
fn a_bundle_is_answered_in_order_and_each_ask_by_itself() {
    on_both(|store| async move {
        let world = World::new(
            store.clone(),
            &[terms(Metric::Requests, Period::Day, 10), terms(Metric::Credits, Period::Month, 3)],
        )
        .await;
        let node = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        let counters: Vec<CounterId> = world.quotas().await.iter().map(counter).collect();
        let gone = CounterId { quota: quota_id(9), window: counters[0].window };
        let bundle = [
            ask(counters[1], 0, 5),
            ask(gone, 0, 1),
            ask(counters[0], 0, 2),
            ask(counters[0], 2, 2),
            ask(counters[0], 0, 2),
        ];
        let answers = ledger::grant(&store, node, NOW, &bundle).await.unwrap();
        let expected = [
            Answer::Granted { granted: 3, left: 0, limit: 3 },
            Answer::Refused,
            Answer::Granted { granted: 2, left: 8, limit: 10 },
            Answer::Granted { granted: 4, left: 6, limit: 10 },
            Answer::Granted { granted: 4, left: 6, limit: 10 },
        ];
        assert_eq!(answers, expected);
        let flood = vec![ask(gone, 0, 1); ledger::MAX_ASKS + 1];
        let refused = ledger::grant(&store, node, NOW, &flood).await;
        assert!(matches!(refused, Err(StoreError::Refused(Refusal::TooMany { .. }))));
    });
}

#[test]
fn windows_that_are_over_or_far_off_are_refused_and_each_has_its_own_counter() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let today = world.counter().await;
        let tomorrow = CounterId { window: today.window.plus(DAY), ..today };
        let node = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        let all = Answer::Granted { granted: 10, left: 0, limit: 10 };
        let shortly_before = MIDNIGHT.plus(DAY - ledger::PREFETCH);
        let cases = [
            (today, NOW, all),
            (tomorrow, NOW, Answer::Refused),
            (tomorrow, shortly_before.plus(-SECOND), Answer::Refused),
            (tomorrow, shortly_before, all),
            (today, MIDNIGHT.plus(DAY), Answer::Refused),
            (CounterId { window: today.window.plus(1), ..today }, NOW, Answer::Refused),
        ];
        for (counter, now, expected) in cases {
            assert_eq!(ledger::grant(&store, node, now, &[ask(counter, 0, 10)]).await.unwrap(), [expected], "{now}");
        }
    });
}

#[test]
fn a_life_that_is_over_is_fenced_off_and_a_new_one_waits_for_settling() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let counter = world.counter().await;
        assert_eq!(ledger::find_node(&store, FOLDER).await.unwrap(), None);
        let first = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        assert_eq!(first, Fence { node: NodeId(1), epoch: 1 });
        one(&store, first, ask(counter, 0, 6)).await;

        let refused = ledger::open_epoch(&store, FOLDER, NOW).await;
        assert!(matches!(refused, Err(StoreError::Refused(Refusal::Unsettled(fence))) if fence == first));
        for _ in 0..2 {
            ledger::settle(&store, first).await.unwrap();
            let known = ledger::find_node(&store, FOLDER).await.unwrap().unwrap();
            assert_eq!((known.newest, known.settled), (first, true));
            assert_eq!(granted(&store, counter).await, 0, "nothing was spent");
        }
        // Settled, the old life gets nothing, also before the next has begun.
        assert_eq!(one(&store, first, ask(counter, 6, 1)).await, Answer::Refused);
        let second = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        assert_eq!(second, Fence { node: NodeId(1), epoch: 2 });
        let stale = ledger::take_back(&store, first, &[(counter, 6)]).await;
        assert!(matches!(stale, Err(StoreError::Refused(Refusal::Fenced(fence))) if fence == first));
        ledger::settle(&store, first).await.unwrap();
        assert_eq!(one(&store, second, ask(counter, 0, 10)).await, Answer::Granted { granted: 10, left: 0, limit: 10 });
        let stranger = Fence { node: NodeId(9), epoch: 1 };
        assert_eq!(one(&store, stranger, ask(counter, 0, 1)).await, Answer::Refused);
        assert!(matches!(ledger::settle(&store, stranger).await, Err(StoreError::NotFound { .. })));
    });
}

#[test]
fn a_raised_limit_holds_at_once_and_a_lowered_one_from_the_next_window() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let today = world.counter().await;
        let tomorrow = CounterId { window: today.window.plus(DAY), ..today };
        let node = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        let late = MIDNIGHT.plus(DAY - SECOND);
        let limit =
            async |counter, known| match ledger::grant(&store, node, late, &[ask(counter, known, 1)]).await.unwrap()[0]
            {
                Answer::Granted { limit, .. } => limit,
                other => panic!("{other:?}"),
            };
        assert_eq!((limit(today, 0).await, limit(tomorrow, 0).await), (10, 10));
        // Each step: the new limit, then what holds today and tomorrow.
        for (step, (to, today_has, tomorrow_has)) in [(20, 20, 20), (5, 20, 5), (15, 20, 15)].into_iter().enumerate() {
            let tx = store.begin().await.unwrap();
            quota::save_limit(&tx, today.quota, to, late).await.unwrap();
            tx.commit().await.unwrap();
            let known = step as u64 + 1;
            assert_eq!((limit(today, known).await, limit(tomorrow, known).await), (today_has, tomorrow_has), "to {to}");
        }
        let tx = store.begin().await.unwrap();
        quota::remove(&tx, today.quota).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(one(&store, node, ask(today, 4, 1)).await, Answer::Refused);
    });
}

#[test]
fn a_life_that_is_written_off_gives_nothing_back_and_the_next_may_begin() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let counter = world.counter().await;
        let lost = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        one(&store, lost, ask(counter, 0, 4)).await;
        for _ in 0..2 {
            ledger::write_off(&store, lost).await.unwrap();
            assert_eq!(granted(&store, counter).await, 4, "nobody knows what was spent of them");
        }
        let next = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        assert_eq!(one(&store, lost, ask(counter, 4, 1)).await, Answer::Refused);
        assert_eq!(one(&store, next, ask(counter, 0, 9)).await, Answer::Granted { granted: 6, left: 0, limit: 10 });
    });
}
