//! An upstream that speaks TLS, known by a name that leads to two addresses of which one answers.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, OnceLock},
};

use domain::decision::Denial;
use gateway::settings::ApiSettings;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tempfile::NamedTempFile;

use crate::world::{Plan, ending};

/// The certificate of the test's upstream, as a file; `Plan::change` takes nothing from around it.
static CERTIFICATE: OnceLock<NamedTempFile> = OnceLock::new();

/// Answers each connection's requests with their first line; gives its port.
fn serve(certificate: CertificateDer<'static>, key: Vec<u8>) -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate and its key");
    let config = Arc::new(config);
    // Only the IPv4 address of `localhost` answers.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
            std::thread::spawn(move || {
                let mut stream = BufReader::new(StreamOwned::new(session, stream));
                let mut first = String::new();
                loop {
                    let mut line = String::new();
                    match stream.read_line(&mut line) {
                        Ok(length) if length > 0 => {}
                        _ => return,
                    }
                    if first.is_empty() {
                        first = line.trim_end().to_owned();
                    }
                    if line == "\r\n" {
                        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{first}", first.len());
                        stream.get_mut().write_all(answer.as_bytes()).expect("the gateway reads");
                        first.clear();
                    }
                }
            });
        }
    });
    port
}

#[test]
fn an_upstream_is_trusted_by_its_certificate_only() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let file = CERTIFICATE.get_or_init(|| NamedTempFile::new().expect("a file"));
    std::fs::write(file.path(), made.cert.pem()).expect("a file");
    let port = serve(made.cert.der().clone(), made.signing_key.serialize_der());
    let url = format!("https://localhost:{port}");
    let change: fn(&mut [ApiSettings; 2]) = |apis| {
        let path = CERTIFICATE.get().expect("made before").path().to_owned();
        apis[0].upstreams[0].ca_file = Some(path);
    };

    let world = Plan { change, ..Plan::open(url.clone()) }.start();
    let mut caller = world.caller();
    for _ in 0..3 {
        let answer = caller.ask(world.request("GET /football/a", "", ""));
        assert_eq!((answer.status, answer.text()), (200, "GET /v3/a HTTP/1.1"));
    }
    assert_eq!(world.rows().len(), 3);

    let of_another_name = Plan { change, ..Plan::open(format!("https://127.0.0.1:{port}")) };
    for distrustful in [Plan::open(url), of_another_name] {
        let world = distrustful.start();
        let answer = world.caller().ask(world.request("GET /football/a", "", ""));
        assert_eq!(answer.status, 502);
        let rows = world.rows();
        let ending = ending(&rows[0]);
        assert_eq!((ending.denial, ending.refund), (Some(Denial::UpstreamUnreachable), rows[0].charge));
    }
}
