//! Down: what the upstream sends: answers, which end their calls, and news, which are calls of their own.

use std::{cell::RefCell, future::poll_fn, rc::Rc, task::Poll};

use domain::{decision::Denial, price::Price, request_log::Outcome};
use hyper::rt::{Read, Write};
use rpc::{
    answer::Look,
    socket::{self, Message, Said},
};
use websocket::{frame::Opcode, reader::Event};

use super::{
    ANSWERED,
    calls::{Batch, Waiting},
    deny,
    end::End,
    pushes::Pushes,
    session::Session,
    side::Unreadable,
};
use crate::{
    asked::{Asked, Called},
    forwarded::{CallResult, Forwarded},
    meter::Refused,
};

/// Serves what the upstream sends, until the end.
pub(super) async fn run<S: Read + Write + Unpin>(session: &Session<'_, S>, asked: Asked<'_>) -> End {
    let mut down = Down { session, asked, pushes: Pushes::default() };
    loop {
        session.caller.room().await;
        session.upstream.room().await;
        let taken = match down.next().await {
            Next::Look => {
                down.look();
                Ok(())
            }
            Next::Event(Ok(Event::Text(text))) => down.message(&text).await,
            Next::Event(Ok(Event::Ping(payload))) => {
                session.upstream.send(Opcode::Pong, &payload);
                Ok(())
            }
            Next::Event(Ok(Event::Pong(_))) => Ok(()),
            Next::Event(Ok(Event::Close(said))) => Err(End::ByUpstream(said)),
            Next::Event(Ok(Event::Binary(_)) | Err(_)) => Err(End::UpstreamGone(Denial::UpstreamIncomplete)),
        };
        if let Err(end) = taken {
            return end;
        }
    }
}

struct Down<'s, 'g, S: Read + Write + Unpin> {
    session: &'s Session<'g, S>,
    asked: Asked<'g>,
    pushes: Pushes,
}

enum Next {
    /// It is time to look at what waits.
    Look,
    Event(Result<Event, Unreadable>),
}

impl<S: Read + Write + Unpin> Down<'_, '_, S> {
    async fn next(&self) -> Next {
        poll_fn(|cx| match self.session.is_time_to_look.take() {
            true => Poll::Ready(Next::Look),
            false => self.session.upstream.poll_next(cx).map(Next::Event),
        })
        .await
    }

    /// Ends calls whose answers are late, and writes rows of pushes whose minute is over.
    fn look(&mut self) {
        let now = self.session.slot.now();
        let late = self.session.calls.borrow_mut().take_late(now);
        self.unanswered(late, Denial::UpstreamTimeout);
        self.pushes.write_due(&mut self.asked, self.session.pool.upstream().index);
        let next = [self.session.calls.borrow().next_due(now), self.pushes.next_due(&self.asked)];
        next.into_iter().flatten().for_each(|ticks| self.session.slot.look_within(ticks.max(1)));
    }

    async fn message(&mut self, text: &str) -> Result<(), End> {
        match socket::read(text) {
            Some(Message::One(said)) => {
                let answered = self.session.calls.borrow_mut().answered(&said);
                match answered {
                    Some(waiting) => self.answer(waiting, &said, Some(text)),
                    None if said.id().is_some() => {
                        // Late, or nobody's: its caller has been told otherwise.
                        tracing::debug!("an upstream answered what nobody waits for");
                    }
                    None => self.push(&said, text).await?,
                }
            }
            Some(Message::Many(many)) => self.batch(&many),
            None => return Err(End::UpstreamGone(Denial::UpstreamIncomplete)),
        }
        Ok(())
    }

    /// An answer came. `message` is all of it, where it came by itself.
    fn answer(&mut self, waiting: Waiting, said: &Said<'_>, message: Option<&str>) {
        let Waiting { mut call, id, method, batch, .. } = waiting;
        call.has_head(1);
        let as_it_is = message.filter(|_| said.id().is_some_and(|other| other.as_str() == &*id));
        let mut bytes = Vec::new();
        if as_it_is.is_none() {
            said.write(&mut bytes, &id);
        }
        if self.asked.keeps_filter(&method) {
            self.asked.remember_filter(as_it_is.map_or(&bytes[..], str::as_bytes));
        }
        let Some((batch, place)) = batch else {
            let bytes = as_it_is.map_or(&bytes[..], str::as_bytes);
            call.end(said_of(said.look, bytes.len()));
            self.session.caller.send(Opcode::Text, bytes);
            return;
        };
        let bytes = as_it_is.map_or(bytes, |text| text.as_bytes().to_vec());
        let is_too_much = batch.borrow().held() + bytes.len() > self.session.gate.shared.limits.batch_answer;
        let answer = if is_too_much {
            deny::unanswered(&self.asked, Denial::UpstreamIncomplete, call, &method, &id)
        } else {
            call.end(said_of(said.look, bytes.len()));
            bytes
        };
        let all = batch.borrow_mut().answer(place, answer);
        self.session.answer(all);
    }

    /// The answers to a batch. What it leaves out has no answer any more.
    fn batch(&mut self, many: &[Said<'_>]) {
        let mut batches: Vec<Rc<RefCell<Batch>>> = Vec::new();
        for said in many {
            let Some(waiting) = self.session.calls.borrow_mut().answered(said) else { continue };
            if let Some((batch, _)) = &waiting.batch
                && !batches.iter().any(|known| Rc::ptr_eq(known, batch))
            {
                batches.push(Rc::clone(batch));
            }
            self.answer(waiting, said, None);
        }
        for batch in batches {
            let missing = self.session.calls.borrow_mut().take_batch(&batch);
            self.unanswered(missing, Denial::UpstreamIncomplete);
        }
    }

    fn unanswered(&self, calls: Vec<Waiting>, denial: Denial) {
        for Waiting { call, id, method, batch, .. } in calls {
            let object = deny::unanswered(&self.asked, denial, call, &method, &id);
            match batch {
                None => self.session.answer(Some(object)),
                Some((batch, place)) => {
                    let all = batch.borrow_mut().answer(place, object);
                    self.session.answer(all);
                }
            }
        }
    }

    /// News. Without a price they are counted; with one they are calls that are admitted before they are delivered.
    async fn push(&mut self, said: &Said<'_>, text: &str) -> Result<(), End> {
        self.renew().map_err(End::Denied)?;
        let method = said.method.as_deref().unwrap_or("");
        let length = text.len() as u64;
        match self.asked.api.prices.of_push(method) {
            Price::Free => {
                let known = |id: &&str| self.session.calls.borrow().is_subscription(id);
                let subscription = said.subscription.filter(known).unwrap_or("");
                let upstream = self.session.pool.upstream().index;
                self.pushes.count(&mut self.asked, upstream, method, subscription, length);
                let ticks = self.pushes.next_due(&self.asked).unwrap_or(1);
                self.session.slot.look_within(ticks.max(1));
            }
            price => {
                self.asked.came = self.session.gate.came();
                let admitted = self.asked.admit(&Called::push(method), price).await;
                let permit = admitted.map_err(|not| {
                    self.record_undelivered(method, &not.refused, not.has_row);
                    End::NotDelivered(not.refused.denial)
                })?;
                let exchange = self.asked.exchange(self.session.pool.upstream().index, 0, None);
                Forwarded::new(permit, exchange)
                    .end(CallResult { bytes_out: length, ..CallResult::answered(ANSWERED) });
            }
        }
        self.session.caller.send(Opcode::Text, text.as_bytes());
        Ok(())
    }

    /// Errors: handshake or subscriptions would be denied now.
    fn renew(&mut self) -> Result<(), Denial> {
        if !self.asked.renew()? {
            return Ok(());
        }
        let asked = &self.asked;
        let calls = self.session.calls.borrow();
        calls.allow_subscriptions(|made| asked.decide_call(&Called::known(&made.method, &made.touched)))
    }

    fn record_undelivered(&self, method: &str, refused: &Refused, has_row: bool) {
        let denied = crate::record::Denied {
            denial: refused.denial,
            status: ANSWERED,
            rpc_error: None,
            latency: self.asked.latency(),
            bytes_in: 0,
            bytes_out: 0,
        };
        if !has_row {
            self.asked.record_denial(&self.asked.record(&Called::push(method)), &denied);
        }
    }
}

impl<S: Read + Write + Unpin> Drop for Down<'_, '_, S> {
    fn drop(&mut self) {
        self.pushes.write_all(&mut self.asked, self.session.pool.upstream().index);
    }
}

/// How a call ended, as its answer says.
fn said_of(look: Look, length: usize) -> CallResult {
    let answered = CallResult { bytes_out: length as u64, ..CallResult::answered(ANSWERED) };
    match look {
        Look::Ok => answered,
        Look::Error { code } => CallResult { outcome: Outcome::Failed, rpc_error: Some(code), ..answered },
        Look::NotJsonRpc => CallResult { outcome: Outcome::Failed, ..answered },
    }
}
