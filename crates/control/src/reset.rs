//! Reset: who forgot their password chooses another by mail. Whether an address is known, nobody learns.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use domain::{
    audit::Action,
    link::{Link, Purpose},
    person::{Email, Person},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    actor::{MaybeSigned, Peer},
    app::App,
    audit::{self, Who},
    body::{Body, field},
    error::Problem,
    link::{self, Followed},
    mail::{self, PasswordChanged},
    person::{self, Me},
    second_factor,
    session::{self, what},
    view::Accepted,
};

/// Who forgot their password.
#[derive(Deserialize, ToSchema)]
pub struct Reset {
    /// The mail address.
    email: String,
}

/// The token of a reset's link, and the password that is chosen.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// What stands behind the `#` of the link.
    token: String,
    /// The password from now on: 10 to 256 characters.
    password: String,
    /// Six digits of the authenticator or a recovery code, of who has a second factor.
    code: Option<String>,
}

/// Ask for a mail with which to choose a new password. The answer is the same for every address.
#[utoipa::path(
    post, path = "/resets", operation_id = "ask_reset", tag = "reset", request_body = Reset,
    responses(
        (status = 202, description = "If the address is known, it has a mail with a link", body = Accepted),
        (status = 422, description = "It is not an address", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn ask_reset(
    State(app): State<Arc<App>>,
    peer: Peer,
    Body(asked): Body<Reset>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let email = field::<Email>("email", &asked.email)?;
    app.limits.ask(&peer, email.as_compared())?;
    let (now, token) = (app.now(), app.token());
    let tx = app.store.begin().await?;
    let person = store::person::find_by_email(&tx, &email).await?;
    // For an address that nobody has the link leads nowhere and is not sent: the work is nearly the same.
    let link = Link {
        id: app.id(now),
        purpose: Purpose::Reset,
        hash: token.hash(),
        email: Some(email),
        person: person.as_ref().map(|person| person.id),
        name: None,
        account_name: None,
        created_at: now,
        used_at: None,
    };
    store::link::replace(&tx, &link).await?;
    if let Some(person) = person {
        let letter = app.letters.reset(&person.name, &token, link.expires_at())?;
        mail::post(&app, &tx, &person.email, letter, now).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok((StatusCode::ACCEPTED, Json(Accepted {})))
}

/// Choose a new password. All sessions and access tokens end, the address gets a mail, and you are signed in.
#[utoipa::path(
    post, path = "/resets/confirm", operation_id = "confirm_reset", tag = "reset", request_body = NewPassword,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 401, description = "A code of the second factor is missing, or wrong; the link still works", body = Problem),
        (status = 410, description = "The link is over", body = Problem),
        (status = 422, description = "It cannot be a password", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn confirm_reset(
    State(app): State<Arc<App>>,
    peer: Peer,
    before: MaybeSigned,
    Body(asked): Body<NewPassword>,
) -> Result<Response, Problem> {
    let chosen = (asked.token.as_str(), asked.password.as_str());
    let Followed { tx, link, password_hash, now } =
        link::follow_with_password(&app, &peer, Purpose::Reset, chosen, None).await?;
    let found = match link.person {
        Some(person) => store::person::find(&tx, person).await?,
        None => None,
    };
    let found = found.ok_or_else(link::over)?;
    app.limits.sign_in(&peer, found.email.as_compared())?;
    second_factor::ask(&app, &tx, (&found, &peer), asked.code.as_deref(), now).await?;
    // The link went to the address and came back: it is theirs.
    let confirmed_at = found.confirmed_at.or(Some(now));
    let person = Person { password_hash: Some(password_hash), confirmed_at, ..found };
    store::person::save(&tx, &person).await?;
    session::end_before(&tx, before, now).await?;
    session::end_others(&tx, person.id, None, now).await?;
    let told = PasswordChanged { name: &person.name, at: now, from: peer.address };
    mail::post(&app, &tx, &person.email, app.letters.password_changed(&told)?, now).await?;
    let who = Who::person(person.id, person.name.as_str(), &peer);
    audit::record(&app, &tx, &who, what(Action::PersonReset, &person), now).await?;
    let token = session::begin(&app, &tx, &person, &peer, now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(session::with_cookie(&app, &token, person::me(&app, &person).await?))
}
