//! Modules and permissions in the words of pages.

use domain::permission::{Module, Permission};

/// What pages call a module.
pub const fn of_module(module: Module) -> &'static str {
    match module {
        Module::Keys => "API Keys",
        Module::Security => "Security",
        Module::Stats => "Stats",
        Module::Teamwork => "Teamwork",
        Module::Account => "Account",
    }
}

/// What somebody may do with a permission.
pub const fn of_permission(permission: Permission) -> &'static str {
    match permission {
        Permission::KeysView => "See keys and their masked values",
        Permission::KeysUse => "Draw a value of a shared key, and call with it",
        Permission::KeysCreate => "Make keys",
        Permission::KeysEdit => "Rename keys, enable and disable them, change what they open",
        Permission::KeysRotate => "Draw values for services",
        Permission::KeysRevoke => "Revoke keys and values for good",
        Permission::SecurityView => "See allowlists and limits",
        Permission::SecuritySecret => "Draw a key's secret, and switch it on and off",
        Permission::SecurityAddresses => "Change the list of addresses",
        Permission::SecurityDomains => "Change the list of domains",
        Permission::SecurityMethods => "Change the list of methods",
        Permission::SecurityContracts => "Change the list of contracts",
        Permission::SecurityLimits => "Change limits",
        Permission::StatsView => "See everybody's calls and figures",
        Permission::StatsExport => "Take them out as a file",
        Permission::TeamworkView => "See who is in the team",
        Permission::TeamworkRoles => "Make, change and delete roles",
        Permission::TeamworkInvite => "Invite people",
        Permission::TeamworkRemove => "Remove people",
        Permission::TeamworkSuspend => "Suspend members, and take it back",
        Permission::TeamworkAssign => "Give roles and caps",
        Permission::AccountView => "See the subscription and the audit trail",
        Permission::AccountAlerts => "Choose who hears of what",
        Permission::AccountEdit => "Rename the account",
    }
}
