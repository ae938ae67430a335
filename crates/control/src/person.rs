//! Person: who is signed in, their name, their password, and the seats they have.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    access_token::AccessToken,
    audit::Action,
    member::{Member, MemberState as Stand},
    name::Title,
    person::Person,
    standing::Standing,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    actor::{Caller, Signed},
    app::App,
    audit::{self, What, Who},
    body::{self, Body, Nothing},
    error::Problem,
    mail::{self, PasswordChanged},
    password, role, second_factor,
    session::{self, what, wrong_credentials},
    view::{MemberState, Moment},
};

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The person.
    person: PersonView,
    /// Where they have a seat; not those that were offered and are not taken.
    seats: Vec<Seat>,
}

/// Somebody who signs in.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// Their id.
    id: String,
    /// Their name.
    name: String,
    /// Their mail address.
    email: String,
    /// Whether they run this installation.
    is_operator: bool,
    /// Whether signing in takes a code beside the password.
    has_second_factor: bool,
    /// Whether this installation requires that, and they can do nothing until it does.
    needs_second_factor: bool,
    /// When they were first seen.
    created_at: Moment,
}

/// A seat in an account.
#[derive(Serialize, ToSchema)]
pub struct Seat {
    /// The account.
    account: SeatAccount,
    /// The id of the seat.
    member_id: String,
    /// The role in the account: `owner`, `admin`, `member`, or the id of one of the account's own; null: a seat for keys only.
    role: Option<String>,
    /// What the role is called.
    role_name: Option<String>,
    /// Active, suspended or ended.
    state: MemberState,
    /// When the seat ends by itself, or did.
    ends_at: Option<Moment>,
    /// Whether the account requires a second factor, and they can do nothing in it until they have one.
    needs_second_factor: bool,
    /// What the role allows in the account; nothing in a seat that is not active.
    permissions: Vec<&'static str>,
    /// Who to ask.
    owner: Contact,
}

/// The account of a seat.
#[derive(Serialize, ToSchema)]
pub struct SeatAccount {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// Since when its keys are refused, if they are.
    suspended_at: Option<Moment>,
}

/// Who to ask, and where.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
}

/// What a person changes of themselves.
#[derive(Deserialize, ToSchema)]
pub struct MeChange {
    /// Their name from now on.
    name: String,
}

/// A password in place of another.
#[derive(Deserialize, ToSchema)]
pub struct PasswordChange {
    /// The one so far.
    current: String,
    /// The one from now on.
    new: String,
}

impl Me {
    /// The same as a program sees it: the seat that its access token is for, and what it may do there.
    fn seen_by(self, token: &AccessToken) -> Me {
        let account = token.account.map(|account| account.to_string());
        let mut seats = self.seats;
        seats.retain(|seat| account.as_ref() == Some(&seat.account.id));
        for seat in &mut seats {
            seat.permissions.retain(|word| token.permissions.iter().any(|permission| permission.as_str() == *word));
        }
        let is_operator = self.person.is_operator && token.is_operator;
        Me { person: PersonView { is_operator, ..self.person }, seats }
    }
}

/// Who is signed in, and where they have a seat.
#[utoipa::path(
    get, path = "/me", operation_id = "get_me", tag = "person",
    responses(
        (status = 200, description = "You", body = Me),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub async fn get_me(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Me>, Problem> {
    let me = me(&app, &caller.person).await?;
    Ok(Json(match caller.token() {
        Some(token) => me.seen_by(token),
        None => me,
    }))
}

/// Change your name. What accounts call you is theirs to change.
#[utoipa::path(
    patch, path = "/me", operation_id = "update_me", tag = "person", request_body = MeChange,
    responses(
        (status = 200, description = "You", body = Me),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 422, description = "It cannot be a name", body = Problem),
    )
)]
pub async fn update_me(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(change): Body<MeChange>,
) -> Result<Json<Me>, Problem> {
    let (now, name) = (app.now(), body::field::<Title>("name", &change.name)?);
    let tx = app.store.begin().await?;
    let before = again(&tx, &signed).await?;
    let person = Person { name, ..before.clone() };
    store::person::save(&tx, &person).await?;
    let names = (json!({ "name": before.name }), json!({ "name": person.name }));
    let what = What { before: Some(names.0), after: Some(names.1), ..what(Action::PersonEdit, &person) };
    audit::record(&app, &tx, &Who::from(&signed), what, now).await?;
    tx.commit().await?;
    Ok(Json(me(&app, &person).await?))
}

/// Change your password. All your other sessions and your access tokens end, and your address gets a mail.
#[utoipa::path(
    post, path = "/me/password", operation_id = "change_password", tag = "person", request_body = PasswordChange,
    responses(
        (status = 204, description = "It holds from now on"),
        (status = 401, description = "Nobody is signed in, or the password so far is wrong", body = Problem),
        (status = 422, description = "It cannot be a password", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn change_password(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(change): Body<PasswordChange>,
) -> Result<Nothing, Problem> {
    let (now, person) = (app.now(), &signed.person);
    password::check("new", &change.new, Some(&person.email))?;
    prove_password(&app, &signed, &change.current).await?;
    app.limits.signed_in(&signed.peer, person.email.as_compared());
    let hash = app.passwords.hash(&change.new, (app.entropy)()).await?;
    let tx = app.store.begin().await?;
    let person = Person { password_hash: Some(hash), ..again(&tx, &signed).await? };
    store::person::save(&tx, &person).await?;
    session::end_others(&tx, person.id, Some(signed.session.id), now).await?;
    let told = PasswordChanged { name: &person.name, at: now, from: signed.peer.address };
    mail::post(&app, &tx, &person.email, app.letters.password_changed(&told)?, now).await?;
    audit::record(&app, &tx, &Who::from(&signed), what(Action::PersonPassword, &person), now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Nothing)
}

/// The same as [`knows_password`], for what goes on with the right one only.
///
/// Errors: 401 for another password; 429.
pub async fn prove_password(app: &App, signed: &Signed, password: &str) -> Result<(), Problem> {
    if knows_password(app, signed, password).await? { Ok(()) } else { Err(wrong_credentials()) }
}

/// Whether who is signed in knows their password. Counted like signing in, because guessing here is guessing there;
/// [`crate::limit::Limits::signed_in`] gives the try back.
///
/// Errors: 429.
pub async fn knows_password(app: &App, signed: &Signed, password: &str) -> Result<bool, Problem> {
    app.limits.sign_in(&signed.peer, signed.person.email.as_compared())?;
    app.passwords.verify(password, signed.person.password_hash.as_deref()).await
}

/// A person as they see themselves.
///
/// Errors: those of the store.
pub async fn me(app: &App, person: &Person) -> Result<Me, Problem> {
    let (from, now) = (&app.store, app.now());
    let has_second_factor = second_factor::confirmed(from, person.id).await?.is_some();
    let mut seats = Vec::new();
    for seat in store::member::list_of_person(from, person.id).await? {
        if !matches!(seat.state(), Stand::Active | Stand::Suspended) {
            continue;
        }
        let Some(account) = store::account::find(from, seat.account).await? else { continue };
        let owner = contact(store::member::owner(from, seat.account).await?);
        let is_required = store::second_factor::required_since(from, account.id).await?.is_some();
        let needs_second_factor = is_required && !has_second_factor;
        let state = seat.state_at(now);
        let is_active = state == Stand::Active;
        let Standing { seat, rights } = store::standing::of(from, seat).await?;
        let permissions = rights.in_account().iter().filter(|_| is_active).map(|permission| permission.as_str());
        let held = role::held(from, seat.role).await?;
        seats.push(Seat {
            account: SeatAccount {
                id: account.id.to_string(),
                name: account.name.to_string(),
                suspended_at: account.suspended_at.map(Moment),
            },
            member_id: seat.id.to_string(),
            role: held.role,
            role_name: held.role_name,
            needs_second_factor,
            state: state.into(),
            ends_at: seat.ends_at.map(Moment),
            permissions: permissions.collect(),
            owner,
        });
    }
    let person = PersonView {
        id: person.id.to_string(),
        name: person.name.to_string(),
        email: person.email.to_string(),
        is_operator: person.operator_at.is_some(),
        has_second_factor,
        needs_second_factor: app.settings.is_second_factor_required && !has_second_factor,
        created_at: person.created_at.into(),
    };
    Ok(Me { person, seats })
}

/// The owner of an account, as somebody to ask.
fn contact(owner: Option<Member>) -> Contact {
    let told = owner.map(|owner| (owner.name.to_string(), owner.email.to_string()));
    let (name, email) = told.unwrap_or_default();
    Contact { name, email }
}

/// The person as they are in this transaction.
async fn again(tx: &store::Tx, signed: &Signed) -> Result<Person, Problem> {
    store::person::find(tx, signed.person.id).await?.ok_or_else(Problem::sign_in)
}
