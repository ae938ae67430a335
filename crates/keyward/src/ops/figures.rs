//! All figures, in the order of docs/running.md. Labels are codes, outcomes, and names that the operator wrote: their number
//! does not grow with keys, members or accounts.

use std::sync::atomic::Ordering::Relaxed;

use domain::decision::Denial;
use gateway::metrics::{
    OUTCOMES, UpstreamFigures,
    histogram::{STEPS, Times},
};

use super::{Seen, exposition::Exposition, readiness};
use crate::sync::request_log::Page;

/// A time in microseconds, as Prometheus wants it.
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// The text of all figures now.
pub fn text(seen: &Seen) -> String {
    let mut text = Exposition::default();
    of_process(&mut text, seen);
    of_callers(&mut text, seen);
    of_calls(&mut text, seen);
    of_upstreams(&mut text, seen);
    of_log(&mut text, seen);
    text.into_text()
}

fn of_process(text: &mut Exposition, seen: &Seen) {
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    text.gauge("build_info", "Always 1; the label says which version runs.").value("build_info", &version, 1);
    let name = "start_time_seconds";
    text.gauge(name, "When this node started, in seconds since 1970.").value(name, &[], seen.started_at);
    text.gauge("ready", "Whether each check of /ready holds.");
    for check in readiness::look(seen).checks {
        text.value("ready", &[("check", check.name)], u8::from(check.ok));
    }
    text.gauge("values", "Values of keys that are known.").value("values", &[], seen.keyring.len());
}

fn of_callers(text: &mut Exposition, seen: &Seen) {
    let figures = &seen.figures;
    let name = "connections_total";
    text.counter(name, "Connections of callers.").value(name, &[], figures.sum(|one| &one.connections));
    let name = "connections_open";
    text.gauge(name, "Connections of callers open now.").value(name, &[], figures.sum(|one| &one.open_connections));
    let name = "requests_total";
    text.counter(name, "Requests that were read.").value(name, &[], figures.sum(|one| &one.requests));
    let name = "preflights_total";
    text.counter(name, "CORS preflights, which are no calls.").value(name, &[], figures.sum(|one| &one.preflights));
    let name = "denials_total";
    text.counter(name, "Calls or requests that were answered with this denial.");
    for denial in Denial::ALL {
        let count: u64 = figures.threads().iter().map(|metrics| metrics.denials(denial)).sum();
        text.value(name, &[("code", denial.code()), ("rule", denial.rule().unwrap_or(""))], count);
    }
    let name = "denials_without_row_total";
    text.counter(name, "Denials that only stand here, as rows of denials are limited.");
    text.value(name, &[], figures.denials().without_row());
}

fn of_calls(text: &mut Exposition, seen: &Seen) {
    let figures = &seen.figures;
    text.counter("calls_total", "Calls by how they ended; a call that is forwarded stands here at its end.");
    for (place, api) in figures.apis().iter().enumerate() {
        for outcome in OUTCOMES {
            let labels = [("api", api.as_str()), ("outcome", outcome.as_str())];
            text.value("calls_total", &labels, figures.outcomes(place, outcome));
        }
    }
    let name = "call_seconds";
    text.histogram(name, "How long forwarded calls took, from the request's head to the answer's end.");
    for (place, api) in figures.apis().iter().enumerate() {
        histogram(text, name, api.as_str(), &figures.latency(place));
    }
    let name = "upstream_seconds";
    text.histogram(name, "How long upstreams took until their answers began.");
    for (place, api) in figures.apis().iter().enumerate() {
        histogram(text, name, api.as_str(), &figures.upstream_latency(place));
    }
    let name = "retries_total";
    text.counter(name, "Calls that were sent more than once.").value(name, &[], figures.sum(|one| &one.retries));
}

fn histogram(text: &mut Exposition, name: &str, api: &str, times: &Times) {
    let (bucket, mut below) = (format!("{name}_bucket"), 0);
    for (count, end) in times.steps.iter().zip(STEPS) {
        below += count;
        text.value(&bucket, &[("api", api), ("le", &seconds(end).to_string())], below);
    }
    let all: u64 = times.steps.iter().sum();
    text.value(&bucket, &[("api", api), ("le", "+Inf")], all);
    text.value(&format!("{name}_sum"), &[("api", api)], seconds(times.micros));
    text.value(&format!("{name}_count"), &[("api", api)], all);
}

fn of_upstreams(text: &mut Exposition, seen: &Seen) {
    let opened = seen.figures.sum(|one| &one.upstream_connections);
    let name = "upstream_connections_total";
    text.counter(name, "Connections opened to upstreams.").value(name, &[], opened);
    let name = "upstream_in_flight";
    each_upstream(text.gauge(name, "Calls in flight."), seen, name, |one| one.in_flight as u64);
    let name = "upstream_in_flight_limit";
    each_upstream(text.gauge(name, "The most that may be in flight."), seen, name, |one| one.max_in_flight as u64);
    let name = "upstream_passed_over";
    let help = "Whether it is passed over while another can serve, because it failed.";
    each_upstream(text.gauge(name, help), seen, name, |one| u64::from(one.is_passed_over));
    let name = "upstream_failures_total";
    each_upstream(text.counter(name, "Attempts that got no answer."), seen, name, |one| one.failures);
}

/// One value for each upstream, named by its place as in the request log: its URL may be secret.
fn each_upstream(text: &mut Exposition, seen: &Seen, name: &str, value: fn(&UpstreamFigures<'_>) -> u64) {
    for one in seen.figures.upstreams((seen.clock.steady)()) {
        let (network, index) = (one.network.map_or("", |network| network.as_str()), one.index.to_string());
        text.value(name, &[("api", one.api.as_str()), ("network", network), ("upstream", &index)], value(&one));
    }
}

fn of_log(text: &mut Exposition, seen: &Seen) {
    let leases = seen.meter.figures();
    let name = "counters";
    text.gauge(name, "Counters of quotas that this node knows.").value(name, &[], leases.counters);
    let name = "counters_with_units";
    let help = "Counters with a lease in which units are left: they need no store to go on.";
    text.gauge(name, help).value(name, &[], leases.with_units);
    let name = "counters_asking";
    text.gauge(name, "Counters that wait to ask the store for units.").value(name, &[], leases.asking);
    let name = "journal_fill";
    text.gauge(name, "How full the fullest journal is, 0 to 1; a full one stops admission.");
    text.value(name, &[], seen.figures.journal_fill());
    let name = "log_backlog_records";
    text.gauge(name, "Records in the journals that the store does not have yet.").value(name, &[], backlog(seen));
}

/// What was written and is not shipped, over all journals.
fn backlog(seen: &Seen) -> u64 {
    let each = seen.figures.threads().iter().zip(&seen.journals).map(|(metrics, ring)| {
        let shipped = Page::from_bytes(&ring.control().load()).map_or(0, |page| page.progress.through);
        metrics.journal_records.load(Relaxed).saturating_sub(shipped)
    });
    each.sum()
}
