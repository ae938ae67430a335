//! Invitation: an offer of a seat, sent by mail, with an activation link.

use crate::{
    id::{AccountId, InvitationId, MemberId},
    member::{Member, MemberState},
    permission::Permissions,
    person::Email,
    role::{Role, may_give},
    standing::Standing,
    time::{DAY, SECOND, Timestamp},
    token::TokenHash,
};

/// How long the link can be followed, in microseconds.
pub const LIFETIME: i64 = 7 * DAY;
/// The most invitations of an account in an hour, those sent again too.
pub const MAX_AN_HOUR: u64 = 20;
/// An hour, in microseconds.
pub const HOUR: i64 = 3_600 * SECOND;

/// An invitation. A seat has one at a time; sent again it is another, and the one before is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// The account.
    pub account: AccountId,
    /// The pending seat that it offers.
    pub member: MemberId,
    /// Who sent it; none: the operator, by a command.
    pub invited_by: Option<MemberId>,
    /// Hash of the token in the link.
    pub hash: TokenHash,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was withdrawn, or replaced by another.
    pub withdrawn_at: Option<Timestamp>,
    /// Why its mail was given up: the mail server's words.
    pub refused: Option<String>,
}

/// Why a seat is not offered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvitationRefused {
    /// One person, one seat.
    #[error("{email} has a seat in the account already ({})", .state.as_str())]
    HasASeat {
        /// The address.
        email: Email,
        /// Where the seat stands.
        state: MemberState,
    },
    /// Too many in an hour.
    #[error("an account sends at most {MAX_AN_HOUR} invitations an hour; try again later")]
    TooMany,
    /// The owner is one, and is not invited; nor is who made a key.
    #[error("nobody is invited as {0}; choose another role")]
    NotOffered(Role),
    /// Somebody offers more than they hold.
    #[error("you cannot give a role that allows what you may not do yourself")]
    BeyondTheInviter,
    /// The seat is taken or gone.
    #[error("the seat is {} and cannot be offered", .0.as_str())]
    NotPending(MemberState),
}

/// Why an invitation cannot be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAcceptable {
    /// It was accepted, withdrawn, replaced, or is too old.
    #[error("the invitation was used, withdrawn, replaced or is older than 7 days; ask for another")]
    Over,
    /// Who sent it no longer holds what it offers.
    #[error("who invited you may no longer give this seat; ask for another invitation")]
    InviterMayNot,
    /// The seat ended before it was taken.
    #[error("the seat ended before the invitation was accepted; ask for a later end")]
    SeatEnded,
}

/// Whether somebody with the permissions `mine` in a scope may offer `role`, which allows `offered` there, given the seat that the
/// invited address has in the account, if it has one, and how many invitations its last hour saw.
///
/// Errors: which rule forbids it.
pub fn may_invite(
    mine: Permissions,
    (role, offered): (Role, Permissions),
    present: Option<&Member>,
    in_the_last_hour: u64,
) -> Result<(), InvitationRefused> {
    if matches!(role, Role::Owner | Role::Creator) {
        return Err(InvitationRefused::NotOffered(role));
    }
    if may_give(mine, offered).is_err() {
        return Err(InvitationRefused::BeyondTheInviter);
    }
    if let Some(seat) = present {
        return Err(InvitationRefused::HasASeat { email: seat.email.clone(), state: seat.state() });
    }
    may_send(in_the_last_hour)
}

/// Whether an account may send another one.
///
/// Errors: [`InvitationRefused::TooMany`].
pub fn may_send(in_the_last_hour: u64) -> Result<(), InvitationRefused> {
    if in_the_last_hour < MAX_AN_HOUR { Ok(()) } else { Err(InvitationRefused::TooMany) }
}

impl Invitation {
    /// From when on it cannot be followed.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.plus(LIFETIME)
    }

    /// Whether it can be followed.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.accepted_at.is_none() && self.withdrawn_at.is_none() && now < self.expires_at()
    }

    /// Withdrawn, or replaced by another.
    pub fn withdraw(self, now: Timestamp) -> Invitation {
        Invitation { withdrawn_at: self.withdrawn_at.or(Some(now)), ..self }
    }

    /// Accepted for the pending seat `offered`, with all that it would allow. `inviter` is who sent it, if that was a member: they
    /// must still hold all of it.
    ///
    /// Errors: which rule forbids it.
    pub fn accept(
        self,
        offered: &Standing,
        inviter: Option<&Standing>,
        now: Timestamp,
    ) -> Result<Invitation, NotAcceptable> {
        let seat = &offered.seat;
        if !self.is_open(now) || seat.state() != MemberState::Pending || seat.id != self.member {
            return Err(NotAcceptable::Over);
        }
        if offered.seat.is_over(now) {
            return Err(NotAcceptable::SeatEnded);
        }
        let holds = |inviter: &Standing| {
            inviter.seat.state_at(now) == MemberState::Active && inviter.rights.cover(&offered.rights)
        };
        let may = match (self.invited_by, inviter) {
            (None, _) => true,
            (Some(sender), Some(inviter)) => inviter.seat.id == sender && holds(inviter),
            (Some(_), None) => false,
        };
        if may { Ok(Invitation { accepted_at: Some(now), ..self }) } else { Err(NotAcceptable::InviterMayNot) }
    }
}

#[cfg(test)]
mod tests;
