//! Tester: one call through the real gateway, as one's own value: the same lists, limits, charge and log as any other call.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    id::{RequestId, ValueId},
    key::Key,
    name::{ApiName, NetworkName},
    permission::Permission,
    ticket::{LIFETIME, Ticket, hash_body},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::{ApiFace, App},
    body::{Body, field},
    error::Problem,
    key,
    request_log::{self, RequestRow},
};

mod gateway;

/// The longest body of a call, in bytes.
pub const MAX_BODY: usize = 1 << 20;
/// The longest target, in bytes.
const MAX_TARGET: usize = 4_096;
/// What stands in the path where callers put their value.
const PLACEHOLDER: &str = "tester";
/// How long the call's row is waited for; it arrives with the log.
const ROW: std::time::Duration = std::time::Duration::from_secs(2);
/// How often it is looked for.
const LOOK: std::time::Duration = std::time::Duration::from_millis(50);

/// A call to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCall {
    /// Which API.
    api: String,
    /// Which network, where the API has them.
    network: Option<String>,
    /// The verb of a REST call, or the method of a JSON-RPC call.
    method: String,
    /// Of a REST call: path and query below the API, `/leagues?season=2026`.
    path: Option<String>,
    /// Of a JSON-RPC call: its parameters.
    #[schema(value_type = Option<Object>)]
    params: Option<Value>,
    /// Of a REST call: its body.
    body: Option<String>,
}

/// What the gateway answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestAnswer {
    /// The id under which the call is in the log.
    request_id: Option<String>,
    /// HTTP status.
    status: u16,
    /// All headers.
    headers: Vec<TestHeader>,
    /// The body as text, up to 2 MiB.
    body: String,
    /// Whether there was more of it.
    is_truncated: bool,
    /// Microseconds until the last byte, as this server saw it.
    latency_us: u64,
    /// The call's row in the log, if it has arrived.
    row: Option<RequestRow>,
    /// The same call for a terminal, with `$KEY` for the value.
    curl: String,
}

/// A header of the answer.
#[derive(Debug, Serialize, ToSchema)]
struct TestHeader {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

/// The call as it goes over the wire.
struct Made {
    verb: String,
    /// Path and query below the API.
    target: String,
    body: String,
    content_type: Option<&'static str>,
}

/// Calls the API through the gateway, as your own value of the key.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/calls", tag = "tester",
    params(("account" = String, Path), ("key" = String, Path)), request_body = TestCall,
    responses((status = 200, body = TestAnswer), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn send_test_call(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    Body(call): Body<TestCall>,
) -> Result<Json<TestAnswer>, Problem> {
    let key = key::seen(&app.store, &actor, &id).await?;
    key::may_draw(actor.standing(), &key)?;
    actor.lets(Permission::KeysUse)?;
    let value = own_value(&app, &actor, &key).await?;
    let api: ApiName = field("api", &call.api)?;
    let network = call.network.as_deref().map(|name| field::<NetworkName>("network", name)).transpose()?;
    let face = face(&app, &api)?;
    let base = base(face, network.as_ref())?;
    let made = made(face, &call)?;
    let now = app.now();
    let ticket = Ticket {
        value,
        api,
        network,
        method: made.verb.clone(),
        target: made.target.clone(),
        body: hash_body(made.body.as_bytes()),
        address: actor.caller().peer.address,
        expires_at: now.plus(LIFETIME),
        nonce: app.random(),
    };
    let local = base.strip_prefix(app.settings.gateway_url.as_str()).unwrap_or(base).replace("{key}", PLACEHOLDER);
    let request = gateway::Request {
        verb: &made.verb,
        target: &format!("{local}{}", made.target),
        host: face.host.as_deref(),
        ticket: &ticket.sign(&app.ticket_key),
        content_type: made.content_type,
        body: made.body.clone(),
    };
    let began = (app.clock.steady)();
    let answer = gateway::send(app.settings.gateway_address, request).await?;
    let latency = (app.clock.steady)().saturating_sub(began);
    let row = match answer.request_id.as_deref().and_then(|text| text.parse().ok()) {
        Some(id) => row(&app, &actor, id).await?,
        None => None,
    };
    let header = |(name, value): (String, String)| TestHeader { name, value };
    Ok(Json(TestAnswer {
        request_id: answer.request_id,
        status: answer.status,
        headers: answer.headers.into_iter().map(header).collect(),
        body: answer.body,
        is_truncated: answer.is_truncated,
        latency_us: u64::try_from(latency).unwrap_or(0),
        row,
        curl: curl(face, base, &made),
    }))
}

/// The actor's newest value of the key that is not over.
async fn own_value(app: &App, actor: &Actor, key: &Key) -> Result<ValueId, Problem> {
    let (_, own) = actor.own();
    let now = app.now();
    let values = store::value::list(&app.store, key.id).await?;
    let mine = values.into_iter().filter(|value| value.member == Some(own) && value.revoked_at.is_none());
    let live = mine.filter(|value| value.expires_at.is_none_or(|end| end > now));
    let newest = live.max_by_key(|value| value.created_at).map(|value| value.id);
    newest.ok_or_else(|| Problem::refused("you have no value of this key").hint("Draw one on the key's page."))
}

fn face<'a>(app: &'a App, api: &ApiName) -> Result<&'a ApiFace, Problem> {
    let found = app.settings.apis.iter().find(|face| face.name == api.as_str());
    found.ok_or_else(|| Problem::field("api", format!("there is no API {api}")))
}

fn base<'a>(face: &'a ApiFace, network: Option<&NetworkName>) -> Result<&'a str, Problem> {
    let known = || format!("choose one of: {}", face.networks.join(", "));
    let place = match network {
        None if face.networks.is_empty() => 0,
        None => return Err(Problem::field("network", known())),
        Some(network) => {
            let place = face.networks.iter().position(|name| name == network.as_str());
            place.ok_or_else(|| Problem::field("network", known()))?
        }
    };
    face.base_urls.get(place).map(String::as_str).ok_or_else(|| Problem::field("api", "it has no address"))
}

/// The call in the form of its protocol.
fn made(face: &ApiFace, call: &TestCall) -> Result<Made, Problem> {
    let made = match face.protocol {
        "json-rpc" => {
            let params = call.params.clone().unwrap_or_else(|| json!([]));
            let body = json!({ "jsonrpc": "2.0", "id": 1, "method": call.method, "params": params });
            let (verb, content_type) = ("POST".to_owned(), Some("application/json"));
            Made { verb, target: String::new(), body: body.to_string(), content_type }
        }
        _ => {
            const VERBS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
            if !VERBS.contains(&call.method.as_str()) {
                return Err(Problem::field("method", format!("choose one of: {}", VERBS.join(", "))));
            }
            let target = call.path.clone().unwrap_or_else(|| "/".to_owned());
            let odd = |c: char| c.is_control() || c.is_whitespace() || !c.is_ascii() || c == '#';
            if !target.starts_with('/') || target.contains(odd) || target.len() > MAX_TARGET {
                return Err(Problem::field(
                    "path",
                    "a path begins with / and is percent-encoded: /leagues?season=2026",
                ));
            }
            let body = call.body.clone().unwrap_or_default();
            let content_type = (!body.is_empty()).then_some("application/json");
            Made { verb: call.method.clone(), target, body, content_type }
        }
    };
    if made.body.len() > MAX_BODY { Err(Problem::field("body", "at most 1 MiB")) } else { Ok(made) }
}

/// The call's row, once it has arrived with the log.
async fn row(app: &App, actor: &Actor, id: RequestId) -> Result<Option<RequestRow>, Problem> {
    let look = async {
        loop {
            if let Some(row) = request_log::of_request(app, actor, id).await?.into_iter().find(RequestRow::is_over) {
                return Ok::<_, Problem>(row);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(ROW, look).await.ok().transpose()
}

/// The call for a terminal. The value is not here: `$KEY` stands for it.
fn curl(face: &ApiFace, base: &str, made: &Made) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let mut line = String::from("curl");
    let is_usual = if made.body.is_empty() { made.verb == "GET" } else { made.verb == "POST" };
    if !is_usual {
        line.push_str(&format!(" -X {}", made.verb));
    }
    match &face.key_header {
        Some(name) if !base.contains("{key}") => line.push_str(&format!(" -H \"{name}: $KEY\"")),
        _ => {}
    }
    if let Some(kind) = made.content_type {
        line.push_str(&format!(" -H 'content-type: {kind}' -d {}", quoted(&made.body)));
    }
    let url = format!("{base}{}", made.target);
    let url = match url.split_once("{key}") {
        Some((before, after)) => {
            format!("{}\"$KEY\"{}", quoted(before), if after.is_empty() { String::new() } else { quoted(after) })
        }
        None => quoted(&url),
    };
    format!("{line} {url}")
}
