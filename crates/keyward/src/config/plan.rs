//! `[plan.NAME]`: quotas, rates and how many keys and members an account may have.

use domain::{
    name::{PlanName, Title},
    plan::Plan,
    quota::{MAX_LIMIT, Metric, Period, QuotaTerms, Scope, UNLIMITED},
    rate_limit::{MAX_RATE, Per, RateLimit},
};

use super::reader::{Field, Section};

/// The most plans of one file.
pub const MAX_PLANS: usize = 1_000;
/// The largest `max_keys` and `max_members`.
pub const MAX_COUNT: u64 = 10_000_000;

const QUOTA: &str = "{ requests = 100, per = \"day\" } or { credits = 1000, per = \"30 days\" }";
const RATE: &str = "{ requests = 10, per = \"minute\" } or { credits = 400, per = \"second\" }";

/// Reads one plan.
pub fn read(name: PlanName, field: &Field<'_>) -> Option<Plan> {
    let mut section = field.section("a table of the plan's settings")?;
    let title = section.take("title").and_then(|field| field.parsed::<Title>("a name"));
    let plan = Plan {
        title: title.unwrap_or_else(|| name.as_str().parse().expect("a plan's name is a title")),
        name,
        quotas: section.take("quota").map(|field| quotas(&field)).unwrap_or_default(),
        rates: section.take("rate").map(|field| rates(&field)).unwrap_or_default(),
        max_keys: count(&mut section, "max_keys"),
        max_members: count(&mut section, "max_members"),
    };
    section.finish();
    Some(plan)
}

fn count(section: &mut Section<'_>, name: &'static str) -> Option<u32> {
    let count = section.take(name)?.whole(1..=MAX_COUNT)?;
    u32::try_from(count).ok()
}

fn quotas(field: &Field<'_>) -> Vec<QuotaTerms> {
    let mut quotas = Vec::<QuotaTerms>::new();
    for item in field.items() {
        let Some(Terms { metric, limit, span: period, overage }) =
            terms::<Period>(&item, QUOTA, MAX_LIMIT, "`rate`", true)
        else {
            continue;
        };
        if quotas.iter().any(|quota| quota.metric == metric && quota.period == period) {
            item.refuse(format!("a second quota of {metric} per {period}"), Some("keep one of them".to_owned()));
        } else {
            quotas.push(QuotaTerms { metric, period, limit, overage });
        }
    }
    quotas
}

fn rates(field: &Field<'_>) -> Vec<RateLimit> {
    let mut rates = Vec::<RateLimit>::new();
    for item in field.items() {
        let Some(Terms { metric, limit, span: per, .. }) = terms::<Per>(&item, RATE, MAX_RATE, "`quota`", false) else {
            continue;
        };
        if rates.iter().any(|rate| rate.metric == metric && rate.per == per) {
            item.refuse(format!("a second rate of {metric} per {per}"), Some("keep one of them".to_owned()));
        } else {
            rates.push(RateLimit { scope: Scope::Account, metric, per, limit });
        }
    }
    rates
}

/// A limit as it is written.
struct Terms<P> {
    metric: Metric,
    limit: u64,
    span: P,
    overage: Option<u64>,
}

/// Reads `{ requests = N, per = … }` or `{ credits = N, per = … }`. `sibling` is where a span goes that is a word of the
/// other sort of limit; `may_go_on` where `overage` may stand beside.
fn terms<P: Span>(item: &Field<'_>, expected: &str, max: u64, sibling: &str, may_go_on: bool) -> Option<Terms<P>> {
    let mut section = item.section(expected)?;
    let amount = match (section.take("requests"), section.take("credits")) {
        (Some(requests), None) => requests.whole(1..=max).map(|limit| (Metric::Requests, limit)),
        (None, Some(credits)) => credits.whole(1..=max).map(|limit| (Metric::Credits, limit)),
        _ => {
            section.refuse(format!("expected {expected}"), None);
            None
        }
    };
    let per = section.require("per", P::EXAMPLE).and_then(|field| span::<P>(&field, sibling));
    let overage = if may_go_on { section.take("overage").map(|field| overage(&field)) } else { None };
    section.finish();
    let ((metric, limit), span) = amount.zip(per)?;
    // An overage that cannot be read refuses the file: the quota must not seem to have none.
    match overage {
        None => Some(Terms { metric, limit, span, overage: None }),
        Some(units) => units.map(|units| Terms { metric, limit, span, overage: Some(units) }),
    }
}

/// Units beyond a quota: a number, or as many as are used.
fn overage(field: &Field<'_>) -> Option<u64> {
    match field.as_text() {
        Some("unlimited") => Some(UNLIMITED),
        Some(_) => {
            field.expected("a whole number, or \"unlimited\"");
            None
        }
        None => field.whole(1..=UNLIMITED - 1),
    }
}

/// A span of time that limits count in.
trait Span: std::str::FromStr<Err: std::fmt::Display> {
    const EXAMPLE: &'static str;
    /// Whether the word is one of the other sort of limit.
    fn is_the_others(word: &str) -> bool;
}

impl Span for Period {
    const EXAMPLE: &'static str = "\"day\"";
    fn is_the_others(word: &str) -> bool {
        word.parse::<Per>().is_ok()
    }
}

impl Span for Per {
    const EXAMPLE: &'static str = "\"second\"";
    fn is_the_others(word: &str) -> bool {
        word.parse::<Period>().is_ok()
    }
}

fn span<P: Span>(field: &Field<'_>, sibling: &str) -> Option<P> {
    let word = field.text(P::EXAMPLE)?;
    match word.parse() {
        Ok(span) => Some(span),
        Err(refusal) => {
            let hint = P::is_the_others(word).then(|| format!("a limit per {word} belongs in {sibling}"));
            field.refuse(refusal.to_string(), hint);
            None
        }
    }
}
