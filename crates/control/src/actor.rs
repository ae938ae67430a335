//! Actor: who makes a request, through a session or an access token. The one door for permissions: the id of an account is had by
//! asking whether something may be done in it, and in no other way.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
};
use domain::{
    account::Account,
    id::{AccountId, KeyId, MemberId},
    key::Key,
    member::{Member, MemberState},
    permission::{Permission, Permissions},
    role::RoleScope,
    standing::{Rights, Standing},
};

use crate::{app::App, error::Problem, second_factor};

mod caller;
mod operator;
mod sight;

pub use caller::{Caller, MaybeSigned, Peer, Proof, Signed};
pub use operator::Operator;
pub use sight::Sight;

/// A person with a seat in the account that the path names, whatever its state.
pub struct Seated {
    /// The person.
    pub caller: Caller,
    /// The account.
    pub account: Account,
    /// Their seat: active or suspended.
    pub seat: Member,
}

/// A person with an active seat in the account that the path names, and what it allows; where the path names a key, on that key.
pub struct Actor {
    caller: Caller,
    account: Account,
    standing: Standing,
}

impl Actor {
    /// The account, if the actor's role allows it there.
    ///
    /// Errors: 403 with the permission's name.
    pub fn may(&self, permission: Permission) -> Result<AccountId, Problem> {
        self.standing
            .rights
            .allow(RoleScope::Account, permission)
            .map_err(|lacking| Problem::lacking(lacking, permission))?;
        Ok(self.account.id)
    }

    /// Whether something may be done with a key: by the role in the account, or by a grant on the key.
    ///
    /// Errors: 403 with the permission's name.
    pub fn may_on(&self, key: &Key, permission: Permission) -> Result<(), Problem> {
        let allowed = self.rights().allow(RoleScope::Key(key.id), permission);
        allowed.map_err(|lacking| Problem::lacking(lacking, permission))
    }

    /// The account and the actor's seat, for what everybody may who has a seat: to see what is theirs.
    pub fn own(&self) -> (AccountId, MemberId) {
        (self.account.id, self.standing.seat.id)
    }

    /// Whose calls and figures the actor sees.
    pub fn sight(&self) -> Sight {
        let (account, member) = self.own();
        if self.permissions().has(Permission::StatsView) {
            Sight::Account(account)
        } else {
            let granted = |key: &KeyId| self.rights().granted_on(*key).has(Permission::StatsView);
            Sight::Own(account, member, self.rights().keys().filter(granted).collect())
        }
    }

    /// Whether the actor's access token is for this: what a person may without a permission, their program may only with one.
    ///
    /// Errors: 403 with the permission's name.
    pub fn lets(&self, permission: Permission) -> Result<(), Problem> {
        if self.caller.lets().has(permission) { Ok(()) } else { Err(Problem::not_for_token(permission)) }
    }

    /// All that the actor's role allows in the account, and their access token where a program asks.
    pub fn permissions(&self) -> Permissions {
        self.rights().in_account()
    }

    /// What the actor may do, in the account and on each key; where the path names a key, on no other than that.
    pub fn rights(&self) -> &Rights {
        &self.standing.rights
    }

    /// The actor's seat.
    pub fn seat(&self) -> &Member {
        &self.standing.seat
    }

    /// The actor's seat and rights.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The person, and what proves it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl FromRequestParts<Arc<App>> for Seated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let nowhere = || Problem::not_found("account");
        let named = named(parts, app, "account").await;
        let id: AccountId = named.and_then(|text| text.parse().ok()).ok_or_else(nowhere)?;
        if caller.token().is_some_and(|token| token.account != Some(id)) {
            return Err(nowhere());
        }
        let seats = store::member::list_of_person_in(&app.store, caller.person.id, id).await?;
        let sits = |seat: &Member| matches!(seat.state(), MemberState::Active | MemberState::Suspended);
        let seat = seats.into_iter().find(sits).ok_or_else(nowhere)?;
        let account = store::account::find(&app.store, id).await?.ok_or_else(nowhere)?;
        second_factor::demand(app, caller.person.id, Some(id)).await?;
        Ok(Seated { caller, account, seat })
    }
}

impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let seated = Seated::from_request_parts(parts, app).await?;
        let (code, state) = match seated.seat.state_at(app.now()) {
            MemberState::Active => {
                let Standing { seat, rights } = match named(parts, app, "key").await {
                    // What is done with one key needs none of the grants on others.
                    Some(key) => store::standing::on(&app.store, seated.seat, key.parse().ok()).await?,
                    None => store::standing::of(&app.store, seated.seat).await?,
                };
                let standing = Standing { seat, rights: rights.limited_to(seated.caller.lets()) };
                return Ok(Actor { caller: seated.caller, account: seated.account, standing });
            }
            MemberState::Ended => ("member_ended", "has come to its end"),
            _ => ("member_suspended", "is suspended"),
        };
        let detail = format!("Your seat in {} {state}.", seated.account.name);
        let problem = Problem::new(StatusCode::FORBIDDEN, code, detail);
        Err(problem.hint("Ask the owner or an admin of the account."))
    }
}

/// What the path says in the place of a noun.
async fn named(parts: &mut Parts, app: &Arc<App>, noun: &str) -> Option<String> {
    let path = RawPathParams::from_request_parts(parts, app).await.ok()?;
    path.iter().find(|(name, _)| *name == noun).map(|(_, text)| text.to_owned())
}
