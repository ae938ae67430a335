//! The node over real HTTP: that it keeps to JSON-RPC, and that the chain agrees with itself.

use super::*;
use crate::example::ask;

async fn start() -> SocketAddr {
    start_node(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

async fn answer_to(address: SocketAddr, method: &str, params: Value) -> Value {
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let answer = ask::post(address, &call.to_string()).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn result(address: SocketAddr, method: &str, params: Value) -> Value {
    let mut answer = answer_to(address, method, params).await;
    assert!(answer.get("error").is_none(), "{method}: {answer}");
    answer["result"].take()
}

#[tokio::test]
async fn it_keeps_to_json_rpc() {
    let address = start().await;
    let chain_id = r#"{"jsonrpc":"2.0","id":"a","method":"eth_chainId"}"#;
    let notice = r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#;
    for (body, expected) in [
        (chain_id.to_owned(), json!({ "jsonrpc": "2.0", "id": "a", "result": "0x6aeb1f" })),
        (format!("[{notice},{chain_id}]"), json!([{ "jsonrpc": "2.0", "id": "a", "result": "0x6aeb1f" }])),
        (
            "{".to_owned(),
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "parse error" } }),
        ),
        (
            "1".to_owned(),
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32600, "message": "invalid request" } }),
        ),
        (
            "[]".to_owned(),
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32600, "message": "a batch has 1 to 100 calls" } }),
        ),
    ] {
        assert_eq!(ask::post(address, &body).await.json(), expected, "{body}");
    }
    for body in [notice.to_owned(), format!("[{notice},{notice}]")] {
        let silence = ask::post(address, &body).await;
        assert_eq!((silence.status, silence.body.len()), (204, 0), "{body}");
    }
}

#[tokio::test]
async fn what_it_cannot_do_it_says_with_the_right_code() {
    let address = start().await;
    for (method, params, code) in [
        ("eth_nothing", json!([]), -32601),
        ("eth_getBalance", json!([]), -32602),
        ("eth_getBalance", json!(["0x12", "latest"]), -32602),
        ("eth_getBalance", json!(["0x0000000000000000000000000000000000000001", "soon"]), -32602),
        ("eth_getBalance", json!(["0x0000000000000000000000000000000000000001", "0x40"]), -32001),
        ("eth_getLogs", json!([{ "topics": [1] }]), -32602),
        ("eth_sendRawTransaction", json!(["0x00"]), -32000),
    ] {
        assert_eq!(answer_to(address, method, params).await["error"]["code"], code, "{method}");
    }
    let token = hex::data(&Chain::invent().token);
    let refused = answer_to(address, "eth_call", json!([{ "to": token, "data": "0x12345678" }, "latest"])).await;
    assert_eq!(refused["error"], json!({ "code": 3, "message": "execution reverted", "data": "0x" }));
}

#[tokio::test]
async fn blocks_transactions_receipts_and_logs_refer_to_each_other() {
    let address = start().await;
    let mut parent = json!(hex::data(&[0; 32]));
    let mut logs_of_receipts = Vec::new();
    for number in 0..64u64 {
        let block = result(address, "eth_getBlockByNumber", json!([hex::quantity(number), true])).await;
        assert_eq!(block["parentHash"], parent);
        parent = block["hash"].clone();
        assert_eq!(result(address, "eth_getBlockByHash", json!([parent, true])).await, block);
        for transaction in block["transactions"].as_array().unwrap() {
            assert_eq!(transaction["blockHash"], block["hash"]);
            let hash = &transaction["hash"];
            assert_eq!(&result(address, "eth_getTransactionByHash", json!([hash])).await, transaction);
            let receipt = result(address, "eth_getTransactionReceipt", json!([hash])).await;
            assert_eq!((&receipt["transactionHash"], &receipt["blockHash"]), (hash, &block["hash"]));
            logs_of_receipts.extend(receipt["logs"].as_array().unwrap().clone());
        }
    }
    let logs = result(address, "eth_getLogs", json!([{ "fromBlock": "earliest", "toBlock": "latest" }])).await;
    assert_eq!(logs, json!(logs_of_receipts));
    assert!(logs_of_receipts.len() > 20);
    assert_eq!(result(address, "eth_getBlockByNumber", json!(["0x40", false])).await, Value::Null);
}

#[tokio::test]
async fn logs_are_found_by_address_topic_and_block() {
    let address = start().await;
    let all = result(address, "eth_getLogs", json!([{ "fromBlock": "0x0" }])).await;
    let all = all.as_array().unwrap();
    let sender = &all[0]["topics"][1];
    let by_sender = all.iter().filter(|log| log["topics"][1] == *sender).count();
    let in_block = all.iter().filter(|log| log["blockHash"] == all[0]["blockHash"]).count();
    let other = "0x0000000000000000000000000000000000000001";
    for (filter, count) in [
        (json!({ "fromBlock": "0x0", "address": all[0]["address"] }), all.len()),
        (json!({ "fromBlock": "0x0", "address": [other, all[0]["address"]] }), all.len()),
        (json!({ "fromBlock": "0x0", "address": other }), 0),
        (json!({ "fromBlock": "0x0", "topics": [null, sender] }), by_sender),
        (json!({ "fromBlock": "0x0", "topics": [[token::TRANSFER_TOPIC], [sender]] }), by_sender),
        (json!({ "fromBlock": "0x0", "topics": [null, null, null, null] }), 0),
        (json!({ "blockHash": all[0]["blockHash"] }), in_block),
        (json!({ "fromBlock": "0x9", "toBlock": "0x8" }), 0),
    ] {
        let found = result(address, "eth_getLogs", json!([filter])).await;
        assert_eq!(found.as_array().unwrap().len(), count, "{filter}");
    }
}

#[tokio::test]
async fn the_token_reads_as_erc_20_and_its_supply_is_what_everyone_holds() {
    let address = start().await;
    let chain = Chain::invent();
    let token = hex::data(&chain.token);
    let ask = async |data: String| result(address, "eth_call", json!([{ "to": token, "data": data }, "latest"])).await;
    assert!(ask("0x95d89b41".to_owned()).await.as_str().unwrap().contains(&hex::data(b"EXT")[2..]));
    assert_eq!(ask("0x313ce567".to_owned()).await, hex::data(&chain::word(18)));
    let mut held = 0;
    for account in &chain.accounts {
        let balance = ask(format!("0x70a08231{}", &hex::data(&chain::word_of_address(*account))[2..])).await;
        held += u128::from_str_radix(&balance.as_str().unwrap()[34..], 16).unwrap();
    }
    assert_eq!(ask("0x18160ddd".to_owned()).await, hex::data(&chain::word(held)));
}

#[tokio::test]
async fn balances_change_by_what_was_sent_and_paid_for_gas() {
    let address = start().await;
    let chain = Chain::invent();
    let is_lone_transfer = |block: &&chain::Block| block.transactions.len() == 1 && block.transactions[0].value > 0;
    let block = chain.blocks.iter().find(is_lone_transfer).unwrap();
    let transfer = &block.transactions[0];
    let balance = async |who: &[u8], number: u64| {
        let balance = result(address, "eth_getBalance", json!([hex::data(who), hex::quantity(number)])).await;
        u128::from_str_radix(&balance.as_str().unwrap()[2..], 16).unwrap()
    };
    let (before, after) = (block.number - 1, block.number);
    let (sender, receiver) = (&transfer.from, &transfer.to);
    let fee = u128::from(transfer.gas()) * chain::GAS_PRICE;
    assert_eq!(balance(receiver, after).await, balance(receiver, before).await + transfer.value);
    assert_eq!(balance(sender, after).await, balance(sender, before).await - transfer.value - fee);
    let count = async |number: u64| {
        let count = result(address, "eth_getTransactionCount", json!([hex::data(sender), hex::quantity(number)])).await;
        hex::read_quantity(count.as_str().unwrap()).unwrap()
    };
    assert_eq!((count(before).await, count(after).await), (transfer.nonce, transfer.nonce + 1));
}
