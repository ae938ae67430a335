//! How a ring comes to be, and how one that is there is recognised.

use std::fs;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use super::live::Live;
use super::{Ring, Shared, UNFINISHED};
use crate::data_dir::{self, Inner};
use crate::segment::{self, Segment};
use crate::{Control, Durability, JournalError, RingId, Settings};

const CONTROL_FILE: &str = "control";
const LABEL_BYTES: usize = RingId::ENCODED_BYTES + 1;

/// What a new ring hands to its writer.
pub(crate) struct WriterEnd {
    pub(crate) ring: Ring,
    pub(crate) live: Arc<Live>,
    /// Begun at sequence number 1.
    pub(crate) first: Arc<Segment>,
    /// Where the preparer delivers the segments after it.
    pub(crate) ready: Receiver<Arc<Segment>>,
}

impl Ring {
    /// Makes a ring with its first segment, and has the preparer make the next ones.
    pub(crate) fn create(dir: &Arc<Inner>, id: RingId, settings: Settings) -> Result<WriterEnd, JournalError> {
        settings.validate()?;
        let mut open = dir.open.lock().expect("nothing panics while it holds this lock");
        let folder = dir.ring_folder(&id);
        if folder.exists() {
            return Err(JournalError::RingExists { id });
        }
        let (control, first) = build(&folder, id, settings)?;
        let (live, ready) = Live::new(id, folder.clone(), settings, Arc::clone(&first), dir.preparer.thread());
        let live = Arc::new(live);
        dir.preparer.register(&live);
        let ring = Ring::from_parts(dir, id, control, Some(Arc::clone(&live)));
        open.push(Arc::downgrade(&ring.shared));
        Ok(WriterEnd { ring, live, first, ready })
    }

    /// Opens a ring that no writer of this process holds.
    pub(crate) fn open_leftover(dir: &Arc<Inner>, id: RingId) -> Result<Ring, JournalError> {
        let folder = dir.ring_folder(&id);
        if !folder.exists() {
            return Err(JournalError::RingMissing { id });
        }
        let (control, found) = open_control(&folder)?;
        if found != id {
            return Err(JournalError::Foreign { path: folder, expected: id, found });
        }
        Ok(Ring::from_parts(dir, id, control, None))
    }

    fn from_parts(dir: &Arc<Inner>, id: RingId, control: Control, live: Option<Arc<Live>>) -> Ring {
        let folder = dir.ring_folder(&id);
        Ring { shared: Arc::new(Shared { id, folder, live, control, freeing: Mutex::default(), dir: Arc::clone(dir) }) }
    }
}

/// Reads whose ring a folder holds; its name must agree.
pub(crate) fn identify(folder: &Path, epoch: u32, ring: u16) -> Result<RingId, JournalError> {
    let (_, found) = open_control(folder)?;
    if (found.epoch, found.ring) == (epoch, ring) {
        Ok(found)
    } else {
        let expected = RingId { epoch, ring, uuid: found.uuid };
        Err(JournalError::Foreign { path: folder.to_owned(), expected, found })
    }
}

/// Builds the folder under another name; the rename makes it a ring.
fn build(folder: &Path, id: RingId, settings: Settings) -> Result<(Control, Arc<Segment>), JournalError> {
    let Settings { segment_bytes, durability, .. } = settings;
    let unfinished = folder.with_extension(UNFINISHED);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(JournalError::io("clear away", &unfinished))?;
    }
    data_dir::create_private_folder(&unfinished)?;
    Control::create(&unfinished.join(CONTROL_FILE), &encode_label(&id, durability), durability)?;
    let first = Segment::prepare(&unfinished, &id, 1, segment_bytes, durability)
        .map_err(JournalError::io("allocate the first segment in", &unfinished))?;
    first.start(1, &id.seeded());
    fs::rename(&unfinished, folder).map_err(JournalError::io("create ring", folder))?;
    // Like the page itself, its name is made to survive power loss whatever the durability: it is done once per start.
    for changed in [folder, folder.parent().unwrap_or(folder)] {
        segment::sync_folder(changed).map_err(JournalError::io("sync", changed))?;
    }
    // Opened again, so that the page names its final path in errors.
    Ok((open_control(folder)?.0, Arc::new(first)))
}

fn open_control(folder: &Path) -> Result<(Control, RingId), JournalError> {
    let path = folder.join(CONTROL_FILE);
    let (control, label) = Control::open(&path, |label| decode_label(label).map(|(_, durability)| durability))?;
    let (id, _) = decode_label(&label).ok_or(JournalError::Damaged { path, what: "control page label" })?;
    Ok((control, id))
}

fn encode_label(id: &RingId, durability: Durability) -> [u8; LABEL_BYTES] {
    let mut label = [0; LABEL_BYTES];
    label[..RingId::ENCODED_BYTES].copy_from_slice(&id.encode());
    label[RingId::ENCODED_BYTES] = u8::from(durability == Durability::Host);
    label
}

fn decode_label(label: &[u8]) -> Option<(RingId, Durability)> {
    let (id, rest) = label.split_first_chunk()?;
    let durability = match rest {
        [0] => Durability::Process,
        [1] => Durability::Host,
        _ => return None,
    };
    Some((RingId::decode(id), durability))
}
