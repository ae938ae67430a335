//! Allowlists of a key: from which addresses, and from which pages, it may be called with.

use std::{fmt::Display, str::FromStr, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    allowlist::{AddressEntry, Allowlist, DomainEntry, Listed, Lists, Mode},
    audit::Action,
    key::{Key, KeyRefused},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    body::{Body, field, field_if_any},
    change::Change,
    error::Problem,
    key,
    view::Moment,
};

/// Both lists of a key.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowlists {
    /// Addresses (`203.0.113.7`) and networks (`203.0.113.0/24`, `2001:db8::/32`) that may call.
    addresses: AllowlistView,
    /// Hosts (`app.example.com`, `*.example.com`) of the pages that may call.
    domains: AllowlistView,
}

/// One list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Allowlist)]
pub struct AllowlistView {
    /// Whether it is looked at.
    mode: ModeView,
    /// What may call; an empty list stands open. At most 1,000.
    entries: Vec<AllowlistEntry>,
}

/// Whether a list is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AllowlistMode)]
pub enum ModeView {
    /// Everything may call.
    Off,
    /// What has no entry is denied.
    Enforce,
}

/// An entry of a list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowlistEntry {
    /// What may call.
    value: String,
    /// Why it stands there: at most 200 characters.
    #[serde(default)]
    note: Option<String>,
}

/// Both lists of a key, and the moment from which they hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowlistsInForce {
    /// As they are now.
    #[serde(flatten)]
    lists: Allowlists,
    /// From this moment on every gateway acts on them.
    effective_at: Moment,
}

/// From where a key may be called with.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/allowlists", tag = "allowlist",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = Allowlists), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_allowlists(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Allowlists>, Problem> {
    let key = key::seen(&app.store, &actor, &id).await?;
    key::may_see_security(actor.permissions(), actor.seat().id, &key)?;
    Ok(Json(view(&key)))
}

/// Replaces both lists of a key.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/allowlists", tag = "allowlist",
    params(("account" = String, Path), ("key" = String, Path)), request_body = Allowlists,
    responses((status = 200, body = AllowlistsInForce), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn set_allowlists(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    Body(asked): Body<Allowlists>,
) -> Result<Json<AllowlistsInForce>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let before = key::seen(&change.tx, &actor, &id).await?;
    key::may_list(change.seat.role.permissions(), change.seat.id, &before)?;
    if before.revoked_at.is_some() {
        return Err(KeyRefused::Revoked.into());
    }
    let lists = Lists {
        addresses: read::<AddressEntry>("addresses", &asked.addresses)?,
        domains: read::<DomainEntry>("domains", &asked.domains)?,
        ..before.lists.clone()
    };
    let after = Key { lists, ..before.clone() };
    store::key::save(&change.tx, &after).await?;
    let name = after.name.clone();
    let told = |key: &Key| Some(json!(view(key)));
    change.record(Action::AllowlistEdit, (after.id, name.as_str()), told(&before), told(&after)).await?;
    let effective_at = change.commit().await?;
    Ok(Json(AllowlistsInForce { lists: view(&after), effective_at: effective_at.into() }))
}

fn view(key: &Key) -> Allowlists {
    Allowlists { addresses: list_view(&key.lists.addresses), domains: list_view(&key.lists.domains) }
}

fn list_view<E: Display>(list: &Allowlist<E>) -> AllowlistView {
    let entry = |listed: &Listed<E>| AllowlistEntry {
        value: listed.entry.to_string(),
        note: listed.note.as_ref().map(ToString::to_string),
    };
    let mode = match list.mode() {
        // To this form a list that denies nothing is off.
        Mode::Off | Mode::Observe => ModeView::Off,
        Mode::Enforce => ModeView::Enforce,
    };
    AllowlistView { mode, entries: list.entries().iter().map(entry).collect() }
}

fn read<E>(name: &str, asked: &AllowlistView) -> Result<Allowlist<E>, Problem>
where
    E: FromStr<Err: ToString> + PartialEq + Display,
{
    let entry = |(place, entry): (usize, &AllowlistEntry)| {
        let place = format!("{name}.entries[{place}]");
        Ok(Listed {
            entry: field(&format!("{place}.value"), entry.value.trim())?,
            note: field_if_any(&format!("{place}.note"), entry.note.as_deref().filter(|note| !note.is_empty()))?,
            until: None,
        })
    };
    let entries = asked.entries.iter().enumerate().map(entry).collect::<Result<Vec<_>, Problem>>()?;
    let mode = match asked.mode {
        ModeView::Off => Mode::Off,
        ModeView::Enforce => Mode::Enforce,
    };
    Allowlist::new(mode, entries).map_err(|refused| Problem::field(&format!("{name}.entries"), refused))
}
