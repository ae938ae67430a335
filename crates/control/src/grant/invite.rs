//! Inviting somebody to one key. Who has no seat yet gets a pending one for this key only; who has one gets the role at once.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{audit::Action, permission::Permission, person::Email, role::RoleScope};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{KeyMemberInForce, give, in_force, put};
use crate::{
    account::Rate,
    actor::Actor,
    app::App,
    body::{Body, field},
    change::Change,
    error::Problem,
    invitation::{SeatTerms, offer_seat, send},
    member::cap::Cap,
    role,
};

/// Whom to invite to a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyInvitation {
    /// What the account calls the person: 1 to 80 characters; of somebody with a seat it stays as it is.
    name: String,
    /// Where the invitation goes.
    email: String,
    /// Their role on the key: `admin`, `member`, or the id of one of the key's own.
    role: String,
    /// Quotas over all values they will own; of somebody with a seat they stay as they are.
    #[serde(default)]
    caps: Vec<Cap>,
    /// How fast they will be able to call over all of them; of somebody with a seat it stays as it is.
    #[serde(default)]
    rates: Vec<Rate>,
}

/// Invites somebody to one key.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/invitations", tag = "grant",
    params(("account" = String, Path), ("key" = String, Path)), request_body = KeyInvitation,
    responses((status = 201, body = KeyMemberInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn invite_to_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, key)): Path<(String, String)>,
    Body(asked): Body<KeyInvitation>,
) -> Result<(StatusCode, Json<KeyMemberInForce>), Problem> {
    let (change, key) = Change::on_key(&app, &actor, &key, Permission::TeamworkInvite).await?;
    let (name, email): (_, Email) = (field("name", &asked.name)?, field("email", &asked.email)?);
    let given = role::given(&change, RoleScope::Key(key.id), &asked.role).await?;
    let seat = match store::member::of_email(&change.tx, change.account, &email).await? {
        Some(seat) => {
            change.may_on(&key, Permission::TeamworkAssign)?;
            give(&change, &key, &seat, &given).await?;
            seat
        }
        None => {
            let terms = SeatTerms { caps: &asked.caps, rates: &asked.rates, ends_at: None };
            let seat = offer_seat(&change, (name, email), &given, terms).await?;
            put(&change, &key, &seat, &given).await?;
            send(&change, &seat).await?;
            let told = json!({
                "email": seat.email.to_string(), "key": key.name, "role": given.name, "caps": asked.caps, "rates": asked.rates,
            });
            change.record(Action::MemberInvite, (seat.id, seat.name.as_str()), None, Some(told)).await?;
            seat
        }
    };
    let shown = in_force(change, &actor, &key, seat).await?;
    Ok((StatusCode::CREATED, Json(shown)))
}
