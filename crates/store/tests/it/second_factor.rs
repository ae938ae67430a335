//! Second factors: a code is taken once, by one of two who bring it; recovery codes are replaced as a whole.

use domain::{account::Account, member::Member, role::Role, second_factor::SecondFactor};
use store::{account, member, person, second_factor as factors};

use crate::{backends::on_both, nouns::attempt, people::a_hash, world::*};

#[test]
fn a_code_is_taken_once() {
    on_both(|store| async move {
        let [ada, bob] = [a_person(1, "ada@example.com"), a_person(2, "bob@example.com")];
        for person in [&ada, &bob] {
            assert_eq!(attempt(&store, async |tx| person::insert(tx, person).await).await, "ok");
        }
        let begun =
            SecondFactor { person: ada.id, sealed: vec![1, 2], created_at: NOW, confirmed_at: None, last_step: 0 };
        assert_eq!(attempt(&store, async |tx| factors::insert(tx, &begun).await).await, "ok");
        assert_eq!(attempt(&store, async |tx| factors::insert(tx, &begun).await).await, "conflict");
        let nobodys = SecondFactor { person: id(9), ..begun.clone() };
        assert_eq!(attempt(&store, async |tx| factors::insert(tx, &nobodys).await).await, "not found");
        assert_eq!(factors::find(&store, ada.id).await.unwrap().as_ref(), Some(&begun));
        let confirmed = SecondFactor { confirmed_at: Some(NOW), last_step: 10, ..begun };
        assert_eq!(attempt(&store, async |tx| factors::save(tx, &confirmed).await).await, "ok");

        let tx = store.begin().await.unwrap();
        for (step, taken) in [(10, false), (11, true), (11, false), (9, false), (13, true), (12, false)] {
            assert_eq!(factors::take_step(&tx, ada.id, step).await.unwrap(), taken, "{step}");
        }
        assert!(!factors::take_step(&tx, bob.id, 1).await.unwrap(), "who has none");
        factors::replace_codes(&tx, ada.id, &[a_hash(1), a_hash(2), a_hash(3)]).await.unwrap();
        factors::replace_codes(&tx, bob.id, &[a_hash(1)]).await.unwrap();
        for (hash, taken) in [(1, true), (1, false), (2, true), (4, false)] {
            assert_eq!(factors::take_code(&tx, ada.id, &a_hash(hash), NOW).await.unwrap(), taken, "{hash}");
        }
        assert_eq!(factors::codes_left(&tx, ada.id).await.unwrap(), 1);
        assert_eq!(factors::codes_left(&tx, bob.id).await.unwrap(), 1, "nobody else's");
        factors::replace_codes(&tx, ada.id, &[a_hash(4)]).await.unwrap();
        assert!(!factors::take_code(&tx, ada.id, &a_hash(3), NOW).await.unwrap(), "it was replaced");
        factors::delete(&tx, ada.id).await.unwrap();
        assert_eq!(factors::find(&tx, ada.id).await.unwrap(), None);
        assert_eq!(factors::codes_left(&tx, ada.id).await.unwrap(), 0);
        tx.commit().await.unwrap();
    });
}

/// Pending, suspended and removed seats, those of other accounts, and what is not confirmed count for nothing.
#[test]
fn active_members_without_one_are_counted() {
    on_both(|store| async move {
        let (one, two) = (an_account(1), an_account(2));
        let tx = store.begin().await.unwrap();
        for account in [&one, &two] {
            account::insert(&tx, account).await.unwrap();
        }
        for number in 1..=7 {
            let person = a_person(number, &format!("member-{number}@example.com"));
            person::insert(&tx, &person).await.unwrap();
            let of = if number == 7 { two.id } else { one.id };
            let seat = Member { person: Some(person.id), ..a_member(number, of, Role::Member) };
            let seat = match number {
                4 => Member { activated_at: None, person: None, ..seat },
                5 => Member { suspended_at: Some(NOW), ..seat },
                6 => Member { removed_at: Some(NOW), ..seat },
                _ => seat,
            };
            member::insert(&tx, &seat).await.unwrap();
        }
        tx.commit().await.unwrap();
        let counts = async || {
            let count = async |account: &Account| factors::members_without(&store, account.id).await.unwrap();
            [count(&one).await, count(&two).await]
        };
        assert_eq!(counts().await, [3, 1]);
        for (number, confirmed_at, expected) in
            [(1, None, [3, 1]), (2, Some(NOW), [2, 1]), (5, Some(NOW), [2, 1]), (7, Some(NOW), [2, 0])]
        {
            let factor =
                SecondFactor { person: id(number), sealed: vec![1], created_at: NOW, confirmed_at, last_step: 0 };
            assert_eq!(attempt(&store, async |tx| factors::insert(tx, &factor).await).await, "ok");
            assert_eq!(counts().await, expected, "{number}");
        }
    });
}

#[test]
fn an_account_requires_it_or_not() {
    on_both(|store| async move {
        let account = an_account(1);
        assert_eq!(attempt(&store, async |tx| account::insert(tx, &account).await).await, "ok");
        for since in [None, Some(NOW), Some(NOW.plus(1)), None] {
            assert_eq!(attempt(&store, async |tx| factors::require(tx, account.id, since).await).await, "ok");
            assert_eq!(factors::required_since(&store, account.id).await.unwrap(), since);
        }
        assert_eq!(attempt(&store, async |tx| factors::require(tx, id(9), Some(NOW)).await).await, "not found");
    });
}
