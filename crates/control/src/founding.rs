//! Founding: an account of a person's own, with their seat as its owner and a subscription to each API under its default plan.

use domain::{
    account::Account, audit::Action, member::Member, name::Title, person::Person, role::Role,
    subscription::Subscription, time::Timestamp,
};
use store::Tx;

use crate::{
    actor::Peer,
    app::App,
    audit::{self, What, Who},
    error::Problem,
};

/// Founds an account.
///
/// Errors: those of the store.
pub async fn found(
    app: &App,
    tx: &Tx,
    (person, peer): (&Person, &Peer),
    name: Title,
    now: Timestamp,
) -> Result<Account, Problem> {
    let account = Account { id: app.id(now), name, created_at: now, suspended_at: None, lists: Default::default() };
    let owner = Member {
        id: app.id(now),
        account: account.id,
        name: person.name.clone(),
        email: person.email.clone(),
        person: Some(person.id),
        role: Some(Role::Owner),
        created_at: now,
        activated_at: Some(now),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    store::account::insert(tx, &account).await?;
    store::member::insert(tx, &owner).await?;
    for api in store::api::list(tx).await? {
        let Some(plan) = api.default_plan else { continue };
        let subscription = Subscription { id: app.id(now), account: account.id, api: api.name, plan, started_at: now };
        store::subscription::insert(tx, &subscription, now, &mut || app.random()).await?;
    }
    let who = Who::person(person.id, person.name.as_str(), peer).in_seat(account.id, owner.id);
    let what = What {
        action: Action::AccountCreate,
        subject: account.id.to_string(),
        name: account.name.as_str(),
        before: None,
        after: None,
    };
    audit::record(app, tx, &who, what, now).await?;
    Ok(account)
}
