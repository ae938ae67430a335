//! The letters to who registers: one to confirm the address, and one for somebody who is known already.

use domain::{name::Title, time::Timestamp, token::Token};

use super::{Letter, Letters, Sheet, greeting, moment};
use crate::{app::App, error::Problem, link::Page};

impl Letters {
    /// Asks who registered to show that the address is theirs.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn registration(
        &self,
        app: &App,
        name: &Title,
        account: &Title,
        token: &Token,
        until: Timestamp,
    ) -> Result<Letter, Problem> {
        let sheet = Sheet {
            subject: "Confirm your address".to_owned(),
            title: "Confirm your address".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![format!("one step is left until the account {account} is yours: choose a password.")],
            action: Some(("Confirm and choose a password", Page::Register.link(&app.settings.public_url, token))),
            notes: vec![
                format!("The link works once, until {}.", moment(until)),
                "If you did not register, do nothing: without this step nothing is kept.".to_owned(),
            ],
        };
        self.write(app, sheet)
    }

    /// Tells somebody who is known that somebody registered with their address.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn already_registered(&self, app: &App, name: &Title) -> Result<Letter, Problem> {
        let reset = format!("{}/reset", app.settings.public_url);
        let sheet = Sheet {
            subject: "You are registered already".to_owned(),
            title: "You are registered already".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![
                "somebody, probably you, has just registered with this address. It is known here already: sign in."
                    .to_owned(),
            ],
            action: Some(("Sign in", format!("{}/sign-in", app.settings.public_url))),
            notes: vec![
                format!("If you forgot your password, choose a new one: {reset}"),
                "If it was not you, do nothing: nothing was changed.".to_owned(),
            ],
        };
        self.write(app, sheet)
    }
}
