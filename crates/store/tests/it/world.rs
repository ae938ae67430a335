//! Small worlds for tests: nouns with readable numbers for ids, a plan, an account with keys.

use domain::{
    account::Account,
    api::{Api, Dialect, Protocol},
    id::{AccountId, Id, KeyId, MemberId, Noun, PersonId, QuotaId, SubscriptionId, ValueId},
    key::{Key, Sharing, Value, value::Hash},
    lease::CounterId,
    member::Member,
    person::Person,
    plan::Plan,
    price::{Price, PriceList},
    quota::{Metric, Period, Quota, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
    role::Role,
    subscription::Subscription,
    time::{DAY, Timestamp},
};
use store::{Store, account, key, member, publication, quota::Owner, subscription};

/// The first moment of the day on which all tests play.
pub const MIDNIGHT: Timestamp = Timestamp::from_micros(20_000 * DAY);
/// Noon of that day.
pub const NOW: Timestamp = MIDNIGHT.plus(DAY / 2);

/// The id with this number.
pub fn id<N: Noun>(number: u128) -> Id<N> {
    Id::from_u128(number)
}

/// Entropy that counts up from a number.
pub fn entropy(mut from: u128) -> impl FnMut() -> u128 + Send {
    move || {
        from += 1;
        from
    }
}

/// A name that is known to be well formed.
pub fn name<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a well-formed name")
}

/// An account.
pub fn an_account(number: u128) -> Account {
    let title = name(&format!("Account {number}"));
    Account { id: id(number), name: title, lists: Default::default(), created_at: NOW, suspended_at: None }
}

/// A person who has not confirmed their address.
pub fn a_person(number: u128, email: &str) -> Person {
    Person {
        id: PersonId::from_u128(number),
        name: name(&format!("Person {number}")),
        email: name(email),
        password_hash: None,
        created_at: NOW,
        confirmed_at: None,
        operator_at: None,
    }
}

/// An active member.
pub fn a_member(number: u128, account: AccountId, role: Role) -> Member {
    Member {
        id: MemberId::from_u128(number),
        account,
        name: name(&format!("Member {number}")),
        email: name(&format!("member-{number}@example.com")),
        person: None,
        role: Some(role),
        created_at: NOW,
        activated_at: Some(NOW),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    }
}

/// A shared key that opens everything.
pub fn a_key(number: u128, account: AccountId) -> Key {
    let called = name(&format!("Key {number}"));
    Key::new(KeyId::from_u128(number), account, called, name("Production"), Sharing::Shared, NOW)
}

/// A value whose hash is made of its number.
pub fn a_value(number: u128, key: KeyId, member: Option<MemberId>) -> Value {
    let mut hash = [7; 32];
    hash[..16].copy_from_slice(&number.to_be_bytes());
    Value {
        id: ValueId::from_u128(number),
        key,
        member,
        hash: Hash(hash),
        mask: "kw_ab…9XYZ".to_owned(),
        created_at: NOW,
        expires_at: None,
        revoked_at: None,
        withheld_at: None,
    }
}

/// What a quota counts and how much.
pub fn terms(metric: Metric, period: Period, limit: u64) -> QuotaTerms {
    QuotaTerms { metric, period, limit, overage: None }
}

/// A plan with these quotas and one rate limit.
pub fn a_plan(text: &str, quotas: &[QuotaTerms]) -> Plan {
    let rate = RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Second, limit: 10 };
    Plan {
        name: name(text),
        title: name(text),
        quotas: quotas.to_vec(),
        rates: vec![rate],
        max_keys: Some(5),
        max_members: None,
    }
}

/// An API with some prices.
pub fn an_api(text: &str) -> Api {
    Api {
        name: name(text),
        title: name(text),
        protocol: Protocol::JsonRpc,
        dialect: Dialect::JsonRpc,
        networks: vec![name("eth/mainnet"), name("eth/sepolia")],
        prices: PriceList {
            default: Price::Credits(2),
            patterns: vec![("eth_chainId".to_owned(), Price::Free), ("debug_*".to_owned(), Price::Credits(90))],
        },
        default_plan: None,
    }
}

/// A store with one published API `chain` and one plan `pro`, one account (1) that subscribes with it, its owner (1),
/// and one shared key (1).
pub struct World {
    /// The store.
    pub store: Store,
    /// The account.
    pub account: Account,
    /// Its subscription.
    pub subscription: Subscription,
    /// Its owner.
    pub owner: Member,
    /// Its key.
    pub key: Key,
}

impl World {
    /// Eight more seats, 2 to 9, each called Émile. The owner of the world came first; the account goes to 5, in the middle, and 7 is
    /// removed.
    pub async fn add_seats(&self, tx: &store::Tx) {
        store::member::save(tx, &Member { role: Some(Role::Admin), ..self.owner.clone() }).await.unwrap();
        let seat = |number| Member {
            role: Some(if number == 5 { Role::Owner } else { Role::Member }),
            removed_at: (number == 7).then_some(NOW),
            name: name(&format!("Émile {number}")),
            ..a_member(number, self.account.id, Role::Member)
        };
        store::member::insert_many(tx, &(2..=9).map(seat).collect::<Vec<_>>()).await.unwrap();
    }

    /// Makes it; the plan has these quotas.
    pub async fn new(store: Store, quotas: &[QuotaTerms]) -> World {
        let account = an_account(1);
        let owner = a_member(1, account.id, Role::Owner);
        let key = a_key(1, account.id);
        let subscription = Subscription {
            id: SubscriptionId::from_u128(1),
            account: account.id,
            api: name("chain"),
            plan: name("pro"),
            started_at: MIDNIGHT,
        };
        let tx = store.begin().await.unwrap();
        let plans = [a_plan("pro", quotas)];
        publication::publish(&tx, &[an_api("chain")], &plans, NOW, &mut entropy(100)).await.unwrap();
        account::insert(&tx, &account).await.unwrap();
        member::insert(&tx, &owner).await.unwrap();
        subscription::insert(&tx, &subscription, NOW, &mut entropy(200)).await.unwrap();
        key::insert(&tx, &key).await.unwrap();
        tx.commit().await.unwrap();
        World { store, account, subscription, owner, key }
    }

    /// Publishes the plan with these quotas instead.
    pub async fn publish(&self, quotas: &[QuotaTerms], now: Timestamp) -> publication::Published {
        let tx = self.store.begin().await.unwrap();
        let plans = [a_plan("pro", quotas)];
        let done = publication::publish(&tx, &[an_api("chain")], &plans, now, &mut entropy(300)).await.unwrap();
        tx.commit().await.unwrap();
        done
    }

    /// The subscription's quotas.
    pub async fn quotas(&self) -> Vec<Quota> {
        store::quota::list(&self.store, Owner::Subscription(self.subscription.id)).await.unwrap()
    }

    /// The running counter of the subscription's only quota.
    pub async fn counter(&self) -> CounterId {
        let quotas = self.quotas().await;
        assert_eq!(quotas.len(), 1, "this world was made with one quota");
        CounterId { quota: quotas[0].id, window: quotas[0].window(NOW).start }
    }
}

/// The counter of a quota at [`NOW`].
pub fn counter(quota: &Quota) -> CounterId {
    CounterId { quota: quota.id, window: quota.window(NOW).start }
}

/// The quota id with this number.
pub fn quota_id(number: u128) -> QuotaId {
    QuotaId::from_u128(number)
}
