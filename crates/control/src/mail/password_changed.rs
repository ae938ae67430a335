//! The letter that tells somebody that their password is another now.

use std::net::IpAddr;

use domain::{name::Title, time::Timestamp};

use super::{Letter, Letters, Sheet, greeting, moment};
use crate::{app::App, error::Problem};

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
    pub fn password_changed(&self, app: &App, change: &PasswordChanged<'_>) -> Result<Letter, Problem> {
        let from = change.from.map(|from| format!(", from the address {from}")).unwrap_or_default();
        let sheet = Sheet {
            subject: "Your password was changed".to_owned(),
            title: "Your password was changed".to_owned(),
            greeting: greeting(change.name.as_str()),
            paragraphs: vec![format!(
                "your password was changed on {}{from}. All other sessions have ended.",
                moment(change.at)
            )],
            action: None,
            notes: vec![format!("If it was not you, choose a new password at once: {}/reset", app.settings.public_url)],
        };
        self.write(app, sheet)
    }
}
