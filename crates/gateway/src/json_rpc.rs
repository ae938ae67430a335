//! JSON-RPC: the body is read whole, and each call in it is decided, charged and logged by itself.

use std::{future::poll_fn, pin::Pin};

use bytes::{Bytes, BytesMut};
use domain::{
    api::Dialect,
    decision::{Denial, NotReady},
};
use http::{
    StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
};
use hyper::body::Body;
use rpc::{
    fault::Fault,
    request::{RawId, Request, parse},
};

use crate::{
    asked::{Asked, Called, NO_METHOD},
    caller_body::CallerBody,
    handle::Cut,
    heads::Headers,
    meter::Refused,
    reply::{self, Reply, json_rpc::CONTENT_TYPE, receipt::Receipt},
    upstream::Picked,
    watch::Phase,
};

pub(crate) mod batch;
mod joined;
mod single;

/// Serves a request that may be read.
pub(crate) async fn serve(asked: &mut Asked<'_>, body: CallerBody) -> Result<Reply, Cut> {
    let bytes = match read(asked, body).await {
        Ok(bytes) => bytes,
        Err(Unread::TooLong) => {
            asked.slot.linger_at_end();
            let receipt = asked.receipt(Refused { denial: Denial::BodyTooLarge, retry_at: None }, None);
            return Ok(asked.deny(&receipt, &Called::named(NO_METHOD, None), asked.api.body_limit));
        }
        Err(Unread::BrokenOff) => return Err(Cut),
    };
    match parse(&bytes, asked.api.request_limits) {
        Ok(Request::Single(call)) => single::serve(asked, bytes.clone(), &call).await,
        Ok(Request::Batch(entries)) => Box::pin(batch::serve(asked, bytes.clone(), &entries)).await,
        Err(fault) => Ok(unreadable(asked, &fault, bytes.len() as u64)),
    }
}

/// Why a body was not read.
enum Unread {
    TooLong,
    BrokenOff,
}

async fn read(asked: &Asked<'_>, body: CallerBody) -> Result<Bytes, Unread> {
    let mut body = match body {
        CallerBody::Streamed(body) => body,
        CallerBody::Whole(bytes) if bytes.len() as u64 > asked.api.body_limit => return Err(Unread::TooLong),
        CallerBody::Whole(bytes) => return Ok(bytes),
    };
    let (mut first, mut all) = (Bytes::new(), BytesMut::new());
    asked.slot.enter(Phase::Body);
    while !body.is_end_stream() {
        let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await else { break };
        let Ok(data) = frame.map_err(|_| Unread::BrokenOff)?.into_data() else { continue };
        asked.slot.has_read();
        // Most bodies come in one part, which needs no copy.
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&data);
        }
        if (first.len() + all.len()) as u64 > asked.api.body_limit {
            return Err(Unread::TooLong);
        }
    }
    asked.slot.enter(Phase::Work);
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// The answer to bytes that are no request.
fn unreadable(asked: &Asked<'_>, fault: &Fault<'_>, bytes_in: u64) -> Reply {
    let denial = if matches!(fault, Fault::BatchTooLarge { .. }) { Denial::BatchTooLarge } else { Denial::Malformed };
    let detail = fault.to_string();
    let receipt = Receipt { detail: Some(&detail), ..asked.receipt(Refused { denial, retry_at: None }, None) };
    let unread = Called::named(NO_METHOD, None);
    if asked.api.api.dialect == Dialect::Problem {
        return asked.deny(&receipt, &unread, bytes_in);
    }
    let mut body = Vec::with_capacity(512);
    reply::json_rpc::write(&mut body, &receipt, fault.code(), fault.id());
    let response = reply::whole(reply::status(denial, receipt.dialect), CONTENT_TYPE, body);
    asked.denied_by(response, denial, &unread, Some(fault.code()), bytes_in)
}

/// A place in flight to an upstream of the request's network.
fn pick<'g>(asked: &Asked<'g>) -> Result<Picked<'g>, Refused> {
    let upstreams = asked.network.map_or(&[][..], |network| &network.upstreams);
    let overloaded = Refused { denial: Denial::NotReady(NotReady::Overloaded), retry_at: None };
    asked.gate.pick(upstreams, asked.came.steady).ok_or(overloaded)
}

/// One error object in the place of a call that is not admitted.
pub(crate) fn refusal_in_place(
    asked: &Asked<'_>,
    refused: Refused,
    called: &Called<'_>,
    id: Option<RawId<'_>>,
) -> Vec<u8> {
    let seen = asked.seen_of_call(refused.denial, called);
    reply::json_rpc::body(&asked.receipt(refused, Some(&seen)), id)
}

/// One error object in the place of a call that got no answer.
pub(crate) fn error_in_place(asked: &Asked<'_>, denial: Denial, method: &str, id: Option<RawId<'_>>) -> Vec<u8> {
    reply::json_rpc::body(&asked.receipt(Refused { denial, retry_at: None }, Some(method)), id)
}

/// Answers with these bytes in the place of what the upstream sent.
fn answer_of(body: Vec<u8>) -> Reply {
    reply::whole(StatusCode::OK, CONTENT_TYPE, body)
}

/// Whether an answer can be looked into as it is.
fn is_identity(headers: &Headers) -> bool {
    headers.get_all(CONTENT_ENCODING).all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// The headers of a body that was read whole, which may have come in chunks and may have been changed.
fn set_length(headers: &mut Headers, length: usize) {
    headers.remove(TRANSFER_ENCODING);
    headers.insert(CONTENT_LENGTH, itoa::Buffer::new().format(length));
}
