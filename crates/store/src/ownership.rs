//! Ownership: offers of an account by its owner to another member.

use domain::{id::AccountId, ownership::OwnershipOffer, time::Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "an offer with this id, or one of this account that is not answered";
const OWNERS: &str = "account, or member to offer it or to be offered";

/// Adds an offer. An older one of the same account is withdrawn before, also one that is too old.
///
/// Errors: `Conflict` when its id is taken, or the account has an offer that was neither accepted, declined nor withdrawn;
/// `NotFound` when account or members are not there.
pub async fn insert(tx: &Tx, offer: &OwnershipOffer) -> Result<(), StoreError> {
    noun::insert(tx, to_row(offer), EXISTS, OWNERS).await
}

/// Writes a changed offer.
///
/// Errors: `NotFound`; `Conflict` as [`insert`].
pub async fn save(tx: &Tx, offer: &OwnershipOffer) -> Result<(), StoreError> {
    noun::save(tx, to_row(offer), EXISTS, "offer").await
}

/// The offer of an account that was neither accepted, declined nor withdrawn, whether or not it is too old.
pub async fn standing(from: &impl Source, account: AccountId) -> Result<Option<OwnershipOffer>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .filter(entity::Column::AcceptedAt.is_null())
        .filter(entity::Column::DeclinedAt.is_null())
        .filter(entity::Column::WithdrawnAt.is_null());
    Ok(query.one(&from.executor()).await?.map(of_row))
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "ownership_offer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub owner: Uuid,
        pub successor: Uuid,
        pub created_at: i64,
        pub accepted_at: Option<i64>,
        pub declined_at: Option<i64>,
        pub withdrawn_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(offer: &OwnershipOffer) -> entity::Model {
    entity::Model {
        id: sql::uuid(offer.id),
        account: sql::uuid(offer.account),
        owner: sql::uuid(offer.owner),
        successor: sql::uuid(offer.successor),
        created_at: offer.created_at.micros(),
        accepted_at: offer.accepted_at.map(Timestamp::micros),
        declined_at: offer.declined_at.map(Timestamp::micros),
        withdrawn_at: offer.withdrawn_at.map(Timestamp::micros),
    }
}

fn of_row(row: entity::Model) -> OwnershipOffer {
    OwnershipOffer {
        id: sql::id(row.id),
        account: sql::id(row.account),
        owner: sql::id(row.owner),
        successor: sql::id(row.successor),
        created_at: Timestamp::from_micros(row.created_at),
        accepted_at: row.accepted_at.map(Timestamp::from_micros),
        declined_at: row.declined_at.map(Timestamp::from_micros),
        withdrawn_at: row.withdrawn_at.map(Timestamp::from_micros),
    }
}
