//! Pages of who works on a key: the owner, the holder, then everybody with a role on it once, whatever the length of a page.

use domain::{grant::Grant, id::MemberId, role::Role};
use store::{
    Store, grant,
    member::of_key::{KeyMemberFilter, page},
};

use crate::{backends::on_both, world::*};

/// All pages of so many members, one after the other, by their numbers.
async fn walk(store: &Store, filter: KeyMemberFilter) -> Vec<u128> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let next = page(store, &KeyMemberFilter { after, ..filter.clone() }).await.unwrap();
        assert!(next.len() <= filter.limit as usize);
        let Some((last, _)) = next.last() else { return found };
        after = Some(last.id);
        for (seat, told) in next {
            assert_eq!(told, grant::find(store, seat.id, filter.key).await.unwrap(), "{}", seat.name);
            found.push(seat.id.as_u128());
        }
    }
}

#[test]
fn owner_and_holder_stand_first_and_everybody_once() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let (account, key) = (world.account.id, world.key.id);
        let tx = store.begin().await.unwrap();
        world.add_seats(&tx).await;
        // The holder may have a role as well; 3 has none, and 7 no seat any more.
        for number in [1, 2, 4, 7, 8, 9] {
            let member = MemberId::from_u128(number);
            let given =
                Grant { key, member, role: Role::Member, granted_by: None, granted_at: NOW.plus(-(number as i64)) };
            grant::put(&tx, account, &given).await.unwrap();
        }
        tx.commit().await.unwrap();
        let all = |holder: Option<u128>, limit| {
            let holder = holder.map(MemberId::from_u128);
            KeyMemberFilter { key, account, holder, text: None, after: None, limit }
        };
        for limit in [1, 2, 3, 7, 100] {
            for (holder, expected) in [
                (None, &[5, 1, 2, 4, 8, 9][..]),
                (Some(8), &[5, 8, 1, 2, 4, 9]),
                (Some(3), &[5, 3, 1, 2, 4, 8, 9]),
                (Some(5), &[5, 1, 2, 4, 8, 9]),
                (Some(7), &[5, 1, 2, 4, 8, 9]),
            ] {
                assert_eq!(walk(&store, all(holder, limit)).await, expected, "of {holder:?}, {limit} at once");
            }
        }
        let cases: [(&str, &[u128]); 6] = [
            ("émile", &[5, 8, 2, 4, 9]),
            ("ÉMILE 8", &[8]),
            ("member-9@", &[9]),
            ("émile 3", &[]),
            ("%", &[]),
            ("nobody", &[]),
        ];
        for (text, expected) in cases {
            let filter = KeyMemberFilter { text: Some(text.to_owned()), ..all(Some(8), 2) };
            assert_eq!(walk(&store, filter).await, expected, "{text}");
        }
    });
}
