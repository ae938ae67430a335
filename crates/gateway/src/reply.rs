//! Reply: what callers get, in the API's dialect. Denials are born without HTTP and translated here, once.

use bytes::Bytes;
use domain::{
    api::{Api, Dialect},
    call::Charge,
    decision::Denial,
    id::{Noun, RequestNoun},
};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CONNECTION, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER},
};

use crate::{
    api::ApiRuntime,
    asked::Came,
    credential::NoValue,
    heads::{Headers, Response},
    meter::Limits,
    reply::receipt::Receipt,
};

mod api_sports;
pub(crate) mod body;
pub(crate) mod json_rpc;
mod limits;
pub(crate) mod problem;
pub(crate) mod receipt;
pub(crate) mod streamed;
#[cfg(test)]
mod tests;
mod zan;

pub(crate) use body::ReplyBody;

/// What a caller gets.
pub(crate) type Reply = Response<ReplyBody>;

/// Later moments stand in `retry_at` only: some clients sleep a whole `Retry-After`, however long.
const MAX_RETRY_AFTER: i64 = 60;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CREDITS: HeaderName = HeaderName::from_static("x-keyward-credits");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What every answer to a request tells in its head.
pub(crate) struct Told<'a> {
    /// The request's id, and when it came.
    pub came: Came,
    /// The request's `Origin`.
    pub origin: Option<&'a HeaderValue>,
    /// The API, if the path led to one.
    pub api: Option<&'a ApiRuntime>,
    /// The limits that apply, if the value is known.
    pub limits: Option<&'a Limits>,
    /// What was charged for all of the request.
    pub charged: Option<Charge>,
    /// Whether the value stands in the path: then pages must not send that path on as a referrer.
    pub key_in_path: bool,
    /// Whether a list of domains lets the page call, whatever the API says of pages.
    pub is_page_listed: bool,
    /// Whether the connection ends with this answer.
    pub is_last: bool,
}

/// The answer that stops a whole request.
pub(crate) fn denied(receipt: &Receipt<'_>) -> Reply {
    let (content_type, body) = match receipt.dialect {
        Dialect::Problem => (problem::CONTENT_TYPE, problem::body(receipt)),
        Dialect::JsonRpc | Dialect::Zan => (json_rpc::CONTENT_TYPE, json_rpc::body(receipt, None)),
        Dialect::ApiSports => (json_rpc::CONTENT_TYPE, api_sports::body(receipt)),
    };
    let status = told_status(receipt.denial, receipt.dialect, receipt.lack);
    let mut response = whole(status, content_type, body);
    tell_when(&mut response.headers, receipt);
    if !status.is_success() {
        // Some clients hide the body of such an answer, and show its status line.
        response.reason = Some(receipt.denial.code());
    }
    response
}

/// The answer that has one error object in the place of a call's own.
pub(crate) fn denied_call(receipt: &Receipt<'_>, body: Vec<u8>) -> Reply {
    let mut response = whole(status_of_call(receipt.denial, receipt.dialect), json_rpc::CONTENT_TYPE, body);
    if receipt.dialect == Dialect::Zan {
        tell_when(&mut response.headers, receipt);
    }
    response
}

/// An answer of bytes.
pub(crate) fn whole(status: StatusCode, content_type: HeaderValue, body: Vec<u8>) -> Reply {
    let mut response = Response::new(status, ReplyBody::Whole(Bytes::from(body)));
    response.headers.append(CONTENT_TYPE, content_type);
    response
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode, headers: Headers) -> Reply {
    Response { headers, ..Response::new(status, ReplyBody::Empty) }
}

/// The HTTP status of a denial of a whole request whose value is known.
pub(crate) fn status(denial: Denial, dialect: Dialect) -> StatusCode {
    told_status(denial, dialect, None)
}

/// The HTTP status of an answer to one JSON-RPC call that is denied: but for `zan`, errors are inside only.
pub(crate) fn status_of_call(denial: Denial, dialect: Dialect) -> StatusCode {
    if dialect == Dialect::Zan { status(denial, dialect) } else { StatusCode::OK }
}

/// The JSON-RPC code by which a denial of a known value's call is told.
pub(crate) fn json_rpc_code(denial: Denial, dialect: Dialect) -> i64 {
    if dialect == Dialect::Zan { zan::code(denial, None) } else { denial.json_rpc_code() }
}

fn told_status(denial: Denial, dialect: Dialect, lack: Option<NoValue>) -> StatusCode {
    let status = match dialect {
        Dialect::Problem | Dialect::JsonRpc => denial.status(),
        Dialect::Zan => zan::status(denial, lack),
        Dialect::ApiSports => api_sports::status(denial, lack),
    };
    StatusCode::from_u16(status).expect("each denial has a status of three digits")
}

fn tell_when(headers: &mut Headers, receipt: &Receipt<'_>) {
    if let Some(seconds) = retry_after(receipt) {
        headers.insert(RETRY_AFTER, itoa::Buffer::new().format(seconds));
    }
}

/// Puts in what every answer tells.
pub(crate) fn tell(headers: &mut Headers, told: &Told<'_>) {
    headers.replace(REQUEST_ID, |out| {
        out.extend_from_slice(RequestNoun::PREFIX.as_bytes());
        out.push(b'_');
        out.extend_from_slice(&told.came.id.digits());
    });
    if let Some(charged) = told.charged {
        headers.insert(CREDITS, itoa::Buffer::new().format(charged.credits));
    }
    if let Some(limits) = told.limits {
        limits::tell(headers, limits, told.came.now, told.came.steady);
    }
    if let (Some(limits), Some(ApiRuntime { api: Api { dialect: Dialect::ApiSports, .. }, .. })) =
        (told.limits, told.api)
    {
        limits::tell_as_api_sports(headers, limits, told.came.now, told.came.steady);
    }
    if told.key_in_path {
        headers.insert(REFERRER_POLICY, "no-referrer");
    }
    if let (Some(origin), Some(api)) = (told.origin, told.api) {
        api.hygiene.allow_origin(headers, origin, told.is_page_listed.then_some(true));
    }
    if told.is_last {
        headers.insert(CONNECTION, "close");
    }
}

/// Seconds until it makes sense to try again, rounded up, if that is soon.
fn retry_after(receipt: &Receipt<'_>) -> Option<u64> {
    let wait = receipt.retry_at?.since(receipt.came.now);
    let seconds = wait.max(0).unsigned_abs().div_ceil(domain::time::SECOND.unsigned_abs()).max(1);
    (seconds <= MAX_RETRY_AFTER.unsigned_abs()).then_some(seconds)
}
