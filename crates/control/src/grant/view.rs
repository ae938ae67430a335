//! How who works on a key is shown: their role there and in the account, and what may be done with it.

use std::collections::{BTreeSet, HashMap};

use domain::{
    grant::Grant,
    id::MemberId,
    key::{Key, Sharing},
    member::Member,
    permission::Permission,
    role::{Edit, Role, RoleScope, may_edit},
    standing::{Rights, Standing},
};
use serde::Serialize;
use store::standing::Standings;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    error::Problem,
    role::{self, give},
    view::{Allowed, MemberState, Moment},
};

/// Who works on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Teamwork {
    /// The owner of the account, the key's holder, then everybody with a role on it, the oldest first.
    pub members: Vec<KeyMemberView>,
    /// How many more see the key by their role in the account.
    pub from_account: u64,
    /// The roles that can be given on this key.
    pub roles: Vec<GivableRole>,
    /// What you may do.
    pub can: TeamworkCan,
}

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

/// A role that can be given on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivableRole {
    /// The word of a built-in role, or the id of one of the key's own.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is one that stays as it is.
    pub built_in: bool,
    /// Whether you may give it.
    pub give: Allowed,
}

/// What you may do with who works on a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamworkCan {
    /// Invite somebody to it.
    pub invite: Allowed,
    /// Give roles on it.
    pub assign: Allowed,
    /// Make, change and delete its roles.
    pub roles: Allowed,
}

/// Somebody who works on a key, and the moment from which the change holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyMemberInForce {
    /// As they are now.
    pub member: KeyMemberView,
    /// From this moment on every gateway acts on it.
    pub effective_at: Moment,
}

/// Everybody who works on a key.
///
/// Errors: those of the store.
pub async fn all(app: &App, actor: &Actor, key: &Key) -> Result<Teamwork, Problem> {
    let (here, standings) = here(app, key).await?;
    let from_account = from_account(app, key, &here).await?;
    let scope = RoleScope::Key(key.id);
    let mine = actor.rights().on(key.id);
    let may = |permission| actor.may_on(key, permission).map_err(|problem| problem.detail);
    let built_in = scope.built_in().map(|role| GivableRole {
        id: role.to_string(),
        name: role.to_string(),
        built_in: true,
        give: give(mine, role.built_in(scope).unwrap_or_default()).into(),
    });
    let own = store::role::list(&app.store, key.account, scope).await?;
    let own = own.iter().map(|role| GivableRole {
        id: role.id.to_string(),
        name: role.name.to_string(),
        built_in: false,
        give: give(mine, role.permissions()).into(),
    });
    let roles = may_edit(mine, Edit { before: None, after: None, is_own: false });
    let refused = refused_invitations(app, &here).await?;
    let shown = |seat: &Member| view(actor, key, &standings.of(seat), &standings, &refused);
    Ok(Teamwork {
        members: here.iter().map(shown).collect(),
        from_account,
        roles: built_in.into_iter().chain(own).collect(),
        can: TeamworkCan {
            invite: may(Permission::TeamworkInvite).into(),
            assign: may(Permission::TeamworkAssign).into(),
            roles: roles.map_err(|refused| Problem::from(refused).detail).into(),
        },
    })
}

/// One member of the account, as far as this key is concerned.
///
/// Errors: 404; those of the store.
pub async fn one(app: &App, actor: &Actor, key: &Key, member: MemberId) -> Result<KeyMemberView, Problem> {
    let seat = store::member::find_in(&app.store, key.account, member).await?;
    let seat = seat.ok_or_else(|| Problem::not_found("member"))?;
    let grants = store::grant::find(&app.store, member, key.id).await?.into_iter().collect();
    let standings = store::standing::with(&app.store, seat.role.into_iter(), grants).await?;
    let refused = refused_invitations(app, std::slice::from_ref(&seat)).await?;
    Ok(view(actor, key, &standings.of(&seat), &standings, &refused))
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

/// Who works on a key, in order, and what decides what they may do there.
async fn here(app: &App, key: &Key) -> Result<(Vec<Member>, Standings), Problem> {
    let from = &app.store;
    let grants = store::grant::list_of_key(from, key.id).await?;
    let mut named: BTreeSet<MemberId> = grants.iter().map(|grant| grant.member).collect();
    if let Sharing::Own { holder } = key.sharing {
        named.insert(holder);
    }
    let owner = store::member::owner(from, key.account).await?;
    named.extend(owner.map(|seat| seat.id));
    let mut seats = store::member::list_these(from, &named.into_iter().collect::<Vec<_>>()).await?;
    seats.retain(|seat| seat.removed_at.is_none());
    let standings = store::standing::with(from, seats.iter().filter_map(|seat| seat.role), grants).await?;
    let since = |seat: &Member| granted(key, seat.id, &standings).map(|grant| grant.granted_at);
    seats.sort_by_key(|seat| (!seat.is_owner(), !holds(key, seat.id), since(seat), seat.created_at));
    Ok((seats, standings))
}

/// How many beside these see the key by their role in the account: all who hold such a role, but these.
async fn from_account(app: &App, key: &Key, here: &[Member]) -> Result<u64, Problem> {
    let held = store::tally::holders(&app.store, key.account, RoleScope::Account).await?;
    let roles = store::standing::with(&app.store, held.keys().copied(), Vec::new()).await?.roles;
    let sees = |role: Role| Rights::of(Some(role), &[], &roles).sees_in_account(key.sharing);
    let all: u64 = held.iter().filter(|(role, _)| sees(**role)).map(|(_, holders)| holders).sum();
    let known = here.iter().filter(|seat| seat.role.is_some_and(sees)).count() as u64;
    Ok(all.saturating_sub(known))
}

fn holds(key: &Key, member: MemberId) -> bool {
    key.sharing == Sharing::Own { holder: member }
}

fn granted<'a>(key: &Key, member: MemberId, standings: &'a Standings) -> Option<&'a Grant> {
    standings.granted(member).iter().find(|grant| grant.key == key.id)
}
