//! A member's states: every arrow, and every arrow that is not there.

use super::*;

const NOW: Timestamp = Timestamp::from_micros(1_000_000);

fn member(role: Role, state: MemberState) -> Member {
    let at = |holds: bool| holds.then_some(Timestamp::from_micros(1));
    Member {
        id: MemberId::from_u128(1),
        account: AccountId::from_u128(2),
        name: "Ada".parse().unwrap(),
        email: "ada@example.com".parse().unwrap(),
        person: None,
        role,
        created_at: Timestamp::from_micros(0),
        activated_at: at(state != MemberState::Pending),
        suspended_at: at(state == MemberState::Suspended),
        removed_at: at(state == MemberState::Removed),
    }
}

#[test]
fn every_step_from_every_state() {
    use MemberState::{Active, Pending, Removed, Suspended};
    type Step = fn(Member) -> Result<Member, MemberRefused>;
    let steps: [(&str, Step); 3] =
        [("activate", |m| m.activate(NOW)), ("suspend", |m| m.suspend(NOW)), ("remove", |m| m.remove(NOW))];
    let table = [
        (Pending, [Some(Active), None, Some(Removed)]),
        (Active, [None, Some(Suspended), Some(Removed)]),
        (Suspended, [Some(Active), None, Some(Removed)]),
        (Removed, [None, None, None]),
    ];
    for (from, expected) in table {
        for ((name, step), to) in steps.iter().zip(expected) {
            let result = step(member(Role::Member, from)).ok().map(|member| member.state());
            assert_eq!(result, to, "{name} from {from:?}");
        }
    }
}

#[test]
fn an_owner_stays() {
    let owner = member(Role::Owner, MemberState::Active);
    assert_eq!(owner.clone().suspend(NOW), Err(MemberRefused::Owner { to: "suspended" }));
    assert_eq!(owner.remove(NOW), Err(MemberRefused::Owner { to: "removed" }));
}

#[test]
fn suspension_loses_nothing() {
    let before = member(Role::Member, MemberState::Active);
    assert_eq!(before.clone().suspend(NOW).unwrap().activate(NOW), Ok(before));
}

#[test]
fn who_may_act_on_whom() {
    use MemberState::Active;
    let seat = |number, role| Member { id: MemberId::from_u128(number), ..member(role, Active) };
    for (actor, other, word) in [
        (seat(1, Role::Owner), seat(2, Role::Admin), None),
        (seat(1, Role::Admin), seat(2, Role::Admin), None),
        (seat(1, Role::Admin), seat(2, Role::Member), None),
        (seat(1, Role::Member), seat(2, Role::Member), None),
        (seat(1, Role::Member), seat(2, Role::Admin), Some("may do what you may not")),
        (seat(1, Role::Admin), seat(2, Role::Owner), Some("owner")),
        (seat(1, Role::Admin), seat(1, Role::Admin), Some("yourself")),
        (seat(1, Role::Owner), seat(1, Role::Owner), Some("yourself")),
    ] {
        let told = actor.may_act_on(&other, "suspended");
        match word {
            None => assert_eq!(told, Ok(())),
            Some(word) => assert!(told.unwrap_err().to_string().contains(word), "{} on {}", actor.role, other.role),
        }
    }
}
