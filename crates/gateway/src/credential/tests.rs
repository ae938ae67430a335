//! A table of places: where the value is found, and that nothing of it goes on.

use std::sync::Arc;

use domain::{api::Protocol, key::value::ValueText};

use super::*;

fn table() -> RouteTable {
    let mut table = RouteTable::default();
    let none: Arc<[_]> = Arc::from([]);
    table.add(0, Protocol::Rest, &none, "/football", &[]).expect("a template");
    table.add(0, Protocol::Rest, &none, "/k/{key}", &[]).expect("a template");
    table
}

fn places() -> Places {
    let header = |name| KeyPlace::Header(HeaderName::from_static(name));
    Places::new(&[
        header("x-api-key"),
        header("x-apisports-key"),
        KeyPlace::Bearer,
        KeyPlace::Query("apikey".to_owned()),
    ])
}

/// `V` and `W` in the cases are two values; everything else stands as it is.
struct Case {
    target: &'static str,
    headers: &'static [(&'static str, &'static str)],
    found: Option<char>,
    upstream: &'static str,
    logged: &'static str,
}

#[test]
fn the_value_is_found_and_all_its_places_are_removed() {
    let value = ValueText::draw([7; 24]);
    let other = ValueText::draw([8; 24]);
    let spelled = |text: &str| text.replace('V', value.reveal()).replace('W', other.reveal());
    let case = |target, headers, found, upstream, logged| Case { target, headers, found, upstream, logged };
    let cases = [
        case("/football/a?b=c", &[("x-api-key", "V")], Some('V'), "/v3/a?b=c", "/football/a"),
        case("/football", &[("x-apisports-key", "V")], Some('V'), "/v3", "/football"),
        case("/football/", &[("authorization", "Bearer V")], Some('V'), "/v3/", "/football/"),
        case("/football/", &[("authorization", "bEARER  V ")], Some('V'), "/v3/", "/football/"),
        case("/football/", &[("authorization", "Basic V")], None, "/v3/", "/football/"),
        case("/football/?apikey=V", &[], Some('V'), "/v3/", "/football/"),
        case("/football/?a=1&api%6bey=V&b=%20", &[], Some('V'), "/v3/?a=1&b=%20", "/football/"),
        case("/football/?apikey=V&apikey=W", &[], Some('V'), "/v3/", "/football/"),
        case("/football/?", &[], None, "/v3/?", "/football/"),
        case("/football/?key=1", &[], None, "/v3/?key=1", "/football/"),
        case("/k/V/a/b?c", &[], Some('V'), "/v3/a/b?c", "/k/{key}/a/b"),
        case("/k/V", &[("x-api-key", "W")], Some('V'), "/v3", "/k/{key}"),
        case("/k/junk/a", &[("x-api-key", "W")], None, "/v3/a", "/k/{key}/a"),
        case("/football/", &[("x-api-key", ""), ("x-apisports-key", "W")], Some('W'), "/v3/", "/football/"),
        case(
            "/football/?apikey=W",
            &[("x-api-key", "V"), ("authorization", "Bearer W")],
            Some('V'),
            "/v3/",
            "/football/",
        ),
        case("/football/", &[("x-api-key", "kw_not-a-value")], None, "/v3/", "/football/"),
        case("/football/", &[], None, "/v3/", "/football/"),
    ];
    for case in cases {
        let mut headers = Headers::new();
        for (name, text) in case.headers {
            headers.append(name, spelled(text));
        }
        headers.insert("accept", "*/*");
        let mut target = Target::new(&spelled(case.target).parse().expect("a target"));
        target.find(&table(), "any").expect("a route");
        let hash = target.take_value(&mut headers, &places());
        let expected = case.found.map(|which| if which == 'V' { value.hash() } else { other.hash() });
        assert_eq!(hash.ok(), expected, "{}", case.target);
        assert_eq!(target.upstream("/v3"), case.upstream, "{}", case.target);
        assert_eq!(target.logged(), case.logged);
        assert_eq!(headers.iter().map(|(name, _)| name).collect::<Vec<_>>(), [b"accept"], "{}", case.target);
    }
}

#[test]
fn undeclared_places_are_not_looked_at() {
    let value = ValueText::draw([7; 24]);
    let only_bearer = Places::new(&[KeyPlace::Bearer]);
    let mut headers = Headers::new();
    headers.insert("x-api-key", value.reveal());
    let mut target = Target::new(&format!("/football?apikey={}", value.reveal()).parse().expect("a target"));
    target.find(&table(), "any").expect("a route");
    assert_eq!(target.take_value(&mut headers, &only_bearer), Err(NoValue::Missing));
}

#[test]
fn the_referer_goes_with_a_value_in_the_target() {
    let value = ValueText::draw([7; 24]);
    let mut headers = Headers::new();
    headers.insert("referer", format!("https://a/k/{}", value.reveal()));
    let mut target = Target::new(&format!("/k/{}", value.reveal()).parse().expect("a target"));
    target.find(&table(), "any").expect("a route");
    assert!(target.take_value(&mut headers, &places()).is_ok());
    assert!(headers.is_empty());
}

#[test]
fn an_empty_path_goes_up_as_a_slash() {
    let mut target = Target::new(&"/football".parse().expect("a target"));
    target.find(&table(), "any").expect("a route");
    assert_eq!(target.upstream(""), "/");
}

#[test]
fn no_value_is_told_from_one_that_is_none() {
    for (target, header, lack) in [
        ("/football", None, NoValue::Missing),
        ("/football", Some(""), NoValue::Missing),
        ("/football?apikey=", None, NoValue::Missing),
        ("/football", Some("kw_junk"), NoValue::Malformed),
        ("/k/junk", None, NoValue::Malformed),
    ] {
        let mut headers = Headers::new();
        header.iter().for_each(|text| headers.insert("x-api-key", text));
        let mut target = Target::new(&target.parse().expect("a target"));
        target.find(&table(), "any").expect("a route");
        assert_eq!(target.take_value(&mut headers, &places()), Err(lack), "{header:?}");
    }
}

#[test]
fn parameters_are_decoded_and_hold_no_value() {
    let value = ValueText::draw([7; 24]);
    let text = format!("/football/a?league=39&name=S%C3%A3o+Paulo&&apikey={}&flag&%zz=%41&bad=%FF", value.reveal());
    let mut target = Target::new(&text.parse().expect("a target"));
    target.find(&table(), "any").expect("a route");
    target.take_value(&mut Headers::new(), &places()).expect("a value");
    let expected = [("league", "39"), ("name", "São Paulo"), ("flag", ""), ("%zz", "A"), ("bad", "\u{fffd}")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(target.parameters(99), expected);
    assert_eq!(target.parameters(1), &expected[..1]);
}
