//! Access tokens: they come back as they were, and end by hand, with their person's password, and with a seat.

use domain::{
    access_token::AccessToken,
    id::{AccountId, PersonId},
    member::Member,
    permission::{Permission, Permissions},
    role::Role,
    time::{DAY, Timestamp},
};
use store::{access_token as tokens, account, member, person};

use crate::{backends::on_both, nouns::attempt, people::a_hash, world::*};

fn a_token(number: u128, person: PersonId, account: Option<AccountId>) -> AccessToken {
    AccessToken {
        id: id(number),
        person,
        account,
        name: name("ci"),
        hash: a_hash(number),
        mask: "kwt_ab…9XYZ".to_owned(),
        permissions: Permissions::of(&[Permission::KeysView, Permission::StatsExport]),
        is_operator: account.is_none(),
        created_at: NOW,
        expires_at: None,
        used_at: None,
        ended_at: None,
    }
}

#[test]
fn a_token_is_found_by_its_text_until_it_is_over() {
    on_both(|store| async move {
        let [ada, bob] = [a_person(1, "ada@example.com"), a_person(2, "bob@example.com")];
        let tx = store.begin().await.unwrap();
        for person in [&ada, &bob] {
            person::insert(&tx, person).await.unwrap();
        }
        for number in [1, 2] {
            account::insert(&tx, &an_account(number)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let expired = AccessToken { expires_at: Some(NOW), ..a_token(1, ada.id, Some(id(1))) };
        let lasting = AccessToken { expires_at: Some(NOW.plus(1)), ..a_token(2, ada.id, Some(id(1))) };
        let ended = a_token(3, ada.id, Some(id(1))).end(NOW);
        let forever = AccessToken { used_at: Some(NOW), ..a_token(4, ada.id, Some(id(2))) };
        let everywhere = AccessToken { permissions: Permissions::default(), ..a_token(5, ada.id, None) };
        let bobs = a_token(6, bob.id, Some(id(1)));
        for token in [&expired, &lasting, &ended, &forever, &everywhere, &bobs] {
            assert_eq!(attempt(&store, async |tx| tokens::insert(tx, token).await).await, "ok");
            assert_eq!(tokens::find_by_hash(&store, &token.hash).await.unwrap().as_ref(), Some(token));
            assert_eq!(tokens::find(&store, token.id).await.unwrap().as_ref(), Some(token));
        }
        let same_text = AccessToken { id: id(7), ..bobs.clone() };
        assert_eq!(attempt(&store, async |tx| tokens::insert(tx, &same_text).await).await, "conflict");
        let nobodys = a_token(8, id(9), Some(id(1)));
        assert_eq!(attempt(&store, async |tx| tokens::insert(tx, &nobodys).await).await, "not found");
        let nowhere = a_token(9, ada.id, Some(id(9)));
        assert_eq!(attempt(&store, async |tx| tokens::insert(tx, &nowhere).await).await, "not found");
        assert_eq!(tokens::find_by_hash(&store, &a_hash(9)).await.unwrap(), None);
        let open = tokens::list_open(&store, ada.id, NOW).await.unwrap();
        assert_eq!(open, [everywhere.clone(), forever.clone(), lasting.clone()], "newest first");
        assert!(open.iter().all(|token| token.is_open(NOW)), "the store and the noun mean the same by open");

        let tx = store.begin().await.unwrap();
        for (token, at, used_at) in
            [(&lasting, NOW, NOW), (&lasting, NOW.plus(-1), NOW), (&lasting, NOW.plus(1), NOW.plus(1))]
        {
            tokens::used(&tx, token.id, at).await.unwrap();
            assert_eq!(
                tokens::find(&tx, token.id).await.unwrap().unwrap().used_at,
                Some(used_at),
                "time does not go back"
            );
        }
        assert_eq!(tokens::end_all(&tx, ada.id, NOW).await.unwrap(), 4, "the expired one too");
        assert_eq!(tokens::list_open(&tx, ada.id, NOW).await.unwrap(), []);
        assert_eq!(tokens::list_open(&tx, bob.id, NOW).await.unwrap(), [bobs], "nobody else's");
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_seat_that_is_left_ends_the_tokens_for_its_account() {
    on_both(|store| async move {
        let ada = a_person(1, "ada@example.com");
        let tx = store.begin().await.unwrap();
        person::insert(&tx, &ada).await.unwrap();
        for number in [1, 2] {
            account::insert(&tx, &an_account(number)).await.unwrap();
        }
        let seat = Member { person: Some(ada.id), ..a_member(1, id(1), Role::Member) };
        member::insert(&tx, &seat).await.unwrap();
        let elsewhere = [a_token(1, ada.id, Some(id(2))), a_token(2, ada.id, None)];
        for token in &elsewhere {
            tokens::insert(&tx, token).await.unwrap();
        }
        let suspended = seat.clone().suspend(NOW.plus(DAY)).unwrap();
        let removed = seat.clone().remove(NOW.plus(2 * DAY)).unwrap();
        for (number, left, ended_at) in
            [(3, seat, None::<Timestamp>), (4, suspended, Some(NOW.plus(DAY))), (5, removed, Some(NOW.plus(2 * DAY)))]
        {
            let token = a_token(number, ada.id, Some(id(1)));
            tokens::insert(&tx, &token).await.unwrap();
            member::save(&tx, &left).await.unwrap();
            assert_eq!(tokens::find(&tx, token.id).await.unwrap().unwrap().ended_at, ended_at, "{:?}", left.state());
        }
        for token in elsewhere {
            assert_eq!(tokens::find(&tx, token.id).await.unwrap(), Some(token));
        }
        assert_eq!(tokens::sweep(&tx, NOW.plus(2 * DAY)).await.unwrap(), 2, "what was over before");
        tx.commit().await.unwrap();
    });
}
