//! Accounts in pages, found by name or by their owner's mail address.

use domain::{account::Account, role::Role};
use store::{account, member};

use crate::{backends::on_both, nouns::attempt, world::*};

/// What is searched for, where the page before ended, how many are asked for, and the numbers that come.
type Case = (Option<&'static str>, Option<u128>, u32, &'static [u128]);

#[test]
fn accounts_come_in_pages_and_are_found_by_name_and_owner() {
    on_both(|store| async move {
        for (number, title) in [(1, "Northwind"), (2, "100 % south"), (3, "Westend")] {
            let account = Account { name: name(title), ..an_account(number) };
            assert_eq!(attempt(&store, async |tx| account::insert(tx, &account).await).await, "ok");
            let owner = a_member(number, account.id, Role::Owner);
            assert_eq!(attempt(&store, async |tx| member::insert(tx, &owner).await).await, "ok");
        }
        let admin = a_member(9, id(1), Role::Admin);
        assert_eq!(attempt(&store, async |tx| member::insert(tx, &admin).await).await, "ok");
        let cases: &[Case] = &[
            (None, None, 9, &[3, 2, 1]),
            (None, None, 2, &[3, 2]),
            (None, Some(2), 2, &[1]),
            (Some("NORTH"), None, 9, &[1]),
            (Some("w"), None, 9, &[3, 1]),
            (Some("w"), None, 1, &[3]),
            (Some("w"), Some(3), 1, &[1]),
            (Some("100 %"), None, 9, &[2]),
            (Some("0%"), None, 9, &[]), // a sign like any other
            (Some("_orth"), None, 9, &[]),
            (Some("MEMBER-2@"), None, 9, &[2]),
            (Some("member-9@"), None, 9, &[]), // an admin owns nothing
        ];
        for (text, before, limit, expected) in cases {
            let found = account::page(&store, *text, before.map(id), *limit).await.unwrap();
            let found: Vec<u128> = found.iter().map(|account| account.id.as_u128()).collect();
            assert_eq!(&found, expected, "{text:?} before {before:?}");
        }
        assert_eq!(member::owner(&store, id(1)).await.unwrap().unwrap().id, id(1));
        assert_eq!(member::owner(&store, id(7)).await.unwrap(), None);
    });
}
