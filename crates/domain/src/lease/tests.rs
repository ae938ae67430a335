//! The ledger's rules: small worlds enumerated, and the invariants over random histories.

use proptest::prelude::*;

use super::*;

fn ask(known: u64, want: u64, need: u64) -> Ask {
    let counter = CounterId { quota: QuotaId::from_u128(1), window: Timestamp::from_micros(0) };
    Ask { counter, known, want, need }
}

/// Every small state and every small ask: no unit is made, none is lost.
#[test]
fn a_small_world_enumerated() {
    let mut seen = 0;
    for limit in 0..5u64 {
        for (granted, mine, returned) in
            (0..6u64).flat_map(|g| (0..=g).flat_map(move |m| (0..=m).map(move |r| (g, m, r))))
        {
            for (known, want, need) in
                (0..5u64).flat_map(|k| (0..5u64).flat_map(move |w| (0..4u64).map(move |n| (k, w, n))))
            {
                for closed in [false, true] {
                    let before = (Counter { limit, granted }, Lease { granted: mine, returned, spent: 0, closed });
                    let (counter, lease, answer) = grant(before.0, before.1, &ask(known, want, need));
                    let (given, out) = (lease.granted - mine, counter.granted - granted);
                    assert_eq!(given, out, "what leaves the counter arrives in the lease");
                    assert!(counter.granted <= limit.max(granted), "never above the limit");
                    assert!(given == 0 || (given >= need && !closed && known == mine), "{before:?}");
                    match answer {
                        Answer::Granted { granted, left, .. } => {
                            assert_eq!((granted, left), (lease.granted, limit.saturating_sub(counter.granted)));
                            assert!(granted > known, "a grant gives something");
                        }
                        Answer::Exhausted { left, .. } => assert!(left < need.max(1), "{before:?}"),
                        Answer::Refused => assert!(closed || mine < known),
                    }
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 50_000);
}

#[test]
fn a_repeated_ask_gives_nothing_new() {
    let (counter, lease) = (Counter { limit: 100, granted: 0 }, Lease::default());
    let (counter, lease, _) = grant(counter, lease, &ask(0, 10, 1));
    let (again, same, answer) = grant(counter, lease, &ask(0, 10, 1));
    assert_eq!((again, same), (counter, lease));
    assert_eq!(answer, Answer::Granted { granted: 10, left: 90, limit: 100 });
}

#[test]
fn settling_gives_back_what_was_not_spent() {
    let counter = Counter { limit: 100, granted: 60 };
    let (counter, lease) = settle(counter, Lease { granted: 40, returned: 5, spent: 20, closed: false });
    assert_eq!((counter.granted, lease.returned, lease.closed), (45, 20, true));
    assert_eq!(take_back(counter, lease, 40), (counter, lease), "a closed lease moves no more");
}

#[test]
fn sizes() {
    for ((rate, limit, need, left, nodes), expected) in [
        ((0, 100, 1, 100, 1), 1),
        ((500, 1_000_000, 1, 1_000_000, 1), 1_000),
        ((5_000, 1_000_000, 1, 1_000_000, 1), 10_000),
        ((5_000, 1_000_000, 1, 100, 1), 50),
        ((5_000, 1_000_000, 1, 100, 4), 12),
        ((5_000, 1_000_000, 40, 60, 1), 40),
        ((5_000, 1_000_000, 1, 0, 1), 1),
        ((u64::MAX, u64::MAX, 1, u64::MAX, 1), u64::MAX / 2),
        ((0, UNLIMITED, 7, UNLIMITED, 2), 1_000),
        ((5_000, UNLIMITED, 7, UNLIMITED, 2), 10_000),
    ] {
        assert_eq!(size(rate, limit, need, left, nodes), expected, "{rate} {limit} {need} {left} {nodes}");
    }
}

proptest! {
    /// Two nodes ask, lose answers, give back, spend, and are settled: I1, I2 and I5 of the ledger hold throughout,
    /// and in the end every unit was spent or is there to be asked for.
    #[test]
    fn histories_keep_the_invariants(limit in 0u64..60, steps in prop::collection::vec((0usize..2, 0u8..5, 1u64..8), 0..120)) {
        let mut counter = Counter { limit, granted: 0 };
        let mut leases = [Lease::default(); 2];
        let mut known = [0u64; 2];
        for (node, step, amount) in steps {
            let lease = leases[node];
            match step {
                0 | 1 => {
                    let (next, row, answer) = grant(counter, lease, &ask(known[node], amount, 1));
                    (counter, leases[node]) = (next, row);
                    // Step 1 loses the answer.
                    if let (0, Answer::Granted { granted, .. }) = (step, answer) {
                        known[node] = granted;
                    }
                }
                2 => {
                    let balance = known[node].saturating_sub(lease.returned + lease.spent);
                    leases[node].spent += amount.min(balance);
                }
                3 => {
                    let free = known[node].saturating_sub(lease.returned + lease.spent).min(amount);
                    (counter, leases[node]) = take_back(counter, lease, lease.returned + free);
                }
                _ => (counter, leases[node]) = settle(counter, lease),
            }
            prop_assert_eq!(counter.granted, leases.iter().map(|l| l.granted - l.returned).sum::<u64>(), "I1");
            prop_assert!(counter.granted <= limit, "I1");
            prop_assert!(leases.iter().all(|l| l.spent <= l.granted - l.returned), "I2");
            prop_assert!(leases.iter().map(|l| l.spent).sum::<u64>() <= limit, "I5");
        }
        for lease in &mut leases {
            (counter, *lease) = settle(counter, *lease);
        }
        prop_assert_eq!(counter.granted, leases.iter().map(|l| l.spent).sum::<u64>(), "I7");
    }
}
