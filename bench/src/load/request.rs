//! The requests, prepared whole before the clock runs: one for each key value.

use super::options::Options;

/// The bytes of one request per key value, or a single one when there are no keys.
pub fn prepare(options: &Options) -> Vec<Vec<u8>> {
    if options.keys.is_empty() {
        return vec![request(options, None)];
    }
    options.keys.iter().map(|key| request(options, Some(key))).collect()
}

/// About what a small client library sends.
fn request(options: &Options, key: Option<&str>) -> Vec<u8> {
    let Options { address, method, path, body, .. } = options;
    let path = path.replace("{key}", key.unwrap_or_default());
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: bench-client/1.0\r\nAccept: application/json\r\n"
    );
    if let Some(key) = key
        && !options.path.contains("{key}")
    {
        head += &format!("{}: {key}\r\n", options.key_header);
    }
    if method == "POST" {
        head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_stands_in_the_header_or_in_the_path_but_never_in_both() {
        for (path, line, header) in
            [("/a", "GET /a HTTP/1.1\r\n", true), ("/a/{key}/b", "GET /a/kw_one/b HTTP/1.1\r\n", false)]
        {
            let arguments = ["--address", "127.0.0.1:80"].map(str::to_owned);
            let mut options = Options::parse(arguments.into_iter()).expect("valid");
            path.clone_into(&mut options.path);
            options.keys = vec!["kw_one".to_owned()];
            let request = String::from_utf8(prepare(&options).remove(0)).expect("ASCII");
            assert!(request.starts_with(line), "{request}");
            assert_eq!(request.contains("x-api-key: kw_one\r\n"), header, "{request}");
            assert!(request.ends_with("\r\n\r\n"), "{request}");
        }
    }
}
