//! The connection to a remote Keyward: HTTP/1.1, over TLS where its address says https, one request after the other.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::access_token::AccessTokenText;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use super::{
    answer::{self, MAX_ANSWER, RemoteFailure},
    server::ServerUrl,
};
use crate::clock;

/// How long a connection may take, TLS included.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take: one that tells from when a change holds waits for every gateway.
const ANSWER: Duration = Duration::from_secs(90);
/// How often a request is sent whose connection broke before the answer: repeated, it is done once.
const TRIES: u32 = 2;

/// The way to a remote Keyward.
pub struct Client {
    server: ServerUrl,
    authorization: HeaderValue,
    connection: Option<http1::SendRequest<Full<Bytes>>>,
}

impl Client {
    /// The way there; nothing is sent yet.
    ///
    /// Errors: the token cannot stand in a header, which no token does.
    pub fn new(server: ServerUrl, token: AccessTokenText) -> Result<Client, RemoteFailure> {
        let place = || RemoteFailure::NotAToken { place: "what was given".to_owned() };
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", token.reveal())).map_err(|_| place())?;
        authorization.set_sensitive(true);
        Ok(Client { server, authorization, connection: None })
    }

    /// Reads; what is known of the answer, and all of it.
    ///
    /// Errors: it was refused, or nobody answered.
    pub async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<(T, Value), RemoteFailure> {
        self.ask(Method::GET, path, None).await
    }

    /// Changes, once, however often the connection breaks; null sends no body.
    ///
    /// Errors: it was refused, or nobody answered.
    pub async fn post<T: DeserializeOwned>(&mut self, path: &str, body: Value) -> Result<(T, Value), RemoteFailure> {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Sets.
    ///
    /// Errors: it was refused, or nobody answered.
    pub async fn put<T: DeserializeOwned>(&mut self, path: &str, body: Value) -> Result<(T, Value), RemoteFailure> {
        self.ask(Method::PUT, path, Some(body)).await
    }

    async fn ask<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<(T, Value), RemoteFailure> {
        let changes = method != Method::GET;
        let request = self.request(method, path, body)?;
        let mut left = TRIES;
        let (status, retry_after, body) = loop {
            left -= 1;
            match self.answer(request.clone()).await? {
                Ok(answer) => break answer,
                Err(_) if left > 0 => {}
                Err(why) => return Err(self.unanswered(why, changes)),
            }
        };
        answer::read(&self.server, (status, retry_after), &body)
    }

    fn request(&self, method: Method, path: &str, body: Option<Value>) -> Result<Request<Full<Bytes>>, RemoteFailure> {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, &self.server.authority)
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, concat!("keyward/", env!("CARGO_PKG_VERSION")));
        if method == Method::POST {
            let once: String = clock::entropy::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
            request = request.header("idempotency-key", once);
        }
        let bytes = match body {
            Some(body) if !body.is_null() => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
            _ => Bytes::new(),
        };
        request.body(Full::new(bytes)).map_err(|error| self.unreached(error.to_string()))
    }

    /// One try. The outer failure is for good; the inner says why a connection that stood broke.
    async fn answer(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Result<(StatusCode, Option<String>, Bytes), String>, RemoteFailure> {
        let mut connection = match self.connection.take().filter(|connection| !connection.is_closed()) {
            Some(open) => open,
            None => self.connect().await?,
        };
        let answered = async {
            let response = connection.send_request(request).await.map_err(|error| innermost(&error))?;
            let (status, retry_after) = (response.status(), retry_after(&response));
            let body =
                Limited::new(response.into_body(), MAX_ANSWER).collect().await.map_err(|error| error.to_string())?;
            Ok((status, retry_after, body.to_bytes()))
        };
        match timeout(ANSWER, answered).await {
            Ok(answered) => {
                self.connection = answered.is_ok().then_some(connection);
                Ok(answered)
            }
            Err(_) => Err(self.unanswered("no answer in time".to_owned(), true)),
        }
    }

    async fn connect(&self) -> Result<http1::SendRequest<Full<Bytes>>, RemoteFailure> {
        let connected = timeout(CONNECT, async {
            let stream = TcpStream::connect((self.server.host.as_str(), self.server.port)).await?;
            if !self.server.is_https {
                return handshake(TokioIo::new(stream)).await;
            }
            let name = ServerName::try_from(self.server.host.clone()).map_err(io::Error::other)?;
            let stream = TlsConnector::from(Arc::new(tls())).connect(name, stream).await?;
            handshake(TokioIo::new(stream)).await
        });
        match connected.await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.unreached(innermost(&error))),
            Err(_) => Err(self.unreached("no connection in time".to_owned())),
        }
    }

    fn unreached(&self, why: String) -> RemoteFailure {
        RemoteFailure::Unreached { server: self.server.to_string(), why }
    }

    fn unanswered(&self, why: String, may_be_done: bool) -> RemoteFailure {
        RemoteFailure::Unanswered { server: self.server.to_string(), why, may_be_done }
    }
}

async fn handshake<S>(stream: S) -> io::Result<http1::SendRequest<Full<Bytes>>>
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let (connection, driver) = http1::handshake(stream).await.map_err(io::Error::other)?;
    // What becomes of the connection is told by its requests.
    tokio::spawn(async move { _ = driver.await });
    Ok(connection)
}

/// TLS with the system's certificate authorities, or those that the variable SSL_CERT_FILE names.
fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has a cipher suite for each default protocol version")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn retry_after(response: &Response<Incoming>) -> Option<String> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.bytes().all(|digit| digit.is_ascii_digit()).then(|| seconds.to_owned())
}

/// The cause that says something: `client error (Connect)` does not.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
