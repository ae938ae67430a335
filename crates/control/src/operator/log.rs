//! The log of an account before an operator's eyes: only where `operator_sees_logs` says so, and each look is in the account's
//! trail.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::audit::Action;

use super::deed::Deed;
use crate::{
    actor::Operator,
    app::App,
    body::Asked,
    error::Problem,
    request_log::{self, Requests, RequestsAsked, SightView},
};

/// The log of an account, newest first; for operators, where the installation lets them see it. Each page is audited.
#[utoipa::path(get, path = "/operator/accounts/{account}/requests", tag = "operator",
    params(("account" = String, Path), RequestsAsked),
    responses((status = 200, body = Requests), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn list_account_requests(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(account): Path<String>,
    Asked(asked): Asked<RequestsAsked>,
) -> Result<Json<Requests>, Problem> {
    if !app.settings.operator_sees_logs {
        let detail = "Operators do not see the logs of accounts here.";
        let problem = Problem::new(StatusCode::FORBIDDEN, "logs_closed", detail);
        return Err(
            problem.hint("Totals are on the account's page; `operator_sees_logs = true` in [control] opens the logs.")
        );
    }
    let deed = Deed::begin(&app, &operator, &account).await?;
    let account = deed.account.id;
    deed.record(Action::LogView, (account, deed.account.name.as_str()), None, None).await?;
    deed.commit().await?;
    let within = request_log::of_whole(account, &asked)?;
    request_log::page(&app, asked, within, SightView::Account).await.map(Json)
}
