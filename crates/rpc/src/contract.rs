//! Contracts: which of them a call touches, read from its params, for lists of contracts to decide on.
//!
//! Strict where leniency is a hole: what two nodes could read in two ways, or what we cannot read, is [`Touched::Unclear`],
//! and an enforced list denies that. Seen is what a call names itself; what the code of a named contract calls in turn
//! (the targets of a multicall, say) is not.
//!
//! What counts as touched: the contract whose code runs, whose state is read, or whose logs are searched. Not the sender:
//! it runs no code here. Not access lists: they make later reads cheaper, and read nothing themselves.
//!
//! `method` has the table of methods, `params` their shapes, `walk` the steps through JSON, `transaction` and `rlp` signed
//! transactions.

mod method;
mod params;
mod rlp;
mod transaction;
mod walk;

#[cfg(test)]
mod tests;

use domain::allowlist::ContractAddress;
use thiserror::Error;

use crate::request::lax_same;
use method::{METHODS, Rule};
use walk::Walk;

/// The most contracts that one call may touch: more than a list can hold cannot all be allowed.
pub const MAX_CONTRACTS: usize = domain::allowlist::MAX_ENTRIES;
/// The longest id of a filter, in bytes; geth's have 34.
pub const MAX_FILTER_ID: usize = 128;

/// What a call touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// A known method that touches no contract.
    Nothing,
    /// These, one or more, in the order in which the call names them, each once; at most [`MAX_CONTRACTS`].
    Contracts(Vec<ContractAddress>),
    /// Whatever the filter with this id was made for. It is for the caller to remember which ids were answered to calls that
    /// it allowed: to `eth_newFilter`, `eth_newBlockFilter` and `eth_newPendingTransactionFilter`. Compare it to the letter.
    Filter(Box<str>),
    /// It cannot be known, or nothing good can come of it.
    Unclear(Reason),
    /// A method in none of our tables.
    UnknownMethod,
}

/// Why it is unclear what a call touches. Each is a sentence about the call, for its denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Reason {
    /// A log query over all contracts, for example.
    #[error("it names no contract")]
    NoAddress,
    /// A call or a transaction without a recipient.
    #[error("without a recipient it creates a contract")]
    Creation,
    /// A name, a number, too few digits.
    #[error("where the address of a contract is needed, it has something else than 0x and 40 hexadecimal digits")]
    NotAnAddress,
    /// It replaces what the list looks at: the code behind an allowed address, by an override or by a delegation (EIP-7702).
    #[error("it overrides state, code or the block")]
    Override,
    /// A tracer that is a program of the caller's can read every contract.
    #[error("its tracer is not one of those that are known to look at the traced call only")]
    Tracer,
    /// Two readers could find different contracts in it.
    #[error("a name in it comes twice, or is a variant of one that matters")]
    Ambiguous,
    /// An object instead of an array.
    #[error("its params are given by name; give them by position")]
    ByName,
    /// Not what this method takes.
    #[error("its params are not those of its method")]
    Shape,
    /// A type that is not known, or bytes that are not in canonical form.
    #[error("its signed transaction cannot be decoded")]
    Transaction,
    /// For the caller of [`touched`]: the id of a [`Touched::Filter`] that it does not remember.
    #[error("its filter was not made under the lists of now")]
    UnknownFilter,
    /// More than [`MAX_CONTRACTS`].
    #[error("it touches more contracts than a list can hold")]
    TooMany,
}

/// What a call of this method with these params touches; `method` is its decoded name, `params` the text of its params, as
/// [`crate::request::Call`] has them.
pub fn touched(method: &str, params: Option<&str>) -> Touched {
    let known = METHODS.binary_search_by_key(&method, |(name, _)| name).map(|index| METHODS[index].1);
    let read = match known {
        Ok(Rule::Nothing) => Ok(Touched::Nothing),
        Ok(Rule::Reads(read)) => contracts(params, read).map(Touched::Contracts),
        Ok(Rule::Filter) => filter(params).map(Touched::Filter),
        Ok(Rule::Subscription) => subscription(params),
        // A node that folds case would take it for the known one, also where unknown methods are let through.
        Err(_) if METHODS.iter().any(|(known, _)| lax_same(method, known)) => Err(Reason::Ambiguous),
        Err(_) => Ok(Touched::UnknownMethod),
    };
    read.unwrap_or_else(Touched::Unclear)
}

fn contracts(params: Option<&str>, read: method::Read) -> Result<Vec<ContractAddress>, Reason> {
    let mut walk = Walk::new(params.ok_or(Reason::NoAddress)?)?;
    read(&mut walk)?;
    walk.finish()
}

fn filter(params: Option<&str>) -> Result<Box<str>, Reason> {
    let mut walk = Walk::new(params.ok_or(Reason::Shape)?)?;
    let mut id = None;
    walk.elements(|walk, index| match index {
        0 => walk.text().map(|text| id = Some(text)),
        _ => walk.skip(),
    })?;
    id.filter(|id| id.len() <= MAX_FILTER_ID).map(Box::from).ok_or(Reason::Shape)
}

/// Only `logs` is about contracts. The other kinds that nodes have in common tell about blocks and transactions, as look-ups
/// do; what a kind that is not among them tells cannot be known.
fn subscription(params: Option<&str>) -> Result<Touched, Reason> {
    let mut walk = Walk::new(params.ok_or(Reason::Shape)?)?;
    let mut kind = None;
    walk.elements(|walk, index| match (index, kind.as_deref()) {
        (0, _) => walk.text().map(|text| kind = Some(text)),
        (1, Some("logs")) => params::log_query(walk),
        _ => walk.skip(),
    })?;
    match kind.as_deref().ok_or(Reason::Shape)? {
        "logs" => walk.finish().map(Touched::Contracts),
        "newHeads" | "newPendingTransactions" | "syncing" => Ok(Touched::Nothing),
        variant if lax_same(variant, "logs") => Err(Reason::Ambiguous),
        _ => Ok(Touched::UnknownMethod),
    }
}
