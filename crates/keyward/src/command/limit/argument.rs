//! A limit on the command line: an amount and a span, in the words of both sorts of limit.

use std::str::FromStr;

use domain::{
    quota::{MAX_LIMIT, Metric, Period},
    rate_limit::Per,
};

use crate::command::failure::Failure;

/// A limit on the command line; with none of these the limits are only shown.
#[derive(Debug, clap::Args)]
pub struct LimitArguments {
    /// Requests in each span, or `off`.
    #[arg(long, value_name = "N", requires = "per", conflicts_with = "credits")]
    requests: Option<Amount>,
    /// Credits in each span, or `off`.
    #[arg(long, value_name = "N", requires = "per")]
    credits: Option<Amount>,
    /// The span: second, minute, day, month, cycle, "30 days" or lifetime.
    #[arg(long, value_name = "SPAN")]
    per: Option<Span>,
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many units in each span.
    Units(u64),
    /// None: the limit is taken off.
    Off,
}

/// The span of a quota or of a rate: their words differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Of a quota.
    Quota(Period),
    /// Of a rate.
    Rate(Per),
}

/// The limit that the line says, if it says one.
///
/// Errors: half of one.
pub fn wanted(arguments: &LimitArguments) -> Result<Option<(Metric, Amount, Span)>, Failure> {
    let amount = match (arguments.requests, arguments.credits) {
        (Some(requests), _) => Some((Metric::Requests, requests)),
        (None, credits) => credits.map(|credits| (Metric::Credits, credits)),
    };
    match (amount, arguments.per) {
        (Some((metric, amount)), Some(span)) => Ok(Some((metric, amount, span))),
        (None, None) => Ok(None),
        _ => Err(Failure::refused("a limit is an amount and a span", "write --requests 100 --per day")),
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Amount::Off),
            digits => match digits.parse() {
                Ok(units) if (1..=MAX_LIMIT).contains(&units) => Ok(Amount::Units(units)),
                _ => Err(format!("expected a whole number from 1 to {MAX_LIMIT}, or `off`")),
            },
        }
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rate = text.parse::<Per>().map(Span::Rate);
        rate.or_else(|_| text.parse::<Period>().map(Span::Quota))
            .map_err(|_| "expected second, minute, day, month, cycle, \"30 days\" or lifetime".to_owned())
    }
}
