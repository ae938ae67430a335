//! Second factors: the vectors of the RFCs, which codes are taken when, and what people type.

use super::*;

/// The seed of RFC 6238, appendix B, and RFC 4226, appendix D.
fn seed() -> Seed {
    Seed::draw(*b"12345678901234567890")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * SECOND)
}

/// RFC 6238, appendix B, the rows of SHA-1: of its eight digits the last six.
#[test]
fn the_vectors_of_rfc_6238_hold() {
    for (seconds, eight) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        assert_eq!(seed().code(step(at(seconds))), eight[2..], "{seconds}");
    }
}

/// RFC 4226, appendix D.
#[test]
fn the_vectors_of_rfc_4226_hold() {
    let codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (step, code) in codes.into_iter().enumerate() {
        assert_eq!(seed().code(step as i64), code, "{step}");
    }
}

#[test]
fn a_code_is_taken_one_step_around_its_own_and_never_again() {
    let seed = seed();
    let now = at(30 * 1_000);
    for (ahead, last, taken) in [
        (0, 0, Some(1_000)),
        (-1, 0, Some(999)),
        (1, 0, Some(1_001)),
        (-2, 0, None),
        (2, 0, None),
        (0, 999, Some(1_000)),
        (0, 1_000, None),
        (-1, 1_000, None),
        (1, 1_000, Some(1_001)),
    ] {
        assert_eq!(seed.step_of(&seed.code(1_000 + ahead), last, now), taken, "{ahead} after {last}");
    }
    assert_eq!(seed.step_of(&seed.code(1_000), 0, now.plus(STEP - 1)), Some(1_000), "to the end of the step");
    for wrong in ["", "000000", "12345", &format!("{}0", seed.code(1_000))] {
        assert_eq!(seed.step_of(wrong, 0, now), None, "{wrong}");
    }
}

#[test]
fn what_an_authenticator_reads() {
    assert_eq!(seed().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(
        seed().uri("keys.example.com:8443", "ada+x@example.com"),
        "otpauth://totp/keys.example.com%3A8443:ada%2Bx%40example.com\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=keys.example.com%3A8443"
    );
}

#[test]
fn what_people_type() {
    for (text, read) in [
        ("123456", Some("123456")),
        (" 123 456\n", Some("123456")),
        ("12345", None),
        ("1234567", None),
        ("12345x", None),
        ("１２３４５６", None),
    ] {
        assert_eq!(typed(text).as_deref(), read, "{text}");
    }
    let code = RecoveryCode::draw([0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x42, 0x10, 0x84, 0x20]);
    assert_eq!(code.reveal(), "1111-1111-1111-1110");
    for same in ["1111111111111110", "1111-1111-1111-1110", " llll iiii 1111 lllO ", "LLLL-IIII-1111-1110"] {
        assert_eq!(RecoveryCode::typed(same).map(|typed| typed.hash()), Some(code.hash()), "{same}");
    }
    for wrong in ["", "123456", "1111-1111-1111-111", "1111-1111-1111-111u", "1111-1111-1111-11100"] {
        assert!(RecoveryCode::typed(wrong).is_none(), "{wrong}");
    }
    assert_ne!(RecoveryCode::draw([0; RECOVERY_ENTROPY]).hash(), code.hash());
}
