//! Operator: whoever starts an installation takes it with a link that its terminal shows, once; and what operators do to
//! accounts, a file for each.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use domain::{
    audit::Action,
    link::{Link, Purpose},
    name::Title,
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
    founding,
    link::{self, Followed, Page},
    person::{self, Me},
    registration,
    session::{self, what},
};

pub mod account;
pub mod create;
mod deed;
pub mod extra_units;
pub mod log;
pub mod plan;
mod view;

/// Who takes the installation.
#[derive(Deserialize, ToSchema)]
pub struct NewOperator {
    /// What stands behind the `#` of the link.
    token: String,
    /// Their name.
    name: String,
    /// Their mail address.
    email: String,
    /// The password they choose: 10 to 256 characters.
    password: String,
    /// What their account is called.
    account_name: String,
}

/// Become the operator, with the link that the terminal showed.
#[utoipa::path(
    post, path = "/operators", operation_id = "become_operator", tag = "operator", request_body = NewOperator,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 409, description = "Somebody has this address already", body = Problem),
        (status = 410, description = "The link is over", body = Problem),
        (status = 422, description = "A field is wrong", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn become_operator(
    State(app): State<Arc<App>>,
    peer: Peer,
    before: MaybeSigned,
    Body(asked): Body<NewOperator>,
) -> Result<Response, Problem> {
    let (name, account_name) =
        (field::<Title>("name", &asked.name)?, field::<Title>("account_name", &asked.account_name)?);
    let email = field::<Email>("email", &asked.email)?;
    let chosen = (asked.token.as_str(), asked.password.as_str());
    let Followed { tx, password_hash, now, .. } =
        link::follow_with_password(&app, &peer, Purpose::Operator, chosen, Some(&email)).await?;
    let made = registration::new_person(&app, &tx, (name, email), password_hash, now).await?;
    let made = made.ok_or_else(|| Problem::refused("somebody has this mail address already; choose another"))?;
    let person = Person { operator_at: Some(now), ..made };
    store::person::save(&tx, &person).await?;
    let who = Who::person(person.id, person.name.as_str(), &peer);
    audit::record(&app, &tx, &who, what(Action::PersonRegister, &person), now).await?;
    founding::found(&app, &tx, (&person, &peer), account_name, now).await?;
    session::end_before(&tx, before, now).await?;
    let token = session::begin(&app, &tx, &person, &peer, now).await?;
    tx.commit().await?;
    Ok(session::with_cookie(&app, &token, person::me(&app, &person).await?))
}

/// The link for who takes the installation, while nobody has; one that was shown before does nothing any more.
///
/// Errors: those of the store.
pub async fn first_link(app: &App) -> Result<Option<String>, store::StoreError> {
    let (now, token) = (app.now(), app.token());
    let tx = app.store.begin().await?;
    if store::person::any_operator(&tx).await? {
        return Ok(None);
    }
    let link = Link {
        id: app.id(now),
        purpose: Purpose::Operator,
        hash: token.hash(),
        email: None,
        person: None,
        name: None,
        account_name: None,
        created_at: now,
        used_at: None,
    };
    store::link::replace(&tx, &link).await?;
    tx.commit().await?;
    Ok(Some(Page::Operator.link(&app.settings.public_url, &token)))
}
