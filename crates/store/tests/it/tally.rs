//! Tallies: whatever is written, and however, they say what counting would.

use std::collections::HashMap;

use domain::{
    grant::Grant,
    id::{KeyId, MemberId},
    key::{Key, Sharing},
    member::Member,
    role::{Role, RoleScope},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{Store, Tx, grant, key, member, tally};

use crate::{backends::on_both, world::*};

/// Steps of a history.
const STEPS: usize = 120;
/// Members and keys that the steps are about.
const FEW: u128 = 6;

/// A change of a member, a grant or keys.
#[derive(Clone, Debug)]
enum Step {
    Seat(u128, Option<Role>, bool),
    Grant(u128, u128, Option<Role>),
    Keys(u128, u128, Option<u128>, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let role = || prop::option::of(prop::sample::select(vec![Role::Admin, Role::Member]));
    let one = || 2..2 + FEW;
    prop_oneof![
        (one(), role(), any::<bool>()).prop_map(|(who, role, removed)| Step::Seat(who, role, removed)),
        (one(), one(), role()).prop_map(|(who, key, role)| Step::Grant(who, key, role)),
        (one(), 1..3u128, prop::option::of(one()), any::<bool>())
            .prop_map(|(first, many, holder, revoked)| Step::Keys(first, many, holder, revoked)),
    ]
}

impl Step {
    async fn run(&self, tx: &Tx, world: &World) {
        let account = world.account.id;
        match *self {
            Step::Seat(who, role, removed) => {
                let removed_at = removed.then_some(NOW);
                member::save(tx, &Member { role, removed_at, ..a_member(who, account, Role::Member) }).await.unwrap();
            }
            Step::Grant(who, of, None) => grant::delete(tx, id(who), id(of)).await.unwrap(),
            Step::Grant(who, of, Some(role)) => {
                let grant = Grant { key: id(of), member: id(who), role, granted_by: None, granted_at: NOW };
                grant::put(tx, account, &grant).await.unwrap();
            }
            Step::Keys(first, many, holder, revoked) => {
                for number in first..(first + many).min(2 + FEW) {
                    let sharing = holder.map_or(Sharing::Shared, |holder| Sharing::Own { holder: id(holder) });
                    let revoked_at = revoked.then_some(NOW);
                    key::save(tx, &Key { sharing, revoked_at, ..a_key(number, account) }).await.unwrap();
                }
            }
        }
    }
}

/// Counts one by one what the tallies should say.
async fn check(store: &Store, world: &World, after: &Step) {
    let account = world.account.id;
    let seats = member::list(store, account).await.unwrap();
    let mut seated: HashMap<Role, u64> = HashMap::new();
    for seat in seats.iter().filter(|seat| seat.removed_at.is_none()) {
        if let Some(role) = seat.role {
            *seated.entry(role).or_default() += 1;
        }
    }
    let some =
        |told: HashMap<Role, u64>| told.into_iter().filter(|(_, holders)| *holders > 0).collect::<HashMap<_, _>>();
    let told = tally::holders(store, account, RoleScope::Account).await.unwrap();
    assert_eq!(some(told), seated, "{after:?}");
    let all = seats.iter().filter(|seat| seat.removed_at.is_none()).count() as u64;
    assert_eq!(member::count(store, account).await.unwrap(), all, "{after:?}");
    let keys = key::list(store, account).await.unwrap();
    let members: Vec<MemberId> = seats.iter().map(|seat| seat.id).collect();
    let grants = grant::list_of_members(store, &members).await.unwrap();
    for number in 2..2 + FEW {
        let mut granted: HashMap<Role, u64> = HashMap::new();
        for grant in grants.iter().filter(|grant| grant.key == KeyId::from_u128(number)) {
            *granted.entry(grant.role).or_default() += 1;
        }
        let told = tally::holders(store, account, RoleScope::Key(id(number))).await.unwrap();
        assert_eq!(some(told), granted, "key {number} after {after:?}");
        let holder = MemberId::from_u128(number);
        let holds = |key: &&Key| key.revoked_at.is_none() && key.sharing == Sharing::Own { holder };
        let held = keys.iter().filter(holds).count() as u64;
        let told = tally::keys(store, &[holder]).await.unwrap();
        assert_eq!(told.get(&holder).copied().unwrap_or(0), held, "holder {number} after {after:?}");
    }
    let live = keys.iter().filter(|key| key.revoked_at.is_none()).count() as u64;
    assert_eq!(key::count(store, account).await.unwrap(), live, "{after:?}");
}

#[test]
fn tallies_say_what_counting_would() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let tx = store.begin().await.unwrap();
        let seats: Vec<Member> = (2..2 + FEW).map(|n| a_member(n, world.account.id, Role::Member)).collect();
        member::insert_many(&tx, &seats).await.unwrap();
        let keys: Vec<Key> = (2..2 + FEW).map(|n| a_key(n, world.account.id)).collect();
        key::insert_many(&tx, &keys).await.unwrap();
        tx.commit().await.unwrap();
        let mut runner = TestRunner::deterministic();
        for _ in 0..STEPS {
            let step = step().new_tree(&mut runner).unwrap().current();
            let tx = store.begin().await.unwrap();
            step.run(&tx, &world).await;
            tx.commit().await.unwrap();
            check(&store, &world, &step).await;
        }
    });
}
