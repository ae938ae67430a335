//! Replaced values: those in their grace period, and who still calls with them. What a rotation waits for.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{permission::Permission, time::Timestamp};
use serde::Serialize;
use store::request_log::{self, MAX_CALLERS, ValueUse};
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    error::Problem,
    key::{self, ValueView},
    view::Moment,
};

/// The most replaced values that are told at once; of more those that end first.
const MAX_VALUES: usize = 100;

/// The values of a key that others replaced and that still work.
#[derive(Serialize, ToSchema)]
pub struct ReplacedValues {
    /// Yours, and with `teamwork.view` everybody's; those that end first come first, at most 100.
    values: Vec<ReplacedValue>,
}

/// A value in its grace period, and who still uses it.
#[derive(Serialize, ToSchema)]
pub struct ReplacedValue {
    /// The value.
    value: ValueView,
    /// Who called with it since another replaced it, newest first, at most 20; null: others' calls are not yours to see.
    callers: Option<Vec<ValueCaller>>,
    /// Whether there are more than these.
    has_more: bool,
}

/// Somebody who calls with a value.
#[derive(Serialize, ToSchema)]
pub struct ValueCaller {
    /// From where, if it is known.
    address: Option<String>,
    /// How the program calls itself, if it does.
    agent: Option<String>,
    /// Their last call, whatever became of it.
    last_at: Moment,
}

impl From<ValueUse> for ValueCaller {
    fn from(used: ValueUse) -> ValueCaller {
        ValueCaller { address: used.address, agent: used.agent, last_at: used.last.into() }
    }
}

/// The values of a key that others replaced and that still work, and who called with each since then.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/values/replaced", tag = "value",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = ReplacedValues), (status = 404, body = Problem)))]
pub async fn list_replaced_values(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<ReplacedValues>, Problem> {
    let key = key::seen(&app.store, &actor, &id).await?;
    let sees_calls = actor.rights().on(key.id).has(Permission::StatsView);
    let mut replaced: Vec<(ValueView, Timestamp)> = Vec::new();
    for value in key::show(&app, &actor, key).await?.values {
        if let Some(since) = value.replaced_at {
            replaced.push((value, since.0));
        }
    }
    replaced.sort_by_key(|(value, _)| value.expires_at.map(|end| end.0));
    replaced.truncate(MAX_VALUES);
    let mut values = Vec::with_capacity(replaced.len());
    for (value, since) in replaced {
        let (callers, has_more) = match value.is_mine || sees_calls {
            true => callers(&app, &value, since).await?,
            false => (None, false),
        };
        values.push(ReplacedValue { value, callers, has_more });
    }
    Ok(Json(ReplacedValues { values }))
}

/// Who called with the value since then, and whether there are more than are told.
async fn callers(app: &App, value: &ValueView, since: Timestamp) -> Result<(Option<Vec<ValueCaller>>, bool), Problem> {
    let id = value.id.parse().map_err(Problem::internal)?;
    let found = request_log::callers_since(&app.store, id, since).await?;
    let has_more = found.len() > MAX_CALLERS;
    Ok((Some(found.into_iter().take(MAX_CALLERS).map(ValueCaller::from).collect()), has_more))
}
