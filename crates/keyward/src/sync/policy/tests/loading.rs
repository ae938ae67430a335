//! A keyring that was loaded at once knows what one knows that was told noun by noun.

use domain::{
    allowlist::{Allowlist, Listed, Lists, Mode},
    decision::Presented,
    key::{
        Value,
        secret::{ENTROPY, SecretText},
        value::Hash,
    },
    policy::PolicyChange,
    quota::{Metric, Period, QuotaTerms, Scope},
    rate_limit::{Per, RateLimit},
};
use store::quota::Owner;

use super::*;

/// Kinds of additions that a key can have.
const KINDS: u32 = 8;
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

fn terms(overage: Option<u64>) -> [QuotaTerms; 1] {
    [QuotaTerms { metric: Metric::Requests, period: Period::Day, limit: 3, overage }]
}

/// A key with those additions whose bits are set.
fn key_with(additions: u32, holder: &Member) -> Key {
    let has = |kind: u32| additions & (1 << kind) != 0;
    let (name, environment) = ("Notebook".parse().unwrap(), "Development".parse().unwrap());
    let id = KeyId::from_u128(u128::from(9_000 - additions));
    let mut key = Key::new(id, holder.account, name, environment, Sharing::Own { holder: holder.id }, NOW);
    if has(0) {
        key = key.disable(NOW).unwrap();
    }
    if has(1) {
        key.expires_at = Some(NOW.plus(9));
    }
    if has(2) {
        key.apis = ["rest".parse().unwrap()].into();
    }
    if has(3) {
        key.networks = ["eth/mainnet".parse().unwrap()].into();
    }
    if has(4) {
        let entry = Listed { entry: "10.0.0.0/8".parse().unwrap(), note: None, until: Some(NOW.plus(7)) };
        key.lists = Lists { addresses: Allowlist::new(Mode::Enforce, vec![entry]).unwrap(), ..Lists::default() };
    }
    if has(5) {
        let secret = SecretText::draw([u8::try_from(additions % 251).unwrap(); ENTROPY]);
        key = key.draw_secret(&secret, NOW).unwrap().require_secret(NOW).unwrap();
    }
    key
}

/// Keys with every set of additions, the last ones revoked; each with a value, and with one that ends.
async fn seed_keys(store: &Store, holder: &Member) -> Vec<Hash> {
    let tx = store.begin().await.unwrap();
    let cap = (Owner::Member(holder.id), NOW);
    store::quota::replace(&tx, cap, &terms(None), NOW, &mut clock::entropy_of_id).await.unwrap();
    let mut hashes = Vec::new();
    for additions in 0..1 << KINDS {
        let has = |kind: u32| additions & (1 << kind) != 0;
        let key = key_with(additions, holder);
        store::key::insert(&tx, &key).await.unwrap();
        if has(6) {
            let owner = (Owner::Key(key.id), NOW);
            store::quota::replace(&tx, owner, &terms(Some(5)), NOW, &mut clock::entropy_of_id).await.unwrap();
        }
        if has(7) {
            let rate = RateLimit { scope: Scope::Key, metric: Metric::Requests, per: Per::Second, limit: 8 };
            store::rate_limit::replace(&tx, key.id, &[rate]).await.unwrap();
        }
        for (place, expires_at) in [(0, None), (1, Some(NOW.plus(3)))] {
            let number = 100_000 - 2 * u128::from(additions) + place;
            let text = ValueText::draw([u8::try_from(place).unwrap(); domain::key::value::ENTROPY]);
            let drawn = key.draw(ValueId::from_u128(number), Some(holder.id), &text, NOW).unwrap();
            let hash = domain::key::value::hash(&number.to_le_bytes());
            store::value::insert(&tx, &Value { hash, expires_at, ..drawn }).await.unwrap();
            hashes.push(hash);
        }
        if additions > 250 {
            store::key::save(&tx, &key.revoke(NOW).unwrap()).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    hashes
}

/// All that a keyring knows of a value, in words.
fn known(keyring: &Keyring, hash: &Hash) -> String {
    let Some(entry) = keyring.find(hash) else { return "not known".to_owned() };
    let Some(view) = entry.view() else { return "of a key that is not known".to_owned() };
    let (layers, limits) = (view.lists(NOW), view.limits(0));
    let Presented { value, key, account, member, .. } = view.presented(&layers);
    let (quotas, rates): (Vec<_>, Vec<_>) = (limits.quotas().collect(), limits.rates(0).collect());
    format!("{value:?} {key:?} {account:?} {member:?} {quotas:?} {rates:?} {}", limits.may_go_beyond())
}

#[test]
fn a_keyring_loaded_at_once_knows_what_one_told_noun_by_noun_knows() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let text = "[gateway]\nlisten = \"127.0.0.1:0\"\n[api.rest]\nprotocol = \"rest\"\nupstream = \"http://127.0.0.1:9\"\n\
             default_plan = \"free\"\n[plan.free]\nrate = { requests = 1_000, per = \"second\" }\n";
        let config = Config::parse(Path::new("keyward.toml"), text, 2).unwrap();
        let store = Store::open(&Location::Sqlite { folder: folder.path().to_owned() }).await.unwrap();
        let (member, value) = seed(&store, &config, NOW).await;
        let mut hashes = seed_keys(&store, &member).await;
        hashes.push(value.hash());
        let keyring = || Keyring::new(Arc::new(Meter::new(clock::clock())), vec![config.apis[0].api.name.clone()]);
        let (at_once, noun_by_noun) = (keyring(), keyring());
        let version = load(&store, &at_once).await.unwrap();
        let (reached, changes) = store::policy::since(&store, 0).await.unwrap();
        assert_eq!(version, reached);
        // Values of revoked keys lead nowhere, and a start knows them as such.
        assert!(changes.iter().any(|change| matches!(change, PolicyChange::NoKey(_))));
        changes.into_iter().for_each(|change| noun_by_noun.apply(vec![change]));
        assert_eq!(at_once.len(), noun_by_noun.len());
        for hash in &hashes {
            assert_eq!(known(&at_once, hash), known(&noun_by_noun, hash));
        }
        let all: BTreeSet<String> = hashes.iter().map(|hash| known(&at_once, hash)).collect();
        assert!(all.len() > 500, "they differ from each other: {}", all.len());
        store.close().await.unwrap();
    });
}
