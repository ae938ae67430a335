//! The dialect `zan`: the HTTP statuses, JSON-RPC codes and messages of ZAN's nodes, so that clients written for them go on to
//! work. A message is `<stage> check; <reason>`. The vendor's table of codes and the messages known of it are what this is made
//! after; where a denial has none there, the nearest class of the table tells it. The receipt is `error.data`.

use std::borrow::Cow;

use domain::decision::Denial;

use super::receipt::Receipt;
use crate::credential::NoValue;

/// HTTP status, JSON-RPC code, message.
struct Facts(u16, i64, &'static str);

/// Above all calls of a plan; the vendor's own sentence.
const EXHAUSTED: &str = "user credit plan check; credit request service not available, msg:credit consumption has reached the \
                         maximum of the package";

/// The HTTP status of a denial.
pub(super) fn status(denial: Denial, lack: Option<NoValue>) -> u16 {
    facts(denial, lack).0
}

/// The JSON-RPC code of a denial.
pub(super) fn code(denial: Denial, lack: Option<NoValue>) -> i64 {
    facts(denial, lack).1
}

/// The message. What is known of a fault in the request stands after its stage.
pub(super) fn message<'a>(receipt: &Receipt<'a>) -> Cow<'a, str> {
    match receipt.detail {
        Some(detail) => format!("request check; {detail}").into(),
        None => facts(receipt.denial, receipt.lack).2.into(),
    }
}

fn facts(denial: Denial, lack: Option<NoValue>) -> Facts {
    match denial {
        // A value that is missing or malformed is a path that does not match: the vendor's keys stand in the path.
        Denial::UnknownKey if lack.is_some() => Facts(400, -32600, "request check; path not match"),
        Denial::UnknownKey => Facts(401, -32000, "apikey check; apikey not exist"),
        Denial::AccountSuspended => Facts(401, -32000, "apikey check; account suspended"),
        Denial::MemberSuspended => Facts(401, -32000, "apikey check; member suspended"),
        Denial::MemberEnded => Facts(401, -32000, "apikey check; member expired"),
        Denial::KeyDisabled => Facts(401, -32000, "apikey check; apikey disabled"),
        Denial::KeyExpired => Facts(401, -32000, "apikey check; apikey expired"),
        Denial::TooManyDenials => Facts(403, -32006, "request check; too many refused requests"),
        Denial::SecretMissing => Facts(401, -32000, "secret check; secret not found"),
        Denial::SecretWrong => Facts(401, -32000, "secret check; secret not match"),
        Denial::AddressNotAllowed => Facts(403, -32002, "whitelist check; source ip limited"),
        Denial::DomainNotAllowed => Facts(403, -32002, "whitelist check; domain limited"),
        Denial::ContractNotAllowed => Facts(403, -32002, "whitelist check; contract address limited"),
        Denial::MethodNotAllowed => Facts(403, -32007, "method check; method limited"),
        Denial::ApiNotInPlan => Facts(403, -32005, "user credit plan check; service not in plan"),
        Denial::NetworkNotInPlan => Facts(403, -32005, "user credit plan check; ecosystem not in plan"),
        Denial::PathNotFound => Facts(400, -32600, "request check; ecosystem not supported"),
        Denial::EncodingNotSupported => Facts(400, -32600, "request check; encoding not supported"),
        Denial::BodyTooLarge => Facts(400, -32600, "request check; body too large"),
        Denial::Malformed => Facts(400, -32600, "request check; invalid request"),
        Denial::BatchTooLarge => Facts(400, -32600, "request check; batch too large"),
        Denial::RateLimited(_) => Facts(429, -32003, "cu limit exceeded; The current RPC traffic is too high"),
        Denial::QuotaExhausted(_) => Facts(403, -32005, EXHAUSTED),
        Denial::QuotaUnavailable => Facts(500, -32603, "user credit plan check; credit plan not available"),
        Denial::NotReady(_) => Facts(500, -32603, "internal check; service not ready"),
        Denial::UpstreamUnreachable => Facts(500, -32603, "internal check; node not reachable"),
        Denial::UpstreamTimeout => Facts(500, -32603, "internal check; node timeout"),
        Denial::UpstreamIncomplete => Facts(500, -32603, "internal check; node answer incomplete"),
    }
}
