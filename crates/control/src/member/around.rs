//! What is known beside members themselves, read once for all that are shown: what they hold, use and are limited by.

use std::collections::HashMap;

use domain::{
    id::{AccountId, KeyId, MemberId, PersonId},
    invitation::Invitation,
    member::Member,
    name::Title,
    quota::Period,
    time::Timestamp,
};
use store::{request_log, standing::Standings};

use super::{
    cap::{self, CapView},
    rate,
};
use crate::{account::Rate, app::App, error::Problem};

/// What is known beside the members themselves.
pub struct Around {
    /// The moment of all of it.
    pub now: Timestamp,
    /// The version of each seat.
    pub versions: HashMap<MemberId, u64>,
    /// What was called with their values since midnight UTC.
    pub today: HashMap<MemberId, request_log::Spend<Option<MemberId>>>,
    /// When persons were here last.
    pub seen: HashMap<PersonId, Timestamp>,
    /// Their quotas, and how much of each is used.
    pub caps: HashMap<MemberId, Vec<CapView>>,
    /// How fast they may call.
    pub rates: HashMap<MemberId, Vec<Rate>>,
    /// How many keys that are not revoked they hold.
    pub held: HashMap<MemberId, u64>,
    /// Of pending seats: the newest invitation.
    pub invitations: HashMap<MemberId, Invitation>,
    /// What those who invited them are called.
    pub names: HashMap<MemberId, Title>,
    /// Their roles and grants.
    pub standings: Standings,
    /// What the keys of these grants are called.
    pub keys: HashMap<KeyId, Title>,
}

impl Around {
    /// What is known around these members of an account.
    ///
    /// Errors: those of the store.
    pub async fn of(app: &App, account: AccountId, seats: &[Member]) -> Result<Around, Problem> {
        let (from, now) = (&app.store, app.now());
        let ids: Vec<MemberId> = seats.iter().map(|seat| seat.id).collect();
        // The versions first: what is read after them is as new, or newer, and a change based on it is then refused, not lost.
        let versions = store::member::versions(from, &ids).await?;
        let invitations = store::invitation::of_pending(from, seats).await?;
        let inviters: Vec<MemberId> = invitations.values().filter_map(|sent| sent.invited_by).collect();
        let inviters = store::member::list_these(from, &inviters).await?;
        let persons: Vec<PersonId> = seats.iter().filter_map(|seat| seat.person).collect();
        let standings = store::standing::of_seats(from, seats).await?;
        let granted: Vec<KeyId> = standings.grants.values().flatten().map(|grant| grant.key).collect();
        let keys = store::key::list_these(from, &granted).await?;
        Ok(Around {
            now,
            versions,
            today: today(app, account, &ids, now).await?,
            seen: store::session::last_seen(from, &persons).await?.into_iter().collect(),
            caps: cap::of_members(app, account, &ids, now).await?,
            rates: rate::of_members(from, &ids).await?,
            held: store::tally::keys(from, &ids).await?,
            invitations,
            names: inviters.into_iter().map(|seat| (seat.id, seat.name)).collect(),
            standings,
            keys: keys.into_iter().map(|key| (key.id, key.name)).collect(),
        })
    }
}

async fn today(
    app: &App,
    account: AccountId,
    ids: &[MemberId],
    now: Timestamp,
) -> Result<HashMap<MemberId, request_log::Spend<Option<MemberId>>>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let after = Some(Period::Day.window(now, now).start);
    let filter =
        request_log::Filter { account: Some(account), members: ids.to_vec(), after, ..request_log::Filter::default() };
    let spent = request_log::by_member(&app.store, &filter).await?;
    Ok(spent.into_iter().filter_map(|spend| Some((spend.who?, spend))).collect())
}
