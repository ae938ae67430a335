//! Both databases, fresh for each test.

use std::future::Future;

use store::{Location, Store};
use tempfile::TempDir;
use testbed::postgres::Postgres;

/// An empty database of one sort.
pub struct Backend {
    /// `sqlite` or `postgres`.
    pub name: &'static str,
    /// Where it is.
    pub location: Location,
    /// SQLite's folder, removed with the backend.
    _folder: Option<TempDir>,
}

impl Backend {
    fn sqlite() -> Backend {
        let folder = TempDir::new().expect("a temporary folder");
        let location = Location::Sqlite { folder: folder.path().to_owned() };
        Backend { name: "sqlite", location, _folder: Some(folder) }
    }

    fn postgres() -> Backend {
        let url = Postgres::start().url().to_owned();
        Backend { name: "postgres", location: Location::Postgres { url }, _folder: None }
    }

    /// Another empty database of the same sort.
    pub fn another(&self) -> Backend {
        if self.name == "sqlite" { Backend::sqlite() } else { Backend::postgres() }
    }

    /// Opens it.
    pub async fn open(&self) -> Store {
        Store::open(&self.location).await.expect("the store opens")
    }
}

/// Runs a test on an empty store of each sort; says which one a failure was on.
pub fn on_both<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    with_both(|backend| {
        let test = &test;
        async move {
            let store = backend.open().await;
            test(store.clone()).await;
            store.close().await.expect("the store closes");
        }
    });
}

/// Runs a test on each sort of database, which it opens itself.
pub fn with_both<F: Future<Output = ()>>(test: impl Fn(Backend) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for backend in [Backend::sqlite(), Backend::postgres()] {
        eprintln!("on {}", backend.name);
        runtime.block_on(test(backend));
    }
}
