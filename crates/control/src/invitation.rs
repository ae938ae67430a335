//! Invitations: a seat is offered by mail, and taken by who reads it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    account::Account,
    audit::Action,
    invitation::{self, HOUR, Invitation, InvitationRefused},
    member::{Member, MemberState},
    permission::Permission,
    person::Person,
    role::{Role, RoleScope},
    standing::Standing,
    time::SECOND,
    token::Token,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Source, Tx};
use utoipa::ToSchema;

use crate::{
    account::Rate,
    actor::{Actor, MaybeSigned, Peer, Signed},
    app::{App, Registration},
    audit::{self, What, Who},
    body::{Body, Nothing, field},
    change::Change,
    error::Problem,
    key,
    member::{self, MemberView, cap::Cap},
    person::Me,
    role, session,
    value::NewValue,
};

mod offer;

pub use offer::{Offer, SeatTerms, may_offer, offer, offer_seat, send, stand_for, withdraw_links};

/// Whom to offer a seat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// What the account calls the person: 1 to 80 characters without control characters or `://`.
    name: String,
    /// Where the invitation goes.
    email: String,
    /// Their role in the account: `admin`, `member`, or the id of one of the account's own.
    role: String,
    /// Quotas over all values they will own: one for each metric and period, at most 8.
    #[serde(default)]
    caps: Vec<Cap>,
    /// How fast they will be able to call over all of them: one for each metric and span.
    #[serde(default)]
    rates: Vec<Rate>,
    /// From when on the seat is over by itself; none: it is not.
    ends_at: Option<String>,
}

/// The token of an activation link, and for somebody new a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What stands behind the `#` of the link.
    token: String,
    /// The password that somebody new chooses: 10 to 256 characters.
    password: Option<String>,
}

/// A seat that was taken.
#[derive(Serialize, ToSchema)]
pub struct Joined {
    /// Who is signed in now.
    me: Me,
    /// The account.
    account_id: String,
    /// The seat.
    member_id: String,
    /// The key of one's own, for the role `member`, if the plan has room for it.
    key: Option<key::KeyView>,
    /// Its value, shown now and never again.
    value: Option<NewValue>,
}

/// Offers somebody a seat: it is pending, and counts, until it is taken or withdrawn.
#[utoipa::path(post, path = "/accounts/{account}/invitations", tag = "invitation",
    params(("account" = String, Path)), request_body = NewInvitation,
    responses((status = 201, body = MemberView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn invite_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(asked): Body<NewInvitation>,
) -> Result<(StatusCode, Json<MemberView>), Problem> {
    let (name, email) = (field("name", &asked.name)?, field("email", &asked.email)?);
    let change = Change::begin(&app, &actor, Permission::TeamworkInvite).await?;
    let role = role::read(&change, RoleScope::Account, &asked.role).await?;
    let terms = SeatTerms { caps: &asked.caps, rates: &asked.rates, ends_at: asked.ends_at.as_deref() };
    let seat = offer_seat(&change, (name, email), &role, terms).await?;
    send(&change, &seat).await?;
    let (email, role) = (seat.email.to_string(), role.name);
    let told = json!({
        "email": email, "role": role, "caps": asked.caps, "rates": asked.rates, "ends_at": seat.ends_at,
    });
    change.record(Action::MemberInvite, (seat.id, seat.name.as_str()), None, Some(told)).await?;
    change.commit().await?;
    Ok((StatusCode::CREATED, Json(member::one(&app, &actor, seat).await?)))
}

/// Sends the invitation of a pending seat again, with a new link; the one before is over.
#[utoipa::path(post, path = "/accounts/{account}/members/{member}/invitation", tag = "invitation",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberView), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn resend_invitation(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<MemberView>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let seat = pending(&change, &id).await?;
    let sent = store::invitation::count_since(&change.tx, change.account, change.now.plus(-HOUR)).await?;
    invitation::may_send(sent).map_err(refused)?;
    withdraw_links(&change, &seat).await?;
    send(&change, &seat).await?;
    change.record(Action::MemberInviteAgain, (seat.id, seat.name.as_str()), None, None).await?;
    change.commit().await?;
    Ok(Json(member::one(&app, &actor, seat).await?))
}

/// Takes the offer of a pending seat back; its link does nothing any more.
#[utoipa::path(delete, path = "/accounts/{account}/members/{member}/invitation", tag = "invitation",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn withdraw_invitation(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Nothing, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let seat = pending(&change, &id).await?;
    withdraw_links(&change, &seat).await?;
    let gone = seat.remove(change.now)?;
    store::grant::delete_of_member(&change.tx, gone.id).await?;
    store::member::save(&change.tx, &gone).await?;
    change.record(Action::MemberWithdraw, (gone.id, gone.name.as_str()), None, None).await?;
    change.commit().await?;
    Ok(Nothing)
}

/// Takes the seat that an activation link offers. Somebody new chooses a password; somebody known is signed in as the address
/// that was invited.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitation", request_body = Acceptance,
    responses((status = 200, body = Joined), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 410, body = Problem), (status = 422, body = Problem)))]
pub async fn accept_invitation(
    State(app): State<Arc<App>>,
    peer: Peer,
    MaybeSigned(signed): MaybeSigned,
    Body(asked): Body<Acceptance>,
) -> Result<Response, Problem> {
    app.limits.link(&peer)?;
    // Hashed before the transaction: everybody else's changes would wait for it.
    let chosen = match &asked.password {
        Some(password) => Some(app.passwords.chosen("password", password, (app.entropy)()).await?),
        None => None,
    };
    let now = app.now();
    let tx = app.store.begin().await?;
    let (invitation, seat, account) = offered(&app, &tx, &asked.token).await?;
    let inviter = inviter(&tx, &invitation).await?;
    let offered = store::standing::of(&tx, seat).await?;
    let accepted = invitation.accept(&offered, inviter.as_ref(), now).map_err(Problem::link_over)?;
    let Standing { seat, rights } = offered;
    let person = person_of(&app, &tx, &seat, signed.as_ref(), chosen).await?;
    let seat = seat.join(person.id, now)?;
    store::invitation::save(&tx, &accepted).await?;
    store::member::save(&tx, &seat).await?;
    let who = Who::person(person.id, person.name.as_str(), &peer).in_seat(account.id, seat.id);
    let what = |action, subject: String, name| What { action, subject, name, before: None, after: None };
    audit::record(&app, &tx, &who, what(Action::MemberJoin, seat.id.to_string(), seat.name.as_str()), now).await?;
    let made = match seat.role {
        Some(Role::Member) => key::create::first(&app, &tx, &seat, now).await?,
        _ => None,
    };
    if let Some((key, _)) = &made {
        audit::record(&app, &tx, &who, what(Action::KeyCreate, key.id.to_string(), key.name.as_str()), now).await?;
    }
    if let Some(signed) = &signed {
        store::session::save(&tx, &signed.session.clone().end(now)).await?;
    }
    let (token, member) = (session::begin(&app, &tx, &person, &peer, now).await?, seat.id.to_string());
    tx.commit().await?;
    app.effect.now().await;
    let (key, value) = match made {
        Some((made, value)) => (Some(key::show_to(&app, &Standing { seat, rights }, made).await?), Some(value)),
        None => (None, None),
    };
    let me = crate::person::me(&app, &person).await?;
    let joined = Joined { me, account_id: account.id.to_string(), member_id: member, key, value };
    Ok(session::with_cookie(&app, &token, joined))
}

/// Who sent an invitation, with what they may do now; none: the operator, or somebody who is not there.
///
/// Errors: those of the store.
pub async fn inviter(from: &impl Source, invitation: &Invitation) -> Result<Option<Standing>, Problem> {
    let Some(inviter) = invitation.invited_by else { return Ok(None) };
    Ok(match store::member::find(from, inviter).await? {
        Some(seat) => Some(store::standing::of(from, seat).await?),
        None => None,
    })
}

/// The invitation that a token leads to, its seat and its account.
///
/// Errors: 410 for what leads nowhere.
pub async fn offered(app: &App, from: &impl Source, token: &str) -> Result<(Invitation, Member, Account), Problem> {
    let over = || Problem::link_over(invitation::NotAcceptable::Over);
    let token = Token::presented(token).ok_or_else(over)?;
    let found = store::invitation::find_by_hash(from, &token.hash()).await?;
    let invitation = found.filter(|found| found.is_open(app.now())).ok_or_else(over)?;
    let seat = store::member::find(from, invitation.member).await?.ok_or_else(over)?;
    let account = store::account::find(from, invitation.account).await?.ok_or_else(over)?;
    Ok((invitation, seat, account))
}

/// The person who takes the seat: known and signed in, or new with the password they chose. An address that was never confirmed
/// is nobody's yet: following the link confirms it.
async fn person_of(
    app: &App,
    tx: &Tx,
    seat: &Member,
    signed: Option<&Signed>,
    chosen: Option<String>,
) -> Result<Person, Problem> {
    let known = store::person::find_by_email(tx, &seat.email).await?;
    if let Some(signed) = signed {
        return match known {
            Some(person) if person.id == signed.person.id => Ok(person),
            _ => Err(another_address(seat, signed)),
        };
    }
    if known.as_ref().is_some_and(Person::is_known) {
        let problem =
            Problem::sign_in().hint(format!("{} is known here: sign in, then follow the link again.", seat.email));
        return Err(problem);
    }
    let password = chosen.ok_or_else(|| Problem::field("password", "choose a password"))?;
    let now = app.now();
    if let Some(person) = known {
        let person = Person { password_hash: Some(password), confirmed_at: Some(now), ..person };
        store::person::save(tx, &person).await?;
        return Ok(person);
    }
    if app.settings.registration == Registration::Closed {
        return Err(Problem::refused("this installation takes no new persons; ask its operator"));
    }
    let person = Person {
        id: app.id(now),
        name: seat.name.clone(),
        email: seat.email.clone(),
        password_hash: Some(password),
        created_at: now,
        confirmed_at: Some(now),
        operator_at: None,
    };
    store::person::insert(tx, &person).await?;
    Ok(person)
}

/// Too many in an hour is a matter of time; everything else is a rule.
pub fn refused(why: InvitationRefused) -> Problem {
    match why {
        InvitationRefused::TooMany => Problem::too_many(why.to_string(), (HOUR / SECOND) as u64),
        why => why.into(),
    }
}

fn another_address(seat: &Member, signed: &Signed) -> Problem {
    let detail = format!("The invitation is for {}, and you are signed in as {}.", seat.email, signed.person.email);
    let problem = Problem::new(StatusCode::FORBIDDEN, "another_address", detail);
    problem.hint("Sign out, then follow the link again.")
}

async fn pending(change: &Change<'_>, id: &str) -> Result<Member, Problem> {
    let seat = change.member(member::id(id)?).await?;
    may_offer(&change.standing(), &store::standing::of(&change.tx, seat.clone()).await?)?;
    change.may_act_on(&seat, "invited").await?;
    match seat.state() {
        MemberState::Pending => Ok(seat),
        state => Err(InvitationRefused::NotPending(state).into()),
    }
}
