//! The examples of the JSON-RPC 2.0 specification, and a table for each rule that goes beyond it.

use super::*;

/// A request in one line: `method|id|params` for a call, `method|-|-` for a bare notification; entries of a batch between
/// brackets; a fault as its name and place.
fn outline(body: &[u8], limits: Limits) -> String {
    let call = |call: &Call<'_>| {
        format!("{}|{}|{}", call.method, call.id.map_or("-", RawId::as_str), call.params.unwrap_or("-"))
    };
    let invalid = |invalid: &Invalid<'_>| {
        format!("invalid {:?} at {} id {}", invalid.why, invalid.at, invalid.id.map_or("-", RawId::as_str))
    };
    match parse(body, limits) {
        Ok(Request::Single(single)) => call(&single),
        Ok(Request::Batch(entries)) => {
            let entries: Vec<_> = entries.iter().map(|entry| entry.as_ref().map_or_else(invalid, call)).collect();
            format!("[{}]", entries.join(", "))
        }
        Err(Fault::NotJson { at, expected }) => format!("not JSON at {at}: {expected}"),
        Err(Fault::Ambiguous { why, at }) => format!("{why:?} at {at}"),
        Err(Fault::TooDeep { at, .. }) => format!("too deep at {at}"),
        Err(Fault::TooManyMembers { at, .. }) => format!("too many members at {at}"),
        Err(Fault::BatchTooLarge { len, max }) => format!("batch of {len} > {max}"),
        Err(Fault::Invalid(entry)) => invalid(&entry),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (body, wanted) in cases {
        assert_eq!(outline(body.as_bytes(), Limits::default()), *wanted, "for {body}");
    }
}

/// <https://www.jsonrpc.org/specification#examples>, in its order. Unknown methods are the upstream's matter.
#[test]
fn specification_examples() {
    check(&[
        // Positional parameters.
        (r#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#, "subtract|1|[42, 23]"),
        (r#"{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}"#, "subtract|2|[23, 42]"),
        // Named parameters.
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#,
            r#"subtract|3|{"subtrahend": 23, "minuend": 42}"#,
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}"#,
            r#"subtract|4|{"minuend": 42, "subtrahend": 23}"#,
        ),
        // Notifications.
        (r#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#, "update|-|[1,2,3,4,5]"),
        (r#"{"jsonrpc": "2.0", "method": "foobar"}"#, "foobar|-|-"),
        // A method that does not exist.
        (r#"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#, r#"foobar|"1"|-"#),
        // Invalid JSON.
        (r#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#, r#"not JSON at 39: "," or "}""#),
        // Invalid request object.
        (r#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#, "invalid Method at 29 id -"),
        // Batch, invalid JSON.
        (
            "[\n  {\"jsonrpc\": \"2.0\", \"method\": \"sum\", \"params\": [1,2,4], \"id\": \"1\"},\n  {\"jsonrpc\": \"2.0\", \"method\"\n]",
            "not JSON at 101: \":\"",
        ),
        // Empty array.
        ("[]", "invalid EmptyBatch at 0 id -"),
        // Invalid batches.
        ("[1]", "[invalid NotAnObject at 1 id -]"),
        ("[1,2,3]", "[invalid NotAnObject at 1 id -, invalid NotAnObject at 3 id -, invalid NotAnObject at 5 id -]"),
        // Mixed batch.
        (
            r#"[
                {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
                {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
                {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
                {"foo": "boo"},
                {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
                {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
            ]"#,
            r#"[sum|"1"|[1,2,4], notify_hello|-|[7], subtract|"2"|[42,23], invalid Version at 266 id -, foo.get|"5"|{"name": "myself"}, get_data|"9"|-]"#,
        ),
        // All notifications.
        (
            r#"[{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},{"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}]"#,
            "[notify_sum|-|[1,2,4], notify_hello|-|[7]]",
        ),
    ]);
}

#[test]
fn members() {
    check(&[
        ("7", "invalid NotAnObject at 0 id -"),
        (r#"  "eth_call""#, "invalid NotAnObject at 2 id -"),
        (r#"{"method":"m","id":1}"#, "invalid Version at 0 id 1"),
        (r#"{"jsonrpc":"1.0","method":"m","id":1}"#, "invalid Version at 11 id 1"),
        (r#"{"jsonrpc":2.0,"method":"m","id":1}"#, "invalid Version at 11 id 1"),
        (r#"{"jsonrpc":"2.0 ","method":"m","id":1}"#, "invalid Version at 11 id 1"),
        (r#"{"jsonrpc":"\u0032.0","method":"m","id":1}"#, "m|1|-"),
        (r#"{"jsonrpc":"2.0","id":"x"}"#, r#"invalid Method at 0 id "x""#),
        (r#"{"jsonrpc":"2.0","method":null,"id":1}"#, "invalid Method at 26 id 1"),
        (r#"{"jsonrpc":"2.0","method":["m"],"id":1}"#, "invalid Method at 26 id 1"),
        (r#"{"jsonrpc":"2.0","method":"m","params":null,"id":1}"#, "invalid Params at 39 id 1"),
        (r#"{"jsonrpc":"2.0","method":"m","params":"p","id":1}"#, "invalid Params at 39 id 1"),
        (r#"{"jsonrpc":"2.0","method":"m","id":{"a":1}}"#, "invalid Id at 35 id -"),
        (r#"{"jsonrpc":"2.0","method":"m","id":[1]}"#, "invalid Id at 35 id -"),
        (r#"{"jsonrpc":"2.0","method":"m","id":true}"#, "invalid Id at 35 id -"),
        // In a batch, each for itself.
        (r#"[[],{"jsonrpc":"2.0","method":"m","id":1}]"#, "[invalid NotAnObject at 1 id -, m|1|-]"),
        (r#"[{"id":5},{"jsonrpc":"2.0","method":"m"}]"#, "[invalid Version at 1 id 5, m|-|-]"),
        // Members of others are passed on.
        (r#"{"jsonrpc":"2.0","method":"m","id":1,"networkId":5,"trace":{"a":[]}}"#, "m|1|-"),
    ]);
}

#[test]
fn ids_come_back_byte_for_byte() {
    for id in
        ["1", "-0", "1.0", "1e0", "1.5E+3", "12345678901234567890123", r#""""#, r#""\u0031\/\"""#, r#""é""#, "null"]
    {
        let body = format!(r#"{{"jsonrpc":"2.0", "id" :  {id} ,"method":"m"}}"#);
        let Ok(Request::Single(call)) = parse(body.as_bytes(), Limits::default()) else { panic!("{body}") };
        assert_eq!(call.id.map(RawId::as_str), Some(id));
        assert_eq!(&call.raw[call.id_at..call.id_at + id.len()], id);
        assert_eq!(call.raw, body);
    }
}

#[test]
fn duplicate_members() {
    check(&[
        (r#"{"jsonrpc":"2.0","method":"a","method":"b","id":1}"#, "DuplicateMember at 30"),
        (r#"{"jsonrpc":"2.0","method":"a","\u006dethod":"b","id":1}"#, "DuplicateMember at 30"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"a","id":1}"#, "DuplicateMember at 37"),
        (r#"{"jsonrpc":"2.0","method":"a","x":1,"x":2}"#, "DuplicateMember at 36"),
        (r#"{"jsonrpc":"2.0","method":"a","params":[{"to":"0x1","to":"0x2"}]}"#, "DuplicateMember at 52"),
        (r#"{"jsonrpc":"2.0","method":"a","params":{"":[[{"t\u006f":1,"to":2}]]}}"#, "DuplicateMember at 58"),
        (r#"{"jsonrpc":"2.0","method":"a","params":{"\ud83d\ude00":1,"😀":2}}"#, "DuplicateMember at 57"),
        (r#"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"a","id":1,"id":2}]"#, "DuplicateMember at 69"),
        // The same name in objects beside and inside one another is no duplicate.
        (r#"{"jsonrpc":"2.0","method":"a","params":[{"a":{"a":1}},{"a":2}]}"#, r#"a|-|[{"a":{"a":1}},{"a":2}]"#),
        (r#"{"jsonrpc":"2.0","method":"a","params":{"method":1,"To":2,"to":3}}"#, r#"a|-|{"method":1,"To":2,"to":3}"#),
    ]);
}

/// Every pair of places in objects on both sides of the switch from comparing to sorting.
#[test]
fn duplicate_members_in_objects_of_every_size() {
    for size in 2..20 {
        let object = |name: &dyn Fn(usize) -> String| {
            let members: Vec<_> = (0..size).map(|index| format!(r#""{}":{{"k":0}}"#, name(index))).collect();
            format!(r#"{{"jsonrpc":"2.0","method":"m","params":{{{}}}}}"#, members.join(","))
        };
        let distinct = object(&|index| format!("name{index}"));
        assert!(parse(distinct.as_bytes(), Limits::default()).is_ok(), "{distinct}");
        for (first, second) in (0..size).flat_map(|second| (0..second).map(move |first| (first, second))) {
            let repeated = object(&|index| match index {
                index if index == second => format!("\\u006eame{first}"),
                index => format!("name{index}"),
            });
            let at = repeated.find("\"\\u006e").expect("the escaped name is in the text");
            let wanted = Err(Fault::Ambiguous { why: Ambiguity::DuplicateMember, at });
            assert_eq!(parse(repeated.as_bytes(), Limits::default()), wanted, "{repeated}");
        }
    }
}

#[test]
fn variants_of_the_four_names() {
    check(&[
        (r#"{"jsonrpc":"2.0","method":"a","Method":"b"}"#, r#"VariantOfKnownMember("method") at 30"#),
        (r#"{"jsonrpc":"2.0","METHOD":"b"}"#, r#"VariantOfKnownMember("method") at 17"#),
        (r#"{"jſonrpc":"2.0"}"#, r#"VariantOfKnownMember("jsonrpc") at 1"#),
        (r#"{"jsonrpc":"2.0","method":"a" , "param\u017f":[]}"#, r#"VariantOfKnownMember("params") at 32"#),
        (r#"{"İd":1}"#, r#"VariantOfKnownMember("id") at 1"#),
        (r#"{"ıD":1}"#, r#"VariantOfKnownMember("id") at 1"#),
        (r#"{"method\u0000":"b"}"#, "ControlInName at 1"),
        (r#"{"jsonrpc":"2.0","method":"a","methods":"b","i":0,"idd":0,"param":0}"#, "a|-|-"),
    ]);
}

#[test]
fn names_and_methods_are_decoded() {
    check(&[
        (r#"{"jsonrpc":"2.0","\u006d\u0065thod":"eth_\u0063all","\u0069d":1,"p\u0061rams":[]}"#, "eth_call|1|[]"),
        (r#"{"jsonrpc":"2.0","method":"a\\\/\"\b\f\n\r\t\ud83d\ude00"}"#, "a\\/\"\u{8}\u{c}\n\r\t😀|-|-"),
    ]);
}

#[test]
fn lone_surrogates() {
    check(&[
        (r#"{"jsonrpc":"2.0","method":"\ud800"}"#, "LoneSurrogate at 27"),
        (r#"{"jsonrpc":"2.0","method":"a","params":["\udc00"]}"#, "LoneSurrogate at 41"),
        (r#"{"jsonrpc":"2.0","method":"a","params":["\ud800\u0041"]}"#, "LoneSurrogate at 41"),
        (r#"{"jsonrpc":"2.0","method":"a","params":["\ud83d\ude00\ud83d"]}"#, "LoneSurrogate at 53"),
    ]);
}

#[test]
fn whitespace_and_ends() {
    check(&[
        (" \t\r\n[ {\"jsonrpc\" : \"2.0\" ,\"method\":\"m\"}\n] \n", "[m|-|-]"),
        ("", "not JSON at 0: a JSON value"),
        ("   ", "not JSON at 3: a JSON value"),
        ("\u{feff}{}", "not JSON at 0: no byte order mark"),
        ("\u{b}{}", "not JSON at 0: a JSON value"),
        ("\u{a0}{}", "not JSON at 0: a JSON value"),
        (r#"{"jsonrpc":"2.0","method":"m"}{}"#, "not JSON at 30: the end of the body"),
        (r#"{"jsonrpc":"2.0","method":"m"},"#, "not JSON at 30: the end of the body"),
        ("{} x", "not JSON at 3: the end of the body"),
        ("[1]]", "not JSON at 3: the end of the body"),
        ("[] []", "not JSON at 3: the end of the body"),
        ("[1,]", "not JSON at 3: a JSON value"),
        ("[,1]", "not JSON at 1: a JSON value"),
        ("[1 2]", "not JSON at 3: \",\" or \"]\""),
        ("[1}", "not JSON at 2: \",\" or \"]\""),
        (r#"{"a":1,}"#, "not JSON at 7: a member name in double quotes"),
        (r#"{,"a":1}"#, "not JSON at 1: a member name in double quotes"),
        (r#"{a:1}"#, "not JSON at 1: a member name in double quotes"),
        (r#"{'a':1}"#, "not JSON at 1: a member name in double quotes"),
        (r#"{"a" 1}"#, "not JSON at 5: \":\""),
        (r#"{"a":}"#, "not JSON at 5: a JSON value"),
        (r#"{"a":1]"#, "not JSON at 6: \",\" or \"}\""),
        (r#"{"a":/**/1}"#, "not JSON at 5: a JSON value"),
    ]);
}

#[test]
fn scalars() {
    for number in ["0", "-0", "10", "0.0", "1e5", "1E-5", "-1.25e+10", "1e999", "true", "false", "null"] {
        assert_eq!(outline(number.as_bytes(), Limits::default()), "invalid NotAnObject at 0 id -", "{number}");
    }
    check(&[
        ("01", "not JSON at 1: no digit after a leading zero"),
        ("-01", "not JSON at 2: no digit after a leading zero"),
        ("-", "not JSON at 1: a digit"),
        ("+1", "not JSON at 0: a JSON value"),
        (".5", "not JSON at 0: a JSON value"),
        ("1.", "not JSON at 2: a digit"),
        ("1.e5", "not JSON at 2: a digit"),
        ("1e", "not JSON at 2: a digit"),
        ("1e+", "not JSON at 3: a digit"),
        ("0x10", "not JSON at 1: the end of the body"),
        ("NaN", "not JSON at 0: a JSON value"),
        ("Infinity", "not JSON at 0: a JSON value"),
        ("tru", "not JSON at 0: a JSON value"),
        ("nulll", "not JSON at 4: the end of the body"),
        ("\"a\nb\"", "not JSON at 2: no bare control character in a string"),
        ("\"ab", "not JSON at 3: a closing double quote"),
        (r#""\x""#, r#"not JSON at 2: one of " \ / b f n r t u after a backslash"#),
        (r#""\u12g4""#, "not JSON at 3: four hexadecimal digits"),
        (r#""\u12"#, "not JSON at 3: four hexadecimal digits"),
    ]);
}

/// Every character below U+0100 at every place of a string that is read eight bytes at a time, with a rest.
#[test]
fn characters_in_strings() {
    for (code, place) in (0..=0xffu8).flat_map(|code| (0..19).map(move |place| (code, place))) {
        let body = format!("\"{}{}{}\"", "x".repeat(place), code as char, "é".repeat(19 - place));
        let wanted = match code {
            0..=0x1f => format!("not JSON at {}: no bare control character in a string", place + 1),
            b'"' => format!("not JSON at {}: the end of the body", place + 2),
            b'\\' => {
                format!("not JSON at {}: one of \" \\ / b f n r t u after a backslash", place + 2)
            }
            _ => "invalid NotAnObject at 0 id -".to_owned(),
        };
        assert_eq!(outline(body.as_bytes(), Limits::default()), wanted, "for {body:?}");
    }
}

#[test]
fn encoding() {
    let broken: [(&[u8], &str); 4] = [
        (b"{\"a\":\"\xff\"}", "not JSON at 6: valid UTF-8"),
        (b"{\"a\":\"\xc0\xae\"}", "not JSON at 6: valid UTF-8"),
        (b"{\"a\":\"\xed\xa0\x80\"}", "not JSON at 6: valid UTF-8"),
        (b"\xff\xfe{\0}\0", "not JSON at 0: valid UTF-8"),
    ];
    for (body, wanted) in broken {
        assert_eq!(outline(body, Limits::default()), wanted);
    }
    check(&[(r#"{"jsonrpc":"2.0","method":"é😀","params":["\u0000ÿ"]}"#, "é😀|-|[\"\\u0000ÿ\"]")]);
}

#[test]
fn limits() {
    let limits = Limits { max_batch: 2, max_depth: 4, max_members: 5 };
    let call = r#"{"jsonrpc":"2.0","method":"m"}"#;
    let cases = [
        (format!("[{call},{call}]"), "[m|-|-, m|-|-]".to_owned()),
        (format!("[{call},{call},{call}]"), "batch of 3 > 2".to_owned()),
        // Unreadable bytes behind the cap are still found.
        (format!("[{call},{call},{call}"), "not JSON at 93: \",\" or \"]\"".to_owned()),
        (r#"{"jsonrpc":"2.0","method":"m","params":[[[]]]}"#.to_owned(), "m|-|[[[]]]".to_owned()),
        (r#"{"jsonrpc":"2.0","method":"m","params":[[[[]]]]}"#.to_owned(), "too deep at 42".to_owned()),
        (r#"{"jsonrpc":"2.0","method":"m","params":[[[{"#.to_owned(), "too deep at 42".to_owned()),
        (
            r#"{"jsonrpc":"2.0","method":"m","params":[{"a":1,"b":2},{"c":1,"d":2}]}"#.to_owned(),
            r#"m|-|[{"a":1,"b":2},{"c":1,"d":2}]"#.to_owned(),
        ),
        (
            r#"{"jsonrpc":"2.0","method":"m","params":{"a":1,"b":{"c":1}}}"#.to_owned(),
            "too many members at 51".to_owned(),
        ),
    ];
    for (body, wanted) in cases {
        assert_eq!(outline(body.as_bytes(), limits), wanted, "for {body}");
    }
    // Brackets beyond the limit cost no stack.
    let deep = "[".repeat(1 << 20);
    assert_eq!(outline(deep.as_bytes(), Limits::default()), "too deep at 64");
}

/// Sorting keeps a hostile object affordable: this one takes tens of milliseconds, comparing all pairs takes minutes.
#[test]
fn many_members_are_cheap() {
    let members: Vec<_> = (0..60_000).map(|index| format!(r#""\u0061{index}":0"#)).collect();
    let body = format!(r#"{{"jsonrpc":"2.0","method":"m","params":{{{},"a59999":1}}}}"#, members.join(","));
    let at = body.find(r#""a59999":1"#).expect("the repeated name is in the text");
    assert_eq!(outline(body.as_bytes(), Limits::default()), format!("DuplicateMember at {at}"));
}

#[test]
fn faults_say_what_and_where() {
    let cases = [
        (r#"{"a":01}"#, -32700, "not JSON: expected no digit after a leading zero at byte 6"),
        (
            r#"{"id":7,"Method":""}"#,
            -32600,
            "ambiguous request: a member whose name is a variant of \"method\"; write it exactly so at byte 8",
        ),
        (r#"{"id":7}"#, -32600, "invalid request: \"jsonrpc\" must be \"2.0\" at byte 0"),
        ("[]", -32600, "invalid request: a batch must hold at least one call at byte 0"),
    ];
    for (body, code, message) in cases {
        let fault = parse(body.as_bytes(), Limits::default()).expect_err(body);
        assert_eq!((fault.code(), fault.to_string().as_str()), (code, message));
    }
    let fault = parse(br#"{"id":"a7"}"#, Limits::default()).expect_err("no method");
    assert_eq!(fault.id().map(RawId::as_str), Some(r#""a7""#));
}
