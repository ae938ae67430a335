//! Offers of accounts: one stands at a time, and it is found until it is answered. Whose seat the owner's is, is found too.

use domain::{id::OwnershipOfferId, ownership::OwnershipOffer, role::Role, time::Timestamp};
use store::{member, ownership};

use crate::{backends::on_both, nouns::attempt, world::*};

fn an_offer(number: u128, successor: u128, created_at: Timestamp) -> OwnershipOffer {
    OwnershipOffer {
        id: OwnershipOfferId::from_u128(number),
        account: id(1),
        owner: id(1),
        successor: id(successor),
        created_at,
        accepted_at: None,
        declined_at: None,
        withdrawn_at: None,
    }
}

#[test]
fn an_account_has_one_standing_offer() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let seat = a_member(2, id(1), Role::Member);
        assert_eq!(attempt(&store, async |tx| member::insert(tx, &seat).await).await, "ok");
        assert_eq!(member::owner(&store, id(1)).await.unwrap(), Some(world.owner.clone()));
        assert_eq!(member::owner(&store, id(9)).await.unwrap(), None);
        let insert = async |one: &OwnershipOffer| attempt(&store, async |tx| ownership::insert(tx, one).await).await;
        let save = async |one: &OwnershipOffer| attempt(&store, async |tx| ownership::save(tx, one).await).await;
        let standing = async || ownership::standing(&store, id(1)).await.unwrap();
        assert_eq!(standing().await, None);
        let mut number = 1;
        for answered in [
            |offer: OwnershipOffer| offer.withdraw(NOW),
            |offer: OwnershipOffer| offer.decline(NOW).unwrap(),
            |offer: OwnershipOffer| OwnershipOffer { accepted_at: Some(NOW), ..offer },
        ] {
            let offer = an_offer(number, 2, NOW);
            assert_eq!(insert(&offer).await, "ok");
            assert_eq!(standing().await, Some(offer.clone()));
            assert_eq!(insert(&an_offer(number + 1, 2, NOW.plus(1))).await, "conflict", "two at once");
            assert_eq!(save(&answered(offer)).await, "ok");
            assert_eq!(standing().await, None, "it is answered");
            number += 2;
        }
        assert_eq!(insert(&an_offer(number, 9, NOW)).await, "not found");
        assert_eq!(save(&an_offer(number, 2, NOW)).await, "not found");
    });
}

/// An owner hands over in one transaction: at no moment two, at no moment none.
#[test]
fn the_roles_change_hands_in_one_transaction() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let successor = a_member(2, id(1), Role::Member);
        assert_eq!(attempt(&store, async |tx| member::insert(tx, &successor).await).await, "ok");
        let owner = domain::member::Member { role: Some(Role::Owner), ..successor };
        let former = domain::member::Member { role: Some(Role::Admin), ..world.owner.clone() };
        assert_eq!(attempt(&store, async |tx| member::save(tx, &owner).await).await, "conflict", "two owners");
        let tx = store.begin().await.unwrap();
        member::save(&tx, &former).await.unwrap();
        member::save(&tx, &owner).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(member::owner(&store, id(1)).await.unwrap(), Some(owner));
    });
}
