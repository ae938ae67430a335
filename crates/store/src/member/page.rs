//! Pages of an account's members: the owner, then the others, oldest first, from a cursor on.

use domain::{
    id::{AccountId, MemberId},
    member::Member,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{entity, of_row, owner};
use crate::{Source, StoreError, noun, sql};

/// The most members of one page.
pub const MAX_PAGE: u32 = 500;

/// Which members are meant.
#[derive(Clone, Debug)]
pub struct MemberFilter {
    /// Of this account.
    pub account: AccountId,
    /// Also those who were removed.
    pub removed: bool,
    /// That have this in their name or mail address, whatever the case. It is looked for in all members until the page is full.
    pub text: Option<String>,
    /// After this one, where the last page ended; none: from the owner on.
    pub after: Option<MemberId>,
    /// So many, at most [`MAX_PAGE`].
    pub limit: u32,
}

/// A page of members: the owner, then the others, oldest first. The next one begins after its last.
pub async fn page(from: &impl Source, filter: &MemberFilter) -> Result<Vec<Member>, StoreError> {
    let limit = filter.limit.clamp(1, MAX_PAGE) as usize;
    let owner = owner(from, filter.account).await?;
    let mut condition = filter.condition();
    let mut found = Vec::with_capacity(limit);
    if let Some(owner) = owner {
        condition = condition.add(entity::Column::Id.ne(sql::uuid(owner.id)));
        match filter.after {
            // The owner stands first, whenever they came.
            Some(last) if last == owner.id => {}
            Some(last) => condition = condition.add(entity::Column::Id.gt(sql::uuid(last))),
            None if filter.means(&owner) => found.push(owner),
            None => {}
        }
    } else if let Some(last) = filter.after {
        condition = condition.add(entity::Column::Id.gt(sql::uuid(last)));
    }
    let rest = (limit - found.len()) as u64;
    if rest > 0 {
        let query = entity::Entity::find().filter(condition).order_by_asc(entity::Column::Id).limit(rest);
        for row in query.all(&from.executor()).await? {
            found.push(of_row(row)?);
        }
    }
    Ok(found)
}

impl MemberFilter {
    fn condition(&self) -> Condition {
        use entity::Column as Is;
        let mut all = Condition::all().add(Is::Account.eq(sql::uuid(self.account)));
        if !self.removed {
            all = all.add(Is::RemovedAt.is_null());
        }
        if let Some(text) = &self.text {
            all = all.add(with_text(text));
        }
        all
    }

    /// Whether the owner is one of them.
    fn means(&self, owner: &Member) -> bool {
        self.text.as_deref().is_none_or(|text| has_text(owner, text))
    }
}

/// The seats that have a text in their name or mail address, whatever the case.
pub(super) fn with_text(text: &str) -> Condition {
    let like = noun::containing(text);
    Condition::any().add(entity::Column::NameCompared.like(like.clone())).add(entity::Column::EmailCompared.like(like))
}

/// Whether a seat is one of [`with_text`].
pub(super) fn has_text(seat: &Member, text: &str) -> bool {
    let text = noun::compared(text);
    noun::compared(seat.name.as_str()).contains(&text) || seat.email.as_compared().contains(&text)
}
