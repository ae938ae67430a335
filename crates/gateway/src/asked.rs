//! Asked: a request whose value is known, on its way through the gateway: what decides, records and answers needs of it.

use std::{
    cell::{Cell, RefCell},
    net::IpAddr,
    rc::Rc,
    sync::Arc,
};

use domain::{
    allowlist::{Layer, Layers, ListKind, ListKinds},
    api::Protocol,
    call::Charge,
    decision::{Denial, NotReady},
    id::{AccountId, KeyId, MemberId, RequestId, ValueId},
    key::{secret::SecretHash, value::Hash},
    price::Price,
    request_log::{Via, Wire},
    time::Timestamp,
};
use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{ORIGIN, USER_AGENT},
};

use crate::{
    api::{ApiRuntime, Network},
    credential::Target,
    forwarded::{CallResult, Exchange, Forwarded},
    gate::{Gate, Shared},
    heads::{Headers, Value},
    keyring::View,
    meter::{Limits, Permit, Refused},
    record::{CallRecord, Denied},
    reply::{
        self, Reply, Told,
        receipt::{Owner, Receipt},
    },
    upstream::request_body::Flow,
    watch::Slot,
};

mod again;
mod called;
pub(crate) mod filter;

pub(crate) use called::Called;

/// What a call's name in a row is where it cannot be known: the body was not read, or is none.
pub(crate) const NO_METHOD: &str = "";

/// A request's id, and the one moment at which all of it is decided.
#[derive(Clone, Copy)]
pub(crate) struct Came {
    /// As answer, receipt and row name it.
    pub id: RequestId,
    /// When it came.
    pub now: Timestamp,
    /// The same on the steady clock, in microseconds.
    pub steady: i64,
}

impl Came {
    /// What time it is at that moment of the steady clock.
    pub fn at(&self, steady: i64) -> Option<Timestamp> {
        Some(self.now.plus(steady.checked_sub(self.steady)?))
    }
}

/// Why a call is not forwarded.
#[derive(Clone, Copy)]
pub(crate) struct NotAdmitted {
    /// As the caller is told.
    pub refused: Refused,
    /// Whether its row is written: it was admitted first, and its charge was given back.
    pub has_row: bool,
}

impl From<Refused> for NotAdmitted {
    fn from(refused: Refused) -> Self {
        NotAdmitted { refused, has_row: false }
    }
}

/// Who calls, as far as rows and receipts need it.
#[derive(Clone, Copy)]
pub(crate) struct Caller {
    account: AccountId,
    member: Option<MemberId>,
    key: KeyId,
    value: ValueId,
    policy_version: u64,
}

/// A request of a known value.
pub(crate) struct Asked<'g> {
    /// The thread's own.
    pub gate: &'g Gate,
    /// The caller's connection.
    pub slot: &'g Slot,
    /// The API.
    pub api: &'g ApiRuntime,
    /// The network; one without a name where the API has none.
    pub network: Option<&'g Network>,
    /// Its id, and when it came.
    pub came: Came,
    /// Its verb.
    pub method: Method,
    /// Its headers, without the value.
    pub headers: Headers,
    /// Its target.
    pub target: Target,
    /// The hash of the value.
    pub value: Hash,
    /// The hash of what came as the key's secret.
    pub secret: Option<SecretHash>,
    /// The keyring's generation at which it was decided on.
    pub generation: Cell<u64>,
    /// When a call of it was admitted last, in microseconds on the steady clock; until one is, when it came.
    pub admitted_at: Cell<i64>,
    /// What its calls come over.
    pub wire: Wire,
    /// The lists of key and account, as they were then.
    pub lists: RefCell<Layers>,
    /// The lists that would have denied the request if they were enforced.
    pub observed: Cell<ListKinds>,
    /// Whose list denied last: told in the receipt that is made of that denial next.
    pub layer: Cell<Option<Layer>>,
    /// Whether it came with the value itself or with a ticket.
    pub via: Via,
    /// Whose value it is.
    pub caller: Caller,
    /// What its calls must pass.
    pub limits: Arc<Limits>,
    /// Where it came from; where the person is who used a ticket.
    pub address: IpAddr,
    /// The page it came from, as `Origin` says.
    pub origin: Option<HeaderValue>,
    /// The page it came from, as `Referer` says; looked at where there is no `Origin`.
    pub referer: Option<HeaderValue>,
}

impl Caller {
    /// The nouns behind a value.
    pub fn of(view: &View<'_>) -> Self {
        let presented = view.presented(&Layers::NONE);
        Caller {
            account: presented.account.id,
            member: presented.value.member,
            key: presented.key.id,
            value: presented.value.id,
            policy_version: presented.key.version,
        }
    }

    /// The value that was presented.
    pub fn value(&self) -> ValueId {
        self.value
    }
}

impl Asked<'_> {
    /// What a row says of a call.
    pub fn record<'a>(&'a self, called: &'a Called<'_>) -> CallRecord<'a> {
        let text = |name: HeaderName| self.headers.get(name).and_then(Value::to_str);
        let Caller { account, member, key, value, policy_version } = self.caller;
        CallRecord {
            request: self.came.id,
            account,
            member,
            key,
            value,
            api: self.api.api.name.as_str(),
            network: self.network.and_then(|network| network.name.as_ref()).map(|name| name.as_str()),
            wire: self.wire,
            via: self.via,
            method: called.name,
            path: self.target.logged(),
            policy_version,
            batch: called.place.map(|place| (self.came.id, place)),
            address: Some(self.address),
            origin: text(ORIGIN),
            agent: text(USER_AGENT),
            observed: self.observed.get() | called.observed(),
            contracts: called.contracts(),
        }
    }

    /// Admits a call: decides, charges, and writes its intent. What was known may have changed or grown old while the call's
    /// body came or it waited for units or for its turn, so that is looked at again before anything is forwarded.
    pub async fn admit(&self, called: &Called<'_>, price: Price) -> Result<Permit, NotAdmitted> {
        self.allows(called).map_err(|denial| Refused { denial, retry_at: None })?;
        let Shared { meter, keyring, clock, .. } = &*self.gate.shared;
        let Came { mut now, mut steady, .. } = self.came;
        if let Some(wait) = self.gate.recorder.wait() {
            tokio::time::sleep(wait).await;
            (now, steady) = ((clock.wall)(), (clock.steady)());
        }
        let record = self.record(called);
        let admitted = meter.admit(&self.gate.recorder, &self.limits, price, &record, now, steady).await;
        let permit = admitted.map_err(|refused| NotAdmitted { refused, has_row: false })?;
        let admitted_at = (clock.steady)();
        self.admitted_at.set(admitted_at);
        let is_fresh = keyring.is_fresh(admitted_at);
        let fresh = if is_fresh { Ok(()) } else { Err(Denial::NotReady(NotReady::PolicyStale)) };
        let Err(denial) = self.allows(called).and(fresh) else { return Ok(permit) };
        Err(self.take_back(permit, denial))
    }

    /// Whether request and call may go on, by the policies and lists of now.
    pub fn allows(&self, called: &Called<'_>) -> Result<(), Denial> {
        self.decide_again().and_then(|()| self.decide_call(called))
    }

    /// A call that was admitted is not forwarded after all.
    pub fn take_back(&self, permit: Permit, denial: Denial) -> NotAdmitted {
        permit.refuse(denial, self.status_of(denial).as_u16());
        NotAdmitted { refused: Refused { denial, retry_at: None }, has_row: true }
    }

    /// A call that was about to go up may not any more, and nothing of it has.
    pub fn call_off(&self, call: Forwarded, denial: Denial) -> NotAdmitted {
        call.end(CallResult::denied(denial, self.status_of(denial).as_u16()));
        NotAdmitted { refused: Refused { denial, retry_at: None }, has_row: true }
    }

    /// The HTTP status of an answer to a call that is denied: JSON-RPC has its errors inside.
    fn status_of(&self, denial: Denial) -> StatusCode {
        match self.api.api.protocol {
            Protocol::Rest => reply::status(denial, self.api.api.dialect),
            Protocol::JsonRpc => reply::status_of_call(denial, self.api.api.dialect),
        }
    }

    /// The exchange that the request's calls, which were just admitted, are about to begin.
    pub fn exchange(&self, upstream: u16, bytes_in: u64, flow: Option<Rc<Flow>>) -> Exchange {
        Exchange {
            steady: self.gate.shared.clock.steady,
            came_at: self.came.steady,
            forwarded_at: self.admitted_at.get(),
            head_at: None,
            api: self.api.index,
            upstream,
            attempts: 0,
            bytes_in,
            flow,
            refund: self.api.refund,
            metrics: Arc::clone(&self.gate.metrics),
            slot: self.slot.clone(),
        }
    }

    /// The receipt of a denial.
    pub fn receipt<'a>(&'a self, refused: Refused, seen: Option<&'a str>) -> Receipt<'a> {
        Receipt {
            denial: refused.denial,
            detail: None,
            seen,
            retry_at: refused.retry_at,
            came: self.came,
            receipts_url: self.gate.shared.receipts_url.as_deref(),
            owner: Some(Owner { key: self.caller.key, member: self.caller.member }),
            dialect: self.api.api.dialect,
            target: Some(&self.target),
            lack: None,
            list: ListKind::of_denial(refused.denial).zip(self.layer.get()),
        }
    }

    /// The JSON-RPC code by which a denial is told.
    pub fn json_rpc_code(&self, denial: Denial) -> i64 {
        reply::json_rpc_code(denial, self.api.api.dialect)
    }

    /// Records a denied call and counts it.
    pub fn record_denial(&self, call: &CallRecord<'_>, denied: &Denied) {
        self.gate.metrics.count_denial(denied.denial);
        self.gate.metrics.count_outcome(self.api.index, domain::request_log::Outcome::Denied);
        self.gate.recorder.denied(call, self.came.now, denied);
    }

    /// Microseconds since the request came.
    pub fn latency(&self) -> u64 {
        (self.gate.shared.clock.steady)().saturating_sub(self.came.steady).max(0).unsigned_abs()
    }

    /// The answer to a request that is denied as a whole, recorded as one call of this name.
    pub fn deny(&self, receipt: &Receipt<'_>, called: &Called<'_>, bytes_in: u64) -> Reply {
        let response = reply::denied(receipt);
        let rpc_error = receipt.dialect.is_json_rpc().then(|| receipt.json_rpc_code());
        self.denied_by(response, receipt.denial, called, rpc_error, bytes_in)
    }

    /// An answer that was made for a denial of the whole request, recorded as one call of this name.
    pub fn denied_by(
        &self,
        response: Reply,
        denial: Denial,
        called: &Called<'_>,
        rpc_error: Option<i64>,
        bytes_in: u64,
    ) -> Reply {
        let bytes_out = response.body.known_length();
        let status = response.status.as_u16();
        let denied = Denied { denial, status, rpc_error, latency: self.latency(), bytes_in, bytes_out };
        self.record_denial(&self.record(called), &denied);
        self.told(response, None)
    }

    /// The answer to a request whose upstream failed, which ends its call.
    pub fn answer_failure(&self, denial: Denial, call: Forwarded) -> Reply {
        let receipt = self.receipt(Refused { denial, retry_at: None }, None);
        let response = reply::denied(&receipt);
        let rpc_error = receipt.dialect.is_json_rpc().then(|| receipt.json_rpc_code());
        let bytes_out = response.body.known_length();
        let status = response.status.as_u16();
        let charged = call.end(CallResult { rpc_error, bytes_out, ..CallResult::failed(denial, status) });
        self.told(response, Some(charged))
    }

    /// Puts what every answer tells into the head of this one.
    pub fn told(&self, mut response: Reply, charged: Option<Charge>) -> Reply {
        let told = Told {
            came: self.came,
            origin: self.origin.as_ref(),
            api: Some(self.api),
            limits: Some(&self.limits),
            charged,
            key_in_path: self.target.before_rest().is_none(),
            is_page_listed: self.is_page_listed(),
            is_last: self.gate.is_stopping.get() || self.slot.lingers() || self.slot.is_doubtful(),
        };
        reply::tell(&mut response.headers, &told);
        response
    }
}
