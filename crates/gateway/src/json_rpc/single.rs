//! One call: its bytes go up as they came, and its answer comes down as it is, looked into if it is short.

use bytes::Bytes;
use domain::{decision::Denial, request_log::Outcome};
use http::{StatusCode, header::ACCEPT_ENCODING};
use rpc::{
    answer::{LOOK_LIMIT, Look, look},
    request::Call,
};

use super::{error_in_place, is_identity, pick, refusal_in_place, set_length};
use crate::{
    asked::{Asked, Called, NotAdmitted},
    forwarded::{CallResult, Forwarded, Permitted},
    handle::Cut,
    heads::Headers,
    record::Denied,
    reply::{self, Reply, ReplyBody, json_rpc::CONTENT_TYPE, streamed::Streamed},
    rest::{to_caller, upstream_request},
    upstream::{
        Answer, Picked,
        answer_body::{AnswerBody, Read},
        forward,
        request_body::RequestBody,
    },
};

/// Serves a request that is one call.
pub(super) async fn serve(asked: &mut Asked<'_>, bytes: Bytes, call: &Call<'_>) -> Result<Reply, Cut> {
    let (called, price) = (Called::rpc(call, None), asked.api.prices.of_method(&call.method));
    let bytes_in = bytes.len() as u64;
    let mut picked = match pick(asked) {
        Ok(picked) => picked,
        Err(refused) => return Ok(denied(asked, refused.into(), call, &called, bytes_in)),
    };
    let permit = match asked.admit(&called, price).await {
        Ok(permit) => permit,
        Err(not_admitted) => return Ok(denied(asked, not_admitted, call, &called, bytes_in)),
    };
    let mut forwarded = Forwarded::new(permit, asked.exchange(picked.pool.upstream().index, bytes_in, None));
    let mut request = upstream_request(asked, picked.pool, RequestBody::Whole(bytes));
    set_length(&mut request.headers, bytes_in as usize);
    if asked.keeps_filter(&call.method) {
        request.headers.insert(ACCEPT_ENCODING, "identity");
    }
    let still = || asked.allows(&called);
    let sent = forward(asked, &mut picked, &mut request, &Permitted::new(&forwarded, &still)).await;
    forwarded.exchange.upstream = picked.pool.upstream().index;
    match sent {
        Ok(answer) => {
            forwarded.has_head(answer.attempts);
            Ok(answered(asked, call, forwarded, answer, picked).await)
        }
        Err(failure) if failure.is_denied() => {
            let not_admitted = asked.call_off(forwarded, failure.denial);
            Ok(denied(asked, not_admitted, call, &called, bytes_in))
        }
        Err(failure) => {
            forwarded.exchange.attempts = failure.attempts;
            Ok(failed(asked, call, forwarded, failure.denial))
        }
    }
}

async fn answered(
    asked: &Asked<'_>,
    call: &Call<'_>,
    forwarded: Forwarded,
    answer: Answer,
    picked: Picked<'_>,
) -> Reply {
    let mut head = answer.head;
    let Picked { pool, in_flight } = picked;
    let mut body = AnswerBody::new(answer.lent, in_flight);
    let result = CallResult::answered(head.status.as_u16());
    let charged = forwarded.charge();
    let is_long = body.exact_length().is_some_and(|length| length > LOOK_LIMIT as u64);
    let read = if is_long || !is_identity(&head.headers) {
        Ok(Ok(Read::Longer(Bytes::new())))
    } else {
        let moved = || asked.slot.has_progressed();
        asked.slot.answer_within(asked.api.answer_ticks, body.read(LOOK_LIMIT, moved)).await
    };
    let reply = match read {
        Ok(Ok(Read::Whole(bytes))) => {
            if asked.keeps_filter(&call.method) {
                asked.remember_filter(&bytes);
            }
            let charged = forwarded.end(looked_into(result, &bytes));
            if call.id.is_none() {
                return no_answer(asked, Some(charged));
            }
            if !bytes.is_empty() {
                set_length(&mut head.headers, bytes.len());
            }
            if bytes.is_empty() { ReplyBody::Empty } else { ReplyBody::Whole(bytes) }
        }
        Ok(Ok(Read::Longer(first))) => {
            ReplyBody::Streamed(Box::new(Streamed::new(first, body, vec![forwarded], result, asked.slot.clone())))
        }
        Ok(Err(_)) => return failed(asked, call, forwarded, Denial::UpstreamIncomplete),
        Err(_timed_out) => return failed(asked, call, forwarded, Denial::UpstreamTimeout),
    };
    asked.told(to_caller(asked, head, pool, reply), Some(charged))
}

/// What a whole answer says of its call.
fn looked_into(result: CallResult, bytes: &Bytes) -> CallResult {
    let (outcome, rpc_error) = match look(bytes) {
        Look::Ok => (result.outcome, None),
        Look::Error { code } => (Outcome::Failed, Some(code)),
        // A notification has no answer to look into.
        Look::NotJsonRpc if bytes.is_empty() => (result.outcome, None),
        Look::NotJsonRpc => (Outcome::Failed, None),
    };
    CallResult { outcome, rpc_error, bytes_out: bytes.len() as u64, ..result }
}

/// A call that is not admitted: an answer like another, with the error in its place.
fn denied(asked: &Asked<'_>, not_admitted: NotAdmitted, call: &Call<'_>, called: &Called<'_>, bytes_in: u64) -> Reply {
    let refused = not_admitted.refused;
    let body = refusal_in_place(asked, refused, called, call.id);
    let is_answered = call.id.is_some();
    let response = if is_answered { reply::denied_call(&asked.receipt(refused, None), body) } else { no_body() };
    let denied = Denied {
        denial: refused.denial,
        status: response.status.as_u16(),
        rpc_error: Some(asked.json_rpc_code(refused.denial)),
        latency: asked.latency(),
        bytes_in,
        bytes_out: response.body.known_length(),
    };
    if !not_admitted.has_row {
        asked.record_denial(&asked.record(called), &denied);
    }
    asked.told(response, None)
}

/// The upstream failed. The status says so too: this is the answer to the whole request.
fn failed(asked: &Asked<'_>, call: &Call<'_>, forwarded: Forwarded, denial: Denial) -> Reply {
    let body = error_in_place(asked, denial, &call.method, call.id);
    let response = reply::whole(reply::status(denial, asked.api.api.dialect), CONTENT_TYPE, body);
    let result = CallResult {
        rpc_error: Some(asked.json_rpc_code(denial)),
        bytes_out: response.body.known_length(),
        ..CallResult::failed(denial, response.status.as_u16())
    };
    let charged = forwarded.end(result);
    asked.told(response, Some(charged))
}

/// The answer to a notification.
fn no_answer(asked: &Asked<'_>, charged: Option<domain::call::Charge>) -> Reply {
    asked.told(no_body(), charged)
}

fn no_body() -> Reply {
    reply::empty(StatusCode::NO_CONTENT, Headers::new())
}
