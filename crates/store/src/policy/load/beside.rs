//! What of keys stands beside their rows: the versions of their newest changes, their quotas and their rate limits.
//!
//! Looked up key by key, versions are scattered over the whole file. So a start reads them once, and keeps them while it reads keys.

use std::collections::HashMap;

use domain::{
    quota::{Quota, Scope},
    rate_limit::RateLimit,
};
use foldhash::fast::RandomState;
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::{QUOTA, RATE, Which, put_quotas, put_rates, quotas, rates, whole};
use crate::{
    StoreError,
    change::{self, Touched},
    sql::{
        self,
        packed::{
            self, PAGE,
            Packed::{Hex, Plain},
            Pages,
            Part::Id,
            Shape,
        },
    },
};

/// What there is of some keys, by their ids.
pub(super) struct Beside {
    versions: HashMap<Uuid, u64, RandomState>,
    quotas: HashMap<Uuid, Vec<Quota>>,
    rates: HashMap<Uuid, Vec<RateLimit>>,
}

const CHANGES: Shape =
    Shape { table: "change", usual: &[Hex(&[Id("id")]), Plain("version")], further: &[], is_usual: "" };

impl Beside {
    /// Of these keys.
    pub(super) async fn of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Beside, StoreError> {
        let touched: Vec<Touched> = ids.iter().map(|id| Touched::Key(sql::id(*id))).collect();
        let versions = change::versions_of(db, &touched).await?.into_iter().collect();
        let quotas = quotas(db, Scope::Key, Which::These(ids)).await?;
        Ok(Beside { versions, quotas, rates: rates(db, Scope::Key, Which::These(ids)).await? })
    }

    /// Of all keys.
    pub(super) async fn of_all(db: &impl ConnectionTrait) -> Result<Beside, StoreError> {
        Ok(Beside { versions: versions(db).await?, quotas: all_quotas(db).await?, rates: all_rates(db).await? })
    }

    /// The version of a key's newest change.
    ///
    /// Errors: `Corrupt` when there is none.
    pub(super) fn version(&self, id: Uuid) -> Result<u64, StoreError> {
        self.versions.get(&id).copied().ok_or(StoreError::Corrupt { what: "change.version" })
    }

    /// The quotas of a key, once.
    pub(super) fn quotas(&mut self, id: Uuid) -> Vec<Quota> {
        self.quotas.remove(&id).unwrap_or_default()
    }

    /// The rate limits of a key, once.
    pub(super) fn rates(&mut self, id: Uuid) -> Vec<RateLimit> {
        self.rates.remove(&id).unwrap_or_default()
    }
}

async fn versions(db: &impl ConnectionTrait) -> Result<HashMap<Uuid, u64, RandomState>, StoreError> {
    #[derive(Deserialize)]
    struct Row<'t>(&'t str, u64);
    let mut found = HashMap::default();
    let add = |page: &str| {
        for Row(id, version) in packed::unpacked(page, "change")? {
            found.insert(sql::id_in_hex(id, "change.id")?, version);
        }
        Ok(())
    };
    Pages::of(db, &CHANGES, "noun = 'key'").await?.each(add).await?;
    Ok(found)
}

async fn all_quotas(db: &impl ConnectionTrait) -> Result<HashMap<Uuid, Vec<Quota>>, StoreError> {
    let text = format!("{QUOTA} WHERE id > $1 AND scope = '{}' ORDER BY id LIMIT {PAGE}", Scope::Key);
    let (mut found, mut after) = (HashMap::new(), Uuid::nil());
    loop {
        let rows = sql::rows(db, &text, vec![after.into()]).await?;
        let Some(last) = rows.last() else { return Ok(whole(found)) };
        after = last.get(0)?;
        put_quotas(&mut found, &rows)?;
    }
}

async fn all_rates(db: &impl ConnectionTrait) -> Result<HashMap<Uuid, Vec<RateLimit>>, StoreError> {
    // The owner alone leads into the index; the others tell where in it the page before ended.
    let text = format!(
        "{RATE} WHERE owner >= $1 AND (owner, metric, per) > ($2, $3, $4) AND scope = '{}'
         ORDER BY owner, metric, per LIMIT {PAGE}",
        Scope::Key
    );
    let (mut found, mut after) = (HashMap::new(), (Uuid::nil(), String::new(), String::new()));
    loop {
        let (owner, metric, per) = after;
        let rows = sql::rows(db, &text, vec![owner.into(), owner.into(), metric.into(), per.into()]).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = (last.get(0)?, last.get(1)?, last.get(2)?);
        put_rates(&mut found, Scope::Key, &rows)?;
    }
}
