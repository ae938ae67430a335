//! A row of the log as the REST API shows it.

use std::collections::HashMap;

use domain::{
    id::QuotaId,
    quota::Quota,
    request_log::{Row, Via, Wire},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Names, step};
use crate::{
    app::App,
    error::Problem,
    view::{ListKind as ListKindView, Metric, Moment, Outcome, Ref, RowState, Scope},
};

/// One call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RequestRow {
    /// The id that the answer carried; the calls of a batch share it.
    id: String,
    /// What tells this row from all others.
    row: String,
    /// When it was decided.
    time: Moment,
    /// Whose value; null: the account's own.
    member: Option<Ref>,
    /// Which key.
    key: Ref,
    /// First and last characters of the value.
    value_mask: Option<String>,
    /// Which API.
    api: String,
    /// Which network.
    network: Option<String>,
    /// What it came over.
    wire: WireView,
    /// How it was made.
    via: ViaView,
    /// JSON-RPC method, or verb and path pattern.
    method: String,
    /// The path, with `{key}` where the value stood; without the query.
    path: String,
    /// Where it stands.
    state: RowState,
    /// How it ended; null: it still runs.
    outcome: Option<Outcome>,
    /// Why it was denied, or failed.
    denial: Option<&'static str>,
    /// The same in words.
    denial_sentence: Option<&'static str>,
    /// The lists that would have denied it, were they enforced.
    observed: Vec<ListKindView>,
    /// The contracts that it touches, where a list of contracts is looked at: the first 8 of them.
    contracts: Vec<String>,
    /// How many contracts it touches in all.
    contracts_total: u32,
    /// HTTP status of the answer; 0: none was sent.
    status: u16,
    /// Code of a JSON-RPC error.
    rpc_error: Option<i64>,
    /// Requests charged.
    requests: u64,
    /// Credits charged.
    credits: u64,
    /// Requests charged beyond a quota: all of them, or none.
    overage_requests: u64,
    /// Credits charged beyond a quota: all of them, or none.
    overage_credits: u64,
    /// Requests given back.
    refunded_requests: u64,
    /// Credits given back.
    refunded_credits: u64,
    /// The counters it was charged on.
    charged_on: Vec<ChargedOn>,
    /// The version of the key's policy that decided.
    policy_version: u64,
    /// The batch it stood in.
    batch: Option<BatchView>,
    /// Calls that the row stands for: more than one where denials were folded.
    count: u64,
    /// The caller's address.
    address: Option<String>,
    /// The page that called.
    origin: Option<String>,
    /// The program that called, as it names itself.
    agent: Option<String>,
    /// Microseconds from the decision to the last byte.
    latency_us: u64,
    /// Microseconds until the upstream's answer began.
    upstream_latency_us: u64,
    /// How often it was sent to the upstream.
    attempts: u8,
    /// Bytes of the request's body.
    bytes_in: u64,
    /// Bytes of the answer's body.
    bytes_out: u64,
    /// The decision, step by step.
    steps: Vec<step::Step>,
}

impl RequestRow {
    /// Whether its outcome is known.
    pub fn is_over(&self) -> bool {
        self.outcome.is_some()
    }
}

/// What a call came over.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Wire)]
enum WireView {
    /// An HTTP request.
    Http,
    /// A WebSocket message.
    Ws,
}

/// How a call was made.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Via)]
enum ViaView {
    /// By a program, with a value.
    Direct,
    /// From the tester.
    Tester,
}

/// A counter that a call was charged on.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ChargedOn {
    /// Whose calls it counts; null: the quota is gone.
    scope: Option<Scope>,
    /// What it counts.
    metric: Metric,
    /// How long it counts; null: the quota is gone.
    period: Option<String>,
    /// When its window began.
    window_start: Moment,
}

/// The batch that a call stood in.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct BatchView {
    /// Its request.
    id: String,
    /// The call's place in it, from 0.
    position: u32,
}

/// The quotas that rows were charged on, as far as they are still there.
///
/// Errors: those of the store.
pub async fn quotas(app: &App, rows: &[Row]) -> Result<HashMap<QuotaId, Quota>, Problem> {
    let mut known = HashMap::new();
    for counted in rows.iter().flat_map(|row| &row.counted) {
        let id = counted.counter.quota;
        if let std::collections::hash_map::Entry::Vacant(place) = known.entry(id) {
            place.insert(store::quota::find(&app.store, id).await?.map(|(quota, _)| quota));
        }
    }
    Ok(known.into_iter().filter_map(|(id, quota)| Some((id, quota?))).collect())
}

/// A row, with names for its ids.
pub fn view(row: Row, names: &Names, quotas: &HashMap<QuotaId, Quota>) -> RequestRow {
    let steps = step::of(&row);
    let ending = row.ending.as_ref();
    let denial = row.denial.or(ending.and_then(|ending| ending.denial));
    let charged_on = row.counted.iter().map(|counted| {
        let quota = quotas.get(&counted.counter.quota);
        ChargedOn {
            scope: quota.map(|quota| quota.scope.into()),
            metric: counted.metric.into(),
            period: quota.map(|quota| quota.period.to_string()),
            window_start: counted.counter.window.into(),
        }
    });
    let (place, touched) = (row.place, row.contracts.as_ref());
    RequestRow {
        id: row.request.to_string(),
        row: format!("{}.{}.{}.{}", place.node, place.epoch, place.ring, place.seq),
        time: row.time.into(),
        member: row.member.map(|id| names.member(id)),
        key: names.key(row.key),
        value_mask: names.masks.get(&row.value).cloned(),
        wire: match row.wire {
            Wire::Http => WireView::Http,
            Wire::WebSocket => WireView::Ws,
        },
        via: match row.via {
            Via::Direct => ViaView::Direct,
            Via::Tester => ViaView::Tester,
        },
        state: row.state.into(),
        outcome: ending.map(|ending| ending.outcome.into()),
        denial: denial.map(|denial| denial.code()),
        denial_sentence: denial.map(|denial| denial.sentence()),
        observed: row.observed.iter().map(ListKindView::from).collect(),
        contracts: touched.map(|all| all.first.iter().map(ToString::to_string).collect()).unwrap_or_default(),
        contracts_total: touched.map_or(0, |all| all.total),
        status: ending.map_or(0, |ending| ending.status),
        rpc_error: ending.and_then(|ending| ending.rpc_error),
        requests: row.charge.requests.into(),
        credits: row.charge.credits.into(),
        overage_requests: row.overage.requests.into(),
        overage_credits: row.overage.credits.into(),
        refunded_requests: ending.map_or(0, |ending| ending.refund.requests.into()),
        refunded_credits: ending.map_or(0, |ending| ending.refund.credits.into()),
        charged_on: charged_on.collect(),
        policy_version: row.policy_version,
        batch: row.batch.map(|(id, position)| BatchView { id: id.to_string(), position }),
        count: row.count,
        address: row.address.map(|address| address.to_string()),
        latency_us: ending.map_or(0, |ending| ending.latency),
        upstream_latency_us: ending.map_or(0, |ending| ending.upstream_latency),
        attempts: ending.map_or(0, |ending| ending.attempts),
        bytes_in: ending.map_or(0, |ending| ending.bytes_in),
        bytes_out: ending.map_or(0, |ending| ending.bytes_out),
        steps,
        api: row.api,
        network: row.network,
        method: row.method,
        path: row.path,
        origin: row.origin,
        agent: row.agent,
    }
}
