//! Publication: the operator's file becomes the store's plans and APIs, and subscriptions follow.

use std::slice::from_ref;

use domain::{
    lease::{Answer, Ask},
    plan::Plan,
    quota::{Metric, Period, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
};
use store::{Refusal, StoreError, api, ledger, plan, policy, publication, subscription};

use crate::{backends::on_both, world::*};

const DAY_10: QuotaTerms = QuotaTerms { metric: Metric::Requests, period: Period::Day, limit: 10, overage: None };

#[test]
fn what_is_published_comes_back_and_the_same_again_is_no_new_version() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[DAY_10]).await;
        assert_eq!(api::list(&store).await.unwrap(), [an_api("chain")]);
        assert_eq!(api::find(&store, &name("chain")).await.unwrap(), Some(an_api("chain")));
        assert_eq!(plan::list(&store).await.unwrap(), [a_plan("pro", &[DAY_10])]);
        let again = world.publish(&[DAY_10], NOW).await;
        assert_eq!((again.version, again.changed, again.subscriptions), (1, false, 0));
        let changed = world.publish(&[QuotaTerms { limit: 11, ..DAY_10 }], NOW).await;
        assert_eq!((changed.version, changed.changed, changed.subscriptions), (2, true, 1));
        assert_eq!(publication::version(&store).await.unwrap(), 2);
    });
}

#[test]
fn subscriptions_follow_their_plan_and_keep_their_counters() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[DAY_10]).await;
        let counter = world.counter().await;
        let node = ledger::open_epoch(&store, 5, NOW).await.unwrap();
        let draw = async |known| {
            ledger::grant(&store, node, NOW, &[Ask { counter, known, want: 100, need: 1 }]).await.unwrap()[0]
        };
        assert_eq!(draw(0).await, Answer::Granted { granted: 10, left: 0, limit: 10 });
        let version = policy::snapshot(&store).await.unwrap().0;

        // Raised: the rest can be drawn in the same window. A second quota is added beside it.
        let month = terms(Metric::Credits, Period::Month, 500);
        world.publish(&[QuotaTerms { limit: 25, ..DAY_10 }, month], NOW).await;
        assert_eq!(draw(10).await, Answer::Granted { granted: 25, left: 0, limit: 25 });
        let quotas = world.quotas().await;
        assert_eq!(quotas.iter().map(|quota| quota.limit).collect::<Vec<_>>(), [25, 500]);
        assert_eq!((quotas[0].id, quotas[1].anchor), (counter.quota, MIDNIGHT));
        let (version, changes) = policy::since(&store, version).await.unwrap();
        assert_eq!(changes.len(), 1, "the account is told of, once: {changes:?}");

        // Lowered: the window goes on as it was.
        world.publish(&[DAY_10, month], NOW).await;
        assert_eq!(draw(25).await, Answer::Exhausted { left: 0, elsewhere: 0, limit: 25 });
        // Dropped: nothing more is given; the counter's past stays.
        world.publish(&[month], NOW).await;
        assert_eq!(draw(25).await, Answer::Refused);
        assert_eq!(world.quotas().await, [quotas[1]]);
        assert_eq!(policy::since(&store, version).await.unwrap().1.len(), 1);
        assert_eq!(store::ledger_audit::check(&store).await.unwrap().findings, []);
    });
}

#[test]
fn another_plan_changes_the_quotas_and_the_shared_ones_go_on_counting() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[DAY_10, terms(Metric::Credits, Period::Month, 5)]).await;
        let before = world.quotas().await;
        let plans = [
            a_plan("pro", &[DAY_10, terms(Metric::Credits, Period::Month, 5)]),
            a_plan("max", &[QuotaTerms { limit: 90, ..DAY_10 }]),
        ];
        let tx = store.begin().await.unwrap();
        publication::publish(&tx, &[an_api("chain")], &plans, NOW, &mut entropy(300)).await.unwrap();
        let moved = domain::subscription::Subscription { plan: name("max"), ..world.subscription.clone() };
        subscription::save(&tx, &moved, NOW, &mut entropy(400)).await.unwrap();
        tx.commit().await.unwrap();
        let after = world.quotas().await;
        assert_eq!(after, [domain::quota::Quota { limit: 90, ..before[0] }]);
    });
}

#[test]
fn what_is_in_use_cannot_vanish_and_defaults_must_exist() {
    on_both(|store| async move {
        World::new(store.clone(), &[DAY_10]).await;
        let publish = async |apis: &[domain::api::Api], plans: &[Plan]| {
            let tx = store.begin().await.unwrap();
            let result = publication::publish(&tx, apis, plans, NOW, &mut entropy(300)).await;
            if result.is_ok() {
                tx.commit().await.unwrap();
            }
            match result {
                Ok(done) => format!("version {}", done.version),
                Err(StoreError::Refused(refusal)) => match refusal {
                    Refusal::PlanInUse { plan, accounts } => format!("plan {plan} has {accounts}"),
                    Refusal::ApiInUse { api, accounts } => format!("api {api} has {accounts}"),
                    Refusal::UnknownDefaultPlan { api, plan } => format!("api {api} wants {plan}"),
                    Refusal::PlanTooSlow { plan, api, rate, dearest } => {
                        format!("{plan} gives {} for {dearest} of {api}", rate.limit)
                    }
                    other => panic!("{other}"),
                },
                Err(other) => panic!("{other}"),
            }
        };
        let (pro, free) = (a_plan("pro", &[DAY_10]), a_plan("free", &[]));
        let chain = an_api("chain");
        let defaulted = domain::api::Api { default_plan: Some(name("free")), ..an_api("football") };
        let both = [chain.clone(), defaulted.clone()];
        assert_eq!(publish(from_ref(&chain), from_ref(&free)).await, "plan pro has 1");
        assert_eq!(publish(&[], from_ref(&pro)).await, "api chain has 1");
        assert_eq!(publish(&both, from_ref(&pro)).await, "api football wants free");
        assert_eq!(publish(&both, &[pro.clone(), free]).await, "version 2");
        // The dearest call of `chain` costs 90, and its account is under `pro`; nobody is under `free`.
        let slow = |name, limit| {
            let rate = RateLimit { scope: Scope::Account, metric: Metric::Credits, per: Per::Second, limit };
            Plan { rates: vec![rate], ..a_plan(name, &[DAY_10]) }
        };
        let alone = from_ref(&chain);
        assert_eq!(publish(alone, &[slow("pro", 89), slow("free", 1)]).await, "pro gives 89 for 90 of chain");
        assert_eq!(publish(alone, &[slow("pro", 90), slow("free", 1)]).await, "version 3");
        assert_eq!(publish(&[chain], &[pro]).await, "version 4");
        assert_eq!((api::list(&store).await.unwrap().len(), plan::list(&store).await.unwrap().len()), (1, 1));
    });
}
