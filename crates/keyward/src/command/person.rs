//! `keyward person`: who signs in.

use clap::Subcommand;
use control::Page;
use domain::{
    audit::Action,
    id::LinkId,
    link::{Link, Purpose},
    person::Email,
    time::Timestamp,
    token::Token,
};
use serde::Serialize;

use super::{context::Context, failure::Failure, trail};
use crate::{clock, output::moment};

/// What can be done with persons.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Print a link with which somebody who is locked out chooses a new password; links before it do nothing any more.
    Reset {
        /// Their mail address.
        email: Email,
        /// Also take their second factor away: they lost it, and their recovery codes.
        #[arg(long)]
        second_factor: bool,
    },
}

/// A link as JSON shows it.
#[derive(Serialize)]
struct LinkView {
    link: String,
    expires_at: Timestamp,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, command: PersonCommand) -> Result<(), Failure> {
    match command {
        PersonCommand::Reset { email, second_factor } => reset(context, &email, second_factor).await,
    }
}

async fn reset(context: &mut Context<'_>, email: &Email, second_factor: bool) -> Result<(), Failure> {
    let Some(public_url) = context.config.control_url() else {
        let hint = "add public_url to [control]: links are made from it";
        return Err(Failure::refused("where people reach the dashboard is not known", hint));
    };
    let now = context.now();
    let tx = context.store.begin().await?;
    let found = store::person::find_by_email(&tx, email).await?;
    let Some(person) = found else {
        let hint = "invite them to an account, or make them one with keyward account create";
        return Err(Failure::refused(format!("nobody here has the address {email}"), hint));
    };
    if second_factor {
        store::second_factor::delete(&tx, person.id).await?;
        let told = (person.id, person.name.as_str());
        trail::record_of_person(&tx, Action::SecondFactorOff, told, now).await?;
    }
    let token = Token::draw(clock::entropy());
    let link = Link {
        id: LinkId::new(now, clock::entropy_of_id()),
        purpose: Purpose::Reset,
        hash: token.hash(),
        email: Some(person.email),
        person: Some(person.id),
        name: None,
        account_name: None,
        created_at: now,
        used_at: None,
    };
    store::link::replace(&tx, &link).await?;
    tx.commit().await?;
    let view = LinkView { link: Page::Reset.link(&public_url, &token), expires_at: link.expires_at() };
    context.show(&view, &[("link", view.link.clone()), ("until", moment(view.expires_at))])
}
