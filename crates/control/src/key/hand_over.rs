//! Handing keys over: another member holds them. Id, lists, limits and counters stay; the former holder's values end, and the new
//! holder draws their own. From then on calls count on the new holder's caps; rows of the log keep the name of who made them.

use std::sync::Arc;

use axum::extract::{Path, State};
use domain::{
    audit::Action,
    key::{Key, KeyRefused, Sharing},
    member::Member,
    permission::Permission,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{KeyInForce, in_force};
use crate::{
    actor::Actor, app::App, body::Body, change::Change, error::Problem, mail::Notice, member, version::Versioned,
};

/// Who is to hold a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolderAsked {
    /// The id of an active member.
    member: String,
}

/// Hands an own key over to another member. The values of the former holder are revoked; the new one draws their own.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/holder", tag = "key",
    params(("account" = String, Path), ("key" = String, Path)), request_body = HolderAsked,
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn hand_over_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    Body(asked): Body<HolderAsked>,
) -> Result<Versioned<KeyInForce>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let key = change.key(&id).await?;
    allowed(&change)?;
    let Sharing::Own { holder } = key.sharing else { return Err(KeyRefused::Shared.into()) };
    let from = change.member(holder).await?;
    if from.id != change.seat.id {
        change.may_act_on(&from, "relieved of a key").await?;
    }
    let to = receiver(&change, &asked.member).await?;
    let mut handed = hand_over(&change, &from, vec![key], &to).await?;
    member::tell(&change, &from, Notice::KeyTaken { key: handed[0].name.to_string(), to: to.name.to_string() }).await?;
    let key = handed.remove(0);
    in_force(change, &actor, key).await
}

/// Whether the actor may hand keys over: who cannot use keys gives the use of none away, nor takes it.
///
/// Errors: 403 with the permission's name.
pub fn allowed(change: &Change<'_>) -> Result<(), Problem> {
    change.may(Permission::KeysEdit)?;
    change.may(Permission::KeysUse)
}

/// The member who is to be handed keys.
///
/// Errors: 422 for nobody of the account.
pub async fn receiver(change: &Change<'_>, id: &str) -> Result<Member, Problem> {
    let nobody = || Problem::field("member", "there is no such member in the account");
    change.member(member::id(id).map_err(|_| nobody())?).await.map_err(|_| nobody())
}

/// Hands own keys of `from` over to `to`, who is told by mail, and revokes what values `from` has of them.
///
/// Errors: 409 where a key or the member does not allow it; those of the store.
pub async fn hand_over(change: &Change<'_>, from: &Member, keys: Vec<Key>, to: &Member) -> Result<Vec<Key>, Problem> {
    let mut handed = Vec::with_capacity(keys.len());
    for key in keys {
        let key = key.hand_over(to, change.now)?;
        store::key::save(&change.tx, &key).await?;
        for value in store::value::list(&change.tx, key.id).await? {
            if value.revoked_at.is_none() {
                store::value::save(&change.tx, &value.revoke(change.now)?).await?;
            }
        }
        let holder = |member: &Member| Some(json!({ "holder": member.name }));
        change.record(Action::KeyHandOver, (key.id, key.name.as_str()), holder(from), holder(to)).await?;
        handed.push(key);
    }
    if !handed.is_empty() {
        let keys = handed.iter().map(|key| key.name.to_string()).collect();
        member::tell(change, to, Notice::KeysReceived { from: from.name.to_string(), keys }).await?;
    }
    Ok(handed)
}
