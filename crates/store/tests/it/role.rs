//! Roles of an account's own and grants on keys: kept as they were, counted, one of each name in a scope, and what they make of seats.

use domain::{
    grant::Grant,
    id::{KeyId, MemberId, RoleId},
    member::Member,
    permission::{Module, Permission, Permissions},
    role::{CustomRole, Reach, Role, RoleScope},
};
use store::{grant, key, member, role, standing};

use crate::{backends::on_both, nouns::attempt, world::*};

fn a_role(number: u128, scope: RoleScope, text: &str) -> CustomRole {
    let single = Permissions::of(&[Permission::KeysUse, Permission::SecurityView]);
    CustomRole {
        id: RoleId::from_u128(number),
        account: id(1),
        scope,
        name: name(text),
        reach: Reach::new([Module::Stats], single),
        created_at: NOW,
    }
}

#[test]
fn a_name_is_taken_once_in_each_scope_and_changes_are_counted() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let account = world.account.id;
        // Ids are drawn, so a key's is never its account's, as those of this world are.
        let key = a_key(7, account);
        assert_eq!(attempt(&store, async |tx| key::insert(tx, &key).await).await, "ok");
        let of_key = RoleScope::Key(key.id);
        let steps = [
            (a_role(1, RoleScope::Account, "Support"), "ok"),
            (a_role(2, RoleScope::Account, "sUPPORT"), "conflict"),
            (a_role(3, of_key, "Support"), "ok"),
            (a_role(4, RoleScope::Key(KeyId::from_u128(9)), "Support"), "not found"),
        ];
        for (made, expected) in &steps {
            assert_eq!(attempt(&store, async |tx| role::insert(tx, made).await).await, *expected, "{made:?}");
        }
        assert_eq!(role::list(&store, account, RoleScope::Account).await.unwrap(), [steps[0].0.clone()]);
        assert_eq!(role::list(&store, account, of_key).await.unwrap(), [steps[2].0.clone()]);
        assert_eq!(role::version(&store, account, of_key).await.unwrap(), 0);
        for expected in [1, 2] {
            assert_eq!(attempt(&store, async |tx| role::touch(tx, account, of_key).await.map(drop)).await, "ok");
            assert_eq!(role::version(&store, account, of_key).await.unwrap(), expected);
        }
        assert_eq!(role::version(&store, account, RoleScope::Account).await.unwrap(), 0, "another scope");
        assert_eq!(attempt(&store, async |tx| role::delete(tx, RoleId::from_u128(3)).await).await, "ok");
        assert_eq!(role::list(&store, account, of_key).await.unwrap(), []);
    });
}

#[test]
fn a_seat_allows_what_its_role_and_its_grants_say() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let (account, key) = (world.account.id, world.key.id);
        let (of_account, of_key) = (a_role(1, RoleScope::Account, "A"), a_role(2, RoleScope::Key(key), "K"));
        let seat = Member { role: Some(of_account.as_role()), ..a_member(2, account, Role::Member) };
        let key_only = Member { role: None, ..a_member(3, account, Role::Member) };
        let given =
            |member: MemberId, role| Grant { key, member, role, granted_by: Some(world.owner.id), granted_at: NOW };
        let tx = store.begin().await.unwrap();
        for made in [&of_account, &of_key] {
            role::insert(&tx, made).await.unwrap();
        }
        for made in [&seat, &key_only] {
            member::insert(&tx, made).await.unwrap();
        }
        grant::put(&tx, account, &given(key_only.id, Role::Member)).await.unwrap();
        grant::put(&tx, account, &given(key_only.id, of_key.as_role())).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(member::find(&store, key_only.id).await.unwrap(), Some(key_only.clone()));
        assert_eq!(member::holders(&store, account, of_account.id).await.unwrap(), [seat.id]);
        assert_eq!(grant::holders(&store, key, of_key.id).await.unwrap(), [key_only.id]);
        let all = standing::of_seats(&store, &[seat.clone(), key_only.clone()]).await.unwrap();
        for (seat, expected) in
            [(seat, [of_account.permissions(); 2]), (key_only, [Permissions::default(), of_key.permissions()])]
        {
            let one = standing::of(&store, seat.clone()).await.unwrap();
            assert_eq!([one.rights.in_account(), one.rights.on(key)], expected, "{}", seat.name);
            assert_eq!(all.of(&seat), one);
        }
        assert_eq!(attempt(&store, async |tx| grant::delete(tx, MemberId::from_u128(3), key).await).await, "ok");
        assert_eq!(grant::list_of_member(&store, MemberId::from_u128(3)).await.unwrap(), []);
        assert_eq!(grant::find(&store, MemberId::from_u128(3), key).await.unwrap(), None);
    });
}
