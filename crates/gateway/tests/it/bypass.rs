//! Ways around allowlists: each is refused and reaches nobody, and where the list is merely observed it passes and the row says so.

use std::sync::Arc;

use domain::{
    allowlist::{Allowlist, ListKind, ListKinds, Listed, Lists, Mode},
    call::Charge,
    decision::Denial,
    policy::KeyPolicy,
};
use serde_json::{Value, json};

use crate::{
    allowlists::only,
    upstream::{Upstream, ok},
    world::{Plan, World},
};

/// The one contract that may be touched, and another.
const GOOD: &str = "0x00000000000000000000000000000000000000aa";
const BAD: &str = "0x00000000000000000000000000000000000000bb";

/// A list with these entries.
fn list<E: std::str::FromStr<Err: std::fmt::Debug> + PartialEq + std::fmt::Display>(
    mode: Mode,
    entries: &[&str],
) -> Allowlist<E> {
    let listed = |entry: &&str| Listed { entry: entry.parse().expect("an entry"), note: None, until: None };
    Allowlist::new(mode, entries.iter().map(listed).collect()).expect("a list")
}

/// Where lists of a world stand.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stands {
    OnKey(Mode),
    OnAccount(Mode),
}

use Stands::{OnAccount, OnKey};

const EVERYWHERE: [Stands; 4] =
    [OnKey(Mode::Enforce), OnAccount(Mode::Enforce), OnKey(Mode::Observe), OnAccount(Mode::Observe)];

impl Stands {
    fn mode(self) -> Mode {
        match self {
            OnKey(mode) | OnAccount(mode) => mode,
        }
    }

    fn layer(self) -> &'static str {
        if matches!(self, OnKey(_)) { "key" } else { "account" }
    }
}

fn world(upstream: &Upstream, stands: Stands, lists: impl Fn(Mode) -> Lists) -> World {
    let world = Plan::open(upstream.url()).start();
    let lists = Some(Arc::new(lists(stands.mode())));
    match stands {
        OnKey(_) => world.set_lists(lists, None),
        OnAccount(_) => world.set_lists(None, lists),
    }
    world
}

/// An upstream of both APIs: a node, or anything else.
fn upstream() -> Upstream {
    Upstream::start(|seen| match serde_json::from_slice::<Value>(&seen.body) {
        Ok(Value::Array(calls)) => {
            let answers = calls.iter().filter_map(|call| call.get("id")).map(answer_to).collect::<Vec<_>>();
            ok(&Value::from(answers).to_string())
        }
        Ok(call) => ok(&answer_to(&call["id"]).to_string()),
        Err(_) => ok("x"),
    })
}

fn answer_to(id: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": "0x1" })
}

/// What each attempt comes to: refused with this code and told by that layer where the list is enforced, passed and noted where it is
/// observed.
fn check(kind: ListKind, stands: Stands, attempt: &str, answer: &crate::caller::Answer, passed: bool) {
    let told = answer.text();
    if stands.mode() == Mode::Observe {
        assert!(passed && !told.contains("not_allowed"), "{attempt:?} {stands:?}: {told}");
        return;
    }
    assert!(!passed, "{attempt:?} {stands:?} reached the upstream");
    let json = answer.json();
    let receipt = if json.get("error").is_some() { &json["error"]["data"] } else { &json };
    let expected = (kind.denial().code(), kind.as_str(), stands.layer());
    let found = (&receipt["code"], &receipt["list"], &receipt["layer"]);
    assert_eq!(found, (&json!(expected.0), &json!(expected.1), &json!(expected.2)), "{attempt:?}: {told}");
}

fn check_rows(world: World, kind: ListKind, stands: Stands) {
    for row in world.rows() {
        let expected = match stands.mode() {
            Mode::Observe => (None, ListKinds::from(kind)),
            _ => (Some(kind.denial()), ListKinds::NONE),
        };
        assert_eq!((row.denial, row.observed), expected, "{} {stands:?}", row.method);
        assert!(row.denial.is_none() || row.charge == Charge::NOTHING);
    }
}

/// Requests with these headers come from where they come from.
#[test]
fn no_header_makes_another_address_or_page() {
    const PAGES: &[&str] = &[
        "",
        "origin: null\r\n",
        "ORIGIN: https://evil.example\r\n",
        "origin: https://evil.example\r\nreferer: https://www.shop.example/\r\n",
        "origin: https://shop.example\r\n",
        "origin: https://www.shop.example.evil.example\r\n",
        "origin: https://evil.example/www.shop.example\r\n",
        "origin: www.shop.example\r\n",
        "origin: https://www.shop.example https://evil.example\r\n",
        "referer: https://www.shop.example@evil.example/\r\n",
        "referer: https://evil.example/?https://www.shop.example/\r\n",
        "x-forwarded-host: www.shop.example\r\n",
        "x-origin: https://www.shop.example\r\n",
    ];
    const ADDRESSES: &[&str] = &[
        "",
        "x-forwarded-for: 10.0.0.1\r\n",
        "X-FORWARDED-FOR: 10.0.0.1, 10.0.0.2\r\n",
        "x-forwarded-for: 10.0.0.1\r\nx-forwarded-for: 10.0.0.1\r\n",
        "forwarded: for=10.0.0.1\r\n",
        "x-real-ip: 10.0.0.1\r\n",
        "true-client-ip: 10.0.0.1\r\n",
        "cf-connecting-ip: 10.0.0.1\r\n",
        "x-client-ip: ::ffff:10.0.0.1\r\n",
    ];
    type Attempts = (ListKind, &'static [&'static str], fn(Mode) -> Lists);
    let lists: [Attempts; 2] = [
        (ListKind::Domains, PAGES, |mode| Lists { domains: list(mode, &["*.shop.example"]), ..Lists::default() }),
        (ListKind::Addresses, ADDRESSES, |mode| Lists { addresses: list(mode, &["10.0.0.0/8"]), ..Lists::default() }),
    ];
    for (kind, attempts, lists) in lists {
        for stands in EVERYWHERE {
            let upstream = upstream();
            let world = world(&upstream, stands, lists);
            for headers in attempts {
                let before = upstream.seen().len();
                let answer = world.caller().ask(world.request("GET /football/a", headers, ""));
                check(kind, stands, headers, &answer, upstream.seen().len() > before);
            }
            check_rows(world, kind, stands);
        }
    }
}

#[test]
fn an_address_that_is_mapped_into_ipv6_is_itself() {
    let upstream = upstream();
    for (entry, passes) in [("::ffff:127.0.0.0/104", true), ("127.0.0.1", true), ("::/0", false), ("0.0.0.0/0", true)] {
        let world = world(&upstream, OnKey(Mode::Enforce), |mode| Lists {
            addresses: list(mode, &[entry]),
            ..Lists::default()
        });
        let answer = world.caller().ask(world.request("GET /football/a", "", ""));
        assert_eq!(answer.status == 200, passes, "{entry}");
    }
}

/// Requests that are none of the list's, whatever they look like to another reader.
#[test]
fn no_spelling_of_a_request_makes_another_method() {
    const ATTEMPTS: &[(&str, &str)] = &[
        ("GET /football/teams", ""),
        ("POST /football/fixtures/1", ""),
        ("HEAD /football/fixtures", ""),
        ("get /football/fixtures/1", ""),
        ("GET /football/fixtures", ""),
        ("GET /football/FIXTURES/1", ""),
        ("GET /football/%46ixtures/1", ""),
        ("GET /football/teams?/fixtures/1", ""),
        ("GET /football/teams%3F/fixtures/1", ""),
        ("GET /football", ""),
        ("POST /football/fixtures/1", "x-http-method-override: GET\r\n"),
        ("GET /football/teams", "x-original-url: /fixtures/1\r\nx-rewrite-url: /fixtures/1\r\n"),
    ];
    let lists = |mode| Lists { methods: list(mode, &["GET /fixtures/*"]), ..Lists::default() };
    for stands in EVERYWHERE {
        let upstream = upstream();
        let world = world(&upstream, stands, lists);
        for (line, headers) in ATTEMPTS {
            let before = upstream.seen().len();
            let answer = world.caller().ask(world.request(line, headers, ""));
            if line.starts_with("HEAD") {
                assert_eq!(answer.status == 403, stands.mode() == Mode::Enforce, "{line}");
                continue;
            }
            check(ListKind::Methods, stands, line, &answer, upstream.seen().len() > before);
        }
        check_rows(world, ListKind::Methods, stands);
    }
    let upstream = upstream();
    let world = world(&upstream, OnKey(Mode::Enforce), lists);
    for line in ["GET /football/fixtures/1", "GET /football/f%69xtures/1?x=/teams"] {
        assert_eq!(world.caller().ask(world.request(line, "", "")).status, 200, "{line}");
    }
    assert_eq!(upstream.seen()[1].target(), "/v3/f%69xtures/1?x=/teams", "what was matched is what goes up");
    for line in ["GET /football/fixtures/../teams", "GET /football/fixtures/%2e%2e/teams", "GET /football/fixtures//1"]
    {
        let answer = world.caller().ask(world.request(line, "", ""));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("malformed")), "{line}");
    }
    assert_eq!(upstream.seen().len(), 2);
}

/// Calls whose method is not on the list, or which touch a contract that is not, or of which that cannot be told.
fn calls() -> Vec<(ListKind, String)> {
    let call = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let bad_call = json!({ "to": BAD, "data": "0x" });
    let overridden = json!({ BAD: { "code": "0x00" } });
    let methods = [
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_sign","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_s\u0069gn","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"ETH_CALL","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_call ","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_call\u0000","params":[]}"#.to_owned(),
        r#"{"params":["eth_call"],"id":1,"jsonrpc":"2.0","method":"debug_traceTransaction"}"#.to_owned(),
    ];
    let contracts = [
        call("eth_call", json!([bad_call, "latest"])),
        call("eth_call", json!([{ "to": GOOD }, "latest", overridden])),
        call("eth_call", json!([{ "data": "0x" }, "latest"])),
        call("eth_call", json!([{ "to": &BAD.to_uppercase().replace("0X", "0x") }, "latest"])),
        call("eth_call", json!([{ "to": "vitalik.eth" }, "latest"])),
        call("eth_call", json!([{ "to": &GOOD[2..] }, "latest"])),
        call("eth_call", json!({ "to": GOOD })),
        call("eth_estimateGas", json!([bad_call])),
        call("eth_createAccessList", json!([bad_call])),
        call("eth_getLogs", json!([{}])),
        call("eth_getLogs", json!([{ "address": [GOOD, BAD] }])),
        call("eth_getLogs", json!([{ "address": [] }])),
        call("eth_newFilter", json!([{ "address": BAD }])),
        call("eth_getFilterLogs", json!(["0x99"])),
        call("eth_getFilterChanges", json!(["0x99"])),
        call("eth_subscribe", json!(["logs", { "address": BAD }])),
        call("eth_getBalance", json!([BAD, "latest"])),
        call("eth_getCode", json!([BAD, "latest"])),
        call("eth_getStorageAt", json!([BAD, "0x0", "latest"])),
        call("eth_getTransactionCount", json!([BAD, "latest"])),
        call("eth_getProof", json!([BAD, [], "latest"])),
        call("eth_simulateV1", json!([{ "blockStateCalls": [{ "calls": [bad_call] }] }, "latest"])),
        call("eth_callMany", json!([[{ "transactions": [bad_call] }], {}])),
        call("eth_sendTransaction", json!([bad_call])),
        call("eth_signTransaction", json!([bad_call])),
        call("eth_sendRawTransaction", json!(["0xdeadbeef"])),
        call("eth_sendRawTransactionSync", json!(["0x"])),
        call("eth_sendBundle", json!([{ "txs": ["0xdeadbeef"] }])),
        call("debug_traceCall", json!([bad_call, "latest", {}])),
        call("trace_call", json!([bad_call, ["trace"], "latest"])),
        call("trace_callMany", json!([[[bad_call, ["trace"]]], "latest"])),
        call("trace_rawTransaction", json!(["0xdeadbeef", ["trace"]])),
        call("eth_somethingNew", json!([GOOD])),
    ];
    let methods = methods.into_iter().map(|call| (ListKind::Methods, call));
    methods.chain(contracts.into_iter().map(|call| (ListKind::Contracts, call.to_string()))).collect()
}

fn lists_of(kind: ListKind, mode: Mode) -> Lists {
    match kind {
        ListKind::Methods => Lists { methods: list(mode, &["eth_call", "eth_get*"]), ..Lists::default() },
        _ => Lists { contracts: list(mode, &[GOOD]), ..Lists::default() },
    }
}

#[test]
fn no_call_gets_around_methods_or_contracts() {
    for stands in EVERYWHERE {
        for kind in [ListKind::Methods, ListKind::Contracts] {
            let upstream = upstream();
            let world = world(&upstream, stands, |mode| lists_of(kind, mode));
            for (_, call) in calls().iter().filter(|(of, _)| *of == kind) {
                let before = upstream.seen().len();
                let answer = world.caller().ask(world.post(call));
                check(kind, stands, call, &answer, upstream.seen().len() > before);
            }
            check_rows(world, kind, stands);
        }
    }
}

#[test]
fn no_batch_carries_a_call_past_the_lists_and_none_stops_the_others() {
    for (kind, denied) in calls() {
        let upstream = upstream();
        let world = world(&upstream, OnKey(Mode::Enforce), |mode| lists_of(kind, mode));
        let good = json!({ "jsonrpc": "2.0", "id": 7, "method": "eth_call", "params": [{ "to": GOOD }, "latest"] });
        let answer = world.caller().ask(world.post(&format!("[{good},{denied},{good}]")));
        let answers = answer.json();
        assert_eq!(answers[1]["error"]["data"]["code"], kind.denial().code(), "{denied}: {answers}");
        assert_eq!((&answers[0]["result"], &answers[2]["result"]), (&json!("0x1"), &json!("0x1")), "{answers}");
        let seen: Value = serde_json::from_slice(&upstream.seen()[0].body).expect("JSON");
        let methods: Vec<_> = seen.as_array().expect("a batch").iter().map(|call| &call["params"][0]["to"]).collect();
        assert_eq!(methods, [GOOD, GOOD], "{denied}");
        let rows = world.rows();
        assert_eq!(rows.iter().filter(|row| row.denial == Some(kind.denial())).count(), 1);
    }
}

#[test]
fn a_notification_is_decided_on_like_a_call_and_gets_no_answer() {
    let upstream = upstream();
    let world = world(&upstream, OnKey(Mode::Enforce), |mode| lists_of(ListKind::Methods, mode));
    let notification = r#"{"jsonrpc":"2.0","method":"eth_sign","params":[]}"#;
    assert_eq!(world.caller().ask(world.post(notification)).status, 204);
    assert_eq!(world.caller().ask(world.post(&format!("[{notification},{notification}]"))).status, 204);
    assert!(upstream.seen().is_empty());
    let rows = world.rows();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.denial == Some(Denial::MethodNotAllowed)));
}

#[test]
fn members_that_come_twice_are_no_request() {
    let upstream = upstream();
    let world = world(&upstream, OnKey(Mode::Enforce), |mode| lists_of(ListKind::Methods, mode));
    for twice in [
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","method":"eth_sign","params":[]}"#.to_owned(),
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","Method":"eth_sign","params":[]}"#.to_owned(),
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{{"to":"{GOOD}","to":"{BAD}"}}]}}"#),
    ] {
        let answer = world.caller().ask(world.post(&twice));
        assert_eq!(answer.json()["error"]["data"]["code"], "malformed", "{twice}");
    }
    assert!(upstream.seen().is_empty());
}

#[test]
fn what_is_touched_stands_in_the_row_and_what_is_seen_in_the_receipt() {
    let upstream = upstream();
    let world = world(&upstream, OnKey(Mode::Enforce), |mode| lists_of(ListKind::Contracts, mode));
    let ask = |method: &str, params: Value| {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let answer = world.caller().ask(world.post(&call)).json();
        answer["error"]["data"]["seen"].as_str().map(str::to_owned)
    };
    assert_eq!(ask("eth_getLogs", json!([{ "address": [GOOD, BAD] }])), Some(BAD.to_owned()));
    assert_eq!(ask("eth_getLogs", json!([{}])), Some("it names no contract".to_owned()));
    let unknown = "it is not known which contracts this method touches";
    assert_eq!(ask("eth_somethingNew", json!([])), Some(unknown.to_owned()));
    assert_eq!(ask("eth_call", json!([{ "to": GOOD }, "latest"])), None);
    assert_eq!(ask("eth_chainId", json!([])), None, "it touches none");
    let touched = |row: &domain::request_log::Row| row.contracts.as_ref().map(|touched| touched.total);
    assert_eq!(world.rows().iter().map(touched).collect::<Vec<_>>(), [Some(2), None, None, Some(1), None]);
}

#[test]
fn an_operator_can_let_unknown_methods_pass() {
    let upstream = upstream();
    let plan = Plan {
        change: |apis| apis[1].unknown_methods = gateway::settings::UnknownMethods::Allow,
        change_key: |key: &mut KeyPolicy| {
            key.lists = Some(Arc::new(Lists { contracts: only(GOOD), ..Lists::default() }));
        },
        ..Plan::open(upstream.url())
    };
    let world = plan.start();
    for (method, passes) in [("eth_somethingNew", true), ("ETH_CALL", false), ("eth_call", false)] {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": [] });
        let answer = world.caller().ask(world.post(&call.to_string())).json();
        assert_eq!(answer.get("result").is_some(), passes, "{method}: {answer}");
    }
}

#[test]
fn a_filter_is_good_under_the_lists_that_it_was_made_under() {
    let upstream = upstream();
    let world = world(&upstream, OnKey(Mode::Enforce), |mode| lists_of(ListKind::Contracts, mode));
    let call = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let post =
        |network: &str, body: &Value| world.post(&body.to_string()).replace("/mainnet/", &format!("/{network}/"));
    let may = |network: &str, id: &str| {
        let answer = world.caller().ask(post(network, &call("eth_getFilterChanges", json!([id])))).json();
        answer.get("result").is_some()
    };
    let make = call("eth_newFilter", json!([{ "address": GOOD }]));
    assert!(!may("mainnet", "0x1"));
    assert_eq!(world.caller().ask(post("mainnet", &make)).json()["result"], "0x1");
    assert_eq!((may("mainnet", "0x1"), may("mainnet", "0x01"), may("sepolia", "0x1")), (true, false, false));
    let lists = Some(Arc::new(lists_of(ListKind::Contracts, Mode::Enforce)));
    world.set_lists(lists.clone(), None);
    assert!(!may("mainnet", "0x1"), "the lists are other ones, if only in their version");
    let batch = json!([call("eth_newFilter", json!([{ "address": GOOD }]))]);
    assert_eq!(world.caller().ask(post("sepolia", &batch)).json()[0]["result"], "0x1");
    assert_eq!((may("sepolia", "0x1"), may("mainnet", "0x1")), (true, false));
    world.set_lists(lists.clone(), lists);
    assert!(!may("sepolia", "0x1"), "the account's count too");
}

#[test]
fn a_preflight_is_answered_by_the_lists_of_the_key_in_its_path() {
    let upstream = upstream();
    let lists = |mode| Lists { domains: list(mode, &["*.shop.example"]), ..Lists::default() };
    for (stands, allowed) in EVERYWHERE.map(|stands| (stands, stands.mode() == Mode::Observe)) {
        let world = world(&upstream, stands, lists);
        let ask = |path: &str, page: &str| {
            let head = "host: gate\r\naccess-control-request-method: POST\r\n";
            let answer = world.caller().ask(format!("OPTIONS {path} HTTP/1.1\r\n{head}origin: {page}\r\n\r\n"));
            assert_eq!(answer.status, 204);
            answer.header("access-control-allow-origin") == Some(page)
        };
        let path = format!("/eth/v1/mainnet/{}", world.value);
        assert!(ask(&path, "https://www.shop.example"));
        assert_eq!(ask(&path, "https://evil.example"), allowed, "{stands:?}");
        assert!(ask("/eth/v1/mainnet", "https://evil.example"), "without a value the API decides");
        assert_eq!(world.rows().len(), 0, "no charge, no row");
    }
    assert!(upstream.seen().is_empty());
}
