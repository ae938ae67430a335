//! Keys. Their values are in the file `value.rs`, their limits in `quota.rs` and `rate_limit.rs`.

use std::collections::BTreeSet;

use domain::{
    id::{AccountId, KeyId, MemberId},
    key::{Key, Sharing, metadata::Metadata},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Source, StoreError, Tx, allowlist,
    change::{self, Touched},
    noun, sql, tally,
};

pub mod lock;
mod metadata;
pub mod page;
pub(crate) mod secret;

const EXISTS: &str = "a key with this id";
const OWNERS: &str = "account, or member to hold the key";

/// Adds a key.
///
/// Errors: `Conflict` when its id is taken, `NotFound` when account or holder are not there.
pub async fn insert(tx: &Tx, key: &Key) -> Result<(), StoreError> {
    insert_many(tx, std::slice::from_ref(key)).await
}

/// Adds many keys; all or, with the transaction, none.
///
/// Errors: as [`insert`].
pub async fn insert_many(tx: &Tx, keys: &[Key]) -> Result<(), StoreError> {
    noun::insert_many(tx, keys.iter().map(to_row), EXISTS, OWNERS).await?;
    metadata::insert_many(tx, keys).await?;
    let touched: Vec<Touched> = keys.iter().map(|key| Touched::Key(key.id)).collect();
    change::record_many(tx, &touched).await
}

/// Writes a changed key.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, key: &Key) -> Result<(), StoreError> {
    noun::save(tx, to_row(key), EXISTS, "key").await?;
    metadata::replace(tx, key).await?;
    change::record(tx, Touched::Key(key.id)).await
}

/// The key with this id.
pub async fn find(from: &impl Source, id: KeyId) -> Result<Option<Key>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// All keys of an account, revoked ones too, oldest first.
pub async fn list(from: &impl Source, account: AccountId) -> Result<Vec<Key>, StoreError> {
    let query =
        entity::Entity::find().filter(entity::Column::Account.eq(sql::uuid(account))).order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The own keys of a member that are not revoked, oldest first.
pub async fn list_held(from: &impl Source, holder: MemberId) -> Result<Vec<Key>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Holder.eq(sql::uuid(holder)))
        .filter(entity::Column::RevokedAt.is_null())
        .order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The keys with these ids, in no order; what is not there is missing.
pub async fn list_these(from: &impl Source, ids: &[KeyId]) -> Result<Vec<Key>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in sql::chunks(ids) {
        let these = entity::Column::Id.is_in(chunk.iter().copied().map(sql::uuid));
        found.extend(entity::Entity::find().filter(these).all(&from.executor()).await?);
    }
    found.into_iter().map(of_row).collect()
}

/// How many keys of an account are not revoked: what a plan's limit counts.
pub async fn count(from: &impl Source, account: AccountId) -> Result<u64, StoreError> {
    Ok(tally::keys(from, &[account]).await?.remove(&account).unwrap_or(0))
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub name: String,
        pub environment: String,
        pub holder: Option<Uuid>,
        pub apis: String,
        pub networks: String,
        pub created_at: i64,
        pub disabled_at: Option<i64>,
        pub expires_at: Option<i64>,
        pub revoked_at: Option<i64>,
        pub addresses: String,
        pub domains: String,
        pub methods: String,
        pub contracts: String,
        pub locked_lists: String,
        pub secret_hash: Option<Vec<u8>>,
        pub secret_mask: Option<String>,
        pub secret_drawn_at: Option<i64>,
        pub secret_required_at: Option<i64>,
        pub former_secret_hash: Option<Vec<u8>>,
        pub former_secret_expires_at: Option<i64>,
        pub metadata: String,
        pub version: i64,
        pub name_compared: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(key: &Key) -> entity::Model {
    let holder = match key.sharing {
        Sharing::Own { holder } => Some(sql::uuid(holder)),
        Sharing::Shared => None,
    };
    let secret = secret::Columns::of(key.secret.as_ref());
    entity::Model {
        id: sql::uuid(key.id),
        account: sql::uuid(key.account),
        name: key.name.to_string(),
        environment: key.environment.to_string(),
        holder,
        apis: serde_json::to_string(&key.apis).expect("names are text"),
        networks: serde_json::to_string(&key.networks).expect("names are text"),
        created_at: key.created_at.micros(),
        disabled_at: key.disabled_at.map(Timestamp::micros),
        expires_at: key.expires_at.map(Timestamp::micros),
        revoked_at: key.revoked_at.map(Timestamp::micros),
        addresses: allowlist::write(&key.lists.addresses),
        domains: allowlist::write(&key.lists.domains),
        methods: allowlist::write(&key.lists.methods),
        contracts: allowlist::write(&key.lists.contracts),
        locked_lists: allowlist::write_kinds(key.locked_lists),
        secret_hash: secret.hash,
        secret_mask: secret.mask,
        secret_drawn_at: secret.drawn_at,
        secret_required_at: secret.required_at,
        former_secret_hash: secret.former_hash,
        former_secret_expires_at: secret.former_expires_at,
        metadata: serde_json::to_string(&key.metadata).expect("texts"),
        version: sql::int(key.version),
        name_compared: noun::compared(key.name.as_str()),
    }
}

fn of_row(row: entity::Model) -> Result<Key, StoreError> {
    let secret = secret::Columns {
        hash: row.secret_hash,
        mask: row.secret_mask,
        drawn_at: row.secret_drawn_at,
        required_at: row.secret_required_at,
        former_hash: row.former_secret_hash,
        former_expires_at: row.former_secret_expires_at,
    };
    Ok(Key {
        id: sql::id(row.id),
        account: sql::id(row.account),
        name: sql::word(&row.name, "key.name")?,
        environment: sql::word(&row.environment, "key.environment")?,
        sharing: row.holder.map_or(Sharing::Shared, |holder| Sharing::Own { holder: sql::id(holder) }),
        apis: names(&row.apis, "key.apis")?,
        networks: names(&row.networks, "key.networks")?,
        lists: allowlist::read([&row.addresses, &row.domains, &row.methods, &row.contracts])?,
        locked_lists: allowlist::read_kinds(&row.locked_lists, "key.locked_lists")?,
        metadata: pairs(&row.metadata)?,
        secret: secret.read()?,
        created_at: Timestamp::from_micros(row.created_at),
        disabled_at: row.disabled_at.map(Timestamp::from_micros),
        expires_at: row.expires_at.map(Timestamp::from_micros),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
        version: u64::try_from(row.version).map_err(|_| StoreError::Corrupt { what: "key.version" })?,
    })
}

fn pairs(stored: &str) -> Result<Metadata, StoreError> {
    serde_json::from_str(stored).map_err(|_| StoreError::Corrupt { what: "key.metadata" })
}

fn names<T: Ord + serde::de::DeserializeOwned>(list: &str, what: &'static str) -> Result<BTreeSet<T>, StoreError> {
    serde_json::from_str(list).map_err(|_| StoreError::Corrupt { what })
}
