//! Handle: the life of a request, top to bottom.
//!
//! The request is borrowed by nobody: each step takes what the one before left, and each way out of here ends in one row (or
//! in a figure, where nobody knows whose request it was).

use std::{
    cell::{Cell, RefCell},
    net::IpAddr,
    rc::Rc,
};

use domain::{
    api::{Dialect, Protocol},
    decision::{Denial, NotReady, RequestFacts, decide_request},
    key::value::Hash,
    request_log::{Via, Wire},
    time::Timestamp,
};
use http::{
    HeaderValue, Method, StatusCode, Version,
    header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_ENCODING, HOST, ORIGIN, REFERER, UPGRADE},
    request::Parts,
};
use hyper::body::Incoming;
use thiserror::Error;

use crate::{
    api::ApiRuntime,
    asked::{Asked, Called, Caller, Came, NO_METHOD},
    caller_body::CallerBody,
    credential::{Target, secret::take_secret},
    drain,
    gate::Gate,
    heads::{Headers, Value},
    json_rpc,
    keyring::View,
    meter::Refused,
    metrics::bump,
    reply::{self, Reply, ReplyBody, Told, receipt::Receipt},
    rest,
    status::{
        self, Status,
        credit_detail::{self, Asking},
    },
    tickets::{Made, Redeemed, TICKET},
    watch::{Phase, Slot},
    websocket::{self, handshake},
};

/// The connection ends without an answer: the caller left, or an answer has begun that cannot be finished.
#[derive(Debug, Error)]
#[error("the connection ends without an answer")]
pub(crate) struct Cut;

/// A request as it came.
pub(crate) struct CallerRequest {
    /// Its verb.
    pub method: Method,
    /// Its target.
    pub target: Target,
    /// Its version.
    pub version: Version,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: CallerBody,
}

/// Serves one request that hyper has read.
pub(crate) async fn handle_of_hyper(
    gate: Rc<Gate>,
    slot: Slot,
    peer: IpAddr,
    request: http::Request<Incoming>,
) -> Result<http::Response<ReplyBody>, Cut> {
    let (Parts { method, uri, version, headers, .. }, body) = request.into_parts();
    let (target, headers) = (Target::new(&uri), Headers::of_map(&headers));
    let request = CallerRequest { method, target, version, headers, body: CallerBody::Streamed(body) };
    handle(gate, slot, peer, request).await.map(Reply::for_hyper)
}

/// Serves one request of the connection that `slot` belongs to.
pub(crate) async fn handle(gate: Rc<Gate>, slot: Slot, peer: IpAddr, request: CallerRequest) -> Result<Reply, Cut> {
    slot.enter(Phase::Work);
    bump(&gate.metrics.requests, 1);
    let reply = answer(&gate, &slot, peer, request).await;
    match &reply {
        // A streamed answer keeps its own time, to its end.
        Ok(response) if matches!(response.body, ReplyBody::Streamed(_)) => {}
        Ok(_) => slot.enter(Phase::Idle),
        Err(Cut) => slot.end_by_reset(),
    }
    reply
}

async fn answer(gate: &Gate, slot: &Slot, peer: IpAddr, request: CallerRequest) -> Result<Reply, Cut> {
    // 1. The time is taken once: all that is decided of this request is decided at this moment.
    let came = gate.came();
    let CallerRequest { method, mut target, version, mut headers, body } = request;
    let fault = fault(&method, version, &headers, &target, slot);
    let origin = headers.get(ORIGIN).and_then(Value::to_owned);

    // 2. Where it goes, and what it presents. Each place of the value is emptied here.
    let host = headers.get(HOST).and_then(Value::to_str).unwrap_or("");
    let anyone = Anyone { gate, slot, came, origin: origin.as_ref(), api: None };
    if let Some(apis) = gate.shared.credit_detail.as_ref().and_then(|credits| credits.find(host, &target))
        && fault.is_none()
    {
        let asking =
            Asking { gate, slot, came, address: peer, method: &method, headers: &mut headers, target: &target };
        return Ok(credit_detail::answer(asking, apis, body).await);
    }
    let Some(found) = target.find(&gate.shared.routes, host) else {
        let denial = if fault.is_some() { Denial::Malformed } else { Denial::PathNotFound };
        let receipt = Receipt { detail: fault, ..anyone.receipt(denial, &target) };
        return Ok(anyone.deny(&receipt, &headers, body).await);
    };
    let fault = fault.or_else(|| match found.is_socket {
        true => handshake::fault(&method, version, &headers),
        false => headers.contains_key(UPGRADE).then_some("No other protocol is spoken at this path."),
    });
    let wire = if found.is_socket { Wire::WebSocket } else { Wire::Http };
    let api = &gate.shared.apis[found.api];
    let network = api.network(&found);
    if let Some(origin) = origin.as_ref().filter(|_| is_preflight(&method, &headers)) {
        bump(&gate.metrics.preflights, 1);
        let listed = is_page_listed(gate, &target, origin, came.now);
        return Ok(reply::empty(StatusCode::NO_CONTENT, api.hygiene.preflight(&headers, origin, listed)));
    }
    let referer = headers.get(REFERER).and_then(Value::to_owned);
    // The secret first: with a bearer declared, the value's places are all of `Authorization`.
    let secret = take_secret(&mut headers);
    let presented = target.take_value(&mut headers, &api.places);

    // 3. Whose value it is.
    let made = Made {
        api: &api.api.name,
        network: network.and_then(|network| network.name.as_ref()),
        method: method.as_str(),
        target: &target,
        now: came.now,
    };
    let Whose { value, via, address, body } = match presented.ok() {
        None if fault.is_none() && wire == Wire::Http && headers.contains_key(TICKET) => {
            Box::pin(whose_ticket(gate, slot, peer, made, &headers, body)).await
        }
        value => Whose { value, via: Via::Direct, address: peer, body },
    };
    // Remembered before the look: what changes after it is decided on again.
    let generation = Cell::new(gate.shared.keyring.generation());
    let entry = value.and_then(|value| gate.shared.keyring.find(&value));
    let Some((value, view)) = value.zip(entry.as_ref().and_then(|entry| entry.view())) else {
        gate.recorder.unknown_key();
        let anyone = Anyone { api: Some(api), ..anyone };
        let receipt = match gate.too_many_denials.unknown_from(address, came.steady) {
            Some(end) => Receipt { retry_at: came.at(end), ..anyone.receipt(Denial::TooManyDenials, &target) },
            None => Receipt { lack: presented.err(), ..anyone.receipt(Denial::UnknownKey, &target) },
        };
        return Ok(anyone.deny(&receipt, &headers, body).await);
    };
    slot.carry(value);
    let (caller, limits, admitted_at) = (Caller::of(&view), view.limits(found.api), Cell::new(came.steady));
    #[rustfmt::skip]
    let mut asked = Asked {
        gate, slot, api, network, came, method, headers, target, value, secret, generation, admitted_at, wire, via, caller,
        limits, address, origin, referer, lists: RefCell::default(), observed: Cell::default(), layer: Cell::default(),
    };
    serve(&mut asked, view, fault, body).await
}

/// Serves a request of a known value.
async fn serve(
    asked: &mut Asked<'_>,
    view: View<'_>,
    fault: Option<&'static str>,
    body: CallerBody,
) -> Result<Reply, Cut> {
    // 4. Whether it may be read at all, before a byte of its body is. What is left of quotas is told of any network.
    let (status, protocol) = (status::asked_for(asked), asked.api.api.protocol);
    let is_socket = asked.wire == Wire::WebSocket;
    let fault = fault.or_else(|| (is_socket && !body.is_over()).then_some("The handshake of a WebSocket has no body."));
    let Asked { gate, came, address, caller, .. } = asked;
    let locked_until = gate.too_many_denials.of_value(caller.value(), *address, came.steady);
    let facts = RequestFacts {
        too_many_denials: locked_until.is_some(),
        network: status.map_or(asked.named_network(), |_| None),
        path_found: asked.network.is_some() && status != Some(Status::Nothing),
        encoding_supported: protocol == Protocol::Rest
            || is_socket
            || status.is_some()
            || is_plain_post(&asked.method, &asked.headers),
        declared_length: body.declared_length(),
        well_formed: fault.is_none(),
        ..asked.facts(asked.came.now)
    };
    let is_fresh = || asked.gate.shared.keyring.is_fresh(asked.came.steady);
    let stale = Denial::NotReady(NotReady::PolicyStale);
    let lists = view.lists(asked.came.now);
    let decided = asked.hear(&decide_request(&facts, Some(view.presented(&lists))));
    let decided = decided.and_then(|()| if is_fresh() { Ok(()) } else { Err(stale) });
    drop(view);
    asked.lists = RefCell::new(lists);
    if let Err(denial) = decided {
        asked.gate.too_many_denials.count(denial, asked.caller.value(), asked.address, asked.came.steady);
        let end = locked_until.filter(|_| denial == Denial::TooManyDenials);
        let refused = Refused { denial, retry_at: end.and_then(|end| asked.came.at(end)) };
        return Ok(match status {
            Some(_) => status::refuse(asked, refused, body).await,
            None => deny(asked, refused, fault, body).await,
        });
    }
    if let Some(status) = status {
        return Ok(status::answer(asked, status, body).await);
    }

    // 5. to 9. Read, admit, forward, reply, record: as the protocol has it.
    if is_socket {
        return Ok(Box::pin(websocket::open(asked)).await);
    }
    match protocol {
        Protocol::Rest => rest::serve(asked, body).await,
        Protocol::JsonRpc => json_rpc::serve(asked, body).await,
    }
}

/// Who calls: the value that came itself, or the one that a ticket in its place is for.
struct Whose {
    value: Option<Hash>,
    via: Via,
    address: IpAddr,
    body: CallerBody,
}

async fn whose_ticket(
    gate: &Gate,
    slot: &Slot,
    peer: IpAddr,
    made: Made<'_>,
    headers: &Headers,
    body: CallerBody,
) -> Whose {
    let nobodys = |body| Whose { value: None, via: Via::Direct, address: peer, body };
    let Some(tickets) = &gate.shared.tickets else { return nobodys(body) };
    match tickets.redeem(&gate.shared.keyring, slot, made, headers, body).await {
        (Some(Redeemed { value, address }), body) => {
            Whose { value: Some(value), via: Via::Tester, address: address.unwrap_or(peer), body }
        }
        (None, body) => nobodys(body),
    }
}

/// Answers a request of a known value that may not be read.
async fn deny(asked: &Asked<'_>, refused: Refused, fault: Option<&'static str>, body: CallerBody) -> Reply {
    let method = match asked.api.api.protocol {
        Protocol::Rest => asked.api.prices.of_path(asked.method.as_str(), asked.target.rest()).0,
        Protocol::JsonRpc => NO_METHOD.to_owned(),
    };
    let seen = asked.seen(refused.denial);
    let detail = fault.filter(|_| refused.denial == Denial::Malformed);
    let receipt = Receipt { detail, ..asked.receipt(refused, seen.as_deref()) };
    let mut response = asked.deny(&receipt, &Called::named(&method, None), 0);
    if asked.wire == Wire::WebSocket {
        handshake::tell_version(&mut response.headers);
    }
    drain::drained(response, asked.gate, asked.slot, &asked.headers, body).await
}

/// A caller who is not known: nobody's quota or log is concerned.
struct Anyone<'a> {
    gate: &'a Gate,
    slot: &'a Slot,
    came: Came,
    origin: Option<&'a HeaderValue>,
    api: Option<&'a ApiRuntime>,
}

impl<'a> Anyone<'a> {
    fn receipt(&self, denial: Denial, target: &'a Target) -> Receipt<'a> {
        Receipt {
            denial,
            detail: None,
            seen: None,
            retry_at: None,
            came: self.came,
            receipts_url: self.gate.shared.receipts_url.as_deref(),
            owner: None,
            dialect: self.api.map_or(Dialect::Problem, |api| api.api.dialect),
            target: Some(target),
            lack: None,
            list: None,
        }
    }

    async fn deny(&self, receipt: &Receipt<'_>, headers: &Headers, body: CallerBody) -> Reply {
        self.gate.metrics.count_denial(receipt.denial);
        let mut response = reply::denied(receipt);
        let told = Told {
            came: self.came,
            origin: self.origin,
            api: self.api,
            limits: None,
            charged: None,
            key_in_path: receipt.target.is_some_and(|target| target.before_rest().is_none()),
            is_page_listed: false,
            is_last: self.gate.is_stopping.get() || self.slot.is_doubtful(),
        };
        reply::tell(&mut response.headers, &told);
        drain::drained(response, self.gate, self.slot, headers, body).await
    }
}

/// Why target and head of a request can be read in more than one way, or not at all.
fn fault(method: &Method, version: Version, headers: &Headers, target: &Target, slot: &Slot) -> Option<&'static str> {
    if slot.is_doubtful() {
        return Some("The request says its length in more than one way.");
    }
    if *method == Method::CONNECT {
        return Some("CONNECT is not served here.");
    }
    let mut hosts = headers.get_all(HOST);
    let (host, another) = (hosts.next(), hosts.next());
    if host.is_none() && version >= Version::HTTP_11 {
        return Some("The request names no host.");
    }
    if another.is_some() {
        return Some("The request names its host twice.");
    }
    if target
        .host()
        .is_some_and(|named| host.is_none_or(|host| !host.as_bytes().eq_ignore_ascii_case(named.as_bytes())))
    {
        return Some("The target names another host than the Host header.");
    }
    (!target.is_clear()).then_some("The path could be read in two ways.")
}

/// What the lists of domains say of a page that asks beforehand. None: no list decides, or the value is not in the path.
fn is_page_listed(gate: &Gate, target: &Target, origin: &HeaderValue, now: Timestamp) -> Option<bool> {
    let entry = target.value_in_path().and_then(|value| gate.shared.keyring.find(&value))?;
    let lists = entry.view()?.lists(now);
    lists.enforce_domains().then(|| lists.page(origin.to_str().ok()).denied_by.is_none())
}

/// A browser asks whether a page may call (Fetch standard, CORS-preflight). It carries no value.
fn is_preflight(method: &Method, headers: &Headers) -> bool {
    *method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// What a JSON-RPC request must be to be read.
fn is_plain_post(method: &Method, headers: &Headers) -> bool {
    let is_identity = |value: Value<'_>| value.as_bytes().eq_ignore_ascii_case(b"identity");
    *method == Method::POST && headers.get_all(CONTENT_ENCODING).all(is_identity)
}
