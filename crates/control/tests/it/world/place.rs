//! Where a control plane of tests keeps what it knows: SQLite in a folder of its own, or a PostgreSQL database of its own, as the
//! environment of the process says. So every test here is one of both stores.

use store::Location;
use tempfile::TempDir;
use testbed::postgres::Postgres;

/// `postgres`: the tests of this process keep everything there.
pub const VARIABLE: &str = "KEYWARD_TEST_STORE";

/// An empty place.
pub struct Place {
    /// What the store opens.
    pub location: Location,
    /// Gone with the place; with SQLite it holds all that is stored.
    pub folder: TempDir,
    postgres: Option<Postgres>,
}

impl Place {
    /// A new one.
    pub fn empty() -> Place {
        if is_postgres() { Place::in_postgresql() } else { Place::in_sqlite() }
    }

    /// A new one, whatever the environment says.
    pub fn in_sqlite() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        Place { location: Location::Sqlite { folder: folder.path().to_owned() }, folder, postgres: None }
    }

    /// A new one, whatever the environment says.
    pub fn in_postgresql() -> Place {
        let (folder, postgres) = (tempfile::tempdir().expect("a folder"), Postgres::start());
        Place { location: Location::Postgres { url: postgres.url().to_owned() }, folder, postgres: Some(postgres) }
    }

    /// PostgreSQL counts what is in its tables; SQLite does no such thing.
    pub fn analyze(&self) {
        if let Some(database) = &self.postgres {
            database.analyze();
        }
    }

    /// Whether these bytes stand anywhere in what is stored, as they are.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        match &self.postgres {
            Some(database) => {
                let dump = database.dump();
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                contains(dump.as_bytes(), bytes) || contains(dump.as_bytes(), hex.as_bytes())
            }
            None => std::fs::read_dir(&self.folder).expect("the folder").any(|file| {
                let file = file.expect("a file").path();
                contains(&std::fs::read(file).expect("it is readable"), bytes)
            }),
        }
    }
}

/// Whether the tests of this process run on PostgreSQL.
pub fn is_postgres() -> bool {
    std::env::var(VARIABLE).is_ok_and(|store| store == "postgres")
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}
