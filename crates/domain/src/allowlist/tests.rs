//! What entries are read as, and what lists of them allow.

use super::*;

fn addresses(entries: &[&str]) -> AddressSet {
    let entries: Vec<AddressEntry> = entries.iter().map(|entry| entry.parse().expect("an address")).collect();
    AddressSet::of(&entries)
}

fn domains(entries: &[&str]) -> DomainSet {
    let entries: Vec<DomainEntry> = entries.iter().map(|entry| entry.parse().expect("a domain")).collect();
    DomainSet::of(&entries)
}

#[test]
fn addresses_are_kept_in_one_form() {
    for (written, kept) in [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7/32 ", "203.0.113.7"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("::/0", "::/0"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
    ] {
        assert_eq!(written.parse::<AddressEntry>().map(|entry| entry.to_string()), Ok(kept.to_owned()));
        assert_eq!(kept.parse(), written.parse::<AddressEntry>(), "what is kept is read as the same");
    }
    for wrong in
        ["", "10.0.0", "10.0.0.0/33", "::/129", "1.2.3.4/", "1.2.3.4/+8", "1.2.3.4/08", "1.2.3.4/8/8", "a.b", "::1%lo"]
    {
        let error = wrong.parse::<AddressEntry>().expect_err(wrong).to_string();
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn a_set_of_addresses_has_what_its_entries_have() {
    let set = addresses(&["10.0.0.0/8", "10.1.0.0/16", "192.0.2.1", "192.0.2.3", "2001:db8::/32", "255.255.255.255"]);
    for (address, is_in) in [
        ("9.255.255.255", false),
        ("10.0.0.0", true),
        ("10.255.255.255", true),
        ("11.0.0.0", false),
        ("192.0.2.1", true),
        ("192.0.2.2", false),
        ("192.0.2.3", true),
        ("255.255.255.255", true),
        ("::ffff:10.2.3.4", true),
        ("::ffff:11.2.3.4", false),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true),
        ("2001:db9::", false),
        ("::", false),
    ] {
        assert_eq!(set.contains(address.parse().expect("an address")), is_in, "{address}");
    }
    assert!(addresses(&["0.0.0.0/0"]).contains("203.0.113.7".parse().expect("an address")));
    assert!(!addresses(&["0.0.0.0/0"]).contains("2001:db8::1".parse().expect("an address")));
    assert!(addresses(&["::/0"]).contains("2001:db8::1".parse().expect("an address")));
}

#[test]
fn domains_are_kept_in_lower_case() {
    for (written, kept) in [
        ("Example.COM", "example.com"),
        ("*.example.com", "*.example.com"),
        ("https://example.com/", "https://example.com"),
        ("HTTPS://*.example.com:8443", "https://*.example.com:8443"),
        ("localhost:3000", "localhost:3000"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:80", "[::1]:80"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ] {
        assert_eq!(written.parse::<DomainEntry>().map(|entry| entry.to_string()), Ok(kept.to_owned()));
    }
    for wrong in [
        "",
        "*",
        "*.",
        "a..b",
        ".a",
        "a.",
        "*.*.a",
        "a.*.b",
        "bücher.example",
        "a b",
        "ftp://a",
        "https://",
        "a/b",
        "https://a/b",
        "a:",
        "a:x",
        "a:99999",
        "a:+80",
        "me@a",
        "[::1",
        "::1",
        "*.127.0.0.1",
        "*.[::1]",
    ] {
        let error = wrong.parse::<DomainEntry>().expect_err(wrong).to_string();
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn a_set_of_domains_allows_pages_of_its_entries() {
    let set = domains(&[
        "example.com",
        "*.example.com",
        "*.deep.test",
        "https://safe.test",
        "port.test:8080",
        "std.test:443",
    ]);
    for (page, is_allowed) in [
        (None, false),
        (Some("null"), false),
        (Some(""), false),
        (Some("https://example.com"), true),
        (Some("HTTPS://EXAMPLE.com"), true),
        (Some("http://example.com:1234"), true),
        (Some("https://a.b.example.com"), true),
        (Some("https://badexample.com"), false),
        (Some("https://example.com.evil.test"), false),
        (Some("https://deep.test"), false),
        (Some("https://a.deep.test"), true),
        (Some("https://safe.test"), true),
        (Some("http://safe.test"), false),
        (Some("http://port.test:8080"), true),
        (Some("http://port.test"), false),
        (Some("https://std.test"), true),
        (Some("http://std.test"), false),
        (Some("https://example.com/page?q=https://evil.test#x"), true),
        (Some("https://evil.test/https://example.com"), false),
        (Some("https://evil.test#@example.com"), false),
        (Some("https://evil.test?@example.com"), false),
        (Some("https://example.com@evil.test/"), false),
        (Some("https://evil.test@example.com/"), true),
        (Some("chrome-extension://example.com"), false),
        (Some("https://example.com\\.evil.test"), false),
        (Some("https://example.com:"), false),
    ] {
        assert_eq!(set.allows(page), is_allowed, "{page:?}");
    }
}

#[test]
fn a_list_has_limits_and_is_read_as_it_was_written() {
    let listed = |number: u32, note: Option<&str>| Listed {
        entry: format!("10.0.{}.{}", number / 256, number % 256).parse::<AddressEntry>().expect("an address"),
        note: note.map(|note| note.parse().expect("a note")),
    };
    let full = Allowlist::new(Mode::Enforce, (0..1_000).map(|number| listed(number, None)).collect());
    assert!(full.is_ok_and(|list| list.is_enforced()));
    let more = Allowlist::new(Mode::Off, (0..1_001).map(|number| listed(number, None)).collect());
    assert_eq!(more, Err(AllowlistRefused::TooMany { given: 1_001 }));
    let twice = Allowlist::new(Mode::Off, vec![listed(1, Some("office")), listed(1, None)]);
    assert_eq!(twice, Err(AllowlistRefused::Twice("10.0.0.1".to_owned())));
    assert!("n".repeat(200).parse::<Note>().is_ok() && "n".repeat(201).parse::<Note>().is_err());
    assert!("a\nb".parse::<Note>().is_err());

    let list = Allowlist::new(Mode::Enforce, vec![listed(1, Some("office")), listed(2, None)]).expect("a list");
    let json = r#"{"mode":"enforce","entries":[{"entry":"10.0.0.1","note":"office"},{"entry":"10.0.0.2"}]}"#;
    assert_eq!(serde_json::to_string(&list).expect("JSON"), json);
    assert_eq!(serde_json::from_str::<Allowlist<AddressEntry>>(json).expect("a list"), list);
    assert_eq!(serde_json::from_str::<Allowlist<DomainEntry>>("{}").expect("a list"), Allowlist::default());
    for wrong in [r#"{"mode":"observe"}"#, r#"{"entries":[{"entry":"x"}]}"#] {
        assert!(serde_json::from_str::<Allowlist<AddressEntry>>(wrong).is_err(), "{wrong}");
    }
    let repeated = r#"{"entries":[{"entry":"a.test"},{"entry":"A.TEST"}]}"#;
    assert!(serde_json::from_str::<Allowlist<DomainEntry>>(repeated).is_err(), "limits hold when a list is read");
}

#[test]
fn an_empty_list_and_one_that_is_off_deny_nothing() {
    let entry: AddressEntry = "10.0.0.1".parse().expect("an address");
    let entries = vec![Listed { entry, note: None }];
    for (mode, entries, is_enforced) in
        [(Mode::Off, entries.clone(), false), (Mode::Enforce, vec![], false), (Mode::Enforce, entries, true)]
    {
        let list = Allowlist::new(mode, entries).expect("a list");
        assert_eq!(list.is_enforced(), is_enforced);
    }
}
