//! Reads a TOML document field by field, with the place of each, and notes every problem instead of stopping at the first.
//!
//! This is used where `serde` would be usual because `serde` ends at the first error and knows no place for what is wrong
//! with a value it could read.

use std::{ops::RangeInclusive, str::FromStr, time::Duration};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    nearest::nearest,
    problem::{Problem, Problems},
    units,
};

/// The most items of a list.
pub const MAX_ITEMS: usize = 256;
/// The most characters of a value that a message repeats.
const MAX_SHOWN: usize = 60;

/// One table of the file.
pub struct Section<'f> {
    path: String,
    offset: usize,
    table: &'f DeTable<'f>,
    problems: &'f Problems,
    known: Vec<&'static str>,
    unlisted: Vec<&'static str>,
}

/// One setting: its name and its value.
#[derive(Clone)]
pub struct Field<'f> {
    /// The name with the tables around it.
    pub path: String,
    /// The byte at which the value begins.
    pub offset: usize,
    value: &'f DeValue<'f>,
    problems: &'f Problems,
}

impl<'f> Section<'f> {
    /// The whole document.
    pub fn root(document: &'f Spanned<DeTable<'f>>, problems: &'f Problems) -> Self {
        Self::new(String::new(), 0, document.get_ref(), problems)
    }

    /// The field of that name, if it is there. Names asked for are the known ones.
    pub fn take(&mut self, name: &'static str) -> Option<Field<'f>> {
        self.known.push(name);
        self.table.get(name).map(|value| self.field(name, value))
    }

    /// The field of a name that is never offered as a known one: it is there to be refused with a reason.
    pub fn take_unlisted(&mut self, name: &'static str) -> Option<Field<'f>> {
        self.unlisted.push(name);
        self.table.get(name).map(|value| self.field(name, value))
    }

    /// The field of that name; a problem if it is not there. `expected` says what to write.
    pub fn require(&mut self, name: &'static str, expected: &str) -> Option<Field<'f>> {
        let field = self.take(name);
        if field.is_none() {
            self.refuse(format!("`{name}` is missing"), Some(format!("add {name} = {expected}")));
        }
        field
    }

    /// Every field that no name was asked for yet, in the order of the file, with its own name.
    pub fn take_others(&mut self) -> Vec<(&'f str, usize, Field<'f>)> {
        let taken = |name: &str| self.known.contains(&name) || self.unlisted.contains(&name);
        let others = self.table.iter().filter(|(name, _)| !taken(name.get_ref()));
        let mut others = others
            .map(|(name, value)| {
                let text: &'f str = name.get_ref();
                (text, name.span().start, self.field(text, value))
            })
            .collect::<Vec<_>>();
        others.sort_by_key(|(_, offset, _)| *offset);
        others
    }

    /// Ends the reading: every name that was not asked for is a problem.
    pub fn finish(mut self) {
        for (name, offset, field) in self.take_others() {
            let hint = match nearest(name, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", self.known.join(", ")),
            };
            let message = "unknown setting".to_owned();
            self.problems.add(Problem { offset: Some(offset), field: field.path, message, hint: Some(hint) });
        }
    }

    /// Notes a problem of the table as a whole.
    pub fn refuse(&self, message: impl Into<String>, hint: Option<String>) {
        let field = self.path.clone();
        self.problems.add(Problem { offset: Some(self.offset), field, message: message.into(), hint });
    }

    fn new(path: String, offset: usize, table: &'f DeTable<'f>, problems: &'f Problems) -> Self {
        Self { path, offset, table, problems, known: Vec::new(), unlisted: Vec::new() }
    }

    fn field(&self, name: &str, value: &'f Spanned<DeValue<'f>>) -> Field<'f> {
        let bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') && !name.is_empty();
        let name = if bare { name.to_owned() } else { format!("{name:?}") };
        let path = if self.path.is_empty() { name } else { format!("{}.{name}", self.path) };
        Field { path, offset: value.span().start, value: value.get_ref(), problems: self.problems }
    }
}

impl<'f> Field<'f> {
    /// Notes a problem of this field.
    pub fn refuse(&self, message: impl Into<String>, hint: Option<String>) {
        let field = self.path.clone();
        self.problems.add(Problem { offset: Some(self.offset), field, message: message.into(), hint });
    }

    /// Notes that something else stands here than was expected.
    pub fn expected(&self, expected: &str) {
        self.refuse(format!("expected {expected}, found {}", self.found()), None);
    }

    /// The text, if it is one; says nothing otherwise.
    pub fn as_text(&self) -> Option<&'f str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// A text; `expected` says which.
    pub fn text(&self, expected: &str) -> Option<&'f str> {
        let text = self.as_text();
        if text.is_none() {
            self.expected(expected);
        }
        text
    }

    /// A text that a type's own rules can read; their refusal is the message.
    pub fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, expected: &str) -> Option<T> {
        let parsed = self.text(expected)?.parse();
        parsed.map_err(|refusal: T::Err| self.refuse(refusal.to_string(), None)).ok()
    }

    /// A whole number within bounds.
    pub fn whole(&self, bounds: RangeInclusive<u64>) -> Option<u64> {
        let number = match self.value {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            self.expected(&format!("a whole number from {} to {}", bounds.start(), bounds.end()));
        }
        number
    }

    /// A duration within bounds.
    pub fn duration(&self, bounds: RangeInclusive<Duration>) -> Option<Duration> {
        let duration = self.as_text().and_then(units::duration).filter(|duration| bounds.contains(duration));
        if duration.is_none() {
            let (from, to) = (units::show_duration(*bounds.start()), units::show_duration(*bounds.end()));
            self.expected(&format!("a duration from \"{from}\" to \"{to}\" (units: ms, s, min, h)"));
        }
        duration
    }

    /// A size in bytes within bounds.
    pub fn size(&self, bounds: RangeInclusive<u64>) -> Option<u64> {
        let size = self.as_text().and_then(units::size).filter(|size| bounds.contains(size));
        if size.is_none() {
            let (from, to) = (units::show_size(*bounds.start()), units::show_size(*bounds.end()));
            self.expected(&format!("a size from \"{from}\" to \"{to}\" (units: B, KiB, MiB, GiB)"));
        }
        size
    }

    /// `true` or `false`.
    pub fn truth(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(truth) => Some(*truth),
            _ => {
                self.expected("true or false");
                None
            }
        }
    }

    /// The items of a list; anything else is a list of one.
    pub fn items(&self) -> Vec<Field<'f>> {
        let DeValue::Array(items) = self.value else { return vec![self.clone()] };
        if items.len() > MAX_ITEMS {
            self.refuse(format!("a list of {} is longer than {MAX_ITEMS}", items.len()), None);
        }
        let item = |(index, item): (usize, &'f Spanned<DeValue<'f>>)| Field {
            path: format!("{}[{index}]", self.path),
            offset: item.span().start,
            value: item.get_ref(),
            problems: self.problems,
        };
        items.iter().enumerate().take(MAX_ITEMS).map(item).collect()
    }

    /// A table; `expected` says which.
    pub fn section(&self, expected: &str) -> Option<Section<'f>> {
        let DeValue::Table(table) = self.value else {
            self.expected(expected);
            return None;
        };
        Some(Section::new(self.path.clone(), self.offset, table, self.problems))
    }

    /// One setting of a table that was read before, to point at it; the table itself where the setting is not in it.
    pub fn inner(&self, name: &'static str) -> Field<'f> {
        let DeValue::Table(table) = self.value else { return self.clone() };
        let mut section = Section::new(self.path.clone(), self.offset, table, self.problems);
        section.take(name).unwrap_or_else(|| self.clone())
    }

    /// What stands here, for a message. Never used for credentials.
    fn found(&self) -> String {
        match self.value {
            DeValue::String(text) if text.chars().count() > MAX_SHOWN => {
                format!("\"{}…\"", text.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect::<String>())
            }
            DeValue::String(text) => format!("{text:?}"),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(truth) => truth.to_string(),
            DeValue::Datetime(moment) => moment.to_string(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        }
    }
}
