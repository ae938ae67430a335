//! Status: free answers about what is left. They obey the states, the secret and the lists of the key, cost nothing, make no row,
//! and are limited in number ([`crate::gate::STATUS_CALLS`]).
//!
//! | asked for | by | told |
//! |---|---|---|
//! | `GET /.keyward/usage` under each route | every dialect | every limit of account, member and key |
//! | `GET /status` | `api-sports` | today's requests, as that provider tells them |
//! | `POST /platform/v1/credit/detail` | `zan` | credits, as that provider tells them: [`credit_detail`] |
//!
//! Figures are what this node knows: units that other nodes hold ahead count as used.

use domain::{
    api::Dialect,
    decision::Denial,
    quota::{Metric, Period, Scope},
    usage::Usage,
};
use http::{Method, StatusCode, header::CACHE_CONTROL};
use serde_json::{Value, json};

use crate::{
    asked::Asked,
    caller_body::CallerBody,
    drain::drained,
    meter::{Limits, Refused},
    reply::{self, Reply, json_rpc::CONTENT_TYPE},
    route::USAGE,
};

pub(crate) mod credit_detail;

/// Everything below a route that begins so is ours.
const OURS: &str = "/.keyward/";
/// Where API-Sports tells an account's state.
const API_SPORTS: &str = "/status";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Every limit.
    Usage,
    /// What API-Sports tells of an account.
    ApiSports,
    /// Something below our own path where nothing is; it is never forwarded.
    Nothing,
}

/// Whether the request is for a free answer; none: it is a call.
pub(crate) fn asked_for(asked: &Asked<'_>) -> Option<Status> {
    let rest = asked.target.rest();
    let is_read = asked.method == Method::GET || asked.method == Method::HEAD;
    match asked.api.api.dialect {
        _ if rest == USAGE && is_read => Some(Status::Usage),
        _ if rest.starts_with(OURS) => Some(Status::Nothing),
        Dialect::ApiSports if rest == API_SPORTS && is_read => Some(Status::ApiSports),
        _ => None,
    }
}

/// The free answer to a request that may be answered, unless there were too many.
pub(crate) async fn answer(asked: &Asked<'_>, status: Status, body: CallerBody) -> Reply {
    let (calls, value, steady) = (&asked.gate.status_calls, asked.caller.value(), asked.came.steady);
    if let Some(end) = calls.locked_until(value, steady) {
        let refused = Refused { denial: Denial::RateLimited(Scope::Key), retry_at: asked.came.at(end) };
        return refuse(asked, refused, body).await;
    }
    calls.count(value, steady);
    let told = match status {
        Status::ApiSports => api_sports(asked),
        Status::Usage | Status::Nothing => usage(asked),
    };
    let response = asked.told(whole(StatusCode::OK, &told), None);
    drained(response, asked.gate, asked.slot, &asked.headers, body).await
}

/// The denial of a free answer: told as others are, but without a row.
pub(crate) async fn refuse(asked: &Asked<'_>, refused: Refused, body: CallerBody) -> Reply {
    asked.gate.metrics.count_denial(refused.denial);
    let seen = asked.seen(refused.denial);
    let response = asked.told(reply::denied(&asked.receipt(refused, seen.as_deref())), None);
    drained(response, asked.gate, asked.slot, &asked.headers, body).await
}

fn whole(status: StatusCode, told: &Value) -> Reply {
    let mut response = reply::whole(status, CONTENT_TYPE, told.to_string().into_bytes());
    response.headers.insert(CACHE_CONTROL, "no-store");
    response
}

/// Every limit of account, member and key, narrowest scope first.
fn usage(asked: &Asked<'_>) -> Value {
    let (now, limits) = (asked.came.now, &asked.limits);
    let quotas = limits.usage(now).map(|usage| {
        let ends = usage.period != Period::Lifetime;
        let mut told = json!({
            "scope": usage.scope.as_str(), "metric": usage.metric.as_str(), "window": usage.period.to_string(),
            "limit": usage.limit, "used": usage.used, "left": usage.left(),
            "resets_at": ends.then(|| usage.window.end.to_string()),
        });
        if let Some(overage) = usage.overage {
            told["overage"] = json!({ "limit": overage.limit, "used": overage.used });
        }
        told
    });
    let rates = limits.rates(asked.came.steady).map(|usage| {
        let used = usage.rate.limit.saturating_sub(usage.left);
        let nanos = u128::from(used) * u128::from(usage.rate.per.nanos()) / u128::from(usage.rate.limit.max(1));
        let full_at = now.plus(i64::try_from(nanos.div_ceil(1_000)).unwrap_or(i64::MAX));
        json!({
            "scope": usage.rate.scope.as_str(), "metric": usage.rate.metric.as_str(), "window": usage.rate.per.as_str(),
            "limit": usage.rate.limit, "used": used, "left": usage.left, "resets_at": full_at.to_string(),
        })
    });
    json!({ "api": asked.api.api.name.as_str(), "at": now.to_string(), "limits": quotas.chain(rates).collect::<Vec<_>>() })
}

/// API-Sports' `/status`. A gateway knows no person: what is told of the account's is null.
fn api_sports(asked: &Asked<'_>) -> Value {
    let day = today(&asked.limits, asked.came.now);
    let entry = asked.gate.shared.keyring.find(&asked.value);
    let view = entry.as_ref().and_then(|entry| entry.view());
    let plan = view.as_ref().and_then(|view| Some(view.account().subscription(&asked.api.api.name)?.plan.to_string()));
    json!({
        "get": "status", "parameters": [], "errors": [], "results": 1, "paging": { "current": 1, "total": 1 },
        "response": {
            "account": { "firstname": null, "lastname": null, "email": null },
            "subscription": { "plan": plan, "end": null, "active": true },
            "requests": { "current": day.map(|day| day.used), "limit_day": day.map(|day| day.limit) },
        },
    })
}

/// The requests of a day: those of the subscription, else of the narrowest scope that limits them.
fn today(limits: &Limits, now: domain::time::Timestamp) -> Option<Usage> {
    let days = || limits.usage(now).filter(|usage| usage.period == Period::Day && usage.metric == Metric::Requests);
    days().find(|usage| usage.scope == Scope::Account).or_else(|| days().next())
}
