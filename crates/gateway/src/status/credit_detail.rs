//! ZAN's `POST /platform/v1/credit/detail`: what is left of an account's credits. The value is in the body, beside no path of an
//! API, so this is a life of its own, beside that of calls: at `/platform/v1/credit/detail` for the first API of the dialect `zan`
//! that the account subscribes to, and at `/NAME/platform/v1/credit/detail` for the API of that name.

use std::net::IpAddr;

use bytes::Bytes;
use domain::{
    api::Dialect,
    decision::{Denial, NotReady, RequestFacts, decide_request},
    key::value::{Hash, hash, is_well_formed},
    quota::{Metric, Scope},
    usage::Usage,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::whole;
use crate::{
    api::ApiRuntime,
    asked::Came,
    caller_body::{CallerBody, read_short},
    credential::{NoValue, Target, secret::take_secret},
    drain::drained,
    gate::Gate,
    heads::Headers,
    keyring::View,
    meter::Refused,
    reply::{self, Reply, ReplyBody, Told},
    route::without_port,
    settings::Settings,
    watch::Slot,
};

const PATH: &str = "/platform/v1/credit/detail";
/// The longest body, in bytes.
const MAX_BODY: usize = 4 * 1024;

/// The APIs of the dialect `zan`.
pub(crate) struct CreditDetail {
    apis: Vec<Place>,
}

struct Place {
    api: usize,
    /// Before [`PATH`]; the empty one is every API's.
    prefix: String,
    /// In small letters; empty: all.
    hosts: Vec<String>,
}

/// A request for the credits of an account.
pub(crate) struct Asking<'a> {
    pub gate: &'a Gate,
    pub slot: &'a Slot,
    pub came: Came,
    pub address: IpAddr,
    pub method: &'a Method,
    pub headers: &'a mut Headers,
    pub target: &'a Target,
}

impl CreditDetail {
    /// None: no API speaks this dialect.
    pub fn new(settings: &Settings) -> Option<Self> {
        let zan = settings.apis.iter().enumerate().filter(|(_, api)| api.api.dialect == Dialect::Zan);
        let places = zan.map(|(index, api)| Place {
            api: index,
            prefix: format!("/{}", api.api.name),
            hosts: api.routes.iter().flat_map(|route| &route.hosts).map(|host| host.to_ascii_lowercase()).collect(),
        });
        let apis: Vec<Place> = places.collect();
        (!apis.is_empty()).then_some(CreditDetail { apis })
    }

    /// The APIs that the target is about; none: it is about something else.
    pub fn find(&self, host: &str, target: &Target) -> Option<Vec<usize>> {
        let prefix = target.before_end(PATH)?;
        let name = without_port(host).to_ascii_lowercase();
        let is_there = |place: &&Place| {
            (prefix.is_empty() || prefix == place.prefix) && (place.hosts.is_empty() || place.hosts.contains(&name))
        };
        let apis: Vec<usize> = self.apis.iter().filter(is_there).map(|place| place.api).collect();
        (!apis.is_empty()).then_some(apis)
    }
}

/// Answers the request. `apis` is not empty.
pub(crate) async fn answer(mut asking: Asking<'_>, apis: Vec<usize>, body: CallerBody) -> Reply {
    let (body, left) = match read_short(asking.slot, body, MAX_BODY).await {
        Ok(bytes) => (Some(bytes), CallerBody::Whole(Bytes::new())),
        Err(body) => (None, body),
    };
    let response = match decided(&mut asking, &apis, body) {
        Ok(told) => whole(StatusCode::OK, &told),
        Err((refused, lack)) => denied(&asking, refused, lack),
    };
    drained(response, asking.gate, asking.slot, asking.headers, left).await
}

fn decided(asking: &mut Asking<'_>, apis: &[usize], body: Option<Bytes>) -> Result<Value, (Refused, Option<NoValue>)> {
    let Asking { gate, came, address, .. } = *asking;
    let told = |denial| (Refused { denial, retry_at: None }, None);
    if *asking.method != Method::POST {
        return Err(told(Denial::PathNotFound));
    }
    let secret = take_secret(asking.headers);
    let presented = value_in(&body.ok_or(told(Denial::BodyTooLarge))?);
    let entry = presented.ok().and_then(|value| gate.shared.keyring.find(&value));
    let Some(view) = entry.as_ref().and_then(|entry| entry.view()) else {
        gate.recorder.unknown_key();
        return Err(match gate.too_many_denials.unknown_from(address, came.steady) {
            Some(end) => (Refused { denial: Denial::TooManyDenials, retry_at: came.at(end) }, None),
            None => (Refused { denial: Denial::UnknownKey, retry_at: None }, presented.err()),
        });
    };
    let subscribed = |api: &&usize| view.account().subscription(&gate.shared.apis[**api].api.name).is_some();
    let place = apis.iter().find(subscribed).or(apis.first()).copied().unwrap_or_default();
    let api = &gate.shared.apis[place];
    let lists = view.lists(came.now);
    let value = view.presented(&lists).value.id;
    let locked_until = gate.too_many_denials.of_value(value, address, came.steady);
    let facts = facts(asking, api, secret.as_ref(), locked_until.is_some());
    let fresh = || if gate.shared.keyring.is_fresh(came.steady) { Ok(()) } else { Err(STALE) };
    let decided = decide_request(&facts, Some(view.presented(&lists))).map_err(|not_allowed| not_allowed.denial);
    decided.and_then(|_| fresh()).map_err(|denial| {
        gate.too_many_denials.count(denial, value, address, came.steady);
        let end = locked_until.filter(|_| denial == Denial::TooManyDenials);
        (Refused { denial, retry_at: end.and_then(|end| came.at(end)) }, None)
    })?;
    if let Some(end) = gate.status_calls.locked_until(value, came.steady) {
        return Err((Refused { denial: Denial::RateLimited(Scope::Key), retry_at: came.at(end) }, None));
    }
    gate.status_calls.count(value, came.steady);
    Ok(told_of(&view, place, api, came))
}

const STALE: Denial = Denial::NotReady(NotReady::PolicyStale);

/// What is known of the request before it is answered. It is of no network, and has been read.
fn facts<'a>(
    asking: &'a Asking<'_>,
    api: &'a ApiRuntime,
    secret: Option<&'a domain::key::secret::SecretHash>,
    too_many_denials: bool,
) -> RequestFacts<'a> {
    let page = asking.headers.get(http::header::ORIGIN).or(asking.headers.get(http::header::REFERER));
    RequestFacts {
        now: asking.came.now,
        too_many_denials,
        address: asking.address,
        page: page.and_then(crate::heads::Value::to_str),
        secret,
        has_ticket: false,
        api: &api.api.name,
        network: None,
        path_found: true,
        encoding_supported: true,
        declared_length: None,
        body_limit: u64::MAX,
        well_formed: true,
    }
}

/// The value in `{"apiKey": "…"}`.
fn value_in(body: &[u8]) -> Result<Hash, NoValue> {
    let body: Value = serde_json::from_slice(body).map_err(|_| NoValue::Malformed)?;
    let text = body.get("apiKey").and_then(Value::as_str).ok_or(NoValue::Missing)?;
    is_well_formed(text.as_bytes()).then(|| hash(text.as_bytes())).ok_or(NoValue::Malformed)
}

/// The credits of the account: those of its longest window. Service stops where they end, unless the plan goes on beyond.
fn told_of(view: &View<'_>, place: usize, api: &ApiRuntime, came: Came) -> Value {
    let limits = view.limits(place);
    let credits =
        limits.usage(came.now).filter(|usage| usage.scope == Scope::Account && usage.metric == Metric::Credits);
    let longest = credits.max_by_key(|usage| usage.window.end.since(usage.window.start));
    let figure = |of: fn(&Usage) -> u64| longest.as_ref().map(of);
    let plan = view.account().subscription(&api.api.name).map(|subscription| subscription.plan.to_string());
    json!({
        "success": true, "code": 200, "message": "success",
        "data": {
            "autoScaling": longest.is_some_and(|usage| usage.overage.is_some()),
            "remainCredit": figure(Usage::left),
            "specName": plan,
            "totalCredit": figure(|usage| usage.limit),
            "usedCredit": figure(|usage| usage.used),
        },
    })
}

fn denied(asking: &Asking<'_>, refused: Refused, lack: Option<NoValue>) -> Reply {
    let Asking { gate, slot, came, target, .. } = *asking;
    gate.metrics.count_denial(refused.denial);
    let receipt = reply::receipt::Receipt {
        denial: refused.denial,
        detail: None,
        seen: None,
        retry_at: refused.retry_at,
        came,
        receipts_url: gate.shared.receipts_url.as_deref(),
        owner: None,
        dialect: Dialect::Zan,
        target: Some(target),
        lack,
        list: None,
    };
    let mut response = reply::denied(&receipt);
    let mut object = Vec::new();
    receipt.write_object(&mut object);
    let told = json!({
        "success": false, "code": response.status.as_u16(), "message": receipt.message(), "data": null,
        "receipt": serde_json::from_slice::<Value>(&object).unwrap_or_default(),
    });
    response.body = ReplyBody::Whole(told.to_string().into());
    let told = Told {
        came,
        origin: None,
        api: None,
        limits: None,
        charged: None,
        key_in_path: false,
        is_page_listed: false,
        is_last: gate.is_stopping.get() || slot.is_doubtful(),
    };
    reply::tell(&mut response.headers, &told);
    response
}
