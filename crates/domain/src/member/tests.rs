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
        role: Some(role),
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
