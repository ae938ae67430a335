//! Readiness: whether callers should be sent to this node, check by check. The gateway would deny most calls with the same
//! reasons, so a load balancer that asks here spares its callers the answer.

use serde::Serialize;

use super::Seen;

/// A journal that is this full may refuse a call at any moment.
const FULL_FROM: f64 = 0.98;

/// All checks together.
#[derive(Debug, Serialize)]
pub struct Readiness {
    /// Whether every check holds.
    pub ready: bool,
    /// Each of them.
    pub checks: [Check; 3],
}

/// One check.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What is looked at.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What it means that it is so, in words.
    pub why: &'static str,
}

/// Looks now.
pub fn look(seen: &Seen) -> Readiness {
    let is_fresh = seen.keyring.is_fresh((seen.clock.steady)());
    let has_room = seen.figures.journal_fill() < FULL_FROM;
    let checks = [
        check(
            "policies",
            is_fresh,
            "the store answered within revocation_bound, so policies and units are up to date",
            "the store has not answered within revocation_bound; no call is admitted until it does",
        ),
        check(
            "journal",
            has_room,
            "the journal has room",
            "the journal is full: rows do not reach the store, and no call is admitted until they do",
        ),
        check(
            "serving",
            !*seen.draining.borrow(),
            "new calls are taken",
            "the node is being stopped: calls in flight end, new ones belong elsewhere",
        ),
    ];
    Readiness { ready: checks.iter().all(|check| check.ok), checks }
}

fn check(name: &'static str, ok: bool, good: &'static str, bad: &'static str) -> Check {
    Check { name, ok, why: if ok { good } else { bad } }
}
