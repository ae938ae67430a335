//! Extra units: exactly so many more in one window, whoever draws them and whatever becomes of the plan meanwhile.

use domain::{
    extra_units::{ExtraUnits, ExtraUnitsRefused},
    id::ExtraUnitsId,
    lease::{Answer, Ask, CounterId},
    quota::{MAX_LIMIT, Metric, Period, Quota, QuotaTerms},
    time::{DAY, Timestamp},
};
use store::{Store, extra_units, ledger, ledger_audit};

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
fn extra_units_and_overage_stand_on_one_quota_and_neither_takes_from_the_other() {
    on_both(|store| async move {
        let going_on = |limit, overage| QuotaTerms { overage, ..terms(Metric::Requests, Period::Day, limit) };
        let world = World::new(store.clone(), &[going_on(10, Some(5))]).await;
        let quota = world.quotas().await.remove(0);
        let beyond = quota.beyond().expect("the plan has one");
        assert_eq!(grant(&store, &extra(1, &quota, 7), &quota).await, Ok(17));
        let node = ledger::open_epoch(&store, FOLDER, NOW).await.unwrap();
        let ask = async |of: &Quota, now, known| {
            let asked = Ask { counter: counter_at(of, now), known, want: 1_000_000, need: 1 };
            ledger::grant(&store, node, now, &[asked]).await.unwrap()[0]
        };
        assert_eq!(ask(&quota, NOW, 0).await, Answer::Granted { granted: 17, left: 0, limit: 17 });
        assert_eq!(ask(&beyond, NOW, 0).await, Answer::Granted { granted: 5, left: 0, limit: 5 });
        for (of, known) in [(&quota, 17), (&beyond, 5)] {
            assert!(matches!(ask(of, NOW, known).await, Answer::Exhausted { .. }), "22 units, and not one more");
        }
        let told = async |now| {
            let usage = ledger::usage(&store, &[quota.id], now).await.unwrap()[0].usage;
            (usage.limit, usage.overage.map(|overage| overage.limit))
        };
        assert_eq!(told(NOW).await, (17, Some(Some(5))));
        assert_eq!(told(NOW.plus(DAY)).await, (10, Some(Some(5))), "the next window has no extra units");
        // More beyond, and later none: the quota keeps its extra units, the window what it promised.
        world.publish(&[going_on(10, Some(6))], NOW).await;
        assert_eq!(told(NOW).await, (17, Some(Some(6))));
        assert_eq!(ask(&beyond, NOW, 5).await, Answer::Granted { granted: 6, left: 0, limit: 6 });
        world.publish(&[going_on(10, None)], NOW).await;
        assert_eq!(told(NOW).await, (17, None));
        assert_eq!(ask(&beyond, NOW, 6).await, Answer::Refused, "nothing is given beyond any more");
        assert_eq!(ledger_audit::check(&store).await.unwrap().findings, []);
    });
}

/// The counter of a quota in the window of a moment.
fn counter_at(quota: &Quota, now: Timestamp) -> CounterId {
    CounterId { quota: quota.id, window: quota.window(now).start }
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
