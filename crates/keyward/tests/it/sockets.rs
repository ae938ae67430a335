//! viem, ethers and web3.py over WebSocket, unmodified, through the gateway in front of a real Ethereum node: what each was sent is
//! in the log, to the message.

use serde_json::Value;
use testbed::{anvil::Anvil, process::Ended, script};

use crate::world::{World, WorldOptions};

/// Blocks, and logs, that each client waits for.
const ENOUGH: u64 = 3;

#[test]
fn viem_and_ethers_subscribe_and_every_head_is_counted() {
    let (seen, log) = play(|url| script::node("sockets.mjs", &[url]));
    assert_eq!((seen["viem"].as_u64(), seen["ethers"].as_u64()), (Some(ENOUGH), Some(ENOUGH)));
    let counts = ["eth_subscription", "eth_subscribe", "evm_mine"].map(|method| count(&log, method));
    assert_eq!(counts, [2 * ENOUGH, 2, ENOUGH]);
}

#[test]
fn viem_and_ethers_are_told_logs_and_every_one_is_counted() {
    let (seen, log) = play(|url| script::node("socket_logs.mjs", &[url]));
    let seen = ["viem", "ethers"].map(|client| seen[client].as_u64().expect("a number"));
    assert!(seen.iter().all(|logs| *logs >= ENOUGH), "{seen:?}");
    assert_eq!(count(&log, "eth_subscription"), seen.iter().sum::<u64>());
}

#[test]
fn web3_py_is_told_heads_and_logs_and_every_one_is_counted() {
    let (seen, log) = play(|url| script::python("web3_socket.py", &[url]));
    assert_eq!((seen["heads"].as_u64(), seen["logs"].as_u64()), (Some(ENOUGH), Some(ENOUGH)));
    let counts = ["eth_subscription", "eth_subscribe", "eth_unsubscribe"].map(|method| count(&log, method));
    assert_eq!(counts, [2 * ENOUGH, 2, 2]);
}

/// What the clients say that they have seen, and the log.
fn play(clients: impl FnOnce(&str) -> Ended) -> (Value, Vec<Value>) {
    let anvil = Anvil::start();
    let world = World::start(WorldOptions { json_rpc: Some(anvil.url()), ..WorldOptions::default() });
    let ended = clients(&world.socket_url());
    assert!(ended.success, "{}{}", ended.output, ended.errors);
    let seen = serde_json::from_str(ended.output.trim()).expect("one line of JSON");
    let log = world.log();
    for row in &log {
        assert_eq!((row["wire"].as_str(), row["outcome"].as_str()), (Some("ws"), Some("answered")), "{row}");
        let is_free = row["method"] == "eth_subscription";
        assert_eq!(row["requests"].as_u64(), Some(u64::from(!is_free)), "{row}");
        assert!(!row.to_string().contains(world.value()), "a value is in the log");
    }
    world.stop();
    (seen, log)
}

/// How many calls, or news, of this method the log has.
fn count(log: &[Value], method: &str) -> u64 {
    log.iter().filter(|row| row["method"] == method).filter_map(|row| row["count"].as_u64()).sum()
}
