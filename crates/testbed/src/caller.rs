//! A caller that keeps its connection: many requests, one after the other.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A kept connection.
pub struct Caller {
    authority: String,
    base: String,
    reader: BufReader<TcpStream>,
}

impl Caller {
    /// Connects to `http://host:port/base`; requests go below the base.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect(url: &str) -> io::Result<Caller> {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let (authority, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let stream = TcpStream::connect(authority)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LIMIT))?;
        Ok(Caller { authority: authority.to_owned(), base: base.to_owned(), reader: BufReader::new(stream) })
    }

    /// GETs a path below the base; the status of the answer, whose body is read and forgotten.
    ///
    /// # Errors
    /// The connection broke, or no answer came.
    pub fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> io::Result<u16> {
        let mut head = format!("GET {}{path} HTTP/1.1\r\nHost: {}\r\n", self.base, self.authority);
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        self.reader.get_mut().write_all(format!("{head}\r\n").as_bytes())?;
        let status = self.line()?.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut length = 0;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        io::copy(&mut self.reader.by_ref().take(length), &mut io::sink())?;
        status.ok_or_else(|| io::Error::other("no status line"))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.reader.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}
