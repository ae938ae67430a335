//! Registration: somebody becomes a person with an account of their own, after they showed that the mail address is theirs. Until
//! then nothing is reserved, and nobody learns who is known.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use domain::{
    audit::Action,
    link::{Link, Purpose},
    name::Title,
    person::{Email, Person},
    time::Timestamp,
};
use serde::Deserialize;
use store::Tx;
use utoipa::ToSchema;

use crate::{
    actor::{MaybeSigned, Peer},
    app::{App, Registration as Openness},
    audit::{self, Who},
    body::{Body, field},
    error::Problem,
    founding,
    link::{self, Followed},
    mail,
    person::{self, Me},
    session::{self, what},
    view::Accepted,
};

/// Who registers.
#[derive(Deserialize, ToSchema)]
pub struct Registration {
    /// Their name.
    name: String,
    /// Their mail address.
    email: String,
    /// What their account is called.
    account_name: String,
}

/// The token of a link, and the password that is chosen.
#[derive(Deserialize, ToSchema)]
pub struct LinkAndPassword {
    /// What stands behind the `#` of the link.
    pub token: String,
    /// The password from now on: 10 to 256 characters.
    pub password: String,
}

/// Register. The address gets a mail; the answer is the same for every address.
#[utoipa::path(
    post, path = "/registrations", operation_id = "register", tag = "registration", request_body = Registration,
    responses(
        (status = 202, description = "If the address is new, it has a mail with a link", body = Accepted),
        (status = 409, description = "Registration is not open here", body = Problem),
        (status = 422, description = "A field is wrong", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn register(
    State(app): State<Arc<App>>,
    peer: Peer,
    Body(asked): Body<Registration>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    if app.settings.registration != Openness::Open {
        return Err(Problem::refused("registration is not open here; ask the owner of an account to invite you"));
    }
    let (name, account_name) =
        (field::<Title>("name", &asked.name)?, field::<Title>("account_name", &asked.account_name)?);
    let email = field::<Email>("email", &asked.email)?;
    app.limits.ask(&peer, email.as_compared())?;
    let (now, token) = (app.now(), app.token());
    let tx = app.store.begin().await?;
    // Others may have registered with the address: who confirms first has it, and none of them can take back another's link.
    // A link is made for who is known too, and never sent: the work is the same.
    let link = Link {
        id: app.id(now),
        purpose: Purpose::Register,
        hash: token.hash(),
        email: Some(email.clone()),
        person: None,
        name: Some(name.clone()),
        account_name: Some(account_name.clone()),
        created_at: now,
        used_at: None,
    };
    store::link::insert(&tx, &link).await?;
    let letter = match store::person::find_by_email(&tx, &email).await?.filter(Person::is_known) {
        Some(known) => app.letters.already_registered(&known.name)?,
        None => app.letters.registration(&name, &account_name, &token, link.expires_at())?,
    };
    mail::post(&app, &tx, &email, letter, now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok((StatusCode::ACCEPTED, Json(Accepted {})))
}

/// Confirm a registration: the person, their account and their seat are made, and they are signed in.
#[utoipa::path(
    post, path = "/registrations/confirm", operation_id = "confirm_registration", tag = "registration",
    request_body = LinkAndPassword,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 410, description = "The link is over", body = Problem),
        (status = 422, description = "It cannot be a password", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn confirm_registration(
    State(app): State<Arc<App>>,
    peer: Peer,
    before: MaybeSigned,
    Body(asked): Body<LinkAndPassword>,
) -> Result<Response, Problem> {
    let chosen = (asked.token.as_str(), asked.password.as_str());
    let Followed { tx, link, password_hash, now } =
        link::follow_with_password(&app, &peer, Purpose::Register, chosen, None).await?;
    let (Some(email), Some(name), Some(account_name)) = (link.email, link.name, link.account_name) else {
        return Err(link::over());
    };
    let person = new_person(&app, &tx, (name, email), password_hash, now).await?.ok_or_else(link::over)?;
    let who = Who::person(person.id, person.name.as_str(), &peer);
    audit::record(&app, &tx, &who, what(Action::PersonRegister, &person), now).await?;
    founding::found(&app, &tx, (&person, &peer), account_name, now).await?;
    session::end_before(&tx, before, now).await?;
    let token = session::begin(&app, &tx, &person, &peer, now).await?;
    tx.commit().await?;
    Ok(session::with_cookie(&app, &token, person::me(&app, &person).await?))
}

/// The person of an address that was shown to be theirs. Who was written down before without that is replaced: nothing that
/// somebody else said of the address counts. None, if the address is known.
///
/// Errors: those of the store.
pub async fn new_person(
    app: &App,
    tx: &Tx,
    (name, email): (Title, Email),
    hash: String,
    now: Timestamp,
) -> Result<Option<Person>, Problem> {
    let written = store::person::find_by_email(tx, &email).await?;
    if written.as_ref().is_some_and(Person::is_known) {
        return Ok(None);
    }
    let (password_hash, confirmed_at) = (Some(hash), Some(now));
    if let Some(person) = written {
        let person = Person { name, email, password_hash, confirmed_at, ..person };
        store::person::save(tx, &person).await?;
        return Ok(Some(person));
    }
    let id = app.id(now);
    let person = Person { id, name, email, password_hash, created_at: now, confirmed_at, operator_at: None };
    store::person::insert(tx, &person).await?;
    Ok(Some(person))
}
