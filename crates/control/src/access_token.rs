//! Access tokens: a person lets a program act for them. Made and ended by the person alone, shown once, stored as a hash.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    access_token::{AccessToken, AccessTokenText, MAX_OPEN},
    audit::Action,
    id::{AccessTokenId, AccountId},
    member::{Member, MemberState},
    name::Title,
    permission::{Permission, Permissions},
    person::Person,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Source, Tx};
use utoipa::ToSchema;

use crate::{
    actor::{Proof, Signed},
    app::App,
    audit::{self, What, Who},
    body::{Body, Nothing, field, field_if_any},
    error::Problem,
    mail::{self, SecurityNotice},
    second_factor,
    session::SEEN_EVERY,
    view::{Moment, Ref},
};

/// The access tokens of a person.
#[derive(Serialize, ToSchema)]
pub struct AccessTokens {
    /// Those that let programs in, newest first.
    access_tokens: Vec<AccessTokenView>,
}

/// An access token, as it can be seen once it was made.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessToken)]
pub struct AccessTokenView {
    /// Its id.
    id: String,
    /// What you call it.
    name: String,
    /// Its first and last characters.
    mask: String,
    /// The account that it is for; null: none.
    account: Option<Ref>,
    /// What it may do there at most: each time, only what you may do too.
    permissions: Vec<&'static str>,
    /// Whether it may do what operators do, while you are one.
    is_operator: bool,
    /// When it was made.
    created_at: Moment,
    /// When it ends by itself, if it does.
    expires_at: Option<Moment>,
    /// When it was used last, to the minute.
    used_at: Option<Moment>,
}

/// An access token that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccessToken {
    /// What you call it: 1 to 80 characters.
    name: String,
    /// The account that it is for; you have an active seat there. Only an operator's may be for none.
    account_id: Option<String>,
    /// What it may do there: permissions that you hold, one or more.
    #[serde(default)]
    permissions: Vec<String>,
    /// Whether it may do what operators do. Only operators ask for that.
    #[serde(default)]
    is_operator: bool,
    /// When it ends by itself; null: never.
    expires_at: Option<String>,
}

/// An access token that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeAccessToken {
    /// The token.
    access_token: AccessTokenView,
    /// Its text, shown now and never again: what a program sends as `Authorization: Bearer kwt_…`.
    text: String,
}

/// List your access tokens.
#[utoipa::path(
    get, path = "/access-tokens", operation_id = "list_access_tokens", tag = "access token",
    responses(
        (status = 200, description = "Those that let programs in", body = AccessTokens),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "An access token does not list others", body = Problem),
    )
)]
pub async fn list_access_tokens(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<AccessTokens>, Problem> {
    let mut access_tokens = Vec::new();
    for token in store::access_token::list_open(&app.store, signed.person.id, app.now()).await? {
        access_tokens.push(view(&app.store, token).await?);
    }
    Ok(Json(AccessTokens { access_tokens }))
}

/// Make an access token. Its text is shown once.
#[utoipa::path(
    post, path = "/access-tokens", operation_id = "make_access_token", tag = "access token",
    request_body = NewAccessToken,
    responses(
        (status = 201, description = "It lets a program in from now on", body = MadeAccessToken),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "An access token makes no others", body = Problem),
        (status = 409, description = "You have as many as one may have", body = Problem),
        (status = 422, description = "A field is wrong", body = Problem),
    )
)]
pub async fn make_access_token(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(asked): Body<NewAccessToken>,
) -> Result<(StatusCode, Json<MadeAccessToken>), Problem> {
    let now = app.now();
    let tx = app.store.begin().await?;
    let text = AccessTokenText::draw(*(app.entropy)().first_chunk().expect("32 bytes are more than a text takes"));
    second_factor::demand(&app, signed.person.id, None).await?;
    let made = read(&app, &tx, &signed.person, (&asked, &text), now).await?;
    if store::access_token::list_open(&tx, signed.person.id, now).await?.len() >= MAX_OPEN {
        return Err(Problem::refused(format!("you have {MAX_OPEN} access tokens; end one that is not needed")));
    }
    if let Some(account) = made.account {
        second_factor::demand(&app, signed.person.id, Some(account)).await?;
    }
    store::access_token::insert(&tx, &made).await?;
    tell(&app, &tx, &signed, &made, now).await?;
    record(&app, &tx, &signed, (Action::AccessTokenCreate, &made), now).await?;
    let access_token = view(&tx, made).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok((StatusCode::CREATED, Json(MadeAccessToken { access_token, text: text.reveal().to_owned() })))
}

/// End one of your access tokens: the program that has it is let in no more.
#[utoipa::path(
    delete, path = "/access-tokens/{access_token}", operation_id = "end_access_token", tag = "access token",
    params(("access_token" = String, Path, description = "The token's id")),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "An access token does not end others", body = Problem),
        (status = 404, description = "You have no such access token", body = Problem),
    )
)]
pub async fn end_access_token(
    State(app): State<Arc<App>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Nothing, Problem> {
    let (now, nowhere) = (app.now(), || Problem::not_found("access token"));
    let id: AccessTokenId = id.parse().map_err(|_| nowhere())?;
    let tx = app.store.begin().await?;
    let found = store::access_token::find(&tx, id).await?.filter(|token| token.person == signed.person.id);
    let over = found.filter(|token| token.is_open(now)).ok_or_else(nowhere)?.end(now);
    store::access_token::save(&tx, &over).await?;
    record(&app, &tx, &signed, (Action::AccessTokenEnd, &over), now).await?;
    tx.commit().await?;
    Ok(Nothing)
}

/// The person for whom a presented text lets a program in.
///
/// Errors: 401 for what lets nobody in; those of the store.
pub async fn find(app: &App, presented: &str) -> Result<(Person, Proof), Problem> {
    let mistyped = || over("This is no access token: it is cut short, or mistyped.");
    let text = AccessTokenText::presented(presented).ok_or_else(mistyped)?;
    let now = app.now();
    let found = store::access_token::find_by_hash(&app.store, &text.hash()).await?;
    let ended = || over("This access token is unknown, was ended, or has expired.");
    let token = found.filter(|token| token.is_open(now)).ok_or_else(ended)?;
    let person = store::person::find(&app.store, token.person).await?.ok_or_else(ended)?;
    if token.used_at.is_none_or(|used_at| now.since(used_at) >= SEEN_EVERY) {
        let tx = app.store.begin().await?;
        store::access_token::used(&tx, token.id, now).await?;
        tx.commit().await?;
    }
    Ok((person, Proof::Token(Box::new(token))))
}

fn over(detail: &str) -> Problem {
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "wrong_token", detail);
    problem.hint("Make another in the dashboard, under your name: Security.")
}

async fn read(
    app: &App,
    tx: &Tx,
    person: &Person,
    (asked, text): (&NewAccessToken, &AccessTokenText),
    now: Timestamp,
) -> Result<AccessToken, Problem> {
    let name = field::<Title>("name", &asked.name)?;
    let account = field_if_any::<AccountId>("account_id", asked.account_id.as_deref())?;
    let expires_at = field_if_any::<Timestamp>("expires_at", asked.expires_at.as_deref())?;
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Problem::field("expires_at", "this moment is over; choose a later one"));
    }
    if asked.is_operator && person.operator_at.is_none() {
        return Err(Problem::field("is_operator", "you do not run this installation"));
    }
    let permissions = match account {
        Some(account) => chosen(held(tx, person, account).await?, &asked.permissions)?,
        None if !asked.is_operator => return Err(Problem::field("account_id", "name the account that it is for")),
        None if !asked.permissions.is_empty() => {
            return Err(Problem::field("permissions", "permissions are held in an account; name it"));
        }
        None => Permissions::default(),
    };
    Ok(AccessToken {
        id: app.id(now),
        person: person.id,
        account,
        name,
        hash: text.hash(),
        mask: text.mask(),
        permissions,
        is_operator: asked.is_operator,
        created_at: now,
        expires_at,
        used_at: None,
        ended_at: None,
    })
}

/// What the person may do in the account, or on some key of it.
async fn held(tx: &Tx, person: &Person, account: AccountId) -> Result<Permissions, Problem> {
    let seat = seat_in(tx, person, account).await?.filter(|seat| seat.state() == MemberState::Active);
    let seat = seat.ok_or_else(|| Problem::field("account_id", "you have no active seat in this account"))?;
    Ok(store::standing::of(tx, seat).await?.rights.anywhere())
}

async fn seat_in(tx: &Tx, person: &Person, account: AccountId) -> Result<Option<Member>, Problem> {
    Ok(store::member::list_of_person_in(tx, person.id, account).await?.into_iter().next())
}

fn chosen(held: Permissions, words: &[String]) -> Result<Permissions, Problem> {
    if words.is_empty() {
        return Err(Problem::field("permissions", "choose at least one permission"));
    }
    let mut list = Vec::new();
    for (place, word) in words.iter().take(Permission::ALL.len() + 1).enumerate() {
        let permission: Permission = field(&format!("permissions[{place}]"), word)?;
        if !held.has(permission) {
            let why = format!("your role lacks the permission {permission}");
            return Err(Problem::field(&format!("permissions[{place}]"), why));
        }
        if list.contains(&permission) {
            return Err(Problem::field(&format!("permissions[{place}]"), "it stands here twice"));
        }
        list.push(permission);
    }
    Ok(Permissions::of(&list))
}

async fn tell(app: &App, tx: &Tx, signed: &Signed, made: &AccessToken, now: Timestamp) -> Result<(), Problem> {
    let account = match made.account {
        Some(account) => store::account::find(tx, account).await?,
        None => None,
    };
    let notice =
        SecurityNotice::AccessToken { name: &made.name, account: account.as_ref().map(|account| &account.name) };
    let letter = app.letters.security(&signed.person.name, notice, (now, signed.peer.address))?;
    mail::post(app, tx, &signed.person.email, letter, now).await
}

async fn record(
    app: &App,
    tx: &Tx,
    signed: &Signed,
    (action, token): (Action, &AccessToken),
    now: Timestamp,
) -> Result<(), Problem> {
    let words: Vec<&str> = token.permissions.iter().map(Permission::as_str).collect();
    let facts = json!({
        "name": token.name,
        "permissions": words,
        "is_operator": token.is_operator,
        "expires_at": token.expires_at,
    });
    let (before, after) = if token.ended_at.is_some() { (Some(facts), None) } else { (None, Some(facts)) };
    let what = What { action, subject: token.id.to_string(), name: token.name.as_str(), before, after };
    let seat = match token.account {
        Some(account) => seat_in(tx, &signed.person, account).await?,
        None => None,
    };
    let who = Who::from(signed);
    let who = match seat {
        Some(seat) => who.in_seat(seat.account, seat.id),
        None => who,
    };
    audit::record(app, tx, &who, what, now).await
}

async fn view(from: &impl Source, token: AccessToken) -> Result<AccessTokenView, Problem> {
    let account = match token.account {
        Some(account) => store::account::find(from, account).await?,
        None => None,
    };
    Ok(AccessTokenView {
        id: token.id.to_string(),
        name: token.name.to_string(),
        mask: token.mask,
        account: account.map(|account| Ref { id: account.id.to_string(), name: account.name.to_string() }),
        permissions: token.permissions.iter().map(Permission::as_str).collect(),
        is_operator: token.is_operator,
        created_at: token.created_at.into(),
        expires_at: token.expires_at.map(Moment),
        used_at: token.used_at.map(Moment),
    })
}
