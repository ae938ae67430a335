//! The control page, byte by byte: old or new after any cut, never a mix, and no single flipped byte goes unnoticed.

use proptest::prelude::*;

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn create(path: &Path) -> Control {
    Control::create(path, b"whose", Durability::Process).expect("a new control page")
}

fn open(path: &Path) -> Result<Vec<u8>, JournalError> {
    let (control, label) = Control::open(path, |_| Some(Durability::Process))?;
    assert_eq!(label, b"whose");
    Ok(control.load())
}

#[test]
fn what_was_stored_last_is_loaded_also_after_reopening() {
    let folder = folder();
    for durability in [Durability::Process, Durability::Host] {
        let path = folder.path().join(format!("{durability:?}"));
        let control = Control::create(&path, b"whose", durability).expect("a new control page");
        assert_eq!(open(&path).expect("it opens"), b"");
        for length in [0, 1, 8, 511, MAX_CONTROL_PAYLOAD] {
            let payload = vec![length as u8; length];
            control.store(&payload).expect("it is stored");
            assert_eq!(control.load(), payload);
            assert_eq!(open(&path).expect("it opens"), payload);
        }
        let error = control.store(&[0; MAX_CONTROL_PAYLOAD + 1]).expect_err("too long");
        assert_eq!(error.to_string(), "a control page holds 1024 bytes, not 1025");
        assert_eq!(open(&path).expect("it opens").len(), MAX_CONTROL_PAYLOAD);
    }
}

#[test]
fn a_store_cut_off_after_any_number_of_bytes_leaves_old_or_new() {
    let folder = folder();
    let path = folder.path().join("control");
    let control = create(&path);
    let (old, new) = ([1; 100], [2; 140]);
    control.store(&[9; MAX_CONTROL_PAYLOAD]).expect("it is stored");
    control.store(&old).expect("it is stored");
    let before = std::fs::read(&path).expect("it is read");
    control.store(&new).expect("it is stored");
    let after = std::fs::read(&path).expect("it is read");

    let changed: Vec<usize> = (0..before.len()).filter(|&i| before[i] != after[i]).collect();
    for cut in 0..=changed.len() {
        let mut mixed = before.clone();
        changed[..cut].iter().for_each(|&i| mixed[i] = after[i]);
        std::fs::write(&path, &mixed).expect("it is written");
        let loaded = open(&path).expect("it opens");
        let expected = if cut == changed.len() { new.to_vec() } else { old.to_vec() };
        assert_eq!(loaded, expected, "cut after {cut} of {} bytes", changed.len());
    }
}

#[test]
fn with_both_slots_or_the_label_gone_it_says_so() {
    let folder = folder();
    let path = folder.path().join("control");
    let control = create(&path);
    control.store(b"one").expect("it is stored");
    let sound = std::fs::read(&path).expect("it is read");
    for (from, what) in [(BLOCK, "both slots of the control page"), (0, "control page label")] {
        let mut bytes = sound.clone();
        bytes[from..].fill(0);
        std::fs::write(&path, &bytes).expect("it is written");
        let error = open(&path).expect_err("it is damaged").to_string();
        assert!(error.contains(what), "{error}");
    }
    std::fs::write(&path, &sound[..BLOCK]).expect("it is written");
    assert!(matches!(open(&path), Err(JournalError::Io { .. })), "a short file is refused");
}

proptest! {
    #[test]
    fn a_flipped_byte_never_yields_a_payload_that_was_not_stored(at in 0..3 * BLOCK, flip in 1..=255u8) {
        let folder = folder();
        let path = folder.path().join("control");
        let control = create(&path);
        let stored = [vec![], vec![3; 700], vec![4; 900]];
        stored[1..].iter().for_each(|payload| control.store(payload).expect("it is stored"));
        let mut bytes = std::fs::read(&path).expect("it is read");
        bytes[at] ^= flip;
        std::fs::write(&path, &bytes).expect("it is written");
        if let Ok((control, _)) = Control::open(&path, |_| Some(Durability::Process)) {
            prop_assert!(stored[1..].contains(&control.load()));
        }
    }
}
