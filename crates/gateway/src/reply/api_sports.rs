//! The dialect `api-sports`: the envelope of API-Sports, in which a failure is an object of errors keyed by class, mostly with
//! HTTP status 200, so that clients written for it go on to work. Its sentences are told as they are observed; where one names
//! the vendor's site, ours stands in its place. The receipt is one member more, at the end.

use std::borrow::Cow;

use domain::{decision::Denial, time::DAY};

use super::receipt::{Receipt, write_text};
use crate::credential::NoValue;

/// Parameters of the query that are repeated; of more, the first.
const MAX_PARAMETERS: usize = 32;

/// The HTTP status of a denial. The vendor's own failures have 499 and 500, and no envelope.
pub(super) fn status(denial: Denial, lack: Option<NoValue>) -> u16 {
    match denial {
        Denial::UnknownKey if lack == Some(NoValue::Missing) => 403,
        Denial::TooManyDenials | Denial::RateLimited(_) => 429,
        denial if is_internal(denial) => 500,
        denial if class(denial) == REQUEST => denial.status(),
        _ => 200,
    }
}

/// The body: one JSON object.
pub(super) fn body(receipt: &Receipt<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    if is_internal(receipt.denial) {
        out.extend_from_slice(br#"{"message":"#);
        write_text(&mut out, receipt.detail());
    } else {
        write_asked(&mut out, receipt);
        write_errors(&mut out, receipt);
        out.extend_from_slice(br#","results":0,"paging":{"current":1,"total":1},"response":[]"#);
    }
    out.extend_from_slice(br#","receipt":"#);
    receipt.write_object(&mut out);
    out.push(b'}');
    out
}

/// Of faults in the request itself; the vendor's word for them is not known.
const REQUEST: &str = "request";

/// By which word a client finds the sentence.
fn class(denial: Denial) -> &'static str {
    match denial {
        Denial::UnknownKey | Denial::SecretMissing | Denial::SecretWrong => "token",
        Denial::AccountSuspended
        | Denial::MemberSuspended
        | Denial::MemberEnded
        | Denial::KeyDisabled
        | Denial::KeyExpired => "access",
        Denial::AddressNotAllowed => "Ip",
        Denial::DomainNotAllowed => "Domain",
        Denial::ApiNotInPlan | Denial::NetworkNotInPlan | Denial::MethodNotAllowed | Denial::ContractNotAllowed => {
            "plan"
        }
        Denial::QuotaExhausted(_) => "requests",
        Denial::TooManyDenials | Denial::RateLimited(_) => "rateLimit",
        _ => REQUEST,
    }
}

/// What the vendor tells as `{"message": …}`.
const fn is_internal(denial: Denial) -> bool {
    denial.status() >= 500
}

/// `get` and `parameters`: what was asked for. Without a key nobody looks, and an address that is refused is told nothing.
fn write_asked(out: &mut Vec<u8>, receipt: &Receipt<'_>) {
    let target = receipt.target.filter(|_| receipt.lack != Some(NoValue::Missing));
    let (Some(target), true) = (target, receipt.denial != Denial::AddressNotAllowed) else {
        let nothing = if receipt.denial == Denial::AddressNotAllowed { "null" } else { r#""""# };
        out.extend_from_slice(format!(r#"{{"get":{nothing},"parameters":[]"#).as_bytes());
        return;
    };
    out.extend_from_slice(br#"{"get":"#);
    write_text(out, target.rest().trim_matches('/'));
    let parameters = target.parameters(MAX_PARAMETERS);
    if parameters.is_empty() {
        out.extend_from_slice(br#","parameters":[]"#);
        return;
    }
    out.extend_from_slice(br#","parameters":"#);
    for (place, (name, value)) in parameters.iter().enumerate() {
        out.push(if place == 0 { b'{' } else { b',' });
        write_text(out, name);
        out.push(b':');
        write_text(out, value);
    }
    out.push(b'}');
}

fn write_errors(out: &mut Vec<u8>, receipt: &Receipt<'_>) {
    out.extend_from_slice(br#","errors":{"#);
    write_text(out, class(receipt.denial));
    out.push(b':');
    write_text(out, &sentence(receipt));
    if receipt.lack == Some(NoValue::Missing) {
        // The edge of the vendor says so; clients tell the two answers about keys apart by it.
        out.extend_from_slice(br#","error":"4xHe""#);
    }
    out.push(b'}');
}

/// The vendor's sentence, with our addresses; ours, where none of the vendor's is known.
fn sentence<'a>(receipt: &Receipt<'a>) -> Cow<'a, str> {
    let check_on = |what: &str| match receipt.receipts_url {
        Some(url) => format!("Your {what}, check on {url}."),
        None => format!("Your {what}."),
    };
    match receipt.denial {
        Denial::UnknownKey if receipt.lack == Some(NoValue::Missing) => {
            "Missing application key, Check our documentation on how to add your API key in headers.".into()
        }
        Denial::UnknownKey => match receipt.docs() {
            Some(docs) => {
                format!("Error/Missing application key. Go to {docs} to learn how to get your API application key.")
                    .into()
            }
            None => "Error/Missing application key.".into(),
        },
        Denial::AccountSuspended => check_on("account is suspended").into(),
        Denial::MemberSuspended => check_on("membership is suspended").into(),
        Denial::MemberEnded => check_on("membership has ended").into(),
        Denial::KeyDisabled => check_on("key is disabled").into(),
        Denial::KeyExpired => check_on("key has expired").into(),
        Denial::AddressNotAllowed => {
            "This IP is not allowed to call the API, check the list of allowed IPs in the dashboard.".into()
        }
        Denial::DomainNotAllowed => {
            "This Domain is not allowed to call the API, check the list of allowed Domains in the dashboard.".into()
        }
        Denial::QuotaExhausted(_) => exhausted(receipt).into(),
        Denial::RateLimited(_) => {
            "Too many requests. You have exceeded the limit of requests per minute of your subscription.".into()
        }
        _ => receipt.detail().into(),
    }
}

/// The vendor knows quotas of a day only. One that ends later is not said to be of a day.
fn exhausted(receipt: &Receipt<'_>) -> String {
    let is_of_a_day = receipt.retry_at.is_some_and(|end| end.since(receipt.came.now) <= DAY);
    let span = if is_of_a_day { " for the day" } else { "" };
    match receipt.receipts_url {
        Some(url) => format!("You have reached the request limit{span}, Go to {url} to upgrade your plan."),
        None => format!("You have reached the request limit{span}."),
    }
}
