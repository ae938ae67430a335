//! viem, ethers and web3.py, unmodified, through the gateway in front of a real Ethereum node.
//!
//! The scripts in `tests/real` assert what the caller sees; here stands what the log must say of it. Of the world they
//! need: `World::start(WorldOptions { json_rpc, requests_a_day, .. })`, `json_rpc_url()` with the value in its path,
//! `value()`, and `log()`, which waits until every call made so far has its closed row.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use testbed::{anvil::Anvil, http, process::Ended, script};

use crate::world::{World, WorldOptions};

/// What each library asks for in the scenario, whatever else it likes to ask.
const METHODS: [&str; 8] = [
    "eth_blockNumber",
    "eth_call",
    "eth_chainId",
    "eth_getBalance",
    "eth_getLogs",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
    "eth_sendRawTransaction",
];
/// Calls of the scenario's one batch.
const BATCH: usize = 4;
/// `error.code` of a contract that refuses a call.
const REVERTED: i64 = 3;
const ANSWER: Duration = Duration::from_secs(10);

#[test]
fn viem_reads_sends_batches_and_sees_a_revert() {
    scenario(|url| script::node("viem.mjs", &[url]));
}

#[test]
fn ethers_reads_sends_batches_and_sees_a_revert() {
    scenario(|url| script::node("ethers.mjs", &[url]));
}

#[test]
fn web3_py_reads_sends_batches_and_sees_a_revert() {
    scenario(|url| script::python("web3_client.py", &[url]));
}

#[test]
fn each_library_tells_its_caller_soon_that_the_quota_is_used_up() {
    const QUOTA: u64 = 3;
    let anvil = Anvil::start();
    let world =
        World::start(WorldOptions { json_rpc: Some(anvil.url()), requests_a_day: QUOTA, ..WorldOptions::default() });
    let url = world.json_rpc_url();
    for _ in 0..QUOTA {
        assert!(block_number(&url).get("result").is_some());
    }
    let refused = block_number(&url);
    assert_eq!(
        (&refused["error"]["code"], &refused["error"]["data"]["code"]),
        (&json!(-32005), &json!("quota_exhausted"))
    );
    let text = refused["error"]["message"].as_str().expect("an error has a message");
    assert!(!text.is_empty());
    for ended in [
        script::node("viem.mjs", &[&url, "refused", text]),
        script::node("ethers.mjs", &[&url, "refused", text]),
        script::python("web3_client.py", &[&url, "refused", text]),
    ] {
        assert!(ended.success, "{}{}", ended.output, ended.errors);
    }
    let log = world.log();
    let charged: u64 = log.iter().filter_map(|row| row["requests"].as_u64()).sum();
    let denied: u64 =
        log.iter().filter(|row| row["denial"] == "quota_exhausted").filter_map(|row| row["count"].as_u64()).sum();
    assert_eq!(charged, QUOTA);
    assert!(denied >= 4, "our own call and one of each library: {denied}");
    world.stop();
}

fn scenario(client: impl FnOnce(&str) -> Ended) {
    let anvil = Anvil::start();
    let world = World::start(WorldOptions { json_rpc: Some(anvil.url()), ..WorldOptions::default() });
    let ended = client(&world.json_rpc_url());
    assert!(ended.success, "{}{}", ended.output, ended.errors);

    let log = world.log();
    let methods: BTreeSet<&str> = log.iter().filter_map(|row| row["method"].as_str()).collect();
    for method in METHODS {
        assert!(methods.contains(method), "{method} is not in the log: {methods:?}");
    }
    for row in &log {
        assert_eq!(row["state"], "closed", "{row}");
        assert_eq!((&row["status"], &row["count"]), (&json!(200), &json!(1)), "{row}");
        let outcome = if row["rpc_error"].is_null() { "answered" } else { "failed" };
        assert_eq!(row["outcome"], outcome, "{row}");
        assert!(!row.to_string().contains(world.value()), "a value is in the log");
    }
    let reverts = log.iter().filter(|row| row["rpc_error"] == REVERTED && row["method"] == "eth_call").count();
    assert!(reverts >= 1, "the revert is in the log as a failed call");
    assert!(batches(&log).contains(&BATCH), "each call of the batch has its row: {:?}", batches(&log));
    world.stop();
}

/// How many calls each batch had, of those with more than one.
fn batches(log: &[Value]) -> Vec<usize> {
    let mut sizes = BTreeMap::<&str, usize>::new();
    for batch in log.iter().filter_map(|row| row["batch"].as_str()) {
        *sizes.entry(batch).or_default() += 1;
    }
    sizes.into_values().filter(|size| *size > 1).collect()
}

fn block_number(url: &str) -> Value {
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": [] });
    let answer = http::post(url, &[], call.to_string().as_bytes(), ANSWER).expect("the gateway answers");
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).expect("the answer is JSON")
}
