//! The smallest HTTP client a test needs: one request, one answer, one connection.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Status line and header lines, as they came.
    pub head: String,
    /// The body, chunks joined.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of the first header line of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

/// GETs an `http://host:port/path` with the header lines given.
///
/// # Errors
/// No connection, no answer within `limit`, or an answer that is not HTTP.
pub fn get(url: &str, headers: &[(&str, &str)], limit: Duration) -> io::Result<Answer> {
    send("GET", url, headers, b"", limit)
}

/// POSTs a body, `application/json`.
///
/// # Errors
/// As [`get`].
pub fn post(url: &str, headers: &[(&str, &str)], body: &[u8], limit: Duration) -> io::Result<Answer> {
    send("POST", url, headers, body, limit)
}

/// PUTs a body, `application/json`.
///
/// # Errors
/// As [`get`].
pub fn put(url: &str, headers: &[(&str, &str)], body: &[u8], limit: Duration) -> io::Result<Answer> {
    send("PUT", url, headers, body, limit)
}

/// The same with any method.
///
/// # Errors
/// As [`get`].
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8], limit: Duration) -> io::Result<Answer> {
    let (authority, path) = split(url);
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n");
    if method != "GET" {
        head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let mut connection = TcpStream::connect(authority)?;
    connection.set_read_timeout(Some(limit))?;
    connection.set_write_timeout(Some(limit))?;
    connection.write_all(format!("{head}\r\n").as_bytes())?;
    connection.write_all(body)?;
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes)?;
    parse(&bytes).ok_or_else(|| io::Error::other(format!("no HTTP answer: {}", String::from_utf8_lossy(&bytes))))
}

/// `host:port` and the path with its query.
fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    rest.find('/').map_or((rest, "/"), |at| rest.split_at(at))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, body: bytes[end + 4..].to_vec() };
    if answer.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        answer.body = join_chunks(&answer.body)?;
    }
    Some(answer)
}

fn join_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(joined);
        }
        let chunk = rest.get(end + 2..end + 2 + size)?;
        joined.extend_from_slice(chunk);
        rest = rest.get(end + 2 + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_with_a_length_and_in_chunks() {
        let plain = parse(b"HTTP/1.1 404 Not Found\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nhi").unwrap();
        assert_eq!((plain.status, plain.header("x-a"), plain.body.as_slice()), (404, Some("1"), b"hi".as_slice()));
        let chunked =
            parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\na\r\n0123456789\r\n0\r\n\r\n");
        assert_eq!(chunked.unwrap().body, b"hi0123456789");
    }

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        for bytes in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhi"] {
            assert!(parse(bytes.as_bytes()).is_none(), "{bytes:?}");
        }
    }
}
