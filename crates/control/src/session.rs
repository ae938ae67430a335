//! Sessions: signing in and out. Who is not known, not confirmed or typed another password is told the same, after the same work.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{AppendHeaders, IntoResponse, Response},
};
use domain::{
    audit::Action,
    id::{PersonId, SessionId},
    person::{Email, Person},
    session::Session,
    time::{SECOND, Timestamp},
    token::Token,
};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::{
    actor::{MaybeSigned, Peer, Proof, Signed},
    app::App,
    audit::{self, What, Who},
    body::{Body, Nothing},
    cookie,
    error::Problem,
    mail::{self, SecurityNotice},
    person::{self, Me},
    second_factor,
    view::Moment,
};

/// The most open sessions of a person: one more ends the oldest.
pub const MAX_SESSIONS: usize = 50;

/// How exactly it is known when a session or an access token was used, in microseconds: not each request writes.
pub const SEEN_EVERY: i64 = 60 * SECOND;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// The mail address.
    email: String,
    /// The password.
    password: String,
    /// Six digits of the authenticator or a recovery code, of who has a second factor.
    code: Option<String>,
}

/// The sessions of a person.
#[derive(Serialize, ToSchema)]
pub struct Sessions {
    /// Those that let them in, newest first.
    sessions: Vec<SessionView>,
}

/// A person who signed in, in one browser.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Its id.
    id: String,
    /// When they signed in.
    created_at: Moment,
    /// When it was used last, to the minute.
    seen_at: Moment,
    /// When it ends by itself, if it is not used again.
    expires_at: Moment,
    /// From where they signed in.
    address: Option<String>,
    /// The browser, as it calls itself.
    agent: Option<String>,
    /// Whether this request was made in it.
    is_current: bool,
}

/// Sign in. The answer sets the session's cookie. Who has a second factor and sends no code is answered `second_factor_needed`.
#[utoipa::path(
    post, path = "/sessions", operation_id = "sign_in", tag = "session", request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 401, description = "Address or password are wrong; a code is missing, or wrong", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
        (status = 503, description = "Too many sign in at once", body = Problem),
    )
)]
pub async fn sign_in(
    State(app): State<Arc<App>>,
    peer: Peer,
    before: MaybeSigned,
    Body(typed): Body<SignIn>,
) -> Result<Response, Problem> {
    let now = app.now();
    app.limits.sign_in(&peer, &typed.email)?;
    let person = who_may_sign_in(&app, &typed.email).await?;
    let hash = person.as_ref().and_then(|person| person.password_hash.as_deref());
    let is_right = app.passwords.verify(&typed.password, hash).await?;
    let Some(person) = person.filter(|_| is_right) else { return Err(wrong_credentials()) };
    let tx = app.store.begin().await?;
    second_factor::ask(&app, &tx, (&person, &peer), typed.code.as_deref(), now).await?;
    tell_of_new_place(&app, &tx, &person, &peer, now).await?;
    end_before(&tx, before, now).await?;
    let token = begin(&app, &tx, &person, &peer, now).await?;
    let what = what(Action::PersonSignIn, &person);
    audit::record(&app, &tx, &Who::person(person.id, person.name.as_str(), &peer), what, now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(with_cookie(&app, &token, person::me(&app, &person).await?))
}

/// List your open sessions.
#[utoipa::path(
    get, path = "/sessions", operation_id = "list_sessions", tag = "session",
    responses(
        (status = 200, description = "Your open sessions", body = Sessions),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub async fn list_sessions(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<Sessions>, Problem> {
    let open = store::session::list_open(&app.store, signed.person.id, app.now()).await?;
    Ok(Json(Sessions { sessions: open.into_iter().map(|session| view(session, signed.session.id)).collect() }))
}

/// Sign out: ends the session that the request was made in, if there is one.
#[utoipa::path(
    delete, path = "/sessions/current", operation_id = "sign_out", tag = "session",
    responses((status = 204, description = "Nobody is signed in any more"))
)]
pub async fn sign_out(State(app): State<Arc<App>>, before: MaybeSigned) -> Result<Response, Problem> {
    let now = app.now();
    if before.0.is_some() {
        let tx = app.store.begin().await?;
        end_before(&tx, before, now).await?;
        tx.commit().await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([cookie::clear(app.is_https())])).into_response())
}

/// End all your sessions but this one.
#[utoipa::path(
    delete, path = "/sessions", operation_id = "end_other_sessions", tag = "session",
    responses(
        (status = 204, description = "You are signed in here and nowhere else"),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub async fn end_other_sessions(State(app): State<Arc<App>>, signed: Signed) -> Result<Nothing, Problem> {
    let now = app.now();
    let tx = app.store.begin().await?;
    store::session::end_all(&tx, signed.person.id, Some(signed.session.id), now).await?;
    audit::record(&app, &tx, &Who::from(&signed), what(Action::SessionEndOthers, &signed.person), now).await?;
    tx.commit().await?;
    Ok(Nothing)
}

/// End one of your sessions, in whatever browser it is.
#[utoipa::path(
    delete, path = "/sessions/{session}", operation_id = "end_session", tag = "session",
    params(("session" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "You have no such session", body = Problem),
    )
)]
pub async fn end_session(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Nothing, Problem> {
    let (now, nowhere) = (app.now(), || Problem::not_found("session"));
    let id: SessionId = id.parse().map_err(|_| nowhere())?;
    let tx = app.store.begin().await?;
    let found = store::session::find(&tx, id).await?.filter(|session| session.person == signed.person.id);
    let session = found.filter(|session| session.is_open(now)).ok_or_else(nowhere)?;
    store::session::save(&tx, &session.end(now)).await?;
    let what = What { subject: id.to_string(), ..what(Action::SessionEnd, &signed.person) };
    audit::record(&app, &tx, &Who::from(&signed), what, now).await?;
    tx.commit().await?;
    Ok(Nothing)
}

/// The person whose session this is, while it is open.
///
/// Errors: those of the store.
pub async fn find(app: &App, token: Option<Token>) -> Result<Option<(Person, Proof)>, Problem> {
    let (Some(token), now) = (token, app.now()) else { return Ok(None) };
    let found = store::session::find_by_hash(&app.store, &token.hash()).await?;
    let Some(session) = found.filter(|session| session.is_open(now)) else { return Ok(None) };
    let Some(person) = store::person::find(&app.store, session.person).await? else { return Ok(None) };
    if now.since(session.seen_at) >= SEEN_EVERY {
        let tx = app.store.begin().await?;
        store::session::seen(&tx, session.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some((person, Proof::Session(Box::new(session)))))
}

/// Begins a session of a person who has just proved who they are. Always with a new token: one that somebody else put into the
/// browser beforehand is worth nothing.
///
/// Errors: those of the store.
pub async fn begin(app: &App, tx: &Tx, person: &Person, peer: &Peer, now: Timestamp) -> Result<Token, Problem> {
    let open = store::session::list_open(tx, person.id, now).await?;
    for old in open.into_iter().skip(MAX_SESSIONS - 1) {
        store::session::save(tx, &old.end(now)).await?;
    }
    let token = app.token();
    let session = Session {
        id: app.id(now),
        person: person.id,
        hash: token.hash(),
        created_at: now,
        seen_at: now,
        ended_at: None,
        address: peer.address,
        agent: peer.agent.clone(),
    };
    store::session::insert(tx, &session).await?;
    Ok(token)
}

/// Ends all that lets somebody in as this person, but not the session `except`: what proves who they are is another now.
///
/// Errors: those of the store.
pub async fn end_others(tx: &Tx, person: PersonId, except: Option<SessionId>, now: Timestamp) -> Result<(), Problem> {
    store::session::end_all(tx, person, except, now).await?;
    store::access_token::end_all(tx, person, now).await?;
    Ok(())
}

/// Ends the session that a browser has, when it gets another or none.
///
/// Errors: those of the store.
pub async fn end_before(tx: &Tx, before: MaybeSigned, now: Timestamp) -> Result<(), Problem> {
    let Some(signed) = before.0 else { return Ok(()) };
    Ok(store::session::save(tx, &signed.session.end(now)).await?)
}

/// An answer that hands the session's token to the browser.
pub fn with_cookie(app: &App, token: &Token, body: impl Serialize) -> Response {
    (AppendHeaders([cookie::set(token, app.is_https())]), Json(body)).into_response()
}

/// What is told to everybody who does not get in.
pub fn wrong_credentials() -> Problem {
    let detail = "The mail address or the password is wrong.";
    let hint = "If you forgot your password, choose a new one by mail.";
    Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail).hint(hint)
}

/// A person who signs in with a browser, or from an address, as in no session that is kept, is told by mail.
async fn tell_of_new_place(app: &App, tx: &Tx, person: &Person, peer: &Peer, now: Timestamp) -> Result<(), Problem> {
    let agent = peer.agent.as_deref();
    if store::session::any_from(tx, person.id, peer.address, agent).await? {
        return Ok(());
    }
    let letter = app.letters.security(&person.name, SecurityNotice::SignIn { agent }, (now, peer.address))?;
    mail::post(app, tx, &person.email, letter, now).await
}

/// The person with this address, if they showed that it is theirs.
async fn who_may_sign_in(app: &App, typed: &str) -> Result<Option<Person>, Problem> {
    let Ok(email) = typed.trim().parse::<Email>() else { return Ok(None) };
    let found = store::person::find_by_email(&app.store, &email).await?;
    Ok(found.filter(|person| person.confirmed_at.is_some()))
}

/// A change that a person makes to themselves.
pub fn what(action: Action, person: &Person) -> What<'_> {
    What { action, subject: person.id.to_string(), name: person.name.as_str(), before: None, after: None }
}

fn view(session: Session, current: SessionId) -> SessionView {
    SessionView {
        id: session.id.to_string(),
        created_at: session.created_at.into(),
        seen_at: session.seen_at.into(),
        expires_at: session.expires_at().into(),
        address: session.address.map(|address| address.to_string()),
        agent: session.agent,
        is_current: session.id == current,
    }
}
