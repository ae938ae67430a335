//! What follows from the transfers: who had how much after a block. The chain is short enough to add up each time.

use super::chain::{Address, Chain, FIRST_BALANCE, FIRST_TOKENS, GAS_PRICE, Transaction};

/// Wei of an address after the block.
pub fn balance(chain: &Chain, address: &Address, block: u64) -> u128 {
    until(chain, block).fold(first(chain, address, FIRST_BALANCE), |balance, transaction| {
        let received = if transaction.to == *address { transaction.value } else { 0 };
        let fee = u128::from(transaction.gas()) * GAS_PRICE;
        let paid = if transaction.from == *address { transaction.value + fee } else { 0 };
        balance + received - paid
    })
}

/// Tokens of an address after the block, in the smallest unit.
pub fn tokens(chain: &Chain, address: &Address, block: u64) -> u128 {
    until(chain, block).fold(first(chain, address, FIRST_TOKENS), |balance, transaction| match transaction.tokens {
        Some((receiver, amount)) if receiver == *address => balance + amount,
        Some((_, amount)) if transaction.from == *address => balance - amount,
        _ => balance,
    })
}

/// Transactions that an address sent up to the block.
pub fn sent(chain: &Chain, address: &Address, block: u64) -> u64 {
    until(chain, block).filter(|transaction| transaction.from == *address).count() as u64
}

fn until(chain: &Chain, block: u64) -> impl Iterator<Item = &Transaction> {
    chain.blocks.iter().take_while(move |found| found.number <= block).flat_map(|found| &found.transactions)
}

fn first(chain: &Chain, address: &Address, amount: u128) -> u128 {
    if chain.accounts.contains(address) { amount } else { 0 }
}
