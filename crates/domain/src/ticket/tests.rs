//! Tickets come back as they were signed, and nothing else passes for one.

use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_micros(1_000 * SECOND);
const KEY: TicketKey = TicketKey::new([7; KEY_BYTES]);

fn ticket() -> Ticket {
    Ticket {
        value: ValueId::from_u128(1),
        api: "node".parse().unwrap(),
        network: Some("eth/mainnet".parse().unwrap()),
        method: "POST".to_owned(),
        target: "/a?b=c".to_owned(),
        body: hash_body(b"{}"),
        address: Some("203.0.113.7".parse().unwrap()),
        expires_at: NOW.plus(LIFETIME),
        nonce: 9,
    }
}

prop_compose! {
    fn tickets()(value: u128, network: bool, method in "[A-Z]{1,32}", target in "[/?][!-~]{0,200}", body: [u8; 32],
        address: Option<IpAddr>, left in 1..=LIFETIME, nonce: u128) -> Ticket
    {
        let network = network.then(|| "eth/mainnet".parse().unwrap());
        let (value, expires_at) = (ValueId::from_u128(value), NOW.plus(left));
        Ticket { value, network, method, target, body, address, expires_at, nonce, ..ticket() }
    }
}

proptest! {
    #[test]
    fn a_ticket_comes_back(ticket in tickets()) {
        prop_assert_eq!(Ticket::verify(&ticket.sign(&KEY), &KEY, NOW), Ok(ticket));
    }

    #[test]
    fn a_changed_character_makes_it_foreign(at: prop::sample::Index, to in "[0-9a-f]") {
        let text = ticket().sign(&KEY);
        let at = at.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != text);
        prop_assert_eq!(Ticket::verify(&changed, &KEY, NOW), Err(TicketRefused::Foreign));
    }

    #[test]
    fn junk_is_refused_without_a_panic(text in "\\PC{0,300}", payload in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(Ticket::verify(&text, &KEY, NOW), Err(TicketRefused::Foreign));
        _ = bytes::read(&payload);
    }
}

#[test]
fn it_is_good_for_its_time_only() {
    for (left, expected) in [
        (LIFETIME + SKEW + 1, Err(TicketRefused::Expired)),
        (LIFETIME + SKEW, Ok(())),
        (LIFETIME, Ok(())),
        (1, Ok(())),
        (0, Err(TicketRefused::Expired)),
        (-SECOND, Err(TicketRefused::Expired)),
        (i64::MIN, Err(TicketRefused::Expired)),
    ] {
        let text = Ticket { expires_at: NOW.plus(left), ..ticket() }.sign(&KEY);
        assert_eq!(Ticket::verify(&text, &KEY, NOW).map(|_| ()), expected, "{left}");
    }
}

#[test]
fn another_key_signs_other_tickets() {
    let text = ticket().sign(&TicketKey::new([8; KEY_BYTES]));
    assert_eq!(Ticket::verify(&text, &KEY, NOW), Err(TicketRefused::Foreign));
}

#[test]
fn no_field_can_pass_for_another() {
    let moved = Ticket { method: "POST/a".to_owned(), target: "?b=c".to_owned(), ..ticket() };
    assert_ne!(bytes::write(&moved), bytes::write(&ticket()));
    let long = Ticket { method: "X".repeat(MAX_METHOD + 1), ..ticket() };
    assert_eq!(Ticket::verify(&long.sign(&KEY), &KEY, NOW), Err(TicketRefused::Unreadable));
    let longer = Ticket { target: "/".repeat(70_000), ..ticket() };
    assert_eq!(Ticket::verify(&longer.sign(&KEY), &KEY, NOW), Err(TicketRefused::Unreadable));
}

#[test]
fn an_empty_text_is_none() {
    for text in ["", "0", "00", &"00".repeat(MAC_BYTES), &ticket().sign(&KEY).to_uppercase()] {
        assert_eq!(Ticket::verify(text, &KEY, NOW), Err(TicketRefused::Foreign), "{text}");
    }
}
