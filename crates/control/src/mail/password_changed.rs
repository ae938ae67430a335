//! The letter that tells somebody that their password is another now.

use std::net::IpAddr;

use domain::{name::Title, time::Timestamp};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment, text_of};

/// What happened.
pub struct PasswordChanged<'a> {
    /// To whom.
    pub name: &'a Title,
    /// When.
    pub at: Timestamp,
    /// From where, if that is known.
    pub from: Option<IpAddr>,
}

impl Letters {
    /// Tells somebody that their password is another now, so that they can act if it was not them.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn password_changed(&self, change: &PasswordChanged<'_>) -> Result<Letter, Unwritten> {
        let from = change.from.map(|from| format!(", from the address {from}")).unwrap_or_default();
        let facts = vec![
            ("name", change.name.as_str().into()),
            ("at", moment(change.at).into()),
            ("from", text_of(change.from)),
        ];
        let sheet = Sheet {
            letter: LetterName::PasswordChanged,
            facts,
            subject: "Your password was changed".to_owned(),
            title: "Your password was changed".to_owned(),
            greeting: greeting(change.name.as_str()),
            paragraphs: vec![format!(
                "your password was changed on {}{from}. All other sessions have ended.",
                moment(change.at)
            )],
            action: None,
            notes: vec![format!("If it was not you, choose a new password at once: {}/reset", self.public_url)],
        };
        self.write(sheet)
    }
}
