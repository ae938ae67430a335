//! The change feed: every change that the gateway must know of is told, and what is told adds up to the whole.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    allowlist::{Lists, Mode},
    key::Sharing,
    policy::PolicyChange,
    quota::{Metric, Period, Scope},
    rate_limit::{Per, RateLimit},
    role::Role,
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{Store, Tx, account, key, member, policy, quota, rate_limit, subscription, value};

use crate::{
    backends::{on_both, with_both},
    nouns::listed,
    world::*,
};

/// What a gateway knows: each noun by its id.
type Known = BTreeMap<String, PolicyChange>;

fn learn(known: &mut Known, changes: Vec<PolicyChange>) {
    for change in changes {
        let name = match &change {
            PolicyChange::Account(account) => account.id.to_string(),
            PolicyChange::Member(member) => member.id.to_string(),
            PolicyChange::Key(key) => key.id.to_string(),
            PolicyChange::Value(value) => value.id.to_string(),
            PolicyChange::NoAccount(id) => id.to_string(),
            PolicyChange::NoMember(id) => id.to_string(),
            PolicyChange::NoKey(id) => id.to_string(),
            PolicyChange::NoValue(id) => id.to_string(),
        };
        use PolicyChange::{Account, Key, Member, Value};
        match change {
            Account(_) | Member(_) | Key(_) | Value(_) => _ = known.insert(name, change),
            _ => _ = known.remove(&name),
        }
    }
}

/// The change in words: which noun, and what of it the gateway sees.
fn told(change: &PolicyChange) -> String {
    match change {
        PolicyChange::Account(account) => {
            let limits: Vec<u64> =
                account.subscriptions.iter().flat_map(|s| &s.quotas).map(|quota| quota.limit).collect();
            let rates = account.subscriptions.iter().map(|s| s.rates.len()).sum::<usize>();
            format!("account suspended={} {limits:?} rates={rates}", account.suspended)
        }
        PolicyChange::Member(member) => {
            let ends = if member.ends_at.is_some() { " ends" } else { "" };
            let rates: Vec<u64> = member.rates.iter().map(|rate| rate.limit).collect();
            let rates = if rates.is_empty() { String::new() } else { format!(" rates={rates:?}") };
            format!("member suspended={} caps={}{rates}{ends}", member.suspended, member.quotas.len())
        }
        PolicyChange::Key(key) => {
            let (apis, quotas, rates) = (key.apis.len(), key.quotas.len(), key.rates.len());
            format!("key disabled={} apis={apis} quotas={quotas} rates={rates}", key.disabled)
        }
        PolicyChange::Value(value) => {
            format!("value expires={} owned={}", value.expires_at.is_some(), value.member.is_some())
        }
        gone => format!("{gone:?}").split('(').next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn every_kind_of_change_is_told() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let (account, owner, key) = (world.account.clone(), world.owner.clone(), world.key.clone());
        let mut version = policy::snapshot(&store).await.unwrap().0;
        let mut step = async |change: &mut dyn AsyncChange, expected: &[&str]| {
            let tx = store.begin().await.unwrap();
            change.make(&tx).await;
            tx.commit().await.unwrap();
            let (reached, changes) = policy::since(&store, version).await.unwrap();
            assert!(reached > version, "{expected:?}");
            version = reached;
            assert_eq!(changes.iter().map(told).collect::<Vec<_>>(), expected);
        };
        let day = terms(Metric::Requests, Period::Day, 3);
        let rate = RateLimit { scope: Scope::Key, metric: Metric::Requests, per: Per::Second, limit: 2 };
        let suspended = account.clone().suspend(NOW).unwrap();
        step(
            &mut async |tx: &Tx| account::save(tx, &suspended).await.unwrap(),
            &["account suspended=true [10] rates=1"],
        )
        .await;
        let quotas = world.quotas().await;
        step(
            &mut async |tx: &Tx| quota::save_limit(tx, quotas[0].id, 12, NOW).await.unwrap(),
            &["account suspended=true [12] rates=1"],
        )
        .await;

        let pending = domain::member::Member { activated_at: None, ..a_member(2, account.id, Role::Member) };
        step(&mut async |tx: &Tx| member::insert(tx, &pending).await.unwrap(), &["NoMember"]).await;
        let active = pending.clone().activate(NOW).unwrap();
        step(&mut async |tx: &Tx| member::save(tx, &active).await.unwrap(), &["member suspended=false caps=0"]).await;
        let cap = quota::Owner::Member(active.id);
        step(
            &mut async |tx: &Tx| _ = quota::insert(tx, cap, quota_id(1), day, NOW).await.unwrap(),
            &["member suspended=false caps=1"],
        )
        .await;
        for (rates, told) in [(&[rate][..], " rates=[2]"), (&[], "")] {
            let told = format!("member suspended=false caps=1{told}");
            step(&mut async |tx: &Tx| rate_limit::replace(tx, active.id, rates).await.unwrap(), &[&told]).await;
        }
        let ending = active.clone().end_at(Some(NOW.plus(1)), NOW).unwrap();
        step(&mut async |tx: &Tx| member::save(tx, &ending).await.unwrap(), &["member suspended=false caps=1 ends"])
            .await;
        assert_eq!(member::find(&store, active.id).await.unwrap(), Some(ending));
        let before = member::version(&store, active.id).await.unwrap();
        let stopped = active.clone().suspend(NOW).unwrap();
        step(&mut async |tx: &Tx| member::save(tx, &stopped).await.unwrap(), &["member suspended=true caps=1"]).await;
        let after = member::version(&store, active.id).await.unwrap();
        assert!(after > before, "its version rises");
        let versions = member::versions(&store, &[active.id, id(99)]).await.unwrap();
        assert_eq!(versions.into_iter().collect::<Vec<_>>(), [(active.id, after)]);
        let removed = stopped.clone().remove(NOW).unwrap();
        step(&mut async |tx: &Tx| member::save(tx, &removed).await.unwrap(), &["NoMember"]).await;

        let own = quota::Owner::Key(key.id);
        step(
            &mut async |tx: &Tx| _ = quota::insert(tx, own, quota_id(2), day, NOW).await.unwrap(),
            &["key disabled=false apis=0 quotas=1 rates=0"],
        )
        .await;
        step(
            &mut async |tx: &Tx| rate_limit::replace(tx, key.id, &[rate]).await.unwrap(),
            &["key disabled=false apis=0 quotas=1 rates=1"],
        )
        .await;
        step(
            &mut async |tx: &Tx| quota::remove(tx, quota_id(2)).await.unwrap(),
            &["key disabled=false apis=0 quotas=0 rates=1"],
        )
        .await;
        let narrow = domain::key::Key { apis: [name("chain")].into(), ..key.clone().disable(NOW).unwrap() };
        step(
            &mut async |tx: &Tx| key::save(tx, &narrow).await.unwrap(),
            &["key disabled=true apis=1 quotas=0 rates=1"],
        )
        .await;

        let drawn = a_value(1, key.id, Some(owner.id));
        step(&mut async |tx: &Tx| value::insert(tx, &drawn).await.unwrap(), &["value expires=false owned=true"]).await;
        let replaced = domain::key::Value { expires_at: Some(NOW), ..drawn.clone() };
        let next = a_value(2, key.id, None);
        let both: &[&str] = &["value expires=true owned=true", "value expires=false owned=false"];
        step(
            &mut async |tx: &Tx| {
                value::save(tx, &replaced).await.unwrap();
                value::insert(tx, &next).await.unwrap()
            },
            both,
        )
        .await;
        let revoked = replaced.clone().revoke(NOW).unwrap();
        step(&mut async |tx: &Tx| value::save(tx, &revoked).await.unwrap(), &["NoValue"]).await;
        let gone = narrow.clone().revoke(NOW).unwrap();
        step(&mut async |tx: &Tx| key::save(tx, &gone).await.unwrap(), &["NoKey"]).await;
        assert_eq!(policy::since(&store, version).await.unwrap(), (version, vec![]), "nothing since");
    });
}

/// A change made in a transaction; the closures above are such changes.
trait AsyncChange {
    fn make<'a>(&'a mut self, tx: &'a Tx) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;
}

impl<F: AsyncFnMut(&Tx)> AsyncChange for F {
    fn make<'a>(&'a mut self, tx: &'a Tx) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(self(tx))
    }
}

/// Operations of the property below: which, on what, how.
type Step = (u8, u8, u8);

/// Makes one change of some sort, if the rules allow it.
async fn change(store: &Store, (kind, on, how): Step, number: u128) {
    let tx = store.begin().await.unwrap();
    let accounts = account::list(&tx).await.unwrap();
    let account = accounts[usize::from(on) % accounts.len()].clone();
    let members = member::list(&tx, account.id).await.unwrap();
    let keys = key::list(&tx, account.id).await.unwrap();
    let one_of = |count: usize| usize::from(how) % count.max(1);
    let seat = members.get(one_of(members.len())).cloned();
    let key = keys.get(one_of(keys.len())).cloned();
    let owner = match how % 2 {
        0 => seat.as_ref().map(|seat| quota::Owner::Member(seat.id)),
        _ => key.as_ref().map(|key| quota::Owner::Key(key.id)),
    };
    match kind % 12 {
        0 => account::insert(&tx, &an_account(number)).await.unwrap(),
        1 => {
            let changed = account.clone().suspend(NOW).or_else(|_| account.clone().activate());
            account::save(&tx, &changed.unwrap()).await.unwrap();
        }
        2 => {
            let activated_at = (how % 2 == 0).then_some(NOW);
            let seat = domain::member::Member { activated_at, ..a_member(number, account.id, Role::Member) };
            member::insert(&tx, &seat).await.unwrap();
        }
        3 => {
            let Some(seat) = seat else { return };
            let changed = match how % 3 {
                0 => seat.activate(NOW),
                1 => seat.suspend(NOW),
                _ => seat.remove(NOW),
            };
            let Ok(changed) = changed else { return };
            member::save(&tx, &changed).await.unwrap();
        }
        4 | 5 => {
            let sharing = seat.map_or(Sharing::Shared, |seat| Sharing::Own { holder: seat.id });
            let key = domain::key::Key { sharing, ..a_key(number, account.id) };
            key::insert(&tx, &key).await.unwrap();
            value::insert(&tx, &a_value(number, key.id, None)).await.unwrap();
        }
        6 => {
            let Some(key) = key else { return };
            let changed = match how % 3 {
                0 => key.clone().disable(NOW),
                1 => key.clone().enable(),
                _ => key.clone().revoke(NOW),
            };
            let Ok(changed) = changed else { return };
            key::save(&tx, &changed).await.unwrap();
        }
        7 => {
            let Some(key) = key else { return };
            for value in value::list(&tx, key.id).await.unwrap() {
                let Ok(revoked) = value.revoke(NOW) else { continue };
                value::save(&tx, &revoked).await.unwrap();
            }
        }
        8 => {
            let Some(owner) = owner else { return };
            match quota::list(&tx, owner).await.unwrap().first() {
                None => {
                    _ = quota::insert(&tx, owner, id(number), terms(Metric::Credits, Period::Month, 9), NOW)
                        .await
                        .unwrap()
                }
                Some(quota) if how > 128 => quota::remove(&tx, quota.id).await.unwrap(),
                Some(quota) => quota::save_limit(&tx, quota.id, u64::from(how), NOW).await.unwrap(),
            }
        }
        9 => {
            let Some(key) = key else { return };
            let rate =
                RateLimit { scope: Scope::Key, metric: Metric::Credits, per: Per::Minute, limit: 1 + u64::from(how) };
            rate_limit::replace(&tx, key.id, if how % 3 == 0 { &[] } else { std::slice::from_ref(&rate) })
                .await
                .unwrap();
        }
        10 => {
            let plans = [a_plan("pro", &[terms(Metric::Requests, Period::Day, u64::from(how))])];
            store::publication::publish(&tx, &[an_api("chain")], &plans, NOW, &mut entropy(number << 20))
                .await
                .unwrap();
        }
        _ => {
            if !subscription::list(&tx, account.id).await.unwrap().is_empty() {
                return;
            }
            let new = domain::subscription::Subscription {
                id: id(number),
                account: account.id,
                api: name("chain"),
                plan: name("pro"),
                started_at: NOW,
            };
            subscription::insert(&tx, &new, NOW, &mut entropy(number << 20)).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

#[test]
fn a_snapshot_and_what_came_since_are_a_fresh_snapshot() {
    with_both(|backend| async move {
        let mut runner = TestRunner::deterministic();
        let store = backend.open().await;
        World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let (mut version, first) = policy::snapshot(&store).await.unwrap();
        let mut known = Known::new();
        learn(&mut known, first);
        let mut number = 1_000;
        // Each round: some changes, then one look at the feed.
        for _ in 0..30 {
            let steps = vec(any::<Step>(), 1..9).new_tree(&mut runner).unwrap().current();
            for step in steps {
                number += 1;
                change(&store, step, number).await;
            }
            let (reached, changes) = policy::since(&store, version).await.unwrap();
            assert!(reached >= version);
            version = reached;
            learn(&mut known, changes);
            let (fresh_version, all) = policy::snapshot(&store).await.unwrap();
            let mut fresh = Known::new();
            learn(&mut fresh, all);
            assert_eq!((version, &known), (fresh_version, &fresh));
        }
        assert!(known.len() > 20, "the changes made something: {}", known.len());
    });
}

#[test]
fn lists_of_both_layers_are_told_where_one_is_on() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let (mut key, mut account) = (world.key.clone(), world.account.clone());
        for (of_key, of_account) in [
            (Mode::Off, Mode::Off),
            (Mode::Enforce, Mode::Off),
            (Mode::Off, Mode::Observe),
            (Mode::Observe, Mode::Enforce),
        ] {
            key.lists = Lists { addresses: listed(of_key, "10.0.0.0/8"), ..Lists::default() };
            account.lists = Lists { domains: listed(of_account, "*.example.com"), ..Lists::default() };
            let version = policy::snapshot(&store).await.unwrap().0;
            let tx = store.begin().await.unwrap();
            key::save(&tx, &key).await.unwrap();
            account::save(&tx, &account).await.unwrap();
            tx.commit().await.unwrap();
            let is_on = |lists: &Lists| (!lists.on().is_empty()).then(|| Arc::new(lists.clone()));
            let (_, all) = policy::snapshot(&store).await.unwrap();
            let (_, changed) = policy::since(&store, version).await.unwrap();
            for told in [all, changed] {
                let lists = told.into_iter().filter_map(|change| match change {
                    PolicyChange::Account(account) => Some(account.lists),
                    PolicyChange::Key(key) => Some(key.lists),
                    _ => None,
                });
                assert_eq!(
                    lists.collect::<Vec<_>>(),
                    [is_on(&account.lists), is_on(&key.lists)],
                    "{of_key} {of_account}"
                );
            }
        }
    });
}
