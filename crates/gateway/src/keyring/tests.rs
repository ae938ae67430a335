//! What a look-up leads to after each kind of change, in any order, and while others look.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    allowlist::Layers,
    call::Charge,
    decision::{Denial, RequestFacts, decide_request},
    id::{AccountId, KeyId, MemberId, ValueId},
    key::value::Hash,
    policy::{AccountPolicy, KeyPolicy, MemberPolicy, PolicyChange, SubscriptionPolicy, ValuePolicy},
    quota::{Metric, Quota, Scope},
    rate_limit::{Per, RateLimit},
};

use super::*;
use crate::meter::{Take, tests::world};

mod matrix;

fn api(name: &str) -> ApiName {
    name.parse().expect("the name of an API")
}

fn keyring() -> Keyring {
    Keyring::new(Arc::new(Meter::new(world::CLOCK)), vec![api("football"), api("ethereum")])
}

/// Spread like the hashes of real values.
fn hash(number: u128) -> Hash {
    domain::key::value::hash(&number.to_le_bytes())
}

fn account(id: u128, quotas: Vec<Quota>) -> AccountPolicy {
    let rates = vec![RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Second, limit: 100 }];
    let subscription =
        SubscriptionPolicy { api: api("football"), plan: "free".parse().expect("a name"), quotas, rates };
    AccountPolicy { id: AccountId::from_u128(id), suspended: false, lists: None, subscriptions: vec![subscription] }
}

fn member(id: u128, quotas: Vec<Quota>) -> MemberPolicy {
    MemberPolicy { id: MemberId::from_u128(id), suspended: false, ends_at: None, quotas, rates: Vec::new() }
}

fn key(id: u128, account: u128, quotas: Vec<Quota>) -> KeyPolicy {
    KeyPolicy {
        id: KeyId::from_u128(id),
        account: AccountId::from_u128(account),
        version: 1,
        disabled: false,
        expires_at: None,
        apis: Box::default(),
        networks: Box::default(),
        lists: None,
        secret: None,
        quotas: quotas.into(),
        rates: Box::default(),
    }
}

fn value(id: u128, key: u128, member: Option<u128>) -> ValuePolicy {
    ValuePolicy {
        id: ValueId::from_u128(id),
        hash: hash(id),
        key: KeyId::from_u128(key),
        member: member.map(MemberId::from_u128),
        expires_at: None,
    }
}

/// One account with a quota of 1,000, a member with a cap of 100, a key with a quota of 10 and one without, three values.
fn changes() -> Vec<PolicyChange> {
    vec![
        PolicyChange::Account(account(1, vec![world::quota(1, Scope::Account, Metric::Requests, 1_000)])),
        PolicyChange::Member(member(2, vec![world::quota(2, Scope::Member, Metric::Requests, 100)])),
        PolicyChange::Member(member(3, Vec::new())),
        PolicyChange::Key(key(4, 1, vec![world::quota(4, Scope::Key, Metric::Requests, 10)])),
        PolicyChange::Key(key(5, 1, Vec::new())),
        PolicyChange::Value(value(40, 4, Some(2))),
        PolicyChange::Value(value(50, 5, Some(3))),
        PolicyChange::Value(value(51, 5, None)),
    ]
}

/// What `decide_request` says to the value.
fn decision(keyring: &Keyring, value: u128) -> Result<(), Denial> {
    let api = api("football");
    let facts = RequestFacts {
        now: world::now(),
        too_many_denials: false,
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        page: None,
        secret: None,
        has_ticket: false,
        api: &api,
        network: None,
        path_found: true,
        encoding_supported: true,
        declared_length: None,
        body_limit: 10,
        well_formed: true,
    };
    let entry = keyring.find(&hash(value));
    let view = entry.as_ref().and_then(|entry| entry.view());
    let lists = view.as_ref().map_or(Layers::NONE, |view| view.lists(world::now()));
    let decided = decide_request(&facts, view.as_ref().map(|view| view.presented(&lists)));
    decided.map(drop).map_err(|not_allowed| not_allowed.denial)
}

/// The limits of the quotas that apply to the value, narrowest first.
fn limits(keyring: &Keyring, value: u128, api: usize) -> Vec<(Scope, u64)> {
    let entry = keyring.find(&hash(value)).expect("it is known");
    let limits = entry.view().expect("its key is known").limits(api);
    limits.quotas().map(|quota| (quota.scope, quota.limit)).collect()
}

#[test]
fn every_order_of_arrival_leads_to_the_same_decisions() {
    for turn in 0..changes().len() {
        for backwards in [false, true] {
            let keyring = keyring();
            let mut order = changes();
            order.rotate_left(turn);
            if backwards {
                order.reverse();
            }
            order.into_iter().for_each(|change| keyring.apply(vec![change]));
            for value in [40, 50, 51] {
                assert_eq!(decision(&keyring, value), Ok(()), "value {value}, turn {turn}");
            }
            assert_eq!(decision(&keyring, 52), Err(Denial::UnknownKey));
            assert_eq!(limits(&keyring, 40, 0), [(Scope::Key, 10), (Scope::Member, 100), (Scope::Account, 1_000)]);
            assert_eq!(limits(&keyring, 50, 0), [(Scope::Account, 1_000)]);
            assert_eq!(limits(&keyring, 40, 1), [(Scope::Key, 10), (Scope::Member, 100)]);
            assert_eq!(keyring.len(), 3);
        }
    }
}

#[test]
fn each_change_is_seen_by_the_next_look_up() {
    let suspended_account = AccountPolicy { suspended: true, ..account(1, Vec::new()) };
    let suspended_member = MemberPolicy { suspended: true, ..member(3, Vec::new()) };
    let ended_member = MemberPolicy { ends_at: Some(world::now()), ..member(3, Vec::new()) };
    let disabled = KeyPolicy { disabled: true, ..key(5, 1, Vec::new()) };
    let over = Some(world::now());
    let cases = [
        // (change, what value 40, 50 and 51 are told then)
        (PolicyChange::Account(suspended_account), [Err(Denial::AccountSuspended); 3]),
        (PolicyChange::NoAccount(AccountId::from_u128(1)), [Err(Denial::UnknownKey); 3]),
        (PolicyChange::Member(suspended_member), [Ok(()), Err(Denial::MemberSuspended), Ok(())]),
        (PolicyChange::Member(ended_member), [Ok(()), Err(Denial::MemberEnded), Ok(())]),
        (PolicyChange::NoMember(MemberId::from_u128(3)), [Ok(()), Err(Denial::UnknownKey), Ok(())]),
        (PolicyChange::Key(disabled), [Ok(()), Err(Denial::KeyDisabled), Err(Denial::KeyDisabled)]),
        (PolicyChange::NoKey(KeyId::from_u128(5)), [Ok(()), Err(Denial::UnknownKey), Err(Denial::UnknownKey)]),
        (
            PolicyChange::Value(ValuePolicy { expires_at: over, ..value(50, 5, Some(3)) }),
            [Ok(()), Err(Denial::KeyExpired), Ok(())],
        ),
        (PolicyChange::NoValue(ValueId::from_u128(50)), [Ok(()), Err(Denial::UnknownKey), Ok(())]),
    ];
    for (change, told) in cases {
        let keyring = keyring();
        keyring.apply(changes());
        keyring.apply(vec![change.clone()]);
        assert_eq!([40, 50, 51].map(|value| decision(&keyring, value)), told, "{change:?}");
        keyring.apply(changes());
        assert_eq!([40, 50, 51].map(|value| decision(&keyring, value)), [Ok(()); 3], "taken back: {change:?}");
    }
}

#[test]
fn a_value_with_another_hash_is_found_by_that_one_only() {
    let keyring = keyring();
    keyring.apply(changes());
    keyring.apply(vec![PolicyChange::Value(ValuePolicy { hash: hash(999), ..value(50, 5, Some(3)) })]);
    assert_eq!(decision(&keyring, 50), Err(Denial::UnknownKey));
    assert_eq!(decision(&keyring, 999), Ok(()));
    assert_eq!(keyring.len(), 3);
}

#[test]
fn limits_follow_the_policies_and_counters_do_not_begin_anew() {
    let keyring = keyring();
    keyring.apply(changes());
    let entry = keyring.find(&hash(40)).expect("it is known");
    let before = entry.view().expect("known").limits(0);
    assert!(Arc::ptr_eq(&before, &entry.view().expect("known").limits(0)), "made once");

    keyring.apply(vec![PolicyChange::Key(key(4, 1, vec![world::quota(4, Scope::Key, Metric::Requests, 20)]))]);
    assert_eq!(limits(&keyring, 40, 0), [(Scope::Key, 20), (Scope::Member, 100), (Scope::Account, 1_000)]);
    keyring.apply(vec![PolicyChange::Member(member(2, Vec::new()))]);
    assert_eq!(limits(&keyring, 40, 0), [(Scope::Key, 20), (Scope::Account, 1_000)]);
    keyring.apply(vec![PolicyChange::Account(account(1, Vec::new()))]);
    assert_eq!(limits(&keyring, 40, 0), [(Scope::Key, 20)]);
    keyring.apply(vec![PolicyChange::Key(key(4, 1, Vec::new()))]);
    assert_eq!(limits(&keyring, 40, 0), []);
    assert_eq!(before.quotas().count(), 3, "a call that is being decided on keeps what it began with");
}

/// What a call of one request and one credit with the value comes to.
fn call(keyring: &Keyring, value: u128, api: usize) -> Result<(), Denial> {
    let entry = keyring.find(&hash(value)).expect("it is known");
    let limits = entry.view().expect("its key is known").limits(api);
    match keyring.meter.take(&limits, Charge::priced(1), world::now(), world::steady()) {
        Take::Taken(_) => Ok(()),
        Take::Denied(refused) => Err(refused.denial),
        Take::Wait(_) => panic!("no quota applies"),
    }
}

#[test]
fn a_members_rate_counts_all_values_they_own_and_nobody_elses() {
    let rate = |metric, per, limit| RateLimit { scope: Scope::Member, metric, per, limit };
    let slow = |rates: Vec<RateLimit>| MemberPolicy { rates, ..member(2, Vec::new()) };
    let keyring = keyring();
    keyring.apply(vec![
        PolicyChange::Account(account(1, Vec::new())),
        PolicyChange::Member(slow(vec![rate(Metric::Requests, Per::Minute, 3)])),
        PolicyChange::Member(member(3, Vec::new())),
        PolicyChange::Key(key(4, 1, Vec::new())),
        PolicyChange::Key(key(5, 1, Vec::new())),
        PolicyChange::Value(value(40, 4, Some(2))),
        PolicyChange::Value(value(51, 5, Some(2))),
        PolicyChange::Value(value(50, 5, Some(3))),
        PolicyChange::Value(value(52, 5, None)),
    ]);
    let too_fast = Err(Denial::RateLimited(Scope::Member));
    assert_eq!(
        [40, 51, 40, 51, 40].map(|value| call(&keyring, value, 0)),
        [Ok(()), Ok(()), Ok(()), too_fast, too_fast]
    );
    assert_eq!(call(&keyring, 51, 1), too_fast, "whatever API it goes to");
    assert_eq!([50, 52].map(|value| call(&keyring, value, 0)), [Ok(()); 2], "the key is shared, the limit is not");
    // A third of a minute gives one more; an edit gives none.
    world::pass(20_000_000);
    keyring.apply(vec![PolicyChange::Member(slow(vec![
        rate(Metric::Requests, Per::Minute, 3),
        rate(Metric::Credits, Per::Second, 9),
    ]))]);
    assert_eq!([40, 51].map(|value| call(&keyring, value, 0)), [Ok(()), too_fast]);
    keyring.apply(vec![PolicyChange::Member(slow(Vec::new()))]);
    assert_eq!([40, 51].map(|value| call(&keyring, value, 0)), [Ok(()); 2]);
    let of_account = |value| {
        let entry = keyring.find(&hash(value)).expect("it is known");
        entry.view().expect("its key is known").limits(0)
    };
    assert!(Arc::ptr_eq(&of_account(40), &of_account(50)), "without limits of one's own there is nothing to join");
}

#[test]
fn values_of_removed_keys_are_refused_at_once_and_swept_later() {
    let keyring = keyring();
    keyring.apply(changes());
    let many = (0..REMOVED_KEYS_BEFORE_SWEEP as u128 + 100).map(|number| 10_000 + number);
    let both = many
        .clone()
        .flat_map(|id| [PolicyChange::Key(key(id, 1, Vec::new())), PolicyChange::Value(value(id, id, None))]);
    keyring.apply(both.collect());
    assert_eq!(keyring.len(), 3 + many.clone().count());
    for id in many.clone() {
        assert_eq!(decision(&keyring, id), Ok(()));
        keyring.apply(vec![PolicyChange::NoKey(KeyId::from_u128(id))]);
        assert_eq!(decision(&keyring, id), Err(Denial::UnknownKey));
    }
    assert!(keyring.len() < 200, "{} are left", keyring.len());
    assert_eq!([40, 50, 51].map(|value| decision(&keyring, value)), [Ok(()); 3]);
}

#[test]
fn every_one_of_many_values_is_found_in_its_shard() {
    let keyring = keyring();
    keyring.apply(changes());
    let numbers = 100_000..140_000u128;
    keyring.apply(numbers.clone().map(|number| PolicyChange::Value(value(number, 5, None))).collect());
    for number in numbers.clone() {
        let entry = keyring.find(&hash(number)).expect("it was put in");
        assert_eq!(entry.policy.id, ValueId::from_u128(number));
        assert!(keyring.find(&hash(number + 1_000_000)).is_none());
    }
    keyring.apply(numbers.clone().step_by(2).map(|number| PolicyChange::NoValue(ValueId::from_u128(number))).collect());
    assert!(numbers.clone().all(|number| keyring.find(&hash(number)).is_some() == (number % 2 == 1)));
}

#[test]
fn it_is_fresh_until_the_moment_that_was_set() {
    let keyring = keyring();
    assert!(!keyring.is_fresh(0), "nothing was heard yet");
    keyring.set_fresh_until(50);
    assert_eq!([49, 50, 51].map(|steady| keyring.is_fresh(steady)), [true, false, false]);
    keyring.set_fresh_until(i64::MAX);
    assert!(keyring.is_fresh(i64::MAX - 1));
}

#[test]
fn look_ups_stay_right_while_nouns_are_changed() {
    let keyring = keyring();
    keyring.apply(changes());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    // Value 51 is left alone, and its neighbours come and go.
                    assert_eq!(decision(&keyring, 51), Ok(()));
                    assert!(matches!(
                        decision(&keyring, 50),
                        Ok(()) | Err(Denial::MemberSuspended | Denial::UnknownKey)
                    ));
                    let scopes = limits(&keyring, 40, 0).len();
                    assert!((2..=3).contains(&scopes), "{scopes}");
                }
            });
        }
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_millis(300) {
            let suspended = MemberPolicy { suspended: true, ..member(3, Vec::new()) };
            let noise = (0..20).map(|number| PolicyChange::Value(value(70_000 + number, 5, None)));
            keyring.apply(noise.chain([PolicyChange::Member(suspended)]).collect());
            assert_eq!(decision(&keyring, 50), Err(Denial::MemberSuspended), "seen as soon as it was taken in");
            keyring
                .apply(vec![PolicyChange::Key(key(4, 1, Vec::new())), PolicyChange::NoValue(ValueId::from_u128(50))]);
            assert_eq!(decision(&keyring, 50), Err(Denial::UnknownKey));
            keyring.apply(changes());
            assert_eq!(decision(&keyring, 50), Ok(()));
        }
        over.store(true, Ordering::Relaxed);
    });
}
