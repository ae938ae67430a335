//! A server before a Keyward: one that speaks TLS, one whose connections break, or one that is no Keyward at all.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::CertificateDer};

/// What it does.
pub enum Manner {
    /// Answers everything with a page.
    Page,
    /// Takes TLS, and passes requests on.
    Tls {
        /// The Keyward.
        to: String,
        /// What it shows.
        certificate: CertificateDer<'static>,
        /// And what proves it.
        key: Vec<u8>,
    },
    /// Passes requests on, and closes the connection in place of the first answers.
    Breaks {
        /// The Keyward.
        to: String,
        /// How many answers are lost.
        answers: usize,
    },
}

/// A running front.
pub struct Front {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Front {
    /// Listens on a free port until the test ends.
    pub fn start(manner: Manner) -> Front {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let scheme = if matches!(manner, Manner::Tls { .. }) { "https" } else { "http" };
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serve(&manner, stream, &seen);
            }
        });
        Front { url: format!("{scheme}://localhost:{port}"), requests }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Requests that it read.
    pub fn requests(&self) -> usize {
        self.requests.load(SeqCst)
    }
}

fn serve(manner: &Manner, stream: TcpStream, seen: &AtomicUsize) {
    match manner {
        Manner::Page => pass(stream, seen, |_| {
            let page = "<!doctype html><title>Router</title>";
            Some(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}", page.len()).into_bytes())
        }),
        Manner::Breaks { to, answers } => pass(stream, seen, |request| {
            let answer = ask(to, request);
            (seen.load(SeqCst) > *answers).then_some(answer)
        }),
        Manner::Tls { to, certificate, key } => {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_no_client_auth()
                .with_single_cert(vec![certificate.clone()], key.clone().try_into().expect("a key"))
                .expect("a certificate");
            let tls = ServerConnection::new(Arc::new(config)).expect("a connection");
            pass(StreamOwned::new(tls, stream), seen, |request| Some(ask(to, request)));
        }
    }
}

/// Reads requests and answers each, until there is no answer or no more requests.
fn pass(stream: impl Read + Write, seen: &AtomicUsize, answer: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut request, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            match stream.read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().expect("a number");
            }
            // The Keyward behind knows itself by its own name, and ends the connection after its answer.
            let is_host = line.to_lowercase().starts_with("host:");
            if line == "\r\n" {
                request.extend_from_slice(b"connection: close\r\n\r\n");
                break;
            }
            request.extend_from_slice(if is_host { b"host: HOST\r\n" } else { line.as_bytes() });
        }
        let mut body = vec![0; length];
        if stream.read_exact(&mut body).is_err() {
            return;
        }
        request.extend_from_slice(&body);
        seen.fetch_add(1, SeqCst);
        let Some(answer) = answer(&request) else { return };
        if stream.get_mut().write_all(&answer).and_then(|()| stream.get_mut().flush()).is_err() {
            return;
        }
    }
}

fn ask(to: &str, request: &[u8]) -> Vec<u8> {
    let authority = to.strip_prefix("http://").expect("http");
    let head = String::from_utf8(request.to_vec()).expect("a request is text");
    let mut stream = TcpStream::connect(authority).expect("the Keyward listens");
    stream.write_all(head.replacen("HOST", authority, 1).as_bytes()).expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    answer
}
