//! `keyward audit`: whether ledger and request log agree, to the unit. Exit code 1 if they do not.

use std::process::ExitCode;

use serde::Serialize;
use store::ledger_audit::{self, Report};

use super::{context::Context, failure::Failure};
use crate::output::{Shape, json_line, printable};

/// A report as JSON shows it.
#[derive(Serialize)]
struct ReportView {
    clean: bool,
    findings: Vec<String>,
    /// Counters that were checked.
    counters: u64,
    /// Counters whose limit was lowered below what had been granted: no fault.
    lowered: u64,
    /// Journals that were checked, in each life of their nodes.
    rings: u64,
    /// Rows of the log that were checked.
    rows: u64,
}

/// Audits the store.
pub async fn run(context: &mut Context<'_>) -> Result<ExitCode, Failure> {
    let Report { findings, counters, rings, rows, lowered } = ledger_audit::check(&context.store).await?;
    let findings = findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let view = ReportView { clean: findings.is_empty(), findings, counters, lowered, rings, rows };
    match context.shape {
        Shape::Json => json_line(context.out, &view)?,
        Shape::Text => {
            view.findings.iter().try_for_each(|finding| writeln!(context.out, "{}", printable(finding)))?;
            let verdict = if view.clean { "clean".to_owned() } else { format!("{} findings", view.findings.len()) };
            let lowered = if lowered > 0 { format!(" ({lowered} above a lowered limit)") } else { String::new() };
            writeln!(context.out, "{verdict}: {counters} counters{lowered}, {rings} journals, {rows} rows checked")?;
        }
    }
    Ok(if view.clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
