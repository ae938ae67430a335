//! What answers say, junk among them, and how ours are written.

use super::*;
use crate::request::{Limits, Request, parse};

#[test]
fn looks() {
    let cases = [
        (r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#, Look::Ok),
        (r#"{"jsonrpc":"2.0","id":1,"result":null}"#, Look::Ok),
        (r#" {"result":{"error":{"code":3}},"id":1} "#, Look::Ok),
        (r#"{"id":1,"result":1,"error":null}"#, Look::Ok),
        (r#"{"id":1,"error":{"code":-32000,"message":"execution reverted"}}"#, Look::Error { code: -32000 }),
        (r#"{"id":1,"\u0065rror":{"data":{"code":1},"c\u006fde":3}}"#, Look::Error { code: 3 }),
        (r#"{"id":1,"result":null,"error":{"code":429}}"#, Look::Error { code: 429 }),
        (r#"{"id":1,"error":{"message":"no code"}}"#, Look::Error { code: 0 }),
        (r#"{"id":1,"error":{"code":"-32000"}}"#, Look::Error { code: 0 }),
        (r#"{"id":1,"error":{"code":1.5}}"#, Look::Error { code: 0 }),
        (r#"{"id":1,"error":{"code":99999999999999999999}}"#, Look::Error { code: 0 }),
        (r#"{"id":1,"error":"rate limited"}"#, Look::Error { code: 0 }),
        (r#"{"id":1}"#, Look::NotJsonRpc),
        (r#"{"id":1,"result":1"#, Look::NotJsonRpc),
        (r#"{"id":1,"result":1}}"#, Look::NotJsonRpc),
        (r#"[{"id":1,"result":1}]"#, Look::NotJsonRpc),
        ("<html>502 Bad Gateway</html>", Look::NotJsonRpc),
        ("", Look::NotJsonRpc),
        ("null", Look::NotJsonRpc),
        // Passed on, not judged: names twice, half surrogate pairs.
        (r#"{"result":{"a":1,"a":"\ud800"},"id":1}"#, Look::Ok),
    ];
    for (answer, wanted) in cases {
        assert_eq!(look(answer.as_bytes()), wanted, "for {answer}");
    }
    assert_eq!(look(b"{\"result\":\"\xff\"}"), Look::NotJsonRpc);
}

#[test]
fn traces_may_be_deep() {
    let nested = |depth: usize| format!(r#"{{"id":1,"result":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert_eq!(look(nested(2 * 1024).as_bytes()), Look::Ok);
    assert_eq!(look(nested(MAX_ANSWER_DEPTH).as_bytes()), Look::NotJsonRpc);
}

#[test]
fn error_objects() {
    let body = br#"{"jsonrpc":"2.0","id":"\u0031","method":"m"}"#;
    let Ok(Request::Single(call)) = parse(body, Limits::default()) else { panic!("the request is valid") };
    let data: &[u8] = br#"{"limit":5}"#;
    let cases = [
        (None, -32700, "a", None, r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"a"}}"#),
        (
            call.id,
            -32005,
            "quota of \"Team\"\n",
            Some(data),
            r#"{"jsonrpc":"2.0","id":"\u0031","error":{"code":-32005,"message":"quota of \"Team\"\n","data":{"limit":5}}}"#,
        ),
        (
            call.id,
            1,
            "é\u{1}",
            None,
            "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0031\",\"error\":{\"code\":1,\"message\":\"é\\u0001\"}}",
        ),
    ];
    for (id, code, message, data, wanted) in cases {
        let mut out = Vec::new();
        error_object(&mut out, id, code, message, data);
        assert_eq!(String::from_utf8_lossy(&out), wanted);
        assert_eq!(look(&out), Look::Error { code });
    }
}
