//! Ownership: the owner offers the account to another member, who owns it by accepting. Both say so: the owner with their password,
//! the other on the page that a mail leads to.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use domain::{
    audit::Action,
    member::Member,
    ownership::{OwnershipOffer, OwnershipRefused, may_offer},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    actor::{Actor, Signed},
    app::App,
    body::Body,
    change::Change,
    error::Problem,
    mail::Notice,
    member::{self, cap, rate, tell},
    person::knows_password,
    role, second_factor, session,
};

mod view;

use view::{OwnershipView, show};

/// To whom the account is offered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferAsked {
    /// The id of an active member.
    member: String,
    /// Your password, once more: who finds an open browser does not give an account away.
    password: String,
    /// Six digits of the authenticator or a recovery code, of who has a second factor.
    code: Option<String>,
}

/// Who owns the account, and to whom it is offered.
#[utoipa::path(get, path = "/accounts/{account}/ownership", tag = "account", params(("account" = String, Path)),
    responses((status = 200, body = OwnershipView), (status = 404, body = Problem)))]
pub async fn get_ownership(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<OwnershipView>, Problem> {
    show(&app, &actor, actor.seat()).await.map(Json)
}

/// Offers the account to another member. Nothing changes until they accept; the offer stands for 7 days.
#[utoipa::path(post, path = "/accounts/{account}/ownership", tag = "account", params(("account" = String, Path)),
    request_body = OfferAsked,
    responses((status = 201, body = OwnershipView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn offer_ownership(
    State(app): State<Arc<App>>,
    signed: Signed,
    actor: Actor,
    Body(asked): Body<OfferAsked>,
) -> Result<(StatusCode, Json<OwnershipView>), Problem> {
    must_own(actor.seat())?;
    if !knows_password(&app, &signed, &asked.password).await? {
        return Err(Problem::field("password", "this is not your password"));
    }
    let change = Change::of_own(&app, &actor).await?;
    let who = (&signed.person, &signed.peer);
    second_factor::ask(&app, &change.tx, who, asked.code.as_deref(), change.now).await?;
    let nobody = || Problem::field("member", "there is no such member in the account");
    let successor = change.member(member::id(&asked.member).map_err(|_| nobody())?).await.map_err(|_| nobody())?;
    let standing = store::ownership::standing(&change.tx, change.account).await?;
    may_offer(&change.seat, &successor, standing.as_ref(), change.now).map_err(refused)?;
    if let Some(old) = standing {
        store::ownership::save(&change.tx, &old.withdraw(change.now)).await?;
    }
    let offer = OwnershipOffer {
        id: app.id(change.now),
        account: change.account,
        owner: change.seat.id,
        successor: successor.id,
        created_at: change.now,
        accepted_at: None,
        declined_at: None,
        withdrawn_at: None,
    };
    store::ownership::insert(&change.tx, &offer).await?;
    change.record(Action::OwnershipOffer, (successor.id, successor.name.as_str()), None, None).await?;
    tell(&change, &successor, Notice::OwnershipOffered(offer.expires_at())).await?;
    change.commit().await?;
    Ok((StatusCode::CREATED, Json(show(&app, &actor, actor.seat()).await?)))
}

/// Takes the offer back.
#[utoipa::path(delete, path = "/accounts/{account}/ownership", tag = "account", params(("account" = String, Path)),
    responses((status = 200, body = OwnershipView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn withdraw_ownership(
    State(app): State<Arc<App>>,
    _: Signed,
    actor: Actor,
) -> Result<Json<OwnershipView>, Problem> {
    must_own(actor.seat())?;
    let change = Change::of_own(&app, &actor).await?;
    must_own(&change.seat)?;
    let offer = store::ownership::standing(&change.tx, change.account).await?.ok_or_else(no_offer)?;
    let successor = change.member(offer.successor).await?;
    store::ownership::save(&change.tx, &offer.withdraw(change.now)).await?;
    change.record(Action::OwnershipWithdraw, (successor.id, successor.name.as_str()), None, None).await?;
    tell(&change, &successor, Notice::OwnershipWithdrawn).await?;
    change.commit().await?;
    show(&app, &actor, actor.seat()).await.map(Json)
}

/// Says no to the offer.
#[utoipa::path(post, path = "/accounts/{account}/ownership/decline", tag = "account",
    params(("account" = String, Path)),
    responses((status = 200, body = OwnershipView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn decline_ownership(
    State(app): State<Arc<App>>,
    _: Signed,
    actor: Actor,
) -> Result<Json<OwnershipView>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let offer = offered_to(&change).await?;
    let owner = change.member(offer.owner).await?;
    store::ownership::save(&change.tx, &offer.decline(change.now)?).await?;
    change.record(Action::OwnershipDecline, (change.seat.id, change.seat.name.as_str()), None, None).await?;
    tell(&change, &owner, Notice::OwnershipDeclined).await?;
    change.commit().await?;
    show(&app, &actor, actor.seat()).await.map(Json)
}

/// Accepts the offer: from now on you own the account, and who owned it is an admin. Caps, rates and the end of your seat are over:
/// nobody limits an owner. The answer sets the cookie of a new session, as for every change of rights.
#[utoipa::path(post, path = "/accounts/{account}/ownership/accept", tag = "account",
    params(("account" = String, Path)),
    responses((status = 200, body = OwnershipView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn accept_ownership(State(app): State<Arc<App>>, signed: Signed, actor: Actor) -> Result<Response, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let offer = offered_to(&change).await?;
    let before = change.member(offer.owner).await?;
    let (offer, former, owner) = offer.accept(before, change.seat.clone(), change.now)?;
    store::ownership::save(&change.tx, &offer).await?;
    // In this order: an account has one owner at every moment.
    store::member::save(&change.tx, &former).await?;
    store::member::save(&change.tx, &owner).await?;
    cap::set(&change, &owner, &[]).await?;
    rate::set(&change, &owner, &[]).await?;
    role::settle(&change, &[former.id, owner.id]).await?;
    let facts = |owner: &Member| Some(json!({ "owner": owner.name }));
    change.record(Action::OwnershipAccept, (owner.id, owner.name.as_str()), facts(&former), facts(&owner)).await?;
    tell(&change, &former, Notice::OwnershipGiven).await?;
    tell(&change, &owner, Notice::OwnershipTaken).await?;
    let Signed { person, session: old, peer } = signed;
    store::session::save(&change.tx, &old.end(change.now)).await?;
    let token = session::begin(&app, &change.tx, &person, &peer, change.now).await?;
    change.commit().await?;
    Ok(session::with_cookie(&app, &token, show(&app, &actor, &owner).await?))
}

fn must_own(seat: &Member) -> Result<(), Problem> {
    if seat.is_owner() {
        return Ok(());
    }
    let problem = Problem::new(StatusCode::FORBIDDEN, "owner_only", "Only the owner of the account may do this.");
    Err(problem.hint("Ask the owner of the account."))
}

/// The offer that the actor may answer.
async fn offered_to(change: &Change<'_>) -> Result<OwnershipOffer, Problem> {
    let standing = store::ownership::standing(&change.tx, change.account).await?;
    standing.filter(|offer| offer.successor == change.seat.id).ok_or_else(no_offer)
}

fn no_offer() -> Problem {
    Problem::not_found("offer")
}

/// What is wrong with the member is told at the field that names them.
fn refused(why: OwnershipRefused) -> Problem {
    match why {
        OwnershipRefused::Oneself | OwnershipRefused::NotActive(_) => Problem::field("member", why),
        why => why.into(),
    }
}
