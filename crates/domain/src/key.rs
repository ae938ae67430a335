//! Key: one policy — APIs, networks, limits — and the values with which callers present it.

use std::collections::BTreeSet;

use self::metadata::Metadata;
use crate::{
    allowlist::{ListKinds, Lists},
    id::{AccountId, KeyId, MemberId, ValueId},
    member::{Member, MemberState},
    name::{ApiName, Environment, NetworkName, Title},
    time::Timestamp,
};

pub mod metadata;
pub mod secret;
pub mod text;
pub mod value;

/// Who may hold values of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// One member.
    Own {
        /// The member whose key it is.
        holder: MemberId,
    },
    /// Several members, each with a value of their own, and services with the account's.
    Shared,
}

/// A key. Its id, lists, limits and counters do not change with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its identifier.
    pub id: KeyId,
    /// The account it belongs to.
    pub account: AccountId,
    /// What people call it.
    pub name: Title,
    /// Where it is used.
    pub environment: Environment,
    /// Who may hold values of it.
    pub sharing: Sharing,
    /// The APIs it opens; empty: all that the account subscribes to.
    pub apis: BTreeSet<ApiName>,
    /// The networks it opens; empty: all of those APIs.
    pub networks: BTreeSet<NetworkName>,
    /// What calls with it must pass.
    pub lists: Lists,
    /// Which of its lists only the account's side may change.
    pub locked_lists: ListKinds,
    /// What the account's programs remember of it.
    pub metadata: Metadata,
    /// Its second factor, once one was drawn.
    pub secret: Option<secret::Secret>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is switched off by hand, if it is.
    pub disabled_at: Option<Timestamp>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked for good.
    pub revoked_at: Option<Timestamp>,
    /// The number of its newest version: 1 when it is made, one more with each change of what it allows.
    pub version: u64,
}

/// A stored value: what is known of a text that callers present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its identifier.
    pub id: ValueId,
    /// The key it presents.
    pub key: KeyId,
    /// Whose it is; none: the account's own, for a service.
    pub member: Option<MemberId>,
    /// SHA-256 of the whole text.
    pub hash: value::Hash,
    /// What pages show of it: `kw_ab…9XYZ`.
    pub mask: String,
    /// When it was drawn.
    pub created_at: Timestamp,
    /// End of its grace period, once another value replaced it.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked for good.
    pub revoked_at: Option<Timestamp>,
    /// Since when it is refused because its member may not use the shared key; it comes back when they may.
    pub withheld_at: Option<Timestamp>,
}

/// Why a change to a key or a value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// Nothing comes back from being revoked.
    #[error("the key is revoked for good; make another")]
    Revoked,
    /// Switching off what is off.
    #[error("the key is disabled already")]
    AlreadyDisabled,
    /// Switching on what is on.
    #[error("the key is enabled already")]
    AlreadyEnabled,
    /// A value of an own key for somebody else.
    #[error("the key belongs to another member; only its holder may have values of it")]
    NotTheHolder,
    /// The value was revoked before.
    #[error("the value is revoked already")]
    ValueRevoked,
    /// A first secret for a key that has one.
    #[error("the key has a secret already; rotate it for another")]
    SecretDrawn,
    /// A key without a secret cannot ask for one, nor replace it.
    #[error("the key has no secret yet; draw one first")]
    NoSecret,
    /// Asking for what is asked for.
    #[error("the key asks for its secret already")]
    SecretRequired,
    /// Waiving what is not asked for.
    #[error("the key does not ask for a secret")]
    SecretNotRequired,
    /// Handing over what has no holder.
    #[error("a shared key has no holder; whoever may use keys draws a value of it")]
    Shared,
    /// Handing a key to who has it.
    #[error("the key is theirs already; choose somebody else")]
    HolderAlready,
    /// Handing a key to who cannot use it.
    #[error("a member who is {} cannot be handed a key; choose an active one", .0.as_str())]
    CannotHold(MemberState),
}

/// Whether a key of these APIs opens this one: without any, it opens all that its account subscribes to.
pub fn opens(apis: &BTreeSet<ApiName>, api: &ApiName) -> bool {
    apis.is_empty() || apis.contains(api)
}

impl Key {
    /// A new key that opens all that its account has, and limits nothing.
    pub fn new(
        id: KeyId,
        account: AccountId,
        name: Title,
        environment: Environment,
        sharing: Sharing,
        now: Timestamp,
    ) -> Key {
        Key {
            id,
            account,
            name,
            environment,
            sharing,
            apis: BTreeSet::new(),
            networks: BTreeSet::new(),
            lists: Lists::default(),
            locked_lists: ListKinds::default(),
            metadata: Metadata::default(),
            secret: None,
            created_at: now,
            disabled_at: None,
            expires_at: None,
            revoked_at: None,
            version: 1,
        }
    }

    /// Whether the key opens the API, if its account subscribes to it.
    pub fn opens_api(&self, api: &ApiName) -> bool {
        opens(&self.apis, api)
    }

    /// Gone for good, with all its values.
    pub fn revoke(self, now: Timestamp) -> Result<Key, KeyRefused> {
        match self.revoked_at {
            Some(_) => Err(KeyRefused::Revoked),
            None => Ok(Key { revoked_at: Some(now), ..self }),
        }
    }

    /// Switched off by hand; can be switched on again.
    pub fn disable(self, now: Timestamp) -> Result<Key, KeyRefused> {
        match (self.revoked_at, self.disabled_at) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, Some(_)) => Err(KeyRefused::AlreadyDisabled),
            (None, None) => Ok(Key { disabled_at: Some(now), ..self }),
        }
    }

    /// Switched on again.
    pub fn enable(self) -> Result<Key, KeyRefused> {
        match (self.revoked_at, self.disabled_at) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, None) => Err(KeyRefused::AlreadyEnabled),
            (None, Some(_)) => Ok(Key { disabled_at: None, ..self }),
        }
    }

    /// Another member holds the own key from `now` on. Id, lists, limits and counters stay; the values of the former holder are to
    /// be revoked.
    pub fn hand_over(self, to: &Member, now: Timestamp) -> Result<Key, KeyRefused> {
        let Sharing::Own { holder } = self.sharing else { return Err(KeyRefused::Shared) };
        match (self.revoked_at, to.state_at(now)) {
            (Some(_), _) => Err(KeyRefused::Revoked),
            (None, _) if holder == to.id => Err(KeyRefused::HolderAlready),
            (None, MemberState::Active) => Ok(Key { sharing: Sharing::Own { holder: to.id }, ..self }),
            (None, state) => Err(KeyRefused::CannotHold(state)),
        }
    }

    /// A record of the drawn `text` as a value of this key for `member` (none: the account itself).
    pub fn draw(
        &self,
        id: ValueId,
        member: Option<MemberId>,
        text: &value::ValueText,
        now: Timestamp,
    ) -> Result<Value, KeyRefused> {
        if self.revoked_at.is_some() {
            return Err(KeyRefused::Revoked);
        }
        if let Sharing::Own { holder } = self.sharing
            && member != Some(holder)
        {
            return Err(KeyRefused::NotTheHolder);
        }
        Ok(Value {
            id,
            key: self.id,
            member,
            hash: text.hash(),
            mask: text.mask(),
            created_at: now,
            expires_at: None,
            revoked_at: None,
            withheld_at: None,
        })
    }
}

impl Value {
    /// Ends at `end`, if it does not end sooner; none: it is over already, or ends by then anyway.
    pub fn end_by(self, end: Timestamp) -> Option<Value> {
        let goes_on = self.revoked_at.is_none() && self.expires_at.is_none_or(|earlier| earlier > end);
        goes_on.then_some(Value { expires_at: Some(end), ..self })
    }

    /// When another took its place; none: it has no end. `all`: every value of the key, revoked ones too.
    pub fn replaced_at(&self, all: &[Value]) -> Option<Timestamp> {
        self.expires_at?;
        let follows =
            |other: &&Value| other.member == self.member && (other.created_at, other.id) > (self.created_at, self.id);
        all.iter().filter(follows).map(|other| other.created_at).min()
    }

    /// Gone for good.
    pub fn revoke(self, now: Timestamp) -> Result<Value, KeyRefused> {
        match self.revoked_at {
            Some(_) => Err(KeyRefused::ValueRevoked),
            None => Ok(Value { revoked_at: Some(now), ..self }),
        }
    }

    /// Refused from `now` on while its member may not use the key, and taken again once they may; none where that is so already.
    pub fn follow(self, may_use: bool, now: Timestamp) -> Option<Value> {
        match (may_use, self.withheld_at) {
            (true, Some(_)) => Some(Value { withheld_at: None, ..self }),
            (false, None) => Some(Value { withheld_at: Some(now), ..self }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
