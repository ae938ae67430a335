//! The letter that offers a seat.

use domain::{invitation::Invitation, member::Member, name::Title, token::Token};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment};
use crate::{invitation::Offer, link::Page};

impl Letters {
    /// Offers `seat` in `account`; `inviter` is who offers it, `offer` what comes with it.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn invitation(
        &self,
        invitation: &Invitation,
        seat: &Member,
        (account, inviter): (&Title, &Title),
        offer: &Offer,
        token: &Token,
    ) -> Result<Letter, Unwritten> {
        let facts = vec![
            ("name", seat.name.as_str().into()),
            ("email", seat.email.to_string().into()),
            ("account", account.as_str().into()),
            ("inviter", inviter.as_str().into()),
            ("role", offer.role.as_str().into()),
            ("key", offer.key.as_ref().map(ToString::to_string).into()),
            ("until", moment(invitation.expires_at()).into()),
        ];
        let sheet = Sheet {
            letter: LetterName::Invitation,
            facts,
            subject: format!("{inviter} invites you to {account}"),
            title: format!("Join {account}"),
            greeting: greeting(seat.name.as_str()),
            paragraphs: vec![format!("{inviter} offers you a seat in {account}. {}", what_for(offer))],
            action: Some(("Accept the invitation", Page::Activate.link(&self.public_url, token))),
            notes: vec![
                format!("The link works once, for {}, until {}.", seat.email, moment(invitation.expires_at())),
                "If you do not know what this is about, do nothing: nobody gets your address from us.".to_owned(),
            ],
        };
        self.write(sheet)
    }
}

/// What the seat is good for.
fn what_for(offer: &Offer) -> String {
    match (&offer.key, offer.role.as_str()) {
        (None, "owner") => "It is yours: you invite members, hand out keys, and see all of its calls.".to_owned(),
        (None, "admin") => "As an admin you look after its members and keys, and see all of its calls.".to_owned(),
        (None, _) if offer.brings_a_key => {
            "You get an API key of your own, and see the calls that you make with it.".to_owned()
        }
        (None, role) => format!("Your role there is {role}."),
        (Some(key), role) => format!("It is for the key {key} alone; your role on it is {role}."),
    }
}
