//! Module: permissions that belong together. A role may hold a module whole: with what later versions add to it.

use super::{Permission, Permissions};
use crate::word::{as_text, words};

/// A group of permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Module {
    /// Keys and their values.
    Keys,
    /// What calls must pass.
    Security,
    /// Calls and figures.
    Stats,
    /// Who has a seat, and what they may do.
    Teamwork,
    /// The account itself.
    Account,
}

words! {
    Module NotAModule "keys, security, stats, teamwork, account"
    Keys "keys" Security "security" Stats "stats" Teamwork "teamwork" Account "account"
}
as_text!(Module);

impl Module {
    /// Every module.
    pub const ALL: [Module; 5] = [Module::Keys, Module::Security, Module::Stats, Module::Teamwork, Module::Account];

    /// All that belongs to it.
    pub fn permissions(self) -> Permissions {
        Permission::ALL.into_iter().filter(|permission| permission.module() == self).collect()
    }

    /// The permission that only looks.
    pub const fn view(self) -> Permission {
        match self {
            Module::Keys => Permission::KeysView,
            Module::Security => Permission::SecurityView,
            Module::Stats => Permission::StatsView,
            Module::Teamwork => Permission::TeamworkView,
            Module::Account => Permission::AccountView,
        }
    }
}

impl Permission {
    /// The module that it belongs to: what stands before the dot.
    pub fn module(self) -> Module {
        let word = self.as_str().split('.').next().unwrap_or_default();
        word.parse().expect("each permission is named after its module; a test reads them all")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_is_of_one_module_and_each_module_has_a_view() {
        let mut all = Permissions::default();
        for module in Module::ALL {
            assert!(module.permissions().has(module.view()), "{module}");
            assert!(all.and(module.permissions()).is_empty(), "{module}");
            assert_eq!(module.as_str().parse(), Ok(module));
            all = all.or(module.permissions());
        }
        assert_eq!(all, Permissions::ALL);
    }
}
