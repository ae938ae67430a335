//! What counts where, who sees and uses which key, and who may act on whom.

use std::collections::BTreeSet;

use super::*;
use crate::{
    id::{AccountId, MemberId},
    role::{Reach, USUAL},
    time::Timestamp,
};

mod world;

const KEY: KeyId = KeyId::from_u128(1);
const OTHER: KeyId = KeyId::from_u128(2);

fn seat(number: u128, role: Option<Role>) -> Member {
    Member {
        id: MemberId::from_u128(number),
        account: AccountId::from_u128(1),
        name: "Ada".parse().unwrap(),
        email: format!("seat{number}@example.com").parse().unwrap(),
        person: None,
        role,
        created_at: Timestamp::from_micros(0),
        activated_at: Some(Timestamp::from_micros(1)),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    }
}

fn grant(key: KeyId, member: u128, role: Role) -> Grant {
    let granted_at = Timestamp::from_micros(2);
    Grant { key, member: MemberId::from_u128(member), role, granted_by: None, granted_at }
}

fn custom(number: u128, scope: RoleScope, allows: &[Permission]) -> CustomRole {
    CustomRole {
        id: RoleId::from_u128(number),
        account: AccountId::from_u128(1),
        scope,
        name: "Of our own".parse().unwrap(),
        reach: Reach::new([], Permissions::of(allows)),
        created_at: Timestamp::from_micros(0),
    }
}

fn standing(number: u128, role: Option<Role>, grants: &[(KeyId, Role)], roles: &[CustomRole]) -> Standing {
    let roles: Roles = roles.iter().map(|role| (role.id, role.clone())).collect();
    let grants: Vec<Grant> = grants.iter().map(|(key, role)| grant(*key, number, *role)).collect();
    Standing { seat: seat(number, role), rights: Rights::of(role, &grants, &roles) }
}

fn key(id: KeyId, sharing: Sharing) -> Key {
    Key {
        id,
        account: AccountId::from_u128(1),
        name: "Key".parse().unwrap(),
        environment: "Development".parse().unwrap(),
        sharing,
        apis: BTreeSet::new(),
        networks: BTreeSet::new(),
        metadata: Default::default(),
        version: 1,
        lists: Default::default(),
        locked_lists: Default::default(),
        secret: None,
        created_at: Timestamp::from_micros(0),
        disabled_at: None,
        expires_at: None,
        revoked_at: None,
    }
}

#[test]
fn on_a_key_the_union_counts() {
    let role = custom(5, RoleScope::Account, &[Permission::StatsView, Permission::KeysCreate]);
    let on_key = custom(6, RoleScope::Key(KEY), &[Permission::SecurityView]);
    let both = standing(1, Some(role.as_role()), &[(KEY, on_key.as_role())], &[role, on_key]);
    let on = both.rights.on(KEY);
    assert!(on.has(Permission::StatsView) && on.has(Permission::SecurityView) && !on.has(Permission::KeysCreate));
    assert!(
        !both.rights.on(OTHER).has(Permission::SecurityView) && !both.rights.in_account().has(Permission::SecurityView)
    );
}

#[test]
fn a_role_counts_in_its_scope_alone() {
    let of_key = custom(5, RoleScope::Key(KEY), &[Permission::KeysEdit]);
    let of_account = custom(6, RoleScope::Account, &[Permission::KeysEdit]);
    let roles = [of_key.clone(), of_account.clone()];
    let nothing = Permissions::default();
    assert_eq!(standing(1, Some(of_key.as_role()), &[], &roles).rights.in_account(), nothing);
    for (key, role) in
        [(OTHER, of_key.as_role()), (KEY, of_account.as_role()), (KEY, Role::Custom(RoleId::from_u128(9)))]
    {
        assert_eq!(standing(1, None, &[(key, role)], &roles).rights.on(key), nothing, "{role}");
    }
}

#[test]
fn a_program_holds_no_more_than_was_said() {
    let whole = standing(1, Some(Role::Admin), &[(KEY, Role::Admin)], &[]).rights;
    let limited = whole.limited_to(USUAL);
    assert_eq!((limited.in_account(), limited.on(KEY), limited.granted_on(KEY)), (USUAL, USUAL, USUAL));
}

#[test]
fn who_sees_and_uses_which_key() {
    let viewer = custom(5, RoleScope::Account, &[Permission::TeamworkView]);
    let shared = key(KEY, Sharing::Shared);
    let own = key(KEY, Sharing::Own { holder: MemberId::from_u128(1) });
    let foreign = key(KEY, Sharing::Own { holder: MemberId::from_u128(2) });
    // Of the shared key, one's own, and another's: seen, and used.
    let cases = [
        (standing(1, Some(Role::Member), &[], &[]), [(true, true), (true, true), (false, false)]),
        (standing(1, Some(viewer.as_role()), &[], &[viewer]), [(true, false), (true, true), (true, false)]),
        (standing(1, Some(Role::Admin), &[], &[]), [(true, true), (true, true), (true, false)]),
        (standing(1, None, &[(KEY, Role::Member)], &[]), [(true, true), (true, true), (true, false)]),
        (standing(1, None, &[(OTHER, Role::Admin)], &[]), [(false, false), (true, true), (false, false)]),
        (standing(1, None, &[], &[]), [(false, false), (true, true), (false, false)]),
    ];
    for (case, (who, expected)) in cases.into_iter().enumerate() {
        let told = [&shared, &own, &foreign].map(|key| (who.sees(key), who.may_use(key)));
        assert_eq!(told, expected, "case {case}");
    }
}

#[test]
fn who_may_act_on_whom() {
    let seat = |number, role| standing(number, role, &[], &[]);
    let lead = custom(5, RoleScope::Account, &[Permission::KeysUse, Permission::TeamworkSuspend]);
    let lead = standing(1, Some(lead.as_role()), &[], &[lead]);
    for (actor, other, word) in [
        (seat(1, Some(Role::Owner)), seat(2, Some(Role::Admin)), None),
        (seat(1, Some(Role::Admin)), seat(2, Some(Role::Admin)), None),
        (seat(1, Some(Role::Admin)), seat(2, Some(Role::Member)), None),
        (seat(1, Some(Role::Admin)), standing(2, None, &[(KEY, Role::Admin)], &[]), None),
        (seat(1, Some(Role::Member)), seat(2, Some(Role::Member)), None),
        (lead.clone(), seat(2, Some(Role::Member)), None),
        (lead, standing(2, Some(Role::Member), &[(KEY, Role::Creator)], &[]), Some("may do what you may not")),
        (seat(1, Some(Role::Member)), seat(2, Some(Role::Admin)), Some("may do what you may not")),
        (seat(1, Some(Role::Admin)), seat(2, Some(Role::Owner)), Some("owner")),
        (seat(1, Some(Role::Admin)), seat(1, Some(Role::Admin)), Some("yourself")),
        (seat(1, Some(Role::Owner)), seat(1, Some(Role::Owner)), Some("yourself")),
    ] {
        let told = actor.may_act_on(&other, "suspended");
        match word {
            None => assert_eq!(told, Ok(()), "{actor:?} on {other:?}"),
            Some(word) => assert!(told.unwrap_err().to_string().contains(word), "{actor:?} on {other:?}"),
        }
    }
}

#[test]
fn on_a_key_what_is_held_there_is_compared() {
    let admin_of_key = standing(1, None, &[(KEY, Role::Admin)], &[]);
    let member_of_key = standing(2, None, &[(KEY, Role::Member), (OTHER, Role::Admin)], &[]);
    assert_eq!(admin_of_key.may_act_on_key(&member_of_key, KEY, "changed"), Ok(()));
    assert!(admin_of_key.may_act_on_key(&member_of_key, OTHER, "changed").is_err());
    assert!(admin_of_key.may_act_on(&member_of_key, "removed").is_err());
    assert!(member_of_key.may_act_on_key(&admin_of_key, KEY, "changed").is_err());
    let member_too = standing(3, Some(Role::Admin), &[(KEY, Role::Member)], &[]);
    assert_eq!(admin_of_key.may_act_on_key(&member_too, KEY, "changed"), Ok(()));
}
