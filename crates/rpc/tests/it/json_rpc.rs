//! Holds any bytes against serde_json: what we accept it accepts and reads alike, what it accepts and is clear we accept,
//! and a batch that was split and joined gives back the caller's ids.

use rpc::answer::{self, Look};
use rpc::batch::{AnswerBatch, ids_repeat, join, look_batch, renumber};
use rpc::fault::{Fault, InvalidWhy};
use rpc::request::{Call, Entry, Limits, RawId, Request, parse};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// Small, so that short inputs reach the limits too.
const LIMITS: Limits = Limits { max_batch: 6, max_depth: 12, max_members: 65_536 };
/// Inputs longer than this could nest deeper than answers may.
const MAX_LOOKED_INTO: usize = 8 * 1024;

/// Panics if the crate and the model disagree about `bytes`.
pub fn check(bytes: &[u8]) {
    let ours = parse(bytes, LIMITS);
    let theirs = serde_json::from_slice::<&RawValue>(bytes);
    match (&ours, theirs) {
        (Ok(_) | Err(Fault::Invalid(_) | Fault::BatchTooLarge { .. }), Err(error)) => {
            panic!("we read what serde_json refuses: {error}")
        }
        (Err(fault), Err(_)) => assert!(matches!(fault.code(), -32700 | -32600)),
        (_, Ok(whole)) => check_readable(&ours, whole.get()),
    }
    if let Ok(request) = &ours {
        check_round_trip(request);
    }
    check_as_answer(bytes);
}

fn check_readable(ours: &Result<Request<'_>, Fault<'_>>, whole: &str) {
    let mut problems = Problems::default();
    problems.walk(whole, 1);
    let entries = whole.starts_with('[').then(|| elements(whole));
    for entry in entries.as_deref().unwrap_or(&[whole]) {
        problems.note_variants(entry);
    }
    if problems.too_deep || problems.ambiguous {
        let as_found = match ours {
            Err(Fault::TooDeep { .. }) => problems.too_deep,
            Err(Fault::Ambiguous { .. }) => problems.ambiguous,
            _ => false,
        };
        assert!(as_found, "{problems:?} but {ours:?}");
        return;
    }
    match (ours, entries.as_deref()) {
        (Err(Fault::Invalid(invalid)), Some([])) => assert_eq!(invalid.why, InvalidWhy::EmptyBatch),
        (Err(Fault::BatchTooLarge { len, .. }), Some(entries)) => {
            assert!(*len == entries.len() && *len > LIMITS.max_batch);
        }
        (Ok(Request::Batch(ours)), Some(entries)) => {
            assert_eq!(ours.len(), entries.len());
            assert!(ours.len() <= LIMITS.max_batch);
            ours.iter().zip(entries).for_each(|(ours, raw)| check_entry(ours, raw));
        }
        (Ok(Request::Single(call)), None) => check_entry(&Ok(call.clone()), whole),
        (Err(Fault::Invalid(invalid)), None) => check_entry(&Err(*invalid), whole),
        _ => panic!("serde_json reads {whole}, we say {ours:?}"),
    }
}

/// The rules of JSON-RPC, written once more over serde_json's reading.
fn check_entry(ours: &Entry<'_>, raw: &str) {
    let members = if raw.starts_with('{') { members(raw).expect("names were checked") } else { Vec::new() };
    let get = |wanted: &str| members.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
    let text = |raw: Option<&str>| raw.and_then(|raw| serde_json::from_str::<String>(raw).ok());
    let id = get("id").filter(|id| !id.starts_with(['{', '[', 't', 'f']));
    let wrong = if !raw.starts_with('{') {
        Some(InvalidWhy::NotAnObject)
    } else if get("id").is_some() && id.is_none() {
        Some(InvalidWhy::Id)
    } else if text(get("jsonrpc")).as_deref() != Some("2.0") {
        Some(InvalidWhy::Version)
    } else if text(get("method")).is_none() {
        Some(InvalidWhy::Method)
    } else if get("params").is_some_and(|params| !params.starts_with(['{', '['])) {
        Some(InvalidWhy::Params)
    } else {
        None
    };
    match ours {
        Err(invalid) => {
            assert_eq!((Some(invalid.why), invalid.id.map(RawId::as_str)), (wrong, id), "for {raw}");
        }
        Ok(call) => {
            assert_eq!(wrong, None, "for {raw}");
            assert_eq!(Some(&*call.method), text(get("method")).as_deref());
            assert_eq!((call.raw, call.params, call.id.map(RawId::as_str)), (raw, get("params"), id));
        }
    }
}

/// Sends the calls up with our ids, answers them backwards, and looks for the caller's ids in what comes back.
fn check_round_trip(request: &Request<'_>) {
    let calls: Vec<&Call<'_>> = match request {
        Request::Single(call) => vec![call],
        Request::Batch(entries) => entries.iter().flatten().collect(),
    };
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let upstream = renumber(&calls);
    let sent: Vec<&RawValue> = serde_json::from_slice(&upstream).expect("a renumbered batch is an array");
    let mut answers = Vec::new();
    for (number, (call, sent)) in calls.iter().zip(sent).enumerate() {
        let expected: Vec<_> = members(call.raw)
            .expect("the call was read")
            .into_iter()
            .map(|(name, value)| if name == "id" { (name, number.to_string()) } else { (name, value.to_owned()) })
            .collect();
        let got = members(sent.get()).expect("a renumbered call is an object");
        assert_eq!(got.into_iter().map(|(name, value)| (name, value.to_owned())).collect::<Vec<_>>(), expected);
        if call.id.is_some() {
            answers.push(format!(r#"{{"result":[{number}], "id":{number} }}"#));
        }
    }
    answers.reverse();
    let body = format!("[{}]", answers.join(" , "));
    let joined = join(body.as_bytes(), &ids).expect("the body is an array of answers");
    assert_eq!(joined.ignored, 0);
    let mut batch = AnswerBatch::default();
    for (number, (answer, id)) in joined.answers.iter().zip(&ids).enumerate() {
        assert_eq!(answer.is_some(), id.is_some());
        let (Some(answer), Some(id)) = (answer, id) else { continue };
        let out = batch.next_answer();
        let start = out.len();
        answer.write(out);
        let wanted = format!(r#"{{"result":[{number}], "id":{} }}"#, id.as_str());
        assert_eq!(std::str::from_utf8(&out[start..]), Ok(wanted.as_str()));
    }
    match batch.finish() {
        Some(body) => check_unsplit(&body, &ids),
        None => assert!(ids.iter().all(Option::is_none)),
    }
}

/// The same answers under the caller's own ids, as an upstream gives them to a batch that was not split.
fn check_unsplit(body: &[u8], ids: &[Option<RawId<'_>>]) {
    if !ids_repeat(ids) {
        let wanted: Vec<_> = ids.iter().map(|id| id.map(|_| Look::Ok)).collect();
        assert_eq!(look_batch(body, ids), Ok(wanted));
    }
}

fn check_as_answer(bytes: &[u8]) {
    let request = br#"[{"jsonrpc":"2.0","method":"m","id":"a"},{"jsonrpc":"2.0","method":"m"},{"jsonrpc":"2.0","method":"m","id":1}]"#;
    let Ok(Request::Batch(entries)) = parse(request, LIMITS) else { panic!("the request is valid") };
    let ids: Vec<_> = entries.iter().flatten().map(|call| call.id).collect();
    let joined = join(bytes, &ids);
    assert_eq!(joined.is_ok(), look_batch(bytes, &ids).is_ok());
    for answer in joined.iter().flat_map(|joined| joined.answers.iter().flatten()) {
        let mut out = Vec::new();
        answer.write(&mut out);
        assert!(serde_json::from_slice::<&RawValue>(&out).is_ok());
        assert_eq!(answer::look(&out), answer.look);
    }
    if bytes.len() <= MAX_LOOKED_INTO {
        check_look(bytes);
    }
}

fn check_look(bytes: &[u8]) {
    let look = answer::look(bytes);
    let Ok(whole) = serde_json::from_slice::<&RawValue>(bytes) else {
        assert_eq!(look, Look::NotJsonRpc);
        return;
    };
    // Names with half a surrogate pair are none of ours, but the model cannot read the object then.
    let Some(members) = whole.get().starts_with('{').then(|| members(whole.get())).flatten() else { return };
    let error = members.iter().rev().find(|(name, value)| name == "error" && *value != "null");
    match (error, members.iter().any(|(name, _)| name == "result")) {
        (Some(_), _) => assert!(matches!(look, Look::Error { .. })),
        (None, true) => assert_eq!(look, Look::Ok),
        (None, false) => assert_eq!(look, Look::NotJsonRpc),
    }
}

/// What makes a readable text one that we refuse.
#[derive(Debug, Default)]
struct Problems {
    too_deep: bool,
    ambiguous: bool,
}

impl Problems {
    /// `depth` counts the brackets that are open once this value's own is.
    fn walk(&mut self, raw: &str, depth: usize) {
        if raw.starts_with(['{', '[']) && depth > LIMITS.max_depth {
            self.too_deep = true;
            return;
        }
        match raw.as_bytes()[0] {
            b'[' => elements(raw).into_iter().for_each(|element| self.walk(element, depth + 1)),
            b'{' => {
                let Some(members) = members(raw) else {
                    self.ambiguous = true;
                    // The rest of the object is not known; whatever it holds, ambiguous or too deep is right.
                    self.too_deep = true;
                    return;
                };
                let mut names = HashSet::new();
                for (name, value) in members {
                    self.ambiguous |= !names.insert(name);
                    self.walk(value, depth + 1);
                }
            }
            b'"' => self.ambiguous |= serde_json::from_str::<String>(raw).is_err(),
            _ => {}
        }
    }

    /// Names in a call that a reader which folds case takes for one of the four, and names with control characters.
    fn note_variants(&mut self, entry: &str) {
        if !entry.starts_with('{') {
            return;
        }
        for (name, _) in members(entry).unwrap_or_default() {
            let known = ["jsonrpc", "method", "params", "id"];
            let plain = name.replace('ſ', "s").replace('\u{212a}', "k").replace(['ı', 'İ'], "i");
            let is_variant = known.iter().any(|known| known.eq_ignore_ascii_case(&plain));
            self.ambiguous |= !known.contains(&&*name) && (is_variant || name.contains(char::is_control));
        }
    }
}

fn elements(raw: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(raw).expect("the text is an array");
    elements.into_iter().map(RawValue::get).collect()
}

/// The members in order, repeated ones too. None if a name holds half a surrogate pair, which serde_json refuses.
fn members(raw: &str) -> Option<Vec<(String, &str)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de str)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                members.push((name, value.get()));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_map(Members).ok()
}
