//! A strict JSON reader that steps over values and hands out the names and spans between.
//!
//! Written by hand because two things had to be had in one pass, borrowing: duplicate names found at every depth, and the
//! exact bytes of ids, params and calls. It does not recurse, so no input can overflow the stack. serde_json is the
//! oracle in `tests/it`: what this accepts, serde_json accepts, and reads alike.

mod names;
pub(crate) mod text;

use crate::fault::{Ambiguity, Fault};
use names::Names;
use text::Text;

/// How strict to be, and how much to hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Refuse duplicate names and half surrogate pairs: for what callers send. Upstreams' answers are only passed on.
    pub refuse_ambiguity: bool,
    /// Arrays and objects open at once.
    pub max_depth: usize,
    /// Names kept at once to find duplicates: those of the objects that are open.
    pub max_members: usize,
}

/// A position in one JSON text, with the brackets that are open there.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
    open: Vec<Container>,
    names: Names<'a>,
}

#[derive(Clone, Copy)]
enum Container {
    Array,
    /// With the mark in `Names` at which its own names begin.
    Object(usize),
}

/// The byte order mark in UTF-8: some readers skip it, some refuse it.
const BYTE_ORDER_MARK: char = '\u{feff}';

impl<'a> Scanner<'a> {
    /// Checks the encoding of all bytes and stands before the first value.
    pub fn new(bytes: &'a [u8], rules: Rules) -> Result<Self, Fault<'a>> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Fault::NotJson { at: error.valid_up_to(), expected: "valid UTF-8" })?;
        if text.starts_with(BYTE_ORDER_MARK) {
            return Err(Fault::NotJson { at: 0, expected: "no byte order mark" });
        }
        let mut scanner =
            Scanner { text, at: 0, rules, open: Vec::with_capacity(8), names: Names::new(rules.max_members) };
        scanner.skip_whitespace();
        Ok(scanner)
    }

    /// The offset of the next byte.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next byte; None at the end.
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The bytes from an earlier position to here.
    pub fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// Refuses anything but whitespace after the value.
    pub fn finish(&mut self) -> Result<(), Fault<'a>> {
        self.skip_whitespace();
        if self.at == self.text.len() { Ok(()) } else { Err(self.expected("the end of the body")) }
    }

    /// Enters the array or object at this position. Only for `[` and `{`.
    pub fn enter(&mut self) -> Result<(), Fault<'a>> {
        if self.open.len() == self.rules.max_depth {
            return Err(Fault::TooDeep { at: self.at, max: self.rules.max_depth });
        }
        let container = if self.peek() == Some(b'{') { Container::Object(self.names.mark()) } else { Container::Array };
        self.open.push(container);
        self.at += 1;
        Ok(())
    }

    /// Moves to the next element of the array that was entered last, or leaves it (false).
    /// `first` is true directly after [`Self::enter`].
    pub fn next_element(&mut self, first: bool) -> Result<bool, Fault<'a>> {
        self.skip_whitespace();
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                self.open.pop();
                return Ok(false);
            }
            Some(b',') if !first => {
                self.at += 1;
                self.skip_whitespace();
            }
            _ if first => {}
            _ => return Err(self.expected("\",\" or \"]\"")),
        }
        Ok(true)
    }

    /// Moves to the value of the next member of the object that was entered last and gives its name, or leaves it
    /// (None). `first` is true directly after [`Self::enter`].
    pub fn next_member(&mut self, first: bool) -> Result<Option<Text<'a>>, Fault<'a>> {
        self.skip_whitespace();
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                self.leave_object()?;
                return Ok(None);
            }
            Some(b',') if !first => {
                self.at += 1;
                self.skip_whitespace();
            }
            _ if first => {}
            _ => return Err(self.expected("\",\" or \"}\"")),
        }
        if self.peek() != Some(b'"') {
            return Err(self.expected("a member name in double quotes"));
        }
        let name = self.string()?;
        if self.rules.refuse_ambiguity
            && let Some(Container::Object(mark)) = self.open.last().copied()
        {
            self.names.add(mark, name)?;
        }
        self.skip_whitespace();
        if self.peek() != Some(b':') {
            return Err(self.expected("\":\""));
        }
        self.at += 1;
        self.skip_whitespace();
        Ok(Some(name))
    }

    /// Steps over one whole value, checking all of it, and gives its bytes.
    pub fn value(&mut self) -> Result<&'a str, Fault<'a>> {
        let start = self.at;
        let outside = self.open.len();
        let mut entered = self.scalar_or_enter()?;
        while self.open.len() > outside {
            let more = match self.open.last() {
                Some(Container::Object(_)) => self.next_member(entered)?.is_some(),
                _ => self.next_element(entered)?,
            };
            entered = more && self.scalar_or_enter()?;
        }
        Ok(self.since(start))
    }

    /// Reads the string at this position. Only for `"`. Always inlined: handing its result through memory cost a fifth of
    /// the time of a call.
    #[inline(always)]
    pub fn string(&mut self) -> Result<Text<'a>, Fault<'a>> {
        let (text, end) = Text::scan(self.text, self.at, self.rules.refuse_ambiguity)?;
        self.at = end;
        Ok(text)
    }

    fn leave_object(&mut self) -> Result<(), Fault<'a>> {
        if let Some(Container::Object(mark)) = self.open.pop() {
            self.names.leave(mark).map_err(|at| Fault::Ambiguous { why: Ambiguity::DuplicateMember, at })?;
        }
        Ok(())
    }

    /// True when an array or object was entered, false when a scalar was stepped over.
    fn scalar_or_enter(&mut self) -> Result<bool, Fault<'a>> {
        match self.peek() {
            Some(b'{' | b'[') => {
                self.enter()?;
                return Ok(true);
            }
            Some(b'"') => {
                self.string()?;
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => return Err(self.expected("a JSON value")),
        }
        Ok(false)
    }

    fn literal(&mut self, word: &'static str) -> Result<(), Fault<'a>> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.expected("a JSON value"));
        }
        self.at += word.len();
        Ok(())
    }

    /// RFC 8259 section 6: no leading zeros, no bare point, no plus sign.
    fn number(&mut self) -> Result<(), Fault<'a>> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.expected("no digit after a leading zero"));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault<'a>> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    #[inline]
    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    #[cold]
    fn expected(&self, expected: &'static str) -> Fault<'a> {
        Fault::NotJson { at: self.at, expected }
    }
}
