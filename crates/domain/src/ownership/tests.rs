//! Who may offer an account to whom, and when it changes hands.

use super::*;
use crate::id::PersonId;

const NOW: Timestamp = Timestamp::from_micros(100 * DAY);

fn seat(number: u128, role: Role) -> Member {
    Member {
        id: MemberId::from_u128(number),
        account: AccountId::from_u128(1),
        name: "Ada".parse().unwrap(),
        email: format!("seat{number}@example.com").parse().unwrap(),
        person: Some(PersonId::from_u128(number)),
        role: Some(role),
        created_at: NOW,
        activated_at: Some(NOW),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    }
}

fn offer() -> OwnershipOffer {
    OwnershipOffer {
        id: OwnershipOfferId::from_u128(1),
        account: AccountId::from_u128(1),
        owner: MemberId::from_u128(1),
        successor: MemberId::from_u128(2),
        created_at: NOW,
        accepted_at: None,
        declined_at: None,
        withdrawn_at: None,
    }
}

#[test]
fn who_may_offer_to_whom() {
    use OwnershipRefused::{NotActive, NotTheOwner, Oneself, Standing};
    let (owner, member) = (seat(1, Role::Owner), seat(2, Role::Member));
    let pending = Member { activated_at: None, ..member.clone() };
    let suspended = Member { suspended_at: Some(NOW), ..member.clone() };
    let ended = Member { ends_at: Some(NOW), ..member.clone() };
    let removed = Member { removed_at: Some(NOW), ..member.clone() };
    let old = OwnershipOffer { created_at: NOW.plus(-LIFETIME), ..offer() };
    let cases = [
        (&owner, &member, None, Ok(())),
        (&owner, &member, Some(old), Ok(())),
        (&owner, &member, Some(offer().withdraw(NOW)), Ok(())),
        (&owner, &member, Some(offer()), Err(Standing)),
        (&seat(3, Role::Admin), &member, None, Err(NotTheOwner)),
        (&owner, &owner, None, Err(Oneself)),
        (&owner, &pending, None, Err(NotActive(MemberState::Pending))),
        (&owner, &suspended, None, Err(NotActive(MemberState::Suspended))),
        (&owner, &ended, None, Err(NotActive(MemberState::Ended))),
        (&owner, &removed, None, Err(NotActive(MemberState::Removed))),
    ];
    for (case, (from, to, standing, expected)) in cases.into_iter().enumerate() {
        assert_eq!(may_offer(from, to, standing.as_ref(), NOW), expected, "case {case}");
    }
}

#[test]
fn it_changes_hands_once_both_have_said_so() {
    use OwnershipRefused::{NotActive, NotTheOwner, Over};
    let (owner, member) = (seat(1, Role::Owner), seat(2, Role::Member));
    let suspended = Member { suspended_at: Some(NOW), ..member.clone() };
    let cases = [
        (offer(), owner.clone(), member.clone(), LIFETIME - 1, Ok(())),
        (offer(), owner.clone(), member.clone(), LIFETIME, Err(Over)),
        (offer().withdraw(NOW), owner.clone(), member.clone(), 0, Err(Over)),
        (offer().decline(NOW).unwrap(), owner.clone(), member.clone(), 0, Err(Over)),
        (offer(), owner.clone(), seat(3, Role::Admin), 0, Err(Over)),
        (offer(), seat(4, Role::Owner), member.clone(), 0, Err(Over)),
        (offer(), seat(1, Role::Admin), member.clone(), 0, Err(NotTheOwner)),
        (offer(), owner.clone(), suspended, 0, Err(NotActive(MemberState::Suspended))),
    ];
    for (case, (offer, owner, successor, at, expected)) in cases.into_iter().enumerate() {
        let told = offer.accept(owner, successor, NOW.plus(at));
        assert_eq!(told.map(drop), expected, "case {case}");
    }
    let ending = Member { ends_at: Some(NOW.plus(1)), ..member };
    let (accepted, former, now) = offer().accept(owner, ending, NOW).unwrap();
    assert_eq!(
        (former.role, now.role, now.ends_at),
        (Some(Role::Admin), Some(Role::Owner), None),
        "an account keeps its owner"
    );
    assert_eq!(accepted.clone().accept(former, now, NOW).map(drop), Err(Over), "once");
    assert_eq!(accepted.decline(NOW), Err(Over));
}
