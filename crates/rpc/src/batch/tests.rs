//! Splitting and joining: order, gaps, repeats, refusals of the whole batch.

use super::*;
use crate::request::{Limits, Request, parse};

/// A batch with every kind of id, a notification in the middle.
const BATCH: &str = concat!(
    r#"[{"jsonrpc":"2.0", "id" : "a\u0031" ,"method":"m","params":{"id":9}}, "#,
    r#"{"jsonrpc":"2.0","method":"n"},"#,
    r#"{"id":1.0,"jsonrpc":"2.0","method":"m"},"#,
    r#"{"jsonrpc":"2.0","method":"m","i\u0064":null}]"#
);

fn calls(body: &str) -> Vec<Call<'_>> {
    let Ok(Request::Batch(entries)) = parse(body.as_bytes(), Limits::default()) else { panic!("{body}") };
    entries.into_iter().map(|entry| entry.expect("each entry is a call")).collect()
}

fn ids<'a>(calls: &[Call<'a>]) -> Vec<Option<RawId<'a>>> {
    calls.iter().map(|call| call.id).collect()
}

#[test]
fn renumbering_changes_the_id_and_nothing_else() {
    let calls = calls(BATCH);
    let borrowed: Vec<_> = calls.iter().collect();
    let wanted = concat!(
        r#"[{"jsonrpc":"2.0", "id" : 0 ,"method":"m","params":{"id":9}},"#,
        r#"{"jsonrpc":"2.0","method":"n"},"#,
        r#"{"id":2,"jsonrpc":"2.0","method":"m"},"#,
        r#"{"jsonrpc":"2.0","method":"m","i\u0064":3}]"#
    );
    assert_eq!(String::from_utf8_lossy(&renumber(&borrowed)), wanted);
    assert_eq!(renumber(&[]), b"[]");
}

/// Each case: the upstream's body, the answers to the four calls of `BATCH` as the caller gets them, the number ignored.
#[test]
fn joining() {
    let cases: [(&str, [Option<&str>; 4], usize); 8] = [
        // In another order, with whitespace and other members.
        (
            r#" [{"id":3,"result":"c"}, {"result":{"id":0},"id": 2 } ,{"x":[],"id":0,"result":"a"}] "#,
            [
                Some(r#"{"x":[],"id":"a\u0031","result":"a"}"#),
                None,
                Some(r#"{"result":{"id":0},"id": 1.0 }"#),
                Some(r#"{"id":null,"result":"c"}"#),
            ],
            0,
        ),
        ("[]", [None, None, None, None], 0),
        (r#"[{"id":2,"result":1}]"#, [None, None, Some(r#"{"id":1.0,"result":1}"#), None], 0),
        // Repeated, unknown, unreadable, the notification's number, ids that are not ours.
        (
            r#"[{"id":2,"result":1},{"id":2,"result":2},{"id":7,"result":3},7,{"id":0},{"id":1,"result":4},{"id":"3","result":5},{"id":0,"id":3,"result":6},{"result":7}]"#,
            [None, None, Some(r#"{"id":1.0,"result":1}"#), None],
            8,
        ),
        // One error for the whole batch: with null, with a number, with no id at all.
        (
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600}}"#,
            [
                Some(r#"{"jsonrpc":"2.0","id":"a\u0031","error":{"code":-32600}}"#),
                None,
                Some(r#"{"jsonrpc":"2.0","id":1.0,"error":{"code":-32600}}"#),
                Some(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600}}"#),
            ],
            0,
        ),
        (
            r#"{"error":"busy","id":0}"#,
            [
                Some(r#"{"error":"busy","id":"a\u0031"}"#),
                None,
                Some(r#"{"error":"busy","id":1.0}"#),
                Some(r#"{"error":"busy","id":null}"#),
            ],
            0,
        ),
        (
            r#"{ "error":{}}"#,
            [
                Some(r#"{"id":"a\u0031", "error":{}}"#),
                None,
                Some(r#"{"id":1.0, "error":{}}"#),
                Some(r#"{"id":null, "error":{}}"#),
            ],
            0,
        ),
        // One answer that forgot its array.
        (r#"{"id":0,"result":1}"#, [Some(r#"{"id":"a\u0031","result":1}"#), None, None, None], 0),
    ];
    let calls = calls(BATCH);
    for (body, wanted, ignored) in cases {
        let joined = join(body.as_bytes(), &ids(&calls)).expect(body);
        let written: Vec<_> = joined.answers.iter().map(|answer| answer.as_ref().map(written)).collect();
        assert_eq!(written.iter().map(Option::as_deref).collect::<Vec<_>>(), wanted, "for {body}");
        assert_eq!(joined.ignored, ignored, "for {body}");
    }
}

fn written(answer: &Answer<'_>) -> String {
    let mut out = Vec::new();
    answer.write(&mut out);
    String::from_utf8(out).expect("answers are text")
}

#[test]
fn bodies_without_answers() {
    let ids = [None; 2];
    for body in
        ["", "<html>", "7", "{}", r#"{"id":0}"#, r#"[{"id":0,"result":1}"#, "[]]", r#"{"id":1,"id":1,"error":1}"#]
    {
        assert_eq!(join(body.as_bytes(), &ids).err(), Some(NotABatchAnswer), "for {body}");
        assert_eq!(look_batch(body.as_bytes(), &ids).err(), Some(NotABatchAnswer), "for {body}");
    }
}

/// With the caller's own ids, which an upstream may write in another way.
#[test]
fn looking_into_an_unsplit_batch() {
    let calls = calls(BATCH);
    let ids = ids(&calls);
    let error = Some(Look::Error { code: 3 });
    let cases = [
        (
            r#"[{"id":"a1","error":{"code":3}},{"id":1,"result":0},{"id":null,"result":0}]"#,
            [error, None, Some(Look::Ok), Some(Look::Ok)],
        ),
        (r#"[{"id":null,"error":{"code":3}},{"id":"a\u0031","result":0}]"#, [Some(Look::Ok), None, None, error]),
        (r#"{"id":null,"error":{"code":3}}"#, [error, None, error, error]),
        ("[]", [None; 4]),
    ];
    for (body, wanted) in cases {
        assert_eq!(look_batch(body.as_bytes(), &ids), Ok(wanted.to_vec()), "for {body}");
    }
    // Numbers that a float cannot tell apart are still told apart by their bytes.
    let large = super::tests::calls(
        r#"[{"jsonrpc":"2.0","method":"m","id":9007199254740992},{"jsonrpc":"2.0","method":"m","id":9007199254740993}]"#,
    );
    let body = br#"[{"id":9007199254740993,"result":0},{"id":9007199254740992,"error":{"code":3}}]"#;
    assert_eq!(look_batch(body, &super::tests::ids(&large)), Ok(vec![error, Some(Look::Ok)]));
}

#[test]
fn repeated_ids() {
    let cases = [
        (r#"1,2,"1",null"#, false),
        ("1,2,1", true),
        ("1,1.0", true),
        (r#""a","\u0061""#, true),
        ("null,null", true),
        // Too large for a float: taken for a repeat, which costs a renumbering and nothing else.
        ("9007199254740992,9007199254740993", true),
    ];
    for (list, wanted) in cases {
        let entries: Vec<_> =
            list.split(',').map(|id| format!(r#"{{"jsonrpc":"2.0","method":"m","id":{id}}}"#)).collect();
        let body = format!("[{}]", entries.join(","));
        assert_eq!(ids_repeat(&ids(&calls(&body))), wanted, "for {list}");
    }
    assert!(!ids_repeat(&[None, None]));
}

#[test]
fn bodies_of_answers() {
    assert_eq!(AnswerBatch::default().finish(), None);
    let mut batch = AnswerBatch::default();
    batch.next_answer().extend_from_slice(b"{1}");
    assert_eq!(batch.finish().as_deref(), Some(&b"[{1}]"[..]));
    let mut batch = AnswerBatch::default();
    batch.next_answer().extend_from_slice(b"{1}");
    batch.next_answer().extend_from_slice(b"{2}");
    assert_eq!(batch.finish().as_deref(), Some(&b"[{1},{2}]"[..]));
}
