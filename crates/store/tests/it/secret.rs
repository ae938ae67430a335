//! Secrets: each state of one comes back from the row, and the gateway is told of those that are required.

use domain::{
    key::{
        Key,
        secret::{ENTROPY, SecretText},
    },
    policy::{PolicyChange, SecretPolicy},
};
use store::{key, policy};

use crate::{backends::on_both, world::*};

#[test]
fn a_secret_comes_back_and_is_told_while_it_is_required() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let saved = async |key: Key| {
            let tx = store.begin().await.unwrap();
            key::save(&tx, &key).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(key::find(&store, key.id).await.unwrap().as_ref(), Some(&key), "the row has all of it");
            let (_, changes) = policy::snapshot(&store).await.unwrap();
            let told = changes.into_iter().find_map(|change| match change {
                PolicyChange::Key(policy) if policy.id == key.id => Some(policy.secret.map(|secret| *secret)),
                _ => None,
            });
            (key, told.expect("the key is told"))
        };
        let secret = |seed| SecretText::draw([seed; ENTROPY]);
        let (first, second) = (secret(1).hash(), secret(2).hash());

        let (drawn, told) = saved(world.key.clone().draw_secret(&secret(1), NOW).unwrap()).await;
        assert_eq!(told, None, "drawn is not required");
        let (required, told) = saved(drawn.require_secret(NOW).unwrap()).await;
        assert_eq!(told, Some(SecretPolicy { hash: first, former: None }));
        let end = NOW.plus(1);
        let (rotated, told) = saved(required.rotate_secret(&secret(2), NOW, Some(end)).unwrap()).await;
        assert_eq!(told, Some(SecretPolicy { hash: second, former: Some((first, end)) }));
        let (_, told) = saved(rotated.waive_secret().unwrap()).await;
        assert_eq!(told, None, "waived");
    });
}
