//! People: who sits where, sessions, links. Tokens are unique, what is over stays over, sweeps take only what is old.

use domain::{
    id::{PersonId, SessionId},
    link::{self, Link, Purpose},
    member::Member,
    person::Person,
    role::Role,
    session::{self, Session},
    time::{DAY, SECOND, Timestamp},
    token::TokenHash,
};
use store::{Store, account, link as links, member, person, session as sessions};

use crate::{backends::on_both, nouns::attempt, world::*};

const HOUR: i64 = 3_600 * SECOND;

/// A hash made of a number.
pub fn a_hash(number: u128) -> TokenHash {
    let mut hash = [9; 32];
    hash[..16].copy_from_slice(&number.to_be_bytes());
    TokenHash(hash)
}

fn a_session(number: u128, person: PersonId, created_at: Timestamp) -> Session {
    Session {
        id: SessionId::from_u128(number),
        person,
        hash: a_hash(number),
        created_at,
        seen_at: created_at,
        ended_at: None,
        address: Some("2001:db8::1".parse().unwrap()),
        agent: Some("Mozilla/5.0 (X11)".to_owned()),
    }
}

fn a_link(number: u128, purpose: Purpose, email: Option<&str>, person: Option<PersonId>, at: Timestamp) -> Link {
    Link {
        id: id(number),
        purpose,
        hash: a_hash(number),
        email: email.map(name),
        person,
        name: (purpose == Purpose::Register).then(|| name("Zoë")),
        account_name: (purpose == Purpose::Register).then(|| name("Zoë's account")),
        created_at: at,
        used_at: None,
    }
}

/// Two persons, 1 and 2.
async fn two_persons(store: &Store) -> [Person; 2] {
    let persons = [a_person(1, "ada@example.com"), a_person(2, "bob@example.com")];
    for person in &persons {
        assert_eq!(attempt(store, async |tx| person::insert(tx, person).await).await, "ok");
    }
    persons
}

#[test]
fn a_person_sits_in_several_accounts() {
    on_both(|store| async move {
        let [ada, bob] = two_persons(&store).await;
        for number in [1, 2] {
            attempt(&store, async |tx| account::insert(tx, &an_account(number)).await).await;
        }
        let seat =
            |number, account, role| Member { person: Some(ada.id), ..a_member(number, an_account(account).id, role) };
        let removed = seat(3, 2, Role::Member).remove(NOW).unwrap();
        let seats = [seat(1, 1, Role::Owner), seat(2, 2, Role::Admin), removed, a_member(4, id(1), Role::Member)];
        for seat in &seats {
            assert_eq!(attempt(&store, async |tx| member::insert(tx, seat).await).await, "ok");
        }
        let nobody = Member { person: Some(id(9)), ..a_member(5, id(1), Role::Member) };
        assert_eq!(attempt(&store, async |tx| member::insert(tx, &nobody).await).await, "not found");
        assert_eq!(member::list_of_person(&store, ada.id).await.unwrap(), seats[..2]);
        assert_eq!(member::list_of_person(&store, bob.id).await.unwrap(), []);
        for (account, expected) in [(1, &seats[..1]), (2, &seats[1..2]), (3, &[])] {
            assert_eq!(member::list_of_person_in(&store, ada.id, id(account)).await.unwrap(), expected);
        }
        assert_eq!(member::find_in(&store, id(1), id(1)).await.unwrap().as_ref(), Some(&seats[0]));
        assert_eq!(member::find_in(&store, id(2), id(1)).await.unwrap(), None, "a seat of another account");

        let operator = Person { operator_at: Some(NOW), ..bob };
        assert!(!person::any_operator(&store).await.unwrap());
        assert_eq!(attempt(&store, async |tx| person::save(tx, &operator).await).await, "ok");
        assert!(person::any_operator(&store).await.unwrap());
        let asked = [operator.id, id(9), ada.id, ada.id];
        assert_eq!(person::list_many(&store, &asked).await.unwrap(), [ada, operator]);
        assert_eq!(person::list_many(&store, &[]).await.unwrap(), []);
    });
}

#[test]
fn a_session_is_found_by_its_cookie_until_it_is_over() {
    on_both(|store| async move {
        let [ada, bob] = two_persons(&store).await;
        let old = a_session(1, ada.id, NOW.plus(-session::LIFETIME));
        let idle = a_session(2, ada.id, NOW.plus(-session::IDLE));
        let used = Session { seen_at: NOW, ..a_session(3, ada.id, NOW.plus(-session::IDLE)) };
        let fresh = Session { address: None, agent: None, ..a_session(4, ada.id, NOW) };
        let ended = a_session(5, ada.id, NOW).end(NOW);
        let another = a_session(6, bob.id, NOW.plus(-HOUR));
        for session in [&old, &idle, &used, &fresh, &ended, &another] {
            assert_eq!(attempt(&store, async |tx| sessions::insert(tx, session).await).await, "ok");
            assert_eq!(sessions::find_by_hash(&store, &session.hash).await.unwrap().as_ref(), Some(session));
            assert_eq!(sessions::find(&store, session.id).await.unwrap().as_ref(), Some(session));
        }
        let same_cookie = Session { id: id(7), ..fresh.clone() };
        assert_eq!(attempt(&store, async |tx| sessions::insert(tx, &same_cookie).await).await, "conflict");
        let nobodys = a_session(8, id(9), NOW);
        assert_eq!(attempt(&store, async |tx| sessions::insert(tx, &nobodys).await).await, "not found");
        assert_eq!(attempt(&store, async |tx| sessions::save(tx, &nobodys).await).await, "not found");
        assert_eq!(sessions::find_by_hash(&store, &a_hash(8)).await.unwrap(), None);
        // The store and the noun's own rule mean the same by "open".
        let open: Vec<Session> =
            [&ended, &fresh, &used, &idle, &old].into_iter().filter(|one| one.is_open(NOW)).cloned().collect();
        assert_eq!(open, [fresh.clone(), used.clone()]);
        assert_eq!(sessions::list_open(&store, ada.id, NOW).await.unwrap(), open);

        let tx = store.begin().await.unwrap();
        sessions::seen(&tx, another.id, NOW).await.unwrap();
        sessions::seen(&tx, fresh.id, NOW.plus(-HOUR)).await.unwrap();
        assert_eq!(sessions::find(&tx, another.id).await.unwrap().unwrap().seen_at, NOW);
        assert_eq!(sessions::find(&tx, fresh.id).await.unwrap().unwrap().seen_at, NOW, "time does not go back");
        let mut last = sessions::last_seen(&tx, &[ada.id, bob.id, id(9)]).await.unwrap();
        last.sort();
        assert_eq!(last, [(ada.id, NOW), (bob.id, NOW)]);
        assert_eq!(sessions::end_all(&tx, ada.id, Some(used.id), NOW).await.unwrap(), 3, "old, idle and fresh");
        assert_eq!(sessions::list_open(&tx, ada.id, NOW).await.unwrap(), [used]);
        assert_eq!(sessions::list_open(&tx, bob.id, NOW).await.unwrap().len(), 1, "nobody else's");
        assert_eq!(sessions::end_all(&tx, ada.id, None, NOW).await.unwrap(), 1);
        assert_eq!(sessions::find(&tx, ended.id).await.unwrap(), Some(ended));
        tx.commit().await.unwrap();
    });
}

#[test]
fn only_sessions_that_were_over_are_swept() {
    on_both(|store| async move {
        let [ada, _] = two_persons(&store).await;
        let before = NOW.plus(-DAY);
        let start = |at: i64| before.plus(at);
        // Each stands on one side of one of the three ends.
        let gone = [
            a_session(1, ada.id, start(-session::IDLE - 1)),
            Session { seen_at: NOW, ..a_session(2, ada.id, start(-session::LIFETIME - 1)) },
            a_session(3, ada.id, start(-HOUR)).end(start(-1)),
        ];
        let kept = [
            a_session(4, ada.id, start(-session::IDLE)),
            Session { seen_at: NOW, ..a_session(5, ada.id, start(-session::LIFETIME)) },
            a_session(6, ada.id, start(-HOUR)).end(start(0)),
        ];
        let tx = store.begin().await.unwrap();
        for session in gone.iter().chain(&kept) {
            sessions::insert(&tx, session).await.unwrap();
        }
        assert_eq!(sessions::sweep(&tx, before).await.unwrap(), gone.len() as u64);
        for session in &kept {
            assert_eq!(sessions::find(&tx, session.id).await.unwrap().as_ref(), Some(session));
        }
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_new_link_ends_the_older_ones_for_the_same() {
    on_both(|store| async move {
        let [ada, bob] = two_persons(&store).await;
        let before = NOW.plus(-HOUR);
        let older = [
            (a_link(1, Purpose::Reset, Some("ada@example.com"), Some(ada.id), before), true),
            (a_link(2, Purpose::Reset, Some("old-ada@example.com"), Some(ada.id), before), true),
            (a_link(3, Purpose::Reset, Some("bob@example.com"), Some(bob.id), before), false),
            (a_link(4, Purpose::Register, Some("ada@example.com"), None, before), false),
            (a_link(5, Purpose::Operator, None, None, before), false),
        ];
        let tx = store.begin().await.unwrap();
        for (link, _) in &older {
            links::insert(&tx, link).await.unwrap();
        }
        let newest = a_link(6, Purpose::Reset, Some("ADA@example.com"), Some(ada.id), NOW);
        links::replace(&tx, &newest).await.unwrap();
        for (link, replaced) in &older {
            let expected = Link { used_at: replaced.then_some(NOW), ..link.clone() };
            assert_eq!(links::find_by_hash(&tx, &link.hash).await.unwrap(), Some(expected));
        }
        links::replace(&tx, &a_link(7, Purpose::Operator, None, None, NOW)).await.unwrap();
        let printed_before = links::find_by_hash(&tx, &a_hash(5)).await.unwrap().unwrap();
        assert_eq!(printed_before.used_at, Some(NOW));
        links::replace(&tx, &a_link(8, Purpose::Register, Some("Ada@example.com"), None, NOW)).await.unwrap();
        assert_eq!(links::find_by_hash(&tx, &a_hash(4)).await.unwrap().unwrap().used_at, Some(NOW));
        let followed = newest.follow(NOW).unwrap();
        links::save(&tx, &followed).await.unwrap();
        assert_eq!(links::find_by_hash(&tx, &a_hash(6)).await.unwrap(), Some(followed.clone()));
        tx.commit().await.unwrap();
        let same_token = Link { id: id(9), ..followed };
        assert_eq!(attempt(&store, async |tx| links::insert(tx, &same_token).await).await, "conflict");
        let nobodys = a_link(10, Purpose::Reset, None, Some(id(9)), NOW);
        assert_eq!(attempt(&store, async |tx| links::insert(tx, &nobodys).await).await, "not found");
    });
}

#[test]
fn links_are_counted_and_swept_by_age() {
    on_both(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = "ada@example.com";
        for (number, purpose, email, at) in [
            (1, Purpose::Register, ada, NOW.plus(-link::LIFETIME - 1)),
            (2, Purpose::Register, ada, NOW.plus(-link::LIFETIME)),
            (3, Purpose::Register, "ADA@example.com", NOW),
            (4, Purpose::Reset, ada, NOW),
            (5, Purpose::Register, "bob@example.com", NOW),
        ] {
            links::insert(&tx, &a_link(number, purpose, Some(email), None, at)).await.unwrap();
        }
        let count = async |purpose, since| links::count_since(&tx, purpose, &name(ada), since).await.unwrap();
        let since_all = NOW.plus(-2 * DAY);
        assert_eq!(count(Purpose::Register, since_all).await, 3);
        assert_eq!(count(Purpose::Register, NOW.plus(-link::LIFETIME)).await, 2);
        assert_eq!(count(Purpose::Register, NOW).await, 1);
        assert_eq!(count(Purpose::Reset, since_all).await, 1);
        assert_eq!(count(Purpose::Operator, since_all).await, 0);
        assert_eq!(links::sweep(&tx, NOW).await.unwrap(), 1);
        assert_eq!(count(Purpose::Register, since_all).await, 2);
        tx.commit().await.unwrap();
    });
}
