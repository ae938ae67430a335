//! Accounts as operators see them: who, under which plans, and totals. Never a row of a customer's log.

use domain::{
    account::Account,
    extra_units::ExtraUnits,
    id::AccountId,
    member::{Member, MemberState as State},
    quota::Period,
    time::{DAY, Timestamp},
};
use serde::Serialize;
use store::request_log;
use utoipa::ToSchema;

use crate::{
    account::{self, Count, Subscription},
    app::App,
    error::Problem,
    view::{MemberState, Metric, Moment},
};

/// The days that the longer total looks back.
const MONTH: i64 = 30;
/// Grants that an account's page shows; the rest come in pages.
const GRANTS: u32 = 20;

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorAccounts {
    /// Newest first.
    pub accounts: Vec<OperatorAccountRow>,
    /// `before` of the next page; null: there is none.
    pub next: Option<String>,
}

/// An account in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorAccountRow {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// When it was made.
    created_at: Moment,
    /// Since when its keys are refused, if they are.
    suspended_at: Option<Moment>,
    /// Who owns it, or was invited to.
    owner: Option<OwnerSeat>,
    /// Its seats, pending ones too.
    members: u64,
    /// Its keys that are not revoked.
    keys: u64,
    /// Under which plans it is.
    plans: Vec<PlanOf>,
    /// What it used since midnight UTC.
    today: Spent,
}

/// An account, with what it subscribes to and what it was granted.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorAccount {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// When it was made.
    created_at: Moment,
    /// Since when its keys are refused, if they are.
    suspended_at: Option<Moment>,
    /// Who owns it, or was invited to.
    owner: Option<OwnerSeat>,
    /// Its seats, pending ones too.
    members: Count,
    /// Its keys that are not revoked.
    keys: Count,
    /// What it may call.
    subscriptions: Vec<Subscription>,
    /// What it used since midnight UTC.
    today: Spent,
    /// What it used in the last 30 days.
    month: Spent,
    /// The newest extra units that it was granted.
    extra_units: Vec<ExtraUnitsView>,
}

/// An account, and the moment from which the change holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorAccountInForce {
    /// As it is now.
    pub account: OperatorAccount,
    /// From this moment on every gateway acts on it.
    pub effective_at: Moment,
}

/// Who owns an account.
#[derive(Debug, Serialize, ToSchema)]
struct OwnerSeat {
    /// Their name.
    name: String,
    /// Their mail address.
    email: String,
    /// `pending`: they were invited, and have not taken it.
    state: MemberState,
    /// Of a pending owner: until when the link works that they were sent.
    invited_until: Option<Moment>,
    /// Of a pending owner: why nobody got the invitation, in the mail server's words.
    refused: Option<String>,
}

/// Which plan an account has for an API.
#[derive(Debug, Serialize, ToSchema)]
struct PlanOf {
    /// The API.
    api: String,
    /// The plan.
    plan: String,
}

/// What was used, summed over all calls.
#[derive(Debug, Serialize, ToSchema)]
struct Spent {
    /// Calls, denied ones too.
    calls: u64,
    /// Requests charged, less those given back.
    requests: u64,
    /// Credits charged, less those given back.
    credits: u64,
}

/// Extra units that were granted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExtraUnits)]
pub struct ExtraUnitsView {
    /// Their id.
    id: String,
    /// The API whose calls may spend them.
    api: String,
    /// What they count.
    metric: Metric,
    /// Which quota they were added to, by its period: `day`, `month`, `cycle`, `30 days`, `lifetime`.
    period: String,
    /// How many.
    units: u64,
    /// Why.
    reason: String,
    /// Who granted them.
    granted_by: String,
    /// When.
    granted_at: Moment,
    /// When the window ends, and with it what is left of them; null: never.
    ends_at: Option<Moment>,
}

/// An account in a list.
///
/// Errors: those of the store.
pub async fn row(app: &App, account: Account) -> Result<OperatorAccountRow, Problem> {
    let subscriptions = store::subscription::list(&app.store, account.id).await?;
    let plans = subscriptions.into_iter().map(|one| PlanOf { api: one.api.to_string(), plan: one.plan.to_string() });
    Ok(OperatorAccountRow {
        id: account.id.to_string(),
        name: account.name.to_string(),
        created_at: account.created_at.into(),
        suspended_at: account.suspended_at.map(Moment),
        owner: owner(app, account.id).await?,
        members: store::member::count(&app.store, account.id).await?,
        keys: store::key::count(&app.store, account.id).await?,
        plans: plans.collect(),
        today: spent(app, account.id, midnight(app.now())).await?,
    })
}

/// An account with all that operators see of it.
///
/// Errors: those of the store.
pub async fn whole(app: &App, account: Account) -> Result<OperatorAccount, Problem> {
    let now = app.now();
    let (members, keys) = account::counts(&app.store, account.id).await?;
    let granted = store::extra_units::list(&app.store, account.id, None, GRANTS).await?;
    Ok(OperatorAccount {
        id: account.id.to_string(),
        name: account.name.to_string(),
        created_at: account.created_at.into(),
        suspended_at: account.suspended_at.map(Moment),
        owner: owner(app, account.id).await?,
        members,
        keys,
        subscriptions: account::subscriptions(app, account.id, now).await?,
        today: spent(app, account.id, midnight(now)).await?,
        month: spent(app, account.id, now.plus(-MONTH * DAY)).await?,
        extra_units: granted.into_iter().map(ExtraUnitsView::from).collect(),
    })
}

impl From<ExtraUnits> for ExtraUnitsView {
    fn from(extra: ExtraUnits) -> ExtraUnitsView {
        ExtraUnitsView {
            id: extra.id.to_string(),
            api: extra.api.to_string(),
            metric: extra.metric.into(),
            period: extra.period.to_string(),
            units: extra.units,
            reason: extra.reason.to_string(),
            granted_by: extra.granted_by,
            granted_at: extra.granted_at.into(),
            ends_at: (extra.period != Period::Lifetime).then(|| extra.window.end.into()),
        }
    }
}

async fn owner(app: &App, account: AccountId) -> Result<Option<OwnerSeat>, Problem> {
    let Some(seat) = store::member::owner(&app.store, account).await? else { return Ok(None) };
    let invitation = match seat.state() {
        State::Pending => store::invitation::of_member(&app.store, seat.id).await?,
        _ => None,
    };
    let invited_until = invitation.as_ref().map(|sent| sent.expires_at().into());
    let refused = invitation.and_then(|sent| sent.refused);
    let state = seat.state().into();
    let Member { name, email, .. } = seat;
    Ok(Some(OwnerSeat { name: name.to_string(), email: email.to_string(), state, invited_until, refused }))
}

async fn spent(app: &App, account: AccountId, since: Timestamp) -> Result<Spent, Problem> {
    let filter = request_log::Filter { account: Some(account), after: Some(since), ..request_log::Filter::default() };
    let sum = request_log::totals(&app.store, &filter).await?;
    Ok(Spent {
        calls: sum.calls,
        requests: sum.requests.saturating_sub(sum.refunded_requests),
        credits: sum.credits.saturating_sub(sum.refunded_credits),
    })
}

fn midnight(now: Timestamp) -> Timestamp {
    Timestamp::from_micros(now.micros().div_euclid(DAY) * DAY)
}
