//! Precedence: every pair of reasons, and the denials' own facts.

use std::sync::Arc;

use super::*;
use crate::{
    allowlist::{Allowed, Allowlist, ContractAddress, ListKind, Listed, Lists, Mode},
    id::{AccountId, KeyId, MemberId, QuotaId, ValueId},
    key::value::Hash,
    policy::{SecretPolicy, SubscriptionPolicy},
    quota::{Metric, Overage, Period},
};

const NOW: Timestamp = Timestamp::from_micros(1_000);

/// A request and what its value leads to, with nothing to object to.
#[derive(Clone)]
struct World {
    known: bool,
    too_many_denials: bool,
    account: AccountPolicy,
    member: Option<MemberPolicy>,
    key: KeyPolicy,
    value: ValuePolicy,
    /// The key's and the account's: mode, the one address, the one domain.
    layers: [(Mode, &'static str, &'static str); 2],
    address: &'static str,
    page: Option<&'static str>,
    secret: Option<SecretHash>,
    has_ticket: bool,
    path_found: bool,
    encoding_supported: bool,
    declared_length: Option<u64>,
    well_formed: bool,
}

impl World {
    fn clean() -> World {
        let (account, key, member) = (AccountId::from_u128(1), KeyId::from_u128(2), MemberId::from_u128(3));
        let api = "node".parse().unwrap();
        World {
            known: true,
            too_many_denials: false,
            account: AccountPolicy {
                id: account,
                suspended: false,
                lists: None,
                subscriptions: vec![SubscriptionPolicy {
                    api,
                    plan: "free".parse().unwrap(),
                    quotas: vec![],
                    rates: vec![],
                }],
            },
            member: Some(MemberPolicy {
                id: member,
                suspended: false,
                ends_at: Some(NOW.plus(1)),
                quotas: vec![],
                rates: vec![],
            }),
            key: KeyPolicy {
                id: key,
                account,
                version: 1,
                disabled: false,
                expires_at: Some(NOW.plus(1)),
                apis: Box::default(),
                networks: Box::default(),
                lists: None,
                secret: Some(Arc::new(SecretPolicy {
                    hash: SecretHash([1; 32]),
                    former: Some((SecretHash([2; 32]), NOW)),
                })),
                quotas: Box::default(),
                rates: Box::default(),
            },
            value: ValuePolicy {
                id: ValueId::from_u128(4),
                hash: Hash([0; 32]),
                key,
                member: Some(member),
                expires_at: None,
            },
            layers: [(Mode::Enforce, "10.0.0.0/8", "*.example.com"), (Mode::Enforce, "10.1.0.0/16", "*.com")],
            address: "10.1.2.3",
            page: Some("https://app.example.com"),
            secret: Some(SecretHash([1; 32])),
            has_ticket: false,
            path_found: true,
            encoding_supported: true,
            declared_length: Some(100),
            well_formed: true,
        }
    }

    fn layers(&self) -> Layers {
        let [key, account] = self.layers.map(|(mode, address, domain)| {
            let lists = Lists { addresses: only(mode, address), domains: only(mode, domain), ..Lists::default() };
            (!lists.on().is_empty()).then(|| Arc::new(Allowed::of(&lists, NOW)))
        });
        Layers { key, account }
    }

    fn decide(&self) -> Result<(), Denial> {
        self.decided().map(drop).map_err(|not_allowed| not_allowed.denial)
    }

    fn decided(&self) -> Result<ListKinds, NotAllowed> {
        let (api, network) = ("node".parse().unwrap(), "eth/mainnet".parse().unwrap());
        let facts = RequestFacts {
            now: NOW,
            too_many_denials: self.too_many_denials,
            address: self.address.parse().unwrap(),
            page: self.page,
            secret: self.secret.as_ref(),
            has_ticket: self.has_ticket,
            api: &api,
            network: Some(&network),
            path_found: self.path_found,
            encoding_supported: self.encoding_supported,
            declared_length: self.declared_length,
            body_limit: 100,
            well_formed: self.well_formed,
        };
        let (value, key, account, member) = (&self.value, &self.key, &self.account, self.member.as_ref());
        let lists = &self.layers();
        decide_request(&facts, self.known.then_some(Presented { value, key, account, member, lists }))
    }
}

fn only<E: std::str::FromStr<Err: std::fmt::Debug> + PartialEq + std::fmt::Display>(
    mode: Mode,
    entry: &str,
) -> Allowlist<E> {
    Allowlist::new(mode, vec![Listed { entry: entry.parse().unwrap(), note: None, until: None }]).unwrap()
}

type Fault = (&'static str, Denial, fn(&mut World));

/// Every way in which a request can be wrong.
const FAULTS: [Fault; 25] = [
    ("nobody knows the value", Denial::UnknownKey, |w| w.known = false),
    ("the member is gone", Denial::UnknownKey, |w| w.member = None),
    ("the account is suspended", Denial::AccountSuspended, |w| w.account.suspended = true),
    ("the member is suspended", Denial::MemberSuspended, |w| {
        w.member.iter_mut().for_each(|member| member.suspended = true);
    }),
    ("the member's seat is over", Denial::MemberEnded, |w| {
        w.member.iter_mut().for_each(|member| member.ends_at = Some(NOW));
    }),
    ("the key is off", Denial::KeyDisabled, |w| w.key.disabled = true),
    ("the key has ended", Denial::KeyExpired, |w| w.key.expires_at = Some(NOW)),
    ("the grace has ended", Denial::KeyExpired, |w| w.value.expires_at = Some(NOW)),
    ("refused too often", Denial::TooManyDenials, |w| w.too_many_denials = true),
    ("no secret", Denial::SecretMissing, |w| w.secret = None),
    ("another secret", Denial::SecretWrong, |w| {
        w.secret = w.secret.map(|_| SecretHash([3; 32]));
    }),
    ("the secret before, after its grace", Denial::SecretWrong, |w| {
        w.secret = w.secret.map(|_| SecretHash([2; 32]));
    }),
    ("another address", Denial::AddressNotAllowed, |w| w.address = "11.0.0.1"),
    ("outside the account's addresses", Denial::AddressNotAllowed, |w| w.address = "10.2.0.1"),
    ("outside the account's domains", Denial::DomainNotAllowed, |w| w.layers[1].2 = "a.com"),
    ("another page", Denial::DomainNotAllowed, |w| w.page = Some("https://example.com")),
    ("no page", Denial::DomainNotAllowed, |w| w.page = None),
    ("no subscription", Denial::ApiNotInPlan, |w| w.account.subscriptions.clear()),
    ("another API", Denial::ApiNotInPlan, |w| w.key.apis = Box::new(["football".parse().unwrap()])),
    ("another network", Denial::NetworkNotInPlan, |w| w.key.networks = Box::new(["eth/sepolia".parse().unwrap()])),
    ("no such path", Denial::PathNotFound, |w| w.path_found = false),
    ("compressed", Denial::EncodingNotSupported, |w| w.encoding_supported = false),
    ("too long", Denial::BodyTooLarge, |w| w.declared_length = Some(101)),
    ("ambiguous", Denial::Malformed, |w| w.well_formed = false),
    ("every end", Denial::KeyExpired, |w| w.value.expires_at = Some(NOW.plus(-1))),
];

#[test]
fn a_clean_request_passes() {
    assert_eq!(World::clean().decide(), Ok(()));
}

#[test]
fn the_first_denial_of_every_pair_is_told() {
    for (name_a, denial_a, break_a) in FAULTS {
        for (name_b, denial_b, break_b) in FAULTS {
            let mut world = World::clean();
            break_a(&mut world);
            break_b(&mut world);
            assert_eq!(world.decide(), Err(denial_a.min(denial_b)), "{name_a}, and {name_b}");
        }
    }
}

#[test]
fn lists_that_are_off_let_everything_pass() {
    let off = (Mode::Off, "10.0.0.0/8", "*.example.com");
    assert_eq!(World { layers: [off; 2], address: "11.0.0.1", page: None, ..World::clean() }.decide(), Ok(()));
}

#[test]
fn what_is_observed_is_told_with_every_decision_that_comes_after_the_lists() {
    let both: ListKinds = [ListKind::Addresses, ListKind::Domains].into_iter().collect();
    for (name, denial, spoil) in FAULTS {
        let mut world = World::clean();
        spoil(&mut world);
        for layer in &mut world.layers {
            layer.0 = Mode::Observe;
        }
        world.address = "11.0.0.1";
        world.page = None;
        let decided = world.decided();
        let is_listed = ListKind::of_denial(denial).is_some();
        let comes_before = denial < Denial::AddressNotAllowed;
        let expected = match (is_listed, comes_before) {
            (true, _) => Ok(both),
            (false, true) => Err(NotAllowed::from(denial)),
            (false, false) => Err(NotAllowed { denial, layer: None, observed: both }),
        };
        assert_eq!(decided, expected, "{name}");
    }
}

#[test]
fn a_denial_by_a_list_names_its_layer() {
    for (address, page, layer) in [
        ("11.0.0.1", Some("https://app.example.com"), Layer::Key),
        ("10.2.0.1", Some("https://app.example.com"), Layer::Account),
        ("10.1.0.1", Some("https://app.example.org"), Layer::Key),
        ("10.1.0.1", None, Layer::Key),
    ] {
        let decided = World { address, page, ..World::clean() }.decided();
        assert_eq!(decided.map_err(|not_allowed| not_allowed.layer), Err(Some(layer)), "{address} {page:?}");
    }
}

#[test]
fn a_value_is_stopped_by_its_nouns_and_by_nothing_else() {
    for (name, denial, spoil) in FAULTS {
        let mut world = World::clean();
        spoil(&mut world);
        let (value, key, account, member) = (&world.value, &world.key, &world.account, world.member.as_ref());
        let decided =
            decide_value(NOW, world.known.then_some(Presented { value, key, account, member, lists: &Layers::NONE }));
        assert_eq!(decided.err(), denial.is_stop().then_some(denial), "{name}");
    }
}

#[test]
fn a_secret_is_looked_at_only_where_it_is_required_and_the_one_before_has_its_grace() {
    for presented in [None, Some(SecretHash([3; 32]))] {
        let key = KeyPolicy { secret: None, ..World::clean().key };
        assert_eq!(World { key, secret: presented, ..World::clean() }.decide(), Ok(()), "{presented:?}");
    }
    let former = Some((SecretHash([2; 32]), NOW.plus(1)));
    let secret = Some(Arc::new(SecretPolicy { hash: SecretHash([1; 32]), former }));
    let key = KeyPolicy { secret, ..World::clean().key };
    assert_eq!(World { key, secret: Some(SecretHash([2; 32])), ..World::clean() }.decide(), Ok(()));
}

#[test]
fn a_ticket_stands_in_the_place_of_the_secret_and_of_nothing_else() {
    for secret in [None, Some(SecretHash([3; 32]))] {
        let world = World { secret, has_ticket: true, ..World::clean() };
        assert_eq!(world.decide(), Ok(()), "{secret:?}");
        let disabled = KeyPolicy { disabled: true, ..World::clean().key };
        assert_eq!(World { key: disabled, ..world.clone() }.decide(), Err(Denial::KeyDisabled));
        assert_eq!(World { address: "192.0.2.1", ..world }.decide(), Err(Denial::AddressNotAllowed));
    }
}

#[test]
fn an_account_value_needs_no_member() {
    let world = World { value: ValuePolicy { member: None, ..World::clean().value }, member: None, ..World::clean() };
    assert_eq!(world.decide(), Ok(()));
}

#[test]
fn a_call_must_pass_both_lists_of_both_layers_and_the_method_speaks_first() {
    use Mode::{Enforce, Observe};
    let (allowed, other) = (ContractAddress([1; 20]), ContractAddress([2; 20]));
    let layers = |key: Mode, account: Mode| {
        let [key, account] = [key, account].map(|mode| {
            let lists = Lists {
                methods: only(mode, "eth_call"),
                contracts: only(mode, &allowed.to_string()),
                ..Lists::default()
            };
            Some(Arc::new(Allowed::of(&lists, NOW)))
        });
        Layers { key, account }
    };
    let (calls, signs) = (MethodAsked::Rpc("eth_call"), MethodAsked::Rpc("eth_sign"));
    let rest = MethodAsked::Rest { verb: "GET", target: "/eth_call" };
    let (good, bad) = (Touches::Contracts(&[allowed]), Touches::Contracts(&[allowed, other]));
    let (methods, contracts) = (ListKinds::from(ListKind::Methods), ListKinds::from(ListKind::Contracts));
    let denied = |denial, layer, observed| Err(NotAllowed { denial, layer: Some(layer), observed });
    for (modes, method, touches, expected) in [
        ((Enforce, Enforce), calls, good, Ok(ListKinds::NONE)),
        ((Enforce, Enforce), calls, Touches::Nothing, Ok(ListKinds::NONE)),
        ((Enforce, Enforce), signs, bad, denied(Denial::MethodNotAllowed, Layer::Key, ListKinds::NONE)),
        ((Enforce, Enforce), rest, good, denied(Denial::MethodNotAllowed, Layer::Key, ListKinds::NONE)),
        ((Enforce, Enforce), calls, bad, denied(Denial::ContractNotAllowed, Layer::Key, ListKinds::NONE)),
        ((Observe, Enforce), calls, bad, denied(Denial::ContractNotAllowed, Layer::Account, contracts)),
        (
            (Observe, Enforce),
            signs,
            Touches::Unclear,
            denied(Denial::MethodNotAllowed, Layer::Account, methods | contracts),
        ),
        ((Observe, Observe), signs, Touches::Unclear, Ok(methods | contracts)),
        ((Observe, Observe), calls, Touches::Unclear, Ok(contracts)),
        ((Observe, Observe), signs, good, Ok(methods)),
    ] {
        let decided = decide_call(&layers(modes.0, modes.1), &CallFacts { method, touches });
        assert_eq!(decided, expected, "{modes:?} {method:?} {touches:?}");
    }
    assert_eq!(
        decide_call(&Layers::NONE, &CallFacts { method: signs, touches: Touches::Unclear }),
        Ok(ListKinds::NONE)
    );
}

#[test]
fn a_price_above_a_whole_window_is_told_at_once() {
    let quota = |scope, metric, limit| Quota {
        id: QuotaId::from_u128(9),
        scope,
        metric,
        period: Period::Day,
        anchor: NOW,
        limit,
        overage: None,
    };
    let (wide, narrow) = (quota(Scope::Account, Metric::Credits, 39), quota(Scope::Key, Metric::Credits, 39));
    let calls = quota(Scope::Member, Metric::Requests, 0);
    let beyond = |quota, limit| Quota { overage: Some(Overage { id: QuotaId::from_u128(10), limit }), ..quota };
    let price = Price::Credits(40);
    for (quotas, expected) in [
        (vec![], Ok(Charge { requests: 1, credits: 40 })),
        (vec![quota(Scope::Account, Metric::Credits, 40)], Ok(Charge { requests: 1, credits: 40 })),
        (vec![wide], Err(Denial::QuotaExhausted(Scope::Account))),
        (vec![beyond(wide, 40)], Ok(Charge { requests: 1, credits: 40 })),
        (vec![beyond(wide, 39)], Err(Denial::QuotaExhausted(Scope::Account))),
        (vec![wide, narrow], Err(Denial::QuotaExhausted(Scope::Key))),
        (vec![wide, calls], Err(Denial::QuotaExhausted(Scope::Member))),
    ] {
        assert_eq!(decide_charge(price, &quotas), expected, "{quotas:?}");
    }
    assert_eq!(decide_charge(Price::Free, &[wide, narrow, calls]), Ok(Charge::NOTHING), "free is free");
}

#[test]
fn denials_are_ordered_distinct_and_come_back() {
    assert!(Denial::ALL.is_sorted(), "ALL is in the order of precedence");
    for (place, denial) in Denial::ALL.into_iter().enumerate() {
        assert_eq!(Denial::from_index(place as u8), Some(denial));
        assert_eq!(usize::from(denial.index()), place);
        assert_eq!(denial.to_string().parse(), Ok(denial));
        assert!((400..=504).contains(&denial.status()), "{denial}");
        assert!(denial.json_rpc_code() < 0 && denial.sentence().ends_with('.'), "{denial}");
    }
    assert_eq!(Denial::from_index(Denial::ALL.len() as u8), None);
    assert!(SCOPES.is_sorted());
}

#[test]
fn every_code_has_its_line_and_its_place_in_the_docs() {
    let page = include_str!("../../../../docs/errors.md");
    for denial in Denial::ALL {
        let (code, status, number) = (denial.code(), denial.status(), denial.json_rpc_code());
        let line = format!("| [`{code}`](#{code}) | {status} | {number} |\n");
        assert!(page.contains(&line), "docs/errors.md lacks the line {line}");
        assert!(page.contains(&format!("\n## {code}\n")), "docs/errors.md lacks a place for {code}");
    }
}
