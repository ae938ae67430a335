//! The table of methods, and the page that tells it to owners.

use super::*;
use crate::contract::{
    Touched,
    tests::{
        Want::{Nothing as Untouched, Unknown},
        check,
    },
    touched,
};

/// The page for owners.
const PAGE: &str = include_str!("../../../../../docs/allowlists.md");

#[test]
fn methods_that_touch_nothing_and_methods_nobody_thought_about() {
    for method in [
        "eth_chainId",
        "eth_blockNumber",
        "net_version",
        "web3_sha3",
        "eth_getTransactionReceipt",
        "eth_getBlockByNumber",
    ] {
        check(&[(method, "[]", Untouched), (method, r#"{"any":1}"#, Untouched)]);
        assert_eq!(touched(method, None), Touched::Nothing);
    }
    for method in
        ["", "eth_", "eth_callBundle", "debug_traceTransaction", "parity_subscribe", "eth_getStorageValues", "é"]
    {
        check(&[(method, "[]", Unknown)]);
    }
}

#[test]
fn the_table_is_in_order() {
    assert!(METHODS.is_sorted_by(|before, after| before.0 < after.0), "it is searched by halves");
}

#[test]
fn the_page_has_every_method_where_it_belongs() {
    let section =
        PAGE.split("\n## ").find(|section| section.starts_with("Methods of EVM nodes\n")).expect("the section");
    let rows: Vec<(&str, &str)> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "))
        .filter(|(_, methods)| methods.starts_with('`'))
        .collect();
    let mut told: Vec<&str> = Vec::new();
    for (found, methods) in rows {
        for method in methods.split(' ').map(|method| method.trim_matches('`')) {
            let rule = METHODS.iter().find(|(known, _)| *known == method).map(|(_, rule)| *rule);
            let row = match rule.unwrap_or_else(|| panic!("`{method}` is on the page, and in no table")) {
                Nothing => "no contract",
                Filter => "those of the filter",
                Subscription => "those of `logs`",
                Reads(_) => "",
            };
            assert!(
                if row.is_empty() { found.starts_with("the ") } else { found.starts_with(row) },
                "{method} in {found}"
            );
            told.push(method);
        }
    }
    told.sort_unstable();
    let known: Vec<&str> = METHODS.iter().map(|(method, _)| *method).collect();
    assert_eq!(told, known, "the page tells each method once");
}
