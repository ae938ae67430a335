//! Members: who has a seat in the account, and what is done with seats. Their list is in `member/list.rs`.

use std::sync::Arc;

use axum::extract::{Path, State};
use domain::{
    audit::Action,
    id::MemberId,
    member::{Member, MemberRefused},
    permission::Permission,
    standing::Standing,
    time::Timestamp,
};
use serde::{Deserialize, Deserializer};

use crate::{actor::Actor, app::App, change::Change, error::Problem, mail, version::Versioned};

pub mod cap;
pub mod edit;
pub mod leave;
pub mod list;
pub mod rate;

mod around;
mod view;

pub use view::{MemberInForce, MemberView, one};

/// Tells a field that is null from one that is missing.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// One member. Its version is the answer's `ETag` too.
#[utoipa::path(get, path = "/accounts/{account}/members/{member}", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
) -> Result<Versioned<MemberView>, Problem> {
    let (account, own) = actor.own();
    let id = id(&member)?;
    if id != own {
        actor.may(Permission::TeamworkView)?;
    }
    let seat = store::member::find_in(&app.store, account, id).await?.ok_or_else(|| Problem::not_found("member"))?;
    let view = one(&app, &actor, seat).await?;
    Ok(Versioned(view.version, view))
}

/// Stops every value of the member, on own and shared keys. Nothing is lost.
#[utoipa::path(post, path = "/accounts/{account}/members/{member}/suspend", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn suspend_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
) -> Result<Versioned<MemberInForce>, Problem> {
    let told = ("suspended", Action::MemberSuspend, mail::Notice::Suspended);
    step(&app, &actor, &member, told, Member::suspend).await
}

/// Takes a suspension back.
#[utoipa::path(post, path = "/accounts/{account}/members/{member}/activate", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn activate_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
) -> Result<Versioned<MemberInForce>, Problem> {
    let told = ("activated", Action::MemberActivate, mail::Notice::Activated);
    step(&app, &actor, &member, told, |member, _| member.resume()).await
}

/// The id that a path names.
///
/// Errors: 404 for what cannot be one.
pub fn id(text: &str) -> Result<MemberId, Problem> {
    text.parse().map_err(|_| Problem::not_found("member"))
}

/// Suspends or activates: what is done, in the words of a refusal, of the audit trail and of the mail.
async fn step(
    app: &App,
    actor: &Actor,
    member: &str,
    (to, action, notice): (&'static str, Action, mail::Notice),
    take: impl FnOnce(Member, Timestamp) -> Result<Member, MemberRefused>,
) -> Result<Versioned<MemberInForce>, Problem> {
    let change = Change::begin(app, actor, Permission::TeamworkSuspend).await?;
    let before = change.member(id(member)?).await?;
    change.may_act_on(&before, to).await?;
    let after = take(before, change.now)?;
    store::member::save(&change.tx, &after).await?;
    change.record(action, (after.id, after.name.as_str()), None, None).await?;
    tell(&change, &after, notice).await?;
    in_force(change, actor, after).await
}

/// Writes to a member what the actor did.
///
/// Errors: those of the store.
pub async fn tell(change: &Change<'_>, seat: &Member, notice: mail::Notice) -> Result<(), Problem> {
    let account =
        store::account::find(&change.tx, change.account).await?.ok_or_else(|| Problem::not_found("account"))?;
    let by = change.seat.name.as_str();
    let letter = change.app.letters.notice(&notice, seat.name.as_str(), &account, by)?;
    mail::post(change.app, &change.tx, &seat.email, letter, change.now).await
}

async fn in_force(change: Change<'_>, actor: &Actor, seat: Member) -> Result<Versioned<MemberInForce>, Problem> {
    let app = change.app;
    let effective_at: Timestamp = change.commit().await?;
    let member = one(app, actor, seat).await?;
    Ok(Versioned(member.version, MemberInForce { member, effective_at: effective_at.into() }))
}

/// Whether the actor could do it to this member now; the reason is what the request would be answered with.
fn could(
    actor: &Actor,
    permission: Permission,
    other: &Standing,
    to: &'static str,
    step: Result<Member, MemberRefused>,
) -> Result<(), String> {
    actor.may(permission).map_err(|problem| problem.detail)?;
    actor.standing().may_act_on(other, to).map_err(|refused| refused.to_string())?;
    step.map(drop).map_err(|refused| refused.to_string())
}
