//! The letter with which somebody chooses a new password.

use domain::{name::Title, time::Timestamp, token::Token};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment};
use crate::link::Page;

impl Letters {
    /// Lets somebody who forgot their password choose another.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn reset(&self, name: &Title, token: &Token, until: Timestamp) -> Result<Letter, Unwritten> {
        let sheet = Sheet {
            letter: LetterName::Reset,
            facts: vec![("name", name.as_str().into()), ("until", moment(until).into())],
            subject: "Choose a new password".to_owned(),
            title: "Choose a new password".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![
                "somebody, probably you, wants to choose a new password for this address. All sessions end when you do."
                    .to_owned(),
            ],
            action: Some(("Choose a new password", Page::Reset.link(&self.public_url, token))),
            notes: vec![
                format!(
                    "The link works once, until {}. One that was sent before does nothing any more.",
                    moment(until)
                ),
                "If it was not you, do nothing: your password stays as it is.".to_owned(),
            ],
        };
        self.write(sheet)
    }
}
