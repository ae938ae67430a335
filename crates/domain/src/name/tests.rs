//! Names: what each sort allows.

use super::*;

fn check<T: FromStr>(allowed: &[&str], refused: &[&str]) {
    for text in allowed {
        assert!(text.parse::<T>().is_ok(), "`{text}` should be allowed");
    }
    for text in refused {
        assert!(text.parse::<T>().is_err(), "`{text}` should be refused");
    }
}

#[test]
fn names() {
    check::<ApiName>(&["football", "a", "eth-2"], &["", "Football", "2eth", "-a", "a_b", "a/b", "ä", &"a".repeat(41)]);
    check::<PlanName>(&["free", "zan-free-300"], &["", "Free", "a b"]);
    check::<NetworkName>(&["mainnet", "eth/mainnet"], &["", "/", "eth/", "/mainnet", "a/b/c", "Eth/mainnet"]);
    check::<Environment>(
        &["Development", "Pre-production", "Test 2"],
        &["", " a", "a ", "a/b", "a\nb", &"a".repeat(41)],
    );
    check::<Title>(
        &["Ada Lovelace", "Zoë & Søn", "日本", "<b>x</b>", "a:b"],
        &["", " ", "a\u{7}b", "a\u{202e}b", "see http://x", "a\nb", &"a".repeat(81)],
    );
}

#[test]
fn a_refusal_says_what_is_allowed() {
    let refused = "Foo!".parse::<ApiName>().unwrap_err();
    assert_eq!(refused.to_string(), "`Foo!` is not the name of an API: 1 to 40 of a–z, 0–9 and -, a letter first");
}
