//! Price look-up, and the built-in list.

use super::*;

#[test]
fn the_built_in_list() {
    let prices = MethodPrices::new(&evm_2023());
    for (method, credits) in [
        ("eth_chainId", 0),
        ("eth_blockNumber", 10),
        ("bor_getAuthor", 10),
        ("eth_getBalance", 15),
        ("eth_getBlockTransactionCountByHash", 15),
        ("eth_getTransactionByHash", 15),
        ("eth_getTransactionByBlockNumberAndIndex", 20),
        ("eth_getUncleByBlockHashAndIndex", 20),
        ("eth_getUncleCountByBlockHash", 15),
        ("eth_getBlockByNumber", 25),
        ("eth_getProof", 30),
        ("eth_call", 40),
        ("eth_getLogs", 75),
        ("eth_estimateGas", 100),
        ("eth_sendRawTransaction", 200),
        ("eth_getTransactionReceiptsByBlock", 250),
        ("debug_traceCall", 10),
        ("", 10),
    ] {
        assert_eq!(prices.price(method), Price::Credits(credits), "{method}");
    }
}

#[test]
fn the_longest_pattern_wins_and_exact_names_first() {
    let price = |n| Price::Credits(n);
    let list = PriceList {
        default: price(1),
        patterns: vec![
            ("eth_*".into(), price(2)),
            ("eth_get*".into(), price(3)),
            ("eth_get*s".into(), price(4)),
            ("eth_getLogs".into(), Price::Free),
        ],
    };
    let prices = MethodPrices::new(&list);
    for (method, expected) in [
        ("net_version", price(1)),
        ("eth_call", price(2)),
        ("eth_getCode", price(3)),
        ("eth_gets", price(4)),
        ("eth_getFilterLogs", price(4)),
        ("eth_getLogs", Price::Free),
    ] {
        assert_eq!(prices.price(method), expected, "{method}");
    }
    assert_eq!(Price::Free.charge(), Charge::NOTHING);
    assert_eq!(price(0).charge(), Charge { requests: 1, credits: 0 });
}
