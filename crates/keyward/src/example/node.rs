//! A node of an invented chain: 64 blocks that never change, and the calls that programs read a chain with.
//!
//! Hashes are figures in the place of hashes, but all references between them hold: a block names its parent, a
//! transaction stands in its block, a log in its receipt, and balances follow from the transfers.

mod chain;
mod error;
mod hex;
mod log_filter;
mod methods;
mod parameters;
mod show;
mod state;
mod token;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use chain::Chain;
use error::RpcError;

/// Calls in one batch.
const MAX_BATCH: usize = 100;

/// Serves the node on `listen`, port 0 allowed, until the runtime ends. Answers with the address it listens on.
///
/// # Errors
/// The address cannot be bound.
pub async fn start_node(listen: SocketAddr) -> io::Result<SocketAddr> {
    let router = Router::new().route("/", post(answer)).with_state(Arc::new(Chain::invent()));
    super::serve(listen, router).await
}

async fn answer(State(chain): State<Arc<Chain>>, body: Bytes) -> Response {
    let answer = match serde_json::from_slice::<Value>(&body) {
        Err(_) => Some(failed(&Value::Null, RpcError::new(-32700, "parse error"))),
        Ok(Value::Array(calls)) if calls.is_empty() || calls.len() > MAX_BATCH => {
            let message = format!("a batch has 1 to {MAX_BATCH} calls");
            Some(failed(&Value::Null, RpcError::new(-32600, &message)))
        }
        Ok(Value::Array(calls)) => {
            let answers: Vec<Value> = calls.iter().filter_map(|call| answer_call(&chain, call)).collect();
            (!answers.is_empty()).then_some(Value::Array(answers))
        }
        Ok(call) => answer_call(&chain, &call),
    };
    match answer {
        Some(answer) => Json(answer).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// The answer to one call; none to a notification.
fn answer_call(chain: &Chain, call: &Value) -> Option<Value> {
    let invalid = || Some(failed(&Value::Null, RpcError::new(-32600, "invalid request")));
    let Some(method) = call.get("method").and_then(Value::as_str).filter(|_| call["jsonrpc"] == "2.0") else {
        return invalid();
    };
    let parameters = match call.get("params") {
        None => &[][..],
        Some(Value::Array(parameters)) => parameters,
        Some(_) => return invalid(),
    };
    let result = methods::call(chain, method, parameters);
    let id = call.get("id")?;
    Some(match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => failed(id, error),
    })
}

fn failed(id: &Value, error: RpcError) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": error.into_value() })
}

#[cfg(test)]
mod tests;
