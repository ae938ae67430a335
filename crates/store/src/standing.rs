//! Standings: seats with what they allow, from their roles, their grants and the account's own roles.

use std::collections::HashMap;

use domain::{
    grant::Grant,
    id::{AccountId, MemberId, RoleId},
    member::Member,
    standing::{Rights, Roles, Standing},
};

use crate::{Source, StoreError, grant, role};

/// What a seat allows.
pub async fn of(from: &impl Source, seat: Member) -> Result<Standing, StoreError> {
    let grants = grant::list_of_member(from, seat.id).await?;
    let held = seat.role.iter().chain(grants.iter().map(|grant| &grant.role));
    let mut ids: Vec<RoleId> = held.filter_map(|role| role.custom()).collect();
    ids.sort_unstable();
    ids.dedup();
    let roles: Roles = role::list_these(from, &ids).await?.into_iter().map(|role| (role.id, role)).collect();
    Ok(Standing { rights: Rights::of(seat.role, &grants, &roles), seat })
}

/// All that decides what the seats of an account allow.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// The roles of the account and of its keys.
    pub roles: Roles,
    /// The grants of each member.
    pub grants: HashMap<MemberId, Vec<Grant>>,
}

/// That of an account, read at once for all of its seats.
pub async fn of_account(from: &impl Source, account: AccountId) -> Result<Standings, StoreError> {
    let roles = role::list_of_account(from, account).await?.into_iter().map(|role| (role.id, role)).collect();
    let mut grants: HashMap<MemberId, Vec<Grant>> = HashMap::new();
    for grant in grant::list_of_account(from, account).await? {
        grants.entry(grant.member).or_default().push(grant);
    }
    Ok(Standings { roles, grants })
}

impl Standings {
    /// What a seat of the account allows.
    pub fn of(&self, seat: &Member) -> Standing {
        Standing { rights: Rights::of(seat.role, self.granted(seat.id), &self.roles), seat: seat.clone() }
    }

    /// The grants of a member.
    pub fn granted(&self, member: MemberId) -> &[Grant] {
        self.grants.get(&member).map_or(&[], Vec::as_slice)
    }
}
