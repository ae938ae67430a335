//! Allowlists of accounts and keys as the REST API writes them: from where, from which pages, what, and which contracts may be
//! called.

use std::{fmt::Display, str::FromStr};

use domain::{
    allowlist::{Allowlist, AllowlistRefused, ListKind, ListKinds, ListLock, Listed, Lists, MAX_ENTRIES},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    body::{field, field_if_any},
    error::Problem,
    view::{Allowed, AllowlistMode, Moment, Ref},
};

pub mod of_account;
pub mod of_key;

/// The longest body that sets lists, in bytes: four full ones with long entries and notes.
pub const MAX_BODY: usize = 4 << 20;

/// The lists of an account or of a key. A call must pass each list that is enforced, of both.
#[derive(Debug, Serialize, ToSchema)]
pub struct Allowlists {
    /// The version of the account or key that they are of: what `If-Match` takes.
    version: u64,
    /// Addresses (`203.0.113.7`) and networks (`203.0.113.0/24`, `2001:db8::/32`) that may call.
    addresses: AllowlistView,
    /// Hosts (`app.example.com`, `*.example.com`) of the pages that may call.
    domains: AllowlistView,
    /// What may be called: `eth_call`, `eth_get*`, `GET /fixtures/**`.
    methods: AllowlistView,
    /// Contracts (`0x` and 40 digits) that calls may touch.
    contracts: AllowlistView,
}

/// One list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Allowlist)]
pub struct AllowlistView {
    /// Whether it is looked at.
    mode: AllowlistMode,
    /// What it allows; an empty list stands open.
    entries: Vec<AllowlistEntry>,
    /// Whether only who holds its permission in the account may change it; never of the account's own lists.
    locked: bool,
    /// Who locked it; null: it is not locked, or that is not known.
    locked_by: Option<Ref>,
    /// When.
    locked_at: Option<Moment>,
    /// Whether you may change it.
    can_edit: Allowed,
    /// Whether you may lock and unlock it.
    can_lock: Allowed,
}

/// An entry of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowlistEntry {
    /// What it allows.
    value: String,
    /// Why it stands there.
    note: Option<String>,
    /// From this moment on it allows nothing.
    until: Option<Moment>,
}

/// Lists to be set. One that is missing stays as it is, and only lists that change need a permission.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowlistsAsked {
    /// From where one may call.
    addresses: Option<AllowlistAsked>,
    /// From which pages one may call.
    domains: Option<AllowlistAsked>,
    /// What may be called.
    methods: Option<AllowlistAsked>,
    /// Which contracts calls may touch.
    contracts: Option<AllowlistAsked>,
    /// Of a key's lists: why they are set, for its versions; at most 200 characters.
    reason: Option<String>,
}

/// A list to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowlistAsked {
    /// Whether it is looked at.
    mode: AllowlistMode,
    /// What it allows, each once: at most 1,000.
    entries: Vec<EntryAsked>,
    /// Of a key's list: whether only who holds its permission in the account may change it. It stays where nothing is said.
    locked: Option<bool>,
}

/// An entry to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryAsked {
    /// What it allows.
    value: String,
    /// Why it stands there: at most 200 characters.
    note: Option<String>,
    /// From this moment on it allows nothing; null: it stays.
    until: Option<String>,
}

/// Lists, and the moment from which they hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowlistsInForce {
    /// As they are now.
    #[serde(flatten)]
    lists: Allowlists,
    /// From this moment on every gateway acts on them.
    effective_at: Moment,
}

/// What somebody may do with a list: change it, and lock it.
type Can = (Allowed, Allowed);

/// Which lists are locked, and of whom that is known.
#[derive(Default)]
struct Locks {
    locked: ListKinds,
    by: Vec<(ListKind, ListLock)>,
}

impl Locks {
    /// Who locked a list and when, if it is locked and that is known.
    fn of(&self, kind: ListKind) -> Option<&ListLock> {
        self.by.iter().find(|(of, _)| *of == kind && self.locked.has(kind)).map(|(_, lock)| lock)
    }
}

impl Allowlists {
    fn of(version: u64, lists: &Lists, locks: &Locks, can: impl Fn(ListKind) -> Can) -> Allowlists {
        let view = |kind: ListKind| {
            let ((mode, entries), (can_edit, can_lock)) = (content(lists, kind), can(kind));
            let (locked, lock) = (locks.locked.has(kind), locks.of(kind));
            let by = |lock: &ListLock| {
                let id = lock.member?.to_string();
                Some(Ref { id, name: lock.member_name.clone() })
            };
            let (locked_by, locked_at) = (lock.and_then(by), lock.map(|lock| lock.locked_at.into()));
            AllowlistView { mode, entries, locked, locked_by, locked_at, can_edit, can_lock }
        };
        Allowlists {
            version,
            addresses: view(ListKind::Addresses),
            domains: view(ListKind::Domains),
            methods: view(ListKind::Methods),
            contracts: view(ListKind::Contracts),
        }
    }
}

impl AllowlistsAsked {
    fn list(&self, kind: ListKind) -> Option<&AllowlistAsked> {
        match kind {
            ListKind::Addresses => self.addresses.as_ref(),
            ListKind::Domains => self.domains.as_ref(),
            ListKind::Methods => self.methods.as_ref(),
            ListKind::Contracts => self.contracts.as_ref(),
        }
    }

    /// The lists as they are to be.
    ///
    /// Errors: 422 at the entry that is wrong.
    fn read(&self, before: &Lists) -> Result<Lists, Problem> {
        Ok(Lists {
            addresses: read(ListKind::Addresses, self.addresses.as_ref(), &before.addresses)?,
            domains: read(ListKind::Domains, self.domains.as_ref(), &before.domains)?,
            methods: read(ListKind::Methods, self.methods.as_ref(), &before.methods)?,
            contracts: read(ListKind::Contracts, self.contracts.as_ref(), &before.contracts)?,
        })
    }

    /// Which lists are to be locked.
    fn locked(&self, before: ListKinds) -> ListKinds {
        let is_to_be = |kind: &ListKind| {
            let asked = self.list(*kind).and_then(|list| list.locked);
            asked.unwrap_or_else(|| before.has(*kind))
        };
        ListKind::ALL.into_iter().filter(is_to_be).collect()
    }
}

/// What the audit trail tells of these lists.
pub fn facts(lists: &Lists, locked: ListKinds, of: ListKinds) -> Value {
    let fact = |kind: ListKind| {
        let (mode, entries) = content(lists, kind);
        (kind.to_string(), json!({ "mode": mode, "entries": entries, "locked": locked.has(kind) }))
    };
    Value::Object(of.iter().map(fact).collect::<Map<_, _>>())
}

fn content(lists: &Lists, kind: ListKind) -> (AllowlistMode, Vec<AllowlistEntry>) {
    match kind {
        ListKind::Addresses => shown(&lists.addresses),
        ListKind::Domains => shown(&lists.domains),
        ListKind::Methods => shown(&lists.methods),
        ListKind::Contracts => shown(&lists.contracts),
    }
}

fn shown<E: Display>(list: &Allowlist<E>) -> (AllowlistMode, Vec<AllowlistEntry>) {
    let entry = |listed: &Listed<E>| AllowlistEntry {
        value: listed.entry.to_string(),
        note: listed.note.as_ref().map(ToString::to_string),
        until: listed.until.map(Moment),
    };
    (list.mode().into(), list.entries().iter().map(entry).collect())
}

fn read<E>(kind: ListKind, asked: Option<&AllowlistAsked>, before: &Allowlist<E>) -> Result<Allowlist<E>, Problem>
where
    E: FromStr<Err: ToString> + PartialEq + Display + Clone,
{
    let Some(asked) = asked else { return Ok(before.clone()) };
    let entry = |(place, entry): (usize, &EntryAsked)| {
        let at = |name: &str| format!("{kind}.entries[{place}].{name}");
        Ok(Listed {
            entry: field::<E>(&at("value"), entry.value.trim())?,
            note: field_if_any(&at("note"), entry.note.as_deref().filter(|note| !note.is_empty()))?,
            until: field_if_any::<Timestamp>(&at("until"), entry.until.as_deref())?,
        })
    };
    // One more than fits is enough to be refused.
    let entries = asked.entries.iter().take(MAX_ENTRIES + 1).enumerate().map(entry);
    let entries = entries.collect::<Result<Vec<_>, Problem>>()?;
    let texts: Vec<String> = entries.iter().map(|listed| listed.entry.to_string()).collect();
    Allowlist::new(asked.mode.into(), entries).map_err(|refused| match &refused {
        AllowlistRefused::Twice(text) => {
            let place = texts.iter().rposition(|other| other == text).unwrap_or_default();
            Problem::field(&format!("{kind}.entries[{place}].value"), refused)
        }
        AllowlistRefused::TooMany { .. } => {
            let refused = AllowlistRefused::TooMany { given: asked.entries.len() };
            Problem::field(&format!("{kind}.entries"), refused)
        }
    })
}
