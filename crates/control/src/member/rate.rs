//! Rates: how fast a member may call, over all values they own: another key is no way around it.

use std::collections::HashMap;

use domain::{id::MemberId, limit::check_rates, member::Member, quota::Scope, rate_limit::RateLimit};
use store::Source;

use crate::{account::Rate, change::Change, error::Problem};

/// Makes these the member's rate limits. One that was there goes on from where it is.
///
/// Errors: 422 with the place of the first that cannot be; those of the store.
pub async fn set(change: &Change<'_>, seat: &Member, rates: &[Rate]) -> Result<(), Problem> {
    let rates: Vec<RateLimit> =
        rates.iter().map(|rate| RateLimit { scope: Scope::Member, ..RateLimit::from(rate) }).collect();
    // Whatever key they use, and whatever it opens: the limit is the same.
    let dearest = store::subscription::dearest(&change.tx, seat.account, |_| true).await?;
    check_rates(&rates, dearest.as_ref().map(|(api, credits)| (api, *credits)))
        .map_err(|(place, refused)| Problem::field(&format!("rates[{place}].limit"), refused))?;
    Ok(store::rate_limit::replace(&change.tx, seat.id, &rates).await?)
}

/// The member's rate limits, by metric and span.
///
/// Errors: those of the store.
pub async fn list(from: &impl Source, seat: &Member) -> Result<Vec<Rate>, Problem> {
    Ok(store::rate_limit::list(from, seat.id).await?.iter().map(Rate::from).collect())
}

/// Those of several members; a member without any is missing.
///
/// Errors: those of the store.
pub async fn of_members(from: &impl Source, seats: &[MemberId]) -> Result<HashMap<MemberId, Vec<Rate>>, Problem> {
    let found = store::rate_limit::list_of_members(from, seats).await?;
    Ok(found.into_iter().map(|(seat, rates)| (seat, rates.iter().map(Rate::from).collect())).collect())
}
