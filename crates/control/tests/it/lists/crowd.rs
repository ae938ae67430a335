//! A crowd: one account with so many members and ten times as many keys, and all else that lists show, made in a few large statements.
//! It is the same each time.

use std::collections::BTreeMap;

use domain::{
    account::Account,
    audit::{Action, Audit},
    grant::Grant,
    id::{AccountId, Id, KeyId, MemberId, Noun, PersonId},
    invitation::Invitation,
    key::{Key, Sharing, Value, value::Hash},
    member::Member,
    person::Person,
    quota::{Metric, Period, QuotaTerms},
    role::{Reach, Role},
    subscription::Subscription,
    time::{DAY, SECOND, Timestamp},
    token::TokenHash,
};
use store::{Tx, quota::Owner};

use crate::world::{Call, Someone, Team, World, now};

/// Keys of a member, on the average.
pub const KEYS_EACH: usize = 10;
/// Members and keys with quotas of their own.
const LIMITED: usize = 100;
/// Accounts beside the crowd's.
const OTHERS: usize = 120;
/// Keys of which somebody who sees little holds a role.
pub const GRANTED: usize = 20;
/// An hour, in microseconds.
const HOUR: i64 = 3_600 * SECOND;

/// The account, and who asks.
pub struct Crowd {
    /// The account with its named people.
    pub team: Team,
    /// An operator.
    pub operator: Someone,
    /// A shared key on which many hold a role.
    pub busy: KeyId,
    /// Somebody in the middle of those.
    pub on_busy: MemberId,
    /// A key that was called.
    pub called: KeyId,
    /// The seat in the middle of all.
    pub middle: MemberId,
}

/// What of the crowd is made in bulk.
struct Plan {
    account: AccountId,
    start: Timestamp,
    roles: [Role; 2],
    members: usize,
}

impl World {
    /// So many members, and ten times as many keys.
    pub async fn crowd(&self, members: usize) -> Crowd {
        let start = now().plus(-30 * DAY);
        let team = self.team("crowd").await;
        let operator = self.team("runs").await.owner;
        self.make_operator(&operator).await;
        let role = async |name| self.custom_role(team.account, name, Reach::new([], domain::role::USUAL)).await;
        let plan = Plan { account: team.account, start, roles: [role("Red").await, role("Blue").await], members };
        let (seats, keys) = (plan.seats(), plan.keys());
        let busy = keys.iter().find(|key| key.sharing == Sharing::Shared && key.revoked_at.is_none());
        let busy = busy.expect("a shared key").id;
        let values = plan.values(&keys);
        let tx = self.app.store.begin().await.expect("a transaction");
        store::person::insert_many(&tx, &seats.iter().filter_map(person).collect::<Vec<_>>()).await.expect("persons");
        store::member::insert_many(&tx, &seats).await.expect("members");
        store::key::insert_many(&tx, &keys).await.expect("keys");
        store::value::insert_many(&tx, &values).await.expect("values");
        let grants = plan.grants(&seats, &keys, busy, team.member.member);
        let on_busy: Vec<MemberId> =
            grants.iter().filter(|grant| grant.key == busy).map(|grant| grant.member).collect();
        store::grant::insert_many(&tx, team.account, &grants).await.expect("grants");
        plan.invite(&tx, &seats).await;
        self.limit(&tx, &seats, &keys).await;
        self.remember(&tx, &team, &seats).await;
        self.others(&tx, start).await;
        tx.commit().await.expect("it is committed");
        let calls = plan.calls(&values);
        self.log(&calls).await;
        self.analyze();
        let (on_busy, middle) = (on_busy[on_busy.len() / 2], seats[members / 2 + 5].id);
        Crowd { team, operator, busy, on_busy, called: calls[0].key, middle }
    }

    /// Quotas of some members and keys.
    async fn limit(&self, tx: &Tx, seats: &[Member], keys: &[Key]) {
        let terms = [QuotaTerms { metric: Metric::Requests, period: Period::Day, limit: 1_000, overage: None }];
        let members = seats.iter().map(|seat| Owner::Member(seat.id)).take(LIMITED);
        for owner in members.chain(keys.iter().map(|key| Owner::Key(key.id)).take(LIMITED)) {
            let random = &mut || self.app.random();
            store::quota::replace(tx, (owner, keys[0].created_at), &terms, now(), random).await.expect("quotas");
        }
    }

    /// The audit trail.
    async fn remember(&self, tx: &Tx, team: &Team, seats: &[Member]) {
        for (n, seat) in seats.iter().enumerate() {
            let audit = Audit {
                id: id(seat.created_at, n),
                time: seat.created_at,
                account: Some(seat.account),
                person: Some(team.owner.person),
                member: Some(team.owner.member),
                access_token: None,
                by_operator: n % 10 == 0,
                name: "Olivia".to_owned(),
                address: None,
                action: if n % 2 == 0 { Action::MemberInvite } else { Action::KeyCreate },
                subject: seat.id.to_string(),
                subject_name: seat.name.to_string(),
                before: None,
                after: None,
            };
            store::audit::append(tx, &audit).await.expect("it is written");
        }
    }

    /// Other accounts, each with an owner.
    async fn others(&self, tx: &Tx, start: Timestamp) {
        let api = store::api::list(tx).await.expect("the catalogue").remove(0);
        for n in 0..OTHERS {
            let title = format!("Other {n}").parse().expect("a title");
            let account = id(start.plus(-DAY), n);
            let account =
                Account { id: account, name: title, created_at: start, suspended_at: None, lists: Default::default() };
            store::account::insert(tx, &account).await.expect("an account");
            let owner = Member { person: None, ..seat(account.id, start.plus(-DAY), n, Some(Role::Owner)) };
            store::member::insert(tx, &owner).await.expect("an owner");
            let plan = api.default_plan.clone().expect("a plan for everybody");
            let subscription =
                Subscription { id: id(start, n), account: account.id, api: api.name.clone(), plan, started_at: start };
            let random = &mut || self.app.random();
            store::subscription::insert(tx, &subscription, start, random).await.expect("a subscription");
        }
    }
}

impl Plan {
    fn seats(&self) -> Vec<Member> {
        let seat = |n: usize| {
            let role = if n % 4 < 2 { self.roles[n % 2] } else { Role::Member };
            let seat = seat(self.account, self.start, n, Some(role));
            let at = Some(seat.created_at);
            match n % 100 {
                0 | 1 => Member { activated_at: None, person: None, ..seat },
                2 | 3 => Member { suspended_at: at, ..seat },
                4 => Member { removed_at: at, ..seat },
                _ => seat,
            }
        };
        (0..self.members).map(seat).collect()
    }

    fn keys(&self) -> Vec<Key> {
        (0..self.members * KEYS_EACH).map(|n| self.key(n)).collect()
    }

    fn key(&self, n: usize) -> Key {
        let created_at = moment(self.start, n);
        let holder = id(moment(self.start, n / KEYS_EACH), n / KEYS_EACH);
        let sharing = if n % 20 == 7 { Sharing::Shared } else { Sharing::Own { holder } };
        let environment = ["Production", "Staging", "Development"][n % 3].parse().expect("a name");
        let name = format!("Key {n}").parse().expect("a title");
        let mut key = Key::new(id(created_at, n), self.account, name, environment, sharing, created_at);
        key.revoked_at = (n % KEYS_EACH == 9).then_some(created_at);
        key.disabled_at = (n % 25 == 3).then_some(created_at);
        key.expires_at = (n % 20 == 11).then(|| now().plus((n / 20 % 20) as i64 * DAY - 5 * DAY));
        if n % KEYS_EACH == 2 {
            let team = format!("Team {}", n / KEYS_EACH % 50).parse().expect("a value");
            let pairs = BTreeMap::from([("team".parse().expect("a name"), team)]);
            key.metadata = pairs.try_into().expect("one pair");
        }
        key
    }

    /// One of each key; of a shared one that of an account's service.
    fn values(&self, keys: &[Key]) -> Vec<Value> {
        let value = |(n, key): (usize, &Key)| {
            let mut hash = [3; 32];
            hash[..8].copy_from_slice(&(n as u64).to_be_bytes());
            Value {
                id: id(key.created_at, n),
                key: key.id,
                member: match key.sharing {
                    Sharing::Own { holder } => Some(holder),
                    Sharing::Shared => None,
                },
                hash: Hash(hash),
                mask: "kw_ab…9XYZ".to_owned(),
                created_at: key.created_at,
                expires_at: None,
                revoked_at: key.revoked_at,
                withheld_at: None,
            }
        };
        keys.iter().enumerate().map(value).collect()
    }

    /// A tenth of the members on the busy key, one on each fiftieth, and `narrow` on some.
    fn grants(&self, seats: &[Member], keys: &[Key], busy: KeyId, narrow: MemberId) -> Vec<Grant> {
        let live: Vec<&Member> = seats.iter().filter(|seat| seat.removed_at.is_none()).collect();
        let granted_at = moment(self.start, 0);
        let grant = |key, member| Grant { key, member, role: Role::Member, granted_by: None, granted_at };
        let busy_ones = live.iter().step_by(10).map(|seat| grant(busy, seat.id));
        let others = keys.iter().filter(|key| key.id != busy).step_by(50).zip(live.iter().cycle());
        let others = others.map(|(key, seat)| grant(key.id, seat.id));
        let its = keys.iter().filter(|key| key.id != busy).skip(1).step_by(50).take(GRANTED);
        busy_ones.chain(others).chain(its.map(|key| grant(key.id, narrow))).collect()
    }

    async fn invite(&self, tx: &Tx, seats: &[Member]) {
        for (n, seat) in seats.iter().enumerate().filter(|(_, seat)| seat.activated_at.is_none()) {
            let mut hash = [5; 32];
            hash[..8].copy_from_slice(&(n as u64).to_be_bytes());
            let invitation = Invitation {
                id: id(seat.created_at, n),
                account: seat.account,
                member: seat.id,
                invited_by: None,
                hash: TokenHash(hash),
                created_at: seat.created_at,
                accepted_at: None,
                withdrawn_at: None,
                refused: None,
            };
            store::invitation::insert(tx, &invitation).await.expect("an invitation");
        }
    }

    /// A call with each tenth value, over the last two days.
    fn calls(&self, values: &[Value]) -> Vec<Call> {
        let called = values.iter().filter(|value| value.revoked_at.is_none()).step_by(KEYS_EACH);
        let call = |(n, value): (usize, &Value)| Call {
            account: self.account,
            member: value.member.unwrap_or(id(moment(self.start, 0), 0)),
            key: value.key,
            value: value.id,
            time: now().plus(-(n as i64 % 48) * HOUR),
            address: "192.0.2.9",
            agent: "curl/8",
        };
        called.enumerate().map(call).collect()
    }
}

/// When the n-th of a sort was made: a second after the one before.
fn moment(start: Timestamp, n: usize) -> Timestamp {
    start.plus(n as i64 * SECOND)
}

/// An identifier of that moment.
fn id<N: Noun>(moment: Timestamp, n: usize) -> Id<N> {
    Id::new(moment, n as u128)
}

/// The n-th active seat of an account.
fn seat(account: AccountId, start: Timestamp, n: usize, role: Option<Role>) -> Member {
    let at = moment(start, n);
    Member {
        id: id(at, n),
        account,
        name: format!("Member {n}").parse().expect("a name"),
        email: format!("member-{n}@crowd.example").parse().expect("an address"),
        person: Some(id(at, n)),
        role,
        created_at: at,
        activated_at: Some(at),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    }
}

/// Who sits there.
fn person(seat: &Member) -> Option<Person> {
    let id: PersonId = seat.person?;
    let (name, email) = (seat.name.clone(), seat.email.clone());
    let at = seat.created_at;
    Some(Person { id, name, email, password_hash: None, created_at: at, confirmed_at: Some(at), operator_at: None })
}
