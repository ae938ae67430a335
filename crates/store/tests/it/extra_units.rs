//! Extra units: exactly so many more in one window, whoever draws them and whatever becomes of the plan meanwhile.

use domain::{
    extra_units::{ExtraUnits, ExtraUnitsRefused},
    id::ExtraUnitsId,
    lease::{Answer, Ask, CounterId},
    quota::{MAX_LIMIT, Metric, Period, Quota},
    time::DAY,
};
use store::{Store, extra_units, ledger};

use crate::{backends::on_both, world::*};

const FOLDER: u128 = 78;

fn extra(number: u128, quota: &Quota, units: u64) -> ExtraUnits {
    ExtraUnits {
        id: ExtraUnitsId::from_u128(number),
        account: id(1),
        api: name("chain"),
        quota: quota.id,
        metric: quota.metric,
        period: quota.period,
        window: quota.window(NOW),
        units,
        reason: name("a fair at the weekend"),
        granted_by: "Opal".to_owned(),
        granted_at: NOW,
    }
}

async fn grant(store: &Store, extra: &ExtraUnits, quota: &Quota) -> Result<u64, ExtraUnitsRefused> {
    let tx = store.begin().await.unwrap();
    let told = extra_units::grant(&tx, extra, quota).await.unwrap();
    tx.commit().await.unwrap();
    told
}

/// All that a node can draw of a counter at once.
async fn drawn(store: &Store, counter: CounterId, known: u64) -> u64 {
    let node = ledger::open_epoch(store, FOLDER, NOW).await.unwrap();
    let ask = Ask { counter, known, want: 1_000_000, need: 1 };
    match ledger::grant(store, node, NOW, &[ask]).await.unwrap()[0] {
        Answer::Granted { granted, .. } => granted,
        Answer::Exhausted { .. } => known,
        Answer::Refused => panic!("the counter is there"),
    }
}

#[test]
fn a_window_gives_its_limit_and_the_extra_units_and_not_one_more() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let quota = world.quotas().await.remove(0);
        // Before any node asked, so that the grant makes the counter.
        assert_eq!(grant(&store, &extra(1, &quota, 7), &quota).await, Ok(17));
        assert_eq!(drawn(&store, counter(&quota), 0).await, 17);
        let usage = ledger::usage(&store, &[quota.id], NOW).await.unwrap()[0];
        assert_eq!((usage.usage.limit, usage.granted), (17, 17));
        // The next window has the plan's limit.
        let tomorrow = ledger::usage(&store, &[quota.id], NOW.plus(DAY)).await.unwrap()[0];
        assert_eq!(tomorrow.usage.limit, 10);
        assert_eq!(extra_units::list(&store, id(1), None, 9).await.unwrap(), [extra(1, &quota, 7)]);
    });
}

#[test]
fn units_that_are_added_after_the_last_one_was_drawn_can_be_drawn() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let quota = world.quotas().await.remove(0);
        let node = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        let ask = |known, want| Ask { counter: counter(&quota), known, want, need: 1 };
        let one = async |ask: Ask| ledger::grant(&store, node, NOW, &[ask]).await.unwrap()[0];
        assert_eq!(one(ask(0, 99)).await, Answer::Granted { granted: 10, left: 0, limit: 10 });
        assert!(matches!(one(ask(10, 1)).await, Answer::Exhausted { .. }));
        for (number, sum) in [(1, 12), (2, 14)] {
            assert_eq!(grant(&store, &extra(number, &quota, 2), &quota).await, Ok(sum));
        }
        assert_eq!(one(ask(10, 99)).await, Answer::Granted { granted: 14, left: 0, limit: 14 });
        assert!(matches!(one(ask(14, 1)).await, Answer::Exhausted { .. }));
    });
}

#[test]
fn a_plan_that_changes_leaves_extra_units_on_top() {
    let cases = [
        // The limit from then on, and what the running window holds with 5 extra units.
        (20, 25),
        (10, 15),
        (4, 15), // a lower limit holds from the next window
    ];
    for (limit, expected) in cases {
        on_both(|store| async move {
            let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
            let quota = world.quotas().await.remove(0);
            assert_eq!(grant(&store, &extra(1, &quota, 5), &quota).await, Ok(15));
            world.publish(&[terms(Metric::Requests, Period::Day, limit)], NOW).await;
            let usage = ledger::usage(&store, &[quota.id], NOW).await.unwrap()[0];
            assert_eq!(usage.usage.limit, expected, "a plan of {limit}");
            assert_eq!(drawn(&store, counter(&quota), 0).await, expected, "a plan of {limit}");
        });
    }
}

#[test]
fn more_than_can_be_counted_is_refused_and_changes_nothing() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let quota = world.quotas().await.remove(0);
        assert_eq!(grant(&store, &extra(1, &quota, MAX_LIMIT), &quota).await, Err(ExtraUnitsRefused::TooMany));
        assert_eq!(extra_units::list(&store, id(1), None, 9).await.unwrap(), []);
        assert_eq!(drawn(&store, counter(&quota), 0).await, 10);
    });
}
