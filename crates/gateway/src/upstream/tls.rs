//! TLS towards upstreams: rustls with the system's certificate authorities and those of a file.

use std::{path::Path, sync::Arc};

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::TlsConnector;

use crate::settings::{SettingsError, UpstreamSettings};

/// What a TLS handshake with one upstream needs.
#[derive(Clone)]
pub(crate) struct Tls {
    /// The library's part.
    pub connector: TlsConnector,
    /// The name that the certificate must carry, sent as SNI.
    pub name: ServerName<'static>,
}

/// The system's certificate authorities, read once for all upstreams and only if one speaks TLS.
#[derive(Default)]
pub(crate) struct SystemRoots(Option<RootCertStore>);

impl SystemRoots {
    /// The TLS of this upstream; None if it speaks none.
    pub fn tls_of(&mut self, settings: &UpstreamSettings) -> Result<Option<Tls>, SettingsError> {
        if !settings.url.tls {
            return Ok(None);
        }
        let mut roots = self.0.get_or_insert_with(read_system).clone();
        if let Some(path) = &settings.ca_file {
            add_file(&mut roots, path)?;
        }
        let name = ServerName::try_from(settings.url.host.clone())
            .map_err(|_| SettingsError::CertificateName(settings.url.to_string()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has a cipher suite for each default protocol version")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Some(Tls { connector: TlsConnector::from(Arc::new(config)), name }))
    }
}

/// A system without certificate authorities is no fault: upstreams with a `ca_file` work there.
fn read_system() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of the system's certificate authorities cannot be read");
    }
    let (added, ignored) = roots.add_parsable_certificates(found.certs);
    tracing::debug!(added, ignored, "certificate authorities of the system");
    roots
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), SettingsError> {
    let refused = |why: String| SettingsError::CaFile { path: path.to_owned(), why };
    let mut found = 0;
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| refused(error.to_string()))? {
        let certificate = certificate.map_err(|error| refused(error.to_string()))?;
        roots.add(certificate).map_err(|error| refused(error.to_string()))?;
        found += 1;
    }
    if found == 0 { Err(refused("it holds no certificate in PEM".to_owned())) } else { Ok(()) }
}
