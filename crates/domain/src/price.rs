//! Price: credits for each method. A price list has a default and exceptions.

use std::collections::HashMap;

use crate::call::Charge;

mod evm_2023;

pub use evm_2023::evm_2023;

/// What a method costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// One request and so many credits, which may be 0.
    Credits(u32),
    /// Neither a request nor credits.
    Free,
}

impl Price {
    /// What a call at this price is charged.
    pub const fn charge(self) -> Charge {
        match self {
            Price::Credits(credits) => Charge::priced(credits),
            Price::Free => Charge::NOTHING,
        }
    }
}

/// A price list: what the operator wrote. `patterns` are JSON-RPC method names in which `*` stands for any run of
/// characters, or REST verbs with path patterns, after the API's protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceList {
    /// What a method costs that no pattern names.
    pub default: Price,
    /// The exceptions, each pattern once.
    pub patterns: Vec<(String, Price)>,
}

/// The most entries of a price list.
pub const MAX_PRICES: usize = 2_000;

impl Default for PriceList {
    fn default() -> Self {
        PriceList { default: Price::Credits(1), patterns: Vec::new() }
    }
}

impl PriceList {
    /// The credits of its dearest call: less than that must not be all that a limit ever lets through at once.
    pub fn dearest(&self) -> u32 {
        let credits = |price: &Price| match price {
            Price::Credits(credits) => *credits,
            Price::Free => 0,
        };
        self.patterns.iter().map(|(_, price)| price).chain([&self.default]).map(credits).max().unwrap_or_default()
    }
}

/// A price list for JSON-RPC method names, ready for look-up: exact names first, then the longest pattern with a `*`.
#[derive(Clone, Debug)]
pub struct MethodPrices {
    default: Price,
    exact: HashMap<Box<str>, Price>,
    starred: Vec<(Box<str>, Box<str>, Price)>,
}

impl MethodPrices {
    /// Compiles the list.
    pub fn new(list: &PriceList) -> Self {
        let mut exact = HashMap::new();
        let mut starred: Vec<(Box<str>, Box<str>, Price)> = Vec::new();
        for (pattern, price) in &list.patterns {
            match pattern.split_once('*') {
                None => _ = exact.insert(pattern.as_str().into(), *price),
                Some((before, after)) => starred.push((before.into(), after.into(), *price)),
            }
        }
        starred.sort_by_key(|(before, after, _)| std::cmp::Reverse(before.len() + after.len()));
        Self { default: list.default, exact, starred }
    }

    /// The price of the method.
    pub fn price(&self, method: &str) -> Price {
        self.exception(method).unwrap_or(self.default)
    }

    /// The price of the method, if the list names it.
    pub fn exception(&self, method: &str) -> Option<Price> {
        if let Some(price) = self.exact.get(method) {
            return Some(*price);
        }
        let fits = |before: &str, after: &str| {
            method.len() >= before.len() + after.len() && method.starts_with(before) && method.ends_with(after)
        };
        self.starred.iter().find(|(before, after, _)| fits(before, after)).map(|(_, _, price)| *price)
    }
}

#[cfg(test)]
mod tests;
