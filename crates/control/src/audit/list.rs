//! The audit trail as people read it.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::audit::{Action, Audit};
use serde::Serialize;
use serde_json::Value;
use store::audit::Filter;
use utoipa::ToSchema;

use super::asked::{self, AuditAsked, OperatorAuditAsked};
use crate::{
    actor::{Actor, Operator},
    app::App,
    body::Asked,
    error::Problem,
    view::Moment,
};

/// What an account's people are told of who runs Keyward.
const OPERATOR: &str = "Operator";

/// Who reads a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody of the account: operators have neither names nor addresses.
    Account,
    /// An operator.
    Operator,
}

/// A page of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditTrail {
    /// Newest first.
    changes: Vec<AuditRow>,
    /// The cursor of the next page; null: there is none.
    next: Option<String>,
}

/// A change that someone made.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRow {
    /// Its id.
    id: String,
    /// When.
    time: Moment,
    /// In which account; null: it concerns a person, or the installation.
    account_id: Option<String>,
    /// Who, as they were called then. In the trail of an account, `Operator` is whoever runs Keyward.
    name: String,
    /// Whether it was done by whoever runs Keyward.
    by_operator: bool,
    /// The seat in which they acted.
    member_id: Option<String>,
    /// With which access token, if with one.
    access_token_id: Option<String>,
    /// From where.
    address: Option<String>,
    /// What was done.
    action: &'static str,
    /// To what.
    subject: String,
    /// What that was called then.
    subject_name: String,
    /// What it was.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// What it is from then on.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The change in words, without who made it: `invited Léa Moreau`.
    sentence: String,
}

/// What was changed in the account, newest first; without `account.view`, what you changed.
#[utoipa::path(get, path = "/accounts/{account}/audit", tag = "audit", params(("account" = String, Path), AuditAsked),
    responses((status = 200, body = AuditTrail), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list_audit(
    State(app): State<Arc<App>>,
    actor: Actor,
    Asked(asked): Asked<AuditAsked>,
) -> Result<Json<AuditTrail>, Problem> {
    match asked::of_account(&app, &actor, asked).await? {
        Some(filter) => page(&app, &filter, Reader::Account).await.map(Json),
        None => Ok(Json(AuditTrail { changes: Vec::new(), next: None })),
    }
}

/// What operators did, newest first; for operators.
#[utoipa::path(get, path = "/operator/audit", tag = "operator", params(OperatorAuditAsked),
    responses((status = 200, body = AuditTrail), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list_operator_audit(
    State(app): State<Arc<App>>,
    _: Operator,
    Asked(asked): Asked<OperatorAuditAsked>,
) -> Result<Json<AuditTrail>, Problem> {
    page(&app, &asked::of_operators(asked)?, Reader::Operator).await.map(Json)
}

async fn page(app: &App, filter: &Filter, reader: Reader) -> Result<AuditTrail, Problem> {
    let found = store::audit::list(&app.store, filter).await?;
    let next = found.last().filter(|_| found.len() == filter.limit as usize).map(|row| row.id.to_string());
    Ok(AuditTrail { changes: found.into_iter().map(|row| view(row, reader)).collect(), next })
}

impl AuditRow {
    /// What a table shows of it, column by column.
    pub fn cells(&self) -> [String; 11] {
        let json = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
        [
            self.time.0.to_string(),
            self.name.clone(),
            self.by_operator.to_string(),
            self.member_id.clone().unwrap_or_default(),
            self.address.clone().unwrap_or_default(),
            self.action.to_owned(),
            self.subject.clone(),
            self.subject_name.clone(),
            json(&self.before),
            json(&self.after),
            self.sentence.clone(),
        ]
    }
}

/// A row as `reader` may see it.
pub fn view(row: Audit, reader: Reader) -> AuditRow {
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let hidden = row.by_operator && reader == Reader::Account;
    AuditRow {
        id: row.id.to_string(),
        time: row.time.into(),
        account_id: row.account.map(|id| id.to_string()),
        sentence: sentence(row.action, &row.subject_name),
        name: if hidden { OPERATOR.to_owned() } else { row.name },
        by_operator: row.by_operator,
        member_id: row.member.map(|id| id.to_string()),
        access_token_id: row.access_token.map(|id| id.to_string()),
        address: row.address.filter(|_| !hidden).map(|address| address.to_string()),
        action: row.action.as_str(),
        subject: row.subject,
        subject_name: row.subject_name,
        before: read(row.before),
        after: read(row.after),
    }
}

fn sentence(action: Action, name: &str) -> String {
    match action {
        Action::AccountCreate => format!("made the account {name}"),
        Action::AccountEdit => format!("renamed the account to {name}"),
        Action::AccountSuspend => format!("suspended the account {name}"),
        Action::AccountActivate => format!("activated the account {name}"),
        Action::SubscriptionAssign => format!("changed the subscription to {name}"),
        Action::UnitsGrant => format!("gave extra units of {name}"),
        Action::LogView => format!("looked at the log of {name}"),
        Action::MemberCreate => format!("gave {name} a seat"),
        Action::MemberInvite => format!("invited {name}"),
        Action::MemberInviteAgain => format!("sent the invitation of {name} again"),
        Action::MemberWithdraw => format!("withdrew the invitation of {name}"),
        Action::MemberJoin => format!("joined as {name}"),
        Action::MemberEdit => format!("changed the seat of {name}"),
        Action::MemberSuspend => format!("suspended {name}"),
        Action::MemberActivate => format!("activated {name}"),
        Action::MemberRemove => format!("removed {name}"),
        Action::RoleCreate => format!("made the role {name}"),
        Action::RoleEdit => format!("changed the role {name}"),
        Action::RoleDelete => format!("deleted the role {name}"),
        Action::GrantGive => format!("gave {name} a role on a key"),
        Action::GrantTake => format!("took the role of {name} on a key"),
        Action::MemberLeave => format!("left ({name})"),
        Action::OwnershipOffer => format!("offered the account to {name}"),
        Action::OwnershipWithdraw => format!("took back the offer of the account to {name}"),
        Action::OwnershipDecline => format!("declined to own the account ({name})"),
        Action::OwnershipAccept => format!("accepted to own the account ({name})"),
        Action::KeyCreate => format!("made the key {name}"),
        Action::KeyEdit => format!("changed the key {name}"),
        Action::KeyEnable => format!("enabled the key {name}"),
        Action::KeyDisable => format!("disabled the key {name}"),
        Action::KeyHandOver => format!("handed the key {name} over"),
        Action::KeyRevoke => format!("revoked the key {name}"),
        Action::KeyRestore => format!("took {name} back to an earlier version"),
        Action::ValueDraw => format!("drew a value of {name}"),
        Action::ValueRevoke => format!("revoked a value of {name}"),
        Action::ValueLeak => format!("reported that a value of {name} leaked"),
        Action::LeakRuleEdit => format!("changed what is done with leaked values of {name}"),
        Action::SecretDraw => format!("drew a secret of {name}"),
        Action::SecretRequire => format!("had {name} ask for its secret"),
        Action::SecretWaive => format!("had {name} ask for no secret"),
        Action::SecretRemove => format!("took the secret of {name} away"),
        Action::AllowlistEdit => format!("changed the allowlists of {name}"),
        Action::LimitEdit => format!("changed a limit of {name}"),
        Action::PersonRegister => "registered".to_owned(),
        Action::PersonSignIn => "signed in".to_owned(),
        Action::PersonEdit => format!("is called {name} now"),
        Action::PersonPassword => "changed their password".to_owned(),
        Action::PersonAddressAsk => "asked for another mail address".to_owned(),
        Action::PersonAddress => "changed their mail address".to_owned(),
        Action::PersonReset => "chose a new password by mail".to_owned(),
        Action::SessionEnd => "ended a session".to_owned(),
        Action::SessionEndOthers => "ended all their other sessions".to_owned(),
        Action::AccessTokenCreate => format!("made the access token {name}"),
        Action::AccessTokenEnd => format!("ended the access token {name}"),
        Action::SecondFactorOn => "turned on their second factor".to_owned(),
        Action::SecondFactorOff => "turned off their second factor".to_owned(),
        Action::RecoveryCodesDraw => "drew new recovery codes".to_owned(),
        Action::SecondFactorRequire => format!("had {name} require a second factor"),
        Action::SecondFactorWaive => format!("had {name} require no second factor"),
        Action::MailRetry => format!("sent the mail to {name} again"),
    }
}
