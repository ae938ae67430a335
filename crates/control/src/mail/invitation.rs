//! The letter that offers a seat.

use domain::{account::Account, invitation::Invitation, member::Member, name::Title, role::Role, token::Token};

use super::{Letter, Letters, Sheet, greeting, moment};
use crate::{app::App, error::Problem, link::Page};

impl Letters {
    /// Offers `seat` in `account`; `inviter` is who offers it.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn invitation(
        &self,
        app: &App,
        invitation: &Invitation,
        seat: &Member,
        account: &Account,
        inviter: &Title,
        token: &Token,
    ) -> Result<Letter, Problem> {
        let what_for = match seat.role {
            Role::Owner | Role::Admin => "As an admin you look after its members and keys, and see all of its calls.",
            Role::Member => "You get an API key of your own, and see the calls that you make with it.",
        };
        let sheet = Sheet {
            subject: format!("{inviter} invites you to {}", account.name),
            title: format!("Join {}", account.name),
            greeting: greeting(seat.name.as_str()),
            paragraphs: vec![format!("{inviter} offers you a seat in {}. {what_for}", account.name)],
            action: Some(("Accept the invitation", Page::Activate.link(&app.settings.public_url, token))),
            notes: vec![
                format!("The link works once, for {}, until {}.", seat.email, moment(invitation.expires_at())),
                "If you do not know what this is about, do nothing: nobody gets your address from us.".to_owned(),
            ],
        };
        self.write(app, sheet)
    }
}
