//! Standings: seats with what they allow, from their roles, their grants and the account's own roles.

use std::collections::{BTreeSet, HashMap};

use domain::{
    grant::Grant,
    id::{KeyId, MemberId, RoleId},
    member::Member,
    role::Role,
    standing::{Rights, Roles, Standing},
};

use crate::{Source, StoreError, grant, role};

/// What a seat allows.
pub async fn of(from: &impl Source, seat: Member) -> Result<Standing, StoreError> {
    let standings = of_seats(from, std::slice::from_ref(&seat)).await?;
    Ok(standings.of(&seat))
}

/// What a seat allows in its account and on one key; none: in its account alone.
pub async fn on(from: &impl Source, seat: Member, key: Option<KeyId>) -> Result<Standing, StoreError> {
    let grant = match key {
        Some(key) => grant::find(from, seat.id, key).await?,
        None => None,
    };
    let standings = with(from, seat.role.into_iter(), grant.into_iter().collect()).await?;
    Ok(standings.of(&seat))
}

/// All that decides what some seats allow.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// The roles that they hold, of accounts and of keys.
    pub roles: Roles,
    /// The grants of each member.
    pub grants: HashMap<MemberId, Vec<Grant>>,
}

/// That of these seats, read at once for all of them.
pub async fn of_seats(from: &impl Source, seats: &[Member]) -> Result<Standings, StoreError> {
    let members: Vec<MemberId> = seats.iter().map(|seat| seat.id).collect();
    let grants = grant::list_of_members(from, &members).await?;
    with(from, seats.iter().filter_map(|seat| seat.role), grants).await
}

/// That of seats that hold these roles in an account and these grants.
pub async fn with(
    from: &impl Source,
    held: impl Iterator<Item = Role>,
    grants: Vec<Grant>,
) -> Result<Standings, StoreError> {
    let held = held.chain(grants.iter().map(|grant| grant.role));
    let ids: BTreeSet<RoleId> = held.filter_map(Role::custom).collect();
    let ids: Vec<RoleId> = ids.into_iter().collect();
    let roles = role::list_these(from, &ids).await?.into_iter().map(|role| (role.id, role)).collect();
    let mut of: HashMap<MemberId, Vec<Grant>> = HashMap::new();
    for grant in grants {
        of.entry(grant.member).or_default().push(grant);
    }
    Ok(Standings { roles, grants: of })
}

impl Standings {
    /// What a seat allows.
    pub fn of(&self, seat: &Member) -> Standing {
        Standing { rights: Rights::of(seat.role, self.granted(seat.id), &self.roles), seat: seat.clone() }
    }

    /// The grants of a member.
    pub fn granted(&self, member: MemberId) -> &[Grant] {
        self.grants.get(&member).map_or(&[], Vec::as_slice)
    }
}
