//! Change: a transaction of an actor who may make it. What it decides on is read inside, so that two changes at once cannot both
//! count on what only one of them leaves; what it does is in the audit trail; it is answered when it holds.

use domain::{
    audit::Action,
    id::{AccountId, MemberId},
    member::{Member, MemberState},
    permission::{Permission, Permissions},
    time::Timestamp,
};
use serde_json::Value;
use store::Tx;

use crate::{
    actor::Actor,
    app::App,
    audit::{self, What, Who},
    error::Problem,
};

/// A change in the making. Dropped without [`Change::commit`] it leaves nothing behind.
pub struct Change<'a> {
    /// What handlers have at hand.
    pub app: &'a App,
    /// Its transaction.
    pub tx: Tx,
    /// The account that is changed.
    pub account: AccountId,
    /// The actor's seat, as it is inside the transaction.
    pub seat: Member,
    /// The moment of all that it does.
    pub now: Timestamp,
    /// What gets through at most: see [`crate::actor::Caller::lets`].
    lets: Permissions,
    who: Who,
}

impl<'a> Change<'a> {
    /// A change that needs a permission.
    ///
    /// Errors: 403 with the permission's name; those of the store.
    pub async fn begin(app: &'a App, actor: &Actor, permission: Permission) -> Result<Change<'a>, Problem> {
        let change = Change::of_own(app, actor).await?;
        change.may(permission)?;
        Ok(change)
    }

    /// A change to what is the actor's own.
    ///
    /// Errors: 403 if the seat is no longer active; those of the store.
    pub async fn of_own(app: &'a App, actor: &Actor) -> Result<Change<'a>, Problem> {
        let (account, member) = actor.own();
        let tx = app.store.begin().await?;
        let seat = store::member::find_in(&tx, account, member).await?;
        let seat = seat.filter(|seat| seat.state() == MemberState::Active).ok_or_else(Problem::sign_in)?;
        Ok(Change { app, tx, account, seat, now: app.now(), lets: actor.caller().lets(), who: Who::from(actor) })
    }

    /// Whether the actor's role allows it, and their access token where a program asks.
    ///
    /// Errors: 403 with the permission's name.
    pub fn may(&self, permission: Permission) -> Result<(), Problem> {
        if self.seat.role.permissions().has(permission) {
            self.lets(permission)
        } else {
            Err(Problem::missing(permission))
        }
    }

    /// Whether the actor's access token is for this: what a person may without a permission, their program may only with one.
    ///
    /// Errors: 403 with the permission's name.
    pub fn lets(&self, permission: Permission) -> Result<(), Problem> {
        if self.lets.has(permission) { Ok(()) } else { Err(Problem::not_for_token(permission)) }
    }

    /// All that the actor's role allows, and their access token where a program asks.
    pub fn permissions(&self) -> Permissions {
        self.seat.role.permissions().and(self.lets)
    }

    /// The member of the account with this id.
    ///
    /// Errors: 404.
    pub async fn member(&self, id: MemberId) -> Result<Member, Problem> {
        let found = store::member::find_in(&self.tx, self.account, id).await?;
        found.ok_or_else(|| Problem::not_found("member"))
    }

    /// Writes a line of the audit trail.
    ///
    /// Errors: those of the store.
    pub async fn record(
        &self,
        action: Action,
        (subject, name): (impl ToString, &str),
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), Problem> {
        let what = What { action, subject: subject.to_string(), name, before, after };
        audit::record(self.app, &self.tx, &self.who, what, self.now).await
    }

    /// Makes it so, for everybody; returns the moment from which it holds at every gateway.
    ///
    /// Errors: those of the store; nothing is changed then.
    pub async fn commit(self) -> Result<Timestamp, Problem> {
        self.tx.commit().await?;
        self.app.mail_waits.notify_one();
        Ok(self.app.effect.now().await)
    }
}
