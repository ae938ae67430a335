//! Generated paths and patterns held against the model. `PROPTEST_CASES` sets how many.

use proptest::prelude::*;

proptest! {
    #[test]
    fn paths(lines in prop::collection::vec(line(), 1..8)) {
        crate::path::check(lines.join("\n").as_bytes());
    }
}

/// A target or a pattern, from few parts so that they meet.
fn line() -> impl Strategy<Value = String> {
    let common = prop::sample::select(vec!["a", "b", "%61", "*", "**", "", "a", "b", "%C3%A9", "A"]);
    let odd = prop::sample::select(vec![
        ".", "..", "%2e", "%2F", "%5c", ";", "%25", "%252e", "%zz", "%C3", "%00", "é", "\\", "#", "?x", "%2A",
    ]);
    let segment = prop_oneof![12 => common, 1 => odd];
    let verb = prop::sample::select(vec!["", "", "", "", "GET ", "POST ", "* ", "get "]);
    prop_oneof![
        20 => (verb, prop::collection::vec(segment, 1..5)).prop_map(|(verb, segments)| format!("{verb}/{}", segments.join("/"))),
        1 => any::<String>(),
        1 => "[/.%?#;a-f0-9*]{0,20}",
    ]
}
