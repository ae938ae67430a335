//! What an invitation offers: a seat with a role in the account, or for one key; who stands for it; and its mail.

use domain::{
    invitation::{self, HOUR, Invitation},
    member::{Member, MemberState},
    name::Title,
    permission::Permission,
    person::Email,
    plan,
    role::{Role, RoleScope},
    standing::Standing,
};
use store::Source;

use super::refused;
use crate::{
    account::{self, Rate},
    change::Change,
    error::Problem,
    mail,
    member::{
        cap::{self, Cap},
        edit, rate,
    },
    role::{self, Given},
};

/// What somebody is invited to, in words.
pub struct Offer {
    /// What the role is called.
    pub role: String,
    /// Of a seat for one key: the key.
    pub key: Option<String>,
    /// Whether the seat comes with a key of one's own.
    pub brings_a_key: bool,
}

/// What holds for a seat from its first moment on.
pub struct SeatTerms<'a> {
    /// Quotas over all values of its own.
    pub caps: &'a [Cap],
    /// How fast they are used.
    pub rates: &'a [Rate],
    /// When it ends by itself; none: it does not.
    pub ends_at: Option<&'a str>,
}

/// Makes a pending seat with a role in its scope, under these terms.
///
/// Errors: which rule forbids it; 409 where the plan has no room; those of the store.
pub async fn offer_seat(
    change: &Change<'_>,
    (name, email): (Title, Email),
    offered: &Given,
    terms: SeatTerms<'_>,
) -> Result<Member, Problem> {
    let present = store::member::of_email(&change.tx, change.account, &email).await?;
    let sent = store::invitation::count_since(&change.tx, change.account, change.now.plus(-HOUR)).await?;
    let mine = change.rights.within(offered.scope);
    invitation::may_invite(mine, (offered.role, offered.allows), present.as_ref(), sent).map_err(refused)?;
    let plans = account::plans(&change.tx, change.account).await?;
    plan::may_add_member(&plans, store::member::count(&change.tx, change.account).await?)?;
    let seat = Member {
        id: change.app.id(change.now),
        account: change.account,
        name,
        email,
        person: None,
        role: (offered.scope == RoleScope::Account).then_some(offered.role),
        created_at: change.now,
        activated_at: None,
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    let seat = edit::end(seat, terms.ends_at, change.now)?;
    store::member::insert(&change.tx, &seat).await?;
    if !terms.caps.is_empty() {
        cap::set(change, &seat, terms.caps).await?;
    }
    if !terms.rates.is_empty() {
        rate::set(change, &seat, terms.rates).await?;
    }
    Ok(seat)
}

/// What a pending seat offers.
///
/// Errors: those of the store.
pub async fn offer(from: &impl Source, seat: &Member) -> Result<Offer, Problem> {
    if let Some(held) = seat.role {
        let role = role::held(from, Some(held)).await?.role_name.unwrap_or_default();
        let brings_a_key = held == Role::Member;
        return Ok(Offer { role, key: None, brings_a_key });
    }
    let first = store::grant::list_of_member(from, seat.id).await?.into_iter().next();
    let Some(grant) = first else {
        return Ok(Offer { role: String::new(), key: None, brings_a_key: false });
    };
    let key = store::key::find(from, grant.key).await?.map(|key| key.name.to_string());
    let role = role::held(from, Some(grant.role)).await?.role_name.unwrap_or_default();
    Ok(Offer { role, key, brings_a_key: false })
}

/// Whether somebody may offer a pending seat again, or take the offer back: who invites to the account, and to a seat for keys only
/// who invites to one of these keys.
///
/// Errors: 403 with the permission's name.
pub fn may_offer(who: &Standing, other: &Standing) -> Result<(), Problem> {
    let permission = Permission::TeamworkInvite;
    let may = |scope| who.rights.allow(scope, permission);
    if other.seat.role.is_none() && other.rights.keys().any(|key| may(RoleScope::Key(key)).is_ok()) {
        return Ok(());
    }
    may(RoleScope::Account).map_err(|lacking| Problem::lacking(lacking, permission))
}

/// Who changes what a pending seat offers stands for the offer from now on, and must hold all of it.
///
/// Errors: 409 where the seat is offered with more than they hold; those of the store.
pub async fn stand_for(change: &Change<'_>, seat: &Member) -> Result<(), Problem> {
    if seat.state() != MemberState::Pending {
        return Ok(());
    }
    let offered = store::standing::of(&change.tx, seat.clone()).await?;
    if !change.rights.cover(&offered.rights) {
        let why = format!("{} was invited with more than you hold; wait until they have joined", seat.name);
        return Err(Problem::refused(why));
    }
    if let Some(sent) = store::invitation::of_member(&change.tx, seat.id).await? {
        let sent = Invitation { invited_by: Some(change.seat.id), ..sent };
        store::invitation::save(&change.tx, &sent).await?;
    }
    Ok(())
}

/// Ends the links of a pending seat.
///
/// Errors: those of the store.
pub async fn withdraw_links(change: &Change<'_>, seat: &Member) -> Result<(), Problem> {
    if let Some(sent) = store::invitation::of_member(&change.tx, seat.id).await? {
        store::invitation::save(&change.tx, &sent.withdraw(change.now)).await?;
    }
    Ok(())
}

/// Sends the invitation of a pending seat.
///
/// Errors: those of the store.
pub async fn send(change: &Change<'_>, seat: &Member) -> Result<(), Problem> {
    let app = change.app;
    let token = app.token();
    let invitation = Invitation {
        id: app.id(change.now),
        account: change.account,
        member: seat.id,
        invited_by: Some(change.seat.id),
        hash: token.hash(),
        created_at: change.now,
        accepted_at: None,
        withdrawn_at: None,
        refused: None,
    };
    store::invitation::insert(&change.tx, &invitation).await?;
    let account =
        store::account::find(&change.tx, change.account).await?.ok_or_else(|| Problem::not_found("account"))?;
    let offer = offer(&change.tx, seat).await?;
    let by = (&account.name, &change.seat.name);
    let letter = app.letters.invitation(&invitation, seat, by, &offer, &token)?;
    mail::post_invitation(app, &change.tx, (&seat.email, invitation.id), letter, change.now).await
}
