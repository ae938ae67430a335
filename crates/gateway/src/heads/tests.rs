//! Lines as they come, and what is done with them.

use http::{HeaderMap, HeaderValue};

use super::*;

fn parsed(head: &str) -> Headers {
    let mut lines = [httparse::EMPTY_HEADER; 16];
    let (_, lines) = httparse::parse_headers(head.as_bytes(), &mut lines).expect("a head").unwrap();
    Headers::parsed(head.as_bytes(), lines)
}

fn all(headers: &Headers) -> Vec<(&str, &str)> {
    let text = |part| str::from_utf8(part).expect("text");
    headers.iter().map(|(name, value)| (text(name), text(value.as_bytes()))).collect()
}

#[test]
fn lines_keep_their_order_and_names_are_in_lower_case() {
    let headers = parsed("Host: a\r\nX-One:  1 \r\nx-two: 2\r\nX-ONE: 3\r\n\r\n");
    assert_eq!(all(&headers), [("host", "a"), ("x-one", "1"), ("x-two", "2"), ("x-one", "3")]);
    assert_eq!(headers.get("x-one").and_then(Value::to_str), Some("1"));
    assert_eq!(headers.get_all("x-one").rev().filter_map(Value::to_str).collect::<Vec<_>>(), ["3", "1"]);
    assert!(headers.contains_key(http::header::HOST) && !headers.contains_key("x-on"));
}

#[test]
fn lines_are_written_as_one_expects_whatever_their_form_was() {
    let headers = parsed("Host: a\r\nX-Empty:\r\nX-Wide: \t b \t\r\nX-Tight:c\r\nX-Bare: d\nX-Last: e\r\n\r\n");
    let expected =
        [("host", "a"), ("x-empty", ""), ("x-wide", "b"), ("x-tight", "c"), ("x-bare", "d"), ("x-last", "e")];
    assert_eq!(all(&headers), expected);
    let mut out = BytesMut::new();
    headers.write(&mut out, |name| name == b"x-wide");
    assert_eq!(out, "host: a\r\nx-empty: \r\nx-tight: c\r\nx-bare: d\r\nx-last: e\r\n");
}

#[test]
fn what_is_inserted_replaces_and_what_is_removed_is_gone() {
    let mut headers = parsed("x-one: 1\r\nx-two: 2\r\nx-one: 3\r\n\r\n");
    headers.insert("x-one", "4");
    headers.append("x-two", "5");
    assert_eq!(all(&headers), [("x-two", "2"), ("x-one", "4"), ("x-two", "5")]);
    assert_eq!(headers.take("x-two").as_deref(), Some(&b"2"[..]));
    headers.replace("x-one", |out| out.extend_from_slice(b"6"));
    assert_eq!(all(&headers), [("x-one", "6")]);
    headers.remove_each(|name, value| name == b"x-one" && value.as_bytes() == b"6");
    assert!(headers.is_empty() && headers.take("x-one").is_none());
}

#[test]
fn names_of_every_length_are_found_and_others_as_long_are_not() {
    for length in 1..=130 {
        let (name, other) = ("a".repeat(length), "b".repeat(length));
        let came = parsed(&format!("{name}: 1\r\n\r\n"));
        let mut made = Headers::new();
        made.append(&name, "1");
        for mut headers in [came, Headers::of_map(&made.to_map()), made] {
            assert!(headers.contains_key(&name) && !headers.contains_key(&other), "{length}");
            assert_eq!(headers.get_all(&name).filter_map(Value::to_str).collect::<Vec<_>>(), ["1"], "{length}");
            assert!(headers.get(&other).is_none() && !headers.contains_key(format!("{name}a")), "{length}");
            headers.remove(&other);
            headers.insert(&name, "2");
            assert_eq!(all(&headers), [(&*name, "2")]);
        }
    }
}

#[test]
fn a_map_of_hypers_comes_and_goes_whole() {
    let mut map = HeaderMap::new();
    for (name, value) in [("x-a", "1"), ("x-b", "\u{e9}"), ("x-a", "2"), ("x-c", "")] {
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    let headers = Headers::of_map(&map);
    assert_eq!(headers.to_map(), map);
    assert_eq!(headers.get("x-b").map(Value::to_str), Some(None), "not ASCII");
}

#[test]
fn a_short_part_leaves_the_buffer_whole_and_a_long_one_takes_it_along() {
    for length in [0, 1, 4096, 4097, 9000] {
        let mut received = BytesMut::from(&vec![7u8; length][..]);
        received.extend_from_slice(b"next");
        assert_eq!(take_part(&mut received, length), vec![7u8; length]);
        assert_eq!(&received[..], b"next");
    }
}
