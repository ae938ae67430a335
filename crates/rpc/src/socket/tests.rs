//! Tables of messages, and of ids that say the same.

use super::*;
use crate::request::{Limits, Request, parse};

type Case = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>, Look);

#[test]
fn what_an_object_says() {
    let cases: &[Case] = &[
        (r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#, Some("1"), None, None, Look::Ok),
        (r#"{"id" : "\u0031" ,"result":null}"#, Some(r#""\u0031""#), None, None, Look::Ok),
        (r#"{"id":null,"error":{"code":-32700}}"#, Some("null"), None, None, Look::Error { code: -32700 }),
        (
            r#"{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0xab","result":{}}}"#,
            None,
            Some("eth_subscription"),
            Some(r#""0xab""#),
            Look::NotJsonRpc,
        ),
        (r#"{"method":"eth_\u0073ubscription","params":[1]}"#, None, Some("eth_subscription"), None, Look::NotJsonRpc),
        (r#"{"method":7,"params":{"subscription":3}}"#, None, None, Some("3"), Look::NotJsonRpc),
        (r#"{"id":{},"result":1}"#, None, None, None, Look::Ok),
        (r#"{"id":1,"id":2,"result":1}"#, None, None, None, Look::Ok),
        ("{}", None, None, None, Look::NotJsonRpc),
    ];
    for (text, id, method, subscription, look) in cases {
        let Some(Message::One(said)) = read(text) else { panic!("{text}") };
        assert_eq!(said.id().map(RawId::as_str), *id, "{text}");
        assert_eq!((said.method.as_deref(), said.subscription, said.look), (*method, *subscription, *look), "{text}");
    }
}

#[test]
fn what_is_no_message() {
    for text in ["", "1", "null", "[1]", "{", r#"{"id":1}x"#, r#"[{"id":1}"#] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read("[]"), Some(Message::Many(Vec::new())));
}

#[test]
fn a_callers_id_is_put_back() {
    let Some(Message::Many(many)) = read(r#"[{"id":1,"result":2}, {"result":3, "id" : 4 }]"#) else { panic!("two") };
    let written = many.iter().map(|said| {
        let mut out = Vec::new();
        said.write(&mut out, "1.0");
        String::from_utf8(out).expect("text")
    });
    assert_eq!(written.collect::<Vec<_>>(), [r#"{"id":1.0,"result":2}"#, r#"{"result":3, "id" : 1.0 }"#]);
}

#[test]
fn ids_mean_the_same_however_they_are_written() {
    let meaning = |id: &str| {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"a"}}"#);
        let Ok(Request::Single(call)) = parse(text.as_bytes(), Limits::default()) else { panic!("{id}") };
        IdMeaning::of(call.id.expect("an id"))
    };
    for same in [&["1", "1.0", "1e0", "10e-1"][..], &[r#""1""#, r#""\u0031""#], &["0", "-0", "0.0"], &["null"]] {
        assert!(same.iter().all(|id| meaning(id) == meaning(same[0])), "{same:?}");
    }
    for (one, other) in [("1", "2"), ("1", r#""1""#), ("null", r#""null""#), ("null", "0")] {
        assert_ne!(meaning(one), meaning(other));
    }
}

#[test]
fn the_first_param() {
    let cases = [("[]", None), (r#"["0x1",2]"#, Some(r#""0x1""#)), (r#"{"a":1}"#, None), ("[[1],2]", Some("[1]"))];
    for (params, first) in cases {
        assert_eq!(first_param(params), first, "{params}");
    }
}
