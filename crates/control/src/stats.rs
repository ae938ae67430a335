//! Stats: what people look at: calls over time, who spends, what is denied. Summed from the rows of the asked span of time.

mod denied;

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    id::{KeyId, MemberId},
    time::{DAY, SECOND, Timestamp},
};
use serde::{Deserialize, Serialize};
use store::request_log::{self, Filter};
use utoipa::ToSchema;

use self::denied::{Denied, Observed};
use crate::{
    actor::Actor,
    app::App,
    body::{Asked, field_if_any},
    error::Problem,
    request_log::{SightView, names, within},
    view::{Moment, Ref},
};

/// How far back stats look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub enum Range {
    /// The last hour, by minute.
    #[serde(rename = "1h")]
    Hour,
    /// The last 24 hours, by half an hour.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// The last 7 days, by 3 hours.
    #[serde(rename = "7d")]
    Week,
    /// The last 30 days, by 12 hours.
    #[serde(rename = "30d")]
    Month,
}

/// Which figures are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatsAsked {
    /// How far back; 24 hours if nothing is said.
    #[serde(default)]
    #[param(inline)]
    range: Range,
    /// Of values that this member owns.
    member: Option<String>,
    /// Of this key.
    key: Option<String>,
    /// To this API.
    api: Option<String>,
}

/// Figures of a span of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    range: Range,
    /// The first moment.
    after: Moment,
    /// The first moment after it.
    before: Moment,
    /// Length of a bucket in seconds.
    bucket_seconds: i64,
    /// Whose calls you see.
    scope: SightView,
    /// Sums.
    totals: Totals,
    /// The same span before this one.
    previous: Previous,
    /// Over time, oldest first; each bucket of the span is there.
    buckets: Vec<StatsBucket>,
    /// By member, most calls first.
    by_member: Vec<Spender>,
    /// By key, most calls first.
    by_key: Vec<Spender>,
    /// By denial, most calls first.
    by_denial: Vec<Denied>,
    /// By list that is merely observed: calls that it would have denied, most first. A call can be in several.
    by_observed: Vec<Observed>,
}

/// Sums over the span.
#[derive(Debug, Serialize, ToSchema)]
struct Totals {
    /// All calls.
    calls: u64,
    /// Forwarded ones that did not fail.
    allowed: u64,
    /// Denied ones.
    denied: u64,
    /// Ones that failed at the upstream.
    failed: u64,
    /// Requests charged, less those given back.
    requests: u64,
    /// Credits charged, less those given back.
    credits: u64,
    /// Half of the newest forwarded calls took no longer, in microseconds.
    latency_p50_us: Option<u64>,
    /// 95 of a hundred took no longer.
    latency_p95_us: Option<u64>,
    /// What is left of that without the upstream: 95 of a hundred.
    upstream_p95_us: Option<u64>,
}

/// The span before.
#[derive(Debug, Serialize, ToSchema)]
struct Previous {
    /// All calls.
    calls: u64,
}

/// Calls that were decided in one span of time.
#[derive(Debug, Serialize, ToSchema)]
struct StatsBucket {
    /// Its first moment.
    start: Moment,
    /// Forwarded calls that did not fail.
    allowed: u64,
    /// Denied ones.
    denied: u64,
    /// Ones that failed at the upstream.
    failed: u64,
    /// Requests charged, less those given back.
    requests: u64,
    /// Credits charged, less those given back.
    credits: u64,
}

/// What a member or a key spent.
#[derive(Debug, Serialize, ToSchema)]
struct Spender {
    /// Its id; null: the values of the account itself.
    id: Option<String>,
    /// What it is called.
    name: String,
    /// All calls.
    calls: u64,
    /// Denied ones.
    denied: u64,
    /// Requests charged, less those given back.
    requests: u64,
    /// Credits charged, less those given back.
    credits: u64,
}

/// Figures of a span of time: your own, or with `stats.view` those of the owner and all members.
#[utoipa::path(get, path = "/accounts/{account}/stats", tag = "stats", params(("account" = String, Path), StatsAsked),
    responses((status = 200, body = Stats), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn get_stats(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<StatsAsked>,
) -> Result<Json<Stats>, Problem> {
    let (span, bucket) = asked.range.lengths();
    let now = app.now();
    // Whole buckets: the newest one is not over yet.
    let before = Timestamp::from_micros(now.micros() - now.micros() % bucket).plus(bucket);
    let after = before.plus(-span);
    let mut filter = within(&actor, asked.member.as_deref(), asked.key.as_deref())?;
    filter.api = field_if_any("api", asked.api.as_deref())?;
    let earlier = Filter { after: Some(after.plus(-span)), before: Some(after), ..filter.clone() };
    let filter = Filter { after: Some(after), before: Some(before), ..filter };
    let store = &app.store;
    let found = request_log::series(store, &filter, bucket).await?;
    let latency = request_log::latency(store, &filter).await?;
    let previous = request_log::totals(store, &earlier).await?.calls;
    let by_member = request_log::by_member(store, &filter).await?;
    let by_key = request_log::by_key(store, &filter).await?;
    let by_denial = request_log::by_denial(store, &filter).await?;
    let by_observed = request_log::by_observed(store, &filter).await?;
    let mut members: Vec<MemberId> = by_member.iter().filter_map(|spend| spend.who).collect();
    members.extend(by_denial.iter().filter_map(|count| count.member));
    members.extend(by_observed.iter().filter_map(|count| count.member));
    let mut keys: Vec<KeyId> = by_key.iter().map(|spend| spend.who).collect();
    keys.extend(by_denial.iter().map(|count| count.key));
    keys.extend(by_observed.iter().map(|count| count.key));
    let names = names(&app, members, keys).await?;
    let buckets = whole(found, after, bucket, (span / bucket) as usize);
    let spender = |id: Option<Ref>, calls, denied, requests, credits| Spender {
        name: id.as_ref().map_or("Services".to_owned(), |of| of.name.clone()),
        id: id.map(|of| of.id),
        calls,
        denied,
        requests,
        credits,
    };
    let by_member = by_member.into_iter().map(|spend| {
        let who = spend.who.map(|id| names.member(id));
        spender(who, spend.calls, spend.denied, spend.requests, spend.credits)
    });
    let by_key = by_key
        .into_iter()
        .map(|spend| spender(Some(names.key(spend.who)), spend.calls, spend.denied, spend.requests, spend.credits));
    let measured = |figure| (latency.rows > 0).then_some(figure);
    let sum = |of: fn(&StatsBucket) -> u64| buckets.iter().map(of).sum();
    let (allowed, denied, failed): (u64, u64, u64) =
        (sum(|bucket| bucket.allowed), sum(|bucket| bucket.denied), sum(|bucket| bucket.failed));
    let totals = Totals {
        calls: allowed + denied + failed,
        allowed,
        denied,
        failed,
        requests: sum(|bucket| bucket.requests),
        credits: sum(|bucket| bucket.credits),
        latency_p50_us: measured(latency.p50),
        latency_p95_us: measured(latency.p95),
        upstream_p95_us: measured(latency.upstream_p95),
    };
    Ok(Json(Stats {
        range: asked.range,
        after: after.into(),
        before: before.into(),
        bucket_seconds: bucket / SECOND,
        scope: actor.sight().into(),
        totals,
        previous: Previous { calls: previous },
        by_member: by_member.collect(),
        by_key: by_key.collect(),
        by_denial: by_denial.into_iter().map(|count| Denied::of(&names, count)).collect(),
        by_observed: by_observed.into_iter().map(|count| Observed::of(&names, count)).collect(),
        buckets,
    }))
}

impl Range {
    /// Length of the span and of a bucket, in microseconds.
    const fn lengths(self) -> (i64, i64) {
        match self {
            Range::Hour => (3_600 * SECOND, 60 * SECOND),
            Range::Day => (DAY, 1_800 * SECOND),
            Range::Week => (7 * DAY, 10_800 * SECOND),
            Range::Month => (30 * DAY, 43_200 * SECOND),
        }
    }
}

/// All buckets of the span, those without calls too.
fn whole(found: Vec<request_log::Bucket>, after: Timestamp, length: i64, count: usize) -> Vec<StatsBucket> {
    let start = |place: usize| after.plus(place as i64 * length);
    let empty =
        |place| StatsBucket { start: start(place).into(), allowed: 0, denied: 0, failed: 0, requests: 0, credits: 0 };
    let mut buckets: Vec<StatsBucket> = (0..count).map(empty).collect();
    for bucket in found {
        if let Some(place) = buckets.get_mut((bucket.start.since(after) / length) as usize) {
            place.allowed = bucket.answered + bucket.other;
            (place.denied, place.failed) = (bucket.denied, bucket.failed);
            (place.requests, place.credits) = (bucket.requests, bucket.credits);
        }
    }
    buckets
}
