//! The letters that tell, some days before, that a key or a seat ends by itself.

use domain::{account::Account, key::Key, time::Timestamp};

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment};

/// What ends.
#[derive(Clone, Copy, Debug)]
pub enum Ending<'a> {
    /// A key.
    Key {
        /// The key.
        key: &'a Key,
        /// Whose it is, if it is an own one.
        holder: Option<&'a str>,
        /// Whether who is told calls with it.
        is_theirs: bool,
    },
    /// A seat.
    Seat {
        /// Whose it is; none: theirs who is told.
        of: Option<&'a str>,
    },
}

impl Letters {
    /// Tells the member `name` of `account` what ends, and when.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn ending(
        &self,
        ending: Ending<'_>,
        name: &str,
        account: &Account,
        end: Timestamp,
    ) -> Result<Letter, Unwritten> {
        let (at, team) = (moment(end), &account.name);
        let (title, told, (label, path), note) = match ending {
            Ending::Key { key, holder, is_theirs } => {
                let of = match (holder, is_theirs) {
                    (_, true) => format!("You call with the key {} of {team}.", key.name),
                    (Some(holder), false) => format!("{holder} holds the key {} of {team}.", key.name),
                    (None, false) => format!("The key {} of {team} is shared.", key.name),
                };
                let told = format!(
                    "{of} It ends on {at}; from then on every call with it is refused, whatever value it brings."
                );
                let page = ("Open the key", format!("/keys/{}", key.id));
                (format!("The key {} ends on {at}", key.name), told, page, "Who may edit the key can set a later end.")
            }
            Ending::Seat { of: None } => {
                let told = format!(
                    "Your seat in {team} ends on {at}. From then on your API keys are refused; nothing of yours is lost."
                );
                let note = "An admin or the owner of the account can set a later end.";
                (format!("Your seat in {team} ends on {at}"), told, ("Open Keyward", "/".to_owned()), note)
            }
            Ending::Seat { of: Some(of) } => {
                let told = format!(
                    "The seat of {of} in {team} ends on {at}. From then on their API keys are refused; nothing of theirs is lost."
                );
                let note = "You can set a later end, or hand their keys over, on the page My team.";
                (format!("{of}'s seat in {team} ends on {at}"), told, ("Open My team", "/team".to_owned()), note)
            }
        };
        let mut facts = vec![("name", name.into()), ("account", team.as_str().into())];
        let letter = match ending {
            Ending::Key { key, holder, .. } => {
                facts.extend([("key", key.name.as_str().into()), ("holder", holder.into())]);
                LetterName::KeyEndsSoon
            }
            Ending::Seat { of } => {
                facts.push(("member", of.into()));
                LetterName::MemberEndsSoon
            }
        };
        facts.push(("until", at.into()));
        let sheet = Sheet {
            letter,
            facts,
            subject: title.clone(),
            title,
            greeting: greeting(name),
            paragraphs: vec![told],
            // Who has seats in several accounts is led to this one.
            action: Some((label, format!("{}{path}?account={}", self.public_url, account.id))),
            notes: vec![note.to_owned()],
        };
        self.write(sheet)
    }
}
