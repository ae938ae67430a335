//! Person: someone who signs in. A person can have seats in several accounts.

use std::{fmt, str::FromStr};

use crate::{id::PersonId, name::Title, time::Timestamp};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their identifier.
    pub id: PersonId,
    /// Their name as they write it.
    pub name: Title,
    /// Where they get mail; one person an address.
    pub email: Email,
    /// An Argon2id hash in PHC text form, once they have chosen a password.
    pub password_hash: Option<String>,
    /// When they were first seen.
    pub created_at: Timestamp,
    /// When they showed that the address is theirs.
    pub confirmed_at: Option<Timestamp>,
    /// Since when they run this installation, if they do.
    pub operator_at: Option<Timestamp>,
}

impl Person {
    /// Whether they can sign in: they showed that the address is theirs, and chose a password.
    pub fn is_known(&self) -> bool {
        self.confirmed_at.is_some() && self.password_hash.is_some()
    }
}

/// The longest mail address, in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const MAX_EMAIL: usize = 254;

/// A mail address as typed, and as compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    typed: String,
    compared: String,
}

impl Email {
    /// As the person wrote it: where mail is sent.
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// In lower case: what is unique.
    pub fn as_compared(&self) -> &str {
        &self.compared
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// Why a text is not a mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mail address such as ada@example.com")]
pub struct NotAnEmail(String);

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let refused = || NotAnEmail(text.chars().take(MAX_EMAIL).collect());
        let (local, domain) = text.rsplit_once('@').ok_or_else(refused)?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c);
        let domain_ok = domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || local.contains('@') || !domain_ok || text.len() > MAX_EMAIL || text.contains(odd) {
            return Err(refused());
        }
        Ok(Email { typed: text.to_owned(), compared: text.to_lowercase() })
    }
}

#[cfg(test)]
mod tests;
