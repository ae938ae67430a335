//! Who may be invited by whom, and when an invitation can be accepted.

use super::*;
use crate::{
    grant::Grant,
    id::{KeyId, PersonId},
    role::RoleScope,
    standing::{Rights, Roles},
};

const NOW: Timestamp = Timestamp::from_micros(100 * DAY);

fn seat(number: u128, role: Role, state: MemberState) -> Member {
    let at = |holds: bool| holds.then_some(NOW);
    Member {
        id: MemberId::from_u128(number),
        account: AccountId::from_u128(1),
        name: "Ada".parse().unwrap(),
        email: format!("seat{number}@example.com").parse().unwrap(),
        person: (state != MemberState::Pending).then(|| PersonId::from_u128(number)),
        role: Some(role),
        created_at: NOW,
        activated_at: at(state != MemberState::Pending),
        suspended_at: at(state == MemberState::Suspended),
        ends_at: None,
        removed_at: at(state == MemberState::Removed),
    }
}

fn standing(seat: Member) -> Standing {
    Standing { rights: Rights::of(seat.role, &[], &Roles::new()), seat }
}

/// A seat for one key only.
fn for_a_key(seat: Member, role: Role) -> Standing {
    let grant = Grant { key: KeyId::from_u128(7), member: seat.id, role, granted_by: None, granted_at: NOW };
    Standing { rights: Rights::of(None, &[grant], &Roles::new()), seat: Member { role: None, ..seat } }
}

fn invitation(invited_by: Option<u128>) -> Invitation {
    Invitation {
        id: InvitationId::from_u128(1),
        account: AccountId::from_u128(1),
        member: MemberId::from_u128(9),
        invited_by: invited_by.map(MemberId::from_u128),
        hash: TokenHash([0; 32]),
        created_at: NOW,
        accepted_at: None,
        withdrawn_at: None,
        refused: None,
    }
}

#[test]
fn who_may_invite_whom() {
    use MemberState::{Active, Pending, Suspended};
    use Role::{Admin, Member, Owner};
    // The inviter's role, the offered one, the state of the seat that the address has, how many were sent in the last hour, and a
    // word of the refusal.
    type Case = (Role, Role, Option<MemberState>, u64, Result<(), &'static str>);
    let cases: [Case; 8] = [
        (Owner, Member, None, 0, Ok(())),
        (Admin, Admin, None, 19, Ok(())),
        (Admin, Owner, None, 0, Err("nobody is invited as owner")),
        (Member, Admin, None, 0, Err("may not do yourself")),
        (Owner, Member, Some(Active), 0, Err("active")),
        (Owner, Member, Some(Pending), 0, Err("pending")),
        (Owner, Member, Some(Suspended), 0, Err("suspended")),
        (Owner, Member, None, 20, Err("20 invitations")),
    ];
    for (inviter, role, present, sent, expected) in cases {
        let allows = |role: Role| role.built_in(RoleScope::Account).expect("built in");
        let seat = present.map(|state| seat(1, Member, state));
        let told = may_invite(allows(inviter), (role, allows(role)), seat.as_ref(), sent);
        match expected {
            Ok(()) => assert_eq!(told, Ok(()), "{inviter} {role} {present:?}"),
            Err(word) => assert!(told.unwrap_err().to_string().contains(word), "{inviter} {role} {present:?}"),
        }
    }
}

#[test]
fn when_it_can_be_accepted() {
    use MemberState::{Active, Pending, Removed, Suspended};
    use Role::{Admin, Member, Owner};
    let over = Err(NotAcceptable::Over);
    let may_not = Err(NotAcceptable::InviterMayNot);
    let pending = seat(9, Admin, Pending);
    let ends = |seat: &super::Member| super::Member { ends_at: Some(NOW.plus(1)), ..seat.clone() };
    let active = seat(1, Owner, Active);
    let cases = [
        (invitation(Some(1)), pending.clone(), Some(seat(1, Owner, Active)), LIFETIME - 1, Ok(())),
        (invitation(Some(1)), pending.clone(), Some(seat(1, Owner, Active)), LIFETIME, over),
        (invitation(Some(1)).withdraw(NOW), pending.clone(), Some(seat(1, Owner, Active)), 0, over),
        (invitation(Some(1)), seat(9, Admin, Active), Some(seat(1, Owner, Active)), 0, over),
        (invitation(Some(1)), seat(9, Admin, Removed), Some(seat(1, Owner, Active)), 0, over),
        (invitation(Some(1)), seat(8, Admin, Pending), Some(seat(1, Owner, Active)), 0, over),
        (invitation(Some(1)), pending.clone(), Some(seat(1, Member, Active)), 0, may_not),
        (invitation(Some(1)), pending.clone(), Some(seat(1, Admin, Suspended)), 0, may_not),
        (invitation(Some(1)), pending.clone(), Some(seat(1, Admin, Removed)), 0, may_not),
        (invitation(Some(1)), pending.clone(), Some(seat(2, Admin, Active)), 0, may_not),
        (invitation(Some(1)), pending.clone(), None, 0, may_not),
        (invitation(Some(1)), ends(&pending), Some(active.clone()), 0, Ok(())),
        (invitation(Some(1)), ends(&pending), Some(active.clone()), 1, Err(NotAcceptable::SeatEnded)),
        (invitation(Some(1)), pending.clone(), Some(ends(&seat(1, Admin, Active))), 1, may_not),
        (invitation(None), pending, None, 0, Ok(())),
    ];
    for (case, (invitation, seat, inviter, at, expected)) in cases.into_iter().enumerate() {
        let told = invitation.accept(&standing(seat), inviter.map(standing).as_ref(), NOW.plus(at));
        assert_eq!(told.map(|accepted| assert!(!accepted.is_open(NOW))), expected, "case {case}");
    }
}

#[test]
fn a_seat_for_a_key_takes_an_inviter_who_holds_as_much_on_it() {
    use MemberState::{Active, Pending};
    use Role::{Admin, Creator, Member};
    for (inviter, offered, expected) in [
        (for_a_key(seat(1, Member, Active), Admin), Admin, true),
        (for_a_key(seat(1, Member, Active), Creator), Member, true),
        (for_a_key(seat(1, Member, Active), Creator), Admin, false),
        (for_a_key(seat(1, Member, Active), Member), Admin, false),
        (standing(seat(1, Admin, Active)), Admin, true),
        (standing(seat(1, Member, Active)), Member, true),
    ] {
        let offered = for_a_key(seat(9, Member, Pending), offered);
        let told = invitation(Some(1)).accept(&offered, Some(&inviter), NOW);
        assert_eq!(told.is_ok(), expected, "{inviter:?}");
    }
}
