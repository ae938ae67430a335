//! The request log as people read it: their own calls, or with `stats.view` everybody's; each row with what was decided.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    allowlist::ListKind,
    decision::Denial,
    id::{AccountId, KeyId, MemberId, RequestId, ValueId},
    member::Member,
    name::{ApiName, NetworkName, Title},
    permission::Permission,
    request_log::{Outcome, Place, Row},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::request_log::{Cursor, Filter};
use utoipa::ToSchema;

use crate::{
    actor::{Actor, Sight},
    app::App,
    body::{Asked, field, field_if_any},
    error::Problem,
    list,
};

mod row;
mod step;

pub use row::RequestRow;

/// Rows of a page, if nothing is said.
const PAGE: u32 = 50;
/// The most rows of a page.
const MAX_PAGE: u32 = 200;

/// Which rows are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RequestsAsked {
    /// Of values that this member owns.
    member: Option<String>,
    /// Of this key.
    key: Option<String>,
    /// To this API.
    api: Option<String>,
    /// To this network.
    network: Option<String>,
    /// Of this method, written as in the rows.
    method: Option<String>,
    /// That ended so: `answered`, `failed`, `denied`, `abandoned`, `unknown`.
    outcome: Option<String>,
    /// Denied for this reason.
    denial: Option<String>,
    /// That a list of this kind would have denied, were it enforced: `addresses`, `domains`, `methods`, `contracts`.
    observed: Option<String>,
    /// Answered with this HTTP status.
    status: Option<u16>,
    /// From this moment on.
    after: Option<String>,
    /// Before this moment.
    before: Option<String>,
    /// Where the page before ended: its `next`.
    cursor: Option<String>,
    /// Rows of the page, 1 to 200; 50 if nothing is said.
    limit: Option<u32>,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Requests {
    /// Newest first.
    requests: Vec<RequestRow>,
    /// The cursor of the next page; null: there is none.
    next: Option<String>,
    /// Whose calls you see.
    scope: SightView,
}

/// The calls of one request.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneRequest {
    /// Several for a batch, in its order.
    requests: Vec<RequestRow>,
}

/// Whose calls and figures you see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SightView {
    /// Your own, and those with keys on which you hold `stats.view`.
    Own,
    /// Everybody's in the account.
    Account,
}

/// The log, newest first: your own calls, those with keys on which you hold `stats.view`, or with `stats.view` in the account those
/// of the owner and all members.
#[utoipa::path(get, path = "/accounts/{account}/requests", tag = "request_log",
    params(("account" = String, Path), RequestsAsked),
    responses((status = 200, body = Requests), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list_requests(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<RequestsAsked>,
) -> Result<Json<Requests>, Problem> {
    let within = within(&actor, asked.member.as_deref(), asked.key.as_deref())?;
    page(&app, asked, within, actor.sight().into()).await.map(Json)
}

/// A page of the rows that are asked for, among those that `within` leaves.
///
/// Errors: 422 with the field's name; those of the store.
pub async fn page(app: &App, asked: RequestsAsked, within: Filter, scope: SightView) -> Result<Requests, Problem> {
    let limit = list::limit(asked.limit, (PAGE, MAX_PAGE), "rows")?;
    let mut filter = within;
    filter.api = field_if_any::<ApiName>("api", asked.api.as_deref())?;
    filter.network = field_if_any::<NetworkName>("network", asked.network.as_deref())?;
    filter.method = asked.method;
    filter.outcome = field_if_any::<Outcome>("outcome", asked.outcome.as_deref())?;
    filter.denial = field_if_any::<Denial>("denial", asked.denial.as_deref())?;
    filter.observed = field_if_any::<ListKind>("observed", asked.observed.as_deref())?;
    filter.status = asked.status;
    filter.after = field_if_any::<Timestamp>("after", asked.after.as_deref())?;
    filter.before = field_if_any::<Timestamp>("before", asked.before.as_deref())?;
    filter.cursor = asked.cursor.as_deref().map(cursor).transpose()?;
    filter.limit = limit;
    let rows = store::request_log::list(&app.store, &filter).await?;
    let next = rows.last().filter(|_| rows.len() == limit as usize).map(|row| cursor_after(row.time, &row.place));
    Ok(Requests { requests: views(app, rows).await?, next, scope })
}

/// The calls of one request, by the id that its answer carried.
#[utoipa::path(get, path = "/accounts/{account}/requests/{request}", tag = "request_log",
    params(("account" = String, Path), ("request" = String, Path)),
    responses((status = 200, body = OneRequest), (status = 404, body = Problem)))]
pub async fn get_request(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, request)): Path<(String, String)>,
) -> Result<Json<OneRequest>, Problem> {
    let nowhere = || Problem::not_found("request");
    let id: RequestId = request.parse().map_err(|_| nowhere())?;
    let requests = of_request(&app, &actor, id).await?;
    if requests.is_empty() { Err(nowhere()) } else { Ok(Json(OneRequest { requests })) }
}

/// The rows of a request that the actor sees.
///
/// Errors: those of the store.
pub async fn of_request(app: &App, actor: &Actor, id: RequestId) -> Result<Vec<RequestRow>, Problem> {
    let sight = actor.sight();
    let mut rows = store::request_log::find(&app.store, id, sight.account()).await?;
    rows.retain(|row| sight.shows(row));
    views(app, rows).await
}

/// All rows of an account, of a member or a key if one is asked for.
///
/// Errors: 422 for what is no id.
pub fn of_whole(account: AccountId, asked: &RequestsAsked) -> Result<Filter, Problem> {
    let member = field_if_any::<MemberId>("member", asked.member.as_deref())?;
    let key = field_if_any::<KeyId>("key", asked.key.as_deref())?;
    Ok(Filter { account: Some(account), member, key, ..Filter::default() })
}

/// The rows that the actor sees, of a member or a key if one is named.
///
/// Errors: 403 for another member's rows without `stats.view` in the account or on the key; 422 for what is no id.
pub fn within(actor: &Actor, member: Option<&str>, key: Option<&str>) -> Result<Filter, Problem> {
    let member = field_if_any::<MemberId>("member", member)?;
    let key = field_if_any::<KeyId>("key", key)?;
    let sight = actor.sight();
    let account = Some(sight.account());
    match (&sight, member, key) {
        (Sight::Account(_), member, key) => Ok(Filter { account, member, key, ..Filter::default() }),
        (Sight::Own(_, _, whole), member, Some(key)) if whole.contains(&key) => {
            Ok(Filter { account, member, key: Some(key), ..Filter::default() })
        }
        (Sight::Own(_, own, whole), Some(other), key) if other != *own => {
            let elsewhere = whole.is_empty() || key.is_some();
            let others = Filter { member: Some(other), ..sight.filter() };
            if elsewhere { Err(Problem::missing(Permission::StatsView)) } else { Ok(others) }
        }
        (Sight::Own(_, own, _), member, key) if member.is_some() || key.is_some() => {
            Ok(Filter { account, member: Some(*own), key, ..Filter::default() })
        }
        (Sight::Own(..), ..) => Ok(sight.filter()),
    }
}

impl From<Sight> for SightView {
    fn from(sight: Sight) -> SightView {
        match sight {
            Sight::Own(..) => SightView::Own,
            Sight::Account(_) => SightView::Account,
        }
    }
}

/// What rows name by id: who, which key, which value.
pub struct Names {
    members: HashMap<MemberId, Title>,
    keys: HashMap<KeyId, Title>,
    masks: HashMap<ValueId, String>,
}

/// The names of these members and keys, each of which may be told several times.
///
/// Errors: those of the store.
pub async fn names(app: &App, members: Vec<MemberId>, keys: Vec<KeyId>) -> Result<Names, Problem> {
    let members = store::member::list_these(&app.store, &once_each(members)).await?;
    let keys = store::key::list_these(&app.store, &once_each(keys)).await?;
    Ok(Names {
        members: members.into_iter().map(|Member { id, name, .. }| (id, name)).collect(),
        keys: keys.into_iter().map(|key| (key.id, key.name)).collect(),
        masks: HashMap::new(),
    })
}

impl Names {
    /// A member by name.
    pub fn member(&self, id: MemberId) -> crate::view::Ref {
        crate::view::Ref { id: id.to_string(), name: self.members.get(&id).map_or("", |name| name.as_str()).to_owned() }
    }

    /// A key by name.
    pub fn key(&self, id: KeyId) -> crate::view::Ref {
        crate::view::Ref { id: id.to_string(), name: self.keys.get(&id).map_or("", |name| name.as_str()).to_owned() }
    }
}

fn once_each<T: Ord>(mut ids: Vec<T>) -> Vec<T> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn views(app: &App, rows: Vec<Row>) -> Result<Vec<RequestRow>, Problem> {
    let members = rows.iter().filter_map(|row| row.member).collect();
    let keys: Vec<KeyId> = rows.iter().map(|row| row.key).collect();
    let mut names = names(app, members, keys.clone()).await?;
    let values = store::value::list_of_keys(&app.store, &keys).await?;
    names.masks = values.into_iter().map(|value| (value.id, value.mask)).collect();
    let quotas = row::quotas(app, &rows).await?;
    Ok(rows.into_iter().map(|row| row::view(row, &names, &quotas)).collect())
}

/// `micros.node.epoch.ring.seq`: what tells rows apart, and their order.
fn cursor_after(time: Timestamp, place: &Place) -> String {
    format!("{}.{}.{}.{}.{}", time.micros(), place.node, place.epoch, place.ring, place.seq)
}

fn cursor(text: &str) -> Result<Cursor, Problem> {
    let refused = || Problem::field("cursor", "this is not the `next` of a page");
    let parts: Vec<&str> = text.split('.').collect();
    let [time, node, epoch, ring, seq] = parts[..] else { return Err(refused()) };
    let time: i64 = field("cursor", time)?;
    let place = Place {
        node: field("cursor", node)?,
        epoch: field("cursor", epoch)?,
        ring: field("cursor", ring)?,
        seq: field("cursor", seq)?,
    };
    Ok(Cursor { time: Timestamp::from_micros(time), place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back() {
        let place = Place { node: 3, epoch: 2, ring: 1, seq: 77 };
        let time = Timestamp::from_micros(1_234_567);
        let read = cursor(&cursor_after(time, &place)).expect("ours");
        assert_eq!(read, Cursor { time, place });
        for text in ["", "1.2.3.4", "1.2.3.4.5.6", "a.1.1.1.1", "1.1.1.99999999.1", "1.1.-1.1.1"] {
            assert!(cursor(text).is_err(), "{text}");
        }
    }
}
