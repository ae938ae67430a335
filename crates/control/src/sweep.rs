//! Sweep: what is over is deleted after a while, bodies of mails that nobody took are erased, and who is concerned is told of ends
//! that are near.

use domain::{
    idempotency, mail,
    time::{DAY, SECOND, Timestamp},
};

use crate::{app::App, ending, error::Problem};

/// How often, in microseconds.
const EVERY: i64 = 3_600 * SECOND;
/// For how long mails that were sent or given up are listed, in microseconds.
const MAILS_KEPT: i64 = 90 * DAY;
/// For how long sessions, access tokens and links that are over are kept, in microseconds.
const REST_KEPT: i64 = 30 * DAY;

/// Sweeps if it was not done in the last hour; `swept_at` tells when it was.
///
/// Errors: those of the store.
pub async fn in_turn(app: &App, swept_at: &mut Option<Timestamp>) -> Result<(), Problem> {
    let now = app.now();
    if swept_at.is_some_and(|swept_at| (0..EVERY).contains(&now.since(swept_at))) {
        return Ok(());
    }
    ending::tell(app, now).await?;
    let tx = app.store.begin().await?;
    store::mail::sweep(&tx, now.plus(-mail::LIFETIME)).await?;
    store::mail::forget(&tx, now.plus(-MAILS_KEPT)).await?;
    store::session::sweep(&tx, now.plus(-REST_KEPT)).await?;
    store::access_token::sweep(&tx, now.plus(-REST_KEPT)).await?;
    store::idempotency::sweep(&tx, now.plus(-idempotency::LIFETIME)).await?;
    store::link::sweep(&tx, now.plus(-REST_KEPT)).await?;
    store::ending::sweep(&tx, now.plus(-REST_KEPT)).await?;
    store::address_change::sweep(&tx, now.plus(-REST_KEPT)).await?;
    tx.commit().await?;
    *swept_at = Some(now);
    Ok(())
}
