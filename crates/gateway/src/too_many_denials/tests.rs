//! Who is locked, for how long, and who never is.

use std::time::Duration;

use domain::{quota::Scope, time::SECOND};

use super::*;
use crate::counts::MAX_COUNTED;

const LIMITS: DenialLimits = DenialLimits { per_value: 3, per_address: 2, window: Duration::from_secs(10) };

fn counts() -> TooManyDenials {
    TooManyDenials::new(LIMITS, 7)
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn value(number: u128) -> ValueId {
    ValueId::from_u128(number)
}

#[test]
fn unknown_values_lock_their_address_until_the_window_ends() {
    let (counts, here, there) = (counts(), address("192.0.2.1"), address("192.0.2.2"));
    let at = |second: i64| second * SECOND;
    assert_eq!(counts.unknown_from(here, at(100)), None);
    assert_eq!(counts.unknown_from(here, at(105)), None);
    assert_eq!(counts.unknown_from(here, at(106)), Some(at(110)));
    assert_eq!(counts.unknown_from(there, at(106)), None, "another address");
    assert_eq!(counts.of_value(value(1), here, at(106)), None, "what is known is served from there");
    assert_eq!(counts.unknown_from(here, at(110)), None, "a new window");
    assert_eq!(counts.unknown_from(here, at(111)), None);
    assert_eq!(counts.unknown_from(here, at(119)), Some(at(120)), "asking while locked did not lengthen it");
}

#[test]
fn a_value_is_locked_at_the_address_that_was_refused_and_nowhere_else() {
    let (counts, thief, owner) = (counts(), address("192.0.2.1"), address("198.51.100.1"));
    for _ in 0..100 {
        counts.count(Denial::SecretWrong, value(1), thief, 0);
    }
    assert_eq!(counts.of_value(value(1), thief, SECOND), Some(10 * SECOND));
    assert_eq!(counts.of_value(value(1), owner, SECOND), None, "the owner is not locked out");
    assert_eq!(counts.of_value(value(2), thief, SECOND), None, "another value at that address");
    assert_eq!(counts.of_value(value(1), thief, 10 * SECOND), None);
}

#[test]
fn only_denials_for_who_asks_and_from_where_are_counted() {
    let counted = [
        Denial::SecretMissing,
        Denial::SecretWrong,
        Denial::AddressNotAllowed,
        Denial::DomainNotAllowed,
        Denial::ApiNotInPlan,
        Denial::NetworkNotInPlan,
    ];
    for denial in Denial::ALL {
        let counts = counts();
        (0..3).for_each(|_| counts.count(denial, value(1), address("192.0.2.1"), 0));
        let is_locked = counts.of_value(value(1), address("192.0.2.1"), 1).is_some();
        assert_eq!(is_locked, counted.contains(&denial), "{denial}");
    }
    assert!(!is_counted(Denial::RateLimited(Scope::Key)));
}

#[test]
fn an_address_is_a_network_of_64_bits_or_one_of_ipv4() {
    for (first, second, same) in [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("192.0.2.1", "::ffff:192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false),
    ] {
        assert_eq!(whole(address(first)) == whole(address(second)), same, "{first} {second}");
    }
}

#[test]
fn a_flood_from_many_addresses_takes_no_more_memory_and_locks_nobody_else() {
    let counts = counts();
    for number in 0..100_000u32 {
        counts.unknown_from(IpAddr::V4(number.into()), i64::from(number));
    }
    assert_eq!(counts.addresses.len(), MAX_COUNTED);
    let late = address("192.0.2.1");
    for _ in 0..5 {
        assert_eq!(counts.unknown_from(late, 200_000), None, "no place: not counted");
    }
    let later = 60 * SECOND;
    assert_eq!([(); 3].map(|()| counts.unknown_from(late, later)), [None, None, Some(later + 10 * SECOND)]);
    assert_eq!(counts.addresses.len(), 1, "windows that are over gave their places back");
}
