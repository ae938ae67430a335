//! Where a second factor is required, who has none can do nothing but set one up.

use axum::http::StatusCode;
use domain::{
    id::{AccountId, PersonId},
    second_factor::NotWithout,
};

use super::confirmed;
use crate::{app::App, error::Problem};

/// Why the person may do nothing here until they have a second factor; none: nobody requires one, or they have it.
///
/// Errors: those of the store.
pub async fn lacking(app: &App, person: PersonId, account: Option<AccountId>) -> Result<Option<NotWithout>, Problem> {
    let why = match account {
        _ if app.settings.is_second_factor_required => NotWithout::Installation,
        Some(account) if store::second_factor::required_since(&app.store, account).await?.is_some() => {
            NotWithout::Account
        }
        _ => return Ok(None),
    };
    Ok(if confirmed(&app.store, person).await?.is_some() { None } else { Some(why) })
}

/// The same as [`lacking`], for what is refused then.
///
/// Errors: 403 `second_factor_required`; those of the store.
pub async fn demand(app: &App, person: PersonId, account: Option<AccountId>) -> Result<(), Problem> {
    let Some(why) = lacking(app, person, account).await? else { return Ok(()) };
    let detail = format!("{}.", capitalised(&why.to_string()));
    let problem = Problem::new(StatusCode::FORBIDDEN, "second_factor_required", detail);
    Err(problem.hint("Set one up in the dashboard, under your name: Settings."))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + letters.as_str()
}
