//! The data folder: one process, one lock, all its rings.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use crate::preparer::Preparer;
use crate::ring::{self, Ring, Shared};
use crate::{Control, Durability, JournalError, RingId, segment};

const LOCK_FILE: &str = "lock";
const CONTROL_FILE: &str = "control";
const JOURNAL_FOLDER: &str = "journal";
const NODE_LABEL: &[u8] = b"keyward node";

/// A locked data folder. Clones share the lock; it is released when the last clone, [`Ring`] and [`crate::Writer`] is
/// dropped.
#[derive(Clone, Debug)]
pub struct DataDir {
    pub(crate) inner: Arc<Inner>,
}

/// What a folder's handles share. Fields are dropped in order: the preparer has stopped before the lock is released.
#[derive(Debug)]
pub(crate) struct Inner {
    path: PathBuf,
    pub(crate) preparer: Preparer,
    /// Rings in use, so that each has one handle, one control page and one writer. Also taken to create and remove one.
    pub(crate) open: Mutex<Vec<Weak<Shared>>>,
    /// The node's control page, once it was asked for.
    control: Mutex<Option<Arc<Control>>>,
    _lock: File,
}

impl DataDir {
    /// Creates the folder if need be (mode 0700), locks it for this process and starts its preparer thread.
    /// What a killed process left half created or half removed is cleared away.
    ///
    /// # Errors
    /// `InUse` when another process holds it; `Io`.
    pub fn lock(path: impl AsRef<Path>) -> Result<DataDir, JournalError> {
        let path = path.as_ref().to_owned();
        let journal = path.join(JOURNAL_FOLDER);
        create_private_folder(&path)?;
        let lock = take_lock(&path)?;
        create_private_folder(&journal)?;
        clear_leftovers(&journal)?;
        let preparer = Preparer::start().map_err(JournalError::io("start the preparer thread for", &path))?;
        let inner = Inner { path, preparer, open: Mutex::default(), control: Mutex::default(), _lock: lock };
        Ok(DataDir { inner: Arc::new(inner) })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// All rings found, of this epoch and older ones, ascending by epoch and number.
    ///
    /// # Errors
    /// `Damaged` or `Io` for a ring whose control page cannot be read; `Foreign` for one that was copied under another
    /// name.
    pub fn rings(&self) -> Result<Vec<RingId>, JournalError> {
        let journal = self.inner.path.join(JOURNAL_FOLDER);
        let mut rings = Vec::new();
        for entry in fs::read_dir(&journal).map_err(JournalError::io("list", &journal))? {
            let entry = entry.map_err(JournalError::io("list", &journal))?;
            let name = entry.file_name();
            if let Some((epoch, number)) = name.to_str().and_then(RingId::parse_folder_name) {
                rings.push(ring::create::identify(&entry.path(), epoch, number)?);
            }
        }
        rings.sort_unstable();
        Ok(rings)
    }

    /// Opens a ring found by [`DataDir::rings`], or gives the handle of one that is live here.
    ///
    /// # Errors
    /// `RingMissing`; `Foreign` when the folder holds another ring of that epoch and number; `Damaged`; `Io`.
    pub fn open(&self, id: RingId) -> Result<Ring, JournalError> {
        let mut open = self.inner.open.lock().expect("nothing panics while it holds this lock");
        open.retain(|ring| ring.strong_count() > 0);
        let known = open.iter().filter_map(Weak::upgrade).find(|shared| shared.id == id);
        match known {
            Some(shared) => Ok(Ring { shared }),
            None => {
                let ring = Ring::open_leftover(&self.inner, id)?;
                open.push(Arc::downgrade(&ring.shared));
                Ok(ring)
            }
        }
    }

    /// The node's own control page, made when it is not there: for what belongs to the node and not to one ring.
    /// The folder has one handle on it; its durability is that of the first call.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn control(&self, durability: Durability) -> Result<Arc<Control>, JournalError> {
        let mut known = self.inner.control.lock().expect("nothing panics while it holds this lock");
        if let Some(control) = &*known {
            return Ok(Arc::clone(control));
        }
        let path = self.inner.path.join(CONTROL_FILE);
        if !path.exists() {
            let unfinished = self.inner.path.join("control.new");
            Control::create(&unfinished, NODE_LABEL, durability)?;
            fs::rename(&unfinished, &path).map_err(JournalError::io("create", &path))?;
            segment::sync_folder(self.path()).map_err(JournalError::io("sync", self.path()))?;
        }
        let (control, _) = Control::open(&path, |label| (label == NODE_LABEL).then_some(durability))?;
        let control = Arc::new(control);
        *known = Some(Arc::clone(&control));
        Ok(control)
    }
}

impl Inner {
    pub(crate) fn journal_folder(&self) -> PathBuf {
        self.path.join(JOURNAL_FOLDER)
    }

    pub(crate) fn ring_folder(&self, id: &RingId) -> PathBuf {
        self.journal_folder().join(id.folder_name())
    }
}

/// Creates a folder, and those above it, for its owner's eyes only; one that is already there keeps its mode.
pub(crate) fn create_private_folder(path: &Path) -> Result<(), JournalError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(JournalError::io("create folder", path))
}

fn take_lock(folder: &Path) -> Result<File, JournalError> {
    let path = folder.join(LOCK_FILE);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let mut lock = options.open(&path).map_err(JournalError::io("open", &path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(JournalError::InUse { folder: folder.to_owned(), process: read_holder(&mut lock) });
        }
        Err(TryLockError::Error(error)) => return Err(JournalError::io("lock", &path)(error)),
    }
    write_holder(&mut lock).map_err(JournalError::io("write", &path))?;
    Ok(lock)
}

/// The holder's process number is a courtesy for the error message: it decides nothing.
fn write_holder(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    write!(lock, "{}", std::process::id())
}

fn read_holder(lock: &mut File) -> Option<u32> {
    let mut text = String::new();
    lock.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// A ring appears and disappears by a rename; what carries one of these endings never counted, or counts no more.
fn clear_leftovers(journal: &Path) -> Result<(), JournalError> {
    for entry in fs::read_dir(journal).map_err(JournalError::io("list", journal))? {
        let path = entry.map_err(JournalError::io("list", journal))?.path();
        let leftover = path.extension().is_some_and(|ending| ending == ring::UNFINISHED || ending == ring::REMOVED);
        if leftover {
            fs::remove_dir_all(&path).map_err(JournalError::io("clear away", &path))?;
        }
    }
    Ok(())
}
