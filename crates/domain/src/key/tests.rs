//! Keys: states, and who may have a value.

use super::*;

const NOW: Timestamp = Timestamp::from_micros(5);

/// A shared key without anything special.
pub(super) fn a_key() -> Key {
    key(Sharing::Shared)
}

fn key(sharing: Sharing) -> Key {
    let (name, environment) = ("Reports".parse().unwrap(), "Production".parse().unwrap());
    Key::new(KeyId::from_u128(1), AccountId::from_u128(2), name, environment, sharing, Timestamp::from_micros(0))
}

#[test]
fn states() {
    let fresh = key(Sharing::Shared);
    let disabled = fresh.clone().disable(NOW).unwrap();
    let revoked = fresh.clone().revoke(NOW).unwrap();
    assert_eq!(fresh.clone().enable(), Err(KeyRefused::AlreadyEnabled));
    assert_eq!(disabled.clone().disable(NOW), Err(KeyRefused::AlreadyDisabled));
    assert_eq!(disabled.clone().enable(), Ok(fresh));
    assert!(disabled.revoke(NOW).is_ok());
    assert_eq!(revoked.clone().revoke(NOW), Err(KeyRefused::Revoked));
    assert_eq!(revoked.clone().disable(NOW), Err(KeyRefused::Revoked));
    assert_eq!(revoked.enable(), Err(KeyRefused::Revoked));
}

#[test]
fn who_may_have_a_value() {
    let (holder, other) = (MemberId::from_u128(7), MemberId::from_u128(8));
    let table = [
        (Sharing::Own { holder }, Some(holder), true),
        (Sharing::Own { holder }, Some(other), false),
        (Sharing::Own { holder }, None, false),
        (Sharing::Shared, Some(holder), true),
        (Sharing::Shared, None, true),
    ];
    let text = value::ValueText::draw([3; value::ENTROPY]);
    for (sharing, member, may) in table {
        let drawn = key(sharing).draw(ValueId::from_u128(9), member, &text, NOW);
        assert_eq!(drawn.is_ok(), may, "{sharing:?} {member:?}");
    }
    let revoked = key(Sharing::Shared).revoke(NOW).unwrap();
    assert_eq!(revoked.draw(ValueId::from_u128(9), None, &text, NOW), Err(KeyRefused::Revoked));
}

#[test]
fn a_value_keeps_no_text() {
    let text = value::ValueText::draw([200; value::ENTROPY]);
    let drawn = key(Sharing::Shared).draw(ValueId::from_u128(9), None, &text, NOW).unwrap();
    assert!(!format!("{drawn:?}").contains(text.reveal()));
    assert_eq!(drawn.hash, value::hash(text.reveal().as_bytes()));
    let revoked = drawn.revoke(NOW).unwrap();
    assert_eq!(revoked.revoke(NOW), Err(KeyRefused::ValueRevoked));
}

#[test]
fn a_value_is_replaced_by_the_next_one_of_its_owner() {
    let text = value::ValueText::draw([3; value::ENTROPY]);
    let drawn = |id: u128, member: Option<u128>, at: i64, end: Option<i64>| Value {
        expires_at: end.map(Timestamp::from_micros),
        ..key(Sharing::Shared)
            .draw(ValueId::from_u128(id), member.map(MemberId::from_u128), &text, Timestamp::from_micros(at))
            .unwrap()
    };
    let all = [
        drawn(1, Some(7), 10, Some(90)),
        drawn(2, Some(8), 20, Some(90)),
        drawn(3, Some(7), 30, Some(90)).revoke(NOW).unwrap(),
        drawn(4, Some(7), 40, None),
        drawn(5, None, 50, Some(90)),
        drawn(6, None, 50, None),
    ];
    let replaced = all.each_ref().map(|value| value.replaced_at(&all).map(Timestamp::micros));
    assert_eq!(replaced, [Some(30), None, Some(40), None, Some(50), None]);
}
