//! The little of HTTP/1.1 heads that a benchmark must read: where a head ends, its status and its Content-Length.
//!
//! This is not a parser for hostile input: both ends are ours, and what stands between them is what we measure.

const HEAD_END: &[u8] = b"\r\n\r\n";

/// How long the body after a head is.
#[derive(Debug, PartialEq, Eq)]
pub enum BodyLength {
    /// `Content-Length: n`.
    Known(usize),
    /// Neither Content-Length nor Transfer-Encoding.
    Absent,
    /// A transfer coding, or a Content-Length that is no number: not understood here.
    Unsupported,
}

/// The number of bytes up to and including the blank line, or `None` while it has not come.
pub fn head_length(bytes: &[u8]) -> Option<usize> {
    // SAFETY: both pointers are valid for the lengths given, and memmem only reads.
    let found = unsafe { libc::memmem(bytes.as_ptr().cast(), bytes.len(), HEAD_END.as_ptr().cast(), HEAD_END.len()) };
    if found.is_null() {
        return None;
    }
    Some(found as usize - bytes.as_ptr() as usize + HEAD_END.len())
}

/// The three digits of the status, or nothing when the head does not begin as an answer of HTTP/1.1.
pub fn status(head: &[u8]) -> &[u8] {
    match head.strip_prefix(b"HTTP/1.1 ") {
        Some([digits @ .., b'\r', b'\n', b'\r', b'\n']) if digits.len() == 3 => digits,
        Some(rest) if rest.get(3) == Some(&b' ') => &rest[..3],
        _ => b"",
    }
}

/// Reads the length of the body from a whole head.
pub fn body_length(head: &[u8]) -> BodyLength {
    let mut length = BodyLength::Absent;
    for line in head.split(|&byte| byte == b'\n').skip(1) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"content-length") {
            length = match std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok()) {
                Some(number) => BodyLength::Known(number),
                None => return BodyLength::Unsupported,
            };
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            return BodyLength::Unsupported;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_after_its_blank_line() {
        for (bytes, expected) in [
            (&b""[..], None),
            (b"GET / HTTP/1.1\r\nHost: a\r\n", None),
            (b"GET / HTTP/1.1\r\n\r\n", Some(18)),
            (b"GET / HTTP/1.1\r\n\r\nbody\r\n\r\n", Some(18)),
        ] {
            assert_eq!(head_length(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_status_is_three_digits_of_http_1_1() {
        for (head, expected) in [
            (&b"HTTP/1.1 200 OK\r\n\r\n"[..], &b"200"[..]),
            (b"HTTP/1.1 429 \r\nA: b\r\n\r\n", b"429"),
            (b"HTTP/1.1 200\r\n\r\n", b"200"),
            (b"HTTP/1.1 2000 OK\r\n\r\n", b""),
            (b"HTTP/1.0 200 OK\r\n\r\n", b""),
            (b"", b""),
        ] {
            assert_eq!(status(head), expected, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn the_body_length_is_read_whatever_the_case_of_the_name() {
        for (lines, expected) in [
            ("", BodyLength::Absent),
            ("Content-Length: 12\r\n", BodyLength::Known(12)),
            ("Host: a\r\ncontent-length:7\r\nAccept: b\r\n", BodyLength::Known(7)),
            ("Content-Length: twelve\r\n", BodyLength::Unsupported),
            ("Transfer-Encoding: chunked\r\n", BodyLength::Unsupported),
            ("X-Content-Length: 3\r\n", BodyLength::Absent),
        ] {
            assert_eq!(body_length(format!("POST / HTTP/1.1\r\n{lines}\r\n").as_bytes()), expected, "{lines}");
        }
    }
}
