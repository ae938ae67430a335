//! The secret of a key: a second factor that every call with the key has to bring while it is required. The text is in the
//! answer to drawing it, and nowhere else.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    audit::Action,
    key::{
        Key,
        secret::{ENTROPY, Secret, SecretText},
    },
    name::Reason,
    permission::Permission,
    time::DAY,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{KeyInForce, KeyView, edit::Edit, in_force, show};
use crate::{
    actor::Actor,
    app::App,
    body::{Body, field_if_any},
    change::Change,
    error::Problem,
    value::MAX_GRACE,
    version::{IfMatch, Versioned},
    view::Moment,
};

/// A secret, as it can be seen once it was drawn.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Secret)]
pub struct SecretView {
    /// Its first and last characters.
    mask: String,
    /// When it was drawn.
    drawn_at: Moment,
    /// Since when calls without it are refused; null: it is not asked for.
    required_at: Option<Moment>,
    /// Until when the secret before it is taken too; null: it is not.
    former_expires_at: Option<Moment>,
}

/// How long the secret before it goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretAsked {
    /// Days for which the secret before it is taken too; 0: it ends now.
    #[serde(default)]
    #[schema(maximum = 30)]
    grace_days: u8,
}

/// Whether calls must bring the secret.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretChange {
    /// Whether calls without it are refused.
    required: bool,
    /// Why, for the versions of the key: at most 200 characters.
    reason: Option<String>,
}

/// A secret that was drawn just now, its key, and the moment from which it is taken.
#[derive(Serialize, ToSchema)]
pub struct NewSecret {
    /// The text, shown now and never again. Callers send it in the header `x-api-secret`, or as the password of HTTP Basic
    /// with an empty name.
    secret: String,
    /// The key.
    key: KeyView,
    /// From this moment on every gateway takes it.
    effective_at: Moment,
}

/// Draws a secret for a key, in place of the one that it has. A first one is not asked for before it is required.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/secret", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)), request_body = SecretAsked,
    responses((status = 201, body = NewSecret), (status = 403, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem)))]
pub async fn draw_secret(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<SecretAsked>,
) -> Result<(StatusCode, Json<NewSecret>), Problem> {
    if asked.grace_days > MAX_GRACE {
        return Err(Problem::field("grace_days", format!("at most {MAX_GRACE} days")));
    }
    let (change, before) = Change::on_key(&app, &actor, &id, Permission::SecuritySecret).await?;
    let edit = Edit::begin(&change, before, &based_on).await?;
    let before = &edit.before;
    let text = SecretText::draw(entropy(&app));
    let after = match before.secret {
        None => before.clone().draw_secret(&text, change.now)?,
        Some(_) => {
            let grace_until = change.now.plus(i64::from(asked.grace_days) * DAY);
            before.clone().rotate_secret(&text, change.now, Some(grace_until))?
        }
    };
    let after = save(&change, Action::SecretDraw, edit, after, None).await?;
    let effective_at = change.commit().await?;
    let key = show(&app, &actor, after).await?;
    let drawn = NewSecret { secret: text.reveal().to_owned(), key, effective_at: effective_at.into() };
    Ok((StatusCode::CREATED, Json(drawn)))
}

/// Has a key ask for its secret, or not any more.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/secret", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)), request_body = SecretChange,
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn require_secret(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<SecretChange>,
) -> Result<Versioned<KeyInForce>, Problem> {
    let (change, before) = Change::on_key(&app, &actor, &id, Permission::SecuritySecret).await?;
    let edit = Edit::begin(&change, before, &based_on).await?;
    let before = &edit.before;
    let reason: Option<Reason> = field_if_any("reason", asked.reason.as_deref())?;
    let (action, after) = match asked.required {
        true => (Action::SecretRequire, before.clone().require_secret(change.now)?),
        false => (Action::SecretWaive, before.clone().waive_secret()?),
    };
    let after = save(&change, action, edit, after, reason).await?;
    in_force(change, &actor, after).await
}

/// Takes the secret of a key away: it is not asked for any more, and nobody can present it again.
#[utoipa::path(delete, path = "/accounts/{account}/keys/{key}/secret", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn remove_secret(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
) -> Result<Versioned<KeyInForce>, Problem> {
    let (change, before) = Change::on_key(&app, &actor, &id, Permission::SecuritySecret).await?;
    let edit = Edit::begin(&change, before, &based_on).await?;
    let before = &edit.before;
    let after = before.clone().remove_secret()?;
    let after = save(&change, Action::SecretRemove, edit, after, None).await?;
    in_force(change, &actor, after).await
}

async fn save(
    change: &Change<'_>,
    action: Action,
    edit: Edit,
    after: Key,
    reason: Option<Reason>,
) -> Result<Key, Problem> {
    let before = facts(&edit.before);
    let after = edit.save(change, after, reason.into()).await?;
    change.record(action, (after.id, after.name.as_str()), before, facts(&after)).await?;
    Ok(after)
}

/// What the audit trail tells of it.
fn facts(key: &Key) -> Option<Value> {
    key.secret.as_ref().map(|secret| json!(SecretView::from(secret)))
}

fn entropy(app: &App) -> [u8; ENTROPY] {
    *(app.entropy)().first_chunk().expect("32 bytes are more than a secret takes")
}

impl From<&Secret> for SecretView {
    fn from(secret: &Secret) -> SecretView {
        SecretView {
            mask: secret.mask.clone(),
            drawn_at: secret.drawn_at.into(),
            required_at: secret.required_at.map(Moment),
            former_expires_at: secret.former.map(|former| former.expires_at.into()),
        }
    }
}
