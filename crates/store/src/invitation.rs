//! Invitations: offers of seats.

use std::collections::HashMap;

use domain::{
    id::{AccountId, InvitationId, MemberId},
    invitation::{Invitation, LIFETIME},
    member::{Member, MemberState},
    time::Timestamp,
    token::TokenHash,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "an invitation with this id or token, or one for this seat that was not withdrawn";
const OWNERS: &str = "account, or member to be invited or to invite";

/// Adds an invitation. An older one for the same seat is withdrawn before, also one that is too old.
///
/// Errors: `Conflict` when its id or token is taken, or the seat has one that was neither accepted nor withdrawn;
/// `NotFound` when account or members are not there.
pub async fn insert(tx: &Tx, invitation: &Invitation) -> Result<(), StoreError> {
    noun::insert(tx, to_row(invitation), EXISTS, OWNERS).await
}

/// Writes a changed invitation.
///
/// Errors: `NotFound`; `Conflict` as [`insert`].
pub async fn save(tx: &Tx, invitation: &Invitation) -> Result<(), StoreError> {
    noun::save(tx, to_row(invitation), EXISTS, "invitation").await
}

/// Writes down why the mail of an invitation was given up, whatever else became of the invitation.
pub async fn refused(tx: &Tx, invitation: InvitationId, why: &str) -> Result<(), StoreError> {
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::Refused, Expr::value(why))
        .filter(entity::Column::Id.eq(sql::uuid(invitation)));
    change.exec(tx.inner()).await?;
    Ok(())
}

/// The invitation whose token has this hash, whether or not it is over.
pub async fn find_by_hash(from: &impl Source, hash: &TokenHash) -> Result<Option<Invitation>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Hash.eq(hash.0.to_vec()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// The newest invitation for a seat, whether or not it is over.
pub async fn of_member(from: &impl Source, member: MemberId) -> Result<Option<Invitation>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Member.eq(sql::uuid(member)))
        .order_by_desc(entity::Column::CreatedAt)
        .order_by_desc(entity::Column::Id);
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// The newest invitation for each of these seats that is still to be taken, whether or not it is over; any other seat is missing.
pub async fn of_pending(from: &impl Source, seats: &[Member]) -> Result<HashMap<MemberId, Invitation>, StoreError> {
    let pending = seats.iter().filter(|seat| seat.state() == MemberState::Pending).map(|seat| seat.id);
    let pending: Vec<MemberId> = pending.collect();
    let mut found = HashMap::with_capacity(pending.len());
    for chunk in sql::chunks(&pending) {
        let query = entity::Entity::find()
            .filter(entity::Column::Member.is_in(chunk.iter().copied().map(sql::uuid)))
            .order_by_asc(entity::Column::CreatedAt)
            .order_by_asc(entity::Column::Id);
        for row in query.all(&from.executor()).await? {
            let invitation = of_row(row)?;
            found.insert(invitation.member, invitation);
        }
    }
    Ok(found)
}

/// The invitations of an account that can be followed, oldest first.
pub async fn open_of_account(
    from: &impl Source,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .filter(entity::Column::CreatedAt.gt(now.plus(-LIFETIME).micros()))
        .filter(entity::Column::AcceptedAt.is_null())
        .filter(entity::Column::WithdrawnAt.is_null())
        .order_by_asc(entity::Column::CreatedAt)
        .order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// How many invitations an account sent at this moment or later, those that are over too.
pub async fn count_since(from: &impl Source, account: AccountId, since: Timestamp) -> Result<u64, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .filter(entity::Column::CreatedAt.gte(since.micros()));
    Ok(query.count(&from.executor()).await?)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub member: Uuid,
        pub invited_by: Option<Uuid>,
        pub hash: Vec<u8>,
        pub created_at: i64,
        pub accepted_at: Option<i64>,
        pub withdrawn_at: Option<i64>,
        pub refused: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(invitation: &Invitation) -> entity::Model {
    entity::Model {
        id: sql::uuid(invitation.id),
        account: sql::uuid(invitation.account),
        member: sql::uuid(invitation.member),
        invited_by: invitation.invited_by.map(sql::uuid),
        hash: invitation.hash.0.to_vec(),
        created_at: invitation.created_at.micros(),
        accepted_at: invitation.accepted_at.map(Timestamp::micros),
        withdrawn_at: invitation.withdrawn_at.map(Timestamp::micros),
        refused: invitation.refused.clone(),
    }
}

fn of_row(row: entity::Model) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: sql::id(row.id),
        account: sql::id(row.account),
        member: sql::id(row.member),
        invited_by: row.invited_by.map(sql::id),
        hash: noun::token_hash(row.hash, "invitation.hash")?,
        created_at: Timestamp::from_micros(row.created_at),
        accepted_at: row.accepted_at.map(Timestamp::from_micros),
        withdrawn_at: row.withdrawn_at.map(Timestamp::from_micros),
        refused: row.refused,
    })
}
