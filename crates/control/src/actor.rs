//! Actor: who makes a request, through a session or an access token. The one door for permissions: the id of an account is had by
//! asking whether something may be done in it, and in no other way.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, RawPathParams},
    http::{StatusCode, header, request::Parts},
};
use domain::{
    access_token::AccessToken,
    account::Account,
    id::{AccountId, KeyId, MemberId},
    key::Key,
    member::{Member, MemberState},
    permission::{Permission, Permissions},
    person::Person,
    request_log::Row,
    role::RoleScope,
    session::{MAX_AGENT, Session},
    standing::{Rights, Standing},
};
use store::request_log::{Filter, Seen};

use crate::{access_token, app::App, bearer, cookie, error::Problem, second_factor, session};

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The address at the other end of the connection.
    pub address: Option<IpAddr>,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
}

/// A person who asks, or has a program ask.
#[derive(Clone)]
pub struct Caller {
    /// Who.
    pub person: Person,
    /// What proves it.
    pub proof: Proof,
    /// From where.
    pub peer: Peer,
}

/// What proves who asks.
#[derive(Clone)]
pub enum Proof {
    /// The cookie of a session.
    Session(Box<Session>),
    /// A bearer token: the person's program asks.
    Token(Box<AccessToken>),
}

/// A person with an open session: what is theirs alone is done by nobody else.
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

/// A person with a seat in the account that the path names, whatever its state.
pub struct Seated {
    /// The person.
    pub caller: Caller,
    /// The account.
    pub account: Account,
    /// Their seat: active or suspended.
    pub seat: Member,
}

/// A person with an active seat in the account that the path names, and what it allows.
pub struct Actor {
    caller: Caller,
    account: Account,
    standing: Standing,
}

/// Whose calls and figures somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's.
    Account(AccountId),
    /// Their own, and everybody's with the keys on which `stats.view` was granted to them.
    Own(AccountId, MemberId, Vec<KeyId>),
}

impl Sight {
    /// The account.
    pub fn account(&self) -> AccountId {
        match self {
            Sight::Account(account) | Sight::Own(account, ..) => *account,
        }
    }

    /// The rows that are seen.
    pub fn filter(&self) -> Filter {
        let account = Some(self.account());
        match self {
            Sight::Account(_) => Filter { account, ..Filter::default() },
            Sight::Own(_, member, keys) if keys.is_empty() => {
                Filter { account, member: Some(*member), ..Filter::default() }
            }
            Sight::Own(_, member, keys) => {
                Filter { account, seen: Some(Seen { member: *member, keys: keys.clone() }), ..Filter::default() }
            }
        }
    }

    /// Whether a row is seen.
    pub fn shows(&self, row: &Row) -> bool {
        match self {
            Sight::Account(account) => row.account == *account,
            Sight::Own(account, member, keys) => {
                row.account == *account && (row.member == Some(*member) || keys.contains(&row.key))
            }
        }
    }
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

    /// What the actor may do, in the account and on each key.
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

impl Caller {
    /// What gets through at most: all with a session, with an access token what it is for.
    pub fn lets(&self) -> Permissions {
        match &self.proof {
            Proof::Session(_) => Permissions::ALL,
            Proof::Token(token) => token.permissions,
        }
    }

    /// The access token, where a program asks.
    pub fn token(&self) -> Option<&AccessToken> {
        match &self.proof {
            Proof::Session(_) => None,
            Proof::Token(token) => Some(token),
        }
    }

    /// The person with their session.
    ///
    /// Errors: 403 for a program.
    pub fn signed(self) -> Result<Signed, Problem> {
        match self.proof {
            Proof::Session(session) => Ok(Signed { person: self.person, session: *session, peer: self.peer }),
            Proof::Token(_) => Err(Problem::needs_session()),
        }
    }
}

impl Signed {
    /// The same as somebody who asks.
    pub fn caller(&self) -> Caller {
        let proof = Proof::Session(Box::new(self.session.clone()));
        Caller { person: self.person.clone(), proof, peer: self.peer.clone() }
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
        Ok(MaybeSigned(caller(parts, app).await?.map(Caller::signed).transpose()?))
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        caller(parts, app).await?.ok_or_else(Problem::sign_in)
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, app).await?.signed()
    }
}

impl FromRequestParts<Arc<App>> for Seated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let nowhere = || Problem::not_found("account");
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| nowhere())?;
        let named = path.iter().find(|(name, _)| *name == "account").map(|(_, text)| text.to_owned());
        let id: AccountId = named.and_then(|text| text.parse().ok()).ok_or_else(nowhere)?;
        if caller.token().is_some_and(|token| token.account != Some(id)) {
            return Err(nowhere());
        }
        let seats = store::member::list_of_person(&app.store, caller.person.id).await?;
        let sits = |seat: &Member| matches!(seat.state(), MemberState::Active | MemberState::Suspended);
        let seat = seats.into_iter().find(|seat| seat.account == id && sits(seat)).ok_or_else(nowhere)?;
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
                let Standing { seat, rights } = store::standing::of(&app.store, seated.seat).await?;
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

/// Somebody who runs this installation, or their program; nobody else learns that there is such a place.
pub struct Operator(pub Caller);

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let lets = caller.token().is_none_or(|token| token.is_operator);
        if !lets || caller.person.operator_at.is_none() {
            return Err(Problem::not_found("page"));
        }
        second_factor::demand(app, caller.person.id, None).await?;
        Ok(Operator(caller))
    }
}

/// Who asks, read once for a request: by their access token, or by the cookie of their session, never by both.
async fn caller(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Caller>, Problem> {
    if let Some(known) = parts.extensions.get::<Caller>() {
        return Ok(Some(known.clone()));
    }
    let found = match bearer::read(&parts.headers) {
        Some(text) => Some(access_token::find(app, text).await?),
        None => session::find(app, cookie::read(&parts.headers, app.is_https())).await?,
    };
    let Some((person, proof)) = found else { return Ok(None) };
    let caller = Caller { person, proof, peer: Peer::from_request_parts(parts, app).await? };
    parts.extensions.insert(caller.clone());
    Ok(Some(caller))
}
