//! Certificates: what a listener proves itself with, read again while it serves. Certificates of public authorities live for
//! weeks, and whatever renews them only writes files.
//!
//! The files are compared by content and not by their times: tools that renew replace links, restore times, write twice. A
//! pair that cannot be used, such as a certificate whose key is not written yet, is told of once, and the one before stays.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use domain::key::value::{Hash, hash};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_rustls::TlsAcceptor;

use crate::settings::{SettingsError, TlsSettings};

/// The longest file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;
/// What is spoken over TLS, the preferred one first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [HTTP_2, b"http/1.1"];
/// How the handshake names HTTP/2.
pub(super) const HTTP_2: &[u8] = b"h2";

/// What one listener proves itself with.
pub(super) struct Certificates {
    settings: TlsSettings,
    current: ArcSwap<ServerConfig>,
    /// What the files held when they were last looked at, used or refused.
    seen: Mutex<Hash>,
}

impl Certificates {
    /// Reads the files.
    ///
    /// Errors: they cannot be read, or are no certificate with its key.
    pub fn read(settings: &TlsSettings) -> Result<Arc<Self>, SettingsError> {
        let refused = |why: String| SettingsError::Certificate { path: settings.certificate.clone(), why };
        let pair = Pair::read(settings).map_err(|error| refused(error.to_string()))?;
        let config = pair.config().map_err(refused)?;
        let seen = Mutex::new(pair.hash());
        Ok(Arc::new(Certificates { settings: settings.clone(), current: ArcSwap::new(config), seen }))
    }

    /// What takes the next handshake.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }

    /// Looks at the files, and uses them if they changed and can be used.
    fn look(&self) {
        let path = self.settings.certificate.display();
        let pair = match Pair::read(&self.settings) {
            Ok(pair) => pair,
            Err(error) => return tracing::error!(%path, %error, "a certificate cannot be read; the one before stays"),
        };
        let found = pair.hash();
        let mut seen = self.seen.lock().expect("nothing panics while it holds this lock");
        if std::mem::replace(&mut *seen, found) == found {
            return;
        }
        match pair.config() {
            Ok(config) => {
                self.current.store(config);
                tracing::info!(%path, "a new certificate is used");
            }
            Err(why) => tracing::error!(%path, why, "a new certificate cannot be used; the one before stays"),
        }
    }
}

/// Looks at all files now and then, until `stop` is dropped.
pub(super) fn keep_up(certificates: &[Arc<Certificates>], stop: &Receiver<()>) {
    let pause = certificates.iter().map(|certificates| certificates.settings.check_every).min();
    let pause = pause.unwrap_or(Duration::MAX);
    while stop.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        certificates.iter().for_each(|certificates| certificates.look());
    }
}

/// What the two files hold.
struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Pair {
    fn read(settings: &TlsSettings) -> io::Result<Self> {
        Ok(Pair { certificate: read(&settings.certificate)?, key: read(&settings.key)? })
    }

    fn hash(&self) -> Hash {
        let (of_certificate, of_key) = (hash(&self.certificate), hash(&self.key));
        hash(&[of_certificate.0, of_key.0].concat())
    }

    fn config(&self) -> Result<Arc<ServerConfig>, String> {
        let chain = CertificateDer::pem_slice_iter(&self.certificate).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| error.to_string())?;
        if chain.is_empty() {
            return Err("the file holds no certificate in PEM".to_owned());
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|error| format!("its key: {error}"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has a cipher suite for each default protocol version")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| error.to_string())?;
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Arc::new(config))
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(named)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(named(io::Error::new(io::ErrorKind::InvalidData, "longer than a certificate is")));
    }
    Ok(bytes)
}
