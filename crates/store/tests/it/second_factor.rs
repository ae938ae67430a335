//! Second factors: a code is taken once, by one of two who bring it; recovery codes are replaced as a whole.

use domain::second_factor::SecondFactor;
use store::{account, person, second_factor as factors};

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
        assert_eq!(factors::list_confirmed(&store, &[ada.id, bob.id]).await.unwrap(), []);
        let confirmed = SecondFactor { confirmed_at: Some(NOW), last_step: 10, ..begun };
        assert_eq!(attempt(&store, async |tx| factors::save(tx, &confirmed).await).await, "ok");
        assert_eq!(factors::list_confirmed(&store, &[ada.id, bob.id]).await.unwrap(), [ada.id]);

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
