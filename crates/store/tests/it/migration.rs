//! Opening: the schema is made once, kept, and a newer one is refused; SQLite's settings are what the ledger needs.

use sea_orm::{ConnectionTrait, Database, Statement};
use store::{Location, Store, StoreError, account};

use crate::{
    backends::{Backend, with_both},
    world::*,
};

/// The URL with which the driver itself reaches the database.
pub fn url(backend: &Backend, file: &str) -> String {
    match &backend.location {
        Location::Sqlite { folder } => format!("sqlite://{}", folder.join(file).display()),
        Location::Postgres { url } => url.clone(),
    }
}

#[test]
fn a_store_opens_again_with_what_it_holds() {
    with_both(|backend| async move {
        let store = backend.open().await;
        let tx = store.begin().await.unwrap();
        account::insert(&tx, &an_account(1)).await.unwrap();
        tx.commit().await.unwrap();
        // A second opening beside the first, as `keyward account list` does it while the server runs.
        let other = backend.open().await;
        assert_eq!(account::list(&other).await.unwrap(), [an_account(1)]);
        other.close().await.unwrap();
        store.close().await.unwrap();
    });
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    with_both(|backend| async move {
        backend.open().await.close().await.unwrap();
        let direct = Database::connect(url(&backend, "keyward.db")).await.unwrap();
        direct.execute_unprepared("UPDATE schema_version SET version = 99 WHERE part = 'ledger'").await.unwrap();
        let refused = Store::open(&backend.location).await;
        assert!(matches!(refused, Err(StoreError::Newer { part: "ledger", found: 99, known: 2 })), "{refused:?}");
        direct.close().await.unwrap();
    });
}

#[test]
fn nodes_that_open_a_new_database_at_once_take_turns() {
    with_both(|backend| async move {
        let open = || {
            let location = backend.location.clone();
            tokio::spawn(async move { Store::open(&location).await.map(drop) })
        };
        for opened in [open(), open(), open(), open()] {
            opened.await.unwrap().unwrap();
        }
    });
}

#[test]
fn sqlite_files_give_space_back_in_steps_and_keep_a_write_ahead_log() {
    with_both(|backend| async move {
        if backend.name != "sqlite" {
            return; // these are settings of SQLite's files
        }
        let store = backend.open().await;
        for file in ["keyward.db", "log.db"] {
            let direct = Database::connect(url(&backend, file)).await.unwrap();
            for (setting, expected) in [("auto_vacuum", "2"), ("journal_mode", "wal")] {
                let text = format!("SELECT CAST({setting} AS TEXT) FROM pragma_{setting}");
                let row =
                    direct.query_one_raw(Statement::from_string(direct.get_database_backend(), text)).await.unwrap();
                let found: String = row.unwrap().try_get_by_index(0).unwrap();
                assert_eq!(found, expected, "{setting} of {file}");
            }
            direct.close().await.unwrap();
        }
        store.close().await.unwrap();
    });
}

#[test]
fn a_location_that_cannot_be_opened_says_which() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let location = Location::Sqlite { folder: "/dev/null/keyward".into() };
    let refused = runtime.block_on(Store::open(&location)).map(drop).unwrap_err();
    assert!(refused.to_string().contains("/dev/null/keyward"), "{refused}");
}
