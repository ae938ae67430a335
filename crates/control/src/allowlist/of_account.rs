//! The lists of an account: what calls with any of its keys must pass, beside the lists of the key.

use std::sync::Arc;

use axum::extract::State;
use domain::{
    account::Account,
    allowlist::{ListKind, ListKinds},
    audit::Action,
    id::AccountId,
    permission::{Permission, Permissions},
};
use store::Source;

use super::{Allowlists, AllowlistsAsked, AllowlistsInForce, Can, Locks, facts};
use crate::{
    actor::Actor,
    app::App,
    body::Body,
    change::Change,
    error::Problem,
    version::{IfMatch, Versioned},
};

/// Why the account's own lists are never locked.
const ABOVE: &str = "lists of the account are above those of its keys; only the latter are locked";

/// What calls with any key of the account must pass.
#[utoipa::path(get, path = "/accounts/{account}/allowlists", tag = "allowlist", params(("account" = String, Path)),
    responses((status = 200, body = Allowlists), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_account_allowlists(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Versioned<Allowlists>, Problem> {
    let id = actor.may(Permission::SecurityView)?;
    // The version first: a change based on it is refused, not lost, where what is read after it is newer.
    let version = store::account::version(&app.store, id).await?;
    let account = find(&app.store, id).await?;
    Ok(Versioned(version, view(version, actor.permissions(), &account)))
}

/// Sets lists of the account. Each list that changes needs its own permission. With `If-Match` it is refused where the account was
/// changed since that version.
#[utoipa::path(put, path = "/accounts/{account}/allowlists", tag = "allowlist",
    params(("account" = String, Path), ("If-Match" = Option<String>, Header)), request_body = AllowlistsAsked,
    responses((status = 200, body = AllowlistsInForce), (status = 403, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem)))]
pub async fn set_account_allowlists(
    State(app): State<Arc<App>>,
    actor: Actor,
    based_on: IfMatch,
    Body(asked): Body<AllowlistsAsked>,
) -> Result<Versioned<AllowlistsInForce>, Problem> {
    let change = Change::begin(&app, &actor, Permission::SecurityView).await?;
    let before = find(&change.tx, change.account).await?;
    based_on.check(store::account::version(&change.tx, before.id).await?)?;
    if let Some(kind) = asked.locked(ListKinds::NONE).iter().next() {
        return Err(Problem::field(&format!("{kind}.locked"), ABOVE));
    }
    if asked.reason.is_some() {
        return Err(Problem::field("reason", "reasons are kept with versions of keys; the account's lists have none"));
    }
    let lists = asked.read(&before.lists)?;
    let changed = before.lists.changed(&lists);
    for kind in changed.iter() {
        change.may(kind.permission())?;
    }
    let after = Account { lists, ..before.clone() };
    if !changed.is_empty() {
        store::account::save(&change.tx, &after).await?;
        let told = |account: &Account| Some(facts(&account.lists, ListKinds::NONE, changed));
        change.record(Action::AllowlistEdit, (after.id, after.name.as_str()), told(&before), told(&after)).await?;
    }
    let version = store::account::version(&change.tx, after.id).await?;
    let effective_at = change.commit().await?;
    let lists = view(version, actor.permissions(), &after);
    Ok(Versioned(version, AllowlistsInForce { lists, effective_at: effective_at.into() }))
}

async fn find(from: &impl Source, id: AccountId) -> Result<Account, Problem> {
    store::account::find(from, id).await?.ok_or_else(|| Problem::not_found("account"))
}

fn view(version: u64, permissions: Permissions, account: &Account) -> Allowlists {
    let can = |kind: ListKind| -> Can {
        let permission = kind.permission();
        let edit = if permissions.has(permission) { Ok(()) } else { Err(Problem::missing(permission).detail) };
        (edit.into(), Err(ABOVE.to_owned()).into())
    };
    Allowlists::of(version, &account.lists, &Locks::default(), can)
}
