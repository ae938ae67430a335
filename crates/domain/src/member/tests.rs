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
        ends_at: None,
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
fn a_seat_is_over_from_its_end_on() {
    use MemberState::{Active, Ended, Pending, Removed, Suspended};
    let (before, end) = (NOW.plus(-1), NOW);
    // What a seat in this state, whose end is `end`, is a moment before it and at it.
    for (state, then, at_end) in [
        (Pending, Pending, Pending),
        (Active, Active, Ended),
        (Suspended, Suspended, Suspended),
        (Removed, Removed, Removed),
    ] {
        let seat = Member { ends_at: Some(end), ..member(Role::Member, state) };
        assert_eq!((seat.state_at(before), seat.state_at(end)), (then, at_end), "{state:?}");
        assert_eq!(Member { ends_at: None, ..seat }.state_at(end), state, "without an end");
    }
}

#[test]
fn an_end_is_set_moved_and_taken_away() {
    let seat = member(Role::Member, MemberState::Active);
    let ended = seat.clone().end_at(Some(NOW.plus(1)), NOW).unwrap();
    assert_eq!(ended.ends_at, Some(NOW.plus(1)));
    let later = NOW.plus(10);
    assert_eq!(ended.clone().end_at(Some(later.plus(1)), later).unwrap().state_at(later), MemberState::Active);
    assert_eq!(ended.clone().end_at(None, later), Ok(seat.clone()));
    assert_eq!(ended.clone().end_at(ended.ends_at, later), Ok(ended), "what is there may stay");
    assert_eq!(seat.end_at(Some(NOW), NOW), Err(MemberRefused::EndIsOver));
    assert!(member(Role::Member, MemberState::Removed).end_at(None, NOW).is_err());
    assert!(member(Role::Owner, MemberState::Active).end_at(Some(later), NOW).is_err());
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
