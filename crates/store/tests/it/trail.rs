//! The audit trail: rows come back, newest first, and nobody changes or deletes them.

use domain::{
    audit::{Action, Audit},
    id::AuditId,
};
use sea_orm::{ConnectionTrait, Database};
use store::audit::{self, Filter, Whose};

use crate::{
    backends::{on_both, with_both},
    migration::url,
    nouns::attempt,
    world::*,
};

fn a_row(number: u128, account: Option<u128>, person: Option<u128>) -> Audit {
    Audit {
        id: AuditId::from_u128(number),
        time: NOW.plus(number as i64),
        account: account.map(id),
        person: person.map(id),
        member: account.map(id),
        access_token: person.map(id),
        by_operator: account.is_none(),
        name: "Ada “測試”".to_owned(),
        address: Some([192, 0, 2, 1].into()),
        action: Action::MemberInviteAgain,
        subject: "mem_00000000000000000000000001".to_owned(),
        subject_name: "Bob".to_owned(),
        before: None,
        after: Some(r#"{"name":"Bob"}"#.to_owned()),
    }
}

#[test]
fn rows_come_back_by_account_and_by_person_in_pages() {
    on_both(|store| async move {
        let by_command = Audit { address: None, before: Some("{}".to_owned()), ..a_row(3, Some(1), None) };
        let rows = [a_row(1, Some(1), Some(1)), a_row(2, Some(2), Some(1)), by_command, a_row(4, None, Some(1))];
        for row in &rows {
            assert_eq!(attempt(&store, async |tx| audit::append(tx, row).await).await, "ok");
        }
        let tx = store.begin().await.unwrap();
        assert!(
            audit::append(&tx, &Audit { name: "Eve".to_owned(), ..rows[0].clone() }).await.is_err(),
            "its id is taken"
        );
        drop(tx);
        let [first, second, third, fourth] = rows;
        let page = async |whose, before, limit| {
            audit::list(&store, &Filter { before, ..Filter::all(whose, limit) }).await.unwrap()
        };
        let (account, ada) = (Whose::Account(id(1)), Whose::Person(id(1), id(1)));
        assert_eq!(page(account, None, 9).await, [third.clone(), first.clone()]);
        assert_eq!(page(account, None, 1).await, std::slice::from_ref(&third));
        assert_eq!(page(account, Some(third.id), 9).await, std::slice::from_ref(&first));
        assert_eq!(page(Whose::Account(id(9)), None, 9).await, []);
        assert_eq!(page(Whose::Operators, None, 9).await, std::slice::from_ref(&fourth));
        // Not what she did in another account.
        assert_eq!(page(ada, None, 2).await, [fourth.clone(), first.clone()]);
        assert_eq!(page(ada, Some(fourth.id), 2).await, std::slice::from_ref(&first));
        let elsewhere = Whose::Person(id(1), id(2));
        assert_eq!(page(elsewhere, None, 9).await, [fourth, second]);
    });
}

#[test]
fn the_database_itself_refuses_to_change_the_trail() {
    with_both(|backend| async move {
        let store = backend.open().await;
        let row = a_row(1, Some(1), Some(1));
        assert_eq!(attempt(&store, async |tx| audit::append(tx, &row).await).await, "ok");
        let direct = Database::connect(url(&backend, "keyward.db")).await.unwrap();
        let mut attempts =
            vec!["UPDATE audit SET name = 'Eve'", "DELETE FROM audit", "DELETE FROM audit WHERE time > 0"];
        if backend.name == "postgres" {
            attempts.push("TRUNCATE audit");
            attempts.push("INSERT INTO audit SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET name = 'Eve'");
        } else {
            attempts.push("REPLACE INTO audit SELECT * FROM audit");
            attempts.push("INSERT OR REPLACE INTO audit SELECT * FROM audit");
            attempts
                .push("INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT (id) DO UPDATE SET name = 'Eve'");
        }
        for text in attempts {
            let refused = direct.execute_unprepared(text).await.map(drop).expect_err(text).to_string();
            assert!(refused.contains("the audit trail cannot be changed"), "{text}: {refused}");
        }
        direct.close().await.unwrap();
        let all = Filter::all(Whose::Account(id(1)), 9);
        assert_eq!(audit::list(&store, &all).await.unwrap(), [row]);
        store.close().await.unwrap();
    });
}

#[test]
fn a_trail_is_filtered_by_who_what_to_what_and_when() {
    on_both(|store| async move {
        // Ids as they are made, so that spans of time are found by them.
        let moment = |minute: i64| NOW.plus(minute * 60_000_000);
        let row = |minute: i64, person: u128, action, subject: &str| Audit {
            id: AuditId::new(moment(minute), minute as u128),
            time: moment(minute),
            action,
            subject: subject.to_owned(),
            by_operator: person == 9,
            ..a_row(1, Some(1), Some(person))
        };
        let rows = [
            row(1, 1, Action::KeyCreate, "key_a"),
            row(2, 1, Action::KeyEdit, "key_a"),
            row(3, 2, Action::KeyEdit, "key_b"),
            row(4, 2, Action::MemberEdit, "mem_a"),
            row(5, 9, Action::AccountSuspend, "acc_a"),
        ];
        for row in &rows {
            assert_eq!(attempt(&store, async |tx| audit::append(tx, row).await).await, "ok");
        }
        let all = || Filter::all(Whose::Account(id(1)), 9);
        let action = |action: &str| Filter { action: Some(action.to_owned()), ..all() };
        let cases: [(Filter, &[i64]); 10] = [
            (all(), &[5, 4, 3, 2, 1]),
            (Filter { person: Some(id(2)), ..all() }, &[4, 3]),
            (Filter { by_operator: Some(true), ..all() }, &[5]),
            (Filter { by_operator: Some(false), ..all() }, &[4, 3, 2, 1]),
            (action("key.edit"), &[3, 2]),
            (action("key"), &[3, 2, 1]),
            (action("ke"), &[]),
            (Filter { subject: Some("key_a".to_owned()), ..all() }, &[2, 1]),
            (Filter { since: Some(moment(2)), until: Some(moment(4)), ..all() }, &[3, 2]),
            (Filter { account: Some(id(1)), ..Filter::all(Whose::Operators, 9) }, &[5]),
        ];
        for (filter, expected) in cases {
            let found = audit::list(&store, &filter).await.unwrap();
            let minutes: Vec<i64> = found.iter().map(|row| row.time.since(NOW) / 60_000_000).collect();
            assert_eq!(minutes, expected, "{filter:?}");
        }
    });
}
