//! One line for each way around a list of contracts that somebody thought of.

use super::*;
use Want::*;

/// What a call shall be found to touch.
#[derive(Clone, Copy)]
pub(super) enum Want {
    /// The addresses that these letters stand for.
    Only(&'static str),
    Id(&'static str),
    Nothing,
    No(Reason),
    Unknown,
}

fn address(letter: char) -> ContractAddress {
    ContractAddress([u8::try_from(letter.to_digit(16).expect("a hexadecimal digit") * 0x11).expect("two digits"); 20])
}

/// In `params`, `$a` stands for the text of the address `0xaaaa…`, and so on.
pub(super) fn check(cases: &[(&str, &str, Want)]) {
    for (method, params, want) in cases {
        let written = ('a'..='f').fold((*params).to_owned(), |text, letter| {
            text.replace(&format!("${letter}"), &format!("\"{}\"", address(letter)))
        });
        let wanted = match want {
            Only(letters) => Touched::Contracts(letters.chars().map(address).collect()),
            Id(id) => Touched::Filter((*id).into()),
            Nothing => Touched::Nothing,
            No(reason) => Touched::Unclear(*reason),
            Unknown => Touched::UnknownMethod,
        };
        assert_eq!(touched(method, Some(&written)), wanted, "{method} {params}");
    }
}

#[test]
fn the_seven_of_both_references() {
    check(&[
        ("eth_call", r#"[{"to":$a}]"#, Only("a")),
        ("eth_call", r#"[{"to":$a,"data":"0x70a08231"},"latest"]"#, Only("a")),
        ("eth_call", r#"[{"to":$a},"0x10"]"#, Only("a")),
        ("eth_call", r#"[{"to":$a},{"blockNumber":"0x1"}]"#, Only("a")),
        ("eth_call", r#"[{"to":$a},{"blockHash":"0x01","requireCanonical":true}]"#, Only("a")),
        ("eth_call", r#"[{"to":$a},null]"#, Only("a")),
        ("eth_call", r#" [ { "from" : $b , "to" : $a } , "latest" ] "#, Only("a")),
        ("eth_call", r#"[{"to":"0xAAAAAAAAAAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#, Only("a")),
        ("eth_call", r#"[{"to":"0x\u0061aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#, Only("a")),
        ("eth_call", r#"[{"\u0074o":$a}]"#, Only("a")),
        ("eth_call", r#"[{"to":$a,"accessList":[{"address":$b,"storageKeys":[]}]}]"#, Only("a")),
        ("eth_estimateGas", r#"[{"to":$a}]"#, Only("a")),
        ("eth_getLogs", r#"[{"address":$a,"fromBlock":"0x1"}]"#, Only("a")),
        ("eth_getLogs", r#"[{"address":[$b,$a,$b]}]"#, Only("ba")),
        ("eth_getLogs", r#"[{"address":$a,"blockHash":"0x01"}]"#, Only("a")),
        ("eth_getBalance", r#"[$a,"latest"]"#, Only("a")),
        ("eth_getCode", r#"[$a,{"blockHash":"0x01"}]"#, Only("a")),
        ("eth_getStorageAt", r#"[$a,"0x0","latest"]"#, Only("a")),
        ("eth_getTransactionCount", r#"[$a]"#, Only("a")),
    ]);
}

#[test]
fn a_call_without_an_address_is_unclear() {
    check(&[
        ("eth_call", r#"[{"data":"0x6000"}]"#, No(Reason::Creation)),
        ("eth_call", r#"[{"to":null,"data":"0x6000"}]"#, No(Reason::Creation)),
        ("eth_call", r#"[{"to":""}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":"0x"}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":"token.eth"}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":"0Xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#, No(Reason::NotAnAddress)),
        (
            "eth_call",
            r#"[{"to":"0x000000000000000000000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#,
            No(Reason::NotAnAddress),
        ),
        ("eth_call", r#"[{"to":[$a]}]"#, No(Reason::NotAnAddress)),
        ("eth_call", r#"[{"to":1}]"#, No(Reason::NotAnAddress)),
        ("eth_call", "[]", No(Reason::NoAddress)),
        ("eth_call", "[null]", No(Reason::Shape)),
        ("eth_call", "[[]]", No(Reason::Shape)),
        ("eth_getLogs", "[{}]", No(Reason::NoAddress)),
        ("eth_getLogs", r#"[{"address":null}]"#, No(Reason::NoAddress)),
        ("eth_getLogs", r#"[{"address":[]}]"#, No(Reason::NoAddress)),
        ("eth_getLogs", r#"[{"address":[$a,null]}]"#, No(Reason::NotAnAddress)),
        ("eth_getLogs", r#"[{"address":[[$a]]}]"#, No(Reason::NotAnAddress)),
        ("eth_getLogs", r#"[{"address":{"0":$a}}]"#, No(Reason::NotAnAddress)),
        ("eth_getLogs", r#"[{"blockHash":"0x01"}]"#, No(Reason::NoAddress)),
        ("eth_getLogs", r#"[{"topics":[$a]}]"#, No(Reason::NoAddress)),
        ("eth_getLogs", "[]", No(Reason::NoAddress)),
        ("eth_getBalance", r#"["latest",$a]"#, No(Reason::NotAnAddress)),
        ("eth_getBalance", "[]", No(Reason::NoAddress)),
        ("eth_getBalance", "[null]", No(Reason::NotAnAddress)),
    ]);
    assert_eq!(touched("eth_call", None), Touched::Unclear(Reason::NoAddress));
}

#[test]
fn what_two_readers_could_read_in_two_ways_is_unclear() {
    check(&[
        ("eth_call", r#"[{"to":$a,"to":$b}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"[{"to":$a,"t\u006f":$b}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"[{"to":$a,"To":$b}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"[{"TO":$a}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"[{"to":$a,"\u0054O":$b}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"[{"to":$a,"to\u0000":$b}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"[{"to":$a,"StateOverrideſ":{}}]"#, No(Reason::Ambiguous)),
        ("eth_getLogs", r#"[{"address":$a,"Address":$b}]"#, No(Reason::Ambiguous)),
        ("eth_getLogs", r#"[{"address":$a,"addreſs":$b}]"#, No(Reason::Ambiguous)),
        ("eth_call", r#"{"to":$a}"#, No(Reason::ByName)),
        ("eth_getBalance", r#"{"0":$a}"#, No(Reason::ByName)),
        ("eth_Call", r#"[{"to":$b}]"#, No(Reason::Ambiguous)),
        ("ETH_GETLOGS", "[{}]", No(Reason::Ambiguous)),
        ("eth_blocKNumber", "[]", No(Reason::Ambiguous)),
        ("eth_call ", r#"[{"to":$a}]"#, Unknown),
        ("eth_subscribe", r#"["Logs",{"address":$a}]"#, No(Reason::Ambiguous)),
        ("debug_traceCall", r#"[{"to":$a},"latest",{"Tracer":"callTracer"}]"#, No(Reason::Ambiguous)),
        ("eth_callMany", r#"[[{"Transactions":[{"to":$a}]}]]"#, No(Reason::Ambiguous)),
        ("eth_multicall", r#"[[{"to":$a,"calls":[{"to":$b}]}]]"#, No(Reason::Shape)),
        ("eth_call", r#"[{"to":$a,"calls":[{"to":$b}]}]"#, No(Reason::Shape)),
        ("eth_call", r#"[{"to":$a}]]"#, No(Reason::Shape)),
        ("eth_call", r#"[{"to":$a}"#, No(Reason::Shape)),
        ("eth_call", "7", No(Reason::Shape)),
        ("eth_call", "", No(Reason::Shape)),
    ]);
}

#[test]
fn filters_and_subscriptions() {
    check(&[
        ("eth_newFilter", r#"[{"address":[$a,$b]}]"#, Only("ab")),
        ("eth_newFilter", r#"[{"topics":[]}]"#, No(Reason::NoAddress)),
        ("eth_newFilter", "[]", No(Reason::NoAddress)),
        ("eth_getFilterLogs", r#"["0x1"]"#, Id("0x1")),
        ("eth_getFilterChanges", r#"["0x\u0031f"]"#, Id("0x1f")),
        ("eth_getFilterChanges", "[1]", No(Reason::Shape)),
        ("eth_getFilterChanges", "[]", No(Reason::Shape)),
        ("eth_getFilterChanges", r#"{"id":"0x1"}"#, No(Reason::ByName)),
        ("eth_uninstallFilter", r#"["0x1"]"#, Nothing),
        ("eth_newBlockFilter", "[]", Nothing),
        ("eth_newPendingTransactionFilter", "[]", Nothing),
        ("eth_subscribe", r#"["logs",{"address":$a}]"#, Only("a")),
        ("eth_subscribe", r#"["\u006cogs",{"address":$a}]"#, Only("a")),
        ("eth_subscribe", r#"["logs",{"topics":[]}]"#, No(Reason::NoAddress)),
        ("eth_subscribe", r#"["logs"]"#, No(Reason::NoAddress)),
        ("eth_subscribe", r#"["logs",null]"#, No(Reason::Shape)),
        ("eth_subscribe", r#"["newHeads"]"#, Nothing),
        ("eth_subscribe", r#"["newPendingTransactions",true]"#, Nothing),
        ("eth_subscribe", r#"["syncing"]"#, Nothing),
        ("eth_subscribe", r#"["transactionReceipts"]"#, Unknown),
        ("eth_subscribe", "[]", No(Reason::Shape)),
        ("eth_subscribe", r#"[["logs"]]"#, No(Reason::Shape)),
        ("eth_unsubscribe", r#"["0x1"]"#, Nothing),
    ]);
    let long = format!(r#"["{}"]"#, "1".repeat(MAX_FILTER_ID + 1));
    assert_eq!(touched("eth_getFilterLogs", Some(&long)), Touched::Unclear(Reason::Shape));
}

#[test]
fn a_call_touches_at_most_as_many_contracts_as_a_list_holds() {
    let query = |count: usize| {
        let addresses: Vec<String> = (0..count).map(|number| format!("\"0x{number:040x}\"")).collect();
        format!(r#"[{{"address":[{0},{0}]}}]"#, addresses.join(","))
    };
    let Touched::Contracts(found) = touched("eth_getLogs", Some(&query(MAX_CONTRACTS))) else { panic!("all are read") };
    assert_eq!(found.len(), MAX_CONTRACTS);
    assert_eq!(touched("eth_getLogs", Some(&query(MAX_CONTRACTS + 1))), Touched::Unclear(Reason::TooMany));
    let deep = format!(r#"[{{"to":"0x{:040x}"}},{}1{}]"#, 7, "[".repeat(100), "]".repeat(100));
    assert_eq!(touched("eth_call", Some(&deep)), Touched::Unclear(Reason::Shape));
}
