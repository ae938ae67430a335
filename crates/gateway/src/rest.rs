//! REST: one request is one call, streamed both ways.

use std::{pin::pin, rc::Rc};

use domain::decision::{Denial, NotReady};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use rpc::answer::LOOK_LIMIT;

use crate::{
    asked::{Asked, Called, NotAdmitted},
    caller_body::CallerBody,
    drain::drained,
    forwarded::{CallResult, Forwarded, Permitted},
    handle::Cut,
    heads::{Headers, Request, Response, Value},
    hygiene::location::Way,
    meter::Refused,
    reply::{self, Reply, ReplyBody, streamed::Streamed},
    settings::FailedWhen,
    trace,
    upstream::{
        Answer, Failure, Picked,
        answer_body::{AnswerBody, Begun, Read},
        forward,
        pool::Pool,
        request_body::{Flow, RequestBody, Upload, UploadFault},
    },
};

/// Serves a request that may be read.
pub(crate) async fn serve(asked: &mut Asked<'_>, body: CallerBody) -> Result<Reply, Cut> {
    let (name, price) = asked.api.prices.of_path(asked.method.as_str(), asked.target.rest());
    let called = Called::named(&name, None);
    let upstreams = asked.network.map_or(&[][..], |network| &network.upstreams);
    let Some(mut picked) = asked.gate.pick(upstreams, asked.came.steady) else {
        let overloaded = Refused { denial: Denial::NotReady(NotReady::Overloaded), retry_at: None };
        return Ok(refuse(asked, overloaded.into(), &called, body).await);
    };
    let permit = match asked.admit(&called, price).await {
        Ok(permit) => permit,
        Err(not_admitted) => return Ok(refuse(asked, not_admitted, &called, body).await),
    };
    let (body, bytes_in, flow) = going_up(asked, body);
    let mut call = Forwarded::new(permit, asked.exchange(picked.pool.upstream().index, bytes_in, flow.clone()));
    let mut request = upstream_request(asked, picked.pool, body);
    let still = || asked.allows(&called);
    let sent = forward(asked, &mut picked, &mut request, &Permitted::new(&call, &still)).await;
    call.exchange.upstream = picked.pool.upstream().index;
    match sent {
        Ok(answer) => {
            call.has_head(answer.attempts);
            answered(asked, call, answer, picked).await
        }
        Err(failure) if failure.is_denied() => {
            if flow.is_some() {
                // What remains of the caller's body has nowhere to go.
                asked.slot.linger_at_end();
            }
            let not_admitted = asked.call_off(call, failure.denial);
            Ok(refuse(asked, not_admitted, &called, CallerBody::NONE).await)
        }
        Err(failure) => failed(asked, call, failure, flow.as_deref()),
    }
}

/// The caller's body as it goes up, how many bytes of it are known, and what counts the others.
fn going_up(asked: &Asked<'_>, body: CallerBody) -> (RequestBody, u64, Option<Rc<Flow>>) {
    match body {
        body if body.is_over() => (RequestBody::Empty, 0, None),
        CallerBody::Whole(bytes) => {
            let length = bytes.len() as u64;
            (RequestBody::Whole(bytes), length, None)
        }
        CallerBody::Streamed(body) => {
            let flow = Rc::new(Flow::default());
            let upload = Upload::new(body, asked.api.body_limit, Rc::clone(&flow), asked.slot.clone());
            (RequestBody::Streamed(upload), 0, Some(flow))
        }
    }
}

/// The caller's request as the upstream gets it.
pub(crate) fn upstream_request(asked: &mut Asked<'_>, pool: &Pool, body: RequestBody) -> Request<RequestBody> {
    // A body without a length comes in chunks, or over HTTP/2.
    let is_chunked = matches!(body, RequestBody::Streamed(_)) && !asked.headers.contains_key(CONTENT_LENGTH);
    let mut headers: Headers = std::mem::take(&mut asked.headers);
    asked.api.hygiene.to_upstream(&mut headers, &pool.upstream().host, is_chunked);
    if asked.api.failed_when.is_some() {
        // What is compressed cannot be looked into.
        headers.insert(ACCEPT_ENCODING, "identity");
    }
    trace::pass_on(&mut headers, asked.came.id);
    let target = asked.target.upstream(&pool.upstream().url.base_path);
    Request { method: asked.method.clone(), target, headers, body }
}

/// Passes the answer on.
async fn answered(asked: &Asked<'_>, call: Forwarded, answer: Answer, picked: Picked<'_>) -> Result<Reply, Cut> {
    let head = answer.head;
    let Picked { pool, in_flight } = picked;
    let mut body = AnswerBody::new(answer.lent, in_flight);
    let result = CallResult::answered(head.status.as_u16());
    if let Some(rule) = asked.api.failed_when.as_ref().filter(|_| can_be_looked_into(&head.headers, &body)) {
        return Box::pin(looked_into(asked, call, rule, result, (head, body, answer.attempts), pool)).await;
    }
    let charged = call.charge();
    let reply = match body.begin().await {
        Begun::Whole(bytes) => {
            call.end_with_head(CallResult { bytes_out: bytes.len() as u64, ..result });
            if bytes.is_empty() { ReplyBody::Empty } else { ReplyBody::Whole(bytes) }
        }
        Begun::Part(first) => {
            let streamed = Streamed::new(first, body, vec![call], result, asked.slot.clone());
            ReplyBody::Streamed(Box::new(streamed))
        }
        Begun::BrokenOff => {
            return failed(asked, call, Failure::last(Denial::UpstreamIncomplete, answer.attempts), None);
        }
    };
    Ok(asked.told(to_caller(asked, head, pool, reply), Some(charged)))
}

/// Whether an answer may say that its call failed: JSON, not compressed, and not known to be long.
fn can_be_looked_into(headers: &Headers, body: &AnswerBody) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(Value::to_str).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let is_json = kind == "application/json" || kind.ends_with("+json");
    is_json
        && !headers.contains_key(CONTENT_ENCODING)
        && body.exact_length().is_none_or(|length| length <= LOOK_LIMIT as u64)
}

/// Passes on an answer that is read before, if it is short: it may say that the call failed.
async fn looked_into(
    asked: &Asked<'_>,
    call: Forwarded,
    rule: &FailedWhen,
    result: CallResult,
    (head, mut body, attempts): (Response<()>, AnswerBody, u8),
    pool: &Pool,
) -> Result<Reply, Cut> {
    let moved = || asked.slot.has_progressed();
    let read = asked.slot.answer_within(asked.api.answer_ticks, pin!(body.read(LOOK_LIMIT, moved))).await;
    let (reply, charged) = match read {
        Ok(Ok(Read::Whole(bytes))) => {
            let result = if rule.holds(&bytes) { result.saying_that_it_failed() } else { result };
            let charged = call.end(CallResult { bytes_out: bytes.len() as u64, ..result });
            (if bytes.is_empty() { ReplyBody::Empty } else { ReplyBody::Whole(bytes) }, charged)
        }
        Ok(Ok(Read::Longer(first))) => {
            let charged = call.charge();
            let streamed = Streamed::new(first, body, vec![call], result, asked.slot.clone());
            (ReplyBody::Streamed(Box::new(streamed)), charged)
        }
        Ok(Err(_)) => return failed(asked, call, Failure::last(Denial::UpstreamIncomplete, attempts), None),
        Err(_timed_out) => return failed(asked, call, Failure::last(Denial::UpstreamTimeout, attempts), None),
    };
    Ok(asked.told(to_caller(asked, head, pool, reply), Some(charged)))
}

/// The upstream's head as the caller gets it, with this body.
pub(crate) fn to_caller(asked: &Asked<'_>, head: Response<()>, pool: &Pool, body: ReplyBody) -> Reply {
    let (mut reply, ()) = head.replace(body);
    asked.api.hygiene.to_caller(&mut reply.headers);
    let upstream = pool.upstream();
    let way = Way {
        origin: &upstream.origin,
        base_path: &upstream.url.base_path,
        before: asked.target.before_rest(),
        rest: asked.target.rest(),
    };
    asked.api.hygiene.rewrite_location(&mut reply.headers, &way);
    reply
}

/// Tells the caller why there is no answer.
fn failed(asked: &Asked<'_>, mut call: Forwarded, failure: Failure, flow: Option<&Flow>) -> Result<Reply, Cut> {
    call.exchange.attempts = failure.attempts;
    let denial = match flow.and_then(|flow| flow.fault.get()) {
        Some(UploadFault::TooLarge) => Denial::BodyTooLarge,
        Some(UploadFault::BrokenOff) => return Err(Cut),
        // The upstream had no chance to answer: the caller has not sent what it announced.
        None if failure.denial == Denial::UpstreamTimeout && flow.is_some_and(|flow| flow.waits_for_caller.get()) => {
            return Err(Cut);
        }
        None => failure.denial,
    };
    if flow.is_some() {
        // What remains of the caller's body has nowhere to go.
        asked.slot.linger_at_end();
    }
    Ok(asked.answer_failure(denial, call))
}

async fn refuse(asked: &Asked<'_>, not_admitted: NotAdmitted, called: &Called<'_>, body: CallerBody) -> Reply {
    let seen = asked.seen_of_call(not_admitted.refused.denial, called);
    let receipt = asked.receipt(not_admitted.refused, Some(&seen));
    let response =
        if not_admitted.has_row { asked.told(reply::denied(&receipt), None) } else { asked.deny(&receipt, called, 0) };
    drained(response, asked.gate, asked.slot, &asked.headers, body).await
}
