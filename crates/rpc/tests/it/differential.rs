//! Generated requests, whole and damaged, held against the model. `PROPTEST_CASES` sets how many.

use proptest::prelude::*;

proptest! {
    #[test]
    fn json_rpc(text in request()) {
        crate::json_rpc::check(text.as_bytes());
    }

    #[test]
    fn json_rpc_damaged(text in request(), damage in prop::collection::vec(damage(), 1..4)) {
        let mut bytes = text.into_bytes();
        damage.into_iter().for_each(|damage| damage.apply(&mut bytes));
        crate::json_rpc::check(&bytes);
    }

    #[test]
    fn json_rpc_answers(text in answers()) {
        crate::json_rpc::check(text.as_bytes());
    }

    #[test]
    fn contracts(method in method(), params in params()) {
        crate::contract::check(format!("{method}\n{params}").as_bytes());
    }

    #[test]
    fn contracts_damaged(method in method(), params in params(), damage in prop::collection::vec(damage(), 1..4)) {
        let mut bytes = format!("{method}\n{params}").into_bytes();
        damage.into_iter().for_each(|damage| damage.apply(&mut bytes));
        crate::contract::check(&bytes);
    }

    #[test]
    fn contracts_of_anything(method in method(), params in json()) {
        crate::contract::check(format!("{method}\n{params}").as_bytes());
    }
}

#[derive(Clone, Debug)]
enum Damage {
    Set(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Cut(prop::sample::Index),
}

impl Damage {
    fn apply(self, bytes: &mut Vec<u8>) {
        let len = bytes.len();
        match self {
            _ if len == 0 => {}
            Damage::Set(at, byte) => bytes[at.index(len)] = byte,
            Damage::Insert(at, byte) => bytes.insert(at.index(len), byte),
            Damage::Remove(at) => {
                bytes.remove(at.index(len));
            }
            Damage::Cut(at) => bytes.truncate(at.index(len)),
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![prop::sample::select(br#"{}[]",:\0-9.eu "#.to_vec()), any::<u8>()];
    prop_oneof![
        (any::<prop::sample::Index>(), byte.clone()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (any::<prop::sample::Index>(), byte).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        any::<prop::sample::Index>().prop_map(Damage::Remove),
        any::<prop::sample::Index>().prop_map(Damage::Cut),
    ]
}

fn request() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => call(),
        4 => (prop::collection::vec(prop_oneof![5 => call(), 1 => json()], 0..8), space())
            .prop_map(|(entries, space)| format!("{space}[{}{space}]", entries.join(&format!("{space},")))),
        1 => json(),
    ]
}

/// Mostly a sound call; its names may be escaped, repeated, variants of the four.
fn call() -> impl Strategy<Value = String> {
    let version = prop_oneof![9 => Just(r#""2.0""#.to_owned()), 1 => json()];
    let method = prop_oneof![9 => string(), 1 => json()];
    let member = prop_oneof![
        3 => (Just("id".to_owned()), prop_oneof![9 => scalar(), 1 => json()]),
        3 => (Just("params".to_owned()), json()),
        1 => (prop::sample::select(vec!["id", "ID", "methoD", "paramſ", "trace", "x", ""]).prop_map(str::to_owned), json()),
        1 => (any::<String>(), json()),
    ];
    (version, method, prop::collection::vec(member, 0..4), any::<prop::sample::Index>(), any::<bool>(), space())
        .prop_flat_map(|(version, method, mut members, at, escaped, space)| {
            members.insert(at.index(members.len() + 1), ("method".to_owned(), method));
            members.insert(at.index(members.len() + 1), ("jsonrpc".to_owned(), version));
            let written: Vec<_> = members
                .into_iter()
                .map(|(name, value)| {
                    let name = if escaped { escape_all(&name) } else { quote(&name) };
                    format!("{space}{name}{space}:{space}{value}{space}")
                })
                .collect();
            Just(format!("{{{}}}", written.join(",")))
        })
}

fn answers() -> impl Strategy<Value = String> {
    let id = prop::sample::select(vec!["0", "1", "2", "3", r#""a""#, "null", "1.0", "[]"]);
    let rest = prop::sample::select(vec![
        r#""result":{"error":1}"#,
        r#""error":{"code":-32000,"data":{"code":1}}"#,
        r#""error":null"#,
        r#""error":"x","result":1"#,
        r#""id":2,"result":1"#,
        r#""method":"m""#,
    ]);
    let answer = prop_oneof![
        8 => (id, rest, space()).prop_map(|(id, rest, space)| format!(r#"{{{space}"id":{id}{space},{rest}}}"#)),
        1 => Just(r#"{"error":{"code":7}}"#.to_owned()),
        1 => json(),
    ];
    prop_oneof![
        1 => answer.clone(),
        3 => prop::collection::vec(answer, 0..6).prop_map(|answers| format!("[{}]", answers.join(","))),
    ]
}

fn json() -> impl Strategy<Value = String> {
    scalar().prop_recursive(8, 24, 4, |inner| {
        let member = (prop_oneof![string(), Just(r#""to""#.to_owned())], inner.clone());
        prop_oneof![
            (prop::collection::vec(inner, 0..4), space())
                .prop_map(|(elements, space)| format!("[{space}{}]", elements.join(&format!("{space},")))),
            (prop::collection::vec(member, 0..11), space()).prop_map(|(members, space)| {
                let members: Vec<_> =
                    members.into_iter().map(|(name, value)| format!("{name}{space}:{value}")).collect();
                format!("{{{}{space}}}", members.join(","))
            }),
        ]
    })
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        string(),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        prop::sample::select(vec!["null", "true", "false", "01", "-", "1.", "tru"]).prop_map(str::to_owned),
    ]
}

fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_]{0,12}".prop_map(|text| quote(&text)),
        any::<String>().prop_map(|text| quote(&text)),
        any::<String>().prop_map(|text| escape_all(&text)),
        prop::collection::vec(
            prop::sample::select(vec!["\\ud83d", "\\ude00", "\\u0000", "\\n", "\\/", "a", "é"]),
            0..4
        )
        .prop_map(|parts| format!("\"{}\"", parts.concat())),
    ]
}

fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", " ", "\n\t\r "])
}

fn quote(text: &str) -> String {
    serde_json::to_string(text).expect("text is always JSON")
}

fn escape_all(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    format!("\"{units}\"")
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(crate::contract::methods().collect::<Vec<_>>())
}

/// Params from the members that matter, mostly of sound values.
fn params() -> impl Strategy<Value = String> {
    let address = prop::sample::select(vec![
        r#""0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        r#""0xBBBBBBBBBBBBBBBBBBBBbbbbbbbbbbbbbbbbbbbb""#,
        r#""0xcccccccccccccccccccccccccccccccccccccccc""#,
        r#""0xcc""#,
        "null",
    ]);
    let address = || address.clone().prop_map(str::to_owned);
    let extra = prop::sample::select(vec![
        "",
        "",
        "",
        r#","data":"0x""#,
        r#","stateOverrides":{}"#,
        r#","stateOverrides":{"a":1}"#,
        r#","To":null"#,
        r#","blockOverride":{"a":1}"#,
        r#","authorizationList":[]"#,
        r#","authorizationList":[{}]"#,
        r#","calls":[]"#,
    ]);
    let call = (address(), extra.clone()).prop_map(|(to, extra)| format!(r#"{{"to":{to}{extra}}}"#));
    let calls = prop::collection::vec(call.clone(), 0..3).prop_map(|calls| format!("[{}]", calls.join(",")));
    let bundle = (prop::sample::select(vec!["calls", "transactions"]), calls.clone(), extra)
        .prop_map(|(name, calls, extra)| format!(r#"{{"{name}":{calls}{extra}}}"#));
    let logs = prop::collection::vec(address(), 0..4).prop_map(|list| format!(r#"{{"address":[{}]}}"#, list.join(",")));
    let first = prop_oneof![
        3 => address(),
        3 => call.clone(),
        1 => calls.clone(),
        2 => logs,
        2 => address().prop_map(|address| format!(r#"{{"address":{address}}}"#)),
        2 => prop::collection::vec(bundle.clone(), 0..3).prop_map(|bundles| format!("[{}]", bundles.join(","))),
        2 => prop::collection::vec(bundle, 0..3).prop_map(|blocks| format!(r#"{{"blockStateCalls":[{}]}}"#, blocks.join(","))),
        1 => call.prop_map(|call| format!(r#"[[{call},["trace"]]]"#)),
    ];
    let more = prop::sample::select(vec![r#""latest""#, "{}", "null", r#"{"a":{"code":"0x"}}"#, r#"["trace"]"#, "1"]);
    (first, prop::collection::vec(more, 0..4), space()).prop_map(|(first, more, space)| {
        format!("[{space}{first}{}]", more.iter().map(|more| format!(",{more}")).collect::<String>())
    })
}
