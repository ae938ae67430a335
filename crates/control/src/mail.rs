//! Mail: what Keyward writes to somebody. Letters are composed here, sealed, and put into the outbox in the transaction that
//! they tell of; `delivery` sends them afterwards.

use domain::{
    id::{InvitationId, MailId},
    mail::{Mail, MailState},
    person::Email,
    time::Timestamp,
};
use minijinja::Value;
use serde::{Deserialize, Serialize};
use store::Tx;
use time::macros::format_description;

use crate::{app::App, error::Problem};

mod account;
mod address;
mod ending;
mod example;
mod invitation;
mod leak;
mod letter_name;
mod letters;
mod notice;
mod password_changed;
mod registration;
mod reset;
mod security;
mod template;

pub use account::AccountNotice;
pub use ending::Ending;
pub use leak::Leak;
pub use letter_name::LetterName;
pub use letters::Letters;
pub use notice::Notice;
pub use password_changed::PasswordChanged;
pub use security::SecurityNotice;
pub use template::{COMMON, Unwritten, WrongTemplate};

/// The longest subject, in characters: RFC 5322 asks for lines under 78, and every mailbox cuts longer ones.
const MAX_SUBJECT: usize = 150;

/// A letter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it is about: one line, nothing secret.
    pub subject: String,
    /// For who reads text.
    pub text: String,
    /// For who reads HTML.
    pub html: String,
}

/// What of a letter is secret: it holds links.
#[derive(Serialize, Deserialize)]
pub struct Body {
    /// For who reads text.
    pub text: String,
    /// For who reads HTML.
    pub html: String,
}

/// What a letter says; the same in text and HTML.
struct Sheet {
    letter: LetterName,
    subject: String,
    /// The heading.
    title: String,
    /// Whom it greets.
    greeting: String,
    /// What it tells, before the button.
    paragraphs: Vec<String>,
    /// The button: what it says, and where it leads.
    action: Option<(&'static str, String)>,
    /// What is said below, in smaller letters.
    notes: Vec<String>,
    /// What it is about, one by one, for templates that say it in other words: those of [`LetterName::facts`].
    facts: Vec<(&'static str, Value)>,
}

/// Puts a letter into the outbox. Ring `app.mail_waits` after the commit.
///
/// Errors: those of the store.
pub async fn post(app: &App, tx: &Tx, to: &Email, letter: Letter, now: Timestamp) -> Result<(), Problem> {
    put(app, tx, (to, None), letter, now).await
}

/// The same for the letter of an invitation, which is told if nobody takes it.
///
/// Errors: those of the store.
pub async fn post_invitation(
    app: &App,
    tx: &Tx,
    (to, invitation): (&Email, InvitationId),
    letter: Letter,
    now: Timestamp,
) -> Result<(), Problem> {
    put(app, tx, (to, Some(invitation)), letter, now).await
}

async fn put(
    app: &App,
    tx: &Tx,
    (to, invitation): (&Email, Option<InvitationId>),
    letter: Letter,
    now: Timestamp,
) -> Result<(), Problem> {
    let id: MailId = app.id(now);
    let body = serde_json::to_vec(&Body { text: letter.text, html: letter.html }).map_err(Problem::internal)?;
    let mail = Mail {
        id,
        to: to.clone(),
        subject: letter.subject,
        sealed: Some(app.seal.seal(&body, place(id).as_bytes(), (app.entropy)())),
        state: MailState::Waiting,
        attempts: 0,
        created_at: now,
        next_at: now,
        sent_at: None,
        error: None,
        invitation,
    };
    Ok(store::mail::insert(tx, &mail).await?)
}

/// What a mail in the outbox says; none if it was erased, or sealed with another master key.
pub fn open(app: &App, mail: &Mail) -> Option<Body> {
    let sealed = mail.sealed.as_ref()?;
    let body = app.seal.open(sealed, place(mail.id).as_bytes()).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A sealed body opens only in the row of its own mail.
fn place(id: MailId) -> String {
    id.to_string()
}

/// A subject is one line: a line break in it would begin another header.
fn one_line(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    printable.take(MAX_SUBJECT).collect::<String>().trim().to_owned()
}

fn greeting(name: &str) -> String {
    format!("Hello {name},")
}

/// A moment as people read it: `28 November 2026, 09:30 UTC`.
fn moment(moment: Timestamp) -> String {
    let form = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    moment.to_date_time().format(form).unwrap_or_else(|_| moment.to_string())
}

/// An address or another thing that may not be known, for a template.
fn text_of(thing: Option<impl ToString>) -> Value {
    thing.map(|thing| thing.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(one_line(" a\r\nBcc: x@example.com "), "a  Bcc: x@example.com");
        assert_eq!(one_line(&"é".repeat(500)).chars().count(), MAX_SUBJECT);
    }

    #[test]
    fn moments_are_written_for_people() {
        let at: Timestamp = "2026-11-08T09:05:59Z".parse().expect("a moment");
        assert_eq!(moment(at), "8 November 2026, 09:05 UTC");
    }
}
