//! Grant: a role that a member holds on one key, beside the one in the account.

use crate::{
    id::{KeyId, MemberId},
    role::Role,
    time::Timestamp,
};

/// A role on a key. A member has at most one on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The key.
    pub key: KeyId,
    /// Who holds it.
    pub member: MemberId,
    /// Which role.
    pub role: Role,
    /// Who gave it; none: it came with making the key.
    pub granted_by: Option<MemberId>,
    /// Since when.
    pub granted_at: Timestamp,
}
