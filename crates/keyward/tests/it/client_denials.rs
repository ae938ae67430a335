//! viem, ethers and web3.py, unmodified, driven into the denials of a JSON-RPC API: each tells its caller within five seconds, in
//! our words. What stops one call is told by its sentence; what stops a whole request by its code, because web3.py shows the status
//! line of such an answer and hides its body.

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

    /// A new key of the owner's: its path in the REST API, and where its calls go.
    fn key(&self, name: &str) -> (String, String) {
        let asked = json!({ "name": name, "environment": "Development", "sharing": "own" });
        let made = self.send(false, "/keys", &asked);
        let value = text(&made["value"]["value"]);
        (format!("/keys/{}", text(&made["key"]["id"])), self.node.replace("{key}", &value))
    }
}

/// What each library says of one call.
fn check(url: &str, told: &str) {
    for ended in [
        script::node("viem.mjs", &[url, "refused", told]),
        script::node("ethers.mjs", &[url, "refused", told]),
        script::python("web3_client.py", &[url, "refused", told]),
    ] {
        assert!(ended.success, "{told}: {}{}", ended.output, ended.errors);
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
    check(&url, Denial::SecretMissing.code());

    let (key, url) = owner.key("Disabled");
    owner.send(false, &format!("{key}/disable"), &json!({}));
    check(&url, Denial::KeyDisabled.code());

    let (key, url) = owner.key("Slow");
    let rate = json!({ "metric": "requests", "per": "minute", "limit": 1 });
    owner.send(true, &format!("{key}/limits"), &json!({ "quotas": [], "rates": [rate] }));
    spend(&url);
    check(&url, Denial::RateLimited(Scope::Key).sentence());

    let (key, url) = owner.key("Small");
    let quota = json!({ "metric": "requests", "period": "day", "limit": 1 });
    owner.send(true, &format!("{key}/limits"), &json!({ "quotas": [quota], "rates": [] }));
    spend(&url);
    check(&url, Denial::QuotaExhausted(Scope::Key).sentence());
    demo.stop();
}

/// The one call that a key has.
fn spend(url: &str) {
    let call = br#"{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}"#;
    let answer = http::post(url, &[], call, ANSWER).expect("an answer");
    assert!(String::from_utf8_lossy(&answer.body).contains("\"result\""), "{answer:?}");
}
