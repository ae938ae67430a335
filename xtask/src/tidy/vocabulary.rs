//! One noun, one word. "User" would mean an owner, a member, a program or an operator, so it means nothing here.

use super::tree::{Problem, Tree, words};

/// Words of the outside world that have it inside, in small letters.
const NAMES_FROM_OUTSIDE: [&str; 10] = [
    "user-agent",
    "user_agent",
    "useragent",
    "userinfo",
    "useroperation",
    "user_operation",
    // A family of drawings.
    "iconuser",
    // How a style sheet says what can be marked with the mouse.
    "user-select",
    "userselect",
    // What a provider's nodes say of an exhausted plan, and so a dialect of ours.
    "user credit plan",
];

pub fn check(tree: &Tree) -> Vec<Problem> {
    let files = tree.files().filter(|file| file.is_in(&["crates/", "web/src/", "web/e2e/", "web/index.html"]));
    files
        .flat_map(|file| {
            let lines = file.text.lines().enumerate().filter(|(_, line)| says_user(line));
            lines.map(|(index, _)| {
                file.problem(
                    index + 1,
                    "\"user\" is no word of ours: operator, owner, member, person, holder or caller?",
                )
            })
        })
        .collect()
}

fn says_user(line: &str) -> bool {
    let is_it = |text: &str| words(text).any(|word| matches!(word.to_lowercase().as_str(), "user" | "users"));
    // Nearly every line ends here; only one that has the word is looked at for the exceptions.
    is_it(line) && is_it(&without_names_from_outside(line))
}

fn without_names_from_outside(line: &str) -> String {
    let mut rest = line.to_owned();
    for name in NAMES_FROM_OUTSIDE {
        while let Some(at) = rest.to_ascii_lowercase().find(name) {
            rest.replace_range(at..at + name.len(), "");
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn the_word_is_reported_in_code_comments_and_strings() {
        for line in
            ["struct User;", "let user_id = 1;", "// the user's key", "\"no such users\"", "fn addUser() {}", "USER_ID"]
        {
            assert_eq!(places(check, &[("crates/a/src/key.rs", line)]), ["crates/a/src/key.rs:1"], "{line}");
        }
    }

    #[test]
    fn names_from_outside_are_fine() {
        for line in [
            "User-Agent: curl",
            "USER_AGENT",
            "let user_agent = 1;",
            "eth_sendUserOperation",
            "a URL's userinfo",
            "--username",
            "runuser",
            "style={{ userSelect: 'none' }}",
            "import { IconUserOff, IconUsers } from '@tabler/icons-react'",
            "autoComplete=\"username\"",
        ] {
            assert!(places(check, &[("crates/a/src/key.rs", line)]).is_empty(), "{line}");
        }
        assert_eq!(places(check, &[("web/src/person/SignIn.tsx", "<h1>User</h1>")]).len(), 1);
        assert!(places(check, &[("docs/words.md", "never say user")]).is_empty());
        assert_eq!(places(check, &[("crates/a/src/key.rs", "a user's user-agent")]).len(), 1);
    }
}
