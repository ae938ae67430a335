//! Secrets stand outside the configuration file: in an environment variable or in a file of their own.
//!
//! A configuration file is copied, committed and shown to colleagues; a secret written in it would go along.

use std::{
    fmt,
    io::Read,
    path::{Path, PathBuf},
};

use super::reader::{Field, Section};

/// The longest secret, in bytes.
pub const MAX_SECRET: u64 = 16 * 1024;

/// Names under which people would write the secret itself.
const NAMES_OF_TEXTS: [&str; 8] = ["value", "text", "key", "secret", "token", "password", "pass", "api_key"];
const WHY: &str = "a secret must not stand in this file, which is copied and shared";

/// Where a secret is kept; never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// An environment variable of this name.
    Env(String),
    /// A file that holds nothing else; a line break at its end is not part of the secret.
    File(PathBuf),
}

/// A secret in clear. It has no `Debug` and no `Display`.
pub struct Secret(String);

/// Why a secret could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum SecretMissing {
    /// The variable is not there, or not text.
    #[error("environment variable {name} is not set, or is not text; set it before starting")]
    NotSet {
        /// Its name.
        name: String,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {source}; it should hold the secret and nothing else", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no secret, or far too much of it.
    #[error("the secret in {place} is empty, longer than {MAX_SECRET} bytes, or has characters that cannot be sent")]
    Unfit {
        /// Where it was looked for.
        place: SecretPlace,
    },
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretPlace::Env(name) => write!(f, "environment variable {name}"),
            SecretPlace::File(file) => write!(f, "file {}", file.display()),
        }
    }
}

impl Secret {
    /// The secret itself, for the connection that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl SecretPlace {
    /// Reads `env = "NAME"` or `file = "PATH"` of a table; relative paths start at `folder`. What looks like the secret
    /// itself is refused with the reason.
    pub fn read(section: &mut Section<'_>, folder: &Path) -> Option<SecretPlace> {
        for name in NAMES_OF_TEXTS {
            if let Some(field) = section.take_unlisted(name) {
                field.refuse(format!("{WHY}: name the place where it is kept"), Some(way_out()));
                return None;
            }
        }
        match (section.take("env"), section.take("file")) {
            (Some(_), Some(file)) => {
                file.refuse("`env` and `file` exclude each other", Some("keep one of them".to_owned()));
                None
            }
            (Some(env), None) => read_name(&env).map(SecretPlace::Env),
            (None, Some(file)) => read_path(&file, folder).map(SecretPlace::File),
            (None, None) => {
                section.refuse("the place of the secret is missing", Some(way_out()));
                None
            }
        }
    }

    /// Fetches the secret.
    pub fn fetch(&self) -> Result<Secret, SecretMissing> {
        let text = match self {
            SecretPlace::Env(name) => std::env::var(name).map_err(|_| SecretMissing::NotSet { name: name.clone() })?,
            SecretPlace::File(file) => {
                read_bounded(file).map_err(|source| SecretMissing::Unreadable { file: file.clone(), source })?
            }
        };
        let text = text.trim_end_matches(['\r', '\n']);
        let sendable = text.bytes().all(|b| (0x20..0x7f).contains(&b));
        if text.is_empty() || text.len() as u64 > MAX_SECRET || !sendable {
            return Err(SecretMissing::Unfit { place: self.clone() });
        }
        Ok(Secret(text.to_owned()))
    }
}

/// Refuses a text that holds a secret, without repeating it. `hint` says what to write instead.
pub fn refuse_text(field: &Field<'_>, hint: &str) {
    field.refuse(WHY, Some(hint.to_owned()));
}

fn way_out() -> String {
    "write { …, env = \"NAME\" } or { …, file = \"PATH\" }".to_owned()
}

fn read_name(field: &Field<'_>) -> Option<String> {
    let expected = "the name of an environment variable: A–Z, 0–9 and _";
    let name = field.text(expected)?;
    let good = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || name.len() > 128 || !name.bytes().all(good) || name.as_bytes()[0].is_ascii_digit() {
        // What was written may be the secret itself, so it is not repeated.
        field.refuse(format!("expected {expected}"), None);
        return None;
    }
    Some(name.to_owned())
}

/// A path, relative to `folder` unless it is absolute.
pub fn read_path(field: &Field<'_>, folder: &Path) -> Option<PathBuf> {
    let text = field.text("a path")?;
    if text.is_empty() || text.contains('\0') {
        field.expected("a path");
        return None;
    }
    Some(folder.join(text))
}

fn read_bounded(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(file)?.take(MAX_SECRET + 3).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_text_without_the_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let long = "x".repeat(MAX_SECRET as usize + 1);
        for (content, secret) in
            [("abc\n", Some("abc")), ("a b\r\n", Some("a b")), ("", None), ("a\nb", None), (&long, None)]
        {
            std::fs::write(&file, content).unwrap();
            let fetched = SecretPlace::File(file.clone()).fetch();
            assert_eq!(fetched.as_ref().ok().map(Secret::reveal), secret, "{:.20}", content.escape_debug());
        }
        let missing = SecretPlace::File(folder.path().join("none")).fetch().err().unwrap().to_string();
        assert!(missing.starts_with("cannot read ") && missing.contains("none"), "{missing}");
    }

    #[test]
    fn an_unset_variable_is_named() {
        let missing = SecretPlace::Env("KEYWARD_TEST_NEVER_SET".into()).fetch().err().unwrap().to_string();
        assert_eq!(
            missing,
            "environment variable KEYWARD_TEST_NEVER_SET is not set, or is not text; set it before starting"
        );
    }
}
