//! Grants: who holds which role on a key. What its page calls Teamwork.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    audit::Action,
    grant::Grant,
    key::Key,
    member::{Member, MemberState},
    permission::Permission,
    role::RoleScope,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    body::Body,
    change::Change,
    error::Problem,
    invitation, member,
    role::{self, Given},
    view::Moment,
};

pub mod invite;
pub mod list;

mod view;

pub use view::KeyMemberInForce;

/// A role on a key for a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantAsked {
    /// `admin`, `member`, or the id of one of the key's own roles.
    role: String,
}

/// What became of a member whose role on a key was taken away.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantRemoved {
    /// Whether their seat went with it: it was for this key only.
    seat_removed: bool,
    /// From this moment on every gateway acts on it.
    effective_at: Moment,
}

/// Gives a member of the account a role on a key, or another one.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/teamwork/{member}", tag = "grant",
    params(("account" = String, Path), ("key" = String, Path), ("member" = String, Path)), request_body = GrantAsked,
    responses((status = 200, body = KeyMemberInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn set_key_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key, member)): Path<(String, String, String)>,
    Body(asked): Body<GrantAsked>,
) -> Result<Json<KeyMemberInForce>, Problem> {
    let (change, key) = Change::on_key(&app, &actor, &key, Permission::TeamworkAssign).await?;
    let seat = known(&change, &key, &member).await?;
    let given = role::given(&change, RoleScope::Key(key.id), &asked.role).await?;
    give(&change, &key, &seat, &given).await?;
    in_force(change, &actor, &key, seat).await.map(Json)
}

/// Takes a member's role on a key away, or gives up one's own. A seat that was for this key only goes with it.
#[utoipa::path(delete, path = "/accounts/{account}/keys/{key}/teamwork/{member}", tag = "grant",
    params(("account" = String, Path), ("key" = String, Path), ("member" = String, Path)),
    responses((status = 200, body = GrantRemoved), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn remove_key_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key, member)): Path<(String, String, String)>,
) -> Result<Json<GrantRemoved>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let key = change.key(&key).await?;
    if member::id(&member)? == change.seat.id {
        change.lets(Permission::TeamworkRemove)?;
    } else {
        change.may_on(&key, Permission::TeamworkRemove)?;
    }
    let seat = known(&change, &key, &member).await?;
    if seat.id != change.seat.id {
        let other = store::standing::of(&change.tx, seat.clone()).await?;
        change.standing().may_act_on_key(&other, key.id, "removed")?;
    }
    let seat_removed = take(&change, &key, seat).await?;
    let effective_at = change.commit().await?.into();
    Ok(Json(GrantRemoved { seat_removed, effective_at }))
}

/// Gives a member a role on a key, if the actor may act on them there.
///
/// Errors: 409 with the rule that forbids it; those of the store.
pub async fn give(change: &Change<'_>, key: &Key, seat: &Member, given: &Given) -> Result<(), Problem> {
    let other = store::standing::of(&change.tx, seat.clone()).await?;
    change.standing().may_act_on_key(&other, key.id, "changed")?;
    put(change, key, seat, given).await?;
    invitation::stand_for(change, seat).await?;
    role::settle(change, &[seat.id]).await
}

/// Writes a role on a key for a member, and its line of the audit trail.
///
/// Errors: those of the store.
pub async fn put(change: &Change<'_>, key: &Key, seat: &Member, given: &Given) -> Result<(), Problem> {
    let grant = Grant {
        key: key.id,
        member: seat.id,
        role: given.role,
        granted_by: Some(change.seat.id),
        granted_at: change.now,
    };
    store::grant::put(&change.tx, change.account, &grant).await?;
    let told = json!({ "key": key.name, "key_id": key.id, "role": given.name });
    change.record(Action::GrantGive, (seat.id, seat.name.as_str()), None, Some(told)).await
}

/// Takes a role on a key away, with the member's values of it where they may not use it any more; says whether the seat went too.
async fn take(change: &Change<'_>, key: &Key, seat: Member) -> Result<bool, Problem> {
    let grants = store::grant::list_of_member(&change.tx, seat.id).await?;
    let grant =
        grants.iter().find(|grant| grant.key == key.id).ok_or_else(|| Problem::not_found("role of this member"))?;
    let name = role::held(&change.tx, Some(grant.role)).await?.role_name;
    let told = json!({ "key": key.name, "key_id": key.id, "role": name });
    change.record(Action::GrantTake, (seat.id, seat.name.as_str()), Some(told), None).await?;
    if seat.role.is_none() && grants.len() == 1 {
        let gone = member::leave::give_up(change, seat).await?;
        change.record(Action::MemberRemove, (gone.id, gone.name.as_str()), None, None).await?;
        return Ok(true);
    }
    store::grant::delete(&change.tx, seat.id, key.id).await?;
    let standing = store::standing::of(&change.tx, seat).await?;
    if !standing.may_use(key) {
        for value in store::value::list_of_member(&change.tx, standing.seat.id).await? {
            if value.key == key.id && value.revoked_at.is_none() {
                store::value::save(&change.tx, &value.revoke(change.now)?).await?;
            }
        }
    }
    Ok(false)
}

/// The member that a path names, if the actor may know that they are there: who sees the team, and of who works on the key.
async fn known(change: &Change<'_>, key: &Key, text: &str) -> Result<Member, Problem> {
    let nowhere = || Problem::not_found("member");
    let seat = change.member(member::id(text)?).await?;
    if seat.state() == MemberState::Removed {
        return Err(nowhere());
    }
    let works_here = store::grant::find(&change.tx, seat.id, key.id).await?.is_some();
    let is_seen = works_here || seat.id == change.seat.id || change.rights.in_account().has(Permission::TeamworkView);
    if is_seen { Ok(seat) } else { Err(nowhere()) }
}

/// Answers a change of one member of a key when it holds.
///
/// Errors: those of the store.
pub async fn in_force(change: Change<'_>, actor: &Actor, key: &Key, seat: Member) -> Result<KeyMemberInForce, Problem> {
    let app = change.app;
    let effective_at = change.commit().await?.into();
    Ok(KeyMemberInForce { member: view::one(app, actor, key, seat.id).await?, effective_at })
}
