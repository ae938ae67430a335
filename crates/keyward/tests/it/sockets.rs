//! viem and ethers over WebSocket, unmodified, through the gateway in front of a real Ethereum node: what each was sent is in the
//! log, to the message.

use serde_json::Value;
use testbed::{anvil::Anvil, script};

use crate::world::{World, WorldOptions};

#[test]
fn viem_and_ethers_subscribe_and_every_head_is_counted() {
    const BLOCKS: u64 = 3;
    let anvil = Anvil::start();
    let world = World::start(WorldOptions { json_rpc: Some(anvil.url()), ..WorldOptions::default() });
    let ended = script::node("sockets.mjs", &[&world.socket_url()]);
    assert!(ended.success, "{}{}", ended.output, ended.errors);
    let seen: Value = serde_json::from_str(ended.output.trim()).expect("one line of JSON");
    assert_eq!((seen["viem"].as_u64(), seen["ethers"].as_u64()), (Some(BLOCKS), Some(BLOCKS)));

    let log = world.log();
    let count = |method: &str| -> u64 {
        log.iter().filter(|row| row["method"] == method).filter_map(|row| row["count"].as_u64()).sum()
    };
    assert_eq!((count("eth_subscription"), count("eth_subscribe"), count("evm_mine")), (2 * BLOCKS, 2, BLOCKS));
    for row in &log {
        assert_eq!((row["wire"].as_str(), row["outcome"].as_str()), (Some("ws"), Some("answered")), "{row}");
        let is_free = row["method"] == "eth_subscription";
        assert_eq!(row["requests"].as_u64(), Some(u64::from(!is_free)), "{row}");
        assert!(!row.to_string().contains(world.value()), "a value is in the log");
    }
    world.stop();
}
