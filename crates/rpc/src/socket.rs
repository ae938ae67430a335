//! What a server says over a socket: answers, whole batches of them, and news that nobody asked for just now.
//!
//! Over HTTP an answer belongs to the request that it follows. Over a socket only its id says so.

use std::{borrow::Cow, ops::Range};

use crate::{
    answer::{ANSWER_RULES, Look, error_code, member},
    batch::IdKey,
    request::RawId,
    scanner::Scanner,
};

#[cfg(test)]
mod tests;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// An object.
    One(Said<'a>),
    /// An array: the answer to a batch.
    Many(Vec<Said<'a>>),
}

/// An object that a server sent, borrowed from the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// All of it.
    pub raw: &'a str,
    /// What it says about its call, if it is an answer.
    pub look: Look,
    /// Its method, if it is news.
    pub method: Option<Cow<'a, str>>,
    /// The text of its `result`.
    pub result: Option<&'a str>,
    /// The text of its `params.subscription`: which subscription the news is of.
    pub subscription: Option<&'a str>,
    id_at: Option<Range<usize>>,
}

/// What an id says, however it is written: `1` and `1.0` are the same to a reader of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IdMeaning {
    /// A string.
    Text(Box<str>),
    /// A number, by the bits of its double.
    Number(u64),
    /// `null`.
    Null,
}

/// Reads one message. None if it is no JSON object and no array of objects.
pub fn read(message: &str) -> Option<Message<'_>> {
    let mut scanner = Scanner::new(message.as_bytes(), ANSWER_RULES).ok()?;
    if scanner.peek() != Some(b'[') {
        let said = said(&mut scanner)?;
        scanner.finish().ok()?;
        return Some(Message::One(said));
    }
    let mut many = Vec::new();
    scanner.enter().ok()?;
    while scanner.next_element(many.is_empty()).ok()? {
        many.push(said(&mut scanner)?);
    }
    scanner.finish().ok()?;
    Some(Message::Many(many))
}

/// The first of a call's params, where they are an array that has one.
pub fn first_param(params: &str) -> Option<&str> {
    let mut scanner = Scanner::new(params.as_bytes(), ANSWER_RULES).ok()?;
    if scanner.peek() != Some(b'[') {
        return None;
    }
    scanner.enter().ok()?;
    if scanner.next_element(true).ok()? { scanner.value().ok() } else { None }
}

impl IdMeaning {
    /// What this id says.
    pub fn of(id: RawId<'_>) -> IdMeaning {
        match IdKey::of(id.as_str()) {
            IdKey::Text(text) => IdMeaning::Text(text.into()),
            // Adding zero makes one of the two zeros.
            IdKey::Number(number) => IdMeaning::Number((number + 0.0).to_bits()),
            IdKey::Other(_) => IdMeaning::Null,
        }
    }
}

impl<'a> Said<'a> {
    /// Its id; None: it has none, or none that can be one, or more than one.
    pub fn id(&self) -> Option<RawId<'a>> {
        self.id_at.clone().and_then(|at| RawId::from_value(&self.raw[at]))
    }

    /// Writes it with its id as the caller wrote it.
    pub fn write(&self, out: &mut Vec<u8>, id: &str) {
        let at = self.id_at.clone().unwrap_or(0..0);
        out.extend_from_slice(&self.raw.as_bytes()[..at.start]);
        out.extend_from_slice(id.as_bytes());
        out.extend_from_slice(&self.raw.as_bytes()[at.end..]);
    }
}

fn said<'a>(scanner: &mut Scanner<'a>) -> Option<Said<'a>> {
    let start = scanner.at();
    if scanner.peek() != Some(b'{') {
        return None;
    }
    let (mut ids, mut id_at) = (0, None);
    let (mut method, mut params, mut result, mut error) = (None, None, None, None);
    let mut first = true;
    scanner.enter().ok()?;
    while let Some(name) = scanner.next_member(first).ok()? {
        first = false;
        let at = scanner.at() - start;
        if name.decoded() == "method" && scanner.peek() == Some(b'"') {
            method = Some(scanner.string().ok()?.decoded());
            continue;
        }
        let value = scanner.value().ok()?;
        match &*name.decoded() {
            "id" => (ids, id_at) = (ids + 1, Some(at..at + value.len())),
            "params" => params = Some(value),
            "error" if value != "null" => error = Some(value),
            "result" => result = Some(value),
            _ => {}
        }
    }
    let look = match error {
        Some(error) => Look::Error { code: error_code(error).unwrap_or(0) },
        None if result.is_some() => Look::Ok,
        None => Look::NotJsonRpc,
    };
    let subscription = params.and_then(|params| member(params, "subscription"));
    Some(Said { raw: scanner.since(start), look, method, result, subscription, id_at: id_at.filter(|_| ids == 1) })
}
