//! The client scripts without a gateway: their assertions hold against the real servers, so that what fails behind a
//! gateway is the gateway's doing; and what a gateway must remove is noticed where none removes it.

use testbed::{anvil::Anvil, httpbin::Httpbin, process::Ended, script};

fn passes(ended: Ended) {
    assert!(ended.success, "{}{}", ended.output, ended.errors);
}

#[test]
fn the_clients_of_a_node_hold_against_the_node() {
    let anvil = Anvil::start();
    passes(script::node("viem.mjs", &[&anvil.url()]));
    passes(script::node("ethers.mjs", &[&anvil.url()]));
    passes(script::python("web3_client.py", &[&anvil.url()]));
}

#[test]
fn a_node_that_denies_nothing_fails_the_check_of_a_denial() {
    let anvil = Anvil::start();
    let arguments = [&anvil.url(), "refused", "used up"];
    for ended in [
        script::node("viem.mjs", &arguments),
        script::node("ethers.mjs", &arguments),
        script::python("web3_client.py", &arguments),
    ] {
        assert!(!ended.success && ended.errors.contains("the call went through"), "{ended:?}");
    }
}

#[test]
fn the_client_of_httpbin_holds_against_httpbin() {
    let httpbin = Httpbin::start();
    passes(script::python("httpbin_client.py", &[&httpbin.url()]));
}

#[test]
fn the_checks_of_a_gateway_fail_where_there_is_none() {
    let httpbin = Httpbin::start();
    let url = httpbin.url();
    let ended = script::python("httpbin_client.py", &[&url, "--key", "kw_not-a-value", "--upstream", &url]);
    assert!(!ended.success);
    let failed = r#""failed": ["headers", "key_is_gone_from_the_echo", "redirects", "cookies"]"#;
    assert!(ended.output.contains(failed), "{}{}", ended.output, ended.errors);
}
