//! The control page: a few bytes that are always either the old or the new, never a mix.
//!
//! Three blocks of 4 KiB. The first names the page's owner and is never rewritten. The other two are slots: a store
//! goes into the older one, with the next generation and a checksum, so a store that is cut off leaves the newer one as
//! it was. Blocks, not parts of one block: a device that tears the sector it is writing cannot touch the other slot.
//!
//! `kill -9` at any moment leaves old or new. So does power loss with [`Durability::Host`], where each store is synced
//! before it returns; with [`Durability::Process`] power loss may bring back an older store.
//!
//! ```text
//! block 0     magic [8] · label length u32 · crc u32 · label
//! block 1, 2  generation u64 · payload length u32 · crc u32 · payload       crc over generation, length and payload
//! ```

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::{Durability, JournalError};

/// Longest payload of a control page, in bytes.
pub const MAX_CONTROL_PAYLOAD: usize = 1024;

const BLOCK: usize = 4096;
const MAGIC: &[u8; 8] = b"KWCTRL01";
const SLOT_HEADER: usize = 16;

/// A small file that holds the caller's bytes, stored and loaded whole. Shared by threads; stores are put in order by a
/// lock.
#[derive(Debug)]
pub struct Control {
    path: PathBuf,
    file: File,
    durability: Durability,
    newest: Mutex<Slot>,
}

#[derive(Clone, Debug)]
struct Slot {
    generation: u64,
    payload: Vec<u8>,
}

impl Control {
    /// Replaces the payload. When it returns, `load` gives it back after `kill -9` (and after power loss, with
    /// [`Durability::Host`]). Cut off before that, the page holds the old payload or the new one.
    ///
    /// # Errors
    /// `ControlTooLong` beyond [`MAX_CONTROL_PAYLOAD`]; `Io` when the write or the sync fails: the page then holds the
    /// old payload or the new one, and storing again is safe.
    pub fn store(&self, payload: &[u8]) -> Result<(), JournalError> {
        if payload.len() > MAX_CONTROL_PAYLOAD {
            return Err(JournalError::ControlTooLong { length: payload.len() });
        }
        let mut newest = self.newest.lock().expect("nothing panics while it holds this lock");
        let next = Slot { generation: newest.generation + 1, payload: payload.to_vec() };
        self.file
            .write_all_at(&next.encode(), slot_offset(next.generation))
            .map_err(JournalError::io("store into", &self.path))?;
        if self.durability == Durability::Host {
            self.file.sync_data().map_err(JournalError::io("sync", &self.path))?;
        }
        *newest = next;
        Ok(())
    }

    /// The payload stored last; empty when none was ever stored.
    pub fn load(&self) -> Vec<u8> {
        self.newest.lock().expect("nothing panics while it holds this lock").payload.clone()
    }

    /// Makes the file, with an empty payload, and syncs it whatever the durability: a page that names its owner must be
    /// there after power loss too. The caller makes it appear atomically (a rename), so it is never found half made.
    pub(crate) fn create(path: &Path, label: &[u8], durability: Durability) -> Result<Control, JournalError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)
            .map_err(JournalError::io("create", path))?;
        let empty = Slot { generation: 1, payload: Vec::new() };
        let mut blocks = vec![0; 3 * BLOCK];
        let head = encode_label(label);
        blocks[..head.len()].copy_from_slice(&head);
        let at = slot_offset(empty.generation) as usize;
        blocks[at..at + SLOT_HEADER].copy_from_slice(&empty.encode());
        file.write_all_at(&blocks, 0).map_err(JournalError::io("write", path))?;
        file.sync_all().map_err(JournalError::io("sync", path))?;
        Ok(Control { path: path.to_owned(), file, durability, newest: Mutex::new(empty) })
    }

    /// Opens a page and returns it with its label. `durability` is chosen from the label, where the owner keeps it.
    pub(crate) fn open(
        path: &Path,
        durability: impl FnOnce(&[u8]) -> Option<Durability>,
    ) -> Result<(Control, Vec<u8>), JournalError> {
        let damaged = |what| JournalError::Damaged { path: path.to_owned(), what };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(JournalError::io("open control page", path))?;
        let mut blocks = vec![0; 3 * BLOCK];
        file.read_exact_at(&mut blocks, 0).map_err(JournalError::io("read control page", path))?;
        let label = decode_label(&blocks[..BLOCK]).ok_or_else(|| damaged("control page label"))?;
        let durability = durability(&label).ok_or_else(|| damaged("control page label"))?;
        let newest = blocks[BLOCK..]
            .chunks_exact(BLOCK)
            .zip(1..)
            .filter_map(|(block, number)| {
                Slot::decode(block).filter(|slot| slot_offset(slot.generation) == number * 4096)
            })
            .max_by_key(|slot| slot.generation)
            .ok_or_else(|| damaged("both slots of the control page"))?;
        Ok((Control { path: path.to_owned(), file, durability, newest: Mutex::new(newest) }, label))
    }
}

impl Slot {
    fn encode(&self) -> Vec<u8> {
        let length = (self.payload.len() as u32).to_le_bytes();
        let generation = self.generation.to_le_bytes();
        let crc = checksum(&[&generation, &length, &self.payload]).to_le_bytes();
        [&generation[..], &length, &crc, &self.payload].concat()
    }

    fn decode(block: &[u8]) -> Option<Slot> {
        let length = read_u32(block, 8) as usize;
        let payload = block[SLOT_HEADER..].get(..length).filter(|_| length <= MAX_CONTROL_PAYLOAD)?;
        let generation = read_u64(block, 0);
        let whole = checksum(&[&block[..12], payload]) == read_u32(block, 12);
        // A block of zeros is a slot never written; its checksum does not happen to be zero, and generation 0 is never
        // used.
        (whole && generation > 0).then(|| Slot { generation, payload: payload.to_vec() })
    }
}

fn slot_offset(generation: u64) -> u64 {
    (1 + generation % 2) * BLOCK as u64
}

fn encode_label(label: &[u8]) -> Vec<u8> {
    let length = (label.len() as u32).to_le_bytes();
    let crc = checksum(&[MAGIC, &length, label]).to_le_bytes();
    [&MAGIC[..], &length, &crc, label].concat()
}

fn decode_label(block: &[u8]) -> Option<Vec<u8>> {
    let label = block[16..].get(..read_u32(block, 8) as usize)?;
    let whole = block.starts_with(MAGIC) && checksum(&[&block[..12], label]) == read_u32(block, 12);
    whole.then(|| label.to_vec())
}

fn checksum(parts: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize()
}

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

fn read_u64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

#[cfg(test)]
mod tests;
