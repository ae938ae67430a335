//! Location: which database, as the configuration writes it.

use std::{fmt, path::PathBuf, str::FromStr};

/// Where the store is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// Two files in a folder: `keyward.db` and `log.db`. Written `sqlite:DIR`.
    Sqlite {
        /// The folder; made if it is not there.
        folder: PathBuf,
    },
    /// One PostgreSQL database. Written `postgres://name:password@host/database`.
    Postgres {
        /// The whole URL, password included: never printed.
        url: String,
    },
}

/// Why a text is not a location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a database is written sqlite:FOLDER or postgres://name:password@host/database")]
pub struct NotALocation;

impl Location {
    /// Reads what configuration and command line write.
    pub fn parse(text: &str) -> Result<Location, NotALocation> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Location::Postgres { url: text.to_owned() });
        }
        let folder = text.strip_prefix("sqlite:").ok_or(NotALocation)?;
        match folder.strip_prefix("//").unwrap_or(folder) {
            "" => Err(NotALocation),
            folder => Ok(Location::Sqlite { folder: folder.into() }),
        }
    }
}

impl FromStr for Location {
    type Err = NotALocation;

    fn from_str(text: &str) -> Result<Self, NotALocation> {
        Location::parse(text)
    }
}

impl fmt::Display for Location {
    /// Without the password: this is for messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Sqlite { folder } => write!(f, "sqlite:{}", folder.display()),
            Location::Postgres { url } => {
                let place =
                    url.rsplit_once('@').map_or(url.split_once("//").map_or("", |(_, rest)| rest), |(_, rest)| rest);
                write!(f, "postgres://{}", place.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_read_and_printed_without_secrets() {
        let cases = [
            ("sqlite:data", Some("sqlite:data")),
            ("sqlite:/var/lib/keyward", Some("sqlite:/var/lib/keyward")),
            ("sqlite:///var/lib/keyward", Some("sqlite:/var/lib/keyward")),
            ("sqlite:", None),
            ("sqlite://", None),
            ("postgres://ada:not-a-secret@db.example/keyward", Some("postgres://db.example/keyward")),
            ("postgresql://ada:p%40ss@db.example/keyward?password=x", Some("postgres://db.example/keyward")),
            ("postgres://db.example/keyward", Some("postgres://db.example/keyward")),
            ("mysql://db.example/keyward", None),
            ("data", None),
            ("", None),
        ];
        for (text, printed) in cases {
            assert_eq!(Location::parse(text).ok().map(|location| location.to_string()).as_deref(), printed, "{text}");
        }
    }
}
