//! Delivery: mails leave the outbox after the transaction that wrote them. At least once: a node that stops between the server's
//! answer and writing it down sends a mail again.

use std::{sync::Arc, time::Duration};

use domain::{
    mail::Mail,
    time::{SECOND, Timestamp},
};
use tokio::sync::watch;

use crate::{app::App, error::Problem, mail, sweep};

mod smtp;

pub use smtp::{Fault, Smtp, SmtpSettings, SmtpTls, SmtpUnfit};

/// Mails taken out of the outbox at once.
pub const BATCH: u32 = 20;
/// How long to wait for mails without being rung: those that wait for their next try.
const PAUSE: Duration = Duration::from_secs(5);
/// How long to wait after the store or the mail server could not be reached.
const REST: Duration = Duration::from_secs(15);
/// For how long nobody else sends a mail that is being sent, in microseconds; longer than a try can take.
const CLAIM: i64 = 300 * SECOND;

/// What becomes of mails.
pub enum Delivery {
    /// A mail server gets them.
    Smtp(Box<Smtp>),
    /// They stay in the outbox, where the operator reads them.
    Kept,
    /// They stay there, and their text is handed to this function: the demo's terminal.
    Printed(fn(&str)),
}

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// Nothing waits.
    Done,
    /// There may be more.
    More,
    /// It is better to rest first.
    Rest,
}

/// Delivers until it is stopped, and deletes what is over.
pub async fn run(app: Arc<App>, delivery: Delivery, mut stopped: watch::Receiver<bool>) {
    let mut swept_at = None;
    loop {
        let round = async {
            sweep::in_turn(&app, &mut swept_at).await?;
            deliver(&app, &delivery).await
        };
        let round = tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            round = round => round.unwrap_or_else(|problem: Problem| {
                tracing::warn!(error = %problem.detail, "mails wait: the outbox cannot be read");
                Round::Rest
            }),
        };
        let pause = match round {
            Round::More => continue,
            Round::Done => PAUSE,
            Round::Rest => REST,
        };
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = app.mail_waits.notified(), if round == Round::Done => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn deliver(app: &App, delivery: &Delivery) -> Result<Round, Problem> {
    if matches!(delivery, Delivery::Kept) {
        return Ok(Round::Done);
    }
    let due = store::mail::due(&app.store, app.now(), BATCH).await?;
    let round = if due.len() == BATCH as usize { Round::More } else { Round::Done };
    for mail in due {
        match delivery {
            Delivery::Smtp(smtp) => {
                if send(app, smtp, mail).await? == Round::Rest {
                    return Ok(Round::Rest);
                }
            }
            Delivery::Printed(print) => show(app, *print, mail).await?,
            Delivery::Kept => {}
        }
    }
    Ok(round)
}

/// Sends one mail. Where the server cannot be reached at all, the others need not be tried.
async fn send(app: &App, smtp: &Smtp, mail: Mail) -> Result<Round, Problem> {
    let now = app.now();
    let Some(body) = mail::open(app, &mail) else {
        let why = "it was sealed with another master key".to_owned();
        save(app, &mail.not_sent(why, true, now)).await?;
        return Ok(Round::More);
    };
    let mail = mail.claimed(now.plus(CLAIM));
    save(app, &mail).await?;
    let told = smtp.send(&mail, body, now).await;
    let now = app.now();
    let (mail, round) = match told {
        Ok(()) => (mail.sent(now), Round::More),
        Err(fault) => refused(mail, fault, now),
    };
    save(app, &mail).await?;
    Ok(round)
}

fn refused(mail: Mail, fault: Fault, now: Timestamp) -> (Mail, Round) {
    tracing::warn!(mail = %mail.id, error = %fault, "a mail was not taken");
    let round = if fault.is_of_server() { Round::Rest } else { Round::More };
    (mail.not_sent(fault.to_string(), fault.is_permanent(), now), round)
}

async fn show(app: &App, print: fn(&str), mail: Mail) -> Result<(), Problem> {
    if let Some(body) = mail::open(app, &mail) {
        print(&format!("Mail to {}\nSubject: {}\n\n{}", mail.to, mail.subject, body.text));
    }
    save(app, &mail.shown()).await
}

async fn save(app: &App, mail: &Mail) -> Result<(), Problem> {
    let tx = app.store.begin().await?;
    store::mail::save(&tx, mail).await?;
    if let Some((invitation, why)) = mail.lost_invitation() {
        store::invitation::refused(&tx, invitation, why).await?;
    }
    Ok(tx.commit().await?)
}
