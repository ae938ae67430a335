//! Values: what callers present. The text is in the answer to drawing it, and nowhere else.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    audit::Action,
    id::ValueId,
    key::{Key, Value, value::ValueText},
    permission::Permission,
    time::DAY,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    body::Body,
    change::Change,
    error::Problem,
    key::{self, KeyInForce, KeyView},
    version::Versioned,
    view::Moment,
};

pub mod replaced;
mod snippet;

pub use snippet::Snippet;

/// The longest grace period, in days.
pub const MAX_GRACE: u8 = 30;

/// A value that was drawn just now.
#[derive(Serialize, ToSchema)]
pub struct NewValue {
    /// Its id.
    pub id: String,
    /// The text, shown now and never again.
    pub value: String,
    /// What pages show of it from now on.
    pub mask: String,
    /// The key it presents.
    pub key_id: String,
    /// Programs that call with it.
    pub snippets: Vec<Snippet>,
}

/// Whose value is drawn, and for how long the one before goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawAsked {
    /// Whose it will be.
    #[serde(default)]
    owner: ValueOwner,
    /// Days for which the values before it stay valid; 0 is to regenerate: they end now.
    #[serde(default)]
    #[schema(maximum = 30)]
    grace_days: u8,
}

/// Whose a value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ValueOwner {
    /// Yours.
    #[default]
    Me,
    /// The account's, for a service; of shared keys only.
    Account,
}

/// A value that was drawn, its key, and the moment from which callers can present it.
#[derive(Serialize, ToSchema)]
pub struct Drawn {
    /// The value; its text is shown now and never again.
    value: NewValue,
    /// Its key.
    key: KeyView,
    /// From this moment on every gateway takes it, and refuses the ones that it replaced without grace.
    effective_at: Moment,
}

/// Draws a value of a key for yourself, or for a service of the account. The values before it end after the grace period.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/values", tag = "value",
    params(("account" = String, Path), ("key" = String, Path)), request_body = DrawAsked,
    responses((status = 201, body = Drawn), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn draw_value(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    Body(asked): Body<DrawAsked>,
) -> Result<(StatusCode, Json<Drawn>), Problem> {
    if asked.grace_days > MAX_GRACE {
        return Err(Problem::field("grace_days", format!("at most {MAX_GRACE} days")));
    }
    let change = Change::of_own(&app, &actor).await?;
    let key = change.key(&id).await?;
    let owner = match asked.owner {
        ValueOwner::Me => {
            key::may_draw(&change.standing(), &key)?;
            change.lets(Permission::KeysUse)?;
            Some(change.seat.id)
        }
        ValueOwner::Account => {
            change.may_on(&key, Permission::KeysRotate)?;
            None
        }
    };
    let text = ValueText::draw(entropy(&app));
    let drawn = key.draw(app.id(change.now), owner, &text, change.now)?;
    let mut replaced = Vec::new();
    for before in store::value::list(&change.tx, key.id).await? {
        if before.member == owner
            && let Some(ending) = before.end_by(change.now.plus(i64::from(asked.grace_days) * DAY))
        {
            store::value::save(&change.tx, &ending).await?;
            replaced.push(ending.mask);
        }
    }
    store::value::insert(&change.tx, &drawn).await?;
    let told = json!({ "value": drawn.mask, "replaced": replaced, "grace_days": asked.grace_days });
    change.record(Action::ValueDraw, (key.id, key.name.as_str()), None, Some(told)).await?;
    let effective_at = change.commit().await?;
    let value = new(&app, &key, &drawn, &text);
    let key = key::show(&app, &actor, key).await?;
    Ok((StatusCode::CREATED, Json(Drawn { value, key, effective_at: effective_at.into() })))
}

/// Revokes a value for good.
#[utoipa::path(delete, path = "/accounts/{account}/keys/{key}/values/{value}", tag = "value",
    params(("account" = String, Path), ("key" = String, Path), ("value" = String, Path)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn revoke_value(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id, value)): Path<(String, String, String)>,
) -> Result<Versioned<KeyInForce>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let key = change.key(&id).await?;
    let nowhere = || Problem::not_found("value");
    let id: ValueId = value.parse().map_err(|_| nowhere())?;
    let found = store::value::find(&change.tx, id).await?.filter(|value| value.key == key.id).ok_or_else(nowhere)?;
    match found.member == Some(change.seat.id) {
        true => change.lets(Permission::KeysUse)?,
        false => change.may_on(&key, Permission::KeysRevoke)?,
    }
    let gone = found.revoke(change.now)?;
    store::value::save(&change.tx, &gone).await?;
    let told = json!({ "value": gone.mask });
    change.record(Action::ValueRevoke, (key.id, key.name.as_str()), Some(told), None).await?;
    key::in_force(change, &actor, key).await
}

/// A value as it is shown the one time.
pub fn new(app: &App, key: &Key, drawn: &Value, text: &ValueText) -> NewValue {
    NewValue {
        id: drawn.id.to_string(),
        value: text.reveal().to_owned(),
        mask: drawn.mask.clone(),
        key_id: key.id.to_string(),
        snippets: snippet::all(&app.settings.apis, key, text.reveal()),
    }
}

/// Random bytes for the text of a value.
pub fn entropy(app: &App) -> [u8; domain::key::value::ENTROPY] {
    *(app.entropy)().first_chunk().expect("32 bytes are more than a value takes")
}
