//! Member: a person's seat in an account; the owner has one too. `pending → active ⇄ suspended → removed`, and `ended` from the
//! moment that was set for it.

use crate::{
    id::{AccountId, MemberId, PersonId},
    name::Title,
    person::Email,
    role::Role,
    time::Timestamp,
};

/// A member. Its state follows from the moments: see [`Member::state`] and [`Member::state_at`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its identifier.
    pub id: MemberId,
    /// The account it is a seat of.
    pub account: AccountId,
    /// What the account calls the person.
    pub name: Title,
    /// Where the invitation went.
    pub email: Email,
    /// Who took the seat; none while it is pending.
    pub person: Option<PersonId>,
    /// The role in the account; none: a seat for keys only, which lasts as long as it has a grant on one.
    pub role: Option<Role>,
    /// When the seat was made.
    pub created_at: Timestamp,
    /// When the person took the seat.
    pub activated_at: Option<Timestamp>,
    /// Since when the member's values are refused, if they are.
    pub suspended_at: Option<Timestamp>,
    /// From when on the seat is over by itself, until a later end is set.
    pub ends_at: Option<Timestamp>,
    /// When the seat was given up for good.
    pub removed_at: Option<Timestamp>,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberState {
    /// Invited; pages say "Invited".
    Pending,
    /// May call and sign in.
    Active,
    /// Every value the member owns is refused; nothing is lost.
    Suspended,
    /// Its end has passed; nothing is lost, and a later end brings it back.
    Ended,
    /// Gone for good; the log keeps the name.
    Removed,
}

impl MemberState {
    /// The word for it everywhere.
    pub const fn as_str(self) -> &'static str {
        match self {
            MemberState::Pending => "pending",
            MemberState::Active => "active",
            MemberState::Suspended => "suspended",
            MemberState::Ended => "ended",
            MemberState::Removed => "removed",
        }
    }
}

/// Why a change to a member was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberRefused {
    /// The transition is not one of the states' arrows.
    #[error("a member who is {} cannot be {to}", .from.as_str())]
    NoSuchStep {
        /// Where the member stands.
        from: MemberState,
        /// What was asked for.
        to: &'static str,
    },
    /// Nobody acts on their own seat.
    #[error("you cannot be {to} by yourself; ask another admin")]
    Oneself {
        /// What was asked for.
        to: &'static str,
    },
    /// The other may do more.
    #[error("{name} may do what you may not, so you cannot change their seat")]
    Above {
        /// The other.
        name: Title,
    },
    /// A moment that has passed ends nothing.
    #[error("this moment is over; choose a later one, or suspend the member to stop them at once")]
    EndIsOver,
    /// The account would be without its owner.
    #[error("the owner of an account cannot be {to}; hand the account over first")]
    Owner {
        /// What was asked for.
        to: &'static str,
    },
}

impl Member {
    /// The state that was brought about by what somebody did; the last of it wins. Whether the seat's end has passed takes a clock:
    /// see [`Member::state_at`].
    pub fn state(&self) -> MemberState {
        match (self.removed_at, self.suspended_at, self.activated_at) {
            (Some(_), _, _) => MemberState::Removed,
            (None, Some(_), _) => MemberState::Suspended,
            (None, None, Some(_)) => MemberState::Active,
            (None, None, None) => MemberState::Pending,
        }
    }

    /// Where the member stands at a moment: `Ended` where they would be active if the seat had no end.
    pub fn state_at(&self, now: Timestamp) -> MemberState {
        match self.state() {
            MemberState::Active if self.is_over(now) => MemberState::Ended,
            state => state,
        }
    }

    /// Whether the seat's end has passed.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }

    /// The seat ends at this moment; none: not by itself.
    pub fn end_at(self, ends_at: Option<Timestamp>, now: Timestamp) -> Result<Member, MemberRefused> {
        self.not_the_owner("given an end")?;
        match (self.state(), ends_at) {
            (MemberState::Removed, _) => {
                Err(MemberRefused::NoSuchStep { from: MemberState::Removed, to: "given an end" })
            }
            // What is there already may stay, also when it has passed.
            (_, Some(end)) if end <= now && self.ends_at != ends_at => Err(MemberRefused::EndIsOver),
            _ => Ok(Member { ends_at, ..self }),
        }
    }

    /// The pending seat is taken by a person.
    pub fn join(self, person: PersonId, now: Timestamp) -> Result<Member, MemberRefused> {
        match self.state() {
            MemberState::Pending => Ok(Member { person: Some(person), activated_at: Some(now), ..self }),
            from => Err(MemberRefused::NoSuchStep { from, to: "activated" }),
        }
    }

    /// A pending seat is taken, or a suspension is taken back.
    pub fn activate(self, now: Timestamp) -> Result<Member, MemberRefused> {
        match self.state() {
            MemberState::Pending => Ok(Member { activated_at: Some(now), ..self }),
            MemberState::Suspended => Ok(Member { suspended_at: None, ..self }),
            from => Err(MemberRefused::NoSuchStep { from, to: "activated" }),
        }
    }

    /// A suspension is taken back; what was switched off by hand stays so.
    pub fn resume(self) -> Result<Member, MemberRefused> {
        match self.state() {
            MemberState::Suspended => Ok(Member { suspended_at: None, ..self }),
            from => Err(MemberRefused::NoSuchStep { from, to: "activated" }),
        }
    }

    /// Every value the member owns is refused from `now` on.
    pub fn suspend(self, now: Timestamp) -> Result<Member, MemberRefused> {
        self.not_the_owner("suspended")?;
        match self.state() {
            MemberState::Active => Ok(Member { suspended_at: Some(now), ..self }),
            from => Err(MemberRefused::NoSuchStep { from, to: "suspended" }),
        }
    }

    /// The seat is given up; its values are revoked with it.
    pub fn remove(self, now: Timestamp) -> Result<Member, MemberRefused> {
        self.not_the_owner("removed")?;
        match self.state() {
            MemberState::Removed => Err(MemberRefused::NoSuchStep { from: MemberState::Removed, to: "removed" }),
            _ => Ok(Member { removed_at: Some(now), ..self }),
        }
    }

    /// Whether it is the seat of the account's owner.
    pub fn is_owner(&self) -> bool {
        self.role == Some(Role::Owner)
    }

    /// Errors: nothing is done to an owner.
    pub(crate) fn not_the_owner(&self, to: &'static str) -> Result<(), MemberRefused> {
        if self.is_owner() { Err(MemberRefused::Owner { to }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
