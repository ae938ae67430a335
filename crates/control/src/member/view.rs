//! How members are shown: who they are, what they use, and what may be done with them.

use std::collections::HashMap;

use domain::{
    grant::Grant,
    id::{AccountId, KeyId},
    invitation::Invitation,
    member::{Member, MemberState as State},
    name::Title,
    permission::Permission,
    standing::{Roles, Standing},
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{around::Around, cap::CapView, could};
use crate::{
    account::Rate,
    actor::Actor,
    app::App,
    error::Problem,
    invitation, role,
    view::{Allowed, MemberState, Moment, Ref},
};

/// A member, and the moment from which the change holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberInForce {
    /// As it is now.
    pub member: MemberView,
    /// From this moment on every gateway acts on it.
    pub effective_at: Moment,
}

/// A person's seat in the account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// Its id.
    pub id: String,
    /// The version of the seat, its caps and its rates: what `If-Match` takes.
    pub version: u64,
    /// What the account calls the person.
    pub name: String,
    /// Where the invitation went.
    pub email: String,
    /// The role in the account: `owner`, `admin`, `member`, or the id of one of the account's own; null: a seat for keys only.
    pub role: Option<String>,
    /// What the role is called.
    pub role_name: Option<String>,
    /// Roles on keys.
    pub grants: Vec<GrantView>,
    /// Where they stand.
    pub state: MemberState,
    /// Whether it is your own seat.
    pub is_me: bool,
    /// When the seat was made.
    pub created_at: Moment,
    /// When it was taken.
    pub activated_at: Option<Moment>,
    /// Since when it is suspended.
    pub suspended_at: Option<Moment>,
    /// From when on it is over by itself.
    pub ends_at: Option<Moment>,
    /// When it was given up.
    pub removed_at: Option<Moment>,
    /// Of a pending seat: the invitation that was sent.
    pub invitation: Option<InvitationView>,
    /// When the person was last here, or called last.
    pub last_seen_at: Option<Moment>,
    /// Calls since midnight UTC, denied ones too.
    pub calls_today: u64,
    /// Credits charged since midnight UTC.
    pub credits_today: u64,
    /// Denied calls since midnight UTC.
    pub denied_today: u64,
    /// The quotas over all values they own, by metric and period.
    pub caps: Vec<CapView>,
    /// How fast they may call over all values they own, by metric and span. What is left only the gateway knows.
    pub rates: Vec<Rate>,
    /// Keys of their own that are not revoked.
    pub keys: u64,
    /// What you may do with the seat.
    pub can: MemberCan,
}

/// A role on one key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantView {
    /// The key.
    pub key: Ref,
    /// The role: `admin`, `member`, `creator`, or the id of one of the key's own.
    pub role: String,
    /// What the role is called.
    pub role_name: String,
    /// Since when.
    pub since: Moment,
}

/// An invitation that was sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// When.
    pub sent_at: Moment,
    /// Until when its link works.
    pub expires_at: Moment,
    /// Who sent it; null: the operator.
    pub invited_by: Option<String>,
    /// Why nobody got it, in the mail server's words: the address is refused, or the mail was given up. Send it again once the
    /// address works, or withdraw it and invite another.
    pub refused: Option<String>,
}

/// What you may do with a seat.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberCan {
    /// Stop all its values.
    pub suspend: Allowed,
    /// Take that back.
    pub activate: Allowed,
    /// Give it up for good.
    pub remove: Allowed,
    /// Change name, role, caps, rates and end.
    pub edit: Allowed,
    /// Send the invitation again, or withdraw it.
    pub resend: Allowed,
}

/// One member.
///
/// Errors: those of the store.
pub async fn one(app: &App, actor: &Actor, seat: Member) -> Result<MemberView, Problem> {
    let account = seat.account;
    let mut views = all(app, actor, account, vec![seat]).await?;
    views.pop().ok_or_else(|| Problem::not_found("member"))
}

/// These members of the account.
///
/// Errors: those of the store.
pub async fn all(app: &App, actor: &Actor, account: AccountId, seats: Vec<Member>) -> Result<Vec<MemberView>, Problem> {
    let around = Around::of(app, account, &seats).await?;
    Ok(seats.iter().map(|seat| view(&around, actor, seat)).collect())
}

fn view(around: &Around, actor: &Actor, seat: &Member) -> MemberView {
    let now = around.now;
    let invitation = around.invitations.get(&seat.id).map(|sent| {
        let inviter = sent.invited_by.and_then(|inviter| around.names.get(&inviter));
        of(sent, inviter.map(ToString::to_string))
    });
    let spend = around.today.get(&seat.id);
    let seen = seat.person.and_then(|person| around.seen.get(&person).copied());
    let roles = &around.standings.roles;
    let grants = around.standings.granted(seat.id).iter().map(|grant| granted(grant, &around.keys, roles));
    MemberView {
        id: seat.id.to_string(),
        version: around.versions.get(&seat.id).copied().unwrap_or_default(),
        name: seat.name.to_string(),
        email: seat.email.to_string(),
        role: seat.role.map(|role| role.to_string()),
        role_name: seat.role.map(|held| role::name(held, roles)),
        grants: grants.collect(),
        state: seat.state_at(now).into(),
        is_me: actor.seat().id == seat.id,
        created_at: seat.created_at.into(),
        activated_at: seat.activated_at.map(Moment),
        suspended_at: seat.suspended_at.map(Moment),
        ends_at: seat.ends_at.map(Moment),
        removed_at: seat.removed_at.map(Moment),
        invitation,
        last_seen_at: seen.max(spend.map(|spend| spend.last)).map(Moment),
        calls_today: spend.map_or(0, |spend| spend.calls),
        credits_today: spend.map_or(0, |spend| spend.credits),
        denied_today: spend.map_or(0, |spend| spend.denied),
        caps: around.caps.get(&seat.id).cloned().unwrap_or_default(),
        rates: around.rates.get(&seat.id).cloned().unwrap_or_default(),
        keys: around.held.get(&seat.id).copied().unwrap_or(0),
        can: can(actor, &around.standings.of(seat), now),
    }
}

fn of(sent: &Invitation, invited_by: Option<String>) -> InvitationView {
    let refused = sent.refused.clone();
    InvitationView { sent_at: sent.created_at.into(), expires_at: sent.expires_at().into(), invited_by, refused }
}

fn granted(grant: &Grant, keys: &HashMap<KeyId, Title>, roles: &Roles) -> GrantView {
    let name = keys.get(&grant.key).map_or("", |name| name.as_str()).to_owned();
    GrantView {
        key: Ref { id: grant.key.to_string(), name },
        role: grant.role.to_string(),
        role_name: role::name(grant.role, roles),
        since: grant.granted_at.into(),
    }
}

fn can(actor: &Actor, other: &Standing, now: Timestamp) -> MemberCan {
    let seat = &other.seat;
    let here = || Ok(seat.clone());
    let pending = || match seat.state() {
        State::Pending => Ok(()),
        state => Err(format!("the seat is {}; only an invitation that was not accepted is sent again", state.as_str())),
    };
    let invite = invitation::may_offer(actor.standing(), other).map_err(|problem| problem.detail);
    MemberCan {
        suspend: could(actor, Permission::TeamworkSuspend, other, "suspended", seat.clone().suspend(now)).into(),
        activate: could(actor, Permission::TeamworkSuspend, other, "activated", seat.clone().resume()).into(),
        remove: could(actor, Permission::TeamworkRemove, other, "removed", seat.clone().remove(now)).into(),
        edit: could(actor, Permission::TeamworkAssign, other, "changed", here()).into(),
        resend: invite.and_then(|_| pending()).into(),
    }
}
