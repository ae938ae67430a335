//! Tests of what is limited for whom.

use std::cell::Cell;

use domain::time::Timestamp;

use super::*;

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(0) };
}

fn limits() -> Limits {
    Limits::new(Clock { wall: || Timestamp::from_micros(0), steady: || NOW.get() })
}

fn from(text: &str) -> Peer {
    Peer { address: Some(text.parse().expect("an address")), agent: None }
}

#[test]
fn one_person_is_guessed_only_so_often_wherever_from() {
    let limits = limits();
    for number in 0..SIGN_IN_OF_PERSON.tries {
        let typed = if number % 2 == 0 { "Ada@example.com" } else { "ada@example.com " };
        assert!(limits.sign_in(&from(&format!("198.51.100.{number}")), typed).is_ok());
    }
    assert!(limits.sign_in(&from("203.0.113.1"), "ada@example.com").is_err());
    assert!(limits.sign_in(&from("203.0.113.1"), "bob@example.com").is_ok());
    NOW.set(SIGN_IN_OF_PERSON.within);
    assert!(limits.sign_in(&from("203.0.113.1"), "ada@example.com").is_ok());
}

#[test]
fn one_address_tries_only_so_many_persons() {
    let limits = limits();
    for person in 0..SIGN_IN_OF_ADDRESS.tries {
        let peer = from(&format!("2001:db8:1:2::{person:x}"));
        assert!(limits.sign_in(&peer, &format!("{person}@example.com")).is_ok());
    }
    assert!(limits.sign_in(&from("2001:db8:1:2:ffff::1"), "ada@example.com").is_err(), "the same network");
    assert!(limits.sign_in(&from("2001:db8:1:3::1"), "ada@example.com").is_ok());
    assert!(limits.sign_in(&from("::ffff:192.0.2.1"), "ada@example.com").is_ok());
}

#[test]
fn who_signs_in_is_not_counted() {
    let limits = limits();
    for _ in 0..1_000 {
        assert!(limits.sign_in(&from("192.0.2.1"), "ada@example.com").is_ok());
        limits.signed_in(&from("192.0.2.1"), "ada@example.com");
    }
}

#[test]
fn places() {
    let place = |text: &str| place(from(text).address);
    assert_eq!(place("192.0.2.1"), place("::ffff:192.0.2.1"));
    assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
    assert_ne!(place("192.0.2.1"), place("2001:db8::1"));
}
