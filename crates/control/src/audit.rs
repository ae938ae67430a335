//! Audit: records who changed what, in the transaction that changes it; and shows it.

use std::net::IpAddr;

use domain::{
    audit::{Action, Audit},
    id::{AccessTokenId, AccountId, MemberId, PersonId},
    time::Timestamp,
};
use serde_json::Value;
use store::Tx;

use crate::{
    actor::{Actor, Caller, Peer, Signed},
    app::App,
    error::Problem,
};

mod asked;
pub mod export;
pub mod list;

/// Who makes a change.
#[derive(Clone, Debug)]
pub struct Who {
    account: Option<AccountId>,
    person: Option<PersonId>,
    member: Option<MemberId>,
    access_token: Option<AccessTokenId>,
    by_operator: bool,
    name: String,
    address: Option<IpAddr>,
}

/// What is changed.
pub struct What<'a> {
    /// What is done.
    pub action: Action,
    /// The id of what it is done to.
    pub subject: String,
    /// What that is called.
    pub name: &'a str,
    /// What it was; nothing secret.
    pub before: Option<Value>,
    /// What it is from now on; nothing secret.
    pub after: Option<Value>,
}

impl From<&Actor> for Who {
    fn from(actor: &Actor) -> Who {
        let (account, member) = actor.own();
        Who { account: Some(account), member: Some(member), ..Who::from(actor.caller()) }
    }
}

impl From<&Caller> for Who {
    fn from(caller: &Caller) -> Who {
        let token = caller.token().map(|token| token.id);
        Who { access_token: token, ..Who::person(caller.person.id, caller.person.name.as_str(), &caller.peer) }
    }
}

impl From<&Signed> for Who {
    fn from(signed: &Signed) -> Who {
        Who::person(signed.person.id, signed.person.name.as_str(), &signed.peer)
    }
}

impl Who {
    /// A person who has no session yet.
    pub fn person(person: PersonId, name: &str, peer: &Peer) -> Who {
        Who {
            account: None,
            person: Some(person),
            member: None,
            access_token: None,
            by_operator: false,
            name: name.to_owned(),
            address: peer.address,
        }
    }

    /// Who runs this installation, doing something to an account, or to none.
    pub fn operator(caller: &Caller, account: Option<AccountId>) -> Who {
        Who { account, by_operator: true, ..Who::from(caller) }
    }

    /// The same, acting in a seat.
    pub fn in_seat(self, account: AccountId, member: MemberId) -> Who {
        Who { account: Some(account), member: Some(member), ..self }
    }
}

/// Records a change. Call it in the transaction that makes the change.
///
/// Errors: those of the store.
pub async fn record(app: &App, tx: &Tx, who: &Who, what: What<'_>, now: Timestamp) -> Result<(), Problem> {
    let row = Audit {
        id: app.id(now),
        time: now,
        account: who.account,
        person: who.person,
        member: who.member,
        access_token: who.access_token,
        by_operator: who.by_operator,
        name: who.name.clone(),
        address: who.address,
        action: what.action,
        subject: what.subject,
        subject_name: what.name.to_owned(),
        before: what.before.map(|value| value.to_string()),
        after: what.after.map(|value| value.to_string()),
    };
    Ok(store::audit::append(tx, &row).await?)
}
