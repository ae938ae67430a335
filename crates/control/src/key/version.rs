//! Versions of a key: what it allowed after each change, what differs, and going back to one.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    allowlist::Editor,
    audit::Action,
    key::Key,
    limit::{check_quotas, check_rates},
    name::Reason,
    permission::Permission,
    rate_limit::RateLimit,
    version::{Part, Terms, Version},
};
use serde::Deserialize;
use serde_json::json;
use store::{Source, quota::Owner};
use utoipa::ToSchema;

use super::{
    KeyInForce,
    edit::{Edit, Why, of_nobody},
    in_force, limit, may_see_security, opened, seen,
};
use crate::{
    actor::Actor,
    allowlist::of_key::{editor, may_set},
    app::App,
    body::{Asked, Body, field_if_any},
    change::Change,
    error::Problem,
    version::{IfMatch, Versioned},
};

mod view;

pub use view::{VersionView, VersionWhole, Versions};

/// Versions of a page, if nothing is said.
const PAGE: u32 = 50;
/// The most versions of a page.
const MAX_PAGE: u32 = store::version::MAX_PAGE;

/// Which versions are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VersionsAsked {
    /// Where the page before ended: its `next`.
    before: Option<u64>,
    /// Versions of the page, 1 to 200; 50 if nothing is said.
    limit: Option<u32>,
}

/// Why a version is gone back to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreAsked {
    /// Why: at most 200 characters.
    reason: Option<String>,
}

/// What a key allowed after each change, newest first. What differs is told by the names of fields; a single version tells all.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/versions", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), VersionsAsked),
    responses((status = 200, body = Versions), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn list_versions(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id)): Path<(String, String)>,
    Asked(asked): Asked<VersionsAsked>,
) -> Result<Json<Versions>, Problem> {
    let key = seen(&app.store, &actor, &id).await?;
    may_see_security(actor.standing(), &key)?;
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Problem::field("limit", format!("1 to {MAX_PAGE} versions")));
    }
    let mut found = store::version::list(&app.store, key.id, asked.before, limit).await?;
    let next = found.last().filter(|_| found.len() == limit as usize).map(|version| version.number);
    if found.is_empty() && asked.before.is_none() {
        found.push(of_nobody(&key, key.version, key.created_at));
    }
    let mine = editor(actor.standing(), actor.caller(), &key);
    let view = |version: &Version| VersionView::of(version, &key, mine);
    Ok(Json(Versions { versions: found.iter().map(view).collect(), next }))
}

/// A version of a key: all that it allowed, and what differs from the version before it and from now.
#[utoipa::path(get, path = "/accounts/{account}/keys/{key}/versions/{version}", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("version" = u64, Path)),
    responses((status = 200, body = VersionWhole), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_version(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id, number)): Path<(String, String, String)>,
) -> Result<Json<VersionWhole>, Problem> {
    let key = seen(&app.store, &actor, &id).await?;
    may_see_security(actor.standing(), &key)?;
    let (version, then) = find(&app.store, &key, &number).await?;
    let before = match version.number {
        1 => None,
        number => store::version::find(&app.store, key.id, number - 1).await?.map(|(_, terms)| terms),
    };
    let now = store::version::terms(&app.store, &key).await?;
    let mine = editor(actor.standing(), actor.caller(), &key);
    Ok(Json(VersionWhole::of(VersionView::of(&version, &key, mine), before.as_ref(), &then, &now)))
}

/// Goes back to a version: what it allowed is allowed again, as a new version. Each field that differs needs its own permission.
/// Values, secrets and holders stay, and so do the switches: whether the key is on, and whether it asks for its secret.
#[utoipa::path(post, path = "/accounts/{account}/keys/{key}/versions/{version}/restore", tag = "key",
    params(("account" = String, Path), ("key" = String, Path), ("version" = u64, Path),
        ("If-Match" = Option<String>, Header)),
    request_body = RestoreAsked,
    responses((status = 200, body = KeyInForce), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn restore_version(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, id, number)): Path<(String, String, String)>,
    based_on: IfMatch,
    Body(asked): Body<RestoreAsked>,
) -> Result<Versioned<KeyInForce>, Problem> {
    let reason: Option<Reason> = field_if_any("reason", asked.reason.as_deref())?;
    let change = Change::of_own(&app, &actor).await?;
    let (key, who) = (change.key(&id).await?, change.standing());
    may_see_security(&who, &key)?;
    let mine = editor(&who, actor.caller(), &key);
    let edit = Edit::begin(&change, key, &based_on).await?;
    let (version, then) = find(&change.tx, &edit.before, &number).await?;
    let after = then.restored(edit.before.clone(), change.now);
    let rates: Vec<RateLimit> = then.rates.iter().copied().map(RateLimit::from).collect();
    let target = Terms::of(&after, then.quotas.iter().copied(), &rates);
    let changed = edit.terms.changed(&target);
    if changed.is_empty() {
        return Err(Problem::refused("the key allows what it did in this version already"));
    }
    may(&change, mine, (&edit.before, &after), &changed)?;
    fits(&change, &after, &then, &rates).await?;
    if changed.contains(&Part::Quotas) {
        let owner = (Owner::Key(after.id), after.created_at);
        store::quota::replace(&change.tx, owner, &then.quotas, change.now, &mut || app.random()).await?;
    }
    if changed.contains(&Part::Rates) {
        store::rate_limit::replace(&change.tx, after.id, &rates).await?;
    }
    let (before, told) = (view::facts(&edit.terms, &changed), view::facts(&target, &changed));
    let after = edit.save(&change, after, Why { reason, restored: Some(version.number) }).await?;
    let told = json!({ "version": version.number, "fields": told });
    change.record(Action::KeyRestore, (after.id, after.name.as_str()), Some(before), Some(told)).await?;
    in_force(change, &actor, after).await
}

/// A version of the key, and what it allowed.
async fn find(from: &impl Source, key: &Key, number: &str) -> Result<(Version, Terms), Problem> {
    let nowhere = || Problem::not_found("version");
    let number: u64 = number.parse().map_err(|_| nowhere())?;
    match store::version::find(from, key.id, number).await? {
        Some(found) => Ok(found),
        // Nobody changed the key since versions are kept.
        None if number == key.version => {
            Ok((of_nobody(key, number, key.created_at), store::version::terms(from, key).await?))
        }
        None => Err(nowhere()),
    }
}

/// Whether the actor may change all of these parts.
fn may(change: &Change<'_>, mine: Editor, (before, after): (&Key, &Key), changed: &[Part]) -> Result<(), Problem> {
    may_set(mine, before, &after.lists, after.locked_lists)?;
    for part in changed {
        match part {
            Part::List(_) => {}
            Part::Quotas | Part::Rates => change.may_on(before, Permission::SecurityLimits)?,
            _ => change.may_on(before, Permission::KeysEdit)?,
        }
    }
    Ok(())
}

/// Whether what the version allowed can hold today: APIs and prices may be others.
async fn fits(change: &Change<'_>, after: &Key, then: &Terms, rates: &[RateLimit]) -> Result<(), Problem> {
    let apis: Vec<String> = after.apis.iter().map(ToString::to_string).collect();
    let networks: Vec<String> = after.networks.iter().map(ToString::to_string).collect();
    opened(&change.tx, change.account, &apis, &networks).await?;
    check_quotas(&then.quotas).map_err(|(_, refused)| Problem::field("quotas", refused))?;
    let dearest = limit::dearest(&change.tx, after).await?;
    let dearest = dearest.as_ref().map(|(api, credits)| (api, *credits));
    check_rates(rates, dearest).map_err(|(_, refused)| Problem::field("rates", refused))
}
