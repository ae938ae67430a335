//! The audit trail as people read it.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    audit::{Action, Audit},
    id::AuditId,
    permission::Permission,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    body::{Asked, field_if_any},
    error::Problem,
    view::Moment,
};

/// Changes of a page, if nothing is said.
const PAGE: u32 = 50;
/// The most changes of a page.
const MAX_PAGE: u32 = 200;

/// Which changes are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditAsked {
    /// Where the page before ended: its `next`.
    before: Option<String>,
    /// Changes of the page, 1 to 200; 50 if nothing is said.
    limit: Option<u32>,
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
    /// Who, as they were called then; null: whoever runs Keyward.
    name: String,
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
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Problem::field("limit", format!("1 to {MAX_PAGE} changes")));
    }
    let before = field_if_any::<AuditId>("before", asked.before.as_deref())?;
    let found = match actor.may(Permission::AccountView) {
        Ok(account) => store::audit::list(&app.store, account, before, limit).await?,
        Err(_) => store::audit::list_of_person(&app.store, actor.caller().person.id, before, limit).await?,
    };
    let next = found.last().filter(|_| found.len() == limit as usize).map(|row| row.id.to_string());
    let (account, _) = actor.own();
    let here = found.into_iter().filter(|row| row.account.is_none_or(|of| of == account));
    Ok(Json(AuditTrail { changes: here.map(view).collect(), next }))
}

fn view(row: Audit) -> AuditRow {
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    AuditRow {
        id: row.id.to_string(),
        time: row.time.into(),
        sentence: sentence(row.action, &row.subject_name),
        name: row.name,
        member_id: row.member.map(|id| id.to_string()),
        access_token_id: row.access_token.map(|id| id.to_string()),
        address: row.address.map(|address| address.to_string()),
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
        Action::MemberCreate => format!("gave {name} a seat"),
        Action::MemberInvite => format!("invited {name}"),
        Action::MemberInviteAgain => format!("sent the invitation of {name} again"),
        Action::MemberWithdraw => format!("withdrew the invitation of {name}"),
        Action::MemberJoin => format!("joined as {name}"),
        Action::MemberEdit => format!("changed the seat of {name}"),
        Action::MemberSuspend => format!("suspended {name}"),
        Action::MemberActivate => format!("activated {name}"),
        Action::MemberRemove => format!("removed {name}"),
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
        Action::ValueDraw => format!("drew a value of {name}"),
        Action::ValueRevoke => format!("revoked a value of {name}"),
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
