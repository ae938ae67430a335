//! The letters about a person's mail address: one to the new address, with the link that takes it, and one to the old.

use std::net::IpAddr;

use domain::{name::Title, person::Email, time::Timestamp, token::Token};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment, text_of};
use crate::link::Page;

impl Letters {
    /// Asks who reads `email` whether `name` is to sign in with it.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn address_change(
        &self,
        name: &Title,
        email: &Email,
        token: &Token,
        until: Timestamp,
    ) -> Result<Letter, Unwritten> {
        let facts =
            vec![("name", name.as_str().into()), ("email", email.to_string().into()), ("until", moment(until).into())];
        let sheet = Sheet {
            letter: LetterName::AddressChange,
            facts,
            subject: "Confirm your new address".to_owned(),
            title: "Confirm your new address".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![format!(
                "you asked to sign in with {email} from now on. Once you confirm, all your other sessions and your access tokens end."
            )],
            action: Some(("Confirm this address", Page::Address.link(&self.public_url, token))),
            notes: vec![
                format!("The link works once, until {}.", moment(until)),
                "If you did not ask for this, do nothing: nothing changes.".to_owned(),
            ],
        };
        self.write(sheet)
    }

    /// Tells who reads the old address that `name` signs in with `email` from now on.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn address_changed(
        &self,
        name: &Title,
        email: &Email,
        (at, from): (Timestamp, Option<IpAddr>),
    ) -> Result<Letter, Unwritten> {
        let facts = vec![
            ("name", name.as_str().into()),
            ("email", email.to_string().into()),
            ("at", moment(at).into()),
            ("from", text_of(from)),
        ];
        let from = from.map(|from| format!(", from the address {from}")).unwrap_or_default();
        let contact = self.contact.as_ref().map_or_else(|| "who runs this Keyward".to_owned(), Clone::clone);
        let sheet = Sheet {
            letter: LetterName::AddressChanged,
            facts,
            subject: "Your mail address was changed".to_owned(),
            title: "Your mail address was changed".to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![format!(
                "on {}{from} your address here was changed to {email}. You sign in with it from now on; this address gets no more \
                 letters about you. All other sessions and your access tokens have ended.",
                moment(at)
            )],
            action: None,
            notes: vec![format!("If it was not you, somebody knows your password: turn to {contact} at once.")],
        };
        self.write(sheet)
    }
}
