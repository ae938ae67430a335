//! What commands print: tables for people, JSON lines for programs.

use std::io::{self, Write};

use domain::time::{SECOND, Timestamp};
use serde::Serialize;

mod printable;
mod table;

pub use printable::printable;
pub use table::{Align, Table};

/// For whom a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// People: aligned columns, sentences.
    Text,
    /// Programs: one JSON object a line.
    Json,
}

/// A moment for people: RFC 3339 in UTC, to the second.
pub fn moment(moment: Timestamp) -> String {
    Timestamp::from_micros(moment.micros().div_euclid(SECOND) * SECOND).to_string()
}

/// Prints one object as a line of JSON.
pub fn json_line(out: &mut dyn Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

/// A list: a table with one row for each item, or one line of JSON.
pub fn list<T: Serialize>(
    out: &mut dyn Write,
    shape: Shape,
    items: &[T],
    columns: &[(&'static str, Align)],
    row: impl Fn(&T) -> Vec<String>,
) -> io::Result<()> {
    match shape {
        Shape::Json => items.iter().try_for_each(|item| json_line(out, item)),
        Shape::Text => {
            let mut table = Table::new(columns);
            items.iter().for_each(|item| table.add(row(item)));
            table.write(out)
        }
    }
}

/// One thing: lines of name and value, or one line of JSON.
pub fn one<T: Serialize>(out: &mut dyn Write, shape: Shape, item: &T, lines: &[(&str, String)]) -> io::Result<()> {
    match shape {
        Shape::Json => json_line(out, item),
        Shape::Text => {
            let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
            lines.iter().try_for_each(|(name, value)| writeln!(out, "{name:width$}  {}", printable(value)))
        }
    }
}
