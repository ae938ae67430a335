//! The methods of the node, one line each, and what they answer.

use serde_json::{Value, json};

use super::{
    chain::{BASE_FEE, Block, CHAIN_ID, Chain, GAS_OF_ETHER, GAS_OF_TOKEN, GAS_PRICE, Transaction},
    error::RpcError,
    hex::{self, data, quantity},
    log_filter,
    parameters::Parameters,
    show, state, token,
};

type Answer = Result<Value, RpcError>;
type Method = fn(&Chain, &Parameters) -> Answer;

/// The most blocks of one eth_feeHistory, as nodes have it.
const MAX_FEE_HISTORY: u64 = 1_024;

const METHODS: [(&str, Method); 24] = [
    ("eth_accounts", |_, _| Ok(json!([]))),
    ("eth_blockNumber", |chain, _| Ok(json!(quantity(chain.last())))),
    ("eth_call", call_contract),
    ("eth_chainId", |_, _| Ok(json!(quantity(CHAIN_ID)))),
    ("eth_estimateGas", estimate_gas),
    ("eth_feeHistory", fee_history),
    ("eth_gasPrice", |_, _| Ok(json!(quantity(GAS_PRICE)))),
    ("eth_getBalance", |chain, given| {
        Ok(json!(quantity(state::balance(chain, &given.address(0)?, given.block(1)?.number))))
    }),
    ("eth_getBlockByHash", |chain, given| Ok(show_block(chain.block_by_hash(&given.hash(0)?), given.flag(1)?))),
    ("eth_getBlockByNumber", |chain, given| Ok(show_block(chain.block(given.number(0)?), given.flag(1)?))),
    ("eth_getBlockReceipts", |chain, given| {
        let block = given.block(0)?;
        let receipts = block.transactions.iter().map(|transaction| show::receipt(chain, block, transaction));
        Ok(receipts.collect())
    }),
    ("eth_getBlockTransactionCountByHash", |chain, given| Ok(count(chain.block_by_hash(&given.hash(0)?)))),
    ("eth_getBlockTransactionCountByNumber", |chain, given| Ok(count(chain.block(given.number(0)?)))),
    ("eth_getCode", |chain, given| {
        let code = if given.address(0)? == chain.token { token::CODE } else { &[] };
        given.block(1).map(|_| json!(data(code)))
    }),
    ("eth_getLogs", |chain, given| {
        let filter = given.value(0).filter(|filter| filter.is_object());
        let filter = filter.ok_or_else(|| RpcError::parameter(0, "a filter object"))?;
        Ok(Value::Array(log_filter::logs(chain, filter)?))
    }),
    ("eth_getTransactionByHash", |chain, given| Ok(with_block(chain, &given.hash(0)?, show::transaction))),
    ("eth_getTransactionCount", |chain, given| {
        Ok(json!(quantity(state::sent(chain, &given.address(0)?, given.block(1)?.number))))
    }),
    ("eth_getTransactionReceipt", |chain, given| {
        Ok(with_block(chain, &given.hash(0)?, |block, transaction| show::receipt(chain, block, transaction)))
    }),
    ("eth_maxPriorityFeePerGas", |_, _| Ok(json!(quantity(GAS_PRICE - BASE_FEE)))),
    ("eth_sendRawTransaction", |_, _| Err(RpcError::new(-32000, "this example chain is read-only"))),
    ("eth_syncing", |_, _| Ok(json!(false))),
    ("net_listening", |_, _| Ok(json!(true))),
    ("net_version", |_, _| Ok(json!(CHAIN_ID.to_string()))),
    ("web3_clientVersion", |_, _| Ok(json!(concat!("keyward-example/", env!("CARGO_PKG_VERSION"))))),
];

/// Calls a method by its name.
pub fn call(chain: &Chain, name: &str, parameters: &[Value]) -> Answer {
    match METHODS.iter().find(|(known, _)| *known == name) {
        Some((_, method)) => method(chain, &Parameters::new(chain, parameters)),
        None => Err(RpcError::new(-32601, &format!("the method {name} does not exist here"))),
    }
}

fn show_block(block: Option<&Block>, whole: bool) -> Value {
    block.map_or(Value::Null, |block| show::block(block, whole))
}

fn count(block: Option<&Block>) -> Value {
    block.map_or(Value::Null, |block| json!(quantity(block.transactions.len() as u64)))
}

fn with_block(chain: &Chain, hash: &[u8; 32], show: impl Fn(&Block, &Transaction) -> Value) -> Value {
    let found = chain.transaction_by_hash(hash);
    let found = found.and_then(|transaction| Some((chain.block(transaction.block)?, transaction)));
    found.map_or(Value::Null, |(block, transaction)| show(block, transaction))
}

/// The token answers; every other address has no code, and a call of it nothing to say.
fn call_contract(chain: &Chain, given: &Parameters) -> Answer {
    let block = given.block(1)?.number;
    let (to, input) = target(given)?;
    if to != Some(chain.token) {
        return Ok(json!("0x"));
    }
    Ok(json!(data(&token::call(chain, &input, block)?)))
}

fn estimate_gas(chain: &Chain, given: &Parameters) -> Answer {
    let (to, _) = target(given)?;
    Ok(json!(quantity(if to == Some(chain.token) { GAS_OF_TOKEN } else { GAS_OF_ETHER })))
}

/// Whom a call object means, and with what data: nodes take it under two names.
fn target(given: &Parameters) -> Result<(Option<[u8; 20]>, Vec<u8>), RpcError> {
    let wrong = || RpcError::parameter(0, "a call object with good `to` and `data`");
    let call = given.value(0).filter(|call| call.is_object()).ok_or_else(wrong)?;
    let to = match &call["to"] {
        Value::Null => None,
        to => Some(to.as_str().and_then(hex::read_array).ok_or_else(wrong)?),
    };
    let input = match call.get("input").or(call.get("data")) {
        None | Some(Value::Null) => Vec::new(),
        Some(input) => input.as_str().and_then(hex::read_data).ok_or_else(wrong)?,
    };
    Ok((to, input))
}

/// Fees of the last blocks: they never changed. One more base fee than blocks: that of the next block.
fn fee_history(_: &Chain, given: &Parameters) -> Answer {
    let newest = given.block(1)?.number;
    let blocks = given.quantity(0)?.clamp(1, MAX_FEE_HISTORY).min(newest + 1);
    let percentiles = given.value(2).and_then(Value::as_array).map_or(0, Vec::len).min(100);
    let each = |figure: Value, times: u64| Value::Array((0..times).map(|_| figure.clone()).collect());
    let mut history = json!({
        "oldestBlock": quantity(newest + 1 - blocks),
        "baseFeePerGas": each(json!(quantity(BASE_FEE)), blocks + 1),
        "gasUsedRatio": each(json!(0.001), blocks),
    });
    if percentiles > 0 {
        let rewards = each(json!(quantity(GAS_PRICE - BASE_FEE)), percentiles as u64);
        history["reward"] = each(rewards, blocks);
    }
    Ok(history)
}
