//! Accounts as operators see them: who, under which plans, and totals. Never a row of a customer's log.

use std::collections::HashMap;

use domain::{
    account::Account,
    extra_units::ExtraUnits,
    id::AccountId,
    member::Member,
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
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
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

/// Accounts in a list.
///
/// Errors: those of the store.
pub async fn rows(app: &App, accounts: Vec<Account>) -> Result<Vec<OperatorAccountRow>, Problem> {
    let (from, now) = (&app.store, app.now());
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let mut plans: HashMap<AccountId, Vec<PlanOf>> = HashMap::new();
    for one in store::subscription::list_of_accounts(from, &ids).await? {
        let plan = PlanOf { api: one.api.to_string(), plan: one.plan.to_string() };
        plans.entry(one.account).or_default().push(plan);
    }
    let (members, keys) = (store::tally::seats(from, &ids).await?, store::tally::keys(from, &ids).await?);
    let mut owners = owners(app, &ids).await?;
    let today = spent_today(app, &ids, now).await?;
    let row = |account: Account| OperatorAccountRow {
        id: account.id.to_string(),
        name: account.name.to_string(),
        created_at: account.created_at.into(),
        suspended_at: account.suspended_at.map(Moment),
        owner: owners.remove(&account.id),
        members: members.get(&account.id).copied().unwrap_or(0),
        keys: keys.get(&account.id).copied().unwrap_or(0),
        plans: plans.remove(&account.id).unwrap_or_default(),
        today: today.get(&account.id).copied().unwrap_or_default(),
    };
    Ok(accounts.into_iter().map(row).collect())
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
        owner: owners(app, &[account.id]).await?.remove(&account.id),
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

/// Who owns these accounts, or was invited to.
async fn owners(app: &App, accounts: &[AccountId]) -> Result<HashMap<AccountId, OwnerSeat>, Problem> {
    let seats = store::member::owners(&app.store, accounts).await?;
    let invitations = store::invitation::of_pending(&app.store, &seats).await?;
    let owner = |seat: Member| {
        let invitation = invitations.get(&seat.id);
        let invited_until = invitation.map(|sent| sent.expires_at().into());
        let refused = invitation.and_then(|sent| sent.refused.clone());
        let state = seat.state().into();
        let Member { name, email, .. } = seat;
        let owner = OwnerSeat { name: name.to_string(), email: email.to_string(), state, invited_until, refused };
        (seat.account, owner)
    };
    Ok(seats.into_iter().map(owner).collect())
}

/// What these accounts used since midnight UTC; one that used nothing is missing.
async fn spent_today(app: &App, accounts: &[AccountId], now: Timestamp) -> Result<HashMap<AccountId, Spent>, Problem> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let after = Some(midnight(now));
    let filter = request_log::Filter { accounts: accounts.to_vec(), after, ..request_log::Filter::default() };
    let spent = request_log::by_account(&app.store, &filter).await?.into_iter();
    let of =
        |sum: request_log::Spend<AccountId>| Spent { calls: sum.calls, requests: sum.requests, credits: sum.credits };
    Ok(spent.map(|sum| (sum.who, of(sum))).collect())
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
