//! Address change: somebody wants another mail address to sign in with. Asked for with all that proves who they are, and done once
//! the new address is shown to be theirs.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    address_change::AddressChange,
    audit::Action,
    person::{Email, Person},
    token::Token,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    actor::{MaybeSigned, Peer, Signed},
    app::App,
    audit::{self, What, Who},
    body::{Body, field},
    error::Problem,
    link, mail,
    person::prove_password,
    second_factor,
    session::{self, what},
    view::Accepted,
};

/// A mail address in place of another.
#[derive(Deserialize, ToSchema)]
pub struct NewAddress {
    /// The address from then on; it gets a link.
    email: String,
    /// Your password, once more.
    password: String,
    /// Six digits of the authenticator or a recovery code, of who has a second factor.
    code: Option<String>,
}

/// What stands behind the `#` of the link.
#[derive(Deserialize, ToSchema)]
pub struct AddressToken {
    /// The token.
    token: String,
}

/// The address from now on.
#[derive(Serialize, ToSchema)]
pub struct ConfirmedAddress {
    /// With which one signs in.
    email: String,
    /// Whether the session that asked is one of the person's, and goes on.
    is_signed_in: bool,
}

/// Ask for another mail address. It gets a link, good once and for a day; until it is followed nothing changes. The answer is the same for an address that is taken.
#[utoipa::path(
    post, path = "/me/address", operation_id = "change_address", tag = "person", request_body = NewAddress,
    responses(
        (status = 202, description = "If nobody has the address, it has a mail with a link", body = Accepted),
        (status = 401, description = "Nobody is signed in, or password or code are wrong", body = Problem),
        (status = 422, description = "It is no address, or yours already", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn change_address(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(asked): Body<NewAddress>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let (email, person) = (field::<Email>("email", &asked.email)?, &signed.person);
    if email.as_compared() == person.email.as_compared() {
        return Err(Problem::field("email", "this is your address already"));
    }
    prove_password(&app, &signed, &asked.password).await?;
    let (now, token, tx) = (app.now(), app.token(), app.store.begin().await?);
    second_factor::ask(&app, &tx, (person, &signed.peer), asked.code.as_deref(), now).await?;
    app.limits.ask(&signed.peer, email.as_compared())?;
    let id = app.id(now);
    let change = AddressChange { id, person: person.id, email, hash: token.hash(), created_at: now, used_at: None };
    store::address_change::replace(&tx, &change).await?;
    // To whom an address belongs is nobody's business: who has it is written nothing.
    if store::person::find_by_email(&tx, &change.email).await?.is_none() {
        let letter = app.letters.address_change(&person.name, &change.email, &token, change.expires_at())?;
        mail::post(&app, &tx, &change.email, letter, now).await?;
    }
    let told = Some(json!({ "email": change.email.to_string() }));
    let what = What { after: told, ..what(Action::PersonAddressAsk, person) };
    audit::record(&app, &tx, &Who::from(&signed), what, now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok((StatusCode::ACCEPTED, Json(Accepted {})))
}

/// Take the address that a link went to. All other sessions, the access tokens and links of resets end, and the address so far gets a mail.
#[utoipa::path(
    post, path = "/addresses/confirm", operation_id = "confirm_address", tag = "person", request_body = AddressToken,
    responses(
        (status = 200, description = "It is yours from now on", body = ConfirmedAddress),
        (status = 409, description = "Somebody has this address by now", body = Problem),
        (status = 410, description = "The link is over", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn confirm_address(
    State(app): State<Arc<App>>,
    peer: Peer,
    MaybeSigned(here): MaybeSigned,
    Body(asked): Body<AddressToken>,
) -> Result<Json<ConfirmedAddress>, Problem> {
    app.limits.link(&peer)?;
    let token = Token::presented(&asked.token).ok_or_else(link::over)?;
    let (now, tx) = (app.now(), app.store.begin().await?);
    let found = store::address_change::find_by_hash(&tx, &token.hash()).await?.ok_or_else(link::over)?;
    let change = found.follow(now).map_err(Problem::link_over)?;
    let before = store::person::find(&tx, change.person).await?.ok_or_else(link::over)?;
    if store::person::find_by_email(&tx, &change.email).await?.is_some() {
        return Err(Problem::refused("somebody here has this mail address already; choose another"));
    }
    store::address_change::save(&tx, &change).await?;
    let person = Person { email: change.email, confirmed_at: before.confirmed_at.or(Some(now)), ..before.clone() };
    store::person::save(&tx, &person).await?;
    let here = here.filter(|signed| signed.person.id == person.id);
    session::end_others(&tx, person.id, here.as_ref().map(|signed| signed.session.id), now).await?;
    // A link that went to the address so far would let in who reads its mail.
    store::link::end_of_person(&tx, person.id, now).await?;
    let letter = app.letters.address_changed(&person.name, &person.email, (now, peer.address))?;
    mail::post(&app, &tx, &before.email, letter, now).await?;
    let told = |person: &Person| Some(json!({ "email": person.email.to_string() }));
    let what = What { before: told(&before), after: told(&person), ..what(Action::PersonAddress, &person) };
    audit::record(&app, &tx, &Who::person(person.id, person.name.as_str(), &peer), what, now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Json(ConfirmedAddress { email: person.email.to_string(), is_signed_in: here.is_some() }))
}
