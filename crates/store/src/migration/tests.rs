//! Steps: their words in SQLite, and what becomes of data that an older program wrote.

use domain::{id::AccountId, time::Timestamp};
use sea_orm::{Database, DatabaseConnection, TransactionTrait};
use testbed::postgres::Postgres;

use super::*;
use crate::{Location, Store, member, person};

#[test]
fn every_table_is_strict_in_sqlite_and_no_foreign_word_is_left() {
    for step in POSTGRES.iter().flat_map(|part| part.steps) {
        let text = in_words_of(DbBackend::Sqlite, step.both);
        assert_eq!(text.matches("CREATE TABLE").count(), text.matches(") STRICT").count(), "{text}");
        let code = text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
        for word in ["uuid", "bytea", "bigint", "boolean"] {
            assert!(!code.split(|c: char| !c.is_alphanumeric()).any(|found| found == word), "{word} in {text}");
        }
    }
}

/// Two accounts, two persons, and seats: taken by Ada, taken by somebody unknown, pending, removed, Ada's other one.
const BEFORE_PERSONS_HAD_SEATS: &str = "
    INSERT INTO account (id, name, created_at) VALUES (#1, 'One', 1), (#2, 'Two', 2);
    INSERT INTO person (id, name, email, email_compared, created_at) VALUES
        (#1, 'Ada', 'Ada@example.com', 'ada@example.com', 1), (#2, 'Bob', 'bob@example.com', 'bob@example.com', 1);
    INSERT INTO member (id, account, name, email, email_compared, role, created_at, activated_at, removed_at) VALUES
        (#1, #1, 'Ada', 'ADA@example.com', 'ada@example.com', 'owner', 1, 1, NULL),
        (#2, #1, 'Eve', 'eve@example.com', 'eve@example.com', 'member', 1, 1, NULL),
        (#3, #1, 'Bob', 'bob@example.com', 'bob@example.com', 'member', 1, NULL, NULL),
        (#4, #1, 'Bob', 'bob@example.com', 'bob@example.com', 'member', 1, 1, 2),
        (#5, #2, 'Ada', 'ada@example.com', 'ada@example.com', 'member', 1, 1, NULL);";

/// Fills an empty database as the first version of the nouns did.
async fn write_with_the_first_schema(direct: &DatabaseConnection) {
    let first = Part { name: NOUNS.name, steps: &NOUNS.steps[..1] };
    let tx = direct.begin().await.expect("a transaction");
    run(&tx, &[first]).await.expect("the first schema");
    let (before, after) = match direct.get_database_backend() {
        DbBackend::Sqlite => ("x'", "'"),
        _ => ("'", "'::uuid"),
    };
    let mut text = BEFORE_PERSONS_HAD_SEATS.to_owned();
    for number in 1..=5 {
        text = text.replace(&format!("#{number}"), &format!("{before}{number:032x}{after}"));
    }
    tx.execute_unprepared(&text).await.expect("rows of the first schema");
    tx.commit().await.expect("they are written");
}

#[test]
fn seats_that_were_taken_before_get_their_persons() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let file = format!("sqlite://{}?mode=rwc", folder.path().join("keyward.db").display());
    let postgres = Postgres::start().url().to_owned();
    let cases = [
        (file, Location::Sqlite { folder: folder.path().to_owned() }),
        (postgres.clone(), Location::Postgres { url: postgres }),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (url, location) in cases {
        runtime.block_on(async {
            let direct = Database::connect(url).await.expect("a connection");
            write_with_the_first_schema(&direct).await;
            direct.close().await.expect("it closes");
            let store = Store::open(&location).await.expect("the store opens");
            let persons = async |account: u128| {
                let seats = member::list(&store, AccountId::from_u128(account)).await.expect("seats");
                seats.into_iter().map(|seat| seat.person.map(|person| person.as_u128())).collect::<Vec<_>>()
            };
            assert_eq!(persons(1).await, [Some(1), None, None, Some(2)], "{location:?}");
            assert_eq!(persons(2).await, [Some(1)], "{location:?}");
            let ada = person::find(&store, domain::id::PersonId::from_u128(1)).await.expect("a person").expect("Ada");
            assert_eq!((ada.operator_at, ada.created_at), (None, Timestamp::from_micros(1)));
            store.close().await.expect("the store closes");
        });
    }
}
