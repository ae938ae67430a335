//! Calls that wait for a grant: how long, for how much, and what they are told.

use std::{rc::Rc, sync::Arc};

use domain::{
    decision::Denial,
    lease::CounterId,
    price::Price,
    quota::{Metric, Quota, Scope},
    time::SECOND,
};

use super::world::{self, Ledger, Shelf};
use crate::{
    meter::{Limits, Meter, Permit, Refused},
    record::Recorder,
};

struct Scene {
    meter: Arc<Meter>,
    ledger: Ledger,
    limits: Arc<Limits>,
    recorder: Rc<Recorder>,
    _shelf: Shelf,
}

fn scene(quotas: &[Quota]) -> Scene {
    let meter = Arc::new(Meter::new(world::CLOCK));
    let (shelf, recorder) = Shelf::small(world::CLOCK);
    Scene {
        limits: meter.limits(quotas.iter().copied(), []),
        ledger: Ledger::new(quotas),
        meter,
        recorder,
        _shelf: shelf,
    }
}

impl Scene {
    async fn admit(&self, credits: u32) -> Result<Permit, Refused> {
        let call = world::call(1);
        let price = Price::Credits(credits);
        self.meter.admit(&self.recorder, &self.limits, price, &call, world::now(), world::steady()).await
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime can be made");
    runtime.block_on(future)
}

#[test]
fn the_first_calls_of_a_window_wait_for_one_grant_together() {
    let scene = scene(&[world::quota(1, Scope::Account, Metric::Credits, 1_000_000)]);
    run(async {
        let ask = async {
            let asks = scene.meter.next_asks().await;
            assert_eq!(asks.len(), 1);
            tokio::task::yield_now().await;
            scene.meter.answer(asks.into_iter().map(|ask| (ask, Ok(scene.ledger.grant(&ask)))).collect());
        };
        let (_, a, b, c) = tokio::join!(ask, scene.admit(10), scene.admit(20), scene.admit(30));
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
    });
}

#[test]
fn a_price_above_the_lease_in_hand_is_asked_for_by_what_is_missing() {
    let scene = scene(&[world::quota(1, Scope::Account, Metric::Credits, 10_000)]);
    run(async {
        let answer_one = async {
            for need in [1, 2_991] {
                let asks = scene.meter.next_asks().await;
                // Let the call register what it waits for before the ask is judged; the first ask may precede that.
                assert!(asks[0].need <= need && asks[0].want >= asks[0].need, "{asks:?}");
                scene.meter.answer(asks.into_iter().map(|ask| (ask, Ok(scene.ledger.grant(&ask)))).collect());
            }
        };
        let calls = async {
            drop(scene.admit(1).await.expect("the first lease is 10 units").start(0));
            drop(scene.admit(3_000).await.expect("the ledger has enough").start(0));
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), async { tokio::join!(answer_one, calls) })
            .await
            .expect("both calls are served");
    });
    let used: u64 = scene.limits.usage(world::now()).map(|usage| usage.used).sum();
    assert_eq!(used, 3_001);
}

#[test]
fn what_is_dearer_than_the_whole_quota_is_denied_without_asking() {
    let scene = scene(&[world::quota(1, Scope::Key, Metric::Credits, 10)]);
    let refused = run(scene.admit(11)).err();
    assert_eq!(refused, Some(Refused { denial: Denial::QuotaExhausted(Scope::Key), retry_at: None }));
    assert!(scene.meter.due_asks().is_empty());
}

#[test]
fn a_ledger_that_stays_away_ends_the_wait_after_five_seconds_and_later_waits_at_once() {
    let scene = scene(&[world::quota(1, Scope::Account, Metric::Requests, 10)]);
    let unavailable = Some(Refused { denial: Denial::QuotaUnavailable, retry_at: None });
    run(async {
        let began = world::steady();
        let ledger = async {
            while world::steady() - began < 6 * SECOND {
                scene.ledger.fail(&scene.meter);
                world::pass(SECOND / 4);
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        };
        let (_, refused) = tokio::join!(ledger, scene.admit(1));
        assert_eq!(refused.err(), unavailable);
        assert_eq!(scene.admit(1).await.err(), unavailable, "the ledger is known to be away");
        scene.ledger.answer(&scene.meter);
        assert!(scene.admit(1).await.is_ok(), "it is back, and the call that was refused had asked again");
    });
}

#[test]
fn the_last_units_are_waited_for_while_others_hold_some() {
    let quota = world::quota(1, Scope::Account, Metric::Requests, 5);
    let scene = scene(&[quota]);
    let counter = CounterId { quota: quota.id, window: quota.window(world::now()).start };
    scene.ledger.take_elsewhere(counter, 5, 5);
    run(async {
        let began = world::steady();
        let ledger = async {
            for round in 0.. {
                scene.ledger.answer(&scene.meter);
                world::pass(2_000);
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                if round == 20 {
                    scene.ledger.give_back_elsewhere(counter, 1);
                }
                if world::steady() - began > SECOND {
                    return;
                }
            }
        };
        let (_, first) = tokio::join!(ledger, scene.admit(1));
        drop(first.expect("another node gave a unit back in time").start(0));
        let (_, second) = tokio::join!(
            async {
                for _ in 0..300 {
                    scene.ledger.answer(&scene.meter);
                    world::pass(2_000);
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
            },
            scene.admit(1)
        );
        assert_eq!(second.err().map(|refused| refused.denial), Some(Denial::QuotaExhausted(Scope::Account)));
    });
}

#[test]
fn the_narrowest_exhausted_scope_speaks() {
    let quotas = [(1, Scope::Account), (2, Scope::Member), (3, Scope::Key)]
        .map(|(id, scope)| world::quota(id, scope, Metric::Requests, 1));
    let scene = scene(&quotas);
    run(async {
        let ledger = async {
            for _ in 0..20 {
                scene.ledger.answer(&scene.meter);
                tokio::task::yield_now().await;
            }
        };
        let (_, first) = tokio::join!(ledger, scene.admit(1));
        let _running = first.expect("one unit each").start(0);
        let ledger = async {
            for _ in 0..20 {
                scene.ledger.answer(&scene.meter);
                tokio::task::yield_now().await;
            }
        };
        let (_, second) = tokio::join!(ledger, scene.admit(1));
        assert_eq!(second.err().map(|refused| refused.denial), Some(Denial::QuotaExhausted(Scope::Key)));
    });
}
