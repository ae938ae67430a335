//! Ownership: an account has one owner, who can offer it to another member. It changes hands once both have said so.

use crate::{
    id::{AccountId, MemberId, OwnershipOfferId},
    member::{Member, MemberState},
    role::Role,
    time::{DAY, Timestamp},
};

/// How long an offer stands.
pub const LIFETIME: i64 = 7 * DAY;

/// The owner's word that somebody else may own the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnershipOffer {
    /// Its identifier.
    pub id: OwnershipOfferId,
    /// The account that is offered.
    pub account: AccountId,
    /// Who offers it.
    pub owner: MemberId,
    /// To whom.
    pub successor: MemberId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the account changed hands.
    pub accepted_at: Option<Timestamp>,
    /// When the successor said no.
    pub declined_at: Option<Timestamp>,
    /// When the owner took it back.
    pub withdrawn_at: Option<Timestamp>,
}

/// Why an account is not offered, or does not change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnershipRefused {
    /// Only what one has can be offered.
    #[error("only the owner of the account can offer it")]
    NotTheOwner,
    /// The owner is the owner.
    #[error("you own the account already; choose another member")]
    Oneself,
    /// Who cannot act cannot own.
    #[error("a member who is {} cannot own the account; choose an active one", .0.as_str())]
    NotActive(MemberState),
    /// Another offer is in the way.
    #[error("the account is offered to somebody already; withdraw that offer first")]
    Standing,
    /// It was accepted, declined, withdrawn, or is too old.
    #[error("the offer was accepted, declined or withdrawn, or is older than 7 days; ask for another")]
    Over,
}

/// Whether `owner` may offer the account to `successor`. `standing`: the offer that was made before and is not over.
///
/// Errors: which rule forbids it.
pub fn may_offer(
    owner: &Member,
    successor: &Member,
    standing: Option<&OwnershipOffer>,
    now: Timestamp,
) -> Result<(), OwnershipRefused> {
    if !owner.is_owner() {
        return Err(OwnershipRefused::NotTheOwner);
    }
    if owner.id == successor.id {
        return Err(OwnershipRefused::Oneself);
    }
    if standing.is_some_and(|offer| offer.is_open(now)) {
        return Err(OwnershipRefused::Standing);
    }
    can_own(successor, now)
}

impl OwnershipOffer {
    /// From when on it cannot be accepted.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.plus(LIFETIME)
    }

    /// Whether it can be accepted.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let answered = self.accepted_at.or(self.declined_at).or(self.withdrawn_at);
        answered.is_none() && now < self.expires_at()
    }

    /// Taken back by the owner, or replaced.
    pub fn withdraw(self, now: Timestamp) -> OwnershipOffer {
        OwnershipOffer { withdrawn_at: self.withdrawn_at.or(Some(now)), ..self }
    }

    /// Turned down by the successor.
    ///
    /// Errors: [`OwnershipRefused::Over`].
    pub fn decline(self, now: Timestamp) -> Result<OwnershipOffer, OwnershipRefused> {
        if self.is_open(now) {
            Ok(OwnershipOffer { declined_at: Some(now), ..self })
        } else {
            Err(OwnershipRefused::Over)
        }
    }

    /// The account changes hands: the offer, the former owner as an admin, and the successor as the owner, whose seat has no end.
    ///
    /// Errors: the offer is over, or one of the two seats is not what it was.
    pub fn accept(
        self,
        owner: Member,
        successor: Member,
        now: Timestamp,
    ) -> Result<(OwnershipOffer, Member, Member), OwnershipRefused> {
        if !self.is_open(now) || successor.id != self.successor || owner.id != self.owner {
            return Err(OwnershipRefused::Over);
        }
        if !owner.is_owner() || owner.state() == MemberState::Removed {
            return Err(OwnershipRefused::NotTheOwner);
        }
        can_own(&successor, now)?;
        let former = Member { role: Some(Role::Admin), ..owner };
        let owner = Member { role: Some(Role::Owner), ends_at: None, ..successor };
        Ok((OwnershipOffer { accepted_at: Some(now), ..self }, former, owner))
    }
}

fn can_own(member: &Member, now: Timestamp) -> Result<(), OwnershipRefused> {
    match member.state_at(now) {
        MemberState::Active => Ok(()),
        state => Err(OwnershipRefused::NotActive(state)),
    }
}

#[cfg(test)]
mod tests;
