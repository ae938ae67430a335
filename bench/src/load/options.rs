//! The command line of `load`.

use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;

use crate::answer;

/// Beyond this the prepared requests would no longer sit in the processor's cache and the load would measure itself.
const MAX_KEYS: usize = 10_000;
const MAX_CONNECTIONS: usize = 4096;
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Bounds a run that someone mistypes.
const MAX_SECONDS: f64 = 60.0;

/// How `load` is called.
pub const USAGE: &str = "\
load --address IP:PORT [--connections 64] [--seconds 2] [--method GET|POST] [--path /] [--body-file FILE]
     [--keys FILE] [--key-header x-api-key] [--expected-file FILE] [--denials wrong|counted] [--lost stay|reopened]
FILE of --keys has one key value a line; requests take them in turn. The value goes into the header, or into the path
where {key} stands. One connection measures latency. The right answer is the upstream's of 1 KB, or FILE of
--expected-file. A soak counts denials (401, 403, 429) apart and opens lost connections again.";

/// What to send, where and for how long.
#[derive(Debug)]
pub struct Options {
    /// The proxy, or the upstream itself.
    pub address: SocketAddr,
    /// Connections kept busy at the same time.
    pub connections: usize,
    /// How long new requests are sent.
    pub seconds: f64,
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its query; `{key}` is replaced by the key's value.
    pub path: String,
    /// The body of a POST.
    pub body: Vec<u8>,
    /// Key values, taken in turn; empty for requests without a key.
    pub keys: Vec<String>,
    /// The header that carries the value when the path does not.
    pub key_header: String,
    /// The body of a right answer.
    pub expected_body: Vec<u8>,
    /// Whether a denial is counted apart, and is not a wrong answer.
    pub denials_are_counted: bool,
    /// Whether a lost connection is opened again; its request stays an error.
    pub lost_are_reopened: bool,
}

impl Options {
    /// Reads `--name value` pairs. The error is a sentence for the person who typed them.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut address = None;
        let mut options = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            connections: 64,
            seconds: 2.0,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            body: Vec::new(),
            keys: Vec::new(),
            key_header: "x-api-key".to_owned(),
            expected_body: answer::body(),
            denials_are_counted: false,
            lost_are_reopened: false,
        };
        let mut arguments = arguments;
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--address" => address = Some(number(&name, &value)?),
                "--connections" => options.connections = number(&name, &value)?,
                "--seconds" => options.seconds = number(&name, &value)?,
                "--method" => options.method = value,
                "--path" => options.path = value,
                "--body-file" => options.body = read(&value)?,
                "--keys" => options.keys = read_lines(&value)?,
                "--key-header" => options.key_header = value,
                "--expected-file" => options.expected_body = read(&value)?,
                "--denials" => options.denials_are_counted = choice(&name, &value, ["wrong", "counted"])?,
                "--lost" => options.lost_are_reopened = choice(&name, &value, ["stay", "reopened"])?,
                _ => return Err(format!("unknown option {name}\n{USAGE}")),
            }
        }
        options.address = address.ok_or_else(|| format!("--address is missing\n{USAGE}"))?;
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> Result<(), String> {
        let rules = [
            ((1..=MAX_CONNECTIONS).contains(&self.connections), format!("--connections is 1 to {MAX_CONNECTIONS}")),
            (self.seconds > 0.0 && self.seconds <= MAX_SECONDS, format!("--seconds is above 0, up to {MAX_SECONDS}")),
            (matches!(self.method.as_str(), "GET" | "POST"), "--method is GET or POST".to_owned()),
            (self.path.starts_with('/'), "--path begins with /".to_owned()),
            (self.method == "POST" || self.body.is_empty(), "--body-file needs --method POST".to_owned()),
            (self.body.len() <= MAX_BODY_BYTES, format!("--body-file holds up to {MAX_BODY_BYTES} bytes")),
            (self.keys.len() <= MAX_KEYS, format!("--keys holds up to {MAX_KEYS} values")),
            (!self.path.contains("{key}") || !self.keys.is_empty(), "{key} in --path needs --keys".to_owned()),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, broken)) => Err(broken),
            None => Ok(()),
        }
    }
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} cannot be {value:?}"))
}

/// True for the second of two words.
fn choice(name: &str, value: &str, words: [&str; 2]) -> Result<bool, String> {
    let place = words.iter().position(|&word| word == value);
    place.map(|place| place == 1).ok_or_else(|| format!("{name} is {}", words.join(" or ")))
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(Path::new(path)).map_err(|error| format!("{path}: {error}"))
}

fn read_lines(path: &str) -> Result<Vec<String>, String> {
    let text = String::from_utf8(read(path)?).map_err(|_| format!("{path} is not text"))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn defaults_fill_what_is_not_given() {
        let options = parse("--address 127.0.0.1:80 --connections 1").expect("valid");
        assert_eq!((options.connections, options.method.as_str(), options.path.as_str()), (1, "GET", "/"));
    }

    #[test]
    fn of_two_words_the_second_switches_on() {
        for (line, counted, reopened) in
            [("", false, false), (" --denials counted", true, false), (" --denials wrong --lost reopened", false, true)]
        {
            let options = parse(&format!("--address 127.0.0.1:80{line}")).expect("valid");
            assert_eq!((options.denials_are_counted, options.lost_are_reopened), (counted, reopened), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_name() {
        for (line, named) in [
            ("", "--address"),
            ("--address here", "--address"),
            ("--address 127.0.0.1:80 --connections 0", "--connections"),
            ("--address 127.0.0.1:80 --seconds 1e9", "--seconds"),
            ("--address 127.0.0.1:80 --method PUT", "--method"),
            ("--address 127.0.0.1:80 --path v1", "--path"),
            ("--address 127.0.0.1:80 --path /{key}", "--keys"),
            ("--address 127.0.0.1:80 --rate 5", "--rate"),
            ("--address 127.0.0.1:80 --path", "--path"),
            ("--address 127.0.0.1:80 --denials yes", "wrong or counted"),
            ("--address 127.0.0.1:80 --lost yes", "stay or reopened"),
        ] {
            let message = parse(line).expect_err(line);
            assert!(message.contains(named), "{line:?} said {message:?}");
        }
    }
}
