//! Pages of who works on a key: the owner of its account, its holder, then everybody with a role on it, oldest seat first.

use domain::{
    grant::Grant,
    id::{AccountId, KeyId, MemberId},
    member::Member,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, SelectTwo,
};

use super::{
    entity, list_these, of_row, owner,
    page::{MAX_PAGE, has_text, with_text},
};
use crate::{Source, StoreError, grant, sql};

/// Who of a key is meant.
#[derive(Clone, Debug)]
pub struct KeyMemberFilter {
    /// On this key.
    pub key: KeyId,
    /// Of this account.
    pub account: AccountId,
    /// Whose own key it is, if anybody's.
    pub holder: Option<MemberId>,
    /// That have this in their name or mail address, whatever the case. It is looked for in all of the key until the page is full.
    pub text: Option<String>,
    /// After this one, where the last page ended; none: from the owner on.
    pub after: Option<MemberId>,
    /// So many, at most [`MAX_PAGE`].
    pub limit: u32,
}

/// A page of who works on a key, each with their grant on it; nobody of them is removed. The next page begins after its last.
pub async fn page(from: &impl Source, filter: &KeyMemberFilter) -> Result<Vec<(Member, Option<Grant>)>, StoreError> {
    let limit = filter.limit.clamp(1, MAX_PAGE) as usize;
    let first = first(from, filter).await?;
    let known: Vec<MemberId> = first.iter().map(|seat| seat.id).collect();
    // Owner and holder stand first, whenever they came.
    let begun = filter.after.map(|last| known.iter().position(|first| *first == last));
    let begun = begun.map_or(0, |place| place.map_or(known.len(), |place| place + 1));
    let mut found = Vec::with_capacity(limit);
    for seat in first.into_iter().skip(begun) {
        if found.len() < limit && filter.text.as_deref().is_none_or(|text| has_text(&seat, text)) {
            let grant = grant::find(from, seat.id, filter.key).await?;
            found.push((seat, grant));
        }
    }
    let rest = (limit - found.len()) as u64;
    if rest > 0 {
        let query = walk(filter.key)
            .filter(entity::Column::Id.is_not_in(known.iter().copied().map(sql::uuid)))
            .apply_if(filter.after.filter(|last| !known.contains(last)), |seats, last| {
                seats.filter(grant::entity::Column::Member.gt(sql::uuid(last)))
            })
            .apply_if(filter.text.as_deref(), |seats, text| seats.filter(with_text(text)));
        for (seat, grant) in query.limit(rest).all(&from.executor()).await? {
            found.push((of_row(seat)?, grant.map(grant::of_row).transpose()?));
        }
    }
    Ok(found)
}

/// The owner and the holder, as far as they have a seat.
async fn first(from: &impl Source, filter: &KeyMemberFilter) -> Result<Vec<Member>, StoreError> {
    let owner = owner(from, filter.account).await?;
    let holder = filter.holder.filter(|holder| owner.as_ref().is_none_or(|owner| owner.id != *holder));
    let mut holder = list_these(from, holder.as_slice()).await?;
    holder.retain(|seat| seat.removed_at.is_none());
    Ok(owner.into_iter().chain(holder).collect())
}

/// The seats with a role on a key, in the order of their ids: a walk over its grants. To ask for the grants afterwards, PostgreSQL would
/// read all of the key.
fn walk(key: KeyId) -> SelectTwo<entity::Entity, grant::entity::Entity> {
    let granted: RelationDef = grant::entity::Entity::belongs_to(entity::Entity)
        .from(grant::entity::Column::Member)
        .to(entity::Column::Id)
        .into();
    entity::Entity::find()
        .join_rev(JoinType::InnerJoin, granted)
        .select_also(grant::entity::Entity)
        .filter(grant::entity::Column::Key.eq(sql::uuid(key)))
        .filter(entity::Column::RemovedAt.is_null())
        .order_by_asc(grant::entity::Column::Member)
}
