//! Second factor: a person sets it up, proves it when they sign in, and takes it away again. The seed is stored sealed; recovery
//! codes are shown once and stored as hashes.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    audit::Action,
    id::PersonId,
    second_factor::{self, RECOVERY_CODES, RecoveryCode, SecondFactor, Seed},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::{Source, Tx};
use utoipa::ToSchema;

use crate::{
    actor::Signed,
    app::App,
    audit::{self, Who},
    body::{Body, Nothing},
    error::Problem,
    host,
    mail::{self, SecurityNotice},
    person::prove_password,
    session::{self, what},
    view::Moment,
};

pub mod rule;

mod code;
mod demand;

pub use code::ask;
pub use demand::{demand, lacking};

use code::{open, place};

/// Your second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub struct SecondFactorView {
    /// Since when it is asked for; null: you have none.
    confirmed_at: Option<Moment>,
    /// How many recovery codes were not used.
    recovery_codes_left: u64,
}

/// Your password, so that nobody else at your screen does this.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordProof {
    /// The password.
    password: String,
}

/// Your password, and a code of your second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BothProofs {
    /// The password.
    password: String,
    /// Six digits of your authenticator, or a recovery code.
    code: String,
}

/// The first code of a second factor that is being set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    /// Six digits of your authenticator.
    code: String,
}

/// A second factor that is not asked for until it is confirmed.
#[derive(Serialize, ToSchema)]
pub struct BegunSecondFactor {
    /// What an authenticator scans, as a QR code: `otpauth://totp/…`.
    uri: String,
    /// The same seed to type by hand, in base 32.
    seed: String,
}

/// Recovery codes, shown now and never again.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each lets you in once, without your authenticator.
    recovery_codes: Vec<String>,
}

/// Whether you have a second factor.
#[utoipa::path(
    get, path = "/me/second-factor", operation_id = "get_second_factor", tag = "second factor",
    responses(
        (status = 200, description = "Yours", body = SecondFactorView),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub async fn get_second_factor(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<SecondFactorView>, Problem> {
    let found = confirmed(&app.store, signed.person.id).await?;
    let recovery_codes_left = store::second_factor::codes_left(&app.store, signed.person.id).await?;
    let confirmed_at = found.and_then(|factor| factor.confirmed_at).map(Moment);
    Ok(Json(SecondFactorView { confirmed_at, recovery_codes_left }))
}

/// Begin to set up a second factor. It is not asked for until you confirm it with a code.
#[utoipa::path(
    post, path = "/me/second-factor", operation_id = "begin_second_factor", tag = "second factor",
    request_body = PasswordProof,
    responses(
        (status = 201, description = "Put it into your authenticator", body = BegunSecondFactor),
        (status = 401, description = "Nobody is signed in, or the password is wrong", body = Problem),
        (status = 409, description = "You have one", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn begin_second_factor(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(proof): Body<PasswordProof>,
) -> Result<(StatusCode, Json<BegunSecondFactor>), Problem> {
    prove_password(&app, &signed, &proof.password).await?;
    app.limits.signed_in(&signed.peer, signed.person.email.as_compared());
    let (now, person) = (app.now(), &signed.person);
    let seed = Seed::draw(*(app.entropy)().first_chunk().expect("20 of 32 bytes"));
    let tx = app.store.begin().await?;
    if confirmed(&tx, person.id).await?.is_some() {
        return Err(Problem::refused("you have a second factor; turn it off before you set up another"));
    }
    store::second_factor::delete(&tx, person.id).await?;
    let sealed = app.seal.seal(seed.bytes(), place(person.id).as_bytes(), (app.entropy)());
    let begun = SecondFactor { person: person.id, sealed, created_at: now, confirmed_at: None, last_step: 0 };
    store::second_factor::insert(&tx, &begun).await?;
    tx.commit().await?;
    let uri = seed.uri(host::authority(&app.settings.public_url), person.email.as_typed());
    Ok((StatusCode::CREATED, Json(BegunSecondFactor { uri, seed: seed.base32() })))
}

/// Confirm the second factor with a code: it is asked for at each sign-in from now on. The answer has your recovery codes, once.
#[utoipa::path(
    post, path = "/me/second-factor/confirm", operation_id = "confirm_second_factor", tag = "second factor",
    request_body = FirstCode,
    responses(
        (status = 200, description = "It is on", body = RecoveryCodes),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 409, description = "None is being set up", body = Problem),
        (status = 422, description = "It is not the code of this moment", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn confirm_second_factor(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(first): Body<FirstCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let (now, person) = (app.now(), &signed.person);
    app.limits.sign_in(&signed.peer, person.email.as_compared())?;
    let tx = app.store.begin().await?;
    let begun = store::second_factor::find(&tx, person.id).await?.filter(|factor| factor.confirmed_at.is_none());
    let begun = begun.ok_or_else(|| Problem::refused("no second factor is being set up; begin again"))?;
    let digits = second_factor::typed(&first.code);
    let step = digits.and_then(|digits| open(&app, &begun).ok()?.step_of(&digits, begun.last_step, now));
    let Some(last_step) = step else {
        let why = "this is not the code of this moment; is the clock of your device right?";
        return Err(Problem::field("code", why));
    };
    app.limits.signed_in(&signed.peer, person.email.as_compared());
    store::second_factor::save(&tx, &SecondFactor { confirmed_at: Some(now), last_step, ..begun }).await?;
    let codes = draw_codes(&app, &tx, person.id).await?;
    told(&app, &tx, &signed, (Action::SecondFactorOn, SecurityNotice::SecondFactorOn), now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Json(codes))
}

/// Draw new recovery codes; those from before do nothing any more.
#[utoipa::path(
    post, path = "/me/second-factor/recovery-codes", operation_id = "draw_recovery_codes", tag = "second factor",
    request_body = BothProofs,
    responses(
        (status = 200, description = "The new ones", body = RecoveryCodes),
        (status = 401, description = "Nobody is signed in, or password or code are wrong", body = Problem),
        (status = 409, description = "You have no second factor", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn draw_recovery_codes(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(proofs): Body<BothProofs>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let (tx, now) = prove_both(&app, &signed, &proofs).await?;
    let codes = draw_codes(&app, &tx, signed.person.id).await?;
    told(&app, &tx, &signed, (Action::RecoveryCodesDraw, SecurityNotice::RecoveryCodes), now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Json(codes))
}

/// Turn the second factor off. All your other sessions and your access tokens end, and your address gets a mail.
#[utoipa::path(
    post, path = "/me/second-factor/remove", operation_id = "remove_second_factor", tag = "second factor",
    request_body = BothProofs,
    responses(
        (status = 204, description = "The password is enough from now on"),
        (status = 401, description = "Nobody is signed in, or password or code are wrong", body = Problem),
        (status = 409, description = "You have no second factor", body = Problem),
        (status = 429, description = "Tried too often", body = Problem),
    )
)]
pub async fn remove_second_factor(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(proofs): Body<BothProofs>,
) -> Result<Nothing, Problem> {
    let (tx, now) = prove_both(&app, &signed, &proofs).await?;
    store::second_factor::delete(&tx, signed.person.id).await?;
    session::end_others(&tx, signed.person.id, Some(signed.session.id), now).await?;
    told(&app, &tx, &signed, (Action::SecondFactorOff, SecurityNotice::SecondFactorOff), now).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(Nothing)
}

/// The second factor that a person is asked for, if they have one.
///
/// Errors: those of the store.
pub async fn confirmed(from: &impl Source, person: PersonId) -> Result<Option<SecondFactor>, Problem> {
    Ok(store::second_factor::find(from, person).await?.filter(|factor| factor.confirmed_at.is_some()))
}

async fn prove_both(app: &App, signed: &Signed, proofs: &BothProofs) -> Result<(Tx, Timestamp), Problem> {
    prove_password(app, signed, &proofs.password).await?;
    let (tx, now) = (app.store.begin().await?, app.now());
    if confirmed(&tx, signed.person.id).await?.is_none() {
        return Err(Problem::refused("you have no second factor"));
    }
    ask(app, &tx, (&signed.person, &signed.peer), Some(&proofs.code), now).await?;
    Ok((tx, now))
}

async fn draw_codes(app: &App, tx: &Tx, person: PersonId) -> Result<RecoveryCodes, Problem> {
    let draw = |_| RecoveryCode::draw(*(app.entropy)().first_chunk().expect("10 of 32 bytes"));
    let codes: Vec<RecoveryCode> = (0..RECOVERY_CODES).map(draw).collect();
    let hashes: Vec<_> = codes.iter().map(RecoveryCode::hash).collect();
    store::second_factor::replace_codes(tx, person, &hashes).await?;
    Ok(RecoveryCodes { recovery_codes: codes.iter().map(RecoveryCode::reveal).collect() })
}

/// What is done is in the audit trail and in a mail.
async fn told(
    app: &App,
    tx: &Tx,
    signed: &Signed,
    (action, notice): (Action, SecurityNotice<'_>),
    now: Timestamp,
) -> Result<(), Problem> {
    let person = &signed.person;
    let letter = app.letters.security(&person.name, notice, (now, signed.peer.address))?;
    mail::post(app, tx, &person.email, letter, now).await?;
    audit::record(app, tx, &Who::from(signed), what(action, person), now).await
}
