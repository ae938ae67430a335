//! Nodes and their lives. A data folder is a node; each start opens an epoch, which fences off the one before.

use domain::{
    lease::{Fence, NodeId},
    time::Timestamp,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{Refusal, Source, Store, StoreError, sql};

/// What the ledger knows of a data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNode {
    /// The node, and its newest epoch.
    pub newest: Fence,
    /// Whether that epoch is settled: what it spent is known, what it held is back.
    pub settled: bool,
}

/// How far a journal of a node has been shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// The journal.
    pub ring: u16,
    /// The last record that arrived.
    pub hi: u64,
}

/// The node that has this data folder, by the folder's own 128-bit mark; none: it never opened an epoch here.
pub async fn find_node(from: &impl Source, folder: u128) -> Result<Option<KnownNode>, StoreError> {
    find_where(&from.executor(), "folder = $1", Uuid::from_u128(folder).into(), "").await
}

/// Begins the next life of the node that has this data folder; the first makes the node.
///
/// Errors: `Refused(Unsettled)` while the life before holds leases.
pub async fn open_epoch(store: &Store, folder: u128, now: Timestamp) -> Result<Fence, StoreError> {
    let tx = store.begin().await?;
    let db = tx.inner();
    let folder = Uuid::from_u128(folder);
    let fence = match find_where(db, "folder = $1", folder.into(), sql::for_update(db)).await? {
        Some(known) if !known.settled => return Err(Refusal::Unsettled(known.newest).into()),
        Some(known) => {
            let next = Fence { epoch: known.newest.epoch + 1, ..known.newest };
            let text = "UPDATE node SET epoch = $1, settled = FALSE, opened_at = $2 WHERE node = $3";
            sql::execute(db, text, vec![i64::from(next.epoch).into(), now.micros().into(), next.node.0.into()]).await?;
            next
        }
        None => {
            let highest = sql::row(db, "SELECT coalesce(max(node), 0) FROM node", vec![]).await?;
            let node = highest.ok_or(StoreError::Corrupt { what: "node" })?.get::<i64>(0)? + 1;
            let text = "INSERT INTO node (node, folder, epoch, settled, opened_at) VALUES ($1, $2, 1, FALSE, $3)";
            sql::execute(db, text, vec![node.into(), folder.into(), now.micros().into()]).await?;
            Fence { node: NodeId(node), epoch: 1 }
        }
    };
    tx.commit().await?;
    Ok(fence)
}

/// How far the journals of a node's life have been shipped. A data folder whose journals end before that is an old
/// copy: it must not be settled.
pub async fn watermarks(from: &impl Source, fence: Fence) -> Result<Vec<Watermark>, StoreError> {
    let text = "SELECT ring, hi FROM ring WHERE node = $1 AND epoch = $2 ORDER BY ring";
    let rows = sql::rows(&from.executor(), text, vec![fence.node.0.into(), i64::from(fence.epoch).into()]).await?;
    let read = |row: &sql::Columns| Ok(Watermark { ring: row.small(0, "ring.ring")?, hi: row.count(1, "ring.hi")? });
    rows.iter().map(read).collect()
}

/// What the ledger knows of a node. `lock` keeps it so until the transaction ends.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    node: NodeId,
    lock: &'static str,
) -> Result<Option<KnownNode>, StoreError> {
    find_where(db, "node = $1", node.0.into(), lock).await
}

/// Whether this life of the node is the one that may speak. Held until the transaction ends: settling waits.
pub(crate) async fn is_live(db: &impl ConnectionTrait, fence: Fence) -> Result<bool, StoreError> {
    let known = find(db, fence.node, sql::for_share(db)).await?;
    Ok(known.is_some_and(|known| known.newest == fence && !known.settled))
}

async fn find_where(
    db: &impl ConnectionTrait,
    condition: &str,
    value: sea_orm::Value,
    lock: &'static str,
) -> Result<Option<KnownNode>, StoreError> {
    let text = format!("SELECT node, epoch, settled FROM node WHERE {condition}{lock}");
    let Some(row) = sql::row(db, &text, vec![value]).await? else { return Ok(None) };
    let newest = Fence { node: NodeId(row.get(0)?), epoch: row.small(1, "node.epoch")? };
    Ok(Some(KnownNode { newest, settled: row.get(2)? }))
}
