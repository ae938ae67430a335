//! Who PostgreSQL runs as: it refuses root, so a test that runs as root lends it an account without rights.

use std::io;

/// Names the account, where none of the usual ones will do.
const VARIABLE: &str = "KEYWARD_TEST_POSTGRES_ACCOUNT";
/// The account of Debian's package, and the one that every system has.
const USUAL: [&str; 2] = ["postgres", "nobody"];

/// An account by its numbers.
pub(super) struct Account {
    /// The person's number.
    pub(super) person: u32,
    /// Its group's.
    pub(super) group: u32,
}

/// Who to run as; none: as we are.
pub(super) fn to_run_as() -> io::Result<Option<Account>> {
    // SAFETY: a plain system call that cannot fail.
    if unsafe { libc::geteuid() } != 0 {
        return Ok(None);
    }
    let accounts = std::fs::read_to_string("/etc/passwd")?;
    let named = std::env::var(VARIABLE).ok();
    let mut names = named.iter().map(String::as_str).chain(USUAL);
    let found = names.find_map(|name| find(&accounts, name));
    found.map(Some).ok_or_else(|| io::Error::other(format!("PostgreSQL refuses root; set {VARIABLE} to an account")))
}

fn find(accounts: &str, name: &str) -> Option<Account> {
    let fields = |line: &'_ str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let line = accounts.lines().map(fields).find(|line| line.first().is_some_and(|first| first == name))?;
    Some(Account { person: line.get(2)?.parse().ok()?, group: line.get(3)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/false\nbroken:x\n";
        let numbers = |name| find(accounts, name).map(|account| (account.person, account.group));
        assert_eq!(numbers("nobody"), Some((65_534, 65_533)));
        assert_eq!(numbers("broken"), None);
        assert_eq!(numbers("bod"), None);
    }
}
