//! The end of a seat: a member is removed, or leaves. Their values stop for good; own keys are revoked with them, or handed over.

use std::sync::Arc;

use axum::extract::{Path, State};
use domain::{audit::Action, member::Member, permission::Permission};
use serde::Deserialize;
use serde_json::json;

use super::{MemberInForce, id, in_force, tell};
use crate::{
    actor::{Actor, Signed},
    app::App,
    body::{Asked, Nothing},
    change::Change,
    error::Problem,
    key::hand_over,
    mail::Notice,
    version::Versioned,
};

/// What becomes of a removed member's own keys.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RemovalAsked {
    /// The id of the member who holds them from now on, with their limits, lists and counters; none: they are revoked for good.
    /// Needs `keys.edit` and `keys.use`.
    hand_over_to: Option<String>,
}

/// Gives the seat up for good: the member's values are revoked, and their own keys too or handed over. Their calls stay in the log
/// under their name.
#[utoipa::path(delete, path = "/accounts/{account}/members/{member}", tag = "member",
    params(("account" = String, Path), ("member" = String, Path), RemovalAsked),
    responses((status = 200, body = MemberInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn remove_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, member)): Path<(String, String)>,
    Asked(asked): Asked<RemovalAsked>,
) -> Result<Versioned<MemberInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::TeamworkRemove).await?;
    let before = change.member(id(&member)?).await?;
    change.may_act_on(&before, "removed").await?;
    let handed_over = match &asked.hand_over_to {
        None => None,
        Some(to) => {
            hand_over::allowed(&change)?;
            let keys = store::key::list_held(&change.tx, before.id).await?;
            let to = hand_over::receiver(&change, to).await.map_err(|problem| at_receiver(&problem))?;
            let keys =
                hand_over::hand_over(&change, &before, keys, &to).await.map_err(|problem| at_receiver(&problem))?;
            Some(json!({ "keys_handed_over": keys.len(), "to": to.name }))
        }
    };
    let after = give_up(&change, before).await?;
    change.record(Action::MemberRemove, (after.id, after.name.as_str()), None, handed_over).await?;
    tell(&change, &after, Notice::Removed).await?;
    in_force(change, &actor, after).await
}

/// Leaves the account: what is yours in it is revoked, and the owner is told.
#[utoipa::path(post, path = "/accounts/{account}/leave", tag = "member", params(("account" = String, Path)),
    responses((status = 204), (status = 409, body = Problem)))]
pub async fn leave_account(State(app): State<Arc<App>>, _: Signed, actor: Actor) -> Result<Nothing, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let seat = give_up(&change, change.seat.clone()).await?;
    change.record(Action::MemberLeave, (seat.id, seat.name.as_str()), None, None).await?;
    if let Some(owner) = store::member::owner(&change.tx, change.account).await? {
        tell(&change, &owner, Notice::Left).await?;
    }
    change.commit().await?;
    Ok(Nothing)
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
    for key in store::key::list_held(&change.tx, gone.id).await? {
        store::key::save(&change.tx, &key.revoke(change.now)?).await?;
    }
    store::grant::delete_of_member(&change.tx, gone.id).await?;
    if let Some(invitation) = store::invitation::of_member(&change.tx, gone.id).await? {
        store::invitation::save(&change.tx, &invitation.withdraw(change.now)).await?;
    }
    Ok(gone)
}

/// Whoever cannot be handed keys is told at the field that names them.
fn at_receiver(problem: &Problem) -> Problem {
    Problem::field("hand_over_to", &problem.detail)
}
