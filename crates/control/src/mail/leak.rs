//! The letter that tells of a value that was found where others can read it.

use domain::{
    account::Account,
    key::{Key, Value},
    leak::OnLeak,
    name::Reason,
};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, text_of};

/// A value that leaked, and what was done.
#[derive(Clone, Copy)]
pub struct Leak<'a> {
    /// The key.
    pub key: &'a Key,
    /// Its value.
    pub value: &'a Value,
    /// Where it was found, as whoever reported it says.
    pub place: Option<&'a Reason>,
    /// What was done.
    pub done: OnLeak,
}

impl Letters {
    /// Tells the member `name` of `account` what leaked and what was done.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn leak(&self, leak: Leak<'_>, name: &str, account: &Account) -> Result<Letter, Unwritten> {
        let Leak { key, value, place, done } = leak;
        let (title, told) = match done {
            OnLeak::Revoke => (
                format!("A value of {} leaked and is revoked", key.name),
                "It is revoked: every call with it is refused. Where it was in use, draw another.",
            ),
            OnLeak::Alert => (
                format!("A value of {} leaked", key.name),
                "It still works. Draw another where it is in use, then revoke this one.",
            ),
        };
        let found = format!(
            "Somebody reported the value {} of the key {} in {}: it was found where others can read it.",
            value.mask, key.name, account.name
        );
        let facts = vec![
            ("name", name.into()),
            ("account", account.name.as_str().into()),
            ("key", key.name.as_str().into()),
            ("value", value.mask.as_str().into()),
            ("place", text_of(place)),
            ("done", done.as_str().into()),
        ];
        let place = place.map(|place| format!("Where, as they say: {place}"));
        let page = format!("{}/keys/{}/values?account={}", self.public_url, key.id, account.id);
        let sheet = Sheet {
            letter: LetterName::ValueLeaked,
            facts,
            subject: title.clone(),
            title,
            greeting: greeting(name),
            paragraphs: [Some(found), place, Some(told.to_owned())].into_iter().flatten().collect(),
            action: Some(("Open its values", page)),
            notes: vec![
                "Look through the key's calls for some that are not yours. The audit trail says who reported it."
                    .to_owned(),
            ],
        };
        self.write(sheet)
    }
}
