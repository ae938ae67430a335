//! Signed transactions of each form, made with viem 2.57 and the private key 0x0101…01, to 0xdac1…1ec7 where they have a
//! recipient; and what becomes of them when they are bent.

use proptest::prelude::*;

use super::*;
use crate::contract::{Touched, touched};

const LEGACY: &str = "0xf863010182520894dac17f958d2ee523a2206206994597c13d831ec7018470a082311ca0c0d987dea69c706484264715ce11\
     f3542f70b46967e47664f41cc1bf0140f413a06f83b134fefbdc2edc011faed620cc520e7883e5f04549669272efbd20419b\
     d4";
const EIP_155: &str = "0xf87081c8843b9aca0082520894dac17f958d2ee523a2206206994597c13d831ec7880de0b6b3a76400008470a0823126a0cb\
     260eecc6f5ca925c43105889cc8d8d448406da3de74f439e146bd0dd431170a07760eb2b8481ee51ef59b09fd31d0f60b9ff\
     0119d9a3b31d0093b41c8497ef6e";
const EIP_2930: &str = "0x01f89e01800782520894dac17f958d2ee523a2206206994597c13d831ec7808470a08231f838f794eeeeeeeeeeeeeeeeeeee\
     eeeeeeeeeeeeeeeeeeeee1a0000000000000000000000000000000000000000000000000000000000000000001a0a973f25e\
     c6591c3e3bd74a922f1574affb7544f7206e496df27195f29e1a83cda04ce8021660b29841881dcf5633bbd5630899c23f1d\
     bfc2c67ab13e3469de12f8";
const EIP_1559: &str = "0x02f89f0180010982520894dac17f958d2ee523a2206206994597c13d831ec7808470a08231f838f794eeeeeeeeeeeeeeeeee\
     eeeeeeeeeeeeeeeeeeeeeee1a0000000000000000000000000000000000000000000000000000000000000000001a0e390af\
     008ef7d57a5cefce5ae393eb2ab60a343629b22cea9f05aee619e40cada0246fd28154b58a9a548847f06b875f265297e135\
     47ea890af8be92fb4802a500";
const EIP_4844: &str = "0x03f8890180010982520894dac17f958d2ee523a2206206994597c13d831ec7808470a08231c005e1a0010000000000000000\
     000000000000000000000000000000000000000000000001a010724064cacffb239fb026bd0b373975ff309746b044785232\
     2e1f9b0e9c842fa0785e4fee14f220baf0528eba787b61759314191a95f74ca654ff9f4637da333f";
const EIP_4844_WITH_BLOBS: &str = "0x03f8f3f8890180010982520894dac17f958d2ee523a2206206994597c13d831ec7808470a08231c005e1a001000000000000\
     0000000000000000000000000000000000000000000000000001a010724064cacffb239fb026bd0b373975ff309746b04478\
     52322e1f9b0e9c842fa0785e4fee14f220baf0528eba787b61759314191a95f74ca654ff9f4637da333fc3821234f1b0cccc\
     ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccf1b0dddd\
     dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";
const EIP_7702: &str = "0x04f8c40180010982520894dac17f958d2ee523a2206206994597c13d831ec7808470a08231c0f85cf85a0194bbbbbbbbbbbb\
     bbbbbbbbbbbbbbbbbbbbbbbbbbbb8080a0620c1420918f86c9ec16e7afe72568b5217451e24ab1f4357cf96fd3285c95e5a0\
     27d9a860e7b7120026a61a687157b73403d44e6fe6a9dc9302a2eaa941be0d4801a0ce20da4ee64d1c9fbb1195d98e0eb633\
     619b9e4c40bd5578878b78e5b575ab48a079c4965bcc78d9dca869ebcba1fcf30371cd4db885186c80119c65b8e3b22ac1";
const CREATION_LEGACY: &str = "0xf84d8001825208808082600026a08a7b723a5507c830a34760431d3d8bb38d67afe3c3aba1fcdae8185d30c7f86aa05f21e1\
     9460df61c0b553539a91d085b9f70cc6125ad21aed6538db35848a6cc9";
const CREATION_1559: &str = "0x02f850018001098252088080826000c080a03cf95662c82c0d6766a2a0064c8e9e652cd410f07085c9fe61fa9d17f67015d5\
     a05d3644c07c4d305dd593c606a988fe89e099861e0ab02cc36af4e2ecb2951b2e";

const RECIPIENT: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.strip_prefix("0x").expect("0x").as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("a digit") as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn read(hex: &str) -> Result<String, Reason> {
    recipient(&bytes(hex)).map(|address| address.to_string())
}

#[test]
fn each_form_has_its_recipient() {
    for (form, wanted) in [
        (LEGACY, Ok(RECIPIENT)),
        (EIP_155, Ok(RECIPIENT)),
        (EIP_2930, Ok(RECIPIENT)),
        (EIP_1559, Ok(RECIPIENT)),
        (EIP_4844, Ok(RECIPIENT)),
        (EIP_4844_WITH_BLOBS, Ok(RECIPIENT)),
        (EIP_7702, Err(Reason::Override)),
        (CREATION_LEGACY, Err(Reason::Creation)),
        (CREATION_1559, Err(Reason::Creation)),
    ] {
        assert_eq!(read(form), wanted.map(str::to_owned), "{form}");
    }
}

#[test]
fn every_method_that_sends_one_reads_it() {
    let sent = |method: &str, params: &str| touched(method, Some(&params.replace("$t", &format!("\"{EIP_1559}\""))));
    let wanted = Touched::Contracts(vec![RECIPIENT.parse().expect("an address")]);
    for (method, params) in [
        ("eth_sendRawTransaction", "[$t]"),
        ("eth_sendRawTransactionSync", "[$t,5000]"),
        ("eth_sendRawTransactionConditional", r#"[$t,{"blockNumberMax":"0x10"}]"#),
        ("eth_sendPrivateRawTransaction", r#"[$t,{"fast":true}]"#),
        ("eth_sendPrivateTransaction", r#"[{"tx":$t,"preferences":{"fast":true}}]"#),
        ("eth_sendPrivateTransaction", "[$t]"),
        ("eth_sendBundle", r#"[{"txs":[$t,$t],"blockNumber":"0x1"}]"#),
        ("trace_rawTransaction", r#"[$t,["trace"]]"#),
    ] {
        assert_eq!(sent(method, params), wanted, "{method} {params}");
    }
    let unclear = |method, params| match sent(method, params) {
        Touched::Unclear(reason) => reason,
        other => panic!("{method} {params} touches {other:?}"),
    };
    for (method, params, wanted) in [
        ("eth_sendRawTransaction", "[]", Reason::NoAddress),
        ("eth_sendRawTransaction", "[{}]", Reason::Shape),
        ("eth_sendRawTransaction", r#"["f863"]"#, Reason::Transaction),
        ("eth_sendRawTransaction", r#"["0x"]"#, Reason::Transaction),
        ("eth_sendRawTransaction", r#"["0xf"]"#, Reason::Transaction),
        ("eth_sendRawTransaction", &format!(r#"["{EIP_1559}0"]"#), Reason::Transaction),
        ("eth_sendRawTransactionConditional", r#"[$t,{"knownAccounts":{"*":{}}}]"#, Reason::NotAnAddress),
        ("eth_sendRawTransactionConditional", r#"[$t,{"KnownAccounts":{}}]"#, Reason::Ambiguous),
        ("eth_sendPrivateTransaction", "[{}]", Reason::NoAddress),
        ("eth_sendPrivateTransaction", r#"[{"tx":$t,"TX":$t}]"#, Reason::Ambiguous),
        ("eth_sendBundle", r#"[{"txs":[]}]"#, Reason::NoAddress),
        ("eth_sendBundle", r#"[{"txs":[$t,null]}]"#, Reason::Shape),
        ("eth_sendBundle", r#"[{"txs":[$t,"0xc0"]}]"#, Reason::Transaction),
    ] {
        assert_eq!(unclear(method, params), wanted, "{method} {params}");
    }
    let known = sent(
        "eth_sendRawTransactionConditional",
        r#"[$t,{"knownAccounts":{"0x00000000000000000000000000000000000000bb":{"0x0":"0x1"}}}]"#,
    );
    assert!(matches!(known, Touched::Contracts(found) if found.len() == 2), "guesses touch what they guess at");
}

#[test]
fn what_is_bent_is_not_decoded() {
    let wrapped = |version: u8, parts: &[&[u8]]| {
        let mut wrapped = vec![version];
        wrapped.extend(list(parts));
        recipient(&wrapped)
    };
    let inside = bytes(EIP_4844)[1..].to_vec();
    let none: &[u8] = &[0xc0];
    let wanted = RECIPIENT.parse().map_err(|_| Reason::Transaction);
    assert_eq!(wrapped(3, &[&inside, none, none, none]), wanted);
    assert_eq!(wrapped(3, &[&inside, &[0x01], none, none, none]), wanted, "as of EIP-7594");
    for (version, parts) in [
        (3, vec![&*inside, none, none]),
        (3, vec![&*inside, none, none, none, none]),
        (3, vec![&*inside, &[0x01], none, none]),
        (3, vec![none, none, none, none]),
        (2, vec![&*inside, none, none, none]),
    ] {
        assert_eq!(wrapped(version, &parts), Err(Reason::Transaction), "{parts:?}");
    }
    for form in [LEGACY, EIP_155, EIP_2930, EIP_1559, EIP_4844, EIP_4844_WITH_BLOBS] {
        let whole = bytes(form);
        for len in 0..whole.len() {
            assert_eq!(recipient(&whole[..len]), Err(Reason::Transaction), "{len} bytes of {form}");
        }
        assert_eq!(recipient(&[&*whole, &[0]].concat()), Err(Reason::Transaction), "{form} and more");
        for kind in [0x00, 0x05, 0x7e, 0x7f, 0xb8] {
            assert_eq!(recipient(&[&[kind], &*whole].concat()), Err(Reason::Transaction), "{kind} before {form}");
        }
    }
    let (byte, to) = (&[0x01][..], &*string(&[0xaa; 20]));
    let sound = [byte, byte, byte, to, byte, byte, byte, byte, byte];
    assert!(recipient(&list(&sound)).is_ok());
    assert_eq!(recipient(&list(&[&sound[..], &[byte]].concat())), Err(Reason::Transaction), "a field more");
    assert_eq!(recipient(&list(&sound[..8])), Err(Reason::Transaction), "a field less");
    for place in 0..sound.len() {
        let mut fields = sound;
        fields[place] = none;
        assert_eq!(recipient(&list(&fields)), Err(Reason::Transaction), "a list at {place}");
    }
    for to in [&[0xaa; 19][..], &[0xaa; 21], &[0x00; 32]] {
        let to = string(to);
        let fields = [byte, byte, byte, &*to, byte, byte, byte, byte, byte];
        assert_eq!(recipient(&list(&fields)), Err(Reason::Transaction), "a recipient of other than 20 bytes");
    }
    // As types that have as many fields, or the recipient elsewhere.
    for (form, kind) in [(EIP_1559, 1), (EIP_1559, 3), (EIP_1559, 4), (EIP_2930, 2), (EIP_4844, 2), (EIP_7702, 2)] {
        let mut other = bytes(form);
        other[0] = kind;
        assert_eq!(recipient(&other), Err(Reason::Transaction), "{form} as {kind}");
    }
}

#[test]
fn only_canonical_encodings_are_read() {
    for (encoded, wanted) in [
        (&[0x00][..], Some(Item::Bytes(&[0x00]))),
        (&[0x7f], Some(Item::Bytes(&[0x7f]))),
        (&[0x80], Some(Item::Bytes(&[]))),
        (&[0x81, 0x80], Some(Item::Bytes(&[0x80]))),
        (&[0x81, 0x7f], None),
        (&[0x82, 0x00, 0x01], Some(Item::Bytes(&[0x00, 0x01]))),
        (&[0x82, 0x00], None),
        (&[0xb8, 0x01, 0xff], None),
        (&[&[0xb8, 0x38][..], &[1; 56]].concat(), Some(Item::Bytes(&[1; 56]))),
        (&[&[0xb9, 0x00, 0x38][..], &[1; 56]].concat(), None),
        (&[&[0xb8, 0x37][..], &[1; 55]].concat(), None),
        (&[0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None),
        (&[0xc0], Some(Item::List(&[]))),
        (&[0xc1, 0x00], Some(Item::List(&[0x00]))),
        (&[0xc2, 0x00], None),
        (&[0xf8, 0x01, 0x00], None),
        (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None),
        (&[], None),
    ] {
        assert_eq!(take(&mut &*encoded), wanted, "{encoded:02x?}");
    }
    for len in [55, 56, 255, 256, 70_000] {
        let body = vec![0xaa; len];
        assert_eq!(take(&mut &*string(&body)), Some(Item::Bytes(&body)));
        let items = vec![0x01; len];
        assert_eq!(take(&mut &*list(&[&items])), Some(Item::List(&items)));
    }
}

proptest! {
    #[test]
    fn the_recipient_comes_back(to: [u8; 20], data in prop::collection::vec(any::<u8>(), 0..300), kind in 0..4_u8, chain: u64) {
        let (number, to_item, data) = (string(&chain.to_be_bytes()), string(&to), string(&data));
        let (n, none) = (&*number, &[0xc0][..]);
        let mut signed = if kind == 0 { vec![] } else { vec![kind] };
        signed.extend(match kind {
            0 => list(&[n, n, n, &to_item, n, &data, n, n, n]),
            1 => list(&[n, n, n, n, &to_item, n, &data, none, n, n, n]),
            2 => list(&[n, n, n, n, n, &to_item, n, &data, none, n, n, n]),
            _ => list(&[n, n, n, n, n, &to_item, n, &data, none, n, none, n, n, n]),
        });
        prop_assert_eq!(recipient(&signed), Ok(ContractAddress(to)));
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..6_u8) {
        _ = recipient(&bytes);
        _ = recipient(&[&[kind], &*list(&[&bytes])].concat());
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte @ 0x00..0x80] => vec![*byte],
        _ => [head(0x80, bytes.len()), bytes.to_vec()].concat(),
    }
}

/// A list of items that are encoded.
fn list(items: &[&[u8]]) -> Vec<u8> {
    let payload = items.concat();
    [head(0xc0, payload.len()), payload].concat()
}

fn head(kind: u8, len: usize) -> Vec<u8> {
    let digits: Vec<u8> = len.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
    match u8::try_from(len) {
        Ok(len @ 0..=55) => vec![kind + len],
        _ => [vec![kind + 55 + u8::try_from(digits.len()).expect("at most eight")], digits].concat(),
    }
}
