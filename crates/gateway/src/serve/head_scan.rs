//! Looks for heads that say their length twice: `Content-Length` beside `Transfer-Encoding`, more than one
//! `Content-Length`, or `chunked` beside another coding. Servers disagree about where such a request ends, which is how requests are smuggled. hyper reads them
//! safely but tells nobody, so the bytes are looked at on their way to it.
//!
//! After a chunked body the scan waits for the next request that begins in a read of its own: chunks are hyper's to
//! count, and what goes upstream is framed anew in any case.

/// The scan of one connection.
#[derive(Default)]
pub(crate) struct HeadScan {
    place: Place,
    held: Vec<u8>,
    lines: usize,
    lengths: usize,
    length: u64,
    coded: bool,
    oddly_coded: bool,
}

#[derive(Default, PartialEq)]
enum Place {
    #[default]
    Head,
    Body(u64),
    Chunks,
}

/// Of a line that is cut by the end of a read, this much is kept: more than any length needs.
const MAX_HELD: usize = 64;

impl HeadScan {
    /// The next read begins a request.
    pub fn begin(&mut self) {
        if self.place == Place::Chunks {
            *self = HeadScan::default();
        }
    }

    /// What follows is no HTTP.
    pub fn end(&mut self) {
        *self = HeadScan { place: Place::Chunks, ..HeadScan::default() };
    }

    /// Takes the next bytes; true if a head among them says its length twice.
    pub fn read(&mut self, mut bytes: &[u8]) -> bool {
        let mut found = false;
        while !bytes.is_empty() {
            match self.place {
                Place::Chunks => return found,
                Place::Body(left) => {
                    let skipped = left.min(bytes.len() as u64);
                    bytes = &bytes[skipped as usize..];
                    self.place = if left == skipped { Place::Head } else { Place::Body(left - skipped) };
                }
                Place::Head => {
                    let Some(end) = memchr::memchr(b'\n', bytes) else {
                        self.hold(bytes);
                        return found;
                    };
                    let (line, rest) = bytes.split_at(end);
                    bytes = &rest[1..];
                    found |= self.line(line);
                }
            }
        }
        found
    }

    fn hold(&mut self, part: &[u8]) {
        let room = MAX_HELD.saturating_sub(self.held.len());
        self.held.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// Takes the end of a line, whose beginning may be held.
    fn line(&mut self, line: &[u8]) -> bool {
        if self.held.is_empty() {
            return self.whole_line(line);
        }
        self.hold(line);
        let held = std::mem::take(&mut self.held);
        self.whole_line(&held)
    }

    fn whole_line(&mut self, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            // Empty lines before a request are allowed (RFC 9112, 2.2).
            return self.lines > 0 && self.end_of_head();
        }
        self.lines += 1;
        match line[0] | 0x20 {
            b'c' => {
                if let Some(value) = value_of(line, b"content-length") {
                    self.lengths += 1;
                    self.length =
                        std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
                }
            }
            b't' => {
                if let Some(value) = value_of(line, b"transfer-encoding") {
                    // What does not end in chunks hyper refuses by itself.
                    let is_chunked = |coding: &[u8]| coding.trim_ascii().eq_ignore_ascii_case(b"chunked");
                    let ends_chunked = value.rsplit(|byte| *byte == b',').next().is_some_and(is_chunked);
                    self.oddly_coded |= ends_chunked && (self.coded || !is_chunked(value));
                    self.coded = true;
                }
            }
            _ => {}
        }
        false
    }

    fn end_of_head(&mut self) -> bool {
        let is_double = self.lengths > 1 || (self.coded && self.lengths > 0) || self.oddly_coded;
        let place = match (self.coded, self.length) {
            (true, _) => Place::Chunks,
            (false, 0) => Place::Head,
            (false, length) => Place::Body(length),
        };
        *self = HeadScan { place, ..HeadScan::default() };
        is_double
    }
}

fn value_of<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let (start, rest) = line.split_at_checked(name.len())?;
    if start.eq_ignore_ascii_case(name) { rest.strip_prefix(b":") } else { None }
}

#[cfg(test)]
mod tests {
    //! A table of heads, each read whole and byte by byte.

    use super::*;

    #[test]
    fn heads_with_two_lengths_are_found_however_they_are_cut() {
        let cases: &[(&str, bool)] = &[
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false),
            ("\r\n\r\nGET / HTTP/1.1\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", false),
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", true),
            ("POST / HTTP/1.1\r\ncontent-length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\nCONTENT-LENGTH: 3\r\n\r\n", true),
            ("POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Length: 3\n\n", true),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nTransfer-Encoding:Chunked \r\n\r\n", false),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nContent-Length: 40\r\n\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", false),
            (
                "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nxPOST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\n",
                true,
            ),
            ("GET / HTTP/1.1\r\nX-Content-Length: 1\r\nContent-Lengths: 1\r\nContent-Length: 0\r\n\r\n", false),
        ];
        for (head, expected) in cases {
            assert_eq!(HeadScan::default().read(head.as_bytes()), *expected, "{head}");
            let mut scan = HeadScan::default();
            let found = head.bytes().filter(|byte| scan.read(&[*byte])).count() > 0;
            assert_eq!(found, *expected, "byte by byte: {head}");
        }
    }

    #[test]
    fn after_a_chunked_body_the_next_request_is_looked_at() {
        let mut scan = HeadScan::default();
        assert!(!scan.read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
        scan.begin();
        assert!(scan.read(b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"));
    }
}
