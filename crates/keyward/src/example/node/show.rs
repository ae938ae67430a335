//! Blocks, transactions, receipts and logs in the shapes of Ethereum's JSON-RPC (execution-apis specification).

use serde_json::{Value, json};

use super::{
    chain::{BASE_FEE, Block, CHAIN_ID, Chain, GAS_PRICE, Transaction},
    hex::{data, quantity},
    log_filter,
};
use crate::example::dice;

/// keccak-256 of an empty list of uncles.
const NO_UNCLES: &str = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
/// The most gas of a block.
const GAS_LIMIT: u64 = 30_000_000;

/// A block, with its transactions whole or only their hashes.
pub fn block(block: &Block, whole: bool) -> Value {
    let show = |found: &Transaction| if whole { transaction(block, found) } else { json!(data(&found.hash)) };
    let root = |topic| data(&dice::bytes::<32>(topic, block.number));
    json!({
        "number": quantity(block.number),
        "hash": data(&block.hash),
        "parentHash": data(&block.parent),
        "timestamp": quantity(block.timestamp),
        "transactions": block.transactions.iter().map(show).collect::<Vec<_>>(),
        "gasLimit": quantity(GAS_LIMIT),
        "gasUsed": quantity(block.gas_used()),
        "baseFeePerGas": quantity(BASE_FEE),
        "miner": data(&dice::bytes::<20>(30, 0)),
        "extraData": data(b"example"),
        "size": quantity(540 + 180 * block.transactions.len() as u64),
        "logsBloom": data(&bloom(block)),
        "stateRoot": root(31),
        "transactionsRoot": root(32),
        "receiptsRoot": root(33),
        "mixHash": root(34),
        "sha3Uncles": NO_UNCLES,
        "uncles": [],
        "difficulty": "0x0",
        "totalDifficulty": "0x0",
        "nonce": "0x0000000000000000",
    })
}

/// A transaction of the block.
pub fn transaction(block: &Block, transaction: &Transaction) -> Value {
    let signature = |topic| quantity(u128::from(dice::roll(topic, transaction.nonce)));
    json!({
        "hash": data(&transaction.hash),
        "blockHash": data(&block.hash),
        "blockNumber": quantity(block.number),
        "transactionIndex": quantity(transaction.index),
        "from": data(&transaction.from),
        "to": data(&transaction.to),
        "value": quantity(transaction.value),
        "nonce": quantity(transaction.nonce),
        "input": data(&transaction.input()),
        "gas": quantity(transaction.gas()),
        "gasPrice": quantity(GAS_PRICE),
        "maxFeePerGas": quantity(GAS_PRICE),
        "maxPriorityFeePerGas": quantity(GAS_PRICE - BASE_FEE),
        "type": "0x2",
        "chainId": quantity(CHAIN_ID),
        "accessList": [],
        "v": "0x0",
        "yParity": "0x0",
        "r": signature(35),
        "s": signature(36),
    })
}

/// The receipt of a transaction of the block.
pub fn receipt(chain: &Chain, block: &Block, transaction: &Transaction) -> Value {
    let before = block.transactions.iter().take_while(|earlier| earlier.index < transaction.index);
    let gas_before: u64 = before.map(Transaction::gas).sum();
    let logs: Vec<Value> = logs_of_block(chain, block)
        .into_iter()
        .filter(|(found, _)| found.index == transaction.index)
        .map(|(_, log)| log)
        .collect();
    json!({
        "transactionHash": data(&transaction.hash),
        "transactionIndex": quantity(transaction.index),
        "blockHash": data(&block.hash),
        "blockNumber": quantity(block.number),
        "from": data(&transaction.from),
        "to": data(&transaction.to),
        "contractAddress": null,
        "status": "0x1",
        "gasUsed": quantity(transaction.gas()),
        "cumulativeGasUsed": quantity(gas_before + transaction.gas()),
        "effectiveGasPrice": quantity(GAS_PRICE),
        "logsBloom": data(&bloom_of(!logs.is_empty())),
        "logs": logs,
        "type": "0x2",
    })
}

/// The logs of a block, one for each token transfer, each with its transaction.
pub fn logs_of_block<'a>(chain: &Chain, block: &'a Block) -> Vec<(&'a Transaction, Value)> {
    let transfers = block.transactions.iter().filter_map(|found| Some((found, log_filter::amount(found)?)));
    let show = |(index, (transaction, amount)): (usize, (&'a Transaction, String))| {
        let log = json!({
            "address": data(&chain.token),
            "topics": log_filter::topics(transaction),
            "data": amount,
            "blockNumber": quantity(block.number),
            "blockHash": data(&block.hash),
            "transactionHash": data(&transaction.hash),
            "transactionIndex": quantity(transaction.index),
            "logIndex": quantity(index as u64),
            "removed": false,
        });
        (transaction, log)
    };
    transfers.enumerate().map(show).collect()
}

fn bloom(block: &Block) -> [u8; 256] {
    bloom_of(block.transactions.iter().any(|transaction| transaction.tokens.is_some()))
}

/// A Bloom filter may say "perhaps" to anything: all ones where there are logs, so that no hashing is needed.
fn bloom_of(has_logs: bool) -> [u8; 256] {
    if has_logs { [0xff; 256] } else { [0; 256] }
}
