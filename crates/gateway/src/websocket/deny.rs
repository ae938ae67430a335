//! Deny: what is answered in the place of a message or a call that does not go up, and its row.

use domain::decision::Denial;
use rpc::{
    fault::Fault,
    request::{Call, RawId},
};

use super::ANSWERED;
use crate::{
    asked::{Asked, Called, NO_METHOD, NotAdmitted},
    forwarded::{CallResult, Forwarded},
    json_rpc::{error_in_place, refusal_in_place},
    meter::Refused,
    record::Denied,
    reply::{self, receipt::Receipt},
};

/// Why a call does not go up.
pub(super) struct Refusal {
    /// As the caller is told.
    pub why: NotAdmitted,
    /// What exactly, where the denial's own sentence says too little.
    pub detail: Option<&'static str>,
}

impl From<NotAdmitted> for Refusal {
    fn from(why: NotAdmitted) -> Self {
        Refusal { why, detail: None }
    }
}

impl Refusal {
    /// A denial with its own words.
    pub fn of(denial: Denial, detail: &'static str) -> Refusal {
        Refusal { why: Refused { denial, retry_at: None }.into(), detail: Some(detail) }
    }
}

/// Records a call that does not go up, and makes its answer; a notification has none.
pub(super) fn call(asked: &Asked<'_>, refusal: &Refusal, call: &Call<'_>, place: Option<u32>) -> Option<Vec<u8>> {
    let Refusal { why: NotAdmitted { refused, has_row }, detail } = refusal;
    let called = Called::rpc(call, place);
    // For what the lists say of it: whether it is denied is known.
    _ = asked.decide_call(&called);
    let object = call.id.map(|id| match detail {
        None => refusal_in_place(asked, *refused, &called, Some(id)),
        detail => reply::json_rpc::body(&Receipt { detail: *detail, ..asked.receipt(*refused, None) }, Some(id)),
    });
    if !has_row {
        let denied = Denied {
            denial: refused.denial,
            status: ANSWERED,
            rpc_error: Some(asked.json_rpc_code(refused.denial)),
            latency: asked.latency(),
            bytes_in: call.raw.len() as u64,
            bytes_out: object.as_ref().map_or(0, |object| object.len() as u64),
        };
        asked.record_denial(&asked.record(&called), &denied);
    }
    object
}

/// Records a message that is no request, and makes its answer.
pub(super) fn message(asked: &Asked<'_>, fault: &Fault<'_>, bytes_in: u64) -> Vec<u8> {
    let denial = if matches!(fault, Fault::BatchTooLarge { .. }) { Denial::BatchTooLarge } else { Denial::Malformed };
    let detail = fault.to_string();
    let receipt = Receipt { detail: Some(&detail), ..asked.receipt(Refused { denial, retry_at: None }, None) };
    let mut object = Vec::with_capacity(512);
    reply::json_rpc::write(&mut object, &receipt, fault.code(), fault.id());
    let denied = Denied {
        denial,
        status: ANSWERED,
        rpc_error: Some(fault.code()),
        latency: asked.latency(),
        bytes_in,
        bytes_out: object.len() as u64,
    };
    asked.record_denial(&asked.record(&Called::named(NO_METHOD, None)), &denied);
    object
}

/// Ends a call whose answer does not come, and makes an error in its place.
pub(super) fn unanswered(asked: &Asked<'_>, denial: Denial, call: Forwarded, method: &str, id: &str) -> Vec<u8> {
    let object = error_in_place(asked, denial, method, RawId::from_value(id));
    let rpc_error = Some(asked.json_rpc_code(denial));
    call.end(CallResult { rpc_error, bytes_out: object.len() as u64, ..CallResult::failed(denial, ANSWERED) });
    object
}
