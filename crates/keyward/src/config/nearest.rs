//! The nearest known name to a mistyped one, for "did you mean".

/// The known name that differs least from `typed`: by at most a third of its letters, so that nothing far-fetched is
/// offered.
pub fn nearest<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let close = |name: &'n str| {
        let steps = steps_between(typed, name);
        (steps <= (typed.chars().count().max(name.chars().count()) / 3).max(1)).then_some((steps, name))
    };
    known.into_iter().filter_map(close).min().map(|(_, name)| name)
}

/// Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment distance).
fn steps_between(a: &str, b: &str) -> usize {
    let (a, b) = (a.chars().collect::<Vec<_>>(), b.chars().collect::<Vec<_>>());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let one_letter = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped { one_letter.min(rows[i - 2][j - 2] + 1) } else { one_letter }
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["listen", "public_url", "threads", "journal", "ca_file"];
        let cases = [
            ("listne", Some("listen")),
            ("lisen", Some("listen")),
            ("public-url", Some("public_url")),
            ("publicurl", Some("public_url")),
            ("thread", Some("threads")),
            ("cafile", Some("ca_file")),
            ("colour", None),
            ("", None),
            ("x", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(nearest(typed, known), expected, "{typed}");
        }
    }
}
