//! Codes of a second factor: asked for after the password, and taken once. The seed that makes them is sealed.

use axum::http::StatusCode;
use domain::{
    id::PersonId,
    person::Person,
    second_factor::{self, RecoveryCode, SecondFactor, Seed},
    time::Timestamp,
};
use store::Tx;

use super::confirmed;
use crate::{actor::Peer, app::App, error::Problem};

/// Asks a person who has a second factor for it; their password was right, and the try was counted by
/// [`crate::limit::Limits::sign_in`]. It is given back where they are right, or brought no code yet.
///
/// Errors: 401 `second_factor_needed` without a code; 401 `wrong_code`, which a code is too that was taken before.
pub async fn ask(
    app: &App,
    tx: &Tx,
    (person, peer): (&Person, &Peer),
    code: Option<&str>,
    now: Timestamp,
) -> Result<(), Problem> {
    let told = match (confirmed(tx, person.id).await?, code) {
        (None, _) => Ok(()),
        (Some(_), None) => {
            let detail = "Your password is right; a code of your second factor is missing.";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "second_factor_needed", detail);
            Err(problem.hint("Send it as `code`: six digits of your authenticator, or a recovery code."))
        }
        (Some(factor), Some(code)) if take(app, tx, &factor, code, now).await? => Ok(()),
        (Some(_), Some(_)) => {
            let detail = "This is no code of your second factor, or it was used before.";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "wrong_code", detail);
            return Err(problem.hint("An authenticator shows another one every 30 seconds."));
        }
    };
    app.limits.signed_in(peer, person.email.as_compared());
    told
}

/// Takes a code, once.
async fn take(app: &App, tx: &Tx, factor: &SecondFactor, code: &str, now: Timestamp) -> Result<bool, Problem> {
    if let Some(digits) = second_factor::typed(code) {
        return match open(app, factor)?.step_of(&digits, factor.last_step, now) {
            Some(step) => Ok(store::second_factor::take_step(tx, factor.person, step).await?),
            None => Ok(false),
        };
    }
    match RecoveryCode::typed(code) {
        Some(code) => Ok(store::second_factor::take_code(tx, factor.person, &code.hash(), now).await?),
        None => Ok(false),
    }
}

/// The seed of a second factor.
///
/// Errors: 500 where it does not open.
pub fn open(app: &App, factor: &SecondFactor) -> Result<Seed, Problem> {
    let opened = app.seal.open(&factor.sealed, place(factor.person).as_bytes()).map_err(Problem::internal)?;
    let seed = opened.try_into().map_err(|_| Problem::internal("a sealed seed is not 20 bytes long"))?;
    Ok(Seed::draw(seed))
}

/// What a seed is sealed for: it opens only as that of its own person.
pub fn place(person: PersonId) -> String {
    format!("second factor of {person}")
}
