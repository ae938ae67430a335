//! The letters to who registers: one to confirm the address, and one for somebody who is known already.

use domain::{name::Title, time::Timestamp, token::Token};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment};
use crate::link::Page;

impl Letters {
    /// Asks who registered to show that the address is theirs.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn registration(
        &self,
        name: &Title,
        account: &Title,
        token: &Token,
        until: Timestamp,
    ) -> Result<Letter, Unwritten> {
        let facts =
            vec![("name", name.as_str().into()), ("account", account.as_str().into()), ("until", moment(until).into())];
        let sheet = Sheet {
            letter: LetterName::Registration,
            facts,
            subject: "Confirm your address".to_owned(),
            title: "Confirm your address".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![format!("one step is left until the account {account} is yours: choose a password.")],
            action: Some(("Confirm and choose a password", Page::Register.link(&self.public_url, token))),
            notes: vec![
                format!("The link works once, until {}.", moment(until)),
                "If you did not register, do nothing: without this step nothing is kept.".to_owned(),
            ],
        };
        self.write(sheet)
    }

    /// Tells somebody who is known that somebody registered with their address.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn already_registered(&self, name: &Title) -> Result<Letter, Unwritten> {
        let reset = format!("{}/reset", self.public_url);
        let sheet = Sheet {
            letter: LetterName::AlreadyRegistered,
            facts: vec![("name", name.as_str().into())],
            subject: "You are registered already".to_owned(),
            title: "You are registered already".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![
                "somebody, probably you, has just registered with this address. It is known here already: sign in."
                    .to_owned(),
            ],
            action: Some(("Sign in", format!("{}/sign-in", self.public_url))),
            notes: vec![
                format!("If you forgot your password, choose a new one: {reset}"),
                "If it was not you, do nothing: nothing was changed.".to_owned(),
            ],
        };
        self.write(sheet)
    }
}
