//! A football API as such APIs are: read-only, one envelope for every answer, errors inside it with status 200.
//!
//! It wants a credential of its own in `x-upstream-key`, as a bought subscription would: in the demo only the gateway
//! knows it.

mod answers;
mod parameters;
mod records;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::{RawQuery, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use parameters::{Parameters, WrongParameters};
use records::Records;

/// The header in which this API wants its credential.
pub const CREDENTIAL_HEADER: &str = "x-upstream-key";

/// Records in one page of an answer.
const PAGE: usize = 50;

/// Serves the API on `listen`, port 0 allowed, until the runtime ends. Answers with the address it listens on.
///
/// # Errors
/// The address cannot be bound.
pub async fn start_football(listen: SocketAddr, credential: &str) -> io::Result<SocketAddr> {
    super::serve(listen, router(credential)).await
}

/// What an endpoint gives: a list that is paged, or one object.
enum Found {
    List(Vec<Value>),
    Object(Value),
}

type Endpoint = fn(&Records, &Parameters) -> Result<Found, WrongParameters>;

/// Name, the parameters it takes, and what answers.
const ENDPOINTS: [(&str, &[&str], Endpoint); 6] = [
    ("leagues", &["id", "season"], answers::leagues),
    ("teams", &["id", "league"], answers::teams),
    ("fixtures", &["id", "league", "season", "date", "team", "live"], answers::fixtures),
    ("standings", &["league", "season"], answers::standings),
    ("players", &["id", "team"], answers::players),
    ("status", &[], answers::status),
];

fn router(credential: &str) -> Router {
    let records = Arc::new(Records::invent());
    let mut router = Router::new();
    for (name, known, endpoint) in ENDPOINTS {
        let answer = move |State(records): State<Arc<Records>>, RawQuery(query): RawQuery| async move {
            Json(envelope(name, known, endpoint, &records, query.as_deref().unwrap_or_default()))
        };
        router = router.route(&format!("/{name}"), get(answer));
    }
    let expected: Arc<str> = credential.into();
    router
        .fallback(no_such_endpoint)
        .layer(middleware::from_fn_with_state(expected, only_with_the_credential))
        .with_state(records)
}

async fn only_with_the_credential(State(expected): State<Arc<str>>, request: Request, next: Next) -> Response {
    match request.headers().get(CREDENTIAL_HEADER) {
        Some(given) if given.as_bytes() == expected.as_bytes() => next.run(request).await,
        _ => {
            let message = format!("Missing or wrong credential in {CREDENTIAL_HEADER}.");
            (StatusCode::UNAUTHORIZED, Json(json!({ "message": message }))).into_response()
        }
    }
}

async fn no_such_endpoint() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "message": "This endpoint does not exist." }))).into_response()
}

fn envelope(name: &str, known: &[&str], endpoint: Endpoint, records: &Records, query: &str) -> Value {
    let parameters = Parameters::read(query);
    let found = parameters.check(known).and_then(|()| {
        let page = parameters.page()?;
        Ok((endpoint(records, &parameters)?, page))
    });
    let (errors, results, pages, page, response) = match found {
        Err(wrong) => (wrong.into_value(), 0, 1, 1, json!([])),
        Ok((Found::Object(object), _)) => (json!([]), 1, 1, 1, object),
        Ok((Found::List(list), page)) => {
            let pages = list.len().div_ceil(PAGE).max(1);
            let shown: Vec<Value> = list.into_iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE).collect();
            (json!([]), shown.len(), pages, page, Value::Array(shown))
        }
    };
    json!({
        "get": name,
        "parameters": parameters.into_value(),
        "errors": errors,
        "results": results,
        "paging": { "current": page, "total": pages },
        "response": response,
    })
}

#[cfg(test)]
mod tests;
