//! The journal: an append-only, memory-mapped record of bytes that survives `kill -9`.
//!
//! It knows bytes, not calls. One process locks one [`DataDir`]; each of its gateway threads owns one [`Writer`], and
//! with it one ring of preallocated segments. An append is a copy, a checksum and one atomic store: no system call, no
//! allocation, no lock. From the moment it returns, the record is in the kernel's page cache and outlives the process.
//!
//! ```text
//! <dir>/lock                              flock: one process per folder
//! <dir>/control                           the node's control page, for the caller
//! <dir>/journal/<epoch>-<ring>/control    identity and shape of the ring, and the caller's shipping cut
//! <dir>/journal/<epoch>-<ring>/0000000001.segment …
//! ```
//!
//! | part | thread | does |
//! |---|---|---|
//! | [`Writer`] | one gateway thread | appends; reserves room for what must be written later |
//! | preparer | one per folder | allocates and pre-faults segments ahead of need, so that the writer only swaps |
//! | [`Reader`] | any | follows a live ring, or scans what a killed process left |
//! | [`Ring`] | any | frees what was shipped, keeps the [`Control`] page, removes a settled ring |
//! | [`Flusher`] | any but the writer's | with [`Durability::Host`]: makes records survive power loss |
//!
//! What is deliberately absent: compression, indexes, record types, reopening a ring for more appends (a restart opens
//! a new epoch), and any clock.
//!
//! Use a file system that overwrites in place (ext4, xfs, tmpfs). One that copies on write (btrfs, zfs) may need fresh
//! space for a page that was already allocated, and a full disk would then be a SIGBUS.

mod control;
mod data_dir;
mod error;
mod flusher;
mod frame;
mod preparer;
mod reader;
mod ring;
mod ring_id;
mod room;
mod segment;
mod settings;
mod writer;

pub use control::{Control, MAX_CONTROL_PAYLOAD};
pub use data_dir::DataDir;
pub use error::{AppendError, Full, JournalError, ReadError, Unwritten};
pub use flusher::Flusher;
pub use frame::MAX_PAYLOAD;
pub use preparer::{READY_AHEAD, RETRY_AFTER};
pub use reader::{Reader, Record, Tail};
pub use ring::Ring;
pub use ring_id::RingId;
pub use settings::{
    Durability, MAX_SEGMENT_BYTES, MAX_SEGMENTS, MIN_SEGMENT_BYTES, MIN_SEGMENTS, SEGMENT_BYTES_STEP, Settings,
    SettingsError,
};
pub use writer::{Reservation, Writer};
