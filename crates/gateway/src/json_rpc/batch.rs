//! A batch: each call is decided by itself, and those that are allowed go up together.
//!
//! All intents are in the journal before the first byte goes up. Where nothing was taken out and all ids differ, the
//! caller's own bytes are sent; else a new batch with numbers for ids, and the caller's ids are put back.

use bytes::Bytes;
use domain::{call::Charge, decision::Denial};
use http::{StatusCode, header::ACCEPT_ENCODING};
use rpc::{
    batch::{ids_repeat, renumber},
    fault::{INVALID_REQUEST, Invalid},
    request::{Call, Entry, RawId},
};

use super::{answer_of, error_in_place, joined, pick, refusal_in_place, set_length};
use crate::{
    asked::{Asked, Called, NO_METHOD, NotAdmitted},
    forwarded::{CallResult, Forwarded, Permitted},
    handle::Cut,
    heads::Headers,
    meter::{Permit, Refused},
    record::Denied,
    reply::{self, Reply, receipt::Receipt},
    rest::upstream_request,
    upstream::{Picked, forward, pool::Pool, request_body::RequestBody},
};

/// What becomes of one entry of a batch.
pub(super) enum Place {
    /// It goes up; its answer is the next one of those that do.
    Up,
    /// This is its answer; None for a notification.
    Answered(Option<Vec<u8>>),
}

/// The calls that go up, each with the caller's id.
pub(super) struct Sent<'c> {
    /// In the order in which they go up.
    pub calls: Vec<Forwarded>,
    /// Their ids.
    pub ids: Vec<Option<RawId<'c>>>,
    /// Their methods, for errors in their places.
    pub methods: Vec<&'c str>,
    /// Whether they go up under numbers of ours.
    pub is_renumbered: bool,
}

/// Serves a request that is a batch.
pub(super) async fn serve(asked: &mut Asked<'_>, bytes: Bytes, entries: &[Entry<'_>]) -> Result<Reply, Cut> {
    let (picked, began) = (pick(asked), asked.generation.get());
    let (mut places, mut permits, mut admitted) = (Vec::with_capacity(entries.len()), Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        let place = u32::try_from(index).unwrap_or(u32::MAX);
        let call = match entry {
            Ok(call) => call,
            Err(invalid) => {
                places.push(Place::Answered(Some(deny_invalid(asked, invalid, place))));
                continue;
            }
        };
        let called = Called::rpc(call, Some(place));
        let decided = match &picked {
            Ok(_) => asked.admit(&called, asked.api.prices.of_method(&call.method)).await,
            Err(refused) => Err((*refused).into()),
        };
        match decided {
            Ok(permit) => {
                permits.push(permit);
                admitted.push((call, called));
                places.push(Place::Up);
            }
            Err(not_admitted) => places.push(Place::Answered(deny(asked, not_admitted, call, &called))),
        }
    }
    if asked.generation.get() != began {
        take_back(asked, &mut places, &mut permits, &mut admitted);
    }
    let (admitted, called): (Vec<&Call<'_>>, Vec<Called<'_>>) = admitted.into_iter().unzip();
    let (Ok(picked), false) = (picked, permits.is_empty()) else {
        return Ok(joined::without_upstream(asked, places));
    };
    let body = body_of(asked, bytes, entries.len(), &admitted);
    let charged = permits.iter().fold(Charge::NOTHING, |sum, permit| plus(sum, permit.charge()));
    let sent = start(asked, picked.pool, &body, permits, admitted);
    Ok(send(asked, picked, body, sent, &called, (places, charged)).await)
}

/// Policies changed while calls of the batch waited: those that were admitted before are decided on by what holds now, like those
/// after them.
fn take_back<'c>(
    asked: &Asked<'_>,
    places: &mut [Place],
    permits: &mut Vec<Permit>,
    admitted: &mut Vec<(&'c Call<'c>, Called<'c>)>,
) {
    let up = places.iter_mut().filter(|place| matches!(place, Place::Up));
    let before = permits.drain(..).zip(admitted.drain(..)).zip(up).collect::<Vec<_>>();
    for ((permit, (call, called)), place) in before {
        match asked.allows(&called) {
            Ok(()) => {
                permits.push(permit);
                admitted.push((call, called));
            }
            Err(denial) => *place = Place::Answered(deny(asked, asked.take_back(permit, denial), call, &called)),
        }
    }
}

/// Records a call that does not go up, and makes its answer; a notification has none.
fn deny(asked: &Asked<'_>, not_admitted: NotAdmitted, call: &Call<'_>, called: &Called<'_>) -> Option<Vec<u8>> {
    let refused = not_admitted.refused;
    let object = call.id.map(|id| refusal_in_place(asked, refused, called, Some(id)));
    if !not_admitted.has_row {
        let denied = Denied {
            bytes_in: call.raw.len() as u64,
            ..denied(asked, refused.denial, asked.json_rpc_code(refused.denial), object.as_ref())
        };
        asked.record_denial(&asked.record(called), &denied);
    }
    object
}

/// Records an entry that is no call, and makes its answer.
pub(crate) fn deny_invalid(asked: &Asked<'_>, invalid: &Invalid<'_>, place: u32) -> Vec<u8> {
    let denial = Denial::Malformed;
    let detail = invalid.to_string();
    let receipt = Receipt { detail: Some(&detail), ..asked.receipt(Refused { denial, retry_at: None }, None) };
    let mut object = Vec::new();
    reply::json_rpc::write(&mut object, &receipt, INVALID_REQUEST, invalid.id);
    let denied = denied(asked, denial, INVALID_REQUEST, Some(&object));
    asked.record_denial(&asked.record(&Called::named(NO_METHOD, Some(place))), &denied);
    object
}

fn denied(asked: &Asked<'_>, denial: Denial, rpc_error: i64, object: Option<&Vec<u8>>) -> Denied {
    Denied {
        denial,
        status: StatusCode::OK.as_u16(),
        rpc_error: Some(rpc_error),
        latency: asked.latency(),
        bytes_in: 0,
        bytes_out: object.map_or(0, |object| object.len() as u64),
    }
}

/// What goes up, and whether it has numbers for ids.
struct UpstreamBatch {
    bytes: Bytes,
    is_renumbered: bool,
}

fn body_of(asked: &Asked<'_>, bytes: Bytes, entries: usize, admitted: &[&Call<'_>]) -> UpstreamBatch {
    let ids: Vec<_> = admitted.iter().map(|call| call.id).collect();
    // Only an answer under our own number is known to be of the call that made the filter.
    let keeps_filter = admitted.iter().any(|call| asked.keeps_filter(&call.method));
    let is_renumbered = admitted.len() < entries || ids_repeat(&ids) || keeps_filter;
    UpstreamBatch { bytes: if is_renumbered { renumber(admitted).into() } else { bytes }, is_renumbered }
}

fn start<'c>(
    asked: &Asked<'_>,
    pool: &Pool,
    body: &UpstreamBatch,
    permits: Vec<Permit>,
    admitted: Vec<&'c Call<'c>>,
) -> Sent<'c> {
    let calls = permits.into_iter().zip(&admitted).map(|(permit, call)| {
        let exchange = asked.exchange(pool.upstream().index, call.raw.len() as u64, None);
        Forwarded::new(permit, exchange)
    });
    Sent {
        calls: calls.collect(),
        ids: admitted.iter().map(|call| call.id).collect(),
        methods: admitted.into_iter().map(|call| &*call.method).collect(),
        is_renumbered: body.is_renumbered,
    }
}

async fn send<'g>(
    asked: &mut Asked<'g>,
    mut picked: Picked<'g>,
    body: UpstreamBatch,
    mut sent: Sent<'_>,
    called: &[Called<'_>],
    (places, charged): (Vec<Place>, Charge),
) -> Reply {
    let length = body.bytes.len();
    let mut request = upstream_request(asked, picked.pool, RequestBody::Whole(body.bytes));
    set_length(&mut request.headers, length);
    if body.is_renumbered {
        request.headers.insert(ACCEPT_ENCODING, "identity");
    }
    let still = || called.iter().try_for_each(|called| asked.allows(called));
    let begun = forward(asked, &mut picked, &mut request, &Permitted::new(&sent.calls[0], &still)).await;
    let upstream = picked.pool.upstream().index;
    sent.calls.iter_mut().for_each(|call| call.exchange.upstream = upstream);
    match begun {
        Ok(answer) => {
            sent.calls.iter_mut().for_each(|call| call.has_head(answer.attempts));
            joined::answered(asked, picked, answer, sent, places, charged).await
        }
        Err(failure) if failure.is_denied() => joined::called_off(asked, sent, called, places),
        Err(failure) => {
            sent.calls.iter_mut().for_each(|call| call.exchange.attempts = failure.attempts);
            joined::failed(asked, failure.denial, sent, places)
        }
    }
}

/// The answer to a batch of notifications only.
pub(super) fn no_answer(asked: &Asked<'_>, charged: Charge) -> Reply {
    asked.told(reply::empty(StatusCode::NO_CONTENT, Headers::new()), Some(charged))
}

/// The answers of a batch in one body; 204 where there are none.
pub(super) fn reply_of(asked: &Asked<'_>, body: Option<Vec<u8>>, charged: Charge) -> Reply {
    match body {
        Some(body) => asked.told(answer_of(body), Some(charged)),
        None => no_answer(asked, charged),
    }
}

/// What two calls cost together.
pub(super) fn plus(a: Charge, b: Charge) -> Charge {
    Charge { requests: a.requests.saturating_add(b.requests), credits: a.credits.saturating_add(b.credits) }
}

/// One error object for a call that went up and got no answer, and its outcome.
pub(super) fn end_failed(
    asked: &Asked<'_>,
    denial: Denial,
    call: Forwarded,
    method: &str,
    id: Option<RawId<'_>>,
) -> (Option<Vec<u8>>, Charge) {
    let object = id.map(|id| error_in_place(asked, denial, method, Some(id)));
    let bytes_out = object.as_ref().map_or(0, |object| object.len() as u64);
    let rpc_error = Some(asked.json_rpc_code(denial));
    let status = StatusCode::OK.as_u16();
    let charged = call.end(CallResult { rpc_error, bytes_out, ..CallResult::failed(denial, status) });
    (object, charged)
}
