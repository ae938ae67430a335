//! Messages however they are cut: by frames, by reads, and by control frames between.

use proptest::prelude::*;

use super::*;
use crate::frame::write;

fn all(peer: Peer, longest: usize, bytes: &[u8], step: usize) -> Result<Vec<Event>, Violation> {
    let mut reader = Reader::new(peer, longest);
    let mut events = Vec::new();
    for mut part in bytes.chunks(step.max(1)) {
        while let Some(event) = reader.read(&mut part)? {
            events.push(event);
        }
        assert!(part.is_empty(), "what is not whole is held");
    }
    Ok(events)
}

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

#[test]
fn a_table_of_streams() {
    let protocol = |why| Err(Violation::Protocol(why));
    type Case = (&'static [u8], Result<Vec<Event>, Violation>);
    let cases: &[Case] = &[
        (&[0x81, 2, b'h', b'i'], Ok(vec![text("hi")])),
        (&[0x81, 0], Ok(vec![text("")])),
        (&[0x82, 1, 0xff], Ok(vec![Event::Binary(vec![0xff])])),
        // In pieces, one of them empty, with a ping between.
        (&[0x01, 1, b'h', 0x00, 0, 0x89, 1, b'?', 0x80, 1, b'i'], Ok(vec![Event::Ping(b"?".to_vec()), text("hi")])),
        // A character that two frames share.
        (&[0x01, 1, 0xc3, 0x80, 1, 0xa9], Ok(vec![text("é")])),
        (&[0x81, 1, 0xc3], Err(Violation::NotUtf8)),
        (&[0x8a, 0], Ok(vec![Event::Pong(Vec::new())])),
        (&[0x88, 0], Ok(vec![Event::Close(None)])),
        (&[0x88, 4, 0x03, 0xe9, b'o', b'k'], Ok(vec![Event::Close(Some(Close::new(1001, "ok")))])),
        (&[0x80, 0], protocol("more of a message that has not begun")),
        (&[0x01, 0, 0x81, 0], protocol("a message before the end of the one before")),
        (&[0x81, 9], Err(Violation::TooLong(8))),
        (&[0x01, 5, 1, 2, 3, 4, 5, 0x00, 4], Err(Violation::TooLong(8))),
        (&[0x81, 0x80, 0, 0, 0, 0], protocol("a frame that is masked where it may not be, or the other way round")),
    ];
    for (bytes, expected) in cases {
        for step in [1, 2, 3, bytes.len()] {
            assert_eq!(all(Peer::Server, 8, bytes, step), *expected, "{bytes:02x?} by {step}");
        }
    }
    let mut broken = Reader::new(Peer::Server, 8);
    for _ in 0..3 {
        assert_eq!(broken.read(&mut &[0xff; 100][..]).map_err(Violation::code), Err(1002));
    }
    let unmasked = all(Peer::Client, 8, &[0x81, 0], 2);
    assert_eq!(unmasked.map_err(Violation::code), Err(1002));
}

#[test]
fn between_messages_nothing_is_held() {
    let mut reader = Reader::new(Peer::Server, 1 << 20);
    let mut bytes = Vec::new();
    write(&mut bytes, Opcode::Text, &[b'x'; 100_000], None);
    let mut left = &bytes[..];
    assert!(matches!(reader.read(&mut left), Ok(Some(Event::Text(_)))));
    assert!(reader.is_between() && reader.message.is_none() && reader.control.capacity() == 0);
}

#[test]
fn an_announced_length_takes_no_memory() {
    let mut reader = Reader::new(Peer::Server, 1 << 30);
    let mut head = &[0x82, 127, 0, 0, 0, 0, 0x3f, 0, 0, 0, 1][..];
    assert_eq!(reader.read(&mut head), Ok(None));
    assert!(reader.message.is_some_and(|message| message.bytes.capacity() <= 2 * MOST_AHEAD));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        messages in prop::collection::vec((any::<bool>(), ".{0,300}", any::<Option<[u8; 4]>>()), 1..8),
        step in 1usize..400,
    ) {
        let mask = |mask: &Option<[u8; 4]>| mask.unwrap_or([1, 2, 3, 4]);
        for peer in [Peer::Client, Peer::Server] {
            let (mut bytes, mut expected) = (Vec::new(), Vec::new());
            for (is_text, content, drawn) in &messages {
                let opcode = if *is_text { Opcode::Text } else { Opcode::Binary };
                write(&mut bytes, opcode, content.as_bytes(), (peer == Peer::Client).then(|| mask(drawn)));
                let whole = content.clone().into_bytes();
                expected.push(if *is_text { text(content) } else { Event::Binary(whole) });
            }
            prop_assert_eq!(all(peer, 1 << 20, &bytes, step), Ok(expected));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), step in 1usize..50) {
        for peer in [Peer::Client, Peer::Server] {
            let mut reader = Reader::new(peer, 64);
            for mut part in bytes.chunks(step) {
                while let Ok(Some(_)) = reader.read(&mut part) {}
            }
        }
    }
}
