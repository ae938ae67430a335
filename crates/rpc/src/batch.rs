//! Splitting a batch and putting its answers back together.
//!
//! A batch goes up with ids 0..n of our own when some of its calls were denied or its ids repeat ([`renumber`]). The
//! upstream may answer in any order, twice, or not at all ([`join`]); each caller's id comes back byte for byte. The
//! answers and our own error objects are then written in the order of the calls ([`AnswerBatch`]).

use crate::answer::{ANSWER_RULES, FoundId, Look, Parts, read_parts};
use crate::request::{Call, RawId};
use crate::scanner::Scanner;
use std::borrow::Cow;
use std::ops::Range;
use thiserror::Error;

#[cfg(test)]
mod tests;

/// One upstream batch of these calls, the id of `calls[i]` replaced by `i` and every other byte kept. A notification
/// stays one; its number is then not used.
pub fn renumber(calls: &[&Call<'_>]) -> Vec<u8> {
    let bytes: usize = calls.iter().map(|call| call.raw.len() + 4).sum();
    let mut out = Vec::with_capacity(bytes + 2);
    out.push(b'[');
    for (number, call) in calls.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        let Some(id) = call.id else {
            out.extend_from_slice(call.raw.as_bytes());
            continue;
        };
        out.extend_from_slice(&call.raw.as_bytes()[..call.id_at]);
        out.extend_from_slice(number.to_string().as_bytes());
        out.extend_from_slice(&call.raw.as_bytes()[call.id_at + id.as_str().len()..]);
    }
    out.push(b']');
    out
}

/// True when two of these ids say the same, so that answers could not be told apart without [`renumber`]. `1` and `1.0`
/// do: a reader of JSON may see no difference. At most n² / 2 short comparisons; batches are capped.
pub fn ids_repeat(ids: &[Option<RawId<'_>>]) -> bool {
    let keys: Vec<IdKey<'_>> = ids.iter().flatten().map(|id| IdKey::of(id.as_str())).collect();
    keys.iter().enumerate().any(|(index, key)| keys[..index].contains(key))
}

/// The upstream's answers by call.
#[derive(Debug)]
pub struct Joined<'a> {
    /// One place for each call, as in `ids`. None: a notification, or an answer that did not come (`upstream_incomplete`).
    pub answers: Vec<Option<Answer<'a>>>,
    /// Answers that belong to no call, or to one that already had its answer; left out.
    pub ignored: usize,
}

/// An upstream's answer to one call, not copied yet.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    raw: &'a str,
    place: IdPlace,
    id: RawId<'a>,
    /// What it says about the call.
    pub look: Look,
}

/// Why an upstream's body gave no answers. Every call of the batch is then `upstream_incomplete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the upstream's answer to a batch is no JSON array of answers, and no error object")]
pub struct NotABatchAnswer;

/// Gives each answer in `body` to its call. `ids[i]` is the caller's id of the call that [`renumber`] numbered `i`, None
/// for a notification.
///
/// One error object instead of an array means that the upstream refused the batch as a whole: every call gets that error,
/// with its own id.
///
/// # Errors
/// [`NotABatchAnswer`] if the body breaks off, is not JSON, or is neither an array nor an answer object.
pub fn join<'a>(body: &'a [u8], ids: &[Option<RawId<'a>>]) -> Result<Joined<'a>, NotABatchAnswer> {
    assign(body, ids, |id, _| id.parse().ok())
}

/// What an upstream said about each call of a batch that went up with the caller's own ids, which must differ.
/// As [`join`], but the body itself goes to the caller. Ids are compared by what they say: an upstream may write them
/// in another way.
///
/// # Errors
/// As [`join`].
pub fn look_batch(body: &[u8], ids: &[Option<RawId<'_>>]) -> Result<Vec<Option<Look>>, NotABatchAnswer> {
    let keys: Vec<Option<IdKey<'_>>> = ids.iter().map(|id| id.map(|id| IdKey::of(id.as_str()))).collect();
    let joined = assign(body, ids, |id, expected| {
        // Most upstreams keep the order and write ids as they got them, so that is tried first.
        let is_same = |other: &Option<RawId<'_>>| other.is_some_and(|other| other.as_str() == id);
        if ids.get(expected).is_some_and(is_same) {
            return Some(expected);
        }
        ids.iter().position(is_same).or_else(|| {
            let key = Some(IdKey::of(id));
            keys.iter().position(|other| *other == key)
        })
    })?;
    Ok(joined.answers.into_iter().map(|answer| answer.map(|answer| answer.look)).collect())
}

impl Answer<'_> {
    /// Writes the answer with the caller's id.
    pub fn write(&self, out: &mut Vec<u8>) {
        let raw = self.raw.as_bytes();
        match &self.place {
            IdPlace::Replace(span) => {
                out.extend_from_slice(&raw[..span.start]);
                out.extend_from_slice(self.id.as_str().as_bytes());
                out.extend_from_slice(&raw[span.end..]);
            }
            IdPlace::InsertFirst => {
                out.extend_from_slice(br#"{"id":"#);
                out.extend_from_slice(self.id.as_str().as_bytes());
                out.push(b',');
                out.extend_from_slice(&raw[1..]);
            }
        }
    }
}

/// Collects the answers of a batch, ours and the upstream's, into one body.
#[derive(Debug, Default)]
pub struct AnswerBatch {
    out: Vec<u8>,
}

impl AnswerBatch {
    /// The place to write the next answer to: exactly one JSON object.
    pub fn next_answer(&mut self) -> &mut Vec<u8> {
        self.out.push(if self.out.is_empty() { b'[' } else { b',' });
        &mut self.out
    }

    /// The body; None if nothing was answered, as when all calls are notifications: JSON-RPC 2.0 section 6 wants no empty
    /// array then.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        if self.out.is_empty() {
            return None;
        }
        self.out.push(b']');
        Some(self.out)
    }
}

#[derive(Clone, Debug)]
enum IdPlace {
    /// The upstream's id stands here.
    Replace(Range<usize>),
    /// The answer has no id: a refusal of the whole batch that left it out.
    InsertFirst,
}

/// `find` gets an id as the upstream wrote it and the number of answers before it, and says whose it is.
fn assign<'a>(
    body: &'a [u8],
    ids: &[Option<RawId<'a>>],
    find: impl Fn(&str, usize) -> Option<usize>,
) -> Result<Joined<'a>, NotABatchAnswer> {
    let mut scanner = Scanner::new(body, ANSWER_RULES).map_err(|_| NotABatchAnswer)?;
    let mut joined = Joined { answers: vec![None; ids.len()], ignored: 0 };
    let mut seen = 0;
    match scanner.peek() {
        Some(b'[') => {
            scanner.enter().map_err(|_| NotABatchAnswer)?;
            while scanner.next_element(seen == 0).map_err(|_| NotABatchAnswer)? {
                let parts = read_parts(&mut scanner).ok_or(NotABatchAnswer)?;
                joined.give(parts, ids, |id| find(id, seen));
                seen += 1;
            }
        }
        Some(b'{') => {
            let parts = read_parts(&mut scanner).ok_or(NotABatchAnswer)?;
            match parts.look {
                Look::Error { .. } => joined.give_to_all(parts, ids)?,
                Look::Ok => joined.give(parts, ids, |id| find(id, 0)),
                Look::NotJsonRpc => return Err(NotABatchAnswer),
            }
        }
        _ => return Err(NotABatchAnswer),
    }
    scanner.finish().map_err(|_| NotABatchAnswer)?;
    Ok(joined)
}

impl<'a> Joined<'a> {
    fn give(&mut self, parts: Parts<'a>, ids: &[Option<RawId<'a>>], find: impl Fn(&str) -> Option<usize>) {
        let FoundId::One(span) = parts.id else {
            self.ignored += 1;
            return;
        };
        let owner = find(&parts.raw[span.clone()]).filter(|_| parts.look != Look::NotJsonRpc);
        let id = owner.and_then(|index| ids.get(index).copied().flatten());
        match (owner, id) {
            (Some(index), Some(id)) if self.answers[index].is_none() => {
                let place = IdPlace::Replace(span);
                self.answers[index] = Some(Answer { raw: parts.raw, place, id, look: parts.look });
            }
            _ => self.ignored += 1,
        }
    }

    fn give_to_all(&mut self, parts: Parts<'a>, ids: &[Option<RawId<'a>>]) -> Result<(), NotABatchAnswer> {
        let place = match parts.id {
            FoundId::None => IdPlace::InsertFirst,
            FoundId::One(span) => IdPlace::Replace(span),
            FoundId::Several => return Err(NotABatchAnswer),
        };
        for (answer, id) in self.answers.iter_mut().zip(ids) {
            *answer = id.map(|id| Answer { raw: parts.raw, place: place.clone(), id, look: parts.look });
        }
        Ok(())
    }
}

/// What an id says, however it is written.
#[derive(PartialEq)]
pub(crate) enum IdKey<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    /// null, and what no caller can have sent.
    Other(&'a str),
}

impl<'a> IdKey<'a> {
    pub(crate) fn of(raw: &'a str) -> Self {
        if raw.starts_with('"')
            && let Ok(mut scanner) = Scanner::new(raw.as_bytes(), ANSWER_RULES)
            && let Ok(text) = scanner.string()
        {
            return IdKey::Text(text.decoded());
        }
        raw.parse().map_or(IdKey::Other(raw), IdKey::Number)
    }
}
