//! Deed: what an operator does to an account. A transaction in which they still are one, with its line in the account's trail;
//! answered when it holds.

use axum::Json;
use domain::{account::Account, audit::Action, id::AccountId, time::Timestamp};
use serde_json::Value;
use store::Tx;

use super::view::{self, OperatorAccountInForce};
use crate::{
    actor::Operator,
    app::App,
    audit::{self, What, Who},
    error::Problem,
};

/// A deed in the making. Dropped without [`Deed::in_force`] it leaves nothing behind.
pub struct Deed<'a> {
    /// What handlers have at hand.
    pub app: &'a App,
    /// Its transaction.
    pub tx: Tx,
    /// The account as it is inside the transaction.
    pub account: Account,
    /// The moment of all that it does.
    pub now: Timestamp,
    /// What the operator is called.
    pub by: String,
    who: Who,
}

impl<'a> Deed<'a> {
    /// A deed to the account that a path names.
    ///
    /// Errors: 404 for what is no account, and for who is no operator any more; those of the store.
    pub async fn begin(app: &'a App, operator: &Operator, account: &str) -> Result<Deed<'a>, Problem> {
        let id = id(account)?;
        let tx = app.store.begin().await?;
        still_operator(&tx, operator).await?;
        let account = store::account::find(&tx, id).await?.ok_or_else(|| Problem::not_found("account"))?;
        Ok(Deed::on(app, operator, tx, account, app.now()))
    }

    /// A deed in a transaction that has begun, to an account that was made in it.
    pub fn on(app: &'a App, Operator(caller): &Operator, tx: Tx, account: Account, now: Timestamp) -> Deed<'a> {
        let (by, who) = (caller.person.name.to_string(), Who::operator(caller, Some(account.id)));
        Deed { app, tx, account, now, by, who }
    }

    /// Writes a line of the account's trail.
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

    /// Makes it so; returns the moment from which it holds at every gateway, and the account.
    ///
    /// Errors: those of the store; nothing is changed then.
    pub async fn commit(self) -> Result<(Timestamp, Account), Problem> {
        self.tx.commit().await?;
        self.app.mail_waits.notify_one();
        Ok((self.app.effect.now().await, self.account))
    }

    /// Makes it so, and answers with the account as it is then.
    ///
    /// Errors: those of the store.
    pub async fn in_force(self) -> Result<Json<OperatorAccountInForce>, Problem> {
        let app = self.app;
        let (effective_at, account) = self.commit().await?;
        let account = view::whole(app, account).await?;
        Ok(Json(OperatorAccountInForce { account, effective_at: effective_at.into() }))
    }
}

/// The id that a path names.
///
/// Errors: 404 for what cannot be one.
pub fn id(text: &str) -> Result<AccountId, Problem> {
    text.parse().map_err(|_| Problem::not_found("account"))
}

/// Whether somebody is an operator inside the transaction too.
///
/// Errors: 404, as for everybody who is none.
pub async fn still_operator(tx: &Tx, Operator(caller): &Operator) -> Result<(), Problem> {
    let person = store::person::find(tx, caller.person.id).await?;
    match person.and_then(|person| person.operator_at) {
        Some(_) => Ok(()),
        None => Err(Problem::not_found("page")),
    }
}
