//! Permission: one thing that a role allows. Names are those that refusals, roles and the audit trail tell.

use std::fmt;

use crate::word::{as_text, words};

mod module;

pub use module::{Module, NotAModule};

/// A single permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Permission {
    /// See keys and their masked values.
    KeysView,
    /// Draw values of shared keys, and call with them in the tester.
    KeysUse,
    /// Make keys.
    KeysCreate,
    /// Rename keys, enable and disable them, change what they open.
    KeysEdit,
    /// Draw values for services.
    KeysRotate,
    /// Revoke keys and values for good.
    KeysRevoke,
    /// See allowlists and limits.
    SecurityView,
    /// Switch a key's secret on and off.
    SecuritySecret,
    /// Change the list of addresses.
    SecurityAddresses,
    /// Change the list of domains.
    SecurityDomains,
    /// Change the list of methods.
    SecurityMethods,
    /// Change the list of contracts.
    SecurityContracts,
    /// Change limits.
    SecurityLimits,
    /// See everybody's calls and figures in the scope.
    StatsView,
    /// Take them out as a file.
    StatsExport,
    /// See who has a seat.
    TeamworkView,
    /// Make and change roles.
    TeamworkRoles,
    /// Invite.
    TeamworkInvite,
    /// Remove members.
    TeamworkRemove,
    /// Suspend members and take it back.
    TeamworkSuspend,
    /// Give roles and caps to members.
    TeamworkAssign,
    /// See the subscription and the audit trail.
    AccountView,
    /// Choose who hears of what.
    AccountAlerts,
    /// Rename the account.
    AccountEdit,
}

words! {
    Permission NotAPermission "a permission of docs/roles.md"
    KeysView "keys.view" KeysUse "keys.use" KeysCreate "keys.create" KeysEdit "keys.edit"
    KeysRotate "keys.rotate" KeysRevoke "keys.revoke"
    SecurityView "security.view" SecuritySecret "security.secret" SecurityAddresses "security.addresses"
    SecurityDomains "security.domains" SecurityMethods "security.methods"
    SecurityContracts "security.contracts" SecurityLimits "security.limits"
    StatsView "stats.view" StatsExport "stats.export"
    TeamworkView "teamwork.view" TeamworkRoles "teamwork.roles" TeamworkInvite "teamwork.invite"
    TeamworkRemove "teamwork.remove" TeamworkSuspend "teamwork.suspend" TeamworkAssign "teamwork.assign"
    AccountView "account.view" AccountAlerts "account.alerts" AccountEdit "account.edit"
}

as_text!(Permission);

impl Permission {
    /// Every permission, by module.
    pub const ALL: [Permission; 24] = [
        Permission::KeysView,
        Permission::KeysUse,
        Permission::KeysCreate,
        Permission::KeysEdit,
        Permission::KeysRotate,
        Permission::KeysRevoke,
        Permission::SecurityView,
        Permission::SecuritySecret,
        Permission::SecurityAddresses,
        Permission::SecurityDomains,
        Permission::SecurityMethods,
        Permission::SecurityContracts,
        Permission::SecurityLimits,
        Permission::StatsView,
        Permission::StatsExport,
        Permission::TeamworkView,
        Permission::TeamworkRoles,
        Permission::TeamworkInvite,
        Permission::TeamworkRemove,
        Permission::TeamworkSuspend,
        Permission::TeamworkAssign,
        Permission::AccountView,
        Permission::AccountAlerts,
        Permission::AccountEdit,
    ];
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u32);

impl Permissions {
    /// Every permission there is.
    pub const ALL: Permissions = Permissions((1 << Permission::ALL.len()) - 1);

    /// What can be held on one key: all but making keys, and what concerns the account.
    pub const OF_A_KEY: Permissions = Permissions::ALL.without(Permissions::of(&[
        Permission::KeysCreate,
        Permission::AccountView,
        Permission::AccountAlerts,
        Permission::AccountEdit,
    ]));

    /// Exactly these.
    pub const fn of(list: &[Permission]) -> Permissions {
        let (mut bits, mut place) = (0, 0);
        while place < list.len() {
            bits |= 1 << list[place] as u8;
            place += 1;
        }
        Permissions(bits)
    }

    /// Whether it is among them.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & 1 << permission as u8 != 0
    }

    /// Whether all of `others` are among them: what somebody has who may act on who has `others`.
    pub const fn covers(self, others: Permissions) -> bool {
        others.0 & !self.0 == 0
    }

    /// Those that are in both.
    pub const fn and(self, others: Permissions) -> Permissions {
        Permissions(self.0 & others.0)
    }

    /// Those that are in one or the other.
    pub const fn or(self, others: Permissions) -> Permissions {
        Permissions(self.0 | others.0)
    }

    /// Those of these that are not among `others`.
    pub const fn without(self, others: Permissions) -> Permissions {
        Permissions(self.0 & !others.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One after another, by module.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(list: I) -> Permissions {
        list.into_iter().fold(Permissions::default(), |all, one| all.or(Permissions::of(&[one])))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::as_str)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_each_word_leads_back() {
        for (place, permission) in Permission::ALL.into_iter().enumerate() {
            assert_eq!(permission as usize, place);
            assert_eq!(permission.as_str().parse(), Ok(permission));
        }
        assert_eq!(Permissions::ALL.iter().count(), Permission::ALL.len());
        assert_eq!(Permissions::of(&Permission::ALL), Permissions::ALL);
        assert_eq!(Permission::ALL.into_iter().collect::<Permissions>(), Permissions::ALL);
    }

    #[test]
    fn a_set_covers_what_is_in_it() {
        let [view, using] = [Permission::KeysView, Permission::KeysUse];
        let both = Permissions::of(&[view, using]);
        assert!(both.has(view) && both.has(using) && !both.has(Permission::KeysEdit));
        assert!(both.covers(Permissions::of(&[using])) && both.covers(Permissions::default()));
        assert!(!Permissions::of(&[using]).covers(both));
        assert_eq!(both.and(Permissions::of(&[using, Permission::KeysEdit])), Permissions::of(&[using]));
    }
}
