//! Secrets: their texts, and what may be done with one.

use super::*;
use crate::key::{tests::a_key, value};

const NOW: Timestamp = Timestamp::from_micros(5);
const LATER: Timestamp = Timestamp::from_micros(6);

fn text(seed: u8) -> SecretText {
    SecretText::draw([seed; ENTROPY])
}

#[test]
fn a_secret_is_no_value() {
    let (secret, value) = (text(3), value::ValueText::draw([3; value::ENTROPY]));
    assert!(is_well_formed(secret.reveal().as_bytes()) && secret.reveal().len() == LENGTH);
    assert!(!is_well_formed(value.reveal().as_bytes()) && !value::is_well_formed(secret.reveal().as_bytes()));
    assert!(secret.mask().starts_with("ks_") && secret.mask().chars().count() == 10);
    assert!(!format!("{:?}", Secret::of(&secret, NOW)).contains(secret.reveal()));
}

#[test]
fn only_the_same_secret_is_equal() {
    assert_eq!(hash(text(3).reveal().as_bytes()), text(3).hash());
    for place in 0..32 {
        let mut other = text(3).hash();
        other.0[place] ^= 1;
        assert_ne!(other, text(3).hash(), "byte {place}");
    }
}

#[test]
fn drawn_then_required_then_waived() {
    let bare = a_key();
    assert_eq!(bare.clone().require_secret(NOW), Err(KeyRefused::NoSecret));
    assert_eq!(bare.clone().waive_secret(), Err(KeyRefused::SecretNotRequired));
    let drawn = bare.draw_secret(&text(1), NOW).unwrap();
    assert_eq!(drawn.secret.as_ref().unwrap().required_at, None, "off until it is switched on");
    assert_eq!(drawn.clone().draw_secret(&text(2), NOW), Err(KeyRefused::SecretDrawn));
    assert_eq!(drawn.clone().waive_secret(), Err(KeyRefused::SecretNotRequired));
    let required = drawn.clone().require_secret(LATER).unwrap();
    assert_eq!(required.secret.as_ref().unwrap().required_at, Some(LATER));
    assert_eq!(required.clone().require_secret(LATER), Err(KeyRefused::SecretRequired));
    assert_eq!(required.clone().remove_secret(), Ok(a_key()));
    assert_eq!(required.waive_secret(), Ok(drawn));
    assert_eq!(a_key().remove_secret(), Err(KeyRefused::NoSecret));
}

#[test]
fn the_former_secret_has_a_grace_period_or_none() {
    let key = a_key().draw_secret(&text(1), NOW).unwrap().require_secret(NOW).unwrap();
    let former = FormerSecret { hash: text(1).hash(), expires_at: LATER };
    for (grace, kept) in [(None, None), (Some(NOW), None), (Some(LATER), Some(former))] {
        let secret = key.clone().rotate_secret(&text(2), NOW, grace).unwrap().secret.unwrap();
        assert_eq!((secret.hash, secret.former), (text(2).hash(), kept), "{grace:?}");
        assert_eq!(secret.required_at, Some(NOW), "as it was");
    }
    assert_eq!(a_key().rotate_secret(&text(2), NOW, None), Err(KeyRefused::NoSecret));
}

#[test]
fn a_revoked_key_changes_no_more() {
    let key = a_key().draw_secret(&text(1), NOW).unwrap().require_secret(NOW).unwrap().revoke(NOW).unwrap();
    assert_eq!(key.clone().require_secret(NOW), Err(KeyRefused::Revoked));
    assert_eq!(key.clone().waive_secret(), Err(KeyRefused::Revoked));
    assert_eq!(key.clone().rotate_secret(&text(2), NOW, None), Err(KeyRefused::Revoked));
    assert_eq!(key.clone().remove_secret(), Err(KeyRefused::Revoked));
    assert_eq!(key.draw_secret(&text(2), NOW), Err(KeyRefused::Revoked));
}
