//! The audit trail as a file: CSV for tables, JSON Lines for programs; streamed, page after page.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use store::{Store, StoreError, audit::Filter};
use tokio::sync::mpsc;

use super::{
    asked::{self, AuditAsked, OperatorAuditAsked},
    list::{AuditRow, Reader, view},
};
use crate::{
    actor::{Actor, Operator},
    app::App,
    body::Asked,
    error::Problem,
};

/// Rows read at once.
const PAGE: u32 = 500;
/// The most pages of a file: a million rows.
const MAX_PAGES: u32 = 2_000;
/// Pages that wait for a slow reader.
const AHEAD: usize = 2;
/// The head line of a table.
const COLUMNS: &str = "time,name,by_operator,member_id,address,action,subject,subject_name,before,after,sentence\r\n";

/// How a trail is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// Comma-separated values with a head line (RFC 4180).
    Csv,
    /// A JSON object on each line.
    JsonLines,
}

/// The audit trail of the account as a file, newest first: `csv` or `jsonl`. What `limit` says is not looked at.
#[utoipa::path(get, path = "/accounts/{account}/audit/{format}", tag = "audit",
    params(("account" = String, Path), ("format" = String, Path, description = "`csv` or `jsonl`"), AuditAsked),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn export_audit(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((_, format)): Path<(String, String)>,
    Asked(asked): Asked<AuditAsked>,
) -> Result<Response, Problem> {
    let format = Format::named(&format)?;
    let filter = asked::of_account(&app, &actor, asked).await?;
    Ok(file(&app.store, filter, format, Reader::Account))
}

/// What operators did, as a file, newest first: `csv` or `jsonl`; for operators. What `limit` says is not looked at.
#[utoipa::path(get, path = "/operator/audit/{format}", tag = "operator",
    params(("format" = String, Path, description = "`csv` or `jsonl`"), OperatorAuditAsked),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv"),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn export_operator_audit(
    State(app): State<Arc<App>>,
    _: Operator,
    Path(format): Path<String>,
    Asked(asked): Asked<OperatorAuditAsked>,
) -> Result<Response, Problem> {
    let format = Format::named(&format)?;
    Ok(file(&app.store, Some(asked::of_operators(asked)?), format, Reader::Operator))
}

impl Format {
    fn named(text: &str) -> Result<Format, Problem> {
        match text {
            "csv" => Ok(Format::Csv),
            "jsonl" => Ok(Format::JsonLines),
            _ => Err(Problem::not_found("format")),
        }
    }

    /// The media type, and what a browser saves it as.
    const fn heads(self) -> [(header::HeaderName, HeaderValue); 2] {
        let (kind, name) = match self {
            Format::Csv => ("text/csv; charset=utf-8; header=present", "attachment; filename=\"audit.csv\""),
            Format::JsonLines => ("application/jsonl", "attachment; filename=\"audit.jsonl\""),
        };
        let value = HeaderValue::from_static;
        [(header::CONTENT_TYPE, value(kind)), (header::CONTENT_DISPOSITION, value(name))]
    }

    fn line(self, row: &AuditRow) -> String {
        match self {
            Format::JsonLines => serde_json::to_string(row).expect("plain values") + "\n",
            Format::Csv => row.cells().map(|cell| cell_of(&cell)).join(",") + "\r\n",
        }
    }
}

/// A cell of a table: what a table would take for a formula is text, and quotes stand around all that needs them.
fn cell_of(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// An answer that is written while it is read.
fn file(store: &Store, filter: Option<Filter>, format: Format, reader: Reader) -> Response {
    let (pages, written) = mpsc::channel(AHEAD);
    let store = store.clone();
    tokio::spawn(async move {
        // Who reads may go away: then nothing more is read either.
        if let Err(error) = write(&store, filter, format, reader, &pages).await {
            tracing::warn!(%error, "the audit trail broke off while it was exported");
            _ = pages.send(Err(error)).await;
        }
    });
    (format.heads(), Body::new(Pages(written))).into_response()
}

async fn write(
    store: &Store,
    filter: Option<Filter>,
    format: Format,
    reader: Reader,
    pages: &mpsc::Sender<Result<Bytes, StoreError>>,
) -> Result<(), StoreError> {
    if format == Format::Csv && pages.send(Ok(Bytes::from_static(COLUMNS.as_bytes()))).await.is_err() {
        return Ok(());
    }
    let Some(mut filter) = filter.map(|filter| Filter { limit: PAGE, ..filter }) else { return Ok(()) };
    for _ in 0..MAX_PAGES {
        let rows = store::audit::list(store, &filter).await?;
        let full = rows.len() == PAGE as usize;
        filter.before = rows.last().map(|row| row.id);
        let text: String = rows.into_iter().map(|row| format.line(&view(row, reader))).collect();
        if pages.send(Ok(Bytes::from(text))).await.is_err() || !full {
            return Ok(());
        }
    }
    Ok(())
}

/// A body whose parts come from a task. An error ends it before its end, so that nobody takes half a file for a whole one.
struct Pages(mpsc::Receiver<Result<Bytes, StoreError>>);

impl hyper::body::Body for Pages {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        self.0.poll_recv(context).map(|page| page.map(|page| page.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas_and_come_back_as_they_were() {
        let cases = [
            ("", ""),
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@cmd", "'@cmd"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
        ];
        for (text, expected) in cases {
            assert_eq!(cell_of(text), expected, "{text:?}");
        }
    }
}
