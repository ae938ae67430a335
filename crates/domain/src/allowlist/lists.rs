//! Lists: all allowlists of an account or a key, and who may change which of them.

use std::ops::{BitOr, BitOrAssign};

use super::{AddressEntry, Allowlist, ContractEntry, DomainEntry, MethodEntry};
use crate::{
    decision::Denial,
    id::MemberId,
    permission::{Permission, Permissions},
    time::Timestamp,
    word::{as_text, words},
};

/// What a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ListKind {
    /// Where a call comes from.
    Addresses,
    /// The page that makes it.
    Domains,
    /// What it asks for.
    Methods,
    /// Which contracts it touches.
    Contracts,
}

words! {
    ListKind NotAListKind "addresses, domains, methods, contracts"
    Addresses "addresses" Domains "domains" Methods "methods" Contracts "contracts"
}
as_text!(ListKind);

/// A set of kinds of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ListKinds(u8);

/// The lists of an account, or those of a key.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lists {
    /// The addresses that may call.
    pub addresses: Allowlist<AddressEntry>,
    /// The domains whose pages may call.
    pub domains: Allowlist<DomainEntry>,
    /// What may be asked for.
    pub methods: Allowlist<MethodEntry>,
    /// The contracts that may be touched.
    pub contracts: Allowlist<ContractEntry>,
}

/// Who wants to change a list of a key.
#[derive(Clone, Copy, Debug)]
pub struct Editor {
    /// What they may do in the account.
    pub in_account: Permissions,
    /// What they may do on the key: by grants in the account, and by those on the key alone.
    pub on_key: Permissions,
    /// Whether the key is their own.
    pub is_holder: bool,
}

/// Who locked a list of a key, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLock {
    /// In which seat; none: by whoever runs Keyward.
    pub member: Option<MemberId>,
    /// What they were called then.
    pub member_name: String,
    /// When.
    pub locked_at: Timestamp,
}

/// Why a list may not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListRefused {
    /// The list is another's to change.
    #[error("the list of {0} needs the permission `{permission}`", permission = .0.permission())]
    NotAllowed(ListKind),
    /// It is locked, or is to be locked or unlocked.
    #[error(
        "the list of {0} is locked by the account: who holds `{permission}` there can change and unlock it",
        permission = .0.permission()
    )]
    Locked(ListKind),
}

impl ListKind {
    /// Every kind, in the order in which their denials stand.
    pub const ALL: [ListKind; 4] = [ListKind::Addresses, ListKind::Domains, ListKind::Methods, ListKind::Contracts];

    /// What it denies with.
    pub const fn denial(self) -> Denial {
        match self {
            ListKind::Addresses => Denial::AddressNotAllowed,
            ListKind::Domains => Denial::DomainNotAllowed,
            ListKind::Methods => Denial::MethodNotAllowed,
            ListKind::Contracts => Denial::ContractNotAllowed,
        }
    }

    /// What one must hold to change it.
    pub const fn permission(self) -> Permission {
        match self {
            ListKind::Addresses => Permission::SecurityAddresses,
            ListKind::Domains => Permission::SecurityDomains,
            ListKind::Methods => Permission::SecurityMethods,
            ListKind::Contracts => Permission::SecurityContracts,
        }
    }

    /// The kind that denies so.
    pub fn of_denial(denial: Denial) -> Option<ListKind> {
        Self::ALL.into_iter().find(|kind| kind.denial() == denial)
    }
}

impl ListKinds {
    /// None of them.
    pub const NONE: ListKinds = ListKinds(0);

    /// The set with these bits, the first kind's lowest; none if a bit is no kind's.
    pub const fn of_bits(bits: u8) -> Option<ListKinds> {
        if bits >> ListKind::ALL.len() == 0 { Some(ListKinds(bits)) } else { None }
    }

    /// Its bits, for storing.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether it is among them.
    pub const fn has(self, kind: ListKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One after another.
    pub fn iter(self) -> impl Iterator<Item = ListKind> {
        ListKind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}

impl From<ListKind> for ListKinds {
    fn from(kind: ListKind) -> Self {
        ListKinds(1 << kind as u8)
    }
}

impl FromIterator<ListKind> for ListKinds {
    fn from_iter<I: IntoIterator<Item = ListKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(ListKinds::NONE, |all, kind| all | kind.into())
    }
}

impl BitOr for ListKinds {
    type Output = ListKinds;

    fn bitor(self, other: ListKinds) -> ListKinds {
        ListKinds(self.0 | other.0)
    }
}

impl BitOrAssign for ListKinds {
    fn bitor_assign(&mut self, other: ListKinds) {
        self.0 |= other.0;
    }
}

impl Lists {
    /// Which of them are looked at.
    pub fn on(&self) -> ListKinds {
        let on = [self.addresses.is_on(), self.domains.is_on(), self.methods.is_on(), self.contracts.is_on()];
        ListKind::ALL.into_iter().zip(on).filter(|(_, on)| *on).map(|(kind, _)| kind).collect()
    }

    /// Which of them are others in `after`.
    pub fn changed(&self, after: &Lists) -> ListKinds {
        let same = [
            self.addresses == after.addresses,
            self.domains == after.domains,
            self.methods == after.methods,
            self.contracts == after.contracts,
        ];
        ListKind::ALL.into_iter().zip(same).filter(|(_, same)| !*same).map(|(kind, _)| kind).collect()
    }
}

impl Editor {
    /// Whether they may change a list of the key. A holder may change the addresses and domains of their own key; a list that is
    /// locked is changed only by who holds its permission in the account, who is above the key.
    pub fn may_change(self, kind: ListKind, is_locked: bool) -> Result<(), ListRefused> {
        let is_holders = self.is_holder && matches!(kind, ListKind::Addresses | ListKind::Domains);
        match is_locked {
            true if self.in_account.has(kind.permission()) => Ok(()),
            true => Err(ListRefused::Locked(kind)),
            false if is_holders || self.on_key.has(kind.permission()) => Ok(()),
            false => Err(ListRefused::NotAllowed(kind)),
        }
    }

    /// Whether they may lock a list of the key, or unlock it.
    pub fn may_lock(self, kind: ListKind) -> Result<(), ListRefused> {
        if self.in_account.has(kind.permission()) { Ok(()) } else { Err(ListRefused::NotAllowed(kind)) }
    }
}
