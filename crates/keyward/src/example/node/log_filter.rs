//! eth_getLogs: which of the chain's logs a filter means.

use serde_json::Value;

use super::{
    chain::{Block, Chain, Hash, Transaction, word, word_of_address},
    error::RpcError,
    hex,
    parameters::block_number,
    show, token,
};

/// Logs that fit the filter, oldest first.
pub fn logs(chain: &Chain, filter: &Value) -> Result<Vec<Value>, RpcError> {
    let blocks = blocks(chain, filter)?;
    let addresses = any_of(&filter["address"]).ok_or_else(|| RpcError::parameter(0, "a filter with good addresses"))?;
    let empty = Vec::new();
    let topics = match &filter["topics"] {
        Value::Null => &empty,
        Value::Array(topics) if topics.len() <= 4 => topics,
        _ => return Err(RpcError::parameter(0, "a filter with at most four topics")),
    };
    let topics: Option<Vec<_>> = topics.iter().map(any_of).collect();
    let topics = topics.ok_or_else(|| RpcError::parameter(0, "a filter with good topics"))?;
    let token = hex::data(&chain.token);
    let fits = |transaction: &Transaction| {
        let found = self::topics(transaction);
        is_any(&addresses, &token)
            && topics.len() <= found.len()
            && topics.iter().zip(&found).all(|(wanted, found)| is_any(wanted, found))
    };
    let found = blocks.iter().flat_map(|block| {
        show::logs_of_block(chain, block).into_iter().filter(|(transaction, _)| fits(transaction)).map(|(_, log)| log)
    });
    Ok(found.collect())
}

/// The topics of the log of a token transfer: what it is, from whom, to whom.
pub fn topics(transaction: &Transaction) -> Vec<String> {
    let receiver = transaction.tokens.map_or([0; 20], |(receiver, _)| receiver);
    let party = |address| hex::data(&word_of_address(address));
    vec![token::TRANSFER_TOPIC.to_owned(), party(transaction.from), party(receiver)]
}

/// The data of that log: how much.
pub fn amount(transaction: &Transaction) -> Option<String> {
    transaction.tokens.map(|(_, amount)| hex::data(&word(amount)))
}

fn blocks<'a>(chain: &'a Chain, filter: &Value) -> Result<&'a [Block], RpcError> {
    if let Some(hash) = filter.get("blockHash") {
        let hash: Option<Hash> = hash.as_str().and_then(hex::read_array);
        let block = hash.and_then(|hash| chain.block_by_hash(&hash));
        return block.map(std::slice::from_ref).ok_or_else(|| RpcError::new(-32001, "block not found"));
    }
    let bound = |name: &str| match &filter[name] {
        Value::Null => Ok(chain.last()),
        value => block_number(chain, value).ok_or_else(|| RpcError::parameter(0, "a filter with good block numbers")),
    };
    let (from, to) = (bound("fromBlock")?, bound("toBlock")?.min(chain.last()));
    if from > to {
        return Ok(&[]);
    }
    Ok(&chain.blocks[from as usize..=to as usize])
}

/// What is wanted in one place, in small letters: one text or several; empty means anything. None: it is no text.
fn any_of(wanted: &Value) -> Option<Vec<String>> {
    let small = |value: &Value| value.as_str().map(str::to_lowercase);
    match wanted {
        Value::Null => Some(Vec::new()),
        Value::Array(several) => several.iter().map(small).collect(),
        one => small(one).map(|one| vec![one]),
    }
}

fn is_any(wanted: &[String], found: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| wanted == found)
}
