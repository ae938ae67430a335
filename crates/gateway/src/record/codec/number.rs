//! The number of a denial in a record. New denials are added at the end, wherever they stand in the order of precedence: records of
//! the version before keep their meaning.

use domain::decision::{Denial, NotReady};
use domain::quota::Scope;

/// Stands where a number could.
pub(super) const NO_DENIAL: u8 = u8::MAX;
/// Form 1 was written before the allowlists' denials had their numbers in between.
const FIRST_MOVED: u8 = 5;
const MOVED_BY: u8 = 2;

/// The place of a denial is its number.
const NUMBERED: [Denial; Denial::ALL.len()] = [
    Denial::UnknownKey,
    Denial::AccountSuspended,
    Denial::MemberSuspended,
    Denial::KeyDisabled,
    Denial::KeyExpired,
    Denial::AddressNotAllowed,
    Denial::DomainNotAllowed,
    Denial::ApiNotInPlan,
    Denial::NetworkNotInPlan,
    Denial::PathNotFound,
    Denial::EncodingNotSupported,
    Denial::BodyTooLarge,
    Denial::Malformed,
    Denial::BatchTooLarge,
    Denial::RateLimited(Scope::Key),
    Denial::RateLimited(Scope::Member),
    Denial::RateLimited(Scope::Account),
    Denial::QuotaExhausted(Scope::Key),
    Denial::QuotaExhausted(Scope::Member),
    Denial::QuotaExhausted(Scope::Account),
    Denial::QuotaUnavailable,
    Denial::NotReady(NotReady::PolicyStale),
    Denial::NotReady(NotReady::JournalFull),
    Denial::NotReady(NotReady::Starting),
    Denial::NotReady(NotReady::Draining),
    Denial::NotReady(NotReady::Overloaded),
    Denial::UpstreamUnreachable,
    Denial::UpstreamTimeout,
    Denial::UpstreamIncomplete,
    Denial::TooManyDenials,
    Denial::SecretMissing,
    Denial::SecretWrong,
    Denial::MethodNotAllowed,
    Denial::ContractNotAllowed,
    Denial::MemberEnded,
];

/// The number that is written.
pub(super) fn of(denial: Denial) -> u8 {
    NUMBERED.iter().position(|numbered| *numbered == denial).expect("every denial has a number") as u8
}

/// The denial with a number that was written in this form.
pub(super) fn denial(form: u8, number: u8) -> Option<Denial> {
    let moved = if form == 1 && number >= FIRST_MOVED { number.checked_add(MOVED_BY)? } else { number };
    NUMBERED.get(usize::from(moved)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_denial_has_a_number_of_its_own() {
        for denial in Denial::ALL {
            assert_eq!(super::denial(2, of(denial)), Some(denial));
        }
        assert_eq!(super::denial(2, NO_DENIAL), None);
    }
}
