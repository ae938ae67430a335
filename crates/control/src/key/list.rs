//! The list of keys: a page of those that a filter means, as far as one sees them.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    id::KeyId,
    name::{MetadataName, MetadataValue},
    permission::Permission,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::key::page::{KeyFilter, KeyState, MAX_PAGE, SeenBy, page};
use utoipa::ToSchema;

use super::{status::SOON, view};
use crate::{
    actor::Actor,
    app::App,
    body::{Asked, field, field_if_any},
    error::Problem,
    list, member,
};

/// Which keys are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KeysAsked {
    /// Also those that were revoked.
    #[serde(default)]
    revoked: bool,
    /// Have this in their name, whatever the case: at most 80 characters.
    q: Option<String>,
    /// Are used there.
    environment: Option<String>,
    /// Are own keys of this member.
    holder: Option<String>,
    /// Are in this state; revoked ones only if it says so.
    #[param(inline)]
    status: Option<StatusAsked>,
    /// Have this pair of metadata: `team=Payments`.
    metadata: Option<String>,
    /// Where the page before ended: its `next`.
    after: Option<String>,
    /// Keys of the page, 1 to 500; 500 if nothing is said.
    limit: Option<u32>,
}

/// A state that keys are looked up by.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatusAsked {
    /// Switched on, and not at its end.
    Active,
    /// Switched off by hand.
    Disabled,
    /// Ends within a week.
    ExpiresSoon,
    /// At its end.
    Expired,
    /// Gone for good.
    Revoked,
}

/// A page of the keys that you see.
#[derive(Serialize, ToSchema)]
pub struct Keys {
    /// Oldest first.
    keys: Vec<view::KeyView>,
    /// The cursor of the next page; null: there is none.
    next: Option<String>,
}

/// The keys that you see: your own, those on which you hold a role, with `keys.view` the shared ones, and with `teamwork.view`
/// everybody's.
#[utoipa::path(get, path = "/accounts/{account}/keys", tag = "key", params(("account" = String, Path), KeysAsked),
    responses((status = 200, body = Keys), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list_keys(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<KeysAsked>,
) -> Result<Json<Keys>, Problem> {
    let filter = asked.filter(&actor, app.now())?;
    let found = page(&app.store, &filter).await?;
    let next = found.last().filter(|_| found.len() == filter.limit as usize).map(|key| key.id.to_string());
    let seen = found.into_iter().filter(|key| actor.standing().sees(key)).collect();
    Ok(Json(Keys { keys: view::all(&app, &actor, seen).await?, next }))
}

impl KeysAsked {
    fn filter(&self, actor: &Actor, now: Timestamp) -> Result<KeyFilter, Problem> {
        let limit = list::limit(self.limit, (MAX_PAGE, MAX_PAGE), "keys")?;
        let text = list::text("q", self.q.as_deref())?;
        let holder = self.holder.as_deref().map(member::id).transpose();
        let (account, _) = actor.own();
        Ok(KeyFilter {
            account,
            seen_by: seen_by(actor),
            state: self.state(now),
            text,
            environment: field_if_any("environment", self.environment.as_deref())?,
            holder: holder.map_err(|_| Problem::field("holder", "expected the id of a member"))?,
            metadata: self.metadata.as_deref().map(pair).transpose()?.into_iter().collect(),
            after: field_if_any::<KeyId>("after", self.after.as_deref())?,
            limit,
        })
    }

    fn state(&self, now: Timestamp) -> Option<KeyState> {
        let state = match self.status {
            None if self.revoked => KeyState::Any,
            None => return None,
            Some(StatusAsked::Active) => KeyState::Active(now),
            Some(StatusAsked::Disabled) => KeyState::Disabled,
            Some(StatusAsked::ExpiresSoon) => KeyState::EndsBetween(now, now.plus(SOON)),
            Some(StatusAsked::Expired) => KeyState::Ended(now),
            Some(StatusAsked::Revoked) => KeyState::Revoked,
        };
        Some(state)
    }
}

/// What narrows the walk for somebody who does not see all keys of the account.
fn seen_by(actor: &Actor) -> Option<SeenBy> {
    let has = |permission| actor.permissions().has(permission);
    let (rights, member) = (&actor.standing().rights, actor.seat().id);
    let is_narrow = !(has(Permission::KeysView) && has(Permission::TeamworkView));
    is_narrow.then(|| SeenBy { member, shared: has(Permission::KeysView), granted: rights.keys().collect() })
}

fn pair(text: &str) -> Result<(MetadataName, MetadataValue), Problem> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| Problem::field("metadata", "expected a pair: name=value"))?;
    Ok((field("metadata", name)?, field("metadata", value)?))
}
