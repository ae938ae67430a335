//! What a caller sent: one call or a batch, read once and borrowed.
//!
//! Strict where leniency is a hole. Lists, prices and quotas are decided on what is read here, while the bytes themselves
//! go upstream; so whatever an upstream's reader could take for another call is refused (`Ambiguous`), in params too.
//!
//! Members beside the four of JSON-RPC are passed on: some nodes and tracing clients use them, and no upstream takes them
//! for the call. Except variants of the four (`Method`, `paramſ`): Go's encoding/json folds case, so geth would obey them.

use crate::fault::{Ambiguity, Fault, Invalid, InvalidWhy};
use crate::scanner::text::Text;
use crate::scanner::{Rules, Scanner};
use std::borrow::Cow;
use std::fmt;

#[cfg(test)]
mod tests;

/// How much of a request is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries in a batch; beyond it, `Fault::BatchTooLarge`.
    pub max_batch: usize,
    /// Arrays and objects inside one another, the batch and the call among them; beyond it, `Fault::TooDeep`.
    pub max_depth: usize,
    /// Members in all objects that are open at once (32 bytes of memory each); beyond it, `Fault::TooManyMembers`.
    pub max_members: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_batch: 100, max_depth: 64, max_members: 65_536 }
    }
}

/// A readable request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// One object.
    Single(Call<'a>),
    /// An array of one entry or more, in the caller's order.
    Batch(Vec<Entry<'a>>),
}

/// One place in a batch: a call, or something that is answered with its own -32600.
pub type Entry<'a> = Result<Call<'a>, Invalid<'a>>;

/// One JSON-RPC call, borrowed from the body. Only [`parse`] makes one, so its parts are known to be well formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The method's name, decoded: lists and prices look at this, not at its escapes.
    pub method: Cow<'a, str>,
    /// The id byte for byte; None is a notification, which gets no answer. `"id":null` is Some.
    pub id: Option<RawId<'a>>,
    /// The params as they stand: an array or an object.
    pub params: Option<&'a str>,
    /// The whole object as it stands.
    pub raw: &'a str,
    /// Where `id` begins within `raw`; 0 without an id.
    pub(crate) id_at: usize,
}

/// An id as the caller wrote it: one JSON string, number or null. Never rewritten: `1.0`, `1e0` and `"\u0031"` come back
/// as they came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RawId<'a>(&'a str);

impl<'a> RawId<'a> {
    /// The JSON text.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Takes the text of a JSON value that was read before; None if it cannot be an id.
    pub fn from_value(raw: &'a str) -> Option<Self> {
        matches!(raw.as_bytes().first(), Some(b'"' | b'-' | b'0'..=b'9' | b'n')).then_some(RawId(raw))
    }
}

impl fmt::Debug for RawId<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Reads a request body.
///
/// # Errors
/// A [`Fault`] stops the whole request. A batch entry that is merely no request object does not: it is an `Err` entry.
/// An ambiguous entry stops its batch: such bytes do not come from a working client.
pub fn parse(body: &[u8], limits: Limits) -> Result<Request<'_>, Fault<'_>> {
    let rules = Rules { refuse_ambiguity: true, max_depth: limits.max_depth, max_members: limits.max_members };
    let mut scanner = Scanner::new(body, rules)?;
    // Bytes that are no JSON are the worse fault, wherever they stand, so what was read is judged last.
    if scanner.peek() == Some(b'[') {
        let start = scanner.at();
        let (entries, len) = batch(&mut scanner, limits.max_batch)?;
        scanner.finish()?;
        return match len {
            0 => Err(Fault::Invalid(Invalid { why: InvalidWhy::EmptyBatch, at: start, id: None })),
            _ if len > limits.max_batch => Err(Fault::BatchTooLarge { len, max: limits.max_batch }),
            _ => Ok(Request::Batch(entries)),
        };
    }
    let entry = entry(&mut scanner)?;
    scanner.finish()?;
    entry.map(Request::Single).map_err(Fault::Invalid)
}

/// The first `max` entries, and how many there are.
fn batch<'a>(scanner: &mut Scanner<'a>, max: usize) -> Result<(Vec<Entry<'a>>, usize), Fault<'a>> {
    let mut entries = Vec::new();
    let mut len = 0;
    scanner.enter()?;
    while scanner.next_element(len == 0)? {
        let entry = entry(scanner)?;
        len += 1;
        if len <= max {
            entries.push(entry);
        }
    }
    Ok((entries, len))
}

/// The four members of a call, as found so far: where each value begins, and the value.
#[derive(Default)]
struct Members<'a> {
    version: Option<(usize, Option<Text<'a>>)>,
    method: Option<(usize, Option<Text<'a>>)>,
    params: Option<(usize, &'a str)>,
    id: Option<(usize, &'a str)>,
}

fn entry<'a>(scanner: &mut Scanner<'a>) -> Result<Entry<'a>, Fault<'a>> {
    let start = scanner.at();
    if scanner.peek() != Some(b'{') {
        scanner.value()?;
        return Ok(Err(Invalid { why: InvalidWhy::NotAnObject, at: start, id: None }));
    }
    let mut members = Members::default();
    let mut first = true;
    scanner.enter()?;
    while let Some(name) = scanner.next_member(first)? {
        first = false;
        let at = scanner.at();
        match &*name.decoded() {
            "jsonrpc" => members.version = Some((at, string_or_skip(scanner)?)),
            "method" => members.method = Some((at, string_or_skip(scanner)?)),
            "params" => members.params = Some((at, scanner.value()?)),
            "id" => members.id = Some((at, scanner.value()?)),
            other => {
                refuse_variant(other).map_err(|why| Fault::Ambiguous { why, at: name.at })?;
                scanner.value()?;
            }
        }
    }
    Ok(members.into_call(start, scanner.since(start)))
}

fn string_or_skip<'a>(scanner: &mut Scanner<'a>) -> Result<Option<Text<'a>>, Fault<'a>> {
    if scanner.peek() == Some(b'"') {
        return scanner.string().map(Some);
    }
    scanner.value()?;
    Ok(None)
}

impl<'a> Members<'a> {
    fn into_call(self, start: usize, raw: &'a str) -> Entry<'a> {
        let id = self.id.and_then(|(_, raw)| RawId::from_value(raw));
        let invalid = |why, at| Invalid { why, at, id };
        if let (Some((at, _)), None) = (self.id, id) {
            return Err(invalid(InvalidWhy::Id, at));
        }
        match self.version {
            Some((_, Some(version))) if version.decoded() == "2.0" => {}
            other => return Err(invalid(InvalidWhy::Version, other.map_or(start, |(at, _)| at))),
        }
        let method = match self.method {
            Some((_, Some(method))) => method.decoded(),
            other => return Err(invalid(InvalidWhy::Method, other.map_or(start, |(at, _)| at))),
        };
        if let Some((at, params)) = self.params
            && !params.starts_with(['[', '{'])
        {
            return Err(invalid(InvalidWhy::Params, at));
        }
        let id_at = self.id.map_or(0, |(at, _)| at - start);
        Ok(Call { method, id, params: self.params.map(|(_, params)| params), raw, id_at })
    }
}

/// Refuses a name that a lax reader would take for one of the four.
fn refuse_variant(name: &str) -> Result<(), Ambiguity> {
    if let Some(known) = ["jsonrpc", "method", "params", "id"].into_iter().find(|known| lax_same(name, known)) {
        return Err(Ambiguity::VariantOfKnownMember(known));
    }
    if name.contains(char::is_control) { Err(Ambiguity::ControlInName) } else { Ok(()) }
}

/// True when a reader that folds case would take `name` for `known` (which is ASCII). Besides ASCII that is U+017F (ſ, folds
/// to s) and U+212A (the Kelvin sign) for Go, and the two Turkish forms of i for Java and .NET.
pub(crate) fn lax_same(name: &str, known: &str) -> bool {
    let folded = name.chars().map(|character| match character {
        'ſ' => 's',
        '\u{212a}' => 'k',
        'ı' | 'İ' => 'i',
        other => other.to_ascii_lowercase(),
    });
    folded.eq(known.chars().map(|character| character.to_ascii_lowercase()))
}
