//! Where secrets stand, and that they do not go on.

use super::*;

fn basic(pair: &str) -> String {
    format!("Basic {}", BASE64.encode(pair))
}

/// What was found in these lines, and which of them are left.
fn taken(lines: &[(&'static str, &str)]) -> (Option<SecretHash>, Vec<String>) {
    let mut headers = Headers::new();
    for (name, line) in lines {
        headers.append(name, line);
    }
    let found = take_secret(&mut headers);
    (found, headers.iter().map(|(_, line)| line.to_str().expect("text").to_owned()).collect())
}

/// Lines of a head, the secret in them, and the lines that stay.
type Case<'a> = (&'a [(&'static str, &'a str)], Option<&'a str>, &'a [&'a str]);

#[test]
fn the_secret_is_found_and_both_places_are_emptied() {
    let unpadded = basic(":ks_1").trim_end_matches('=').to_owned();
    let lower = basic(":ks_1").replace("Basic ", "bASIC  ");
    let named = basic("ada:ks_1");
    let cases: [Case; 13] = [
        (&[], None, &[]),
        (&[("x-api-secret", "ks_1")], Some("ks_1"), &[]),
        (&[("authorization", &basic(":ks_1"))], Some("ks_1"), &[]),
        (&[("authorization", &unpadded)], Some("ks_1"), &[]),
        (&[("authorization", &lower)], Some("ks_1"), &[]),
        (&[("x-api-secret", "ks_1"), ("authorization", &basic(":ks_2"))], Some("ks_1"), &[]),
        (&[("x-api-secret", ""), ("authorization", &basic(":ks_2"))], Some("ks_2"), &[]),
        (&[("authorization", &basic(":"))], None, &[]),
        (&[("authorization", &basic(":a:b"))], Some("a:b"), &[]),
        (&[("authorization", &named)], None, &[&named]),
        (&[("authorization", "Bearer x")], None, &["Bearer x"]),
        (&[("authorization", "Basic !!")], None, &["Basic !!"]),
        (&[("authorization", "Bearer x"), ("authorization", &basic(":ks_1"))], Some("ks_1"), &["Bearer x"]),
    ];
    for (lines, secret, left) in cases {
        let (found, still) = taken(lines);
        assert_eq!(found, secret.map(|secret| hash(secret.as_bytes())), "{lines:?}");
        assert_eq!(still, left, "{lines:?}");
    }
}
