//! Headers: the lines of one head, in the order in which they came. Names are in lower case, also those that are asked for.

use std::ops::Range;

use bytes::BytesMut;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Lines that are added to most heads on their way.
const MORE_LINES: usize = 8;
/// What those take, in bytes.
const MORE_BYTES: usize = 320;

/// The lines of a head.
#[derive(Clone, Default)]
pub(crate) struct Headers {
    /// The lines as they are written, each with its end, and what stands between them or was removed.
    text: Vec<u8>,
    lines: Vec<Line>,
    /// How long the names are that were ever put in, a bit for each length: most names that are asked for are not there, and
    /// this tells so without a look at any line.
    lengths: u64,
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<'h>(&'h [u8]);

/// Where a line stands in the text: `name: value`, and the end of the line. A head is far smaller than what 32 bits can tell.
#[derive(Clone, Copy)]
struct Line {
    at: u32,
    name: u32,
    value: u32,
}

impl Headers {
    /// No line.
    pub fn new() -> Self {
        Headers::default()
    }

    /// The lines that were parsed from `head`, which is copied.
    pub fn parsed(head: &[u8], parsed: &[httparse::Header<'_>]) -> Self {
        let mut text = Vec::with_capacity(head.len() + MORE_BYTES);
        text.extend_from_slice(head);
        let mut headers = Headers { text, lines: Vec::with_capacity(parsed.len() + MORE_LINES), lengths: 0 };
        for line in parsed {
            match Line::of(line, head) {
                Some(found) => {
                    headers.text[found.name()].make_ascii_lowercase();
                    headers.push(found);
                }
                // Blanks that need not be, or a value that is empty.
                None => headers.append(line.name.to_ascii_lowercase(), line.value),
            }
        }
        headers
    }

    /// The lines that hyper has read.
    pub fn of_map(map: &HeaderMap) -> Self {
        let length: usize = map.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        let text = Vec::with_capacity(length + MORE_BYTES);
        let mut headers = Headers { text, lines: Vec::with_capacity(map.len() + MORE_LINES), lengths: 0 };
        map.iter().for_each(|(name, value)| headers.append(name, value));
        headers
    }

    /// The lines as hyper writes them.
    pub fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.lines.len());
        let pairs = self.iter().map(|(name, value)| (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.0)));
        for pair in pairs {
            // What was parsed or made here can stand in a head.
            if let (Ok(name), Ok(value)) = pair {
                map.append(name, value);
            }
        }
        map
    }

    /// Whether there is none.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// All lines: name and value.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], Value<'_>)> {
        self.lines.iter().map(|line| (self.name_of(line), self.value_of(line)))
    }

    /// What the first line of this name says.
    pub fn get(&self, name: impl AsRef<str>) -> Option<Value<'_>> {
        self.first(name.as_ref().as_bytes()).map(|line| self.value_of(line))
    }

    /// What all lines of this name say.
    pub fn get_all(&self, name: impl AsRef<str>) -> impl DoubleEndedIterator<Item = Value<'_>> {
        let lines = self.lines_as_long_as(name.as_ref().as_bytes());
        let named = move |line: &&Line| self.is(line, name.as_ref().as_bytes());
        lines.iter().filter(named).map(|line| self.value_of(line))
    }

    /// Whether there is a line of this name.
    pub fn contains_key(&self, name: impl AsRef<str>) -> bool {
        self.first(name.as_ref().as_bytes()).is_some()
    }

    /// The first line of this name.
    fn first(&self, name: &[u8]) -> Option<&Line> {
        self.lines_as_long_as(name).iter().find(|line| self.is(line, name))
    }

    /// All lines, or none where no name is as long as this.
    #[inline]
    fn lines_as_long_as(&self, name: &[u8]) -> &[Line] {
        if self.lengths & length_bit(name.len()) == 0 { &[] } else { &self.lines }
    }

    /// Puts a line in the place of all of this name. `value` must be able to stand in a head.
    pub fn insert(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        self.remove(&name);
        self.append(name, value);
    }

    /// Puts a line in the place of all of this name, whose value is written here. It must be able to stand in a head.
    pub fn replace(&mut self, name: impl AsRef<str>, write_value: impl FnOnce(&mut Vec<u8>)) {
        self.remove(&name);
        self.add(name.as_ref().as_bytes(), write_value);
    }

    /// Adds a line. `value` must be able to stand in a head.
    pub fn append(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        debug_assert!(HeaderValue::from_bytes(value.as_ref()).is_ok(), "a value must not end its line");
        self.add(name.as_ref().as_bytes(), |out| out.extend_from_slice(value.as_ref()));
    }

    /// Removes all lines of this name.
    pub fn remove(&mut self, name: impl AsRef<str>) {
        let name = name.as_ref().as_bytes();
        if self.first(name).is_some() {
            let Headers { text, lines, .. } = self;
            lines.retain(|line| !line.is(text, name));
        }
    }

    /// Removes all lines of this name, and tells what the first of them said.
    pub fn take(&mut self, name: impl AsRef<str>) -> Option<Vec<u8>> {
        let value = self.get(&name)?.as_bytes().to_vec();
        self.remove(name);
        Some(value)
    }

    /// Removes each line that is picked by name and value.
    pub fn remove_each(&mut self, is_picked: impl Fn(&[u8], Value<'_>) -> bool) {
        let Headers { text, lines, .. } = self;
        lines.retain(|line| !is_picked(&text[line.name()], Value(&text[line.value()])));
    }

    /// Writes all lines but those whose name is left out. Lines that stand side by side go in one piece.
    pub fn write(&self, out: &mut BytesMut, is_left_out: impl Fn(&[u8]) -> bool) {
        let mut piece = 0..0;
        for line in self.lines.iter().filter(|line| !is_left_out(self.name_of(line))) {
            let whole = line.whole();
            if piece.end != whole.start {
                out.extend_from_slice(&self.text[piece]);
                piece = whole.start..whole.start;
            }
            piece.end = whole.end;
        }
        out.extend_from_slice(&self.text[piece]);
    }

    fn add(&mut self, name: &[u8], write_value: impl FnOnce(&mut Vec<u8>)) {
        let at = self.text.len();
        self.text.extend_from_slice(name);
        self.text.extend_from_slice(b": ");
        let value_at = self.text.len();
        write_value(&mut self.text);
        let value = self.text.len() - value_at;
        self.text.extend_from_slice(b"\r\n");
        self.push(Line { at: at as u32, name: name.len() as u32, value: value as u32 });
    }

    fn push(&mut self, line: Line) {
        self.lengths |= length_bit(line.name as usize);
        self.lines.push(line);
    }

    fn is(&self, line: &Line, name: &[u8]) -> bool {
        line.is(&self.text, name)
    }

    fn name_of(&self, line: &Line) -> &[u8] {
        &self.text[line.name()]
    }

    fn value_of(&self, line: &Line) -> Value<'_> {
        Value(&self.text[line.value()])
    }
}

/// The bit of a name's length; all that are longer than the last bit share it.
#[inline]
fn length_bit(length: usize) -> u64 {
    1 << length.min(63)
}

impl Line {
    /// Where a parsed line stands in the head. None: not as it would be written here.
    fn of(line: &httparse::Header<'_>, head: &[u8]) -> Option<Line> {
        let at = (line.name.as_ptr() as usize).checked_sub(head.as_ptr() as usize)?;
        let (name, value) = (line.name.len(), line.value.len());
        let behind = head.get(at + name..at + name + value + 4)?;
        let is_usual = behind.starts_with(b": ") && behind.ends_with(b"\r\n");
        let is_there = std::ptr::eq(line.value.as_ptr(), behind[2..].as_ptr());
        (is_usual && is_there).then_some(Line { at: at as u32, name: name as u32, value: value as u32 })
    }

    fn is(&self, text: &[u8], name: &[u8]) -> bool {
        self.name as usize == name.len() && text[self.name()] == *name
    }

    fn name(&self) -> Range<usize> {
        self.at as usize..(self.at + self.name) as usize
    }

    fn value(&self) -> Range<usize> {
        let at = (self.at + self.name) as usize + 2;
        at..at + self.value as usize
    }

    fn whole(&self) -> Range<usize> {
        self.at as usize..self.value().end + 2
    }
}

impl<'h> Value<'h> {
    /// Its bytes.
    pub fn as_bytes(self) -> &'h [u8] {
        self.0
    }

    /// Its text; none if it has other than visible ASCII, blanks and tabs.
    pub fn to_str(self) -> Option<&'h str> {
        let is_text = self.0.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
        // SAFETY: all of it is ASCII.
        is_text.then(|| unsafe { str::from_utf8_unchecked(self.0) })
    }

    /// A copy of its own.
    pub fn to_owned(self) -> Option<HeaderValue> {
        HeaderValue::from_bytes(self.0).ok()
    }
}

impl AsRef<[u8]> for Value<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}
