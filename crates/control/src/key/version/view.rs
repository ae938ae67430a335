//! How versions of a key are shown: who made them, and what differs, field by field.

use domain::{
    allowlist::{Editor, ListKinds},
    key::{Key, KeyRefused},
    permission::Permission,
    version::{Part, Terms, Version},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    allowlist,
    error::Problem,
    view::{Allowed, Moment, Ref},
};

/// A page of the versions of a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Versions {
    /// Newest first.
    pub versions: Vec<VersionView>,
    /// The cursor of the next page; null: there is none.
    pub next: Option<u64>,
}

/// A version of a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Version)]
pub struct VersionView {
    /// Its number: 1, 2, 3…
    number: u64,
    /// When it was made.
    time: Moment,
    /// Who made it, as they were called then; null: whoever runs Keyward, or nobody is known.
    author: Option<Ref>,
    /// Why, if they said.
    reason: Option<String>,
    /// The version that was gone back to, if one was.
    restored: Option<u64>,
    /// The fields that differ from the version before.
    changed: Vec<&'static str>,
    /// Whether it is what the key allows now.
    is_newest: bool,
    /// Whether you may go back to it. Fields that differ can need more permissions.
    can_restore: Allowed,
}

/// A version of a key with all that it allowed.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionWhole {
    /// Who made it, and why.
    version: VersionView,
    /// All that it allowed, by field.
    #[schema(value_type = Object)]
    terms: Value,
    /// What differs from the version before it; null: there is none, or it is forgotten.
    since_before: Option<Vec<Difference>>,
    /// What differs between it and now.
    until_now: Vec<Difference>,
}

/// A field that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Difference {
    /// Which.
    field: &'static str,
    /// What it was.
    before: Value,
    /// What it was after that.
    after: Value,
    /// Whether going back to the version brings it back.
    is_restored: bool,
}

impl VersionView {
    pub(super) fn of(version: &Version, key: &Key, editor: Editor) -> VersionView {
        let author = |id: domain::id::MemberId| Ref { id: id.to_string(), name: version.author_name.clone() };
        let is_newest = version.number == key.version;
        VersionView {
            number: version.number,
            time: version.time.into(),
            author: version.author.map(author),
            reason: version.reason.as_ref().map(ToString::to_string),
            restored: version.restored,
            changed: version.changed.iter().map(|part| part.as_str()).collect(),
            is_newest,
            can_restore: can_restore(is_newest, key, editor).into(),
        }
    }
}

impl VersionWhole {
    pub(super) fn of(version: VersionView, before: Option<&Terms>, then: &Terms, now: &Terms) -> VersionWhole {
        VersionWhole {
            version,
            terms: facts(then, &Part::ALL),
            since_before: before.map(|before| differences(before, then)),
            until_now: differences(then, now),
        }
    }
}

fn can_restore(is_newest: bool, key: &Key, editor: Editor) -> Result<(), String> {
    use Permission::{
        KeysEdit, SecurityAddresses, SecurityContracts, SecurityDomains, SecurityLimits, SecurityMethods,
    };
    let any = [KeysEdit, SecurityAddresses, SecurityDomains, SecurityMethods, SecurityContracts, SecurityLimits];
    if key.revoked_at.is_some() {
        return Err(KeyRefused::Revoked.to_string());
    }
    if is_newest {
        return Err("this is what the key allows now".to_owned());
    }
    if editor.is_holder || any.into_iter().any(|permission| editor.on_key.has(permission)) {
        return Ok(());
    }
    Err(Problem::missing(KeysEdit).detail)
}

fn differences(before: &Terms, after: &Terms) -> Vec<Difference> {
    let difference = |part: Part| Difference {
        field: part.as_str(),
        before: fact(before, part),
        after: fact(after, part),
        is_restored: part.is_restored(),
    };
    before.changed(after).into_iter().map(difference).collect()
}

/// These parts, by field.
pub(super) fn facts(terms: &Terms, parts: &[Part]) -> Value {
    Value::Object(parts.iter().map(|part| (part.as_str().to_owned(), fact(terms, *part))).collect::<Map<_, _>>())
}

fn fact(terms: &Terms, part: Part) -> Value {
    match part {
        Part::Name => json!(terms.name),
        Part::Environment => json!(terms.environment),
        Part::Apis => json!(terms.apis),
        Part::Networks => json!(terms.networks),
        Part::ExpiresAt => json!(terms.expires_at),
        Part::Metadata => json!(terms.metadata),
        Part::List(kind) => {
            let mut all = allowlist::facts(&terms.lists(), terms.locked_lists(), ListKinds::from(kind));
            all.get_mut(kind.as_str()).map(Value::take).unwrap_or_default()
        }
        Part::Quotas => json!(terms.quotas),
        Part::Rates => json!(terms.rates),
        Part::SecretRequired => json!(terms.is_secret_required),
        Part::Enabled => json!(terms.is_enabled),
    }
}
