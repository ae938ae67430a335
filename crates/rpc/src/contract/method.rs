//! Methods of EVM nodes, and what each may touch. What is not here is unknown: a new method is denied by an enforced list of
//! contracts until somebody has thought about it.
//!
//! Left out on purpose: `debug_traceTransaction` and its like, whose tracer may be a program of the caller's; traces of whole
//! blocks; `personal_*`, `eth_sign` and `eth_signTypedData`, which use the node's own keys on what we cannot see through.

use super::{
    Reason,
    params::{
        account, bundles, call, call_config, call_with_trace, calls_with_traces, conditional_transaction,
        log_query_first, raw_transaction, simulation, traced_bundles, transaction_request, transactions,
        user_operation, wrapped_transaction,
    },
    walk::Walk,
};

#[cfg(test)]
mod tests;

/// Reads the params of a method; what it touches is added to the walk.
pub(super) type Read = fn(&mut Walk<'_>) -> Result<(), Reason>;

/// How a method's contracts are found.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// It touches none.
    Nothing,
    /// They stand in its params.
    Reads(Read),
    /// They were in the params of an earlier call.
    Filter,
    /// `eth_subscribe`: its first parameter decides.
    Subscription,
}

use Rule::{Filter, Nothing, Reads, Subscription};

/// In order of the names.
pub(super) const METHODS: &[(&str, Rule)] = &[
    ("debug_traceCall", Reads(call_config)),
    ("debug_traceCallMany", Reads(traced_bundles)),
    ("eth_accounts", Nothing),
    ("eth_blobBaseFee", Nothing),
    ("eth_blockNumber", Nothing),
    ("eth_call", Reads(call)),
    ("eth_callMany", Reads(bundles)),
    ("eth_cancelPrivateTransaction", Nothing),
    ("eth_chainId", Nothing),
    ("eth_coinbase", Nothing),
    ("eth_config", Nothing),
    ("eth_createAccessList", Reads(call)),
    ("eth_estimateGas", Reads(call)),
    ("eth_estimateUserOperationGas", Reads(user_operation)),
    ("eth_feeHistory", Nothing),
    ("eth_gasPrice", Nothing),
    ("eth_getBalance", Reads(account)),
    ("eth_getBlockByHash", Nothing),
    ("eth_getBlockByNumber", Nothing),
    ("eth_getBlockReceipts", Nothing),
    ("eth_getBlockTransactionCountByHash", Nothing),
    ("eth_getBlockTransactionCountByNumber", Nothing),
    ("eth_getCode", Reads(account)),
    ("eth_getFilterChanges", Filter),
    ("eth_getFilterLogs", Filter),
    ("eth_getHeaderByHash", Nothing),
    ("eth_getHeaderByNumber", Nothing),
    ("eth_getLogs", Reads(log_query_first)),
    ("eth_getProof", Reads(account)),
    ("eth_getRawTransactionByBlockHashAndIndex", Nothing),
    ("eth_getRawTransactionByBlockNumberAndIndex", Nothing),
    ("eth_getRawTransactionByHash", Nothing),
    ("eth_getStorageAt", Reads(account)),
    ("eth_getTransactionByBlockHashAndIndex", Nothing),
    ("eth_getTransactionByBlockNumberAndIndex", Nothing),
    ("eth_getTransactionByHash", Nothing),
    ("eth_getTransactionCount", Reads(account)),
    ("eth_getTransactionReceipt", Nothing),
    ("eth_getTransactionReceiptsByBlock", Nothing),
    ("eth_getUncleByBlockHashAndIndex", Nothing),
    ("eth_getUncleByBlockNumberAndIndex", Nothing),
    ("eth_getUncleCountByBlockHash", Nothing),
    ("eth_getUncleCountByBlockNumber", Nothing),
    ("eth_getUserOperationByHash", Nothing),
    ("eth_getUserOperationReceipt", Nothing),
    ("eth_hashrate", Nothing),
    ("eth_maxPriorityFeePerGas", Nothing),
    ("eth_mining", Nothing),
    ("eth_multicall", Reads(simulation)),
    ("eth_newBlockFilter", Nothing),
    ("eth_newFilter", Reads(log_query_first)),
    ("eth_newPendingTransactionFilter", Nothing),
    ("eth_protocolVersion", Nothing),
    ("eth_sendBundle", Reads(transactions)),
    ("eth_sendPrivateRawTransaction", Reads(raw_transaction)),
    ("eth_sendPrivateTransaction", Reads(wrapped_transaction)),
    ("eth_sendRawTransaction", Reads(raw_transaction)),
    ("eth_sendRawTransactionConditional", Reads(conditional_transaction)),
    ("eth_sendRawTransactionSync", Reads(raw_transaction)),
    ("eth_sendTransaction", Reads(transaction_request)),
    ("eth_sendUserOperation", Reads(user_operation)),
    ("eth_signTransaction", Reads(transaction_request)),
    ("eth_simulateV1", Reads(simulation)),
    ("eth_subscribe", Subscription),
    ("eth_supportedEntryPoints", Nothing),
    ("eth_syncing", Nothing),
    ("eth_uninstallFilter", Nothing),
    ("eth_unsubscribe", Nothing),
    ("net_listening", Nothing),
    ("net_peerCount", Nothing),
    ("net_version", Nothing),
    ("rpc_modules", Nothing),
    ("trace_call", Reads(call_with_trace)),
    ("trace_callMany", Reads(calls_with_traces)),
    ("trace_rawTransaction", Reads(raw_transaction)),
    ("web3_clientVersion", Nothing),
    ("web3_sha3", Nothing),
];
