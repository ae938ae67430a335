//! Step: how a call was decided, one look after another, in the gateway's order: what passed, what denied it, and what was not
//! looked at any more.

use domain::{
    call::Charge,
    decision::Denial,
    request_log::{Outcome, Row},
};
use serde::Serialize;
use utoipa::ToSchema;

/// One look of the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// What was looked at.
    pub step: &'static str,
    /// What came of it.
    pub result: StepResult,
    /// What it says about this call.
    pub detail: String,
}

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// The call went on.
    Passed,
    /// It ended here.
    Denied,
    /// The call had ended before.
    Skipped,
}

/// The looks in the gateway's order. The place of a denial is that of its look.
const STEPS: [&str; 16] = [
    "Value",
    "Account",
    "Member",
    "Key",
    "Denials before",
    "Secret",
    "Addresses",
    "Domains",
    "API and network",
    "Request",
    "Methods",
    "Contracts",
    "Rate limits",
    "Quotas",
    "Gateway",
    "Upstream",
];

/// The decision on a call, as its row tells it.
pub fn of(row: &Row) -> Vec<Step> {
    let denial = row.denial.or(row.ending.as_ref().and_then(|ending| ending.denial));
    let end = denial.map(place);
    let step = |(at, step): (usize, &'static str)| {
        let result = match end {
            Some(end) if at == end => StepResult::Denied,
            Some(end) if at > end => StepResult::Skipped,
            _ => StepResult::Passed,
        };
        let detail = match (result, denial) {
            (StepResult::Denied, Some(denial)) => denial.sentence().to_owned(),
            (StepResult::Skipped, _) => "Not looked at any more.".to_owned(),
            _ => passed(at, row),
        };
        Step { step, result, detail }
    };
    STEPS.into_iter().enumerate().map(step).collect()
}

fn place(denial: Denial) -> usize {
    match denial {
        Denial::UnknownKey => 0,
        Denial::AccountSuspended => 1,
        Denial::MemberSuspended | Denial::MemberEnded => 2,
        Denial::KeyDisabled | Denial::KeyExpired => 3,
        Denial::TooManyDenials => 4,
        Denial::SecretMissing | Denial::SecretWrong => 5,
        Denial::AddressNotAllowed => 6,
        Denial::DomainNotAllowed => 7,
        Denial::ApiNotInPlan | Denial::NetworkNotInPlan => 8,
        Denial::PathNotFound
        | Denial::EncodingNotSupported
        | Denial::BodyTooLarge
        | Denial::Malformed
        | Denial::BatchTooLarge => 9,
        Denial::MethodNotAllowed => 10,
        Denial::ContractNotAllowed => 11,
        Denial::RateLimited(_) => 12,
        Denial::QuotaExhausted(_) | Denial::QuotaUnavailable => 13,
        Denial::NotReady(_) => 14,
        Denial::UpstreamUnreachable | Denial::UpstreamTimeout | Denial::UpstreamIncomplete => 15,
    }
}

fn passed(at: usize, row: &Row) -> String {
    match at {
        0 => "The value is known.".to_owned(),
        1 => "The account is active.".to_owned(),
        2 if row.member.is_none() => "The value is the account's own.".to_owned(),
        2 => "The member is active.".to_owned(),
        3 => "The key is switched on and has not expired.".to_owned(),
        4 => "Not refused too often before.".to_owned(),
        5 => "The key asks for no secret, or it was right.".to_owned(),
        6 => row.address.map_or("No list stood in the way.".to_owned(), |address| format!("{address} may call.")),
        7 => row.origin.as_ref().map_or("No list stood in the way.".to_owned(), |origin| format!("{origin} may call.")),
        8 => match &row.network {
            Some(network) => format!("The key opens {} on {network}.", row.api),
            None => format!("The key opens {}.", row.api),
        },
        9 => format!("{} could be read in one way only.", row.method),
        10 | 11 => "No list stood in the way.".to_owned(),
        12 => "Below every rate limit.".to_owned(),
        13 => charged(row),
        14 => "Written into the journal, then forwarded.".to_owned(),
        _ => answered(row),
    }
}

fn charged(row: &Row) -> String {
    let plural = |units: u32, one: &str| if units == 1 { format!("1 {one}") } else { format!("{units} {one}s") };
    let beyond = if row.overage == Charge::NOTHING { "" } else { ", beyond the quota" };
    match (row.charge.requests, row.charge.credits) {
        (0, 0) => "Free of charge.".to_owned(),
        (requests, 0) => format!("Charged {}{beyond}.", plural(requests, "request")),
        (requests, credits) => {
            format!("Charged {} and {}{beyond}.", plural(requests, "request"), plural(credits, "credit"))
        }
    }
}

fn answered(row: &Row) -> String {
    match &row.ending {
        None => "The call still runs.".to_owned(),
        Some(ending) => match ending.outcome {
            Outcome::Answered => format!("Answered with {}.", ending.status),
            Outcome::Failed => format!("Failed with {}.", ending.status),
            Outcome::Abandoned => "The caller left before the answer was whole.".to_owned(),
            Outcome::Unknown => "The outcome is not known: the node ended before it was told.".to_owned(),
            Outcome::Denied => "Denied.".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_follow_the_order_of_denials() {
        let places: Vec<usize> =
            Denial::ALL.into_iter().filter(|denial| !matches!(denial, Denial::QuotaUnavailable)).map(place).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(places.last(), Some(&(STEPS.len() - 1)));
    }
}
