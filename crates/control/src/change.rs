//! Change: a transaction of an actor who may make it. What it decides on is read inside, so that two changes at once cannot both
//! count on what only one of them leaves; what it does is in the audit trail; it is answered when it holds.

use domain::{
    audit::Action,
    id::{AccountId, MemberId},
    key::Key,
    member::{Member, MemberState},
    permission::Permission,
    role::RoleScope,
    standing::{Rights, Standing},
    time::Timestamp,
};
use serde_json::Value;
use store::Tx;

use crate::{
    actor::Actor,
    app::App,
    audit::{self, What, Who},
    error::Problem,
    key,
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
    /// What it allows, inside the transaction too.
    pub rights: Rights,
    /// The moment of all that it does.
    pub now: Timestamp,
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

    /// A change to the key that a path names, which needs a permission on it.
    ///
    /// Errors: 404 for a key that the actor does not see; 403 with the permission's name; those of the store.
    pub async fn on_key(
        app: &'a App,
        actor: &Actor,
        key: &str,
        permission: Permission,
    ) -> Result<(Change<'a>, Key), Problem> {
        let change = Change::of_own(app, actor).await?;
        let key = change.key(key).await?;
        change.may_on(&key, permission)?;
        Ok((change, key))
    }

    /// A change to what is the actor's own.
    ///
    /// Errors: 401 if the seat is no longer active; those of the store.
    pub async fn of_own(app: &'a App, actor: &Actor) -> Result<Change<'a>, Problem> {
        let (account, member) = actor.own();
        let tx = app.store.begin().await?;
        let now = app.now();
        let seat = store::member::find_in(&tx, account, member).await?;
        let seat = seat.filter(|seat| seat.state_at(now) == MemberState::Active).ok_or_else(Problem::sign_in)?;
        let Standing { seat, rights } = store::standing::of(&tx, seat).await?;
        let rights = rights.limited_to(actor.caller().lets());
        Ok(Change { app, tx, account, seat, rights, now, who: Who::from(actor) })
    }

    /// Whether the actor's role allows it, and their access token where a program asks.
    ///
    /// Errors: 403 with the permission's name.
    pub fn may(&self, permission: Permission) -> Result<(), Problem> {
        self.rights.allow(RoleScope::Account, permission).map_err(|lacking| Problem::lacking(lacking, permission))
    }

    /// Whether the actor may do it with a key: by the role in the account, or by a grant on the key.
    ///
    /// Errors: 403 with the permission's name.
    pub fn may_on(&self, key: &Key, permission: Permission) -> Result<(), Problem> {
        self.rights.allow(RoleScope::Key(key.id), permission).map_err(|lacking| Problem::lacking(lacking, permission))
    }

    /// Whether the actor's access token is for this: what a person may without a permission, their program may only with one.
    ///
    /// Errors: 403 with the permission's name.
    pub fn lets(&self, permission: Permission) -> Result<(), Problem> {
        if self.rights.most().has(permission) { Ok(()) } else { Err(Problem::not_for_token(permission)) }
    }

    /// The actor's seat and rights, as they are inside the transaction.
    pub fn standing(&self) -> Standing {
        Standing { seat: self.seat.clone(), rights: self.rights.clone() }
    }

    /// Whether the actor may do to the seat of `other` what `to` says.
    ///
    /// Errors: 409 with the rule that forbids it; those of the store.
    pub async fn may_act_on(&self, other: &Member, to: &'static str) -> Result<(), Problem> {
        let other = store::standing::of(&self.tx, other.clone()).await?;
        Ok(self.standing().may_act_on(&other, to)?)
    }

    /// The member of the account with this id.
    ///
    /// Errors: 404.
    pub async fn member(&self, id: MemberId) -> Result<Member, Problem> {
        let found = store::member::find_in(&self.tx, self.account, id).await?;
        found.ok_or_else(|| Problem::not_found("member"))
    }

    /// The key that a path names, if the actor sees it inside the transaction.
    ///
    /// Errors: 404 otherwise.
    pub async fn key(&self, text: &str) -> Result<Key, Problem> {
        key::find(&self.tx, self.account, text, &self.standing()).await
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
