//! Lock files name packages and their hashes. Where they were fetched from is the machine's business, so a mirror that
//! someone used must not end up here, nor may a package come from anywhere but its registry.

use super::tree::{File, Problem, Tree};

pub fn check(tree: &Tree) -> Vec<Problem> {
    tree.files().flat_map(of).collect()
}

fn of(file: &File) -> Vec<Problem> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let rule: fn(&str) -> Option<&'static str> = match name {
        "Cargo.lock" => cargo,
        "package-lock.json" => npm,
        "requirements.txt" => pip,
        ".npmrc" => npmrc,
        _ => return Vec::new(),
    };
    let lines = file.text.lines().enumerate();
    lines.filter_map(|(index, line)| Some(file.problem(index + 1, rule(line.trim())?))).collect()
}

fn cargo(line: &str) -> Option<&'static str> {
    let source = line.strip_prefix("source = ")?.trim_matches('"');
    let is_the_index = source.starts_with("registry+") && source.ends_with("/crates.io-index");
    (!is_the_index).then_some("a crate from elsewhere than crates.io: publish it, or write those lines ourselves")
}

fn npm(line: &str) -> Option<&'static str> {
    let place = "names where a package was fetched: `npm install --package-lock-only` beside an .npmrc that says \
                 `omit-lockfile-registry-resolved=true`";
    line.starts_with("\"resolved\":").then_some(place)
}

fn pip(line: &str) -> Option<&'static str> {
    let requirement = line.split('#').next().unwrap_or_default().trim();
    if requirement.is_empty() {
        return None;
    }
    let is_pinned = requirement.contains("==") && !requirement.starts_with('-') && !requirement.contains("://");
    (!is_pinned).then_some("a requirement is `name==version`, without options or addresses")
}

fn npmrc(line: &str) -> Option<&'static str> {
    line.contains("://").then_some("which registry to ask is the machine's business: leave addresses out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::places;

    #[test]
    fn packages_from_elsewhere_are_reported() {
        for (path, line) in [
            ("Cargo.lock", "source = \"git+https://example.com/x#1\""),
            ("fuzz/Cargo.lock", "source = \"registry+https://mirror.example.com/index\""),
            ("tests/real/package-lock.json", "  \"resolved\": \"https://mirror.example.com/x.tgz\","),
            ("tests/real/requirements.txt", "--index-url https://mirror.example.com"),
            ("tests/real/requirements.txt", "web3>=7"),
            ("tests/real/requirements.txt", "web3 @ https://example.com/web3.whl"),
            ("tests/real/.npmrc", "registry=https://mirror.example.com"),
        ] {
            assert_eq!(places(check, &[(path, line)]), [format!("{path}:1")], "{line}");
        }
    }

    #[test]
    fn what_the_tools_write_is_fine() {
        for (path, line) in [
            ("Cargo.lock", "source = \"registry+https://example.com/crates.io-index\""),
            ("tests/real/package-lock.json", "\"integrity\": \"sha512-x\", \"url\": \"https://example.com\""),
            ("tests/real/requirements.txt", "# Python programs\n\nweb3==8.0.0  # a client"),
            ("tests/real/.npmrc", "omit-lockfile-registry-resolved=true"),
        ] {
            assert!(places(check, &[(path, line)]).is_empty(), "{line}");
        }
    }
}
