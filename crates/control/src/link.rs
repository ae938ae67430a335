//! Links: what a one-time link in a mail or a terminal leads to. Looking changes nothing: programs that scan mails follow links too.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    invitation::NotAcceptable,
    link::{Link, LinkIsOver, Purpose},
    person::{Email, Person},
    time::Timestamp,
    token::Token,
};
use serde::{Deserialize, Serialize};
use store::{Source, Tx};
use utoipa::ToSchema;

use crate::{
    actor::{MaybeSigned, Peer, Signed},
    app::App,
    body::Body,
    error::Problem,
    invitation, password,
    view::Moment,
};

/// The page that a link opens. The token stands behind a `#`: browsers send it to no server and in no `Referer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Takes a seat.
    Activate,
    /// Confirms an address.
    Register,
    /// Chooses a password.
    Reset,
    /// Becomes the operator.
    Operator,
    /// Takes another mail address.
    Address,
}

/// What stands behind the `#` of a link.
#[derive(Deserialize, ToSchema)]
pub struct LinkToken {
    /// The token.
    token: String,
}

/// What a link is for.
#[derive(Serialize, ToSchema)]
pub struct LinkInfo {
    /// What happens when it is followed.
    purpose: LinkPurpose,
    /// Where it was sent.
    email: Option<String>,
    /// Whom it greets.
    name: Option<String>,
    /// The account that is made or joined.
    account_name: Option<String>,
    /// The role in the account that is offered; null: a seat for a key only, or no seat.
    role: Option<String>,
    /// What the role is called; of a seat for a key, that on the key.
    role_name: Option<String>,
    /// The key, of a seat for one only.
    key_name: Option<String>,
    /// Who offers it.
    invited_by: Option<String>,
    /// From when on it cannot be followed.
    expires_at: Moment,
    /// What it takes to follow it.
    needs: Needs,
    /// Who is signed in here, if that is somebody else.
    signed_in_as: Option<String>,
}

/// What happens when a link is followed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Somebody who registered shows that the address is theirs.
    Register,
    /// Somebody chooses a new password.
    Reset,
    /// Somebody becomes the operator.
    Operator,
    /// Somebody takes a seat.
    Activate,
}

/// What it takes to follow a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// A password is chosen.
    Password,
    /// Who is known signs in first.
    SignIn,
    /// A click.
    Confirmation,
}

/// Tell what a link is for. Changes nothing.
#[utoipa::path(
    post, path = "/links/look-up", operation_id = "look_up_link", tag = "link", request_body = LinkToken,
    responses(
        (status = 200, description = "What following it does", body = LinkInfo),
        (status = 410, description = "It was used, replaced, or is too old", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn look_up_link(
    State(app): State<Arc<App>>,
    peer: Peer,
    MaybeSigned(signed): MaybeSigned,
    Body(asked): Body<LinkToken>,
) -> Result<Json<LinkInfo>, Problem> {
    app.limits.link(&peer)?;
    let token = Token::presented(&asked.token).ok_or_else(over)?;
    let found = store::link::find_by_hash(&app.store, &token.hash()).await?;
    match found.filter(|link| link.is_open(app.now())) {
        Some(link) => Ok(Json(of_link(&app, link, signed.as_ref()).await?)),
        None => Ok(Json(of_invitation(&app, &asked.token, signed.as_ref()).await?)),
    }
}

impl Page {
    /// The address that a mail or a terminal shows; made from `public_url` and nothing else.
    pub fn link(self, public_url: &str, token: &Token) -> String {
        let path = match self {
            Page::Activate => "/activate",
            Page::Register => "/register/confirm",
            Page::Reset => "/reset/confirm",
            Page::Operator => "/operator",
            Page::Address => "/address",
        };
        format!("{public_url}{path}#{}", token.reveal())
    }
}

/// The link that a token leads to.
///
/// Errors: 410 for what leads nowhere.
async fn find(app: &App, from: &impl Source, purpose: Purpose, text: &str) -> Result<Link, Problem> {
    let token = Token::presented(text).ok_or_else(over)?;
    let found = store::link::find_by_hash(from, &token.hash()).await?;
    found.filter(|link| link.purpose == purpose && link.is_open(app.now())).ok_or_else(over)
}

/// A link that is being followed by who chose a password. Dropped without a commit of `tx`, it was not.
pub struct Followed {
    /// Where the rest is done that following it does.
    pub tx: Tx,
    /// The link, used up.
    pub link: Link,
    /// What is stored of the password.
    pub password_hash: String,
    /// The moment of all of it.
    pub now: Timestamp,
}

/// Follows a link with a password; `email` is whose it will be where the link does not say. The hash takes its time before the
/// transaction begins, so the link is looked for twice.
///
/// Errors: 410 for what leads nowhere; 422 for what cannot be a password; 429.
pub async fn follow_with_password(
    app: &App,
    peer: &Peer,
    purpose: Purpose,
    (token, password): (&str, &str),
    email: Option<&Email>,
) -> Result<Followed, Problem> {
    app.limits.link(peer)?;
    let link = find(app, &app.store, purpose, token).await?;
    password::check("password", password, email.or(link.email.as_ref()))?;
    let password_hash = app.passwords.hash(password, (app.entropy)()).await?;
    let (now, tx) = (app.now(), app.store.begin().await?);
    let link = find(app, &tx, purpose, token).await?.follow(now).map_err(Problem::link_over)?;
    store::link::save(&tx, &link).await?;
    Ok(Followed { tx, link, password_hash, now })
}

/// What is said of every link that does nothing.
pub fn over() -> Problem {
    Problem::link_over(LinkIsOver)
}

async fn of_link(app: &App, link: Link, signed: Option<&Signed>) -> Result<LinkInfo, Problem> {
    let person = match link.person {
        Some(person) => store::person::find(&app.store, person).await?,
        None => None,
    };
    let expires_at = link.expires_at().into();
    let name = link.name.or(person.map(|person| person.name));
    Ok(LinkInfo {
        purpose: match link.purpose {
            Purpose::Register => LinkPurpose::Register,
            Purpose::Reset => LinkPurpose::Reset,
            Purpose::Operator => LinkPurpose::Operator,
        },
        signed_in_as: link.email.as_ref().and_then(|email| another(email, signed)),
        email: link.email.map(|email| email.to_string()),
        name: name.map(|name| name.to_string()),
        account_name: link.account_name.map(|name| name.to_string()),
        role: None,
        role_name: None,
        key_name: None,
        invited_by: None,
        expires_at,
        needs: Needs::Password,
    })
}

async fn of_invitation(app: &App, token: &str, signed: Option<&Signed>) -> Result<LinkInfo, Problem> {
    let (invitation, seat, account) = invitation::offered(app, &app.store, token).await?;
    let inviter = invitation::inviter(&app.store, &invitation).await?;
    let expires_at = invitation.expires_at().into();
    let offered = store::standing::of(&app.store, seat).await?;
    // The same rule that decides when it is followed.
    invitation.accept(&offered, inviter.as_ref(), app.now()).map_err(|why: NotAcceptable| Problem::link_over(why))?;
    let seat = offered.seat;
    let offer = invitation::offer(&app.store, &seat).await?;
    let known = store::person::find_by_email(&app.store, &seat.email).await?;
    Ok(LinkInfo {
        purpose: LinkPurpose::Activate,
        signed_in_as: another(&seat.email, signed),
        needs: needs(&seat.email, known.as_ref(), signed),
        email: Some(seat.email.to_string()),
        name: Some(seat.name.to_string()),
        account_name: Some(account.name.to_string()),
        role: seat.role.map(|role| role.to_string()),
        role_name: Some(offer.role),
        key_name: offer.key,
        invited_by: inviter.map(|inviter| inviter.seat.name.to_string()),
        expires_at,
    })
}

fn needs(email: &Email, known: Option<&Person>, signed: Option<&Signed>) -> Needs {
    let is_theirs = |signed: &Signed| signed.person.email.as_compared() == email.as_compared();
    if signed.is_some_and(is_theirs) {
        return Needs::Confirmation;
    }
    if known.is_some_and(Person::is_known) { Needs::SignIn } else { Needs::Password }
}

fn another(email: &Email, signed: Option<&Signed>) -> Option<String> {
    let signed = signed?;
    let is_theirs = signed.person.email.as_compared() == email.as_compared();
    (!is_theirs).then(|| signed.person.email.to_string())
}
