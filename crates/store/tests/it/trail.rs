//! The audit trail: rows come back, newest first, and nobody changes or deletes them.

use domain::{
    audit::{Action, Audit},
    id::AuditId,
};
use sea_orm::{ConnectionTrait, Database};
use store::audit;

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
        assert_eq!(audit::list(&store, id(1), None, 9).await.unwrap(), [third.clone(), first.clone()]);
        assert_eq!(audit::list(&store, id(1), None, 1).await.unwrap(), std::slice::from_ref(&third));
        assert_eq!(audit::list(&store, id(1), Some(third.id), 9).await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(audit::list(&store, id(9), None, 9).await.unwrap(), []);
        let of_ada = audit::list_of_person(&store, id(1), None, 2).await.unwrap();
        assert_eq!(of_ada, [fourth, second.clone()]);
        assert_eq!(audit::list_of_person(&store, id(1), Some(second.id), 2).await.unwrap(), [first]);
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
        } else {
            attempts.push("REPLACE INTO audit SELECT * FROM audit");
        }
        for text in attempts {
            let refused = direct.execute_unprepared(text).await.map(drop).expect_err(text).to_string();
            assert!(refused.contains("the audit trail cannot be changed"), "{text}: {refused}");
        }
        direct.close().await.unwrap();
        assert_eq!(audit::list(&store, id(1), None, 9).await.unwrap(), [row]);
        store.close().await.unwrap();
    });
}
