//! Counts the whole requests in a connection's byte stream; bodies are skipped, not kept.

use crate::head::{BodyLength, body_length, head_length};

/// The largest head the upstream reads: a proxy that adds headers stays far below.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// Why the upstream hangs up.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// More than [`MAX_HEAD_BYTES`] without a blank line.
    HeadTooLong,
    /// The body is chunked or its length is no number.
    BodyLengthUnsupported,
}

/// Where one connection stands between requests.
#[derive(Default)]
pub struct RequestReader {
    head: Vec<u8>,
    body_left: usize,
}

impl RequestReader {
    /// Takes the next bytes and returns how many requests they complete.
    pub fn read(&mut self, mut bytes: &[u8]) -> Result<usize, Refused> {
        let mut completed = 0;
        while !bytes.is_empty() {
            if self.body_left > 0 {
                let skipped = self.body_left.min(bytes.len());
                self.body_left -= skipped;
                bytes = &bytes[skipped..];
            } else {
                let already_here = self.head.len();
                self.head.extend_from_slice(bytes);
                let Some(head_length) = head_length(&self.head) else {
                    return if self.head.len() > MAX_HEAD_BYTES { Err(Refused::HeadTooLong) } else { Ok(completed) };
                };
                self.body_left = match body_length(&self.head[..head_length]) {
                    BodyLength::Known(length) => length,
                    BodyLength::Absent => 0,
                    BodyLength::Unsupported => return Err(Refused::BodyLengthUnsupported),
                };
                bytes = &bytes[head_length - already_here..];
                self.head.clear();
            }
            if self.body_left == 0 {
                completed += 1;
            }
        }
        Ok(completed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const POST: &str = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";

    #[test]
    fn requests_are_counted_however_the_bytes_are_cut() {
        let stream = [GET, POST, POST, GET, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"].concat();
        for piece in 1..=stream.len() {
            let mut reader = RequestReader::default();
            let counted: usize =
                stream.as_bytes().chunks(piece).map(|bytes| reader.read(bytes).expect("readable")).sum();
            assert_eq!(counted, 5, "in pieces of {piece}");
        }
    }

    #[test]
    fn a_request_is_not_complete_before_its_last_body_byte() {
        let mut reader = RequestReader::default();
        assert_eq!(reader.read(&POST.as_bytes()[..POST.len() - 1]), Ok(0));
        assert_eq!(reader.read(b"o"), Ok(1));
    }

    #[test]
    fn what_cannot_be_framed_is_refused() {
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(RequestReader::default().read(chunked), Err(Refused::BodyLengthUnsupported));
        let endless = vec![b'a'; MAX_HEAD_BYTES + 1];
        assert_eq!(RequestReader::default().read(&endless), Err(Refused::HeadTooLong));
    }
}
