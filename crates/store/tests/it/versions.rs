//! Versions of keys: they come back whole, newest first, and the oldest are forgotten. Lists of keys go through an index.

use domain::{
    id::MemberId,
    key::Key,
    quota::{Metric, Period},
    rate_limit::{Per, RateLimit},
    version::{MAX_KEPT, Part, Version},
};
use store::{key, quota, rate_limit, version};

use crate::{
    backends::on_both,
    nouns::attempt,
    world::{NOW, World, entropy, id, name, terms},
};

fn a_version(number: u64, key: &Key, author: Option<MemberId>) -> Version {
    Version {
        key: key.id,
        number,
        time: NOW,
        author,
        author_name: "Olivia".to_owned(),
        reason: author.map(|_| name("Trial")),
        restored: author.map(|_| 1),
        changed: Part::ALL.to_vec(),
    }
}

#[test]
fn versions_come_back_whole_and_the_oldest_are_forgotten() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let day = terms(Metric::Requests, Period::Day, 5);
        let owner = (quota::Owner::Key(world.key.id), NOW);
        let rate = RateLimit { scope: domain::quota::Scope::Key, metric: Metric::Credits, per: Per::Second, limit: 9 };
        let limited = attempt(&store, async |tx| {
            rate_limit::replace(tx, world.key.id, &[rate]).await?;
            quota::replace(tx, owner, &[day], NOW, &mut entropy(900)).await
        });
        assert_eq!(limited.await, "ok");
        let held = version::terms(&store, &world.key).await.unwrap();
        assert_eq!((held.quotas.as_slice(), held.rates[0].limit), ([day].as_slice(), 9));

        let write = async |version: Version| {
            attempt(&store, async |tx| store::version::insert(tx, &version, &held).await).await
        };
        let (first, second) = (a_version(1, &world.key, None), a_version(2, &world.key, Some(world.owner.id)));
        assert_eq!(write(first.clone()).await, "ok");
        assert_eq!(write(second.clone()).await, "ok");
        assert_eq!(write(second.clone()).await, "conflict");
        assert_eq!(write(a_version(3, &world.key, Some(id(9)))).await, "not found");
        let found = version::find(&store, world.key.id, 2).await.unwrap();
        assert_eq!(found, Some((second.clone(), held.clone())));
        assert_eq!(version::find(&store, world.key.id, 3).await.unwrap(), None);
        let list = async |before, limit| version::list(&store, world.key.id, before, limit).await.unwrap();
        assert_eq!(list(None, 9).await, [second.clone(), first.clone()]);
        assert_eq!(list(None, 1).await, std::slice::from_ref(&second));
        assert_eq!(list(Some(2), 9).await, std::slice::from_ref(&first));
        assert_eq!(write(a_version(MAX_KEPT + 1, &world.key, None)).await, "ok");
        let kept: Vec<u64> = list(None, 9).await.iter().map(|version| version.number).collect();
        assert_eq!(kept, [MAX_KEPT + 1, 2], "the first is forgotten");
    });
}

#[test]
fn pairs_of_a_key_are_those_it_has_now() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let with = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(of, is)| (name(of), name(is))).collect();
            Key { metadata: domain::key::metadata::Metadata::new(pairs).unwrap(), ..world.key.clone() }
        };
        let found = async |of: &str, is: &str| {
            let metadata = vec![(name(of), name(is))];
            let filter = key::page::KeyFilter { metadata, ..key::page::KeyFilter::of(world.account.id) };
            key::page::page(&store, &filter).await.unwrap()
        };
        let key = with(&[("team", "Web"), ("cost", "7")]);
        assert_eq!(attempt(&store, async |tx| key::save(tx, &key).await).await, "ok");
        assert_eq!(found("team", "Web").await, std::slice::from_ref(&key));
        let other = with(&[("team", "Mobile")]);
        assert_eq!(attempt(&store, async |tx| key::save(tx, &other).await).await, "ok");
        assert_eq!(found("team", "Web").await, []);
        assert_eq!(found("cost", "7").await, []);
        assert_eq!(found("team", "Mobile").await, [other]);
    });
}
