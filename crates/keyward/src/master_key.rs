//! The master key: seals what must be read back, and signs tickets. Made at the first start, in a file of its own beside the data;
//! all control nodes of one database need the same.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use control::seal::MasterKey;

use crate::clock;

/// Names the file, where it is not in the data folder.
const VARIABLE: &str = "KEYWARD_MASTER_KEY_FILE";
/// The file in the data folder.
const FILE: &str = "master.key";
/// Hexadecimal digits of a key.
const DIGITS: usize = 64;

/// Reads the key; in the data folder it is made if it is not there.
///
/// Errors: it cannot be read or made, or is none.
pub fn load(data: &Path) -> anyhow::Result<MasterKey> {
    let (file, may_make) = match std::env::var_os(VARIABLE) {
        Some(named) => (PathBuf::from(named), false),
        None => (data.join(FILE), true),
    };
    match fs::read_to_string(&file) {
        Ok(text) => {
            read(text.trim()).with_context(|| format!("{}: {DIGITS} hexadecimal digits are expected", file.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound && may_make => make(&file),
        Err(error) => Err(error).with_context(|| format!("cannot read the master key {}", file.display())),
    }
}

fn make(file: &Path) -> anyhow::Result<MasterKey> {
    let key = clock::entropy::<32>();
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    let written = options.write(true).create_new(true).mode(0o600).open(file).and_then(|mut open| {
        open.write_all(text.as_bytes())?;
        open.write_all(b"\n")?;
        open.sync_all()
    });
    written.with_context(|| format!("cannot write the master key {}", file.display()))?;
    Ok(MasterKey(key))
}

fn read(text: &str) -> anyhow::Result<MasterKey> {
    if text.len() != DIGITS || !text.is_ascii() {
        bail!("it has {} characters", text.len());
    }
    let mut key = [0; DIGITS / 2];
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16)?;
    }
    Ok(MasterKey(key))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = load(folder.path()).expect("it is made");
        let again = load(folder.path()).expect("it is read");
        assert_eq!(made.0, again.0);
        let mode = fs::metadata(folder.path().join(FILE)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for text in ["", "abc", &"g".repeat(DIGITS), &"é".repeat(DIGITS / 2)] {
            fs::write(folder.path().join(FILE), text).expect("written");
            assert!(load(folder.path()).is_err(), "{text}");
        }
    }
}
