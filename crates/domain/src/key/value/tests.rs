//! The text of a value.

use proptest::prelude::*;

use super::*;

#[test]
fn the_form_is_fixed() {
    let text = ValueText::draw([0; ENTROPY]);
    assert_eq!(&text.reveal()[..35], "kw_00000000000000000000000000000000");
    let text = ValueText::draw([255; ENTROPY]);
    assert_eq!(text.reveal().len(), 41);
    assert_eq!(text.mask().chars().count(), 10);
    assert!(text.reveal().starts_with(&text.mask()[..5]) && text.reveal().ends_with(&text.mask()[8..]));
}

#[test]
fn the_hash_is_sha_256() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let hex: String = hash(b"").0.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, empty);
}

proptest! {
    #[test]
    fn every_drawn_value_is_well_formed(entropy: [u8; ENTROPY]) {
        prop_assert!(is_well_formed(ValueText::draw(entropy).reveal().as_bytes()));
    }

    #[test]
    fn one_wrong_character_shows(entropy: [u8; ENTROPY], place in 3usize..LENGTH, other in "[0-9A-Za-z]") {
        let text = ValueText::draw(entropy);
        let mut typo = text.reveal().as_bytes().to_vec();
        prop_assume!(typo[place] != other.as_bytes()[0]);
        typo[place] = other.as_bytes()[0];
        prop_assert!(!is_well_formed(&typo));
    }

    #[test]
    fn junk_is_refused(junk: Vec<u8>) {
        prop_assert!(!is_well_formed(&junk));
    }
}
