//! Up: what the caller sends. Each call of a message is decided and written to the journal before the message goes up.

use std::{cell::RefCell, future::pending, rc::Rc};

use domain::decision::{Denial, NotReady};
use hyper::rt::{Read, Write};
use rpc::{
    request::{Call, Entry, Request, parse},
    socket::IdMeaning,
};
use websocket::{frame::Opcode, reader::Event};

use super::{
    ANSWERED,
    calls::{Batch, Kind, Waiting},
    deny::{self, Refusal},
    end::End,
    session::Session,
};
use crate::{
    asked::{Asked, Called, NotAdmitted},
    forwarded::{CallResult, Forwarded},
    json_rpc::batch::deny_invalid,
    meter::{Permit, Refused},
    upstream::InFlight,
};

/// Serves what the caller sends, until the end.
pub(super) async fn run<S: Read + Write + Unpin>(session: &Session<'_, S>, mut asked: Asked<'_>) -> End {
    loop {
        session.caller.room().await;
        session.upstream.room().await;
        if session.gate.closes_idle.get() {
            // What runs may end; nothing new begins.
            return pending().await;
        }
        let taken = match session.caller.next().await {
            Ok(Event::Text(text)) => message(session, &mut asked, &text).await,
            // web3.py sends nothing else.
            Ok(Event::Binary(bytes)) => match String::from_utf8(bytes) {
                Ok(text) => message(session, &mut asked, &text).await,
                Err(_) => Err(End::NoText),
            },
            Ok(Event::Ping(payload)) => {
                session.caller.send(Opcode::Pong, &payload);
                Ok(())
            }
            Ok(Event::Pong(_)) => Ok(()),
            Ok(Event::Close(said)) => Err(End::ByCaller(said)),
            Err(unreadable) => Err(End::of_caller(unreadable)),
        };
        if let Err(end) = taken {
            return end;
        }
    }
}

/// A call that may go up.
struct Admitted<'c> {
    call: &'c Call<'c>,
    meaning: Option<IdMeaning>,
    permit: Permit,
    place: InFlight,
    kind: Kind,
}

async fn message<S: Read + Write + Unpin>(
    session: &Session<'_, S>,
    asked: &mut Asked<'_>,
    text: &str,
) -> Result<(), End> {
    asked.came = session.gate.came();
    asked.renew().map_err(End::Denied)?;
    match parse(text.as_bytes(), asked.api.request_limits) {
        Ok(Request::Single(call)) => match admit(session, asked, &call, None, &[]).await {
            Ok(admitted) => {
                start(session, asked, admitted, None);
                session.upstream.send(Opcode::Text, text.as_bytes());
            }
            Err(refusal) => session.answer(deny::call(asked, &refusal, &call, None)),
        },
        Ok(Request::Batch(entries)) => batch(session, asked, text, &entries).await,
        Err(fault) => session.answer(Some(deny::message(asked, &fault, text.len() as u64))),
    }
    Ok(())
}

/// Decides on a call. `others` are those of its batch that go up with it.
async fn admit<'c, S: Read + Write + Unpin>(
    session: &Session<'_, S>,
    asked: &Asked<'_>,
    call: &'c Call<'c>,
    place: Option<u32>,
    others: &[(usize, Admitted<'c>)],
) -> Result<Admitted<'c>, Refusal> {
    let (meaning, kind) = (call.id.map(IdMeaning::of), Kind::of(call));
    let limits = &session.gate.shared.limits;
    {
        let calls = session.calls.borrow();
        let is_same = |id: &IdMeaning| others.iter().any(|(_, other)| other.meaning.as_ref() == Some(id));
        if meaning.as_ref().is_some_and(|id| calls.has(id) || is_same(id)) {
            return Err(Refusal::of(Denial::Malformed, "A call with the same id still waits for its answer."));
        }
        let overloaded = Denial::NotReady(NotReady::Overloaded);
        if calls.len() + others.len() >= limits.socket_calls {
            return Err(Refusal::of(overloaded, "Too many calls of this WebSocket wait for their answers."));
        }
        let beginning = others.iter().filter(|(_, other)| other.kind.is_subscribe()).count();
        if kind.is_subscribe() && calls.subscriptions() + beginning >= limits.socket_subscriptions {
            return Err(Refusal::of(overloaded, "This WebSocket has as many subscriptions as it may have."));
        }
    }
    let overloaded = Refused { denial: Denial::NotReady(NotReady::Overloaded), retry_at: None };
    let in_flight = session.pool.upstream().reserve().ok_or_else(|| NotAdmitted::from(overloaded))?;
    let price = asked.api.prices.of_method(&call.method);
    let permit = asked.admit(&Called::rpc(call, place), price).await?;
    Ok(Admitted { call, meaning, permit, place: in_flight, kind })
}

/// A call goes up now. A notification has no answer to wait for.
fn start<S: Read + Write + Unpin>(
    session: &Session<'_, S>,
    asked: &Asked<'_>,
    admitted: Admitted<'_>,
    batch: Option<(Rc<RefCell<Batch>>, usize)>,
) {
    let Admitted { call, meaning, permit, place, kind } = admitted;
    let mut exchange = asked.exchange(session.pool.upstream().index, call.raw.len() as u64, None);
    exchange.attempts = 1;
    let forwarded = Forwarded::new(permit, exchange);
    let (Some(meaning), Some(id)) = (meaning, call.id) else {
        forwarded.end(CallResult::answered(ANSWERED));
        return;
    };
    let ticks = asked.api.answer_ticks;
    session.slot.look_within(ticks);
    let waiting = Waiting {
        call: forwarded,
        _place: place,
        id: id.as_str().into(),
        method: (*call.method).into(),
        due: session.slot.now().wrapping_add(ticks),
        kind,
        batch,
    };
    session.calls.borrow_mut().begin(meaning, waiting);
}

/// Each call of a batch by itself; those that are allowed go up together, as they came if they are all.
async fn batch<S: Read + Write + Unpin>(
    session: &Session<'_, S>,
    asked: &Asked<'_>,
    text: &str,
    entries: &[Entry<'_>],
) {
    let mut answers: Vec<Option<Vec<u8>>> = Vec::with_capacity(entries.len());
    let mut going_up: Vec<(usize, Admitted<'_>)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let place = u32::try_from(index).unwrap_or(u32::MAX);
        let answer = match entry {
            Err(invalid) => Some(deny_invalid(asked, invalid, place)),
            Ok(call) => match admit(session, asked, call, Some(place), &going_up).await {
                Ok(admitted) => {
                    going_up.push((index, admitted));
                    None
                }
                Err(refusal) => deny::call(asked, &refusal, call, Some(place)),
            },
        };
        answers.push(answer);
    }
    if session.gate.shared.keyring.generation() != asked.generation.get() {
        going_up = still_allowed(asked, going_up, &mut answers);
    }
    let bytes = if going_up.len() == entries.len() { text.as_bytes().to_vec() } else { joined(&going_up) };
    let is_any = !going_up.is_empty();
    let waiting = going_up.iter().filter(|(_, admitted)| admitted.meaning.is_some()).count();
    let batch = Rc::new(RefCell::new(Batch::new(answers, waiting)));
    for (index, admitted) in going_up {
        start(session, asked, admitted, Some((Rc::clone(&batch), index)));
    }
    if is_any {
        session.upstream.send(Opcode::Text, &bytes);
    }
    if waiting == 0 {
        session.answer(batch.borrow_mut().all());
    }
}

/// Policies changed while calls of a batch waited for units: those that were admitted before are decided on by what holds now, like
/// those after them.
fn still_allowed<'c>(
    asked: &Asked<'_>,
    admitted: Vec<(usize, Admitted<'c>)>,
    answers: &mut [Option<Vec<u8>>],
) -> Vec<(usize, Admitted<'c>)> {
    let mut allowed = Vec::with_capacity(admitted.len());
    for (index, admitted) in admitted {
        let place = u32::try_from(index).ok();
        match asked.allows(&Called::rpc(admitted.call, place)) {
            Ok(()) => allowed.push((index, admitted)),
            Err(denial) => {
                let refusal = asked.take_back(admitted.permit, denial).into();
                answers[index] = deny::call(asked, &refusal, admitted.call, place);
            }
        }
    }
    allowed
}

/// A batch of these calls, each with the bytes it came with.
fn joined(calls: &[(usize, Admitted<'_>)]) -> Vec<u8> {
    let raw: Vec<&str> = calls.iter().map(|(_, admitted)| admitted.call.raw).collect();
    format!("[{}]", raw.join(",")).into_bytes()
}
