//! Idempotency: a POST that is sent again under the same `Idempotency-Key` is done once, and answered the same for a day. One layer
//! before all handlers; they know nothing of it.
//!
//! What succeeded is kept. What was refused did nothing, so the key is free again. The answer is kept without secrets.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::idempotency::{Claim, IdempotencyKey, MAX_KEPT, Outcome, Slot, Verdict};
use sha2::{Digest, Sha256};
use store::StoreError;

use crate::{actor::Caller, app::App, error::Problem, tester};

mod secret;

/// The header that names the key.
pub const HEADER: &str = "idempotency-key";
/// The header of an answer that was given before.
const REPLAYED: &str = "idempotency-replayed";
/// The longest body that is read for its hash, in bytes; handlers have narrower limits of their own.
const MAX_BODY: usize = 2 * tester::MAX_BODY;
/// The longest answer of a handler, in bytes.
const MAX_ANSWER: usize = 16 << 20;
/// The longest answer that is kept, in bytes.
const MAX_ANSWER_KEPT: usize = 64 << 10;
/// How long to wait before asking again while the first request runs, in seconds.
const ASK_AGAIN: u64 = 1;

/// Runs a request, or answers it as the one before it under the same key.
pub async fn once(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if *request.method() != Method::POST || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // Who is nobody has nothing that could be kept; the handler says what it thinks of that.
    let Ok(caller) = Caller::from_request_parts(&mut parts, &app).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let key = match read(&parts.headers) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        let detail = "The body is longer than is taken here, or broke off.";
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail).into_response();
    };
    let who = caller.token().map_or(caller.person.id.as_u128(), |token| token.id.as_u128());
    let claim = Claim {
        slot: Slot { caller: who, route: parts.uri.path().to_owned(), key },
        body: Sha256::digest(&bytes).into(),
        claimed_at: app.now(),
        outcome: None,
    };
    match take(&app, &claim).await {
        Err(problem) => problem.into_response(),
        Ok(Some(known)) => answer(&known, &claim),
        Ok(None) => run(app, claim, Request::from_parts(parts, Body::from(bytes)), next).await,
    }
}

/// The key that a request names.
fn read(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let mut lines = headers.get_all(HEADER).iter();
    let text = match (lines.next(), lines.next()) {
        (Some(line), None) => line.to_str().unwrap_or(""),
        _ => "",
    };
    text.parse::<IdempotencyKey>().map_err(|why| Problem::field("Idempotency-Key", why))
}

/// Takes the key, or finds what was done under it.
async fn take(app: &App, claim: &Claim) -> Result<Option<Claim>, Problem> {
    let tx = app.store.begin().await?;
    if let Some(known) = store::idempotency::find(&tx, &claim.slot).await? {
        if !known.is_over(claim.claimed_at) {
            return Ok(Some(known));
        }
        store::idempotency::release(&tx, &claim.slot).await?;
    }
    if store::idempotency::has(&tx, claim.slot.caller, MAX_KEPT).await? {
        let detail =
            format!("At most {MAX_KEPT} idempotency keys are known at a time; send requests without one, or wait.");
        return Err(Problem::too_many(detail, 3_600));
    }
    match store::idempotency::claim(&tx, claim).await {
        // Two at the same moment: the other one was first.
        Err(StoreError::Conflict { .. }) => Ok(Some(claim.clone())),
        claimed => {
            claimed?;
            tx.commit().await?;
            Ok(None)
        }
    }
}

/// What is said to a request whose key is taken.
fn answer(known: &Claim, asked: &Claim) -> Response {
    let conflict = |code, detail: &str| Problem::new(StatusCode::CONFLICT, code, detail);
    match known.judge(&asked.body, asked.claimed_at) {
        Verdict::Again(Outcome { status, body: Some(body) }) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::OK);
            let mut response = (status, body.clone()).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
            response
        }
        Verdict::Again(_) => {
            conflict("answer_not_kept", "It was done, but its answer was too long to be kept.").into_response()
        }
        Verdict::Running => {
            let detail = "A request with this idempotency key is still under way.";
            conflict("in_progress", detail).retry_after(ASK_AGAIN).into_response()
        }
        Verdict::Lost => {
            let problem = conflict("outcome_unknown", "The request with this idempotency key was cut off.");
            problem.hint("Look whether it was done; if not, send it under another key.").into_response()
        }
        Verdict::AnotherBody => {
            let detail = "This idempotency key was used here for a request with another body.";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_used", detail)
                .hint("Use another key for another request.")
                .into_response()
        }
    }
}

/// Runs the request to its end, also when who asked has gone: a second one must find how it ended.
async fn run(app: Arc<App>, claim: Claim, request: Request, next: Next) -> Response {
    let done = tokio::spawn(async move {
        let (response, outcome) = outcome(next.run(request).await).await;
        if let Err(problem) = keep(&app, &claim.slot, outcome).await {
            tracing::warn!(error = %problem.detail, "what was done under an idempotency key could not be kept");
        }
        response
    });
    done.await.unwrap_or_else(|error| Problem::internal(error).into_response())
}

/// The answer, and what is kept of it: nothing of a refusal, nor of a session that it begins.
async fn outcome(response: Response) -> (Response, Option<Outcome>) {
    if !response.status().is_success() || response.headers().contains_key(header::SET_COOKIE) {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let status = parts.status.as_u16();
    match to_bytes(body, MAX_ANSWER).await {
        Ok(bytes) => {
            let body = kept(&bytes);
            (Response::from_parts(parts, Body::from(bytes)), Some(Outcome { status, body }))
        }
        Err(error) => (Problem::internal(error).into_response(), Some(Outcome { status, body: None })),
    }
}

fn kept(bytes: &Bytes) -> Option<String> {
    if bytes.is_empty() {
        return Some(String::new());
    }
    let kept = secret::without(serde_json::from_slice(bytes).ok()?).to_string();
    (kept.len() <= MAX_ANSWER_KEPT).then_some(kept)
}

async fn keep(app: &App, slot: &Slot, outcome: Option<Outcome>) -> Result<(), Problem> {
    let tx = app.store.begin().await?;
    match outcome {
        Some(outcome) => store::idempotency::finish(&tx, slot, &outcome).await?,
        None => store::idempotency::release(&tx, slot).await?,
    }
    Ok(tx.commit().await?)
}
