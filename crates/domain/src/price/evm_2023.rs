//! The built-in price list `evm-2023`: credits of Ethereum's JSON-RPC methods.
//!
//! Source of the figures: the public resource pricing table of a hosted node provider (ZAN, `resource-pricing.md`,
//! 2023); figures are facts, the choice of a default of 10 is ours.

use super::{Price, PriceList};

const TABLE: &[(u32, &[&str])] = &[
    (0, &["eth_chainId", "net_version", "eth_syncing", "net_listening"]),
    (
        10,
        &[
            "eth_blockNumber",
            "eth_accounts",
            "eth_feeHistory",
            "eth_gasPrice",
            "web3_clientVersion",
            "eth_uninstallFilter",
            "bor_*",
        ],
    ),
    (
        15,
        &[
            "eth_getBalance",
            "eth_getTransactionByHash",
            "eth_getTransactionReceipt",
            "eth_getBlockTransactionCountBy*",
            "eth_getUncleCountBy*",
        ],
    ),
    (
        20,
        &[
            "eth_getStorageAt",
            "eth_getTransactionByBlock*AndIndex",
            "eth_getUncleBy*",
            "eth_newFilter",
            "eth_newBlockFilter",
            "eth_newPendingTransactionFilter",
            "eth_subscribe",
            "eth_unsubscribe",
        ],
    ),
    (
        25,
        &[
            "eth_getBlockByHash",
            "eth_getBlockByNumber",
            "eth_getCode",
            "eth_getTransactionCount",
            "eth_getFilterChanges",
        ],
    ),
    (30, &["eth_getProof"]),
    (40, &["eth_call"]),
    (75, &["eth_getLogs", "eth_getFilterLogs"]),
    (100, &["eth_estimateGas"]),
    (200, &["eth_sendRawTransaction"]),
    (250, &["eth_getTransactionReceiptsByBlock"]),
];

/// The list; a method that it does not name costs 10.
pub fn evm_2023() -> PriceList {
    let row = |(credits, methods): &(u32, &[&str])| {
        let credits = *credits;
        methods.iter().map(move |method| (method.to_string(), Price::Credits(credits))).collect::<Vec<_>>()
    };
    PriceList { default: Price::Credits(10), patterns: TABLE.iter().flat_map(row).collect() }
}
