//! Pages of an account's keys: those that a filter means, oldest first, from a cursor on.

use domain::{
    id::{AccountId, KeyId, MemberId},
    key::Key,
    name::{Environment, MetadataName, MetadataValue},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{entity, metadata, of_row};
use crate::{Source, StoreError, noun, sql};

/// The most keys of one page.
pub const MAX_PAGE: u32 = 500;

/// Which keys are meant; what is none does not matter.
#[derive(Clone, Debug)]
pub struct KeyFilter {
    /// Of this account.
    pub account: AccountId,
    /// That somebody sees who does not see all.
    pub seen_by: Option<SeenBy>,
    /// In what state. None: all that are not revoked.
    pub state: Option<KeyState>,
    /// That have this in their name, whatever the case.
    pub text: Option<String>,
    /// Used there.
    pub environment: Option<Environment>,
    /// Own keys of this member.
    pub holder: Option<MemberId>,
    /// That have all of these pairs.
    pub metadata: Vec<(MetadataName, MetadataValue)>,
    /// Made after this one, where the last page ended.
    pub after: Option<KeyId>,
    /// So many, at most [`MAX_PAGE`].
    pub limit: u32,
}

/// Which keys somebody sees who does not see all: own ones, and these.
#[derive(Clone, Debug)]
pub struct SeenBy {
    /// Who.
    pub member: MemberId,
    /// Whether they see the shared ones.
    pub shared: bool,
    /// Keys on which they hold a role.
    pub granted: Vec<KeyId>,
}

/// A state that keys are looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Whatever it is, also revoked.
    Any,
    /// On, and with no end before this moment.
    Active(Timestamp),
    /// Switched off by hand.
    Disabled,
    /// Its end is at or before the second moment, and after the first.
    EndsBetween(Timestamp, Timestamp),
    /// Its end was at or before this moment.
    Ended(Timestamp),
    /// Gone for good.
    Revoked,
}

impl KeyFilter {
    /// The first page of what an account has that is not revoked.
    pub fn of(account: AccountId) -> KeyFilter {
        KeyFilter {
            account,
            seen_by: None,
            state: None,
            text: None,
            environment: None,
            holder: None,
            metadata: Vec::new(),
            after: None,
            limit: MAX_PAGE,
        }
    }

    fn condition(&self) -> Condition {
        use entity::Column as Is;
        let mut all = Condition::all().add(in_state(self.state));
        if self.metadata.is_empty() {
            // A pair tells the account of its key: asked for twice, SQLite would walk the account's keys.
            all = all.add(Is::Account.eq(sql::uuid(self.account)));
        }
        if let Some(text) = &self.text {
            all = all.add(Is::NameCompared.like(noun::containing(text)));
        }
        if let Some(environment) = &self.environment {
            all = all.add(Is::Environment.eq(environment.as_str()));
        }
        if let Some(holder) = self.holder {
            all = all.add(Is::Holder.eq(sql::uuid(holder)));
        }
        for (name, value) in self.metadata.iter().skip(1) {
            all = all.add(Is::Id.in_subquery(metadata::with_pair(self.account, name.as_str(), value.as_str())));
        }
        if let Some(after) = self.after {
            all = all.add(Is::Id.gt(sql::uuid(after)));
        }
        all
    }
}

/// A page of keys, oldest first; the next one begins after its last.
pub async fn page(from: &impl Source, filter: &KeyFilter) -> Result<Vec<Key>, StoreError> {
    let limit = filter.limit.clamp(1, MAX_PAGE);
    let Some(who) = &filter.seen_by else { return found(from, filter, filter.condition()).await };
    // A walk of an index for each reason to see a key, and not one over everybody's keys.
    let own = entity::Column::Holder.eq(sql::uuid(who.member));
    let mut seen = found(from, filter, filter.condition().add(own)).await?;
    if who.shared {
        seen.extend(found(from, filter, filter.condition().add(entity::Column::Holder.is_null())).await?);
    }
    for chunk in sql::chunks(&who.granted) {
        let these = entity::Column::Id.is_in(chunk.iter().copied().map(sql::uuid));
        seen.extend(found(from, filter, filter.condition().add(these)).await?);
    }
    seen.sort_unstable_by_key(|key| key.id);
    seen.dedup_by_key(|key| key.id);
    seen.truncate(limit as usize);
    Ok(seen)
}

async fn found(from: &impl Source, filter: &KeyFilter, holds: Condition) -> Result<Vec<Key>, StoreError> {
    let keys = entity::Entity::find().filter(holds).limit(u64::from(filter.limit.clamp(1, MAX_PAGE)));
    let query = match filter.metadata.first() {
        // A walk over those that have the pair, in the order of their ids, and not over all of the account's.
        Some((name, value)) => metadata::walk(keys, filter, name.as_str(), value.as_str()),
        None => keys.order_by_asc(entity::Column::Id),
    };
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

fn in_state(state: Option<KeyState>) -> Condition {
    use entity::Column as Is;
    let all = Condition::all();
    let kept = || Condition::all().add(Is::RevokedAt.is_null());
    let at = Timestamp::micros;
    match state {
        Some(KeyState::Any) => all,
        None => kept(),
        Some(KeyState::Active(now)) => {
            let goes_on = Condition::any().add(Is::ExpiresAt.is_null()).add(Is::ExpiresAt.gt(at(now)));
            kept().add(Is::DisabledAt.is_null()).add(goes_on)
        }
        Some(KeyState::Disabled) => kept().add(Is::DisabledAt.is_not_null()),
        Some(KeyState::EndsBetween(now, soon)) => {
            kept().add(Is::ExpiresAt.gt(at(now))).add(Is::ExpiresAt.lte(at(soon)))
        }
        Some(KeyState::Ended(now)) => kept().add(Is::ExpiresAt.lte(at(now))),
        Some(KeyState::Revoked) => all.add(Is::RevokedAt.is_not_null()),
    }
}
