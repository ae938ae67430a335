//! Outbox: the mails that were written, for the operator. Without a mail server they are read here; with one only where they stand.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{audit::Action, id::MailId, mail::Mail};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    actor::{Caller, Operator},
    app::App,
    audit::{self, What, Who},
    body::{Asked, field_if_any},
    error::Problem,
    mail,
    view::{MailState, Moment},
};

/// Mails on a page.
const PAGE: u32 = 50;

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutboxQuery {
    /// `next` of the page before.
    before: Option<String>,
}

/// Mails, newest first.
#[derive(Serialize, ToSchema)]
pub struct Outbox {
    /// Whether mails are sent; otherwise they are read here.
    has_mail: bool,
    /// The mails.
    mails: Vec<MailView>,
    /// `before` of the next page, if there is one.
    next: Option<String>,
}

/// A mail.
#[derive(Serialize, ToSchema)]
#[schema(as = Mail)]
pub struct MailView {
    /// Its id.
    id: String,
    /// To whom.
    to: String,
    /// What it is about.
    subject: String,
    /// Where it stands.
    state: MailState,
    /// How often it was tried.
    attempts: u32,
    /// When it was written.
    created_at: Moment,
    /// When it is tried next.
    next_at: Moment,
    /// When it was sent.
    sent_at: Option<Moment>,
    /// What went wrong the last time.
    error: Option<String>,
    /// What it says; only where no mail server is set.
    text: Option<String>,
    /// The same as HTML.
    html: Option<String>,
}

/// List the mails that were written; for operators.
#[utoipa::path(
    get, path = "/operator/outbox", operation_id = "list_outbox", tag = "mail", params(OutboxQuery),
    responses(
        (status = 200, description = "A page of mails", body = Outbox),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "For operators only", body = Problem),
    )
)]
pub async fn list_outbox(
    State(app): State<Arc<App>>,
    Operator(caller): Operator,
    Asked(asked): Asked<OutboxQuery>,
) -> Result<Json<Outbox>, Problem> {
    let before: Option<MailId> = field_if_any("before", asked.before.as_deref())?;
    let mails = store::mail::list(&app.store, before, PAGE).await?;
    let next = if mails.len() == PAGE as usize { mails.last().map(|mail| mail.id.to_string()) } else { None };
    let mails = mails.into_iter().map(|mail| view(&app, &caller, mail)).collect();
    Ok(Json(Outbox { has_mail: app.settings.has_mail, mails, next }))
}

/// Try a mail again now that waits for its turn; for operators.
#[utoipa::path(
    post, path = "/operator/outbox/{mail}/retry", operation_id = "retry_mail", tag = "mail",
    params(("mail" = String, Path, description = "The mail's id")),
    responses(
        (status = 200, description = "It is tried at once", body = MailView),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 404, description = "There is no such mail, or you are no operator", body = Problem),
        (status = 409, description = "It was sent or given up", body = Problem),
    )
)]
pub async fn retry_mail(
    State(app): State<Arc<App>>,
    Operator(caller): Operator,
    Path(id): Path<String>,
) -> Result<Json<MailView>, Problem> {
    let (now, nowhere) = (app.now(), || Problem::not_found("mail"));
    let id: MailId = id.parse().map_err(|_| nowhere())?;
    let tx = app.store.begin().await?;
    let mail = store::mail::find(&tx, id).await?.ok_or_else(nowhere)?;
    let mail = mail.again(now).map_err(Problem::refused)?;
    store::mail::save(&tx, &mail).await?;
    let what =
        What { action: Action::MailRetry, subject: id.to_string(), name: &mail.subject, before: None, after: None };
    audit::record(&app, &tx, &Who::operator(&caller, None), what, now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Json(view(&app, &caller, mail)))
}

fn view(app: &App, caller: &Caller, mail: Mail) -> MailView {
    // What a mail server takes is between it and who reads it: the links are not the operator's. Nor a program's: with a link it
    // would choose somebody's password.
    let is_shown = !app.settings.has_mail && caller.token().is_none();
    let body = if is_shown { mail::open(app, &mail) } else { None };
    let (text, html) = body.map_or((None, None), |body| (Some(body.text), Some(body.html)));
    MailView {
        id: mail.id.to_string(),
        to: mail.to.to_string(),
        subject: mail.subject,
        state: mail.state.into(),
        attempts: mail.attempts,
        created_at: mail.created_at.into(),
        next_at: mail.next_at.into(),
        sent_at: mail.sent_at.map(Moment),
        error: mail.error,
        text,
        html,
    }
}
