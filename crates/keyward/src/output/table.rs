//! A table for people: a header, aligned columns, two spaces between them.

use std::io::{self, Write};

use super::printable;

/// Where a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Figures.
    Right,
}

/// Rows of cells under a header.
pub struct Table {
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&'static str, Align)]) -> Self {
        let header = columns.iter().map(|(name, _)| name.to_uppercase()).collect();
        Self { aligns: columns.iter().map(|(_, align)| *align).collect(), rows: vec![header] }
    }

    /// Adds a row; cells beyond the columns are dropped.
    pub fn add(&mut self, cells: Vec<String>) {
        self.rows.push(cells.iter().take(self.aligns.len()).map(|cell| printable(cell).into_owned()).collect());
    }

    /// Writes header and rows.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width_of(cell)).max();
        let widths = (0..self.aligns.len()).map(|column| width(column).unwrap_or_default()).collect::<Vec<_>>();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), align) in row.iter().zip(&widths).zip(&self.aligns) {
                let gap = " ".repeat(width - width_of(cell));
                let (before, after) = if *align == Align::Right { (gap.as_str(), "") } else { ("", gap.as_str()) };
                line.extend([before, cell, after, "  "]);
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Columns that a cell takes on a terminal: one a character, two for those of East Asian scripts.
fn width_of(cell: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}');
    cell.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_have_no_blanks_at_their_end() {
        let mut table = Table::new(&[("name", Align::Left), ("credits", Align::Right), ("state", Align::Left)]);
        table.add(vec!["ada".into(), "7".into(), "active".into()]);
        table.add(vec!["日本".into(), "1000000".into(), String::new()]);
        table.add(vec!["a\u{1b}b".into(), "12".into(), "x".into(), "dropped".into()]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        let expected = "NAME      CREDITS  STATE\n\
                        ada             7  active\n\
                        日本      1000000\n\
                        a\\u{1b}b       12  x\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
