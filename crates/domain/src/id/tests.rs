//! Identifiers: text forms, their order, and what is refused.

use proptest::prelude::*;

use super::*;

#[test]
fn the_text_form_is_fixed() {
    let bits = 0x0193_5000_0000_7000_8000_0000_0000_0001;
    assert_eq!(KeyId::from_u128(bits).to_string(), format!("key_{}", digits(bits)));
    assert_eq!(KeyId::from_u128(0).to_string(), "key_00000000000000000000000000");
    assert_eq!(KeyId::from_u128(u128::MAX).to_string(), "key_7zzzzzzzzzzzzzzzzzzzzzzzzz");
}

/// The same number written by plain arithmetic.
fn digits(number: u128) -> String {
    (0..26).rev().map(|place| char::from(ALPHABET[(number >> (5 * place) & 31) as usize])).collect()
}

#[test]
fn a_new_id_has_the_layout_of_uuid_7() {
    let bits = MemberId::new(Timestamp::from_micros(1_732_000_000_123_456), u128::MAX).as_u128();
    assert_eq!(bits >> 80, 1_732_000_000_123, "milliseconds");
    assert_eq!(bits >> 76 & 0xf, 7, "version");
    assert_eq!(bits >> 62 & 0b11, 0b10, "variant");
}

#[test]
fn what_is_no_id_is_refused() {
    for text in [
        "",
        "key",
        "key_",
        "key_0000000000000000000000000",
        "key_000000000000000000000000000",
        "key_80000000000000000000000000",
        "key_0000000000000000000000000u",
        "key_0000000000000000000000000A",
        "mem_00000000000000000000000000",
        "key-00000000000000000000000000",
        "key_0000000000000000000000000é",
    ] {
        assert!(text.parse::<KeyId>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn text_and_json_come_back(bits: u128) {
        let id = AccountId::from_u128(bits);
        prop_assert_eq!(id.to_string().parse::<AccountId>(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        prop_assert_eq!(serde_json::from_str::<AccountId>(&json).unwrap(), id);
    }

    #[test]
    fn later_ids_sort_later(millisecond in 0i64..(1 << 47), a: u128, b: u128) {
        let at = |ms: i64, entropy| KeyId::new(Timestamp::from_micros(ms * 1_000), entropy);
        prop_assert!(at(millisecond, a) < at(millisecond + 1, b));
        prop_assert!(at(millisecond, a).to_string() < at(millisecond + 1, b).to_string());
    }
}
