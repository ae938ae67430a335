//! viem, ethers and web3.py, unmodified, driven into the denials of a JSON-RPC API: each tells its caller within five seconds, in
//! our words: the sentence, but for web3.py and what stops a whole request. Of such an answer it hides the body and shows the status
//! line, which has the code.

use std::time::Duration;

use domain::{decision::Denial, quota::Scope};
use serde_json::{Value, json};
use testbed::{http, script};

use crate::demo::{Demo, text};

const ANSWER: Duration = Duration::from_secs(20);

/// The owner of the demo's account, signed in.
struct Owner {
    api: String,
    cookie: String,
    account: String,
    /// Of the JSON-RPC API, `{key}` in it.
    node: String,
}

impl Owner {
    fn of(demo: &Demo) -> Owner {
        let api = format!("{}/api/v1", text(&demo.ready["control_url"]));
        let credentials = json!({ "email": demo.ready["owner"]["email"], "password": demo.ready["owner"]["password"] });
        let url = format!("{api}/sessions");
        let headers = [("sec-fetch-site", "same-origin")];
        let answer = http::post(&url, &headers, credentials.to_string().as_bytes(), ANSWER).expect("an answer");
        let cookie = answer.header("set-cookie").and_then(|set| set.split(';').next()).expect("a session").to_owned();
        let me: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let account = text(&me["seats"][0]["account"]["id"]);
        let apis = demo.ready["apis"].as_array().expect("APIs");
        let node = apis.iter().find(|api| api["protocol"] == "json-rpc").map(|api| text(&api["base_url"]));
        Owner { api, cookie, account, node: node.expect("a JSON-RPC API") }
    }

    fn send(&self, put: bool, path: &str, body: &Value) -> Value {
        let url = format!("{}/accounts/{}{path}", self.api, self.account);
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", self.cookie.as_str())];
        let send = if put { http::put } else { http::post };
        let answer = send(&url, &headers, body.to_string().as_bytes(), ANSWER).expect("an answer");
        let told = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{path}: {told}");
        serde_json::from_str(&told).unwrap_or_default()
    }

    /// The member with this address.
    fn member(&self, email: &Value) -> String {
        let url = format!("{}/accounts/{}/members", self.api, self.account);
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", self.cookie.as_str())];
        let answer = http::get(&url, &headers, ANSWER).expect("an answer");
        let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let members = told["members"].as_array().expect("members");
        let found = members.iter().find(|member| member["email"] == *email).expect("the member");
        text(&found["id"])
    }

    /// A new key of the owner's: its path in the REST API, and where its calls go.
    fn key(&self, name: &str) -> (String, String) {
        let asked = json!({ "name": name, "environment": "Development", "sharing": "own" });
        let made = self.send(false, "/keys", &asked);
        let value = text(&made["value"]["value"]);
        (format!("/keys/{}", text(&made["key"]["id"])), self.node.replace("{key}", &value))
    }
}

/// What each library says of one call.
fn check(url: &str, denial: Denial) {
    let is_of_a_call = denial >= Denial::MethodNotAllowed;
    let by_web3 = if is_of_a_call { denial.sentence() } else { denial.code() };
    for ended in [
        script::node("viem.mjs", &[url, "refused", denial.sentence()]),
        script::node("ethers.mjs", &[url, "refused", denial.sentence()]),
        script::python("web3_client.py", &[url, "refused", by_web3]),
    ] {
        assert!(ended.success, "{denial}: {}{}", ended.output, ended.errors);
    }
}

#[test]
fn each_library_tells_its_caller_soon_why_it_is_denied() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(folder.path(), &[]);
    let owner = Owner::of(&demo);

    let (key, url) = owner.key("Asks for its secret");
    let drawn = owner.send(false, &format!("{key}/secret"), &json!({}));
    assert!(text(&drawn["secret"]).starts_with("ks_"));
    owner.send(true, &format!("{key}/secret"), &json!({ "required": true }));
    check(&url, Denial::SecretMissing);

    let (key, url) = owner.key("Disabled");
    owner.send(false, &format!("{key}/disable"), &json!({}));
    check(&url, Denial::KeyDisabled);

    let (key, url) = owner.key("Reads balances");
    let methods = json!({ "mode": "enforce", "entries": [{ "value": "eth_getBalance" }] });
    owner.send(true, &format!("{key}/allowlists"), &json!({ "methods": methods }));
    check(&url, Denial::MethodNotAllowed);

    let (key, url) = owner.key("Slow");
    let rate = json!({ "metric": "requests", "per": "minute", "limit": 1 });
    owner.send(true, &format!("{key}/limits"), &json!({ "quotas": [], "rates": [rate] }));
    spend(&url);
    check(&url, Denial::RateLimited(Scope::Key));

    let (key, url) = owner.key("Small");
    let quota = json!({ "metric": "requests", "period": "day", "limit": 1 });
    owner.send(true, &format!("{key}/limits"), &json!({ "quotas": [quota], "rates": [] }));
    spend(&url);
    check(&url, Denial::QuotaExhausted(Scope::Key));

    let member = demo.ready["members"].as_array().and_then(|members| members.first()).expect("a member");
    let url = owner.node.replace("{key}", &text(&member["key"]));
    owner.send(false, &format!("/members/{}/suspend", owner.member(&member["email"])), &json!({}));
    check(&url, Denial::MemberSuspended);
    demo.stop();
}

/// The one call that a key has.
fn spend(url: &str) {
    let call = br#"{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}"#;
    let answer = http::post(url, &[], call, ANSWER).expect("an answer");
    assert!(String::from_utf8_lossy(&answer.body).contains("\"result\""), "{answer:?}");
}
