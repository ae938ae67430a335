//! The exact bytes of denials, in each dialect, and of the headers that every answer has.

use domain::{
    decision::Denial,
    id::{KeyId, MemberId, RequestId},
    quota::{Metric, Period, Scope},
    time::{SECOND, Timestamp, Window},
    usage::{OverageUsage, Usage},
};

use super::{
    limits::{Item, Span, tell_all, tell_overage},
    receipt::Owner,
    *,
};
use crate::heads::Value;

mod golden;

const NOW: Timestamp = Timestamp::from_micros(1_763_733_600 * SECOND);

const CAME: Came = Came { id: RequestId::from_u128(1), now: NOW, steady: 0 };

fn receipt(denial: Denial) -> Receipt<'static> {
    Receipt {
        denial,
        detail: None,
        seen: None,
        retry_at: None,
        came: CAME,
        receipts_url: None,
        owner: None,
        dialect: Dialect::Problem,
        target: None,
        lack: None,
        list: None,
    }
}

fn full(denial: Denial) -> Receipt<'static> {
    Receipt {
        seen: Some("eth_\"call\""),
        retry_at: Some(NOW.plus(30 * SECOND)),
        receipts_url: Some("https://keys.example"),
        owner: Some(Owner { key: KeyId::from_u128(2), member: Some(MemberId::from_u128(3)) }),
        ..receipt(denial)
    }
}

fn body(response: Reply) -> String {
    match response.body {
        ReplyBody::Whole(bytes) => String::from_utf8(bytes.to_vec()).expect("text"),
        ReplyBody::Empty | ReplyBody::Streamed(_) => panic!("a denial has a body"),
    }
}

#[test]
fn a_problem_says_what_is_known() {
    let bare = denied(&receipt(Denial::UnknownKey));
    assert_eq!(bare.status, 401);
    assert_eq!(bare.headers.get(CONTENT_TYPE).and_then(Value::to_str), Some("application/problem+json"));
    let expected = concat!(
        r#"{"type":"about:blank","title":"Unknown key","status":401,"#,
        r#""detail":"The request carries no key, or one that is not known here.","#,
        r#""code":"unknown_key","request_id":"req_00000000000000000000000001"}"#
    );
    assert_eq!(body(bare), expected);
    let expected = concat!(
        r#"{"type":"https://keys.example/docs/errors#quota_exhausted","title":"Quota exhausted","status":429,"#,
        r#""detail":"The quota is used up, or what is left is less than this call costs.","#,
        r#""code":"quota_exhausted","rule":"member","seen":"eth_\"call\"","retry_at":"2025-11-21T14:00:30Z","#,
        r#""request_id":"req_00000000000000000000000001","#,
        r#""manage":"https://keys.example/members/mem_00000000000000000000000003"}"#
    );
    assert_eq!(body(denied(&full(Denial::QuotaExhausted(Scope::Member)))), expected);
}

#[test]
fn an_error_object_has_the_receipt_as_data() {
    let response = denied(&Receipt { dialect: Dialect::JsonRpc, ..full(Denial::KeyExpired) });
    assert_eq!(
        (response.status.as_u16(), response.headers.get(CONTENT_TYPE).and_then(Value::to_str)),
        (403, Some("application/json"))
    );
    let expected = concat!(
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"The key, or this value of it, has expired.","#,
        r#""data":{"code":"key_expired","seen":"eth_\"call\"","retry_at":"2025-11-21T14:00:30Z","#,
        r#""request_id":"req_00000000000000000000000001","#,
        r#""manage":"https://keys.example/keys/key_00000000000000000000000002","#,
        r#""docs":"https://keys.example/docs/errors#key_expired"}}}"#
    );
    assert_eq!(body(response), expected);
}

#[test]
fn every_denial_can_be_told_in_every_dialect() {
    for denial in Denial::ALL {
        for (dialect, place) in [
            (Dialect::Problem, "/code"),
            (Dialect::JsonRpc, "/error/data/code"),
            (Dialect::Zan, "/error/data/code"),
            (Dialect::ApiSports, "/receipt/code"),
        ] {
            let json: serde_json::Value =
                serde_json::from_str(&body(denied(&Receipt { dialect, ..full(denial) }))).expect("JSON");
            assert_eq!(json.pointer(place), Some(&denial.code().into()), "{dialect}");
        }
    }
}

#[test]
fn retry_after_is_for_short_waits_only() {
    let cases = [
        (None, None),
        (Some(-5), Some("1")),
        (Some(0), Some("1")),
        (Some(1_500_000), Some("2")),
        (Some(60_000_000), Some("60")),
        (Some(60_000_001), None),
    ];
    for (wait, header) in cases {
        let receipt = Receipt { retry_at: wait.map(|wait| NOW.plus(wait)), ..receipt(Denial::RateLimited(Scope::Key)) };
        let response = denied(&receipt);
        let told = response.headers.get(RETRY_AFTER).map(|value| value.to_str().expect("digits").to_owned());
        assert_eq!(told.as_deref(), header, "{wait:?}");
    }
}

#[test]
fn what_was_seen_is_cut_at_a_whole_character() {
    let long = "é".repeat(150);
    let receipt = Receipt { seen: Some(&long), ..receipt(Denial::Malformed) };
    let json: serde_json::Value = serde_json::from_str(&body(denied(&receipt))).expect("JSON");
    assert_eq!(json["seen"].as_str().map(str::len), Some(200));
}

#[test]
fn limits_are_told_tightest_first() {
    let day = Item {
        scope: Scope::Account,
        metric: Metric::Requests,
        span: Span::Period(Period::Day),
        limit: 1_000,
        left: 997,
        window: Some(86_400),
        reset: Some(3_600),
    };
    let items = [
        day,
        Item {
            scope: Scope::Key,
            span: Span::Rate("second"),
            limit: 10,
            left: 9,
            window: Some(1),
            reset: Some(1),
            ..day
        },
        Item {
            scope: Scope::Member,
            metric: Metric::Credits,
            span: Span::Period(Period::Lifetime),
            left: 0,
            window: None,
            reset: None,
            ..day
        },
        Item { span: Span::Period(Period::Days(30)), limit: u64::MAX, left: u64::MAX, ..day },
    ];
    let mut headers = Headers::new();
    tell_all(&mut headers, items.into_iter());
    let policy = r#""member-lifetime-credits";q=1000, "key-second";q=10;w=1, "day";q=1000;w=86400, "30-days";q=999999999999999;w=86400"#;
    let state = r#""member-lifetime-credits";r=0, "key-second";r=9;t=1, "day";r=997;t=3600, "30-days";r=999999999999999;t=3600"#;
    assert_eq!(lines(&headers), [("ratelimit-policy", policy), ("ratelimit", state)]);
    let mut without = Headers::new();
    tell_all(&mut without, [].into_iter());
    assert!(without.is_empty());
    let many = (0..20).map(|left| Item { left: 19 - left, ..day });
    tell_all(&mut without, many);
    let eight: Vec<String> = (0..8).map(|left| format!("\"day\";r={left};t=3600")).collect();
    assert_eq!(lines(&without)[1].1, eight.join(", "), "of more than eight, the tightest");
}

#[test]
fn what_went_beyond_quotas_is_told_and_nothing_before() {
    let window = Window { start: NOW, end: NOW.plus(SECOND) };
    let beyond = |limit, used| Some(OverageUsage { limit, used });
    let usage = |scope, metric, period, overage| Usage { scope, metric, period, window, limit: 9, used: 9, overage };
    let (day, month) = (Period::Day, Period::Month);
    let usages = [
        usage(Scope::Key, Metric::Requests, day, None),
        usage(Scope::Account, Metric::Requests, day, beyond(Some(500), 12)),
        usage(Scope::Account, Metric::Requests, month, beyond(Some(500), 0)),
        usage(Scope::Account, Metric::Credits, month, beyond(None, 7)),
    ];
    for (told, expected) in [
        (&usages[..], &[("x-keyward-overage", r#""day";q=500;u=12, "month-credits";u=7"#)][..]),
        (&usages[2..3], &[]),
        (&[], &[]),
    ] {
        let mut headers = Headers::new();
        tell_overage(&mut headers, told.iter().copied());
        assert_eq!(lines(&headers), expected);
    }
}

/// The lines of a head, as text.
fn lines(headers: &Headers) -> Vec<(&str, &str)> {
    let text = |part| str::from_utf8(part).expect("text");
    headers.iter().map(|(name, value)| (text(name), text(value.as_bytes()))).collect()
}

#[test]
fn every_answer_tells_its_request() {
    let mut headers = Headers::new();
    let told = Told {
        came: CAME,
        origin: Some(&HeaderValue::from_static("https://a.example")),
        api: None,
        limits: None,
        charged: Some(Charge::priced(7)),
        key_in_path: true,
        is_page_listed: false,
        is_last: true,
    };
    tell(&mut headers, &told);
    let expected = [
        ("x-request-id", "req_00000000000000000000000001"),
        ("x-keyward-credits", "7"),
        ("referrer-policy", "no-referrer"),
        ("connection", "close"),
    ];
    assert_eq!(lines(&headers), expected);
}
