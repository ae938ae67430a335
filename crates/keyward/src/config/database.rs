//! `database`: where accounts, keys, ledger and log are kept: SQLite in the data folder, or PostgreSQL.

use std::path::Path;

use store::Location;

use super::{
    reader::Field,
    secret::{self, SecretMissing, SecretPlace},
};

const EXPECTED: &str = "\"sqlite\", \"postgres://HOST/NAME\", { env = \"NAME\" } or { file = \"PATH\" }";

/// Where the store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Files in the data folder.
    Sqlite,
    /// A PostgreSQL server whose URL holds no password.
    Postgres(String),
    /// A PostgreSQL server whose URL is kept elsewhere, with its password.
    PostgresKept(SecretPlace),
}

/// Why the store's address is not known.
#[derive(Debug, thiserror::Error)]
pub enum NoAddress {
    /// It is kept where nothing is.
    #[error("database: {0}")]
    Missing(#[from] SecretMissing),
    /// What is kept there is not a URL of PostgreSQL.
    #[error("database: {place} should hold a URL such as postgres://NAME:PASSWORD@HOST/DATABASE")]
    NotPostgres {
        /// Where it is kept.
        place: SecretPlace,
    },
}

impl Database {
    /// Reads the setting; relative paths start at `folder`.
    pub fn read(field: &Field<'_>, folder: &Path) -> Option<Database> {
        if field.is_table() {
            let mut section = field.section(EXPECTED)?;
            let place = SecretPlace::read(&mut section, folder);
            section.finish();
            return place.map(Database::PostgresKept);
        }
        match field.as_text() {
            Some("sqlite") => Some(Database::Sqlite),
            Some(url) if is_postgres(url) && has_password(url) => {
                secret::refuse_text(
                    field,
                    "write database = { env = \"NAME\" } or { file = \"PATH\" }, and the URL there",
                );
                None
            }
            Some(url) if is_postgres(url) => Some(Database::Postgres(url.to_owned())),
            _ => {
                field.refuse(format!("expected {EXPECTED}"), None);
                None
            }
        }
    }

    /// Where the store is; `data` is the data folder.
    pub fn location(&self, data: &Path) -> Result<Location, NoAddress> {
        match self {
            Database::Sqlite => Ok(Location::Sqlite { folder: data.to_owned() }),
            Database::Postgres(url) => Ok(Location::Postgres { url: url.clone() }),
            Database::PostgresKept(place) => {
                let url = place.fetch()?.reveal().to_owned();
                if is_postgres(&url) {
                    Ok(Location::Postgres { url })
                } else {
                    Err(NoAddress::NotPostgres { place: place.clone() })
                }
            }
        }
    }

    /// What `keyward check` says of it.
    pub fn describe(&self, data: &Path) -> String {
        match self {
            Database::Sqlite => format!("SQLite in {}", data.display()),
            Database::Postgres(url) => format!("PostgreSQL at {}", url.split('?').next().unwrap_or_default()),
            Database::PostgresKept(place) => format!("PostgreSQL, its URL in {place}"),
        }
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Whether a URL of PostgreSQL carries a password, before the host or as a parameter.
fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let before_host = authority.rsplit_once('@').map_or("", |(name, _)| name);
    before_host.contains(':') || rest.to_ascii_lowercase().contains("password=")
}
