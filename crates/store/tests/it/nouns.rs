//! Nouns: what goes in comes out, what must be unique is, what belongs to nothing is refused.

use domain::{
    account::Account,
    allowlist::{Allowlist, ListKind, Listed, Lists, Mode},
    id::{AccountId, KeyId, MemberId, ValueId},
    key::Sharing,
    quota::{MAX_LIMIT, Metric, Period, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
    role::Role,
};
use store::{
    Refusal, Store, StoreError, Tx, account, key, member, person, plan, quota, rate_limit, subscription, value,
};

use crate::{backends::on_both, world::*};

/// What a failed write is called.
fn told(result: Result<(), StoreError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(StoreError::Conflict { .. }) => "conflict",
        Err(StoreError::NotFound { .. }) => "not found",
        Err(StoreError::Refused(_)) => "refused",
        Err(other) => panic!("unexpected: {other}"),
    }
}

/// Tries a write in a transaction of its own: a failed one ends its transaction in PostgreSQL.
pub async fn attempt(store: &Store, write: impl AsyncFnOnce(&Tx) -> Result<(), StoreError>) -> &'static str {
    let tx = store.begin().await.unwrap();
    let result = write(&tx).await;
    if result.is_ok() {
        tx.commit().await.unwrap();
    }
    told(result)
}

#[test]
fn accounts_come_back_as_they_were_saved() {
    on_both(|store| async move {
        let (first, second) = (an_account(1), Account { name: name("Üñï 測試"), lists: lists(), ..an_account(2) });
        for account in [&first, &second] {
            assert_eq!(attempt(&store, async |tx| account::insert(tx, account).await).await, "ok");
        }
        assert_eq!(attempt(&store, async |tx| account::insert(tx, &first).await).await, "conflict");
        assert_eq!(attempt(&store, async |tx| account::save(tx, &an_account(3)).await).await, "not found");
        let suspended = first.clone().suspend(NOW).unwrap();
        assert_eq!(attempt(&store, async |tx| account::save(tx, &suspended).await).await, "ok");
        assert_eq!(account::find(&store, first.id).await.unwrap(), Some(suspended.clone()));
        assert_eq!(account::find(&store, AccountId::from_u128(9)).await.unwrap(), None);
        assert_eq!(account::find_by_name(&store, &second.name).await.unwrap(), std::slice::from_ref(&second));
        assert_eq!(account::list(&store).await.unwrap(), [suspended, second]);
    });
}

#[test]
fn a_mail_address_is_one_person_however_it_is_capitalised() {
    on_both(|store| async move {
        let ada = a_person(1, "Ada@Example.com");
        assert_eq!(attempt(&store, async |tx| person::insert(tx, &ada).await).await, "ok");
        let again = a_person(2, "ada@example.COM");
        assert_eq!(attempt(&store, async |tx| person::insert(tx, &again).await).await, "conflict");
        let found = person::find_by_email(&store, &again.email).await.unwrap();
        assert_eq!(found.as_ref().map(|person| person.email.as_typed()), Some("Ada@Example.com"));
        assert_eq!(found, Some(ada.clone()));
        let confirmed = domain::person::Person { confirmed_at: Some(NOW), password_hash: Some("x".into()), ..ada };
        assert_eq!(attempt(&store, async |tx| person::save(tx, &confirmed).await).await, "ok");
        assert_eq!(person::find(&store, confirmed.id).await.unwrap(), Some(confirmed));
    });
}

#[test]
fn an_address_has_one_pending_seat_and_an_account_one_owner() {
    on_both(|store| async move {
        let account = an_account(1).id;
        attempt(&store, async |tx| account::insert(tx, &an_account(1)).await).await;
        attempt(&store, async |tx| account::insert(tx, &an_account(2)).await).await;
        let pending = |number| domain::member::Member {
            email: name("Bob@example.com"),
            activated_at: None,
            ..a_member(number, account, Role::Member)
        };
        let elsewhere = domain::member::Member { account: an_account(2).id, ..pending(3) };
        let owner = |number| a_member(number, account, Role::Owner);
        let nowhere = a_member(9, AccountId::from_u128(9), Role::Member);
        let steps = [
            (pending(1), "ok"),
            (pending(2), "conflict"),
            (elsewhere, "ok"),
            (owner(4), "ok"),
            (owner(5), "conflict"),
            (nowhere, "not found"),
        ];
        for (seat, expected) in steps {
            assert_eq!(attempt(&store, async |tx| member::insert(tx, &seat).await).await, expected, "{seat:?}");
        }
        // Taken up, the address may be invited again; removed, the seat no longer counts.
        let active = pending(1).activate(NOW).unwrap();
        assert_eq!(attempt(&store, async |tx| member::save(tx, &active).await).await, "ok");
        assert_eq!(attempt(&store, async |tx| member::insert(tx, &pending(2)).await).await, "ok");
        assert_eq!(member::count(&store, account).await.unwrap(), 3);
        let removed = active.remove(NOW).unwrap();
        assert_eq!(attempt(&store, async |tx| member::save(tx, &removed).await).await, "ok");
        assert_eq!(member::count(&store, account).await.unwrap(), 2);
        assert_eq!(member::list(&store, account).await.unwrap(), [removed.clone(), pending(2), owner(4)]);
        let seat_of = async |email: &str| member::of_email(&store, account, &name(email)).await.unwrap();
        assert_eq!(seat_of("BOB@example.com").await, Some(pending(2)));
        assert_eq!(seat_of("nobody@example.com").await, None);
        let withdrawn = pending(2).remove(NOW).unwrap();
        assert_eq!(attempt(&store, async |tx| member::save(tx, &withdrawn).await).await, "ok");
        assert_eq!(seat_of("bob@example.com").await, None);
        assert_eq!(member::find(&store, removed.id).await.unwrap(), Some(removed));
    });
}

/// A list of one entry with a note and an end.
pub fn listed<E>(mode: Mode, entry: &str) -> Allowlist<E>
where
    E: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Display + PartialEq,
{
    Allowlist::new(mode, vec![Listed { entry: name(entry), note: Some(name("office")), until: Some(NOW.plus(7)) }])
        .unwrap()
}

/// All lists, each with an entry and in another mode.
fn lists() -> Lists {
    Lists {
        addresses: listed(Mode::Enforce, "10.0.0.0/8"),
        domains: listed(Mode::Observe, "*.example.com"),
        methods: listed(Mode::Off, "GET /fixtures/**"),
        contracts: listed(Mode::Enforce, "0xdac17f958d2ee523a2206206994597c13d831ec7"),
    }
}

#[test]
fn keys_and_values_come_back_and_hashes_are_unique() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        // Tallies know no nouns: ids of accounts and members differ, as those of all nouns do.
        let holder = a_member(8, world.account.id, Role::Member);
        assert_eq!(attempt(&store, async |tx| member::insert(tx, &holder).await).await, "ok");
        let own = domain::key::Key {
            sharing: Sharing::Own { holder: holder.id },
            apis: [name("chain"), name("football")].into(),
            networks: [name("eth/mainnet")].into(),
            lists: lists(),
            locked_lists: [ListKind::Addresses, ListKind::Contracts].into_iter().collect(),
            expires_at: Some(NOW),
            ..a_key(2, world.account.id)
        };
        assert_eq!(attempt(&store, async |tx| key::insert(tx, &own).await).await, "ok");
        let astray =
            domain::key::Key { sharing: Sharing::Own { holder: MemberId::from_u128(9) }, ..a_key(3, world.account.id) };
        assert_eq!(attempt(&store, async |tx| key::insert(tx, &astray).await).await, "not found");
        assert_eq!(key::list(&store, world.account.id).await.unwrap(), [world.key.clone(), own.clone()]);
        let revoked = own.clone().revoke(NOW).unwrap();
        assert_eq!(attempt(&store, async |tx| key::save(tx, &revoked).await).await, "ok");
        assert_eq!(key::find(&store, own.id).await.unwrap(), Some(revoked));
        assert_eq!(key::count(&store, world.account.id).await.unwrap(), 1);

        let first = a_value(1, world.key.id, Some(world.owner.id));
        let second = a_value(2, world.key.id, None);
        let many = [first.clone(), second.clone()];
        assert_eq!(attempt(&store, async |tx| value::insert_many(tx, &many).await).await, "ok");
        let same_hash = domain::key::Value { id: ValueId::from_u128(3), ..first.clone() };
        assert_eq!(attempt(&store, async |tx| value::insert(tx, &same_hash).await).await, "conflict");
        let keyless = a_value(4, KeyId::from_u128(9), None);
        assert_eq!(attempt(&store, async |tx| value::insert(tx, &keyless).await).await, "not found");
        let gone = first.revoke(NOW).unwrap();
        assert_eq!(attempt(&store, async |tx| value::save(tx, &gone).await).await, "ok");
        assert_eq!(value::find(&store, gone.id).await.unwrap(), Some(gone.clone()));
        assert_eq!(value::list_of_member(&store, world.owner.id).await.unwrap(), std::slice::from_ref(&gone));
        assert_eq!(value::list(&store, world.key.id).await.unwrap(), [gone.clone(), second.clone()]);

        let on_own = a_value(0, own.id, None);
        assert_eq!(attempt(&store, async |tx| value::insert(tx, &on_own).await).await, "ok");
        let of_keys = async |keys: &[KeyId]| value::list_of_keys(&store, keys).await.unwrap();
        assert_eq!(of_keys(&[own.id, world.key.id, own.id]).await, [gone, second.clone(), on_own.clone()]);
        assert_eq!(of_keys(&[own.id, id(9)]).await, std::slice::from_ref(&on_own));
        assert_eq!(value::list_of_account(&store, world.account.id).await.unwrap(), [on_own, second]);
        assert_eq!(value::list_of_account(&store, id(9)).await.unwrap(), []);
    });
}

#[test]
fn quotas_and_rates_have_one_row_for_each_thing_they_count() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let member = quota::Owner::Member(world.owner.id);
        let month = terms(Metric::Credits, Period::Month, 50);
        let insert =
            async |tx: &Tx, number: u128, of| quota::insert(tx, member, quota_id(number), of, MIDNIGHT).await.map(drop);
        assert_eq!(attempt(&store, async |tx| insert(tx, 1, month).await).await, "ok");
        assert_eq!(
            attempt(&store, async |tx| insert(tx, 2, terms(Metric::Credits, Period::Month, 60)).await).await,
            "conflict"
        );
        assert_eq!(
            attempt(&store, async |tx| insert(tx, 3, terms(Metric::Credits, Period::Days(30), 60)).await).await,
            "ok"
        );
        let too_large = terms(Metric::Requests, Period::Day, MAX_LIMIT + 1);
        assert_eq!(attempt(&store, async |tx| insert(tx, 4, too_large).await).await, "refused");
        assert_eq!(attempt(&store, async |tx| quota::save_limit(tx, quota_id(1), 70, NOW).await).await, "ok");
        assert_eq!(attempt(&store, async |tx| quota::save_limit(tx, quota_id(9), 70, NOW).await).await, "not found");
        assert_eq!(attempt(&store, async |tx| quota::remove(tx, quota_id(3)).await).await, "ok");
        let (found, owner) = quota::find(&store, quota_id(1)).await.unwrap().unwrap();
        assert_eq!((found.limit, found.scope, found.period, owner), (70, Scope::Member, Period::Month, member));
        assert_eq!(quota::list(&store, member).await.unwrap(), [found]);

        let month_and_day = [terms(Metric::Credits, Period::Month, 80), terms(Metric::Requests, Period::Day, 9)];
        let replace =
            async |tx: &Tx, of: &[QuotaTerms]| quota::replace(tx, (member, MIDNIGHT), of, NOW, &mut entropy(700)).await;
        assert_eq!(attempt(&store, async |tx| replace(tx, &month_and_day).await).await, "ok");
        let replaced = quota::list(&store, member).await.unwrap();
        assert_eq!(replaced.iter().map(|of| (of.id, of.limit)).collect::<Vec<_>>()[0], (quota_id(1), 80), "it is kept");
        assert_eq!((replaced.len(), replaced[1].period, replaced[1].anchor), (2, Period::Day, MIDNIGHT));
        assert_eq!(attempt(&store, async |tx| replace(tx, &[]).await).await, "ok");
        assert_eq!(quota::list(&store, member).await.unwrap(), []);
        assert_eq!(attempt(&store, async |tx| replace(tx, &[month, month]).await).await, "conflict");

        let rate = |per, limit| RateLimit { scope: Scope::Key, metric: Metric::Requests, per, limit };
        let both = [rate(Per::Minute, 90), rate(Per::Second, 3)];
        assert_eq!(attempt(&store, async |tx| rate_limit::replace(tx, world.key.id, &both).await).await, "ok");
        let twice = [rate(Per::Second, 3), rate(Per::Second, 4)];
        assert_eq!(attempt(&store, async |tx| rate_limit::replace(tx, world.key.id, &twice).await).await, "conflict");
        assert_eq!(rate_limit::list(&store, world.key.id).await.unwrap(), both);
        // A member's are their own, and know whose they are.
        let slow = RateLimit { scope: Scope::Member, ..rate(Per::Second, 7) };
        let of_member = async |rates: &[RateLimit]| {
            attempt(&store, async |tx| rate_limit::replace(tx, world.owner.id, rates).await).await
        };
        assert_eq!(of_member(&[rate(Per::Second, 7)]).await, "ok");
        assert_eq!(rate_limit::list(&store, world.owner.id).await.unwrap(), [slow]);
        let found = rate_limit::list_of_members(&store, &[world.owner.id, id(99)]).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(world.owner.id, vec![slow])]);
        assert_eq!(rate_limit::list(&store, world.key.id).await.unwrap(), both);
        assert_eq!(of_member(&[]).await, "ok");
        assert_eq!(attempt(&store, async |tx| rate_limit::replace(tx, world.key.id, &[]).await).await, "ok");
        assert_eq!(rate_limit::list(&store, world.key.id).await.unwrap(), []);
    });
}

#[test]
fn a_subscription_is_one_for_each_account_and_api() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let insert = async |of: domain::subscription::Subscription| {
            attempt(&store, async |tx| subscription::insert(tx, &of, NOW, &mut entropy(400)).await).await
        };
        let again = domain::subscription::Subscription { id: id(2), ..world.subscription.clone() };
        assert_eq!(insert(again.clone()).await, "conflict");
        let other_plan =
            domain::subscription::Subscription { plan: name("none-such"), account: id(1), api: name("chain"), ..again };
        assert_eq!(
            insert(domain::subscription::Subscription { api: name("none-such"), ..other_plan }).await,
            "not found"
        );
        assert_eq!(
            subscription::list(&store, world.account.id).await.unwrap(),
            std::slice::from_ref(&world.subscription)
        );
        assert_eq!(subscription::find(&store, world.subscription.id).await.unwrap(), Some(world.subscription));
        let plan = plan::find(&store, &name("pro")).await.unwrap().unwrap();
        assert_eq!(plan, a_plan("pro", &[terms(Metric::Requests, Period::Day, 10)]));
    });
}

#[test]
fn a_transaction_that_is_dropped_leaves_nothing() {
    on_both(|store| async move {
        let tx = store.begin().await.unwrap();
        account::insert(&tx, &an_account(1)).await.unwrap();
        assert!(account::find(&tx, an_account(1).id).await.unwrap().is_some());
        assert_eq!(account::find(&store, an_account(1).id).await.unwrap(), None);
        drop(tx);
        let tx = store.begin().await.unwrap();
        assert_eq!(account::find(&tx, an_account(1).id).await.unwrap(), None);
        let refusal = quota::insert(
            &tx,
            quota::Owner::Key(id(1)),
            quota_id(1),
            terms(Metric::Requests, Period::Day, u64::MAX),
            NOW,
        );
        assert!(matches!(refusal.await, Err(StoreError::Refused(Refusal::LimitTooLarge(_)))));
    });
}
