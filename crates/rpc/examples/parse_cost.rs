//! What reading costs: `cargo run --release -p rpc --example parse_cost`. Prints nanoseconds per request, the median of
//! several rounds, and what serde_json takes to read the same bytes into a borrowed struct and to skip them.

use rpc::answer::look;
use rpc::request::{Limits, parse};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 15;
const REQUESTS: usize = 20_000;

/// The usual way to read a call; knows nothing of duplicates below the first level.
#[derive(Deserialize)]
struct Plain<'a> {
    #[serde(borrow)]
    jsonrpc: &'a str,
    #[serde(borrow)]
    method: &'a str,
    #[serde(borrow)]
    params: &'a RawValue,
    #[serde(borrow)]
    id: &'a RawValue,
}

fn main() {
    let call = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{{"from":"0x{}","to":"0x{}","data":"0x70a08231{}"}},"latest"]}}"#,
        "ab".repeat(20),
        "cd".repeat(20),
        "0".repeat(106),
    );
    let batch = format!("[{}]", vec![call.as_str(); 20].join(","));
    let answer = format!(r#"{{"jsonrpc":"2.0","id":1,"result":"0x{}"}}"#, "0".repeat(64));
    report("parse, eth_call", &call, |bytes| drop(black_box(parse(bytes, Limits::default()))));
    report("parse, batch of 20", &batch, |bytes| drop(black_box(parse(bytes, Limits::default()))));
    report("look, balance", &answer, |bytes| {
        black_box(look(bytes));
    });
    report("serde_json, eth_call", &call, |bytes| {
        let plain: Plain<'_> = serde_json::from_slice(bytes).expect("the call is JSON");
        black_box((plain.jsonrpc, plain.method, plain.params, plain.id));
    });
    report("serde_json tree, eth_call", &call, |bytes| {
        black_box(serde_json::from_slice::<serde_json::Value>(bytes).expect("the call is JSON"));
    });
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn report(name: &str, text: &str, read: impl Fn(&[u8])) {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..REQUESTS {
                read(black_box(text.as_bytes()));
            }
            start.elapsed().as_secs_f64() * 1e9 / REQUESTS as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("{name:<26} {:>6} bytes {:>8.0} ns", text.len(), rounds[ROUNDS / 2]);
}
