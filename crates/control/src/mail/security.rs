//! The letters that tell somebody what was done to what proves who they are, so that they can act if it was not them.

use std::net::IpAddr;

use domain::{name::Title, time::Timestamp};
use minijinja::Value;

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment, text_of};

/// What was done.
#[derive(Clone, Copy, Debug)]
pub enum SecurityNotice<'a> {
    /// Somebody signed in with a program, or from an address, that was not seen before.
    SignIn {
        /// How the browser or program calls itself, if it does.
        agent: Option<&'a str>,
    },
    /// A second factor is asked for from now on.
    SecondFactorOn,
    /// It is not any more.
    SecondFactorOff,
    /// New recovery codes were drawn.
    RecoveryCodes,
    /// An access token was made.
    AccessToken {
        /// What it is called.
        name: &'a Title,
        /// The account that it is for, if it is for one.
        account: Option<&'a Title>,
    },
}

impl Letters {
    /// Tells a person what was done, when, and from where.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn security(
        &self,
        name: &Title,
        notice: SecurityNotice<'_>,
        (at, from): (Timestamp, Option<IpAddr>),
    ) -> Result<Letter, Unwritten> {
        let (title, told) = words(notice);
        let (letter, own) = what(notice);
        let mut facts = vec![("name", name.as_str().into())];
        facts.extend(own);
        facts.extend([("at", moment(at).into()), ("from", text_of(from))]);
        let from = from.map(|from| format!(", from the address {from}")).unwrap_or_default();
        let public_url = &self.public_url;
        let sheet = Sheet {
            letter,
            facts,
            subject: title.to_owned(),
            title: title.to_owned(),
            greeting: greeting(name.as_str()),
            paragraphs: vec![format!("this was on {}{from}. {told}", moment(at))],
            action: None,
            notes: vec![format!(
                "If it was not you, choose a new password at once: {public_url}/reset. That ends every session and access token."
            )],
        };
        self.write(sheet)
    }
}

/// Which letter it is, and what is its own.
fn what(notice: SecurityNotice<'_>) -> (LetterName, Vec<(&'static str, Value)>) {
    match notice {
        SecurityNotice::SignIn { agent } => (LetterName::SignIn, vec![("agent", agent.into())]),
        SecurityNotice::SecondFactorOn => (LetterName::SecondFactorOn, Vec::new()),
        SecurityNotice::SecondFactorOff => (LetterName::SecondFactorOff, Vec::new()),
        SecurityNotice::RecoveryCodes => (LetterName::RecoveryCodes, Vec::new()),
        SecurityNotice::AccessToken { name, account } => {
            let account = account.map(Title::as_str).into();
            (LetterName::AccessToken, vec![("token", name.as_str().into()), ("account", account)])
        }
    }
}

fn words(notice: SecurityNotice<'_>) -> (&'static str, String) {
    match notice {
        SecurityNotice::SignIn { agent } => {
            let with = agent.map_or_else(|| "a program without a name".to_owned(), |agent| format!("“{agent}”"));
            ("New sign-in to Keyward", format!("You have not signed in with {with} from there before."))
        }
        SecurityNotice::SecondFactorOn => (
            "Your second factor is on",
            "From now on, signing in takes a code of your authenticator beside your password. Keep your recovery codes."
                .to_owned(),
        ),
        SecurityNotice::SecondFactorOff => (
            "Your second factor is off",
            "Your password is enough to sign in. All other sessions and your access tokens have ended.".to_owned(),
        ),
        SecurityNotice::RecoveryCodes => {
            ("New recovery codes", "Those from before do nothing any more.".to_owned())
        }
        SecurityNotice::AccessToken { name, account } => {
            let place = account.map_or_else(|| "this Keyward".to_owned(), |account| format!("the account {account}"));
            ("You made an access token", format!("A program that has “{name}” acts for you in {place}, until you end it."))
        }
    }
}
