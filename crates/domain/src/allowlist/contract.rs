//! Contracts: the addresses on an EVM chain that calls may touch.

use std::{collections::HashSet, fmt, str::FromStr};

use super::told;

#[cfg(test)]
mod tests;

/// An address on an EVM chain. It is shown in lower case, as nodes answer it; the case of what is read says nothing: the
/// checksum that EIP-55 writes into it guards people against typing errors, and here they copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractAddress(pub [u8; 20]);

/// A contract that may be called: `0xdac17f958d2ee523a2206206994597c13d831ec7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractEntry(pub ContractAddress);

/// Why a text is not an address on an EVM chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the address of a contract: 0x and 40 hexadecimal digits, capital or not")]
pub struct NotAContract(String);

/// The contracts that a list allows. A look-up is one in a hash set.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ContractSet(HashSet<ContractAddress>);

impl FromStr for ContractAddress {
    type Err = NotAContract;

    /// Reads `0x` and 40 digits, and nothing around them.
    fn from_str(text: &str) -> Result<Self, NotAContract> {
        read(text).ok_or_else(|| NotAContract(told(text)))
    }
}

impl fmt::Display for ContractAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ContractEntry {
    type Err = NotAContract;

    /// Reads an address, also with spaces around it.
    fn from_str(text: &str) -> Result<Self, NotAContract> {
        text.trim().parse().map(ContractEntry)
    }
}

impl fmt::Display for ContractEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ContractSet {
    /// The set of these entries.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a ContractEntry>) -> Self {
        ContractSet(entries.into_iter().map(|entry| entry.0).collect())
    }

    /// Whether calls may touch it.
    pub fn allows(&self, contract: ContractAddress) -> bool {
        self.0.contains(&contract)
    }
}

fn read(text: &str) -> Option<ContractAddress> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    if digits.len() != 40 {
        return None;
    }
    let mut address = [0; 20];
    for (byte, pair) in address.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(ContractAddress(address))
}
