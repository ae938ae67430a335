//! `keyward log`: the request log, newest first, or as it grows.

use std::{collections::HashMap, time::Duration};

use domain::{
    decision::Denial,
    id::KeyId,
    name::ApiName,
    request_log::{Outcome, Row},
    time::Timestamp,
};
use serde::Serialize;
use store::request_log::{self, Cursor, Filter, MAX_LIMIT, Totals};

use super::{context::Context, failure::Failure, find};
use crate::output::{Align, Shape, Table, json_line, moment};
use view::{COLUMNS, RowView, cells};

mod view;

/// How long `--follow` waits before it asks again.
const PAUSE: Duration = Duration::from_millis(500);

/// `log`.
#[derive(Debug, clap::Args)]
pub struct LogArguments {
    /// Calls of this account: id or name.
    #[arg(long)]
    account: Option<String>,
    /// Calls with values of this member: id, name or mail address.
    #[arg(long)]
    member: Option<String>,
    /// Calls with this key: id or name.
    #[arg(long)]
    key: Option<String>,
    /// Calls to this API.
    #[arg(long)]
    api: Option<ApiName>,
    /// Calls denied for this reason: unknown_key, "quota_exhausted (account)".
    #[arg(long, value_name = "CODE", value_parser = read_denial)]
    denial: Option<Denial>,
    /// Calls that ended so: answered, failed, denied, abandoned, unknown.
    #[arg(long)]
    outcome: Option<Outcome>,
    /// Calls from this moment on: 2026-11-21T09:00:00Z.
    #[arg(long, value_name = "MOMENT")]
    after: Option<Timestamp>,
    /// Calls before this moment.
    #[arg(long, value_name = "MOMENT")]
    before: Option<Timestamp>,
    /// The most rows.
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u64,
    /// Print what arrives from now on, oldest first, until interrupted.
    #[arg(long, conflicts_with_all = ["before", "totals"])]
    follow: bool,
    /// Print sums over all rows that are meant, instead of the rows.
    #[arg(long)]
    totals: bool,
}

/// Sums as JSON shows them.
#[derive(Serialize)]
struct TotalsView {
    calls: u64,
    requests: u64,
    credits: u64,
    refunded_requests: u64,
    refunded_credits: u64,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, arguments: LogArguments) -> Result<(), Failure> {
    let filter = filter(context, &arguments).await?;
    match (arguments.totals, arguments.follow) {
        (true, _) => totals(context, &filter).await,
        (false, true) => follow(context, &filter).await,
        (false, false) => list(context, filter, arguments.limit).await,
    }
}

async fn filter(context: &Context<'_>, arguments: &LogArguments) -> Result<Filter, Failure> {
    let store = &context.store;
    let account = arguments.account.as_deref();
    let mut filter = Filter {
        api: arguments.api.clone(),
        denial: arguments.denial,
        outcome: arguments.outcome,
        after: arguments.after,
        before: arguments.before,
        ..Filter::default()
    };
    if let Some(text) = account {
        filter.account = Some(find::account(store, text).await?.id);
    }
    if let Some(text) = &arguments.member {
        filter.member = Some(find::member(store, text, account).await?.id);
    }
    if let Some(text) = &arguments.key {
        filter.key = Some(find::key(store, text, account).await?.id);
    }
    Ok(filter)
}

async fn list(context: &mut Context<'_>, mut filter: Filter, limit: u64) -> Result<(), Failure> {
    let mut names = KeyNames::default();
    let mut table = Table::new(&COLUMNS);
    let mut left = limit;
    while left > 0 {
        filter.limit = u32::try_from(left).map_or(MAX_LIMIT, |left| left.min(MAX_LIMIT));
        let rows = request_log::list(&context.store, &filter).await?;
        for row in &rows {
            match context.shape {
                Shape::Json => json_line(context.out, &RowView::of(row))?,
                Shape::Text => table.add(cells(row, &names.of(context, row.key).await?)),
            }
        }
        filter.cursor = rows.last().map(|row| Cursor { time: row.time, place: row.place });
        left -= rows.len() as u64;
        if rows.len() < filter.limit as usize {
            break;
        }
    }
    match context.shape {
        Shape::Text => Ok(table.write(context.out)?),
        Shape::Json => Ok(()),
    }
}

/// Ends only by an interrupt, or when nobody reads any more.
async fn follow(context: &mut Context<'_>, filter: &Filter) -> Result<(), Failure> {
    let mut cursor = request_log::tail_from_now(&context.store).await?;
    let mut names = KeyNames::default();
    if context.shape == Shape::Text {
        writeln!(context.out, "{}", view::fixed(&COLUMNS.map(|(name, _)| name.to_uppercase())))?;
    }
    loop {
        context.out.flush()?;
        let rows = request_log::tail(&context.store, &mut cursor, MAX_LIMIT).await?;
        for row in rows.iter().filter(|row| means(filter, row)) {
            match context.shape {
                Shape::Json => json_line(context.out, &RowView::of(row))?,
                Shape::Text => {
                    let cells = cells(row, &names.of(context, row.key).await?);
                    writeln!(context.out, "{}", view::fixed(&cells))?;
                }
            }
        }
        if rows.len() < MAX_LIMIT as usize {
            context.out.flush()?;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn totals(context: &mut Context<'_>, filter: &Filter) -> Result<(), Failure> {
    let totals = request_log::totals(&context.store, filter).await?;
    let Totals { calls, requests, credits, refunded_requests, refunded_credits } = totals;
    let lines = [
        ("calls", calls.to_string()),
        ("requests charged", requests.to_string()),
        ("credits charged", credits.to_string()),
        ("requests refunded", refunded_requests.to_string()),
        ("credits refunded", refunded_credits.to_string()),
    ];
    context.show(&TotalsView { calls, requests, credits, refunded_requests, refunded_credits }, &lines)
}

/// Whether the filter means the row; its times and cursor aside, which following has no use for but `after`.
fn means(filter: &Filter, row: &Row) -> bool {
    let outcome = row.ending.as_ref().map(|ending| ending.outcome);
    let denial = row.denial.or(row.ending.as_ref().and_then(|ending| ending.denial));
    filter.account.is_none_or(|account| account == row.account)
        && filter.member.is_none_or(|member| Some(member) == row.member)
        && filter.key.is_none_or(|key| key == row.key)
        && filter.api.as_ref().is_none_or(|api| api.as_str() == row.api)
        && filter.denial.is_none_or(|wanted| Some(wanted) == denial)
        && filter.outcome.is_none_or(|wanted| Some(wanted) == outcome)
        && filter.after.is_none_or(|after| row.time >= after)
}

/// Reads a denial as the log writes it, or its code alone where no scope or reason must follow.
fn read_denial(text: &str) -> Result<Denial, String> {
    if let Ok(denial) = text.parse() {
        return Ok(denial);
    }
    let same = Denial::ALL.into_iter().filter(|denial| denial.code() == text).map(|denial| format!("\"{denial}\""));
    let same = same.collect::<Vec<_>>();
    if same.is_empty() {
        let codes = Denial::ALL.map(Denial::code);
        let near = crate::config::nearest(text, codes).map(|near| format!("; did you mean {near}?"));
        return Err(format!("no denial has this code{}", near.unwrap_or_default()));
    }
    Err(format!("say which: {}", same.join(", ")))
}

/// The names of keys seen so far; a page of rows has few different ones.
#[derive(Default)]
struct KeyNames(HashMap<KeyId, String>);

impl KeyNames {
    async fn of(&mut self, context: &Context<'_>, id: KeyId) -> Result<String, Failure> {
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let key = store::key::find(&context.store, id).await?;
        let name = key.map_or_else(|| id.to_string(), |key| key.name.to_string());
        Ok(self.0.entry(id).or_insert(name).clone())
    }
}
