//! Open: the caller's handshake, which was decided on like any request, and the upstream's.

use std::{
    cell::{Cell, RefCell},
    net::IpAddr,
    sync::Arc,
};

use bytes::Bytes;
use domain::{
    allowlist::{Layers, ListKinds},
    decision::{Denial, NotReady},
    key::{secret::SecretHash, value::Hash},
    request_log::{Ending, Outcome, Wire},
};
use http::{
    HeaderValue, Method,
    header::{CONNECTION, ORIGIN, SEC_WEBSOCKET_KEY, USER_AGENT},
};

use super::{
    handshake,
    shake::{self, Shaken},
};
use crate::{
    asked::{Asked, Called, Caller, Came, NO_METHOD},
    credential::Target,
    forwarded::CallResult,
    gate::Gate,
    heads::{Headers, Value},
    meter::{Limits, Refused},
    reply::{self, Reply},
    upstream::{Failure, pool::Pool, transport::Transport},
    watch::Slot,
};

/// A WebSocket whose handshakes are done, until its connection is handed over. Nothing in it points into the request, whose
/// bytes would else be kept for as long as it is open.
pub(crate) struct Opened {
    api: usize,
    network: Option<usize>,
    came: Came,
    headers: Headers,
    path: String,
    value: Hash,
    secret: Option<SecretHash>,
    generation: u64,
    lists: Layers,
    observed: ListKinds,
    caller: Caller,
    limits: Arc<Limits>,
    address: IpAddr,
    origin: Option<HeaderValue>,
    referer: Option<HeaderValue>,
    /// The place of the upstream among all.
    pub upstream: usize,
    /// The connection to it.
    pub transport: Transport,
    /// What it has sent behind its handshake.
    pub unread: Bytes,
}

/// Answers a handshake that was decided on.
pub(crate) async fn open(asked: &mut Asked<'_>) -> Reply {
    let gate = asked.gate;
    let refused = |denial| Refused { denial, retry_at: None };
    if gate.is_stopping.get() {
        return deny(asked, refused(Denial::NotReady(NotReady::Draining)));
    }
    let upstreams = asked.network.map_or(&[][..], |network| &network.socket_upstreams);
    let Some(picked) = gate.pick(upstreams, asked.came.steady) else {
        return deny(asked, refused(Denial::NotReady(NotReady::Overloaded)));
    };
    let callers = Callers::of(&asked.headers);
    asked.slot.carry_socket();
    match shake::with_one_of(asked, upstreams, picked).await {
        (pool, Ok(shaken)) => hand_over(asked, pool, callers, shaken),
        (pool, Err(failure)) => {
            asked.headers = callers.kept;
            failed(asked, failure, pool.upstream().index)
        }
    }
}

/// What is needed of the caller's handshake after its headers became those of ours.
struct Callers {
    /// What rows have.
    kept: Headers,
    key: HeaderValue,
}

impl Callers {
    fn of(headers: &Headers) -> Callers {
        let mut kept = Headers::new();
        for name in [ORIGIN, USER_AGENT] {
            if let Some(value) = headers.get(&name) {
                kept.append(name, value);
            }
        }
        let key = headers.get(SEC_WEBSOCKET_KEY).and_then(Value::to_owned);
        Callers { kept, key: key.unwrap_or(HeaderValue::from_static("")) }
    }
}

fn hand_over(asked: &Asked<'_>, pool: &Pool, callers: Callers, shaken: Shaken) -> Reply {
    let answer = handshake::answer(&callers.key, shaken.picked.clone());
    let network =
        asked.network.and_then(|network| asked.api.networks.iter().position(|other| std::ptr::eq(other, network)));
    let upstream = usize::from(pool.upstream().index);
    let opened = Opened {
        api: asked.api.index,
        network,
        came: asked.came,
        headers: callers.kept,
        path: asked.target.logged().to_owned(),
        value: asked.value,
        secret: asked.secret,
        generation: asked.generation.get(),
        lists: asked.lists.borrow().clone(),
        observed: asked.observed.get(),
        caller: asked.caller,
        limits: Arc::clone(&asked.limits),
        address: asked.address,
        origin: asked.origin.clone(),
        referer: asked.referer.clone(),
        upstream,
        transport: shaken.transport,
        unread: shaken.unread,
    };
    asked.slot.hand_over(Box::new(opened));
    let mut answer = asked.told(answer, None);
    answer.headers.insert(CONNECTION, "Upgrade");
    answer
}

fn deny(asked: &Asked<'_>, refused: Refused) -> Reply {
    asked.deny(&asked.receipt(refused, None), &Called::named(NO_METHOD, None), 0)
}

/// The upstream cannot be spoken to, or the value was stopped in the meantime: one row that cost nothing.
fn failed(asked: &Asked<'_>, failure: Failure, upstream: u16) -> Reply {
    let refused = Refused { denial: failure.denial, retry_at: None };
    if !failure.denial.is_upstreams() {
        return deny(asked, refused);
    }
    let response = reply::denied(&asked.receipt(refused, None));
    let metrics = &asked.gate.metrics;
    metrics.count_denial(failure.denial);
    metrics.count_outcome(asked.api.index, Outcome::Failed);
    let CallResult { outcome, denial, status, .. } = CallResult::failed(failure.denial, response.status.as_u16());
    let ending = Ending {
        outcome,
        denial,
        status,
        rpc_error: None,
        refund: domain::call::Charge::NOTHING,
        latency: asked.latency(),
        upstream_latency: 0,
        attempts: failure.attempts,
        upstream: Some(upstream),
        bytes_in: 0,
        bytes_out: response.body.known_length(),
    };
    asked.gate.recorder.counted(&asked.record(&Called::named(NO_METHOD, None)), asked.came.now, &ending, 1);
    asked.told(response, None)
}

impl Opened {
    /// What decides, records and answers, for the messages that follow.
    pub fn asked<'g>(&self, gate: &'g Gate, slot: &'g Slot) -> Asked<'g> {
        let api = &gate.shared.apis[self.api];
        Asked {
            gate,
            slot,
            api,
            network: self.network.and_then(|place| api.networks.get(place)),
            came: self.came,
            method: Method::GET,
            headers: self.headers.clone(),
            target: Target::plain(&self.path),
            value: self.value,
            secret: self.secret,
            generation: Cell::new(self.generation),
            admitted_at: Cell::new(self.came.steady),
            lists: RefCell::new(self.lists.clone()),
            observed: Cell::new(self.observed),
            layer: Cell::default(),
            wire: Wire::WebSocket,
            via: domain::request_log::Via::Direct,
            caller: self.caller,
            limits: Arc::clone(&self.limits),
            address: self.address,
            origin: self.origin.clone(),
            referer: self.referer.clone(),
        }
    }
}
