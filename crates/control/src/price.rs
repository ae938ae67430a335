//! Prices: what calls cost, where a limit must leave room for the dearest of them.

use domain::{id::AccountId, name::ApiName};
use store::Source;

use crate::error::Problem;

/// Of the APIs that an account subscribes to and `opens` names, the one with the dearest call, and its credits.
///
/// Errors: those of the store.
pub async fn dearest(
    from: &impl Source,
    account: AccountId,
    opens: impl Fn(&ApiName) -> bool,
) -> Result<Option<(ApiName, u32)>, Problem> {
    let mut dearest: Option<(ApiName, u32)> = None;
    for subscription in store::subscription::list(from, account).await? {
        if !opens(&subscription.api) {
            continue;
        }
        let Some(api) = store::api::find(from, &subscription.api).await? else { continue };
        let credits = api.prices.dearest();
        if dearest.as_ref().is_none_or(|(_, most)| credits > *most) {
            dearest = Some((api.name, credits));
        }
    }
    Ok(dearest)
}
