//! The one answer of the upstream, and the judgement whether it arrived unharmed.

use crate::head::{BodyLength, body_length, head_length, status};

/// What the bytes received so far on a connection are.
#[derive(Debug, PartialEq, Eq)]
pub enum Judgement {
    /// More bytes must come.
    Incomplete,
    /// Status 200, and the upstream's body to the byte.
    Right,
    /// A whole answer with which a gateway refuses a caller: status 401, 403 or 429.
    Denied,
    /// A whole answer, but another status, another length or other bytes.
    Wrong,
    /// No telling where this answer ends: the connection cannot go on.
    Unreadable,
}

/// About 1 KB of JSON: the answer to a JSON-RPC call with id 1, so that it is a right answer for both protocols.
pub fn body() -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"data":"{}"}}}}"#, "a1b2c3d4".repeat(122)).into_bytes()
}

/// The whole answer as the upstream sends it: a head, and this body.
pub fn message(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nServer: upstream\r\nDate: Sat, 21 Nov 2026 18:00:00 GMT\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Judges what was received for one request. A closed loop has nothing else under way: bytes beyond the answer are wrong.
pub fn judge(received: &[u8], expected_body: &[u8]) -> Judgement {
    let Some(head_length) = head_length(received) else { return Judgement::Incomplete };
    let (head, body) = received.split_at(head_length);
    let BodyLength::Known(length) = body_length(head) else { return Judgement::Unreadable };
    if body.len() < length {
        return Judgement::Incomplete;
    }
    match status(head) {
        b"200" if body == expected_body => Judgement::Right,
        b"401" | b"403" | b"429" if body.len() == length => Judgement::Denied,
        _ => Judgement::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_and_exact_answer_is_right() {
        let right = String::from_utf8(message(&body())).expect("the answer is ASCII");
        for (received, expected) in [
            (right.clone(), Judgement::Right),
            (right.replace("200 OK", "201 Created"), Judgement::Wrong),
            (right.replace("200 OK", "503 Service Unavailable"), Judgement::Wrong),
            ("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}".to_owned(), Judgement::Denied),
            ("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{".to_owned(), Judgement::Incomplete),
            ("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}x".to_owned(), Judgement::Wrong),
            (right.replace("a1b2c3d4a", "a1b2c3d5a"), Judgement::Wrong),
            (format!("{right}x"), Judgement::Wrong),
            (right[..right.len() - 1].to_owned(), Judgement::Incomplete),
            (right[..20].to_owned(), Judgement::Incomplete),
            (String::new(), Judgement::Incomplete),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned(), Judgement::Wrong),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(), Judgement::Unreadable),
        ] {
            assert_eq!(judge(received.as_bytes(), &body()), expected, "{received}");
        }
    }
}
