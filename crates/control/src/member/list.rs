//! The list of members: a page of those that a filter means.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{id::MemberId, permission::Permission};
use serde::{Deserialize, Serialize};
use store::member::page::{MAX_PAGE, MemberFilter, page};
use utoipa::ToSchema;

use super::view::{self, MemberView};
use crate::{
    actor::Actor,
    app::App,
    body::{Asked, field_if_any},
    error::Problem,
    list,
};

/// Which members are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MembersAsked {
    /// Also those who were removed.
    #[serde(default)]
    removed: bool,
    /// Have this in their name or mail address, whatever the case: at most 80 characters.
    q: Option<String>,
    /// Where the page before ended: its `next`.
    after: Option<String>,
    /// Members of the page, 1 to 500; 500 if nothing is said.
    limit: Option<u32>,
}

/// A page of the members.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// The owner, then the others, oldest first.
    members: Vec<MemberView>,
    /// The cursor of the next page; null: there is none.
    next: Option<String>,
}

/// Everybody with a seat in the account: the owner, then the others, oldest first.
#[utoipa::path(get, path = "/accounts/{account}/members", tag = "member",
    params(("account" = String, Path), MembersAsked),
    responses((status = 200, body = Members), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list_members(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<MembersAsked>,
) -> Result<Json<Members>, Problem> {
    let filter = asked.filter(&actor)?;
    let found = page(&app.store, &filter).await?;
    let next = found.last().filter(|_| found.len() == filter.limit as usize).map(|seat| seat.id.to_string());
    Ok(Json(Members { members: view::all(&app, &actor, filter.account, found).await?, next }))
}

impl MembersAsked {
    fn filter(&self, actor: &Actor) -> Result<MemberFilter, Problem> {
        let account = actor.may(Permission::TeamworkView)?;
        let limit = list::limit(self.limit, (MAX_PAGE, MAX_PAGE), "members")?;
        let text = list::text("q", self.q.as_deref())?;
        let after = field_if_any::<MemberId>("after", self.after.as_deref())?;
        Ok(MemberFilter { account, removed: self.removed, text, after, limit })
    }
}
