//! Rust source told apart into code, strings and comments, so that a rule about one is not fooled by another.
//!
//! Not a parser: it knows where comments and literals begin and end, and which lines `#[cfg(test)]` covers. That is
//! enough for rules, and a few milliseconds for the whole tree.

mod lexer;

/// One file, twice: in each copy what belongs to the other is blank, as comments are in both, so lines and columns agree.
pub struct RustText {
    pub code: String,
    pub strings: String,
    /// For each line, whether it is part of an item under `#[cfg(test)]`.
    test_lines: Vec<bool>,
}

/// A function that has a body.
pub struct Function {
    pub name: String,
    /// Line of the word `fn`, from 1.
    pub line: usize,
    /// From that line to the closing brace.
    pub length: usize,
}

impl RustText {
    pub fn read(text: &str) -> Self {
        let lexer::Parts { code, strings } = lexer::split(text);
        let test_lines = test_lines(&code);
        Self { code, strings, test_lines }
    }

    /// Whether the line (from 1) is compiled for tests only.
    pub fn is_test_line(&self, line: usize) -> bool {
        self.test_lines.get(line - 1).copied().unwrap_or(false)
    }

    pub fn functions(&self) -> Vec<Function> {
        let code = &self.code;
        let starts = code.match_indices("fn ").map(|(at, _)| at);
        starts.filter(|at| !code[..*at].ends_with(is_of_a_name)).filter_map(|at| function(code, at)).collect()
    }
}

/// Whether a letter can be part of an identifier.
pub fn is_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Number of the line, from 1, at a byte offset.
fn line_at(text: &str, offset: usize) -> usize {
    1 + text[..offset].matches('\n').count()
}

fn function(code: &str, at: usize) -> Option<Function> {
    let name: String = code[at + 3..].trim_start().chars().take_while(|letter| is_of_a_name(*letter)).collect();
    let body = body(code, at).filter(|_| !name.is_empty())?;
    let line = line_at(code, at);
    Some(Function { name, line, length: line_at(code, body) + 1 - line })
}

/// Offset of the brace that closes the item which starts at `at`; `None` if it ends in a semicolon instead.
fn body(code: &str, at: usize) -> Option<usize> {
    let (mut parentheses, mut braces) = (0usize, 0usize);
    for (index, letter) in code[at..].char_indices() {
        match letter {
            '(' | '[' => parentheses += 1,
            ')' | ']' => parentheses = parentheses.saturating_sub(1),
            ';' if parentheses == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' if braces <= 1 => return Some(at + index),
            '}' => braces -= 1,
            _ => {}
        }
    }
    None
}

fn test_lines(code: &str) -> Vec<bool> {
    let mut lines = vec![false; code.lines().count()];
    for (at, attribute) in code.match_indices("#[cfg(test)]") {
        let end = body(code, at + attribute.len()).unwrap_or(at);
        lines[line_at(code, at) - 1..line_at(code, end)].fill(true);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_fn_to_the_closing_brace() {
        let text = "fn one() { two() }\n\
                    trait T { fn none(&self, x: [u8; 2]); }\n\
                    pub async fn three(\n    x: [u8; 3],\n) -> fn(u8) -> u8 {\n    if x { \"}\" }\n}\n\
                    // fn four() {\n";
        let found: Vec<_> =
            RustText::read(text).functions().iter().map(|f| (f.name.clone(), f.line, f.length)).collect();
        assert_eq!(found, [("one".to_owned(), 1, 1), ("three".to_owned(), 3, 5)]);
    }

    #[test]
    fn items_under_cfg_test_are_known() {
        let text = RustText::read(
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod x;\nfn d() {}\n",
        );
        let marked: Vec<_> = (1..=9).filter(|line| text.is_test_line(*line)).collect();
        assert_eq!(marked, [2, 3, 4, 5, 7]);
    }
}
