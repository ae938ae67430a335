//! The lists of a key: what calls with it must pass, beside the lists of its account.

use std::sync::Arc;

use axum::extract::{Path, State};
use domain::{
    allowlist::{Editor, ListKind, ListKinds, ListRefused, Lists},
    audit::Action,
    key::{Key, KeyRefused},
    name::Reason,
    standing::Standing,
};
use store::Source;

use super::{Allowlists, AllowlistsAsked, AllowlistsInForce, Can, Locks, facts};
use crate::{
    actor::{Actor, Caller},
    app::App,
    body::{Body, field_if_any},
    change::Change,
    error::Problem,
    key::{edit::Edit, may_see_security, seen},
    version::{IfMatch, Versioned},
};

/// What calls with a key must pass.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/allowlists", tag = "allowlist",
    params(("account" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = Allowlists), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_allowlists(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Versioned<Allowlists>, Problem> {
    let key = seen(&app.store, &actor, &id).await?;
    may_see_security(actor.standing(), &key)?;
    let locks = locks(&app.store, &key).await?;
    Ok(Versioned(key.version, view(editor(actor.standing(), actor.caller(), &key), &key, &locks)))
}

/// Sets lists of a key. A holder may change the addresses and domains of their own key; a list that is locked is changed by
/// who holds its permission in the account. With `If-Match` it is refused where the key was changed since that version.
#[utoipa::path(put, path = "/accounts/{account}/keys/{key}/allowlists", tag = "allowlist",
    params(("account" = String, Path), ("key" = String, Path), ("If-Match" = Option<String>, Header)),
    request_body = AllowlistsAsked,
    responses((status = 200, body = AllowlistsInForce), (status = 403, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem)))]
pub async fn set_allowlists(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    based_on: IfMatch,
    Body(asked): Body<AllowlistsAsked>,
) -> Result<Versioned<AllowlistsInForce>, Problem> {
    let change = Change::of_own(&app, &actor).await?;
    let (before, who) = (change.key(&id).await?, change.standing());
    may_see_security(&who, &before)?;
    let reason: Option<Reason> = field_if_any("reason", asked.reason.as_deref())?;
    let edit = Edit::begin(&change, before, &based_on).await?;
    let before = edit.before.clone();
    let lists = asked.read(&before.lists)?;
    let locked_lists = asked.locked(before.locked_lists);
    let editor = editor(&who, actor.caller(), &before);
    let changed = may_set(editor, &before, &lists, locked_lists)?;
    let mut after = Key { lists, locked_lists, ..before.clone() };
    if !changed.is_empty() {
        after = edit.save(&change, after, reason.into()).await?;
        let told = |key: &Key| Some(facts(&key.lists, key.locked_lists, changed));
        change.record(Action::AllowlistEdit, (after.id, after.name.as_str()), told(&before), told(&after)).await?;
    }
    let locks = locks(&change.tx, &after).await?;
    let effective_at = change.commit().await?;
    let lists = view(editor, &after, &locks);
    Ok(Versioned(after.version, AllowlistsInForce { lists, effective_at: effective_at.into() }))
}

/// Which lists would be others, or be locked or unlocked, if somebody may do all of that.
///
/// Errors: 403 with the permission that is missing.
pub fn may_set(editor: Editor, before: &Key, lists: &Lists, locked: ListKinds) -> Result<ListKinds, Problem> {
    let changed = before.lists.changed(lists);
    for kind in changed.iter() {
        editor.may_change(kind, before.locked_lists.has(kind))?;
    }
    let is_other = |kind: &ListKind| before.locked_lists.has(*kind) != locked.has(*kind);
    let relocked: ListKinds = ListKind::ALL.into_iter().filter(is_other).collect();
    for kind in relocked.iter() {
        editor.may_lock(kind)?;
    }
    Ok(changed | relocked)
}

/// What somebody may do with the key. What a holder may without a permission, no access token does.
pub fn editor(who: &Standing, caller: &Caller, key: &Key) -> Editor {
    let is_holder = caller.token().is_none() && who.holds(key);
    Editor { in_account: who.rights.in_account(), on_key: who.rights.on(key.id), is_holder }
}

async fn locks(from: &impl Source, key: &Key) -> Result<Locks, Problem> {
    Ok(Locks { locked: key.locked_lists, by: store::key::lock::list(from, key.id).await? })
}

fn view(editor: Editor, key: &Key, locks: &Locks) -> Allowlists {
    let can = |kind| -> Can {
        let revoked = key.revoked_at.map(|_| KeyRefused::Revoked.to_string());
        let told = |step: Result<(), ListRefused>| match (&revoked, step) {
            (Some(why), _) => Err(why.clone()),
            (None, Err(refused @ ListRefused::Locked(_))) => match locks.of(kind) {
                Some(lock) => Err(format!("{} locked it: {refused}", lock.member_name)),
                None => Err(refused.to_string()),
            },
            (None, step) => step.map_err(|refused| refused.to_string()),
        };
        (told(editor.may_change(kind, key.locked_lists.has(kind))).into(), told(editor.may_lock(kind)).into())
    };
    Allowlists::of(key.version, &key.lists, locks, can)
}
