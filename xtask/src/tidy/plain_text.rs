//! What comes from a server is shown as text: a member's name must never become markup in somebody else's browser.

use super::tree::{Problem, Tree};

/// Ways to turn text into markup or code, and the styles of React and of the browser for them.
const DOORS: [&str; 8] = [
    "dangerouslySetInnerHTML",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "srcDoc",
    "eval(",
    "new Function(",
];

pub fn check(tree: &Tree) -> Vec<Problem> {
    let sources = tree.files().filter(|file| file.is_in(&["web/src/", "web/index.html", "web/public/"]));
    sources
        .flat_map(|file| {
            file.text.lines().enumerate().filter_map(|(index, line)| {
                let door = DOORS.iter().find(|door| line.contains(*door))?;
                Some(file.problem(index + 1, format!("`{door}` makes markup or code of text: show it as text")))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn doors_are_reported_where_the_dashboard_is() {
        for line in ["<p dangerouslySetInnerHTML={{ __html: name }} />", "node.innerHTML = name;", "eval(text)"] {
            assert_eq!(places(check, &[("web/src/key/KeyPage.tsx", line)]), ["web/src/key/KeyPage.tsx:1"], "{line}");
            assert!(places(check, &[("web/e2e/names.spec.ts", line)]).is_empty(), "{line}");
        }
    }

    #[test]
    fn text_is_fine() {
        assert!(places(check, &[("web/src/ui/who.tsx", "<Text>{member.name}</Text> // evaluate(x)")]).is_empty());
    }
}
