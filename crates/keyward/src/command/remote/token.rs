//! The access token of a remote command. Never an argument: every person on a machine sees the arguments of all its processes.

use std::{
    env,
    fs::File,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use domain::access_token::AccessTokenText;

use super::RemoteFailure;

/// The variable that may hold the token.
pub const VARIABLE: &str = "KEYWARD_TOKEN";
/// The most that is read of a file, in bytes: a token and a line break are 43.
const MAX_FILE: u64 = 1_024;
/// The bits of a file's mode that let others than its owner read, write or run it.
const OTHERS: u32 = 0o077;

/// The token of the file, or that of the variable.
///
/// Errors: there is none, it is none, or others can read the file.
pub fn read(file: Option<&Path>) -> Result<AccessTokenText, RemoteFailure> {
    let (text, place) = match file {
        Some(file) => (of_file(file)?, format!("the file {}", file.display())),
        None => (env::var(VARIABLE).map_err(|_| RemoteFailure::NoToken)?, format!("the variable {VARIABLE}")),
    };
    AccessTokenText::presented(text.trim()).ok_or(RemoteFailure::NotAToken { place })
}

fn of_file(file: &Path) -> Result<String, RemoteFailure> {
    let unreadable = |source: io::Error| RemoteFailure::TokenFile { file: file.to_owned(), source };
    let open = File::open(file).map_err(unreadable)?;
    // Asked of what is open, not of the name: that may be another file by now.
    let mode = open.metadata().map_err(unreadable)?.permissions().mode();
    if mode & OTHERS != 0 {
        return Err(RemoteFailure::TokenFileOpen { file: file.to_owned(), mode: mode & 0o777 });
    }
    let mut text = String::new();
    open.take(MAX_FILE).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        let token = AccessTokenText::draw([7; domain::access_token::ENTROPY]);
        fs::write(&file, format!("{}\n", token.reveal())).expect("written");
        for (mode, is_read) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("its mode");
            match read(Some(&file)) {
                Ok(read) => assert!(is_read && read.reveal() == token.reveal(), "{mode:o}"),
                Err(refused) => assert!(!is_read && refused.to_string().contains(&format!("{mode:04o}")), "{mode:o}"),
            }
        }
    }

    #[test]
    fn what_cannot_be_a_token_is_told_without_repeating_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        for text in ["", "kwt_mistyped", "a password"] {
            fs::write(&file, text).expect("written");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
            let refused = read(Some(&file)).err().expect("it is none").to_string();
            assert!(refused.contains("holds no access token"), "{refused}");
            assert!(text.is_empty() || !refused.contains(text), "{refused}");
        }
        assert!(matches!(read(Some(&folder.path().join("none"))), Err(RemoteFailure::TokenFile { .. })));
    }
}
