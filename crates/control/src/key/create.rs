//! Making keys: one that somebody asks for, and the first one of a new member.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    audit::Action,
    grant::Grant,
    id::MemberId,
    key::{Key, Sharing, value::ValueText},
    member::{Member, MemberState},
    name::Title,
    permission::Permission,
    plan,
    role::{Role, RoleScope},
    time::Timestamp,
};
use serde::Deserialize;
use store::Tx;
use utoipa::ToSchema;

use super::{NewKey, edit, end, facts, may_draw, metadata, opened, show};
use crate::{
    account,
    actor::Actor,
    app::App,
    body::{Body, field},
    change::Change,
    error::Problem,
    member,
    value::{self, NewValue},
};

/// Where the key of a new member is used.
const FIRST_ENVIRONMENT: &str = "Development";

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyAsked {
    /// What people call it: 1 to 80 characters.
    name: String,
    /// Where it is used: `Development`, `Pre-production`, `Production`, or a word of the account's own.
    environment: String,
    /// Who may hold values of it.
    sharing: SharingAsked,
    /// Of an own key: the member whose it is; you, if nothing is said.
    holder: Option<String>,
    /// The APIs it opens; all that the account subscribes to, if none is named.
    #[serde(default)]
    apis: Vec<String>,
    /// The networks it opens; all of those APIs, if none is named.
    #[serde(default)]
    networks: Vec<String>,
    /// From when on it is refused.
    expires_at: Option<String>,
    /// What your programs remember of it: at most 20 pairs.
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

/// Who may hold values of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharingAsked {
    /// One member.
    Own,
    /// Every member who may use keys, each with a value of their own.
    Shared,
}

/// Makes a key; where you hold it, your value of it comes with the answer.
#[utoipa::path(post, path = "/accounts/{account}/keys", tag = "key", params(("account" = String, Path)),
    request_body = KeyAsked,
    responses((status = 201, body = NewKey), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn create_key(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(asked): Body<KeyAsked>,
) -> Result<(StatusCode, Json<NewKey>), Problem> {
    let change = Change::begin(&app, &actor, Permission::KeysCreate).await?;
    let key = read(&change, asked).await?;
    let plans = account::plans(&change.tx, change.account).await?;
    plan::may_add_keys(&plans, store::key::count(&change.tx, change.account).await?, 1)?;
    store::key::insert(&change.tx, &key).await?;
    edit::first(&change, &key).await?;
    change.record(Action::KeyCreate, (key.id, key.name.as_str()), None, Some(facts(&key))).await?;
    grant_to_creator(&change, &key).await?;
    let standing = store::standing::of(&change.tx, change.seat.clone()).await?;
    let value = match may_draw(&standing, &key) {
        Ok(()) => Some(draw(&app, &change.tx, &key, change.seat.id, change.now).await?),
        Err(_) => None,
    };
    let effective_at = change.commit().await?;
    let key = show(&app, &actor, key).await?;
    Ok((StatusCode::CREATED, Json(NewKey { key, value, effective_at: effective_at.into() })))
}

/// Who makes a key looks after it: they hold `creator` on it, unless their role in the account says as much.
async fn grant_to_creator(change: &Change<'_>, key: &Key) -> Result<(), Problem> {
    let (scope, role) = (RoleScope::Key(key.id), Role::Creator);
    if change.rights.in_account().covers(role.built_in(scope).unwrap_or_default()) {
        return Ok(());
    }
    let (member, granted_at) = (change.seat.id, change.now);
    let grant = Grant { key: key.id, member, role, granted_by: None, granted_at };
    Ok(store::grant::put(&change.tx, change.account, &grant).await?)
}

/// The key of a new member, with its first value; none where the plan has no room for it.
///
/// Errors: those of the store.
pub async fn first(app: &App, tx: &Tx, seat: &Member, now: Timestamp) -> Result<Option<(Key, NewValue)>, Problem> {
    let plans = account::plans(tx, seat.account).await?;
    if plan::may_add_keys(&plans, store::key::count(tx, seat.account).await?, 1).is_err() {
        return Ok(None);
    }
    let name = first_name(&seat.name);
    let environment = FIRST_ENVIRONMENT.parse().expect("a word");
    let sharing = Sharing::Own { holder: seat.id };
    let key = Key::new(app.id(now), seat.account, name, environment, sharing, now);
    store::key::insert(tx, &key).await?;
    let value = draw(app, tx, &key, seat.id, now).await?;
    Ok(Some((key, value)))
}

fn first_name(of: &Title) -> Title {
    format!("{of}'s key").parse().unwrap_or_else(|_| of.clone())
}

async fn draw(app: &App, tx: &Tx, key: &Key, member: MemberId, now: Timestamp) -> Result<NewValue, Problem> {
    let text = ValueText::draw(value::entropy(app));
    let drawn = key.draw(app.id(now), Some(member), &text, now)?;
    store::value::insert(tx, &drawn).await?;
    Ok(value::new(app, key, &drawn, &text))
}

async fn read(change: &Change<'_>, asked: KeyAsked) -> Result<Key, Problem> {
    let (name, environment) = (field("name", &asked.name)?, field("environment", &asked.environment)?);
    let (apis, networks) = opened(&change.tx, change.account, &asked.apis, &asked.networks).await?;
    let expires_at = end(asked.expires_at.as_deref(), change.now)?;
    let sharing = match (asked.sharing, &asked.holder) {
        (SharingAsked::Shared, None) => Sharing::Shared,
        (SharingAsked::Shared, Some(_)) => return Err(Problem::field("holder", "a shared key has no holder")),
        (SharingAsked::Own, None) => Sharing::Own { holder: change.seat.id },
        (SharingAsked::Own, Some(holder)) => {
            let nobody = || Problem::field("holder", "name an active member of the account");
            let holder = change.member(member::id(holder).map_err(|_| nobody())?).await.map_err(|_| nobody())?;
            if !matches!(holder.state(), MemberState::Active | MemberState::Suspended) {
                return Err(nobody());
            }
            Sharing::Own { holder: holder.id }
        }
    };
    let metadata = metadata(&asked.metadata)?;
    let key = Key::new(change.app.id(change.now), change.account, name, environment, sharing, change.now);
    Ok(Key { apis, networks, expires_at, metadata, ..key })
}
