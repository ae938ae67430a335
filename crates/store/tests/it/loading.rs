//! What a start loads at once is what is told of each noun by itself, whatever a key has.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    allowlist::{Lists, Mode},
    id::KeyId,
    key::{
        Key, Value,
        secret::{ENTROPY, SecretText},
    },
    policy::{KeyPolicy, PolicyChange, SecretPolicy},
    quota::{Metric, Period, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
    role::Role,
};
use store::{Store, Tx, key, member, policy, quota, rate_limit, value};

use crate::{
    backends::{on_both, with_both},
    nouns::listed,
    world::*,
};

/// Kinds of additions that a key can have.
const KINDS: u32 = 11;

/// A key with those additions whose bits are set.
fn key_with(additions: u32, number: u128, world: &World) -> Key {
    let has = |kind: u32| additions & (1 << kind) != 0;
    let secret = |seed| SecretText::draw([seed; ENTROPY]);
    let mut key = a_key(number, world.account.id);
    if has(0) {
        key = key.disable(NOW).unwrap();
    }
    if has(1) {
        key.expires_at = Some(NOW.plus(9));
    }
    if has(2) {
        key.apis = [name("chain"), name("football")].into();
    }
    if has(3) {
        key.networks = [name("eth/mainnet")].into();
    }
    let addresses = || listed(Mode::Enforce, "10.0.0.0/8");
    let domains = || listed(Mode::Observe, "*.example.com");
    let methods = || listed(Mode::Enforce, "GET /\"quoted\"/**");
    let contracts = || listed(Mode::Observe, "0xdac17f958d2ee523a2206206994597c13d831ec7");
    key.lists = match (has(4), has(5), has(6)) {
        (false, false, false) => Lists::default(),
        (true, false, false) => Lists { addresses: addresses(), ..Lists::default() },
        (false, true, false) => Lists { domains: domains(), ..Lists::default() },
        (true, true, false) => Lists { methods: methods(), ..Lists::default() },
        (false, false, true) => Lists { contracts: contracts(), ..Lists::default() },
        (true, false, true) => Lists { addresses: listed(Mode::Off, "10.0.0.0/8"), ..Lists::default() },
        (false, true, true) => Lists { addresses: addresses(), contracts: contracts(), ..Lists::default() },
        (true, true, true) => {
            Lists { addresses: addresses(), domains: domains(), methods: methods(), contracts: contracts() }
        }
    };
    if has(7) || has(8) {
        key = key.draw_secret(&secret(1), NOW).unwrap();
    }
    if has(8) {
        key = key.require_secret(NOW).unwrap();
    }
    if has(7) && has(8) {
        key = key.rotate_secret(&secret(2), NOW, Some(NOW.plus(5))).unwrap();
    }
    key
}

/// Gives a key the limits whose bits are set.
async fn limit(tx: &Tx, additions: u32, key: KeyId, number: u128) {
    let has = |kind: u32| additions & (1 << kind) != 0;
    if has(9) {
        let beyond = QuotaTerms { overage: Some(5), ..terms(Metric::Requests, Period::Day, 3) };
        let both = [beyond, terms(Metric::Credits, Period::Month, 4)];
        quota::replace(tx, (quota::Owner::Key(key), NOW), &both, NOW, &mut entropy(number << 32)).await.unwrap();
    }
    if has(10) {
        let rate = |metric, per, limit| RateLimit { scope: Scope::Key, metric, per, limit };
        let rates = [rate(Metric::Credits, Per::Minute, 7), rate(Metric::Requests, Per::Second, 8)];
        rate_limit::replace(tx, key, &rates).await.unwrap();
    }
}

/// Checks that the key is told as it was made and limited.
async fn check_key(store: &Store, made: &Key, told: &KeyPolicy) {
    let expected = KeyPolicy {
        id: made.id,
        account: made.account,
        version: told.version,
        disabled: made.disabled_at.is_some(),
        expires_at: made.expires_at,
        apis: made.apis.iter().cloned().collect(),
        networks: made.networks.iter().cloned().collect(),
        lists: (!made.lists.on().is_empty()).then(|| Arc::new(made.lists.clone())),
        secret: made.secret.as_ref().and_then(SecretPolicy::of).map(Arc::new),
        quotas: quota::list(store, quota::Owner::Key(made.id)).await.unwrap().into(),
        rates: rate_limit::list(store, made.id).await.unwrap().into(),
    };
    assert_eq!(told, &expected);
}

/// Checks what is told at once against what is told by ids; returns how many there are.
async fn check(store: &Store) -> usize {
    let (version, at_once) = policy::snapshot(store).await.unwrap();
    let (reached, one_by_one) = policy::since(store, 0).await.unwrap();
    assert_eq!(version, reached);
    use PolicyChange::{Account, Key, Member, Value};
    let is_live = |change: &&PolicyChange| matches!(change, Account(_) | Member(_) | Key(_) | Value(_));
    let sorted = |changes: &[PolicyChange]| -> BTreeSet<String> {
        changes.iter().filter(is_live).map(|change| format!("{change:?}")).collect()
    };
    assert_eq!(sorted(&at_once), sorted(&one_by_one));
    assert_eq!(sorted(&at_once).len(), at_once.len(), "nothing gone, and nothing twice");
    at_once.len()
}

#[test]
fn every_key_is_loaded_with_all_it_has() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 10)]).await;
        let seat = a_member(2, world.account.id, Role::Member);
        let tx = store.begin().await.unwrap();
        member::insert(&tx, &seat).await.unwrap();
        // Backwards, so that they are not stored in the order of their ids.
        let number = |additions: u32| u128::from(20_000 - 5 * additions);
        let keys: Vec<Key> = (0..1 << KINDS).map(|all| key_with(all, number(all), &world)).collect();
        let values = keys.iter().zip(0_u32..).flat_map(|(key, additions)| {
            let member = additions.is_multiple_of(2).then_some(seat.id);
            let drawn = |place| a_value(key.id.as_u128() + place, key.id, member);
            [
                drawn(0),
                Value { expires_at: Some(NOW.plus(3)), ..drawn(1) },
                Value { revoked_at: Some(NOW), ..drawn(2) },
                Value { withheld_at: Some(NOW), ..drawn(3) },
            ]
        });
        let values: Vec<Value> = values.collect();
        key::insert_many(&tx, &keys).await.unwrap();
        value::insert_many(&tx, &values).await.unwrap();
        for (key, additions) in keys.iter().zip(0..) {
            limit(&tx, additions, key.id, number(additions)).await;
        }
        let gone = keys.iter().step_by(7).cloned();
        let revoked = gone.len();
        for key in gone {
            key::save(&tx, &key.revoke(NOW).unwrap()).await.unwrap();
        }
        // An account, two members, a key; each of the others with two values that calls may bring.
        let expected = 4 + 3 * keys.len() - revoked;
        tx.commit().await.unwrap();
        assert_eq!(check(&store).await, expected);
        let (_, all) = policy::snapshot(&store).await.unwrap();
        for told in all {
            let PolicyChange::Key(told) = told else { continue };
            let made = keys.iter().find(|key| key.id == told.id).unwrap_or(&world.key);
            check_key(&store, made, &told).await;
        }
    });
}

#[test]
fn more_than_one_page_is_loaded_whole() {
    const KEYS: u128 = 10_001;
    with_both(|backend| async move {
        let store = backend.open().await;
        let world = World::new(store.clone(), &[]).await;
        let day = terms(Metric::Requests, Period::Day, 3);
        let tx = store.begin().await.unwrap();
        // Far apart in their order, neighbours in that of their ids.
        let numbers = (0..KEYS).map(|number| 1_000_000 + number * 7_919 % KEYS);
        let keys: Vec<Key> = numbers.map(|number| a_key(number, world.account.id)).collect();
        let values: Vec<Value> = keys.iter().map(|key| a_value(key.id.as_u128(), key.id, None)).collect();
        key::insert_many(&tx, &keys).await.unwrap();
        value::insert_many(&tx, &values).await.unwrap();
        for key in &keys[..10] {
            quota::insert(&tx, quota::Owner::Key(key.id), id(key.id.as_u128()), day, NOW).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(check(&store).await, 3 + 2 * KEYS as usize);
        store.close().await.unwrap();
    });
}
