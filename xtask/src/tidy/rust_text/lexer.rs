//! Where comments and literals begin and end in Rust source (the Rust Reference, "Comments" and "Tokens").

/// The same text twice, each with the other part and all comments blanked.
#[derive(Default)]
pub struct Parts {
    pub code: String,
    pub strings: String,
}

#[derive(Clone, Copy)]
enum Part {
    Code,
    Strings,
    Comments,
}

pub fn split(text: &str) -> Parts {
    let letters: Vec<char> = text.chars().collect();
    let mut parts = Parts::default();
    let mut at = 0;
    while at < letters.len() {
        let (part, length) = piece(&letters, at);
        for letter in &letters[at..at + length] {
            parts.push(part, *letter);
        }
        at += length;
    }
    parts
}

impl Parts {
    fn push(&mut self, part: Part, letter: char) {
        let blank = if letter == '\n' { '\n' } else { ' ' };
        let pick = |wanted: bool| if wanted { letter } else { blank };
        self.code.push(pick(matches!(part, Part::Code)));
        self.strings.push(pick(matches!(part, Part::Strings)));
    }
}

/// What begins at `at`, and how many letters long it is.
fn piece(letters: &[char], at: usize) -> (Part, usize) {
    let rest = &letters[at..];
    let in_a_name = at > 0 && super::is_of_a_name(letters[at - 1]);
    match rest {
        ['/', '/', ..] => (Part::Comments, until_line_end(rest)),
        ['/', '*', ..] => (Part::Comments, block_comment(rest)),
        ['"', ..] => (Part::Strings, quoted(rest, '"')),
        ['\'', '\\', ..] => (Part::Strings, quoted(rest, '\'')),
        ['\'', _, '\'', ..] => (Part::Strings, 3),
        ['r' | 'b' | 'c', ..] if !in_a_name => raw_string(rest).map_or((Part::Code, 1), |end| (Part::Strings, end)),
        _ => (Part::Code, 1),
    }
}

fn until_line_end(rest: &[char]) -> usize {
    rest.iter().position(|letter| *letter == '\n').unwrap_or(rest.len())
}

/// Block comments nest.
fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] if depth == 1 => return at + 2,
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

/// A literal with backslashes in it; `rest` begins with its opening quote.
fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            letter if letter == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`: no backslashes, and as many `#` at the end as at the start.
fn raw_string(rest: &[char]) -> Option<usize> {
    let prefix = if rest[0] == 'r' { 1 } else { 2 };
    (prefix == 1 || rest.get(1) == Some(&'r')).then_some(())?;
    let hashes = rest[prefix..].iter().take_while(|letter| **letter == '#').count();
    let opening = prefix + hashes;
    (rest.get(opening) == Some(&'"')).then_some(())?;
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let end = rest[opening + 1..].windows(closing.len()).position(|window| window == closing);
    Some(end.map_or(rest.len(), |end| opening + 1 + end + closing.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Code and strings without their blanks.
    fn shown(text: &str) -> [String; 2] {
        let parts = split(text);
        [parts.code, parts.strings].map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn code_strings_and_comments_are_told_apart() {
        let cases = [
            ("a // b \"c\"\nd", ["a d", ""]),
            ("a /* b /* c */ d */ e", ["a e", ""]),
            (r#"f("a \" // b") // c"#, ["f( )", r#""a \" // b""#]),
            (r####"r#"a " b"# + br"c\" d"####, ["+ d", r####"r#"a " b"# br"c\""####]),
            (r#"bar"x" b"y""#, [r#"bar b"#, r#""x" "y""#]),
            ("'a' '\\'' '\"' f<'a>(x: &'a str)", ["f<'a>(x: &'a str)", "'a' '\\'' '\"'"]),
            ("r#type", ["r#type", ""]),
            ("\"never closed // a", ["", "\"never closed // a"]),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_and_columns_agree_in_all_parts() {
        let text = "é \"é\" // é\n/* é\n*/ x";
        let parts = split(text);
        for part in [&parts.code, &parts.strings] {
            assert_eq!(part.chars().count(), text.chars().count());
            assert_eq!(part.lines().count(), text.lines().count());
        }
    }
}
