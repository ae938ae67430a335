//! Every denial in every dialect, as callers get it: status, headers and body, one file for each dialect.

use std::{fmt::Write, path::PathBuf, sync::Arc};

use domain::{
    allowlist::{Layer, ListKind},
    api::Protocol,
};

use super::*;
use crate::{credential::Target, route::RouteTable};

/// Set it to `1` to write the files anew.
const WRITE: &str = "KEYWARD_WRITE_GOLDEN";

#[test]
fn every_denial_in_every_dialect_is_in_its_file() {
    for dialect in [Dialect::Problem, Dialect::JsonRpc, Dialect::Zan, Dialect::ApiSports] {
        let mut text = format!("# Every denial as the dialect `{dialect}` tells it. Written by the test `golden`.\n");
        for denial in Denial::ALL {
            let lacks: &[_] = match denial {
                Denial::UnknownKey => &[None, Some(NoValue::Missing), Some(NoValue::Malformed)],
                _ => &[None],
            };
            lacks.iter().for_each(|lack| write_denial(&mut text, denial, *lack, dialect));
        }
        compare(dialect, &text);
    }
}

fn compare(dialect: Dialect, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/reply/tests/{dialect}.txt"));
    if std::env::var(WRITE).is_ok_and(|write| write == "1") {
        std::fs::write(&file, text).expect("the file is written");
    }
    let expected = std::fs::read_to_string(&file).expect("the file is there");
    assert_eq!(text, expected, "set {WRITE}=1 to write {} anew", file.display());
}

fn write_denial(text: &mut String, denial: Denial, lack: Option<NoValue>, dialect: Dialect) {
    let mut table = RouteTable::default();
    table.add(0, Protocol::Rest, &Arc::from([]), "/football", &[]).expect("a template");
    let mut target = Target::new(&"/football/leagues?id=39&name=Copa%20%22A%22".parse().expect("a target"));
    target.find(&table, "any").expect("a route");
    let is_known = denial != Denial::UnknownKey;
    let owner = is_known.then(|| Owner { key: KeyId::from_u128(2), member: Some(MemberId::from_u128(3)) });
    let seen = matches!(denial, Denial::AddressNotAllowed).then_some("192.0.2.1");
    let waits = matches!(denial, Denial::TooManyDenials | Denial::RateLimited(_) | Denial::QuotaExhausted(_));
    let retry_at = waits.then(|| NOW.plus(30 * SECOND));
    let target = Some(&target);
    let list = ListKind::of_denial(denial).zip(Some(Layer::Key));
    let receipt = Receipt { owner, seen, retry_at, dialect, target, lack, list, receipts_url: URL, ..receipt(denial) };

    let told = Told {
        came: CAME,
        origin: None,
        api: None,
        limits: None,
        charged: None,
        key_in_path: false,
        is_page_listed: false,
        is_last: false,
    };
    let lack = lack.map_or(String::new(), |lack| format!(", {lack:?}").to_lowercase());
    writeln!(text, "\n## {denial}{lack}").expect("memory takes every write");
    write_answer(text, denied(&receipt), &told);
    let is_of_a_call = denial >= Denial::MethodNotAllowed;
    if dialect.is_json_rpc() && is_of_a_call {
        text.push_str("\nIn the place of a call:\n");
        write_answer(text, denied_call(&receipt, json_rpc::body(&receipt, None)), &told);
    }
}

const URL: Option<&str> = Some("https://keys.example");

fn write_answer(text: &mut String, mut response: Reply, told: &Told<'_>) {
    tell(&mut response.headers, told);
    let phrase = response.reason.unwrap_or("");
    let line = format!("{} {phrase}", response.status.as_u16());
    writeln!(text, "{}", line.trim_end()).expect("memory takes every write");
    let mut lines: Vec<String> = response
        .headers
        .iter()
        .map(|(name, value)| format!("{}: {}", String::from_utf8_lossy(name), value.to_str().expect("text")))
        .collect();
    lines.sort();
    writeln!(text, "{}\n\n{}", lines.join("\n"), body(response)).expect("memory takes every write");
}
