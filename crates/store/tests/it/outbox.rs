//! The outbox: mails come out in their turn, and a body is kept no longer than it is needed.

use domain::{
    id::MailId,
    mail::{LIFETIME, Mail, MailState},
    time::{SECOND, Timestamp},
};
use store::{StoreError, mail};

use crate::{backends::on_both, nouns::attempt, world::*};

fn a_mail(number: u128, created_at: Timestamp) -> Mail {
    Mail {
        id: MailId::from_u128(number),
        to: name("Ada@example.com"),
        subject: "Your seat in “Üñï 測試”".to_owned(),
        sealed: Some(vec![0, 1, 255]),
        state: MailState::Waiting,
        attempts: 0,
        created_at,
        next_at: created_at,
        sent_at: None,
        error: None,
        invitation: None,
    }
}

#[test]
fn mails_come_out_in_their_turn() {
    on_both(|store| async move {
        let later = a_mail(1, NOW);
        let later = later.not_sent("421 busy".to_owned(), false, NOW);
        let (due, now) = (a_mail(2, NOW.plus(-SECOND)), a_mail(3, NOW));
        let (sent, failed) = (a_mail(4, NOW).sent(NOW), a_mail(5, NOW).not_sent("550 no".to_owned(), true, NOW));
        for one in [&later, &now, &due, &sent, &failed] {
            assert_eq!(attempt(&store, async |tx| mail::insert(tx, one).await).await, "ok");
            assert_eq!(mail::find(&store, one.id).await.unwrap().as_ref(), Some(one));
        }
        assert_eq!(attempt(&store, async |tx| mail::insert(tx, &now).await).await, "conflict");
        assert_eq!(attempt(&store, async |tx| mail::save(tx, &a_mail(9, NOW)).await).await, "not found");
        assert_eq!(mail::due(&store, NOW, 9).await.unwrap(), [due.clone(), now.clone()]);
        assert_eq!(mail::due(&store, NOW, 1).await.unwrap(), std::slice::from_ref(&due));
        assert_eq!(mail::due(&store, later.next_at, 9).await.unwrap(), [due, now.clone(), later]);
        assert_eq!(mail::list(&store, None, 2).await.unwrap(), [failed, sent.clone()]);
        assert_eq!(mail::list(&store, Some(sent.id), 1).await.unwrap(), std::slice::from_ref(&now));
        let now = now.sent(NOW);
        assert_eq!(attempt(&store, async |tx| mail::save(tx, &now).await).await, "ok");
        assert_eq!(mail::find(&store, now.id).await.unwrap(), Some(now));
    });
}

#[test]
fn what_is_not_sent_in_time_is_given_up_and_its_body_erased() {
    on_both(|store| async move {
        let before = NOW.plus(-LIFETIME);
        let old = a_mail(1, before.plus(-1));
        let tried = Mail { error: Some("421 busy".to_owned()), attempts: 3, ..a_mail(2, before.plus(-1)) };
        let (young, sent) = (a_mail(3, before), a_mail(4, before.plus(-1)).sent(NOW));
        let tx = store.begin().await.unwrap();
        for one in [&old, &tried, &young, &sent] {
            mail::insert(&tx, one).await.unwrap();
        }
        assert_eq!(mail::sweep(&tx, before).await.unwrap(), 2);
        let given_up = |mail: Mail, error: &str| Mail {
            state: MailState::Failed,
            sealed: None,
            error: Some(error.to_owned()),
            ..mail
        };
        let (old, tried) = (given_up(old, "it was not sent in time"), given_up(tried, "421 busy"));
        assert_eq!(mail::list(&tx, None, 9).await.unwrap(), [sent, young.clone(), tried, old]);
        assert_eq!(mail::forget(&tx, NOW).await.unwrap(), 3);
        assert_eq!(mail::list(&tx, None, 9).await.unwrap(), [young]);
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_body_beside_another_state_than_waiting_is_refused() {
    on_both(|store| async move {
        let tx = store.begin().await.unwrap();
        let careless = Mail { state: MailState::Sent, ..a_mail(1, NOW) };
        assert!(matches!(mail::insert(&tx, &careless).await, Err(StoreError::Database(_))));
    });
}
