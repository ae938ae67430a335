//! What an earlier life of this node left: its journals are shipped to the end, then its leases are settled, so that no
//! unit is lost and none is spent twice. Each step can be repeated: a crash in between leaves the rest for the next start.

use domain::{lease::Fence, time::Timestamp};
use journal::{DataDir, Durability, JournalError, RingId, Tail};
use store::{Store, StoreError, ledger};

use super::request_log::{ShipError, Shipper};

/// Why the node cannot begin a new life.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// The store failed.
    #[error("the ledger cannot be settled: {0}")]
    Store(#[from] StoreError),
    /// A journal could not be shipped.
    #[error("{0}")]
    Ship(#[from] ShipError),
    /// The data folder failed.
    #[error("the data folder cannot be used: {0}")]
    Journal(#[from] JournalError),
    /// The journals belong to a node that the store has never seen.
    #[error(
        "the data folder {folder} holds journals of another store; point `database` at that store, or use an empty folder"
    )]
    AnotherStore {
        /// The folder.
        folder: String,
    },
}

/// Settles what is left and begins a new life of the node.
///
/// Errors: as [`RecoverError`]; start again once the cause is gone.
pub async fn begin(
    store: &Store,
    data: &DataDir,
    durability: Durability,
    now: Timestamp,
    new_folder: u128,
) -> Result<Fence, RecoverError> {
    let control = data.control(durability)?;
    let mut identity = Identity::from_bytes(&control.load()).unwrap_or(Identity { folder: new_folder, epoch: 0 });
    let rings = data.rings()?;
    match ledger::find_node(store, identity.folder).await? {
        None if rings.is_empty() => {}
        None => return Err(RecoverError::AnotherStore { folder: data.path().display().to_string() }),
        Some(known) => {
            if !known.settled {
                settle(store, data, &rings, known.newest, identity.epoch, now).await?;
            }
            for ring in rings {
                data.open(ring)?.remove()?;
            }
            identity.epoch = known.newest.epoch;
        }
    }
    // Written before the store is asked: a folder that ends before the store's epoch is then known to be an older copy.
    identity.epoch += 1;
    control.store(&identity.to_bytes())?;
    Ok(ledger::open_epoch(store, identity.folder, now).await?)
}

/// Ends a life in good order or after a crash: every journal to its end, then every lease.
///
/// Errors: as [`RecoverError`].
pub async fn settle(
    store: &Store,
    data: &DataDir,
    rings: &[RingId],
    fence: Fence,
    folder_epoch: u32,
    now: Timestamp,
) -> Result<(), RecoverError> {
    let mut is_whole = folder_epoch >= fence.epoch;
    let watermarks = ledger::watermarks(store, fence).await?;
    for id in rings.iter().filter(|id| id.epoch == fence.epoch) {
        let ring = data.open(*id)?;
        let (Tail::Clean { last_seq } | Tail::Torn { last_seq, .. }) =
            ring.reader().and_then(|mut reader| reader.tail()).map_err(ShipError::Read)?;
        if watermarks.iter().any(|mark| mark.ring == id.ring && mark.hi > last_seq) {
            is_whole = false;
        } else {
            Shipper::open(ring, fence.node.0)?.finish(store, now).await?;
        }
    }
    if is_whole {
        ledger::settle(store, fence).await?;
    } else {
        // What was spent after the copy was made is not known: nothing comes back from these leases.
        tracing::warn!(
            epoch = fence.epoch,
            "the data folder is an older copy; units of its last leases are written off"
        );
        ledger::write_off(store, fence).await?;
    }
    Ok(())
}

/// What a data folder knows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    /// Random when the folder was first used; the store knows the node by it.
    folder: u128,
    /// The newest life that was begun here.
    epoch: u32,
}

impl Identity {
    fn to_bytes(self) -> [u8; 20] {
        let mut bytes = [0; 20];
        bytes[..16].copy_from_slice(&self.folder.to_le_bytes());
        bytes[16..].copy_from_slice(&self.epoch.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Identity> {
        let bytes: &[u8; 20] = bytes.try_into().ok()?;
        let [folder @ .., e0, e1, e2, e3] = *bytes;
        Some(Identity { folder: u128::from_le_bytes(folder), epoch: u32::from_le_bytes([e0, e1, e2, e3]) })
    }
}
