//! A caller that speaks HTTP/2 over TLS, and the certificates for it.

use std::{future::Future, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use gateway::settings::{ListenerSettings, TlsSettings};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::Incoming,
    client::conn::http2::{self, SendRequest},
    rt::{Read, ReadBufCursor, Write},
};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tempfile::TempDir;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Bytes of an answer that a caller takes unread.
const WINDOW: u32 = 32 * 1024;

/// A certificate for `gate`, in files of its own.
pub struct Certificate {
    folder: TempDir,
    pub roots: RootCertStore,
}

impl Certificate {
    /// Made now.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut certificate = Certificate { folder, roots: RootCertStore::empty() };
        certificate.renew();
        certificate
    }

    /// Another one in the same files. Only it is trusted then.
    pub fn renew(&mut self) {
        let made = rcgen::generate_simple_self_signed(vec!["gate".to_owned()]).expect("a certificate");
        self.roots = RootCertStore::empty();
        self.roots.add(made.cert.der().clone()).expect("a certificate");
        std::fs::write(self.folder.path().join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
        std::fs::write(self.folder.path().join("chain.pem"), made.cert.pem()).expect("a file");
    }

    /// Makes one of the files what it should not be.
    pub fn spoil(&self, file: &str) {
        std::fs::write(self.folder.path().join(file), "-----BEGIN CERTIFICATE-----\nAAAA\n").expect("a file");
    }

    /// Removes one of the files, as a tool does that writes it anew.
    pub fn lose(&self, file: &str) {
        std::fs::remove_file(self.folder.path().join(file)).expect("it was there");
    }

    /// A listener that uses it.
    pub fn listener(&self) -> ListenerSettings {
        let path = |name| self.folder.path().join(name);
        let check_every = Duration::from_millis(50);
        let tls = TlsSettings { certificate: path("chain.pem"), key: path("key.pem"), check_every };
        ListenerSettings { tls: Some(tls), ..SocketAddr::from(([127, 0, 0, 1], 0)).into() }
    }

    /// What a client that trusts it alone needs; it offers these protocols.
    pub fn client(&self, protocols: &[&[u8]]) -> Arc<ClientConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Arc::new(config)
    }
}

/// Connects and shakes hands.
pub async fn connect(address: SocketAddr, client: Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(client).connect(ServerName::try_from("gate").expect("a name"), stream).await
}

/// What hyper sends requests over; clones share a connection.
pub type Sender = SendRequest<Full<Bytes>>;

/// A connection of HTTP/2. `runtime` drives it while something is waited for.
pub async fn open(address: SocketAddr, certificate: &Certificate) -> Sender {
    let stream = connect(address, certificate.client(&[b"h2"])).await.expect("a handshake");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sender, connection) =
        http2::Builder::new(Spawn).initial_stream_window_size(WINDOW).handshake(Io(stream)).await.expect("a handshake");
    tokio::spawn(connection);
    sender
}

/// A GET of this path with this value.
pub fn get(path: &str, value: &str) -> Request<Full<Bytes>> {
    let request = Request::get(format!("https://gate{path}")).header("x-api-key", value);
    request.body(Full::default()).expect("a request")
}

/// An answer, whole.
pub async fn whole(response: Response<Incoming>) -> Result<(u16, Bytes), hyper::Error> {
    let status = response.status().as_u16();
    Ok((status, response.into_body().collect().await?.to_bytes()))
}

/// Runs a test's future with a limit of time.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let limited = async { tokio::time::timeout(Duration::from_secs(20), test).await };
    runtime.block_on(limited).expect("the test ends in time")
}

#[derive(Clone)]
struct Spawn;

impl<F: Future<Output: Send> + Send + 'static> hyper::rt::Executor<F> for Spawn {
    fn execute(&self, future: F) {
        tokio::spawn(future);
    }
}

/// Tokio's stream as hyper wants it.
struct Io(TlsStream<TcpStream>);

impl Read for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let mut bytes = [0; 16 * 1024];
        let room = bytes.len().min(buffer.remaining());
        let mut read = ReadBuf::new(&mut bytes[..room]);
        std::task::ready!(Pin::new(&mut self.0).poll_read(cx, &mut read))?;
        buffer.put_slice(read.filled());
        std::task::Poll::Ready(Ok(()))
    }
}

impl Write for Io {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
