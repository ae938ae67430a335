//! What entries are read as, and what lists of them allow.

use std::sync::Arc;

use super::*;
use crate::permission::Permissions;

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
        until: None,
    };
    let full = Allowlist::new(Mode::Enforce, (0..1_000).map(|number| listed(number, None)).collect());
    assert!(full.is_ok_and(|list| list.is_on()));
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
    for wrong in [r#"{"mode":"watch"}"#, r#"{"entries":[{"entry":"x"}]}"#] {
        assert!(serde_json::from_str::<Allowlist<AddressEntry>>(wrong).is_err(), "{wrong}");
    }
    let repeated = r#"{"entries":[{"entry":"a.test"},{"entry":"A.TEST"}]}"#;
    assert!(serde_json::from_str::<Allowlist<DomainEntry>>(repeated).is_err(), "limits hold when a list is read");
}

#[test]
fn an_empty_list_and_one_that_is_off_deny_nothing() {
    for (mode, entries, is_on) in [
        (Mode::Off, vec!["10.0.0.1"], false),
        (Mode::Observe, vec![], false),
        (Mode::Enforce, vec![], false),
        (Mode::Observe, vec!["10.0.0.1"], true),
        (Mode::Enforce, vec!["10.0.0.1"], true),
    ] {
        assert_eq!(list::<AddressEntry>(mode, &entries, None).is_on(), is_on, "{mode} {entries:?}");
    }
}

const NOW: Timestamp = Timestamp::from_micros(1_000);

fn list<E: FromStr<Err: fmt::Debug> + PartialEq + fmt::Display>(
    mode: Mode,
    entries: &[&str],
    until: Option<Timestamp>,
) -> Allowlist<E> {
    let listed = |entry: &&str| Listed { entry: entry.parse().expect("an entry"), note: None, until };
    Allowlist::new(mode, entries.iter().map(listed).collect()).expect("a list")
}

#[test]
fn an_entry_ends_at_its_moment_and_a_list_is_not_opened_by_that() {
    let json = r#"{"mode":"enforce","entries":[{"entry":"10.0.0.1","until":"1970-01-01T00:00:00.001Z"},{"entry":"10.0.0.2","until":"1970-01-01T00:00:00.002Z"}]}"#;
    let addresses: Allowlist<AddressEntry> = serde_json::from_str(json).expect("a list");
    assert_eq!(serde_json::to_string(&addresses).expect("JSON"), json);
    let lists = Lists { addresses, ..Lists::default() };
    for (moment, first, second, holds_until) in [
        (NOW.plus(-1), true, true, NOW),
        (NOW, false, true, NOW.plus(1_000)),
        (NOW.plus(999), false, true, NOW.plus(1_000)),
        (NOW.plus(1_000), false, false, Timestamp::FAR),
        (NOW.plus(9_000), false, false, Timestamp::FAR),
    ] {
        let allowed = Allowed::of(&lists, moment);
        assert_eq!(allowed.holds_until(), holds_until, "{moment}");
        let layers = Layers { key: Some(Arc::new(allowed)), account: None };
        for (address, passes) in [("10.0.0.1", first), ("10.0.0.2", second), ("10.0.0.3", false)] {
            let verdict = layers.address(address.parse().expect("an address"));
            assert_eq!(verdict.denied_by.is_none(), passes, "{address} at {moment}");
        }
        assert!(!layers.are_over(moment) && (holds_until == Timestamp::FAR || layers.are_over(holds_until)));
    }
}

#[test]
fn both_layers_must_allow_and_the_key_speaks_first() {
    use Mode::{Enforce, Observe, Off};
    const OWN: &[&str] = &["10.0.0.1"];
    const OTHER: &[&str] = &["10.0.0.2"];
    for (key, account, denied_by, observed) in [
        ((Off, OTHER), (Off, OTHER), None, false),
        ((Enforce, OWN), (Enforce, OWN), None, false),
        ((Enforce, OTHER), (Enforce, OWN), Some(Layer::Key), false),
        ((Enforce, OWN), (Enforce, OTHER), Some(Layer::Account), false),
        ((Enforce, OTHER), (Enforce, OTHER), Some(Layer::Key), false),
        ((Observe, OTHER), (Enforce, OTHER), Some(Layer::Account), true),
        ((Enforce, OTHER), (Observe, OTHER), Some(Layer::Key), true),
        ((Observe, OTHER), (Observe, OWN), None, true),
        ((Observe, OWN), (Observe, OTHER), None, true),
        ((Observe, OWN), (Observe, OWN), None, false),
        ((Observe, &[]), (Enforce, &[]), None, false),
    ] {
        let layer = |(mode, entries): (Mode, &[&str])| {
            let lists = Lists { addresses: list(mode, entries, None), ..Lists::default() };
            (!lists.on().is_empty()).then(|| Arc::new(Allowed::of(&lists, NOW)))
        };
        let layers = Layers { key: layer(key), account: layer(account) };
        let observed = if observed { ListKind::Addresses.into() } else { ListKinds::NONE };
        let verdict = layers.address("10.0.0.1".parse().expect("an address"));
        assert_eq!(verdict, Verdict { denied_by, observed }, "{key:?} {account:?}");
        assert_eq!(layers.page(None), Verdict::default(), "no list of domains is on");
    }
}

#[test]
fn methods_and_contracts_are_looked_up_in_their_lists() {
    let lists = Lists {
        methods: list(Mode::Enforce, &["eth_call", "net_*", "GET /fixtures/**"], None),
        contracts: list(Mode::Observe, &["0x00000000000000000000000000000000000000aa"], None),
        ..Lists::default()
    };
    let layers = Layers { key: None, account: Some(Arc::new(Allowed::of(&lists, NOW))) };
    let denied = Verdict { denied_by: Some(Layer::Account), observed: ListKinds::NONE };
    let observed = Verdict { denied_by: None, observed: ListKind::Contracts.into() };
    let passes = Verdict::default();
    for (name, verdict) in
        [("eth_call", passes), ("net_version", passes), ("eth_sign", denied), ("GET /fixtures", denied)]
    {
        assert_eq!(layers.rpc_method(name), verdict, "{name}");
    }
    for (verb, target, verdict) in
        [("GET", "/fixtures/1?x=/", passes), ("POST", "/fixtures/1", denied), ("GET", "/leagues", denied)]
    {
        assert_eq!(layers.rest_method(verb, target), verdict, "{verb} {target}");
    }
    let contract = |last: u8| ContractAddress(std::array::from_fn(|place| if place == 19 { last } else { 0 }));
    for (touched, verdict) in [
        (Touches::Contracts(&[contract(0xaa)]), passes),
        (Touches::Contracts(&[contract(0xaa), contract(0xab)]), observed),
        (Touches::Nothing, passes),
        (Touches::Unclear, observed),
    ] {
        assert_eq!(layers.contracts(touched), verdict, "{touched:?}");
    }
    assert_eq!(layers.denied_contract(&[contract(0xab)]), None, "what is observed is not denied");
    let enforced =
        Lists { contracts: list(Mode::Enforce, &["0x00000000000000000000000000000000000000aa"], None), ..lists };
    let layers = Layers { key: Some(Arc::new(Allowed::of(&enforced, NOW))), ..layers };
    assert_eq!(layers.denied_contract(&[contract(0xaa), contract(0xab), contract(0xac)]), Some(contract(0xab)));
    assert!(layers.have_contracts() && !Layers::NONE.have_contracts());
    assert_eq!(Layers::NONE.contracts(Touches::Unclear), passes);
}

#[test]
fn kinds_and_denials_belong_together() {
    let denials = ListKind::ALL.map(ListKind::denial);
    assert!(denials.is_sorted(), "kinds stand in the order of precedence");
    for (kind, denial) in ListKind::ALL.into_iter().zip(denials) {
        assert_eq!(ListKind::of_denial(denial), Some(kind));
        let only = ListKinds::from(kind);
        assert_eq!(only.iter().collect::<Vec<_>>(), [kind]);
        assert_eq!(ListKinds::of_bits(only.bits()), Some(only));
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    let all: ListKinds = ListKind::ALL.into_iter().collect();
    assert_eq!(ListKinds::of_bits(all.bits()), Some(all));
    assert_eq!(ListKinds::of_bits(all.bits() + 1), None);
    assert_eq!(ListKind::of_denial(crate::decision::Denial::UnknownKey), None);
}

#[test]
fn a_locked_list_is_changed_from_above_the_key_only() {
    let all = Permissions::ALL;
    let none = Permissions::default();
    for kind in ListKind::ALL {
        let is_holders = matches!(kind, ListKind::Addresses | ListKind::Domains);
        let (not_allowed, locked) = (Err(ListRefused::NotAllowed(kind)), Err(ListRefused::Locked(kind)));
        let holder = if is_holders { Ok(()) } else { not_allowed };
        let one = Permissions::of(&[kind.permission()]);
        for (in_account, on_key, is_holder, open, shut, lock) in [
            (none, none, false, not_allowed, locked, not_allowed),
            (none, none, true, holder, locked, not_allowed),
            (none, one, false, Ok(()), locked, not_allowed),
            (none, all, true, Ok(()), locked, not_allowed),
            (one, one, false, Ok(()), Ok(()), Ok(())),
            (one, one, true, Ok(()), Ok(()), Ok(())),
        ] {
            let editor = Editor { in_account, on_key, is_holder };
            assert_eq!(editor.may_change(kind, false), open, "{kind} {editor:?}");
            assert_eq!(editor.may_change(kind, true), shut, "{kind} {editor:?}");
            assert_eq!(editor.may_lock(kind), lock, "{kind} {editor:?}");
        }
    }
}
