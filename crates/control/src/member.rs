//! Members: who has a seat in the account, and what is done with seats.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    audit::Action,
    id::MemberId,
    key::Sharing,
    limit::check_quotas,
    member::{Member, MemberRefused},
    permission::Permission,
    quota::QuotaTerms,
    role::RoleScope,
    standing::Standing,
    time::Timestamp,
};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use store::quota::Owner;
use utoipa::ToSchema;

use crate::{
    actor::{Actor, Signed},
    app::App,
    body::{Asked, Body, Nothing, field},
    change::Change,
    error::Problem,
    invitation, mail, role,
};

mod view;

pub use view::{Cap, MemberInForce, MemberView, Members, one};

/// Which members are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MembersAsked {
    /// Also those who were removed.
    #[serde(default)]
    removed: bool,
}

/// What can be changed of a member; what is missing stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// What the account calls them: 1 to 80 characters.
    name: Option<String>,
    /// Their role in the account: `admin`, `member`, or the id of one of the account's own.
    role: Option<String>,
    /// Their cap; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Cap>)]
    cap: Option<Option<Cap>>,
}

/// Tells a field that is null from one that is missing.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}

/// Everybody with a seat in the account: the owner, then the others, oldest first.
#[utoipa::path(get, path = "/accounts/{account}/members", tag = "member",
    params(("account" = String, Path), MembersAsked),
    responses((status = 200, body = Members), (status = 403, body = Problem)))]
pub async fn list_members(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<MembersAsked>,
) -> Result<Json<Members>, Problem> {
    let account = actor.may(Permission::TeamworkView)?;
    let mut seats = store::member::list(&app.store, account).await?;
    seats.retain(|seat| asked.removed || seat.removed_at.is_none());
    seats.sort_by_key(|seat| (!seat.is_owner(), seat.created_at));
    Ok(Json(Members { members: view::all(&app, &actor, account, seats).await? }))
}

/// One member.
#[utoipa::path(get, path = "/accounts/{account}/members/{member}", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
) -> Result<Json<MemberView>, Problem> {
    let (account, own) = actor.own();
    let id = id(&member)?;
    if id != own {
        actor.may(Permission::TeamworkView)?;
    }
    let seat = store::member::find_in(&app.store, account, id).await?.ok_or_else(|| Problem::not_found("member"))?;
    one(&app, &actor, seat).await.map(Json)
}

/// Changes a member's name, role or cap.
#[utoipa::path(patch, path = "/accounts/{account}/members/{member}", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)), request_body = MemberChange,
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn update_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
    Body(asked): Body<MemberChange>,
) -> Result<Json<MemberInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkAssign).await?;
    let before = change.member(id(&member)?).await?;
    change.may_act_on(&before, "changed").await?;
    let name = match &asked.name {
        Some(name) => field("name", name)?,
        None => before.name.clone(),
    };
    let role = match &asked.role {
        Some(role) => Some(role::given(&change, RoleScope::Account, role).await?.role),
        None => before.role,
    };
    let after = Member { name, role, ..before.clone() };
    store::member::save(&change.tx, &after).await?;
    if after.role != before.role {
        invitation::stand_for(&change, &after).await?;
        role::settle(&change, &[after.id]).await?;
    }
    if let Some(cap) = asked.cap {
        set_cap(&change, &after, cap).await?;
    }
    let facts = async |member: &Member| -> Result<serde_json::Value, Problem> {
        Ok(json!({ "name": member.name, "role": role::held(&change.tx, member.role).await?.role_name }))
    };
    let (was, mut told) = (facts(&before).await?, facts(&after).await?);
    if let Some(cap) = asked.cap {
        told["cap"] = json!(cap);
    }
    change.record(Action::MemberEdit, (after.id, after.name.as_str()), Some(was), Some(told)).await?;
    in_force(change, &actor, after).await
}

/// Stops every value of the member, on own and shared keys. Nothing is lost.
#[utoipa::path(post, path = "/accounts/{account}/members/{member}/suspend", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn suspend_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
) -> Result<Json<MemberInForce>, Problem> {
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
) -> Result<Json<MemberInForce>, Problem> {
    let told = ("activated", Action::MemberActivate, mail::Notice::Activated);
    step(&app, &actor, &member, told, |member, _| member.resume()).await
}

/// Gives the seat up for good: the member's values and own keys are revoked. Their calls stay in the log under their name.
#[utoipa::path(delete, path = "/accounts/{account}/members/{member}", tag = "member",
    params(("account" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn remove_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
) -> Result<Json<MemberInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkRemove).await?;
    let before = change.member(id(&member)?).await?;
    change.may_act_on(&before, "removed").await?;
    let after = give_up(&change, before).await?;
    change.record(Action::MemberRemove, (after.id, after.name.as_str()), None, None).await?;
    tell(&change, &after, mail::Notice::Removed).await?;
    in_force(change, &actor, after).await
}

/// Leaves the account: what is yours in it is revoked.
#[utoipa::path(post, path = "/accounts/{account}/leave", tag = "member", params(("account" = String, Path)),
    responses((status = 204), (status = 409, body = Problem)))]
pub async fn leave_account(State(app): State<Arc<App>>, _: Signed, actor: Actor) -> Result<Nothing, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let seat = give_up(&change, change.seat.clone()).await?;
    change.record(Action::MemberRemove, (seat.id, seat.name.as_str()), None, None).await?;
    change.commit().await?;
    Ok(Nothing)
}

/// Sets the member's cap, or takes it away. A member has one.
///
/// Errors: 422 for a limit of nothing, or beyond what can be counted; those of the store.
pub async fn set_cap(change: &Change<'_>, seat: &Member, cap: Option<Cap>) -> Result<(), Problem> {
    let terms: Vec<QuotaTerms> = cap.into_iter().map(QuotaTerms::from).collect();
    check_quotas(&terms).map_err(|(_, refused)| Problem::field("cap.limit", refused))?;
    let owner = (Owner::Member(seat.id), seat.created_at);
    Ok(store::quota::replace(&change.tx, owner, &terms, change.now, &mut || change.app.random()).await?)
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
) -> Result<Json<MemberInForce>, Problem> {
    let change = Change::begin(app, actor, Permission::TeamworkSuspend).await?;
    let before = change.member(id(member)?).await?;
    change.may_act_on(&before, to).await?;
    let after = take(before, change.now)?;
    store::member::save(&change.tx, &after).await?;
    change.record(action, (after.id, after.name.as_str()), None, None).await?;
    tell(&change, &after, notice).await?;
    in_force(change, actor, after).await
}

/// Gives a seat up with all that is its own: values, keys, grants, and the invitation to it.
///
/// Errors: 409 for the owner's; those of the store.
pub async fn give_up(change: &Change<'_>, seat: Member) -> Result<Member, Problem> {
    let gone = seat.remove(change.now)?;
    store::member::save(&change.tx, &gone).await?;
    for value in store::value::list_of_member(&change.tx, gone.id).await? {
        if value.revoked_at.is_none() {
            store::value::save(&change.tx, &value.revoke(change.now)?).await?;
        }
    }
    let own = |key: &domain::key::Key| key.sharing == Sharing::Own { holder: gone.id } && key.revoked_at.is_none();
    for key in store::key::list(&change.tx, change.account).await?.into_iter().filter(own) {
        store::key::save(&change.tx, &key.revoke(change.now)?).await?;
    }
    store::grant::delete_of_member(&change.tx, gone.id).await?;
    if let Some(invitation) = store::invitation::of_member(&change.tx, gone.id).await? {
        store::invitation::save(&change.tx, &invitation.withdraw(change.now)).await?;
    }
    Ok(gone)
}

async fn tell(change: &Change<'_>, seat: &Member, notice: mail::Notice) -> Result<(), Problem> {
    let account =
        store::account::find(&change.tx, change.account).await?.ok_or_else(|| Problem::not_found("account"))?;
    let by = change.seat.name.as_str();
    let letter = change.app.letters.notice(change.app, notice, seat.name.as_str(), account.name.as_str(), by)?;
    mail::post(change.app, &change.tx, &seat.email, letter, change.now).await
}

async fn in_force(change: Change<'_>, actor: &Actor, seat: Member) -> Result<Json<MemberInForce>, Problem> {
    let app = change.app;
    let effective_at: Timestamp = change.commit().await?;
    Ok(Json(MemberInForce { member: one(app, actor, seat).await?, effective_at: effective_at.into() }))
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
