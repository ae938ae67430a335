//! The answers of a batch: the upstream's and our own, in the order of the calls and with the caller's ids.

use bytes::Bytes;
use domain::{
    call::Charge,
    decision::{Denial, NotReady},
    request_log::Outcome,
};
use http::StatusCode;
use rpc::{
    answer::Look,
    batch::{Answer as CallAnswer, AnswerBatch, Joined, join, look_batch},
};

use super::{
    batch::{Place, Sent, end_failed, plus, reply_of},
    is_identity, refusal_in_place, set_length,
};
use crate::{
    asked::{Asked, Called},
    forwarded::{CallResult, Forwarded},
    reply::{Reply, ReplyBody, streamed::Streamed},
    rest::to_caller,
    upstream::{
        Answer, Picked,
        answer_body::{AnswerBody, Read},
    },
};

/// The answer to a batch of which nothing goes up.
pub(super) fn without_upstream(asked: &Asked<'_>, places: Vec<Place>) -> Reply {
    let mut batch = AnswerBatch::default();
    for place in places {
        if let Place::Answered(Some(object)) = place {
            batch.next_answer().extend_from_slice(&object);
        }
    }
    reply_of(asked, batch.finish(), Charge::NOTHING)
}

/// The answer to a batch whose upstream failed.
pub(super) fn failed(asked: &Asked<'_>, denial: Denial, sent: Sent<'_>, places: Vec<Place>) -> Reply {
    let Sent { calls, ids, methods, .. } = sent;
    let mut charged = Charge::NOTHING;
    let objects = calls.into_iter().zip(ids).zip(methods).map(|((call, id), method)| {
        let (object, charge) = end_failed(asked, denial, call, method, id);
        charged = plus(charged, charge);
        object
    });
    let body = in_their_places(objects, places);
    reply_of(asked, body, charged)
}

/// The answer to a batch of which a call may not go up any more, and so far nothing has. The others did not go up with it:
/// their callers are told to try again.
pub(super) fn called_off(asked: &Asked<'_>, sent: Sent<'_>, called: &[Called<'_>], places: Vec<Place>) -> Reply {
    let objects = sent.calls.into_iter().zip(sent.ids).zip(called).map(|((call, id), called)| {
        let denial = asked.allows(called).err().unwrap_or(Denial::NotReady(NotReady::PolicyStale));
        let refused = asked.call_off(call, denial).refused;
        id.map(|id| refusal_in_place(asked, refused, called, Some(id)))
    });
    let body = in_their_places(objects, places);
    reply_of(asked, body, Charge::NOTHING)
}

/// Answers of our own in one body, each in its call's place. None: no call has one.
fn in_their_places(mut objects: impl Iterator<Item = Option<Vec<u8>>>, places: Vec<Place>) -> Option<Vec<u8>> {
    let mut batch = AnswerBatch::default();
    for place in places {
        let object = match place {
            Place::Up => objects.next().flatten(),
            Place::Answered(object) => object,
        };
        if let Some(object) = object {
            batch.next_answer().extend_from_slice(&object);
        }
    }
    batch.finish()
}

/// The upstream's answer, read as far as it is held.
pub(super) async fn answered(
    asked: &Asked<'_>,
    picked: Picked<'_>,
    answer: Answer,
    sent: Sent<'_>,
    places: Vec<Place>,
    charged: Charge,
) -> Reply {
    let mut head = answer.head;
    let Picked { pool, in_flight } = picked;
    let mut body = AnswerBody::new(answer.lent, in_flight);
    let result = CallResult::answered(head.status.as_u16());
    let is_held = sent.is_renumbered || is_identity(&head.headers);
    let read = if is_held {
        let moved = || asked.slot.has_progressed();
        let limit = asked.gate.shared.limits.batch_answer;
        asked.slot.answer_within(asked.api.answer_ticks, body.read(limit, moved)).await
    } else {
        Ok(Ok(Read::Longer(Bytes::new())))
    };
    match read {
        Ok(Ok(Read::Whole(bytes))) if sent.is_renumbered => put_back(asked, &bytes, sent, places),
        Ok(Ok(Read::Whole(bytes))) => {
            let bytes = whole(asked, bytes, result, sent);
            if !bytes.is_empty() {
                set_length(&mut head.headers, bytes.len());
            }
            let body = if bytes.is_empty() { ReplyBody::Empty } else { ReplyBody::Whole(bytes) };
            asked.told(to_caller(asked, head, pool, body), Some(charged))
        }
        Ok(Ok(Read::Longer(first))) if !sent.is_renumbered => {
            let streamed = Streamed::new(first, body, sent.calls, result, asked.slot.clone());
            let body = ReplyBody::Streamed(Box::new(streamed));
            asked.told(to_caller(asked, head, pool, body), Some(charged))
        }
        Ok(Ok(Read::Longer(_)) | Err(_)) => failed(asked, Denial::UpstreamIncomplete, sent, places),
        Err(_timed_out) => failed(asked, Denial::UpstreamTimeout, sent, places),
    }
}

/// Answers under numbers of ours get the caller's ids again, and our own errors their places.
fn put_back(asked: &Asked<'_>, bytes: &Bytes, sent: Sent<'_>, places: Vec<Place>) -> Reply {
    let Sent { calls, ids, methods, .. } = sent;
    let numbered = join(bytes, &ids).map_or_else(|_| vec![None; ids.len()], |Joined { answers, .. }| answers);
    let mut batch = AnswerBatch::default();
    let mut charged = Charge::NOTHING;
    let mut up = calls.into_iter().zip(ids).zip(methods).zip(numbered);
    for place in places {
        let object = match place {
            Place::Answered(object) => object,
            Place::Up => {
                let Some((((call, id), method), answer)) = up.next() else { continue };
                let (object, charge) = match answer {
                    Some(answer) => {
                        let (object, charge) = end_answered(call, &answer);
                        if asked.keeps_filter(method) {
                            object.iter().for_each(|object| asked.remember_filter(object));
                        }
                        (object, charge)
                    }
                    None if id.is_none() => (None, call.end(CallResult::answered(StatusCode::OK.as_u16()))),
                    None => end_failed(asked, Denial::UpstreamIncomplete, call, method, id),
                };
                charged = plus(charged, charge);
                object
            }
        };
        if let Some(object) = object {
            batch.next_answer().extend_from_slice(&object);
        }
    }
    reply_of(asked, batch.finish(), charged)
}

fn end_answered(call: Forwarded, answer: &CallAnswer<'_>) -> (Option<Vec<u8>>, Charge) {
    let mut object = Vec::with_capacity(256);
    answer.write(&mut object);
    let result = said(CallResult::answered(StatusCode::OK.as_u16()), answer.look);
    let charged = call.end(CallResult { bytes_out: object.len() as u64, ..result });
    (Some(object), charged)
}

/// A batch that went up as it was: the answer's own bytes, with errors at its end for calls that it leaves out.
fn whole(asked: &Asked<'_>, bytes: Bytes, result: CallResult, sent: Sent<'_>) -> Bytes {
    let Sent { calls, ids, methods, .. } = sent;
    let each = bytes.len() as u64 / calls.len().max(1) as u64;
    let Ok(looks) = look_batch(&bytes, &ids) else {
        // No batch answer at all, such as a page of a proxy in between: passed on as it is, with its own status.
        let is_expected = bytes.is_empty() && ids.iter().all(Option::is_none);
        let outcome = if is_expected { result.outcome } else { Outcome::Failed };
        for call in calls {
            call.end(CallResult { outcome, bytes_out: each, ..result });
        }
        return bytes;
    };
    let mut missing = Vec::new();
    for (((call, id), method), look) in calls.into_iter().zip(ids).zip(methods).zip(looks) {
        match look {
            Some(look) => _ = call.end(CallResult { bytes_out: each, ..said(result, look) }),
            None if id.is_none() => _ = call.end(CallResult { bytes_out: 0, ..result }),
            None => missing.extend(end_failed(asked, Denial::UpstreamIncomplete, call, method, id).0),
        }
    }
    if missing.is_empty() { bytes } else { appended(&bytes, &missing) }
}

/// An array of answers with more at its end.
fn appended(bytes: &Bytes, missing: &[Vec<u8>]) -> Bytes {
    let array = bytes.trim_ascii_end();
    let mut all = array.strip_suffix(b"]").unwrap_or(array).to_vec();
    for object in missing {
        if all.trim_ascii() != b"[" {
            all.push(b',');
        }
        all.extend_from_slice(object);
    }
    all.push(b']');
    Bytes::from(all)
}

fn said(result: CallResult, look: Look) -> CallResult {
    match look {
        Look::Ok => result,
        Look::Error { code } => CallResult { outcome: Outcome::Failed, rpc_error: Some(code), ..result },
        Look::NotJsonRpc => CallResult { outcome: Outcome::Failed, ..result },
    }
}

#[cfg(test)]
mod tests {
    //! Missing answers find their place in the array.

    use super::*;

    #[test]
    fn errors_are_added_at_the_end_of_the_array() {
        let one = [b"{}".to_vec()];
        let two = [b"{}".to_vec(), b"{}".to_vec()];
        let cases: &[(&str, &[Vec<u8>], &str)] = &[
            ("[1]", &one, "[1,{}]"),
            (" [1, 2] \n", &two, " [1, 2,{},{}]"),
            ("[]", &two, "[{},{}]"),
            (" [ ] ", &one, " [ {}]"),
        ];
        for (array, missing, expected) in cases {
            assert_eq!(appended(&Bytes::from_static(array.as_bytes()), missing), *expected);
        }
    }
}
