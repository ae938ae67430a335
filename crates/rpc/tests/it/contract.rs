//! Holds what a call is found to touch against paths through a tree of its params: whoever reads them as serde_json does
//! finds the same contracts, and no override.

use std::collections::BTreeSet;

use domain::allowlist::ContractAddress;
use rpc::contract::{MAX_CONTRACTS, MAX_FILTER_ID, Touched, touched};
use serde_json::Value;

/// Where methods have addresses: members by name, elements by number, all elements by `*`, what is in an array or alone by
/// `?`. An override may stand at none of the paths behind the bar.
const PLACES: [(&[&str], &str); 9] = [
    (&["eth_call", "eth_estimateGas", "eth_createAccessList"], "0.to | 2 3 0.stateOverrides 0.authorizationList"),
    (&["eth_getBalance", "eth_getCode", "eth_getStorageAt", "eth_getTransactionCount", "eth_getProof"], "0"),
    (&["eth_getLogs", "eth_newFilter"], "0.address.?"),
    (&["eth_sendTransaction", "eth_signTransaction"], "0.to | 0.authorizationList"),
    (
        &["eth_simulateV1"],
        "0.blockStateCalls.*.calls.*.to 0.*.calls.*.to 0.*.to 0.*.transactions.*.to 0.blockStateCalls.*.transactions.*.to \
         0.blockStateCalls.*.to | 0.blockStateCalls.*.stateOverrides 0.blockStateCalls.*.blockOverrides 2",
    ),
    (&["eth_callMany"], "0.*.transactions.*.to 0.*.calls.*.to 0.*.to | 0.*.blockOverride 2"),
    (&["debug_traceCall"], "0.to | 2.stateOverrides 2.blockOverrides 0.stateOverrides"),
    (&["trace_call"], "0.to | 3"),
    (&["trace_callMany"], "0.*.0.to | 0.*.2 2"),
];
/// Methods whose contracts are not in plain sight, and some that have none.
const OTHERS: [&str; 10] = [
    "debug_traceCallMany",
    "eth_blockNumber",
    "eth_getFilterLogs",
    "eth_multicall",
    "eth_sendBundle",
    "eth_sendPrivateTransaction",
    "eth_sendRawTransaction",
    "eth_sendRawTransactionConditional",
    "eth_sendUserOperation",
    "eth_subscribe",
];

/// All methods that the model or a seed knows.
pub fn methods() -> impl Iterator<Item = &'static str> {
    PLACES.iter().flat_map(|(methods, _)| *methods).copied().chain(OTHERS)
}

/// The first line is a method, the rest its params. Panics if the crate and the model disagree.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (method, params) = text.split_once('\n').map_or((&*text, None), |(method, params)| (method, Some(params)));
    match touched(method, params) {
        Touched::Contracts(found) => check_found(method, params.expect("contracts stand in params"), &found),
        Touched::Filter(id) => assert!(id.len() <= MAX_FILTER_ID),
        Touched::UnknownMethod => assert!(method == "eth_subscribe" || !methods().any(|known| known == method)),
        Touched::Nothing | Touched::Unclear(_) => {}
    }
}

fn check_found(method: &str, params: &str, found: &[ContractAddress]) {
    let set: BTreeSet<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(set.len(), found.len(), "each once");
    assert!((1..=MAX_CONTRACTS).contains(&found.len()));
    let Ok(tree) = serde_json::from_str::<Value>(params) else {
        // A number beyond what fits a tree; the walk does not look into numbers.
        return assert!(serde_json::from_str::<&serde_json::value::RawValue>(params).is_ok());
    };
    let Some((_, places)) = PLACES.iter().find(|(methods, _)| methods.contains(&method)) else { return };
    let (contracts, overrides) = places.split_once(" | ").unwrap_or((places, ""));
    let wanted: BTreeSet<String> = contracts
        .split_whitespace()
        .flat_map(|place| at(&tree, place))
        .filter(|value| !value.is_null())
        .map(|value| value.as_str().expect("an address is a text").to_ascii_lowercase())
        .collect();
    assert_eq!(set, wanted, "{method} {params}");
    for value in overrides.split_whitespace().flat_map(|place| at(&tree, place)) {
        let is_empty = match value {
            Value::Object(members) => members.is_empty(),
            Value::Array(elements) => elements.is_empty(),
            Value::String(_) => false,
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        };
        assert!(is_empty, "{method} {params} overrides");
    }
}

/// The values at a place.
fn at<'a>(value: &'a Value, place: &str) -> Vec<&'a Value> {
    let (step, rest) = place.split_once('.').map_or((place, None), |(step, rest)| (step, Some(rest)));
    let next: Vec<&Value> = match (step, value) {
        ("*" | "?", Value::Array(elements)) => elements.iter().collect(),
        ("?", alone) => vec![alone],
        (index, Value::Array(elements)) => {
            index.parse().ok().and_then(|index: usize| elements.get(index)).into_iter().collect()
        }
        (name, Value::Object(members)) => members.get(name).into_iter().collect(),
        _ => Vec::new(),
    };
    match rest {
        None => next,
        Some(rest) => next.into_iter().flat_map(|value| at(value, rest)).collect(),
    }
}
