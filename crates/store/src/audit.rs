//! Audit trail: who changed what. Rows are added only; triggers of the database refuse the rest.

use domain::{
    audit::Audit,
    id::{AccountId, AuditId, PersonId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{Source, StoreError, Tx, noun, sql};

/// The most rows of one page.
pub const MAX_PAGE: u32 = 1_000;
/// A millisecond, in microseconds.
const MILLISECOND: i64 = 1_000;

/// Adds a row, in the transaction of what it tells of.
///
/// Errors: `Conflict` or, where the trigger that keeps rows from being replaced sees it first, `Database` when its id is
/// taken.
pub async fn append(tx: &Tx, audit: &Audit) -> Result<(), StoreError> {
    noun::insert(tx, to_row(audit), "a row of the audit trail with this id", "audit").await
}

/// Whose changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All that were made in an account.
    Account(AccountId),
    /// What a person did in an account and about themselves.
    Person(PersonId, AccountId),
    /// What those did who run Keyward, in all accounts and in none.
    Operators,
}

/// Which changes are meant; what is none does not matter.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whose they are.
    pub whose: Whose,
    /// Made by this person.
    pub person: Option<PersonId>,
    /// Made in this account.
    pub account: Option<AccountId>,
    /// Made by those who run Keyward, or by others.
    pub by_operator: Option<bool>,
    /// This action, `key.edit`; or all of a noun, `key`.
    pub action: Option<String>,
    /// Made to what has this id.
    pub subject: Option<String>,
    /// At this moment or later.
    pub since: Option<Timestamp>,
    /// Earlier than this moment.
    pub until: Option<Timestamp>,
    /// Older than this row, where the last page ended.
    pub before: Option<AuditId>,
    /// So many rows, at most [`MAX_PAGE`].
    pub limit: u32,
}

impl Filter {
    /// All changes of somebody, a page of them.
    pub fn all(whose: Whose, limit: u32) -> Filter {
        Filter {
            whose,
            person: None,
            account: None,
            by_operator: None,
            action: None,
            subject: None,
            since: None,
            until: None,
            before: None,
            limit,
        }
    }

    fn condition(&self) -> Condition {
        use entity::Column;
        let whose = match self.whose {
            Whose::Account(account) => Condition::all().add(Column::Account.eq(sql::uuid(account))),
            Whose::Person(person, account) => {
                let here = Condition::any().add(Column::Account.eq(sql::uuid(account))).add(Column::Account.is_null());
                Condition::all().add(Column::Person.eq(sql::uuid(person))).add(here)
            }
            Whose::Operators => Condition::all().add(by_operator(true)),
        };
        let action = self.action.as_deref().map(|action| match action.contains('.') {
            true => Condition::all().add(Column::Action.eq(action)),
            // All actions of a noun stand between `key.` and `key/`, the next sign.
            false => Condition::all()
                .add(Column::Action.gte(format!("{action}.")))
                .add(Column::Action.lt(format!("{action}/"))),
        });
        Condition::all()
            .add(whose)
            .add_option(self.person.map(|person| Column::Person.eq(sql::uuid(person))))
            .add_option(self.account.map(|account| Column::Account.eq(sql::uuid(account))))
            .add_option(self.by_operator.map(by_operator))
            .add_option(action)
            .add_option(self.subject.as_ref().map(|subject| Column::Subject.eq(subject.as_str())))
            .add_option(self.since.map(|moment| Column::Time.gte(moment.micros())))
            .add_option(self.until.map(|moment| Column::Time.lt(moment.micros())))
            // Ids begin with the millisecond of their time: the index need not be read beyond it.
            .add_option(self.since.map(|moment| Column::Id.gte(first_of(moment))))
            .add_option(self.until.map(|moment| Column::Id.lt(first_of(moment.plus(MILLISECOND)))))
            .add_option(self.before.map(|before| Column::Id.lt(sql::uuid(before))))
    }
}

/// Changes, newest first.
pub async fn list(from: &impl Source, filter: &Filter) -> Result<Vec<Audit>, StoreError> {
    let query = entity::Entity::find()
        .filter(filter.condition())
        .order_by_desc(entity::Column::Id)
        .limit(u64::from(Ord::min(filter.limit, MAX_PAGE)));
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// Who acted, in the words of the indexes of what operators did.
fn by_operator(is_so: bool) -> Expr {
    if is_so { Expr::col(entity::Column::ByOperator) } else { entity::Column::ByOperator.eq(false) }
}

/// The lowest id of a moment's millisecond.
fn first_of(moment: Timestamp) -> Uuid {
    Uuid::from_u128((moment.micros().max(0) as u128 / MILLISECOND as u128) << 80)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub time: i64,
        pub account: Option<Uuid>,
        pub person: Option<Uuid>,
        pub member: Option<Uuid>,
        pub by_operator: bool,
        pub name: String,
        pub address: Option<String>,
        pub action: String,
        pub subject: String,
        pub subject_name: String,
        pub before: Option<String>,
        pub after: Option<String>,
        pub access_token: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(audit: &Audit) -> entity::Model {
    entity::Model {
        id: sql::uuid(audit.id),
        time: audit.time.micros(),
        account: audit.account.map(sql::uuid),
        person: audit.person.map(sql::uuid),
        member: audit.member.map(sql::uuid),
        by_operator: audit.by_operator,
        name: audit.name.clone(),
        address: audit.address.map(|address| address.to_string()),
        action: audit.action.to_string(),
        subject: audit.subject.clone(),
        subject_name: audit.subject_name.clone(),
        before: audit.before.clone(),
        after: audit.after.clone(),
        access_token: audit.access_token.map(sql::uuid),
    }
}

fn of_row(row: entity::Model) -> Result<Audit, StoreError> {
    Ok(Audit {
        id: sql::id(row.id),
        time: Timestamp::from_micros(row.time),
        account: row.account.map(sql::id),
        person: row.person.map(sql::id),
        member: row.member.map(sql::id),
        by_operator: row.by_operator,
        name: row.name,
        address: noun::word_if_any(row.address, "audit.address")?,
        action: sql::word(&row.action, "audit.action")?,
        subject: row.subject,
        subject_name: row.subject_name,
        before: row.before,
        after: row.after,
        access_token: row.access_token.map(sql::id),
    })
}
