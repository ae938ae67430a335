//! Leaked values: a scanner found them where others can read them, and reports them. Each is known by its hash alone; of values that
//! the one who reports may not revoke, the answer says the same as of values that never were.

use std::{collections::HashMap, sync::Arc};

use axum::{Json, extract::State};
use domain::{
    audit::Action,
    id::ValueId,
    key::{Key, Value, value},
    leak::OnLeak,
    name::Reason,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;

use crate::{
    actor::Caller,
    app::App,
    audit::{self, What, Who},
    body::{Body, field_if_any},
    error::Problem,
    key::is_live,
    mail::{self, Leak},
    view::Moment,
};
use reach::Reach;

mod reach;
pub mod rule;

/// The most values of one report.
pub const MAX_VALUES: usize = 100;

/// Values that were found where others can read them. It has no `Debug`: what it holds is secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeakReport {
    /// Their texts, `kw_…`: at most 100.
    values: Vec<String>,
    /// Where they were found, for those who are told: at most 200 characters.
    place: Option<String>,
}

/// What became of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeakReported {
    /// For each value of the report, in its order.
    results: Vec<LeakResult>,
    /// From this moment on every gateway refuses what was revoked.
    effective_at: Moment,
}

/// What became of one value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeakResult {
    /// What was done.
    done: LeakDone,
    /// What pages show of the value; null: it is unknown.
    mask: Option<String>,
    /// Its key; null: it is unknown.
    key_id: Option<String>,
}

/// What was done with a value of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeakDone {
    /// It is revoked for good, and its member and the owner are told.
    Revoked,
    /// They are told; it still works.
    Alerted,
    /// It did not work any more.
    Over,
    /// It is no value, or none that you may revoke.
    Unknown,
}

/// Reports values that leaked; what is done with each is what its account says. It reaches the values that you may revoke, with an
/// access token those of its account; an operator's, with a token that is for operating too, reach all.
#[utoipa::path(post, path = "/keys/leaked", tag = "value", request_body = LeakReport,
    responses((status = 200, body = LeakReported), (status = 401, body = Problem), (status = 422, body = Problem),
        (status = 429, body = Problem)))]
pub async fn report_leaked(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(asked): Body<LeakReport>,
) -> Result<Json<LeakReported>, Problem> {
    app.limits.report(caller.person.id)?;
    if asked.values.len() > MAX_VALUES {
        return Err(Problem::field("values", format!("at most {MAX_VALUES} values in one report")));
    }
    let place: Option<Reason> = field_if_any("place", asked.place.as_deref())?;
    let (tx, now) = (app.store.begin().await?, app.now());
    let reach = Reach::of(&app, &tx, &caller, now).await?;
    let report = Report { app: &app, tx: &tx, reach: &reach, place: place.as_ref(), now };
    let mut done: HashMap<ValueId, LeakResult> = HashMap::new();
    let mut results = Vec::with_capacity(asked.values.len());
    for text in &asked.values {
        results.push(report.one(text.trim(), &mut done).await?);
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Json(LeakReported { results, effective_at: app.effect.now().await.into() }))
}

/// A report in the making.
struct Report<'a> {
    app: &'a App,
    tx: &'a Tx,
    reach: &'a Reach,
    place: Option<&'a Reason>,
    now: Timestamp,
}

impl Report<'_> {
    /// What becomes of one value; one that stands in the report twice is done with once.
    async fn one(&self, text: &str, done: &mut HashMap<ValueId, LeakResult>) -> Result<LeakResult, Problem> {
        let unknown = LeakResult { done: LeakDone::Unknown, mask: None, key_id: None };
        if !value::is_well_formed(text.as_bytes()) {
            return Ok(unknown);
        }
        let Some(found) = store::value::find_by_hash(self.tx, value::hash(text.as_bytes())).await? else {
            return Ok(unknown);
        };
        let Some(key) = store::key::find(self.tx, found.key).await? else { return Ok(unknown) };
        let Some(who) = self.reach.who(&key, &found) else { return Ok(unknown) };
        if let Some(before) = done.get(&found.id) {
            return Ok(before.clone());
        }
        let result = LeakResult {
            done: self.take(&who, &key, &found).await?,
            mask: Some(found.mask.clone()),
            key_id: Some(key.id.to_string()),
        };
        done.insert(found.id, result.clone());
        Ok(result)
    }

    /// Does with a value what its account says.
    async fn take(&self, who: &Who, key: &Key, value: &Value) -> Result<LeakDone, Problem> {
        if key.revoked_at.is_some() || !is_live(value, self.now) {
            return Ok(LeakDone::Over);
        }
        let on_leak = store::leak::find(self.tx, key.account).await?;
        let done = match on_leak {
            OnLeak::Revoke => {
                store::value::save(self.tx, &value.clone().revoke(self.now)?).await?;
                LeakDone::Revoked
            }
            OnLeak::Alert => LeakDone::Alerted,
        };
        let told = json!({ "value": value.mask, "done": on_leak.as_str(), "place": self.place });
        let (subject, name) = (key.id.to_string(), key.name.as_str());
        let what = What { action: Action::ValueLeak, subject, name, before: None, after: Some(told) };
        audit::record(self.app, self.tx, who, what, self.now).await?;
        self.tell(Leak { key, value, place: self.place, done: on_leak }).await?;
        Ok(done)
    }

    /// Tells the owner of the account and the value's member, each once.
    async fn tell(&self, leak: Leak<'_>) -> Result<(), Problem> {
        let Some(account) = store::account::find(self.tx, leak.key.account).await? else { return Ok(()) };
        let owner = store::member::owner(self.tx, account.id).await?;
        let member = match leak.value.member {
            Some(member) => store::member::find(self.tx, member).await?,
            None => None,
        };
        let member = member.filter(|seat| seat.removed_at.is_none() && !seat.is_owner());
        for seat in owner.into_iter().chain(member) {
            let letter = self.app.letters.leak(leak, seat.name.as_str(), &account)?;
            mail::post(self.app, self.tx, &seat.email, letter, self.now).await?;
        }
        Ok(())
    }
}
