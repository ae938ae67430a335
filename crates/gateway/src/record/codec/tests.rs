//! What is written is what is read; what was not written is an error, never a panic.

use domain::{
    allowlist::{ContractAddress, ListKinds},
    decision::Denial,
    id::{AccountId, KeyId, MemberId, QuotaId, RequestId, ValueId},
    lease::CounterId,
    quota::Metric,
    request_log::{Contracts, MAX_CONTRACTS, Outcome, RowState, Via, Wire},
};
use proptest::{option, prelude::*};

use super::*;
use crate::record::codec::read::CodecError;

const PLACE: Place = Place { node: 1, epoch: 2, ring: 3, seq: 4 };

/// A call with texts of its own, from which a record borrows.
#[derive(Clone, Debug)]
struct OwnedCall {
    ids: [u128; 4],
    member: Option<u128>,
    batch: Option<(u128, u32)>,
    address: Option<std::net::IpAddr>,
    texts: [String; 3],
    optional_texts: [Option<String>; 3],
    web_socket: bool,
    by_tester: bool,
    policy_version: u64,
    observed: u8,
    contracts: Vec<ContractAddress>,
}

impl OwnedCall {
    fn borrow(&self) -> CallRecord<'_> {
        let [request, account, key, value] = self.ids;
        CallRecord {
            request: RequestId::from_u128(request),
            account: AccountId::from_u128(account),
            member: self.member.map(MemberId::from_u128),
            key: KeyId::from_u128(key),
            value: ValueId::from_u128(value),
            api: &self.texts[0],
            network: self.optional_texts[0].as_deref(),
            wire: if self.web_socket { Wire::WebSocket } else { Wire::Http },
            via: if self.by_tester { Via::Tester } else { Via::Direct },
            method: &self.texts[1],
            path: &self.texts[2],
            policy_version: self.policy_version,
            batch: self.batch.map(|(request, place)| (RequestId::from_u128(request), place)),
            address: self.address,
            origin: self.optional_texts[1].as_deref(),
            agent: self.optional_texts[2].as_deref(),
            observed: ListKinds::of_bits(self.observed).expect("four bits"),
            contracts: &self.contracts,
        }
    }

    /// The row as it must be read.
    fn row(&self, time: Timestamp, charge: Charge, counted: Vec<Counted>) -> Row {
        let call = self.borrow();
        let cut = |text: &str, most: usize| text[..text.floor_char_boundary(most)].to_owned();
        Row {
            place: PLACE,
            request: call.request,
            time,
            account: call.account,
            member: call.member,
            key: call.key,
            value: call.value,
            api: cut(call.api, MAX_NAME),
            network: call.network.map(|text| cut(text, MAX_NAME)),
            wire: call.wire,
            via: call.via,
            method: cut(call.method, MAX_METHOD),
            path: cut(call.path, MAX_PATH),
            policy_version: call.policy_version,
            charge,
            overage: Charge::NOTHING,
            counted,
            denial: None,
            batch: call.batch,
            observed: call.observed,
            contracts: (!call.contracts.is_empty()).then(|| Contracts {
                first: call.contracts.iter().copied().take(MAX_CONTRACTS).collect(),
                total: call.contracts.len() as u32,
            }),
            count: 1,
            address: call.address,
            origin: call.origin.map(|text| cut(text, MAX_HEADER)),
            agent: call.agent.map(|text| cut(text, MAX_HEADER)),
            state: RowState::Open,
            ending: None,
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9_/ ]{0,40}", "\\PC{0,700}"]
}

prop_compose! {
    fn calls()(
        ids: [u128; 4], member: Option<u128>, batch: Option<(u128, u32)>, address: Option<std::net::IpAddr>,
        texts in prop::array::uniform3(text()), optional_texts in prop::array::uniform3(option::of(text())),
        web_socket: bool, by_tester: bool, policy_version: u64, observed in 0..16u8,
        contracts in prop::collection::vec(any::<[u8; 20]>().prop_map(ContractAddress), 0..12),
    ) -> OwnedCall {
        OwnedCall {
            ids, member, batch, address, texts, optional_texts, web_socket, by_tester, policy_version, observed, contracts,
        }
    }
}

prop_compose! {
    fn charges()(requests: u32, credits: u32) -> Charge { Charge { requests, credits } }
}

prop_compose! {
    fn endings()(
        outcome in 0..5usize, denial in option::of(0..Denial::ALL.len()), status: u16, rpc_error: Option<i64>, refund in charges(),
        latency: u64, upstream_latency: u64, attempts: u8, upstream: Option<u16>, bytes_in: u64, bytes_out: u64,
    ) -> Ending {
        let outcomes = [Outcome::Answered, Outcome::Failed, Outcome::Denied, Outcome::Abandoned, Outcome::Unknown];
        let (outcome, denial) = (outcomes[outcome], denial.map(|place| Denial::ALL[place]));
        Ending { outcome, denial, status, rpc_error, refund, latency, upstream_latency, attempts, upstream, bytes_in, bytes_out }
    }
}

prop_compose! {
    fn counters()(counters in prop::collection::vec((any::<u128>(), any::<i64>(), any::<bool>()), 0..=MAX_COUNTERS)) -> Vec<Counted> {
        let counted = |(quota, window, credits)| Counted {
            counter: CounterId { quota: QuotaId::from_u128(quota), window: Timestamp::from_micros(window) },
            metric: if credits { Metric::Credits } else { Metric::Requests },
        };
        counters.into_iter().map(counted).collect()
    }
}

proptest! {
    #[test]
    fn an_intent_is_read_as_it_was_written(
        call in calls(), time: i64, charge in charges(), beyond: [bool; 2], counted in counters(),
    ) {
        let (mut buffer, time) = (Vec::new(), Timestamp::from_micros(time));
        let part = |figure: u32, beyond: bool| if beyond { figure } else { 0 };
        let overage = Charge { requests: part(charge.requests, beyond[0]), credits: part(charge.credits, beyond[1]) };
        encode_intent(&mut buffer, &call.borrow(), time, (charge, overage), counted.iter().copied());
        prop_assert!(buffer.len() <= MAX_RECORD);
        let expected = Row { overage, ..call.row(time, charge, counted) };
        prop_assert_eq!(decode(PLACE, &buffer), Ok(Record::Intent(expected)));
    }

    #[test]
    fn a_denial_is_read_with_its_count(call in calls(), time: i64, denial in 0..Denial::ALL.len(), status: u16,
        rpc_error: Option<i64>, figures: [u64; 3], count: u64)
    {
        let (mut buffer, time) = (Vec::new(), Timestamp::from_micros(time));
        let [latency, bytes_in, bytes_out] = figures;
        let denied = Denied { denial: Denial::ALL[denial], status, rpc_error, latency, bytes_in, bytes_out };
        encode_denied(&mut buffer, &call.borrow(), time, &denied);
        set_count(&mut buffer, count);
        prop_assert!(buffer.len() <= MAX_RECORD);
        let expected = Row {
            denial: Some(denied.denial), state: RowState::Closed, ending: Some(denied.ending()), count,
            ..call.row(time, Charge::NOTHING, Vec::new())
        };
        prop_assert_eq!(decode(PLACE, &buffer), Ok(Record::Whole(expected)));
    }

    #[test]
    fn an_outcome_is_read_as_it_was_written_and_fits_the_room_that_was_reserved(
        intent: u64, ending in endings(), counted in counters(),
    ) {
        let mut buffer = Vec::new();
        encode_outcome(&mut buffer, intent, &ending, counted.iter().copied());
        prop_assert!(buffer.len() <= outcome_bytes(counted.len()));
        // Only a refund needs to know where the charge was taken.
        let counted = if ending.refund == Charge::NOTHING { Vec::new() } else { counted };
        prop_assert_eq!(decode(PLACE, &buffer), Ok(Record::Outcome { intent, counted, ending }));
    }

    #[test]
    fn junk_is_refused_without_a_panic(junk in prop::collection::vec(any::<u8>(), 0..600), kind in 0..5u8) {
        _ = decode(PLACE, &junk);
        let with_head: Vec<u8> = [FORM, kind].into_iter().chain(junk).collect();
        _ = decode(PLACE, &with_head);
    }

    #[test]
    fn a_record_that_is_cut_or_goes_on_is_refused(call in calls(), counted in counters(), cut: prop::sample::Index) {
        let mut buffer = Vec::new();
        encode_intent(&mut buffer, &call.borrow(), Timestamp::default(), (Charge::priced(1), Charge::NOTHING), counted.into_iter());
        let cut = cut.index(buffer.len());
        prop_assert!(decode(PLACE, &buffer[..cut]).is_err());
        buffer.push(0);
        prop_assert_eq!(decode(PLACE, &buffer), Err(CodecError::Wrong("length")));
    }

    #[test]
    fn a_changed_byte_never_panics(call in calls(), at: prop::sample::Index, byte: u8) {
        let mut buffer = Vec::new();
        encode_intent(&mut buffer, &call.borrow(), Timestamp::default(), (Charge::priced(1), Charge::NOTHING), std::iter::empty());
        let at = at.index(buffer.len());
        buffer[at] = byte;
        _ = decode(PLACE, &buffer);
    }
}

#[test]
fn another_form_is_named_as_such() {
    assert_eq!(decode(PLACE, &[9, 1]), Err(CodecError::Form(9)));
    assert_eq!(decode(PLACE, &[]), Err(CodecError::Short("form")));
    assert_eq!(decode(PLACE, &[FORM, 4]), Err(CodecError::Wrong("kind")));
}

#[test]
fn records_of_the_forms_before_are_still_read() {
    let (key, time) = (KeyId::from_u128(2), Timestamp::from_micros(5));
    let call = CallRecord {
        request: RequestId::from_u128(1),
        account: AccountId::from_u128(3),
        member: None,
        key,
        value: ValueId::from_u128(4),
        api: "node",
        network: None,
        wire: Wire::Http,
        via: Via::Direct,
        method: "eth_call",
        path: "/node",
        policy_version: 6,
        batch: None,
        address: None,
        origin: None,
        agent: None,
        observed: ListKinds::NONE,
        contracts: &[],
    };
    let mut buffer = Vec::new();
    // Form, kind and count stand before the row, whose flags were followed by its ids in form 1, and by `via` and them in form 2.
    let as_before = |buffer: &mut Vec<u8>, via_at: usize| {
        buffer[0] = 1;
        assert_eq!(buffer.drain(via_at..via_at + 2).collect::<Vec<_>>(), [0, 0]);
    };
    let tested = CallRecord { via: Via::Tester, ..call };
    encode_intent(&mut buffer, &tested, time, (Charge::priced(1), Charge::NOTHING), std::iter::empty());
    buffer[0] = 2;
    assert_eq!(buffer.remove(4), 0, "nothing was observed");
    let Ok(Record::Intent(row)) = decode(PLACE, &buffer) else { panic!("an intent: {buffer:?}") };
    assert_eq!((row.key, row.via, row.observed, row.contracts), (key, Via::Tester, ListKinds::NONE, None));
    encode_intent(&mut buffer, &call, time, (Charge::priced(1), Charge::NOTHING), std::iter::empty());
    as_before(&mut buffer, 3);
    let Ok(Record::Intent(row)) = decode(PLACE, &buffer) else { panic!("an intent: {buffer:?}") };
    assert_eq!((row.key, row.time, row.via), (key, time, Via::Direct));
    for (index, meant) in [(4, Denial::KeyExpired), (5, Denial::ApiNotInPlan), (26, Denial::UpstreamIncomplete)] {
        let mut of = |denial| {
            let denied = Denied { denial, status: 403, rpc_error: None, latency: 1, bytes_in: 0, bytes_out: 0 };
            encode_denied(&mut buffer, &call, time, &denied);
            as_before(&mut buffer, 11);
            buffer.clone()
        };
        let (mut first, last) = (of(Denial::ALL[0]), of(Denial::UpstreamIncomplete));
        let denial_at = first.iter().zip(&last).position(|(a, b)| a != b).expect("a byte says which");
        first[denial_at] = index;
        let Ok(Record::Whole(row)) = decode(PLACE, &first) else { panic!("a denial: {first:?}") };
        assert_eq!(row.denial, Some(meant));
    }
}
