//! The PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt): what a trusted proxy says before the first byte of
//! its caller. Not one byte beyond it is read here.

use std::{io, net::IpAddr};

use tokio::{io::AsyncReadExt, net::TcpStream};

/// What version 2 begins with.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1, its end included.
const MAX_LINE: usize = 107;
/// The most bytes behind the fixed part of version 2: addresses, and what proxies add to them.
const MAX_BEHIND: usize = 4 * 1024;

/// Reads the header, and gives the address that it names; none where the proxy speaks for itself, as in a health check.
///
/// Errors: there is no such header, or the connection broke off. Nothing can be answered to that.
pub(crate) async fn read(stream: &mut TcpStream) -> io::Result<Option<IpAddr>> {
    // Both versions are at least this long.
    let mut begin = [0; SIGNATURE.len()];
    stream.read_exact(&mut begin).await?;
    if begin == SIGNATURE { read_binary(stream).await } else { read_line(stream, &begin).await }
}

async fn read_line(stream: &mut TcpStream, begin: &[u8]) -> io::Result<Option<IpAddr>> {
    if !begin.starts_with(b"PROXY ") || begin.contains(&b'\n') {
        return Err(no_header());
    }
    let mut line = [0; MAX_LINE];
    let mut length = begin.len();
    line[..length].copy_from_slice(begin);
    loop {
        // Looked at before it is taken: what stands behind the line is the caller's.
        let seen = stream.peek(&mut line[length..]).await?;
        if seen == 0 {
            return Err(no_header());
        }
        let end = line[length..length + seen].iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(seen, |end| end + 1);
        stream.read_exact(&mut line[length..length + taken]).await?;
        length += taken;
        if end.is_some() {
            break;
        }
    }
    let text = line[..length].strip_suffix(b"\r\n").and_then(|line| std::str::from_utf8(line).ok());
    text.and_then(parse_line).ok_or_else(no_header)
}

/// `PROXY TCP4 source destination port port`, or `PROXY UNKNOWN` and whatever.
fn parse_line(line: &str) -> Option<Option<IpAddr>> {
    let mut words = line.strip_prefix("PROXY ")?.split(' ');
    let family = words.next()?;
    if family == "UNKNOWN" {
        return Some(None);
    }
    let (source, destination) = (words.next()?.parse::<IpAddr>().ok()?, words.next()?.parse::<IpAddr>().ok()?);
    let are_ports = [words.next()?, words.next()?].iter().all(|port| port.parse::<u16>().is_ok());
    let is_family = match family {
        "TCP4" => source.is_ipv4() && destination.is_ipv4(),
        "TCP6" => source.is_ipv6() && destination.is_ipv6(),
        _ => false,
    };
    (are_ports && is_family && words.next().is_none()).then(|| Some(source.to_canonical()))
}

async fn read_binary(stream: &mut TcpStream) -> io::Result<Option<IpAddr>> {
    let mut fixed = [0; 4];
    stream.read_exact(&mut fixed).await?;
    let [version_and_command, family, high, low] = fixed;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MAX_BEHIND {
        return Err(no_header());
    }
    let mut behind = vec![0; length];
    stream.read_exact(&mut behind).await?;
    parse_binary(version_and_command, family, &behind).ok_or_else(no_header)
}

/// The source of a proxied connection over TCP; what else a proxy may announce is its own.
fn parse_binary(version_and_command: u8, family: u8, behind: &[u8]) -> Option<Option<IpAddr>> {
    match (version_and_command, family) {
        (0x20, _) => Some(None),
        // Source, destination, and their ports.
        (0x21, 0x11) if behind.len() >= 12 => Some(Some(IpAddr::from(<[u8; 4]>::try_from(&behind[..4]).ok()?))),
        (0x21, 0x21) if behind.len() >= 36 => {
            Some(Some(IpAddr::from(<[u8; 16]>::try_from(&behind[..16]).ok()?).to_canonical()))
        }
        (0x21, 0x00) => Some(None),
        _ => None,
    }
}

fn no_header() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a trusted proxy sent no header of the PROXY protocol")
}

#[cfg(test)]
mod tests {
    //! Headers as proxies and others write them.

    use super::*;

    #[test]
    fn lines_of_version_1() {
        let one = |text: &str| Some(Some(text.parse::<IpAddr>().expect("an address")));
        let cases = [
            ("PROXY TCP4 203.0.113.7 10.0.0.1 56324 443", one("203.0.113.7")),
            ("PROXY TCP6 2001:db8::7 ::1 56324 443", one("2001:db8::7")),
            ("PROXY TCP6 ::ffff:203.0.113.7 ::1 1 2", one("203.0.113.7")),
            ("PROXY UNKNOWN", Some(None)),
            ("PROXY UNKNOWN ffff::1 ffff::2 1 2", Some(None)),
            ("PROXY TCP4 2001:db8::7 ::1 56324 443", None),
            ("PROXY TCP4 203.0.113.7 10.0.0.1 56324", None),
            ("PROXY TCP4 203.0.113.7 10.0.0.1 56324 443 9", None),
            ("PROXY TCP4 203.0.113.7 10.0.0.1 56324 70000", None),
            ("PROXY TCP4 203.0.113.7  10.0.0.1 56324 443", None),
            ("PROXY UDP4 203.0.113.7 10.0.0.1 1 2", None),
            ("proxy TCP4 203.0.113.7 10.0.0.1 1 2", None),
            ("GET / HTTP/1.1", None),
        ];
        for (line, expected) in cases {
            assert_eq!(parse_line(line), expected, "{line}");
        }
    }

    #[test]
    fn headers_of_version_2() {
        let v4 = [&[203, 0, 113, 7][..], &[10, 0, 0, 1, 0, 1, 0, 2]].concat();
        let v6 = [&[0x20, 1, 0xd, 0xb8][..], &[0; 32]].concat();
        let with_more = [&v4[..], &[4, 0, 1, 0]].concat();
        type Case<'a> = (u8, u8, &'a [u8], Option<Option<&'a str>>);
        let cases: [Case; 9] = [
            (0x21, 0x11, &v4, Some(Some("203.0.113.7"))),
            (0x21, 0x11, &with_more, Some(Some("203.0.113.7"))),
            (0x21, 0x21, &v6, Some(Some("2001:db8::"))),
            (0x20, 0x11, &v4, Some(None)),
            (0x21, 0x00, &[], Some(None)),
            (0x21, 0x11, &v4[..11], None),
            (0x21, 0x12, &v4, None),
            (0x22, 0x11, &v4, None),
            (0x11, 0x11, &v4, None),
        ];
        for (command, family, behind, expected) in cases {
            let expected = expected.map(|address| address.map(|text| text.parse::<IpAddr>().expect("an address")));
            assert_eq!(parse_binary(command, family, behind), expected, "{command:#x} {family:#x} {behind:?}");
        }
    }
}
