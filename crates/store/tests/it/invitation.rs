//! Invitations: a seat has one standing offer, an account's are counted, tokens are unique.

use domain::{
    id::InvitationId,
    invitation::{HOUR, Invitation, LIFETIME},
    member::Member,
    role::Role,
    time::Timestamp,
};
use store::{Store, invitation, member};

use crate::{backends::on_both, nouns::attempt, people::a_hash, world::*};

fn an_invitation(number: u128, seat: &Member, created_at: Timestamp) -> Invitation {
    Invitation {
        id: InvitationId::from_u128(number),
        account: seat.account,
        member: seat.id,
        invited_by: Some(id(1)),
        hash: a_hash(number),
        created_at,
        accepted_at: None,
        withdrawn_at: None,
        refused: None,
    }
}

/// A world with three pending seats, 2 to 4.
async fn pending_seats(store: &Store) -> (World, [Member; 3]) {
    let world = World::new(store.clone(), &[]).await;
    let seats = [2, 3, 4].map(|number| Member { activated_at: None, ..a_member(number, id(1), Role::Member) });
    for seat in &seats {
        assert_eq!(attempt(store, async |tx| member::insert(tx, seat).await).await, "ok");
    }
    (world, seats)
}

#[test]
fn a_seat_has_one_standing_offer() {
    on_both(|store| async move {
        let (_, [seat, other, _]) = pending_seats(&store).await;
        let first = an_invitation(1, &seat, NOW);
        let insert = async |one: &Invitation| attempt(&store, async |tx| invitation::insert(tx, one).await).await;
        assert_eq!(insert(&first).await, "ok");
        assert_eq!(insert(&an_invitation(2, &seat, NOW.plus(LIFETIME))).await, "conflict", "two for one seat");
        assert_eq!(insert(&Invitation { hash: a_hash(1), ..an_invitation(3, &other, NOW) }).await, "conflict");
        for astray in [
            Invitation { account: id(9), ..an_invitation(4, &other, NOW) },
            Invitation { member: id(9), ..an_invitation(4, &other, NOW) },
            Invitation { invited_by: Some(id(9)), ..an_invitation(4, &other, NOW) },
        ] {
            assert_eq!(insert(&astray).await, "not found", "{astray:?}");
        }
        // Sent again in one transaction: the older one is withdrawn first.
        let again = Invitation { invited_by: None, ..an_invitation(5, &seat, NOW.plus(HOUR)) };
        let withdrawn = first.clone().withdraw(NOW.plus(HOUR));
        let tx = store.begin().await.unwrap();
        invitation::save(&tx, &withdrawn).await.unwrap();
        invitation::insert(&tx, &again).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(invitation::find_by_hash(&store, &first.hash).await.unwrap(), Some(withdrawn.clone()));
        assert_eq!(invitation::of_member(&store, seat.id).await.unwrap(), Some(again.clone()));
        assert_eq!(invitation::of_member(&store, other.id).await.unwrap(), None);
        let back = Invitation { withdrawn_at: None, ..withdrawn };
        assert_eq!(attempt(&store, async |tx| invitation::save(tx, &back).await).await, "conflict");
        let offered = store::standing::of(&store, seat.clone()).await.unwrap();
        let accepted = again.accept(&offered, None, NOW.plus(2 * HOUR)).unwrap();
        assert_eq!(attempt(&store, async |tx| invitation::save(tx, &accepted).await).await, "ok");
        assert_eq!(invitation::find_by_hash(&store, &accepted.hash).await.unwrap(), Some(accepted));
    });
}

#[test]
fn an_accounts_offers_are_listed_while_they_stand_and_counted_always() {
    on_both(|store| async move {
        let (world, [first, second, third]) = pending_seats(&store).await;
        let too_old = an_invitation(1, &first, NOW.plus(-LIFETIME));
        let standing = an_invitation(2, &second, NOW.plus(1 - LIFETIME));
        let withdrawn = an_invitation(3, &third, NOW.plus(-HOUR)).withdraw(NOW);
        let newest = an_invitation(4, &third, NOW);
        let all = [too_old, standing.clone(), withdrawn, newest.clone()];
        let tx = store.begin().await.unwrap();
        for one in &all {
            invitation::insert(&tx, one).await.unwrap();
        }
        tx.commit().await.unwrap();
        let open: Vec<Invitation> = all.iter().filter(|one| one.is_open(NOW)).cloned().collect();
        assert_eq!(open, [standing, newest]);
        assert_eq!(invitation::open_of_account(&store, world.account.id, NOW).await.unwrap(), open);
        assert_eq!(invitation::open_of_account(&store, id(9), NOW).await.unwrap(), []);
        for (since, count) in
            [(NOW.plus(-LIFETIME), 4), (NOW.plus(-HOUR), 2), (NOW.plus(1 - HOUR), 1), (NOW.plus(1), 0)]
        {
            assert_eq!(invitation::count_since(&store, world.account.id, since).await.unwrap(), count);
        }
        assert_eq!(invitation::count_since(&store, id(9), NOW.plus(-LIFETIME)).await.unwrap(), 0);
    });
}
