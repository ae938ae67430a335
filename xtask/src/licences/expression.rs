//! Licence expressions as crates write them: SPDX (`MIT OR (Apache-2.0 AND ISC)`), and the old `MIT/Apache-2.0`.

use std::collections::BTreeSet;

/// Whether the allowed licences suffice to use what stands under `expression`. What cannot be read is not permitted.
pub fn permits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    reader.any() == Some(true) && reader.words.is_empty()
}

/// Recursive descent; each function eats its words and answers `None` where the expression makes no sense.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// `all { OR all }`
    fn any(&mut self) -> Option<bool> {
        let mut permitted = self.all()?;
        while self.eat("OR") {
            permitted |= self.all()?;
        }
        Some(permitted)
    }

    /// `one { AND one }`
    fn all(&mut self) -> Option<bool> {
        let mut permitted = self.one()?;
        while self.eat("AND") {
            permitted &= self.one()?;
        }
        Some(permitted)
    }

    /// `( any )`, or a licence, which an exception (`WITH`) only makes more generous.
    fn one(&mut self) -> Option<bool> {
        if self.eat("(") {
            let permitted = self.any()?;
            return self.eat(")").then_some(permitted);
        }
        let licence = self.next()?;
        if self.eat("WITH") {
            self.next()?;
        }
        Some(self.allowed.contains(licence))
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allowed = ["MIT", "Apache-2.0", "ISC"].map(str::to_owned).into();
        let cases = [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0 OR MIT", true),
            ("MIT AND GPL-3.0", false),
            ("MIT AND ISC", true),
            ("GPL-3.0 OR MIT AND ISC", true),
            ("(GPL-3.0 OR MIT) AND ISC", true),
            ("(GPL-3.0 OR MIT) AND MPL-2.0", false),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 / MPL-2.0", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-2.0 WITH Classpath-exception-2.0", false),
            ("(MIT", false),
            ("MIT ISC", false),
            ("MIT OR", false),
            ("", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(permits(expression, &allowed), expected, "{expression:?}");
        }
    }
}
