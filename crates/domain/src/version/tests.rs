//! What differs between versions, part by part, and what going back brings back.

use super::*;
use crate::{
    allowlist::{Listed, Mode},
    id::AccountId,
    key::{Sharing, secret::SecretText},
    quota::Period,
};

const NOW: Timestamp = Timestamp::from_micros(1_000_000);

fn key() -> Key {
    let (name, environment) = ("Notebook".parse().expect("a name"), "Production".parse().expect("a word"));
    Key::new(KeyId::from_u128(1), AccountId::from_u128(2), name, environment, Sharing::Shared, NOW)
}

fn terms(key: &Key) -> Terms {
    Terms::of(key, [], &[])
}

/// One change of each part.
fn one_of_each() -> Vec<(Part, Terms)> {
    let office = Listed { entry: "10.0.0.0/8".parse().expect("a network"), note: None, until: None };
    let mut all = vec![
        (Part::Name, terms(&Key { name: "Other".parse().expect("a name"), ..key() })),
        (Part::Environment, terms(&Key { environment: "Development".parse().expect("a word"), ..key() })),
        (Part::Apis, terms(&Key { apis: ["chain".parse().expect("a name")].into(), ..key() })),
        (Part::Networks, terms(&Key { networks: ["eth/mainnet".parse().expect("a name")].into(), ..key() })),
        (Part::ExpiresAt, terms(&Key { expires_at: Some(NOW.plus(1)), ..key() })),
        (Part::Enabled, terms(&key().disable(NOW).expect("it was on"))),
    ];
    let pair = ("team".parse().expect("a name"), "Payments".parse().expect("a value"));
    all.push((Part::Metadata, terms(&Key { metadata: Metadata::new([pair].into()).expect("one"), ..key() })));
    let addresses = Allowlist::new(Mode::Observe, vec![office]).expect("one entry");
    let lists = Lists { addresses, ..Lists::default() };
    all.push((Part::List(ListKind::Addresses), terms(&Key { lists, ..key() })));
    for kind in [ListKind::Domains, ListKind::Methods, ListKind::Contracts] {
        all.push((Part::List(kind), terms(&Key { locked_lists: kind.into(), ..key() })));
    }
    let day = QuotaTerms { metric: Metric::Requests, period: Period::Day, limit: 5, overage: None };
    all.push((Part::Quotas, Terms::of(&key(), [day], &[])));
    let rate = RateTerms { metric: Metric::Credits, per: Per::Second, limit: 7 };
    all.push((Part::Rates, Terms::of(&key(), [], &[rate.into()])));
    let secret = SecretText::draw([1; crate::key::secret::ENTROPY]);
    let asks = key().draw_secret(&secret, NOW).and_then(|key| key.require_secret(NOW)).expect("a first secret");
    all.push((Part::SecretRequired, terms(&asks)));
    all
}

#[test]
fn a_change_of_each_part_is_told_as_that_part_and_no_other() {
    let told: BTreeSet<Part> = one_of_each().iter().map(|(part, _)| *part).collect();
    assert_eq!(told, Part::ALL.into(), "each part has its case");
    for (part, after) in one_of_each() {
        assert_eq!(terms(&key()).changed(&after), [part]);
        assert_eq!(after.changed(&terms(&key())), [part]);
        assert_eq!(after.changed(&after), []);
    }
}

#[test]
fn what_is_stored_is_read_back() {
    for (part, terms) in one_of_each() {
        let stored = serde_json::to_string(&terms).expect("texts and figures");
        assert_eq!(serde_json::from_str::<Terms>(&stored).ok(), Some(terms), "{}", part.as_str());
    }
}

#[test]
fn going_back_leaves_switches_values_and_holders_alone() {
    for (part, then) in one_of_each() {
        let restored = then.restored(key(), NOW);
        let is_in_the_key = part.is_restored() && !matches!(part, Part::Quotas | Part::Rates);
        let expected = if is_in_the_key { vec![part] } else { vec![] };
        assert_eq!(terms(&key()).changed(&terms(&restored)), expected, "{}", part.as_str());
        let Key { id, account, ref sharing, ref secret, created_at, disabled_at, revoked_at, version, .. } = restored;
        let now = key();
        assert_eq!((id, account, created_at), (now.id, now.account, now.created_at));
        assert_eq!((sharing, secret, version), (&now.sharing, &now.secret, now.version));
        assert_eq!((disabled_at, revoked_at), (None, None));
    }
}

#[test]
fn an_end_that_is_over_does_not_come_back() {
    let end = NOW.plus(5);
    let then = terms(&Key { expires_at: Some(end), ..key() });
    for (now, expected) in [(NOW, Some(end)), (end, None), (end.plus(1), None)] {
        assert_eq!(then.restored(key(), now).expires_at, expected);
    }
}
