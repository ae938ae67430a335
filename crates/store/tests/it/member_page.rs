//! Pages of members: the owner first, then everybody once, whatever the length of a page.

use domain::{
    id::{AccountId, MemberId},
    member::Member,
};
use store::{
    Store,
    member::page::{MemberFilter, page},
};

use crate::{backends::on_both, world::*};

/// All pages of so many members, one after the other, by their numbers.
async fn walk(store: &Store, filter: MemberFilter) -> Vec<u128> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let next: Vec<Member> = page(store, &MemberFilter { after, ..filter.clone() }).await.unwrap();
        assert!(next.len() <= filter.limit as usize);
        let Some(last) = next.last() else { return found };
        after = Some(last.id);
        found.extend(next.iter().map(|seat| seat.id.as_u128()));
    }
}

#[test]
fn the_owner_stands_first_and_everybody_once() {
    on_both(|store| async move {
        let world = World::new(store.clone(), &[]).await;
        let account = world.account.id;
        let tx = store.begin().await.unwrap();
        world.add_seats(&tx).await;
        tx.commit().await.unwrap();
        let all = |limit| MemberFilter { account, removed: false, text: None, after: None::<MemberId>, limit };
        for limit in [1, 2, 3, 8, 100] {
            assert_eq!(walk(&store, all(limit)).await, [5, 1, 2, 3, 4, 6, 8, 9], "{limit}");
            let removed = MemberFilter { removed: true, ..all(limit) };
            assert_eq!(walk(&store, removed).await, [5, 1, 2, 3, 4, 6, 7, 8, 9], "{limit}");
        }
        let cases: [(&str, &[u128]); 6] = [
            ("émile", &[5, 2, 3, 4, 6, 8, 9]),
            ("ÉMILE 5", &[5]),
            ("member-8@", &[8]),
            ("MEMBER-1@example", &[1]),
            ("%", &[]),
            ("nobody", &[]),
        ];
        for (text, expected) in cases {
            let filter = MemberFilter { text: Some(text.to_owned()), ..all(2) };
            assert_eq!(walk(&store, filter).await, expected, "{text}");
        }
        let nowhere = MemberFilter { account: AccountId::from_u128(9), ..all(10) };
        assert_eq!(walk(&store, nowhere).await, Vec::<u128>::new());
    });
}
