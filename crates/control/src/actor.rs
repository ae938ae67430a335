//! Actor: who makes a request. The one door for permissions: the id of an account is had by asking whether something may be
//! done in it, and in no other way.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, RawPathParams},
    http::{StatusCode, header, request::Parts},
};
use domain::{
    account::Account,
    id::{AccountId, MemberId},
    member::{Member, MemberState},
    permission::{Permission, Permissions},
    person::Person,
    session::{MAX_AGENT, Session},
    time::SECOND,
};

use crate::{app::App, cookie, error::Problem};

/// How exactly it is known when a session was used, in microseconds: not each request writes.
const SEEN_EVERY: i64 = 60 * SECOND;

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The address at the other end of the connection.
    pub address: Option<IpAddr>,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
}

/// A person with an open session.
#[derive(Clone)]
pub struct Signed {
    /// Who.
    pub person: Person,
    /// In which session.
    pub session: Session,
    /// From where.
    pub peer: Peer,
}

/// A person who may be signed in.
pub struct MaybeSigned(pub Option<Signed>);

/// A signed-in person with a seat in the account that the path names, whatever its state.
pub struct Seated {
    /// The person.
    pub signed: Signed,
    /// The account.
    pub account: Account,
    /// Their seat: active or suspended.
    pub seat: Member,
}

/// A signed-in person with an active seat in the account that the path names.
pub struct Actor(Seated);

/// Whose calls and figures somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's.
    Account(AccountId),
    /// Their own.
    Own(AccountId, MemberId),
}

impl Actor {
    /// The account, if the actor's role allows it there.
    ///
    /// Errors: 403 with the permission's name.
    pub fn may(&self, permission: Permission) -> Result<AccountId, Problem> {
        if self.permissions().has(permission) { Ok(self.0.account.id) } else { Err(Problem::missing(permission)) }
    }

    /// The account and the actor's seat, for what everybody may who has a seat: to see what is theirs.
    pub fn own(&self) -> (AccountId, MemberId) {
        (self.0.account.id, self.0.seat.id)
    }

    /// Whose calls and figures the actor sees.
    pub fn sight(&self) -> Sight {
        let (account, member) = self.own();
        if self.permissions().has(Permission::StatsView) {
            Sight::Account(account)
        } else {
            Sight::Own(account, member)
        }
    }

    /// All that the actor's role allows.
    pub fn permissions(&self) -> Permissions {
        self.0.seat.role.permissions()
    }

    /// The actor's seat.
    pub fn seat(&self) -> &Member {
        &self.0.seat
    }

    /// The person.
    pub fn signed(&self) -> &Signed {
        &self.0.signed
    }
}

impl FromRequestParts<Arc<App>> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let address =
            parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip().to_canonical());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let agent = agent.map(|agent| agent.chars().take(MAX_AGENT).collect());
        Ok(Peer { address, agent })
    }
}

impl FromRequestParts<Arc<App>> for MaybeSigned {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Signed>() {
            return Ok(MaybeSigned(Some(known.clone())));
        }
        let Some(token) = cookie::read(&parts.headers, app.is_https()) else { return Ok(MaybeSigned(None)) };
        let now = app.now();
        let found = store::session::find_by_hash(&app.store, &token.hash()).await?;
        let Some(session) = found.filter(|session| session.is_open(now)) else { return Ok(MaybeSigned(None)) };
        let Some(person) = store::person::find(&app.store, session.person).await? else { return Ok(MaybeSigned(None)) };
        if now.since(session.seen_at) >= SEEN_EVERY {
            let tx = app.store.begin().await?;
            store::session::seen(&tx, session.id, now).await?;
            tx.commit().await?;
        }
        let signed = Signed { person, session, peer: Peer::from_request_parts(parts, app).await? };
        parts.extensions.insert(signed.clone());
        Ok(MaybeSigned(Some(signed)))
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        MaybeSigned::from_request_parts(parts, app).await?.0.ok_or_else(Problem::sign_in)
    }
}

impl FromRequestParts<Arc<App>> for Seated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let nowhere = || Problem::not_found("account");
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| nowhere())?;
        let named = path.iter().find(|(name, _)| *name == "account").map(|(_, text)| text.to_owned());
        let id: AccountId = named.and_then(|text| text.parse().ok()).ok_or_else(nowhere)?;
        let seats = store::member::list_of_person(&app.store, signed.person.id).await?;
        let sits = |seat: &Member| matches!(seat.state(), MemberState::Active | MemberState::Suspended);
        let seat = seats.into_iter().find(|seat| seat.account == id && sits(seat)).ok_or_else(nowhere)?;
        let account = store::account::find(&app.store, id).await?.ok_or_else(nowhere)?;
        Ok(Seated { signed, account, seat })
    }
}

impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let seated = Seated::from_request_parts(parts, app).await?;
        match seated.seat.state() {
            MemberState::Active => Ok(Actor(seated)),
            _ => {
                let detail = format!("Your seat in {} is suspended.", seated.account.name);
                let problem = Problem::new(StatusCode::FORBIDDEN, "member_suspended", detail);
                Err(problem.hint("Ask the owner or an admin of the account."))
            }
        }
    }
}

/// Somebody who runs this installation; nobody else learns that there is such a place.
pub struct Operator(pub Signed);

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let signed = Signed::from_request_parts(parts, app).await?;
        if signed.person.operator_at.is_some() { Ok(Operator(signed)) } else { Err(Problem::not_found("page")) }
    }
}
