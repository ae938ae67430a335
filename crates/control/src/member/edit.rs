//! Changing a member: what the account calls them, what they may do, how much and how fast they may spend, and when their seat
//! ends.

use std::sync::Arc;

use axum::extract::{Path, State};
use domain::{
    audit::Action,
    member::{Member, MemberRefused},
    permission::Permission,
    role::RoleScope,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Source;
use utoipa::ToSchema;

use super::{
    MemberInForce,
    cap::{self, Cap},
    given, id, in_force, rate, tell,
};
use crate::{
    account::Rate,
    actor::Actor,
    app::App,
    body::{Body, field, field_if_any},
    change::Change,
    error::Problem,
    invitation,
    mail::Notice,
    role,
    version::{IfMatch, Versioned},
};

/// What can be changed of a member; what is missing stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// What the account calls them: 1 to 80 characters.
    name: Option<String>,
    /// Their role in the account: `admin`, `member`, or the id of one of the account's own.
    role: Option<String>,
    /// Their caps, in the place of all they have: one for each metric and period, at most 8.
    caps: Option<Vec<Cap>>,
    /// How fast they may call over all values they own, in the place of all rates they have: one for each metric and span.
    rates: Option<Vec<Rate>>,
    /// From when on the seat is over by itself; null: it is not.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    ends_at: Option<Option<String>>,
}

/// Changes a member's name, role, caps, rates or end. With `If-Match` it is refused where the member was changed since that version.
#[utoipa::path(patch, path = "/accounts/{account}/members/{member}", tag = "member",
    params(("account" = String, Path), ("member" = String, Path), ("If-Match" = Option<String>, Header)),
    request_body = MemberChange,
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn update_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<MemberChange>,
) -> Result<Versioned<MemberInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkAssign).await?;
    let before = change.member(id(&member)?).await?;
    change.may_act_on(&before, "changed").await?;
    based_on.check(store::member::version(&change.tx, before.id).await?)?;
    let after = changed(&change, before.clone(), &asked).await?;
    let told = facts(&change.tx, &before).await?;
    store::member::save(&change.tx, &after).await?;
    if after.role != before.role {
        invitation::stand_for(&change, &after).await?;
        role::settle(&change, &[after.id]).await?;
    }
    if let Some(caps) = &asked.caps {
        cap::set(&change, &after, caps).await?;
    }
    if let Some(rates) = &asked.rates {
        rate::set(&change, &after, rates).await?;
    }
    let now = facts(&change.tx, &after).await?;
    change.record(Action::MemberEdit, (after.id, after.name.as_str()), Some(told), Some(now)).await?;
    if after.ends_at != before.ends_at {
        tell(&change, &after, after.ends_at.map_or(Notice::NoEnd, Notice::Ends)).await?;
    }
    in_force(change, &actor, after).await
}

/// The member whose seat ends at the moment of `text`; none: not by itself.
///
/// Errors: 422 for what is no moment, or one that is over; 409 for a seat that cannot end so.
pub fn end(member: Member, text: Option<&str>, now: Timestamp) -> Result<Member, Problem> {
    let ends_at = field_if_any("ends_at", text)?;
    member.end_at(ends_at, now).map_err(|refused| match refused {
        MemberRefused::EndIsOver => Problem::field("ends_at", refused),
        refused => refused.into(),
    })
}

/// The member as the request would have them.
async fn changed(change: &Change<'_>, before: Member, asked: &MemberChange) -> Result<Member, Problem> {
    let name = match &asked.name {
        Some(name) => field("name", name)?,
        None => before.name.clone(),
    };
    let role = match &asked.role {
        Some(role) => Some(role::given(change, RoleScope::Account, role).await?.role),
        None => before.role,
    };
    let after = Member { name, role, ..before };
    match &asked.ends_at {
        None => Ok(after),
        Some(text) => end(after, text.as_deref(), change.now),
    }
}

/// What the audit trail tells of a member.
async fn facts(from: &impl Source, member: &Member) -> Result<Value, Problem> {
    Ok(json!({
        "name": member.name,
        "role": role::held(from, member.role).await?.role_name,
        "caps": cap::list(from, member).await?,
        "rates": rate::list(from, member).await?,
        "ends_at": member.ends_at,
    }))
}
