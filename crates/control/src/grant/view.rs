//! How who works on a key is shown: their role there and in the account, and what may be done with it.

use std::collections::HashMap;

use domain::{
    grant::Grant,
    id::MemberId,
    key::{Key, Sharing},
    member::Member,
    permission::Permission,
    role::Role,
    standing::Standing,
};
use serde::Serialize;
use store::standing::Standings;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    error::Problem,
    role,
    view::{Allowed, MemberState, Moment},
};

/// Somebody who works on a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyMember)]
pub struct KeyMemberView {
    /// Their seat.
    pub member_id: String,
    /// What the account calls them.
    pub name: String,
    /// Where the invitation went.
    pub email: String,
    /// Where the seat stands.
    pub state: MemberState,
    /// Whether it is you.
    pub is_me: bool,
    /// Whether they own the account.
    pub is_owner: bool,
    /// Whether it is their own key.
    pub is_holder: bool,
    /// Whether they made the key, and look after it for that.
    pub is_creator: bool,
    /// The role on this key: `admin`, `member`, `creator`, or the id of one of the key's own; null: none.
    pub role: Option<String>,
    /// What it is called.
    pub role_name: Option<String>,
    /// The role in the account; null: a seat for keys only.
    pub account_role: Option<String>,
    /// What it is called.
    pub account_role_name: Option<String>,
    /// Since when they hold the role on this key.
    pub since: Option<Moment>,
    /// Why nobody got their invitation, in the mail server's words; null: it is on its way, or was accepted.
    pub refused: Option<String>,
    /// All that they may do on this key.
    pub allows: Vec<&'static str>,
    /// What you may do with their role on this key.
    pub can: KeyMemberCan,
}

/// What you may do with somebody's role on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyMemberCan {
    /// Give another.
    pub change: Allowed,
    /// Take it away.
    pub remove: Allowed,
}

/// Somebody who works on a key, and the moment from which the change holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyMemberInForce {
    /// As they are now.
    pub member: KeyMemberView,
    /// From this moment on every gateway acts on it.
    pub effective_at: Moment,
}

/// These members of the account with their grants on this key, as far as it is concerned.
///
/// Errors: those of the store.
pub async fn all(
    app: &App,
    actor: &Actor,
    key: &Key,
    found: Vec<(Member, Option<Grant>)>,
) -> Result<Vec<KeyMemberView>, Problem> {
    let (seats, grants): (Vec<Member>, Vec<Option<Grant>>) = found.into_iter().unzip();
    let grants = grants.into_iter().flatten().collect();
    let standings = store::standing::with(&app.store, seats.iter().filter_map(|seat| seat.role), grants).await?;
    let refused = refused_invitations(app, &seats).await?;
    Ok(seats.iter().map(|seat| view(actor, key, &standings.of(seat), &standings, &refused)).collect())
}

/// One member of the account, as far as this key is concerned.
///
/// Errors: 404; those of the store.
pub async fn one(app: &App, actor: &Actor, key: &Key, member: MemberId) -> Result<KeyMemberView, Problem> {
    let seat = store::member::find_in(&app.store, key.account, member).await?;
    let seat = seat.ok_or_else(|| Problem::not_found("member"))?;
    let grant = store::grant::find(&app.store, member, key.id).await?;
    all(app, actor, key, vec![(seat, grant)]).await?.pop().ok_or_else(|| Problem::not_found("member"))
}

/// Why the invitations of these were refused, in the mail server's words; who has none that was refused is missing.
async fn refused_invitations(app: &App, seats: &[Member]) -> Result<HashMap<MemberId, String>, Problem> {
    let sent = store::invitation::of_pending(&app.store, seats).await?;
    Ok(sent.into_iter().filter_map(|(member, sent)| Some((member, sent.refused?))).collect())
}

fn view(
    actor: &Actor,
    key: &Key,
    who: &Standing,
    standings: &Standings,
    refused: &HashMap<MemberId, String>,
) -> KeyMemberView {
    let seat = &who.seat;
    let grant = granted(key, seat.id, standings);
    let acts = |to| actor.standing().may_act_on_key(who, key.id, to).map_err(|refused| refused.to_string());
    let may = |permission| actor.may_on(key, permission).map_err(|problem| problem.detail);
    let is_me = actor.seat().id == seat.id;
    let has_one = || match grant {
        Some(_) => Ok(()),
        None => Err(format!("{} has no role on this key", seat.name)),
    };
    let remove = match is_me {
        true => has_one(),
        false => has_one().and_then(|()| may(Permission::TeamworkRemove)).and_then(|()| acts("removed")),
    };
    KeyMemberView {
        member_id: seat.id.to_string(),
        name: seat.name.to_string(),
        email: seat.email.to_string(),
        state: seat.state().into(),
        is_me,
        is_owner: seat.is_owner(),
        is_holder: holds(key, seat.id),
        is_creator: grant.is_some_and(|grant| grant.role == Role::Creator),
        role: grant.map(|grant| grant.role.to_string()),
        role_name: grant.map(|grant| role::name(grant.role, &standings.roles)),
        account_role: seat.role.map(|role| role.to_string()),
        account_role_name: seat.role.map(|held| role::name(held, &standings.roles)),
        since: grant.map(|grant| grant.granted_at.into()),
        refused: refused.get(&seat.id).cloned(),
        allows: who.rights.on(key.id).iter().map(Permission::as_str).collect(),
        can: KeyMemberCan {
            change: may(Permission::TeamworkAssign).and_then(|()| acts("changed")).into(),
            remove: remove.into(),
        },
    }
}

fn holds(key: &Key, member: MemberId) -> bool {
    key.sharing == Sharing::Own { holder: member }
}

fn granted<'a>(key: &Key, member: MemberId, standings: &'a Standings) -> Option<&'a Grant> {
    standings.granted(member).iter().find(|grant| grant.key == key.id)
}
