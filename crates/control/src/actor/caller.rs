//! Callers: who makes a request, be it themselves in a session or their program with an access token, and from where.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{header, request::Parts},
};
use domain::{
    access_token::AccessToken,
    permission::Permissions,
    person::Person,
    session::{MAX_AGENT, Session},
};

use crate::{access_token, app::App, bearer, cookie, error::Problem, session};

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
