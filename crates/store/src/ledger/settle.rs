//! Settling: the life of a node is over and all its journals are shipped. What it did not spend goes back.

use domain::lease::{self, Fence};
use sea_orm::DatabaseTransaction;

use super::{book, node};
use crate::{Refusal, Store, StoreError, fail_point, sql};

/// Settles every lease of one life of a node, in one transaction. Done before, it does nothing.
///
/// The caller has shipped all journals of that life, and has checked with [`super::watermarks`] that they are not
/// older than what had arrived: `spent` is taken as the whole truth.
///
/// Errors: `NotFound` when the node or that life of it is not known.
pub async fn settle(store: &Store, fence: Fence) -> Result<(), StoreError> {
    let tx = store.begin_ledger().await?;
    if is_over(&tx, fence).await? {
        return Ok(());
    }
    let text = "SELECT quota, starts_at FROM lease WHERE node = $1 AND epoch = $2 AND NOT closed";
    let open = sql::rows(&tx, text, vec![fence.node.0.into(), i64::from(fence.epoch).into()]).await?;
    let open = open.iter().map(book::counter_id).collect::<Result<_, _>>()?;
    let mut book = book::load(&tx, fence, &open).await?;
    if book.len() != open.len() {
        return Err(StoreError::Corrupt { what: "a lease without its counter" });
    }
    for page in book.values_mut() {
        (page.counter, page.lease) = lease::settle(page.counter, page.lease);
        page.written = true;
    }
    book::write(&tx, fence, &book).await?;
    let changed =
        sql::execute(&tx, "UPDATE node SET settled = TRUE WHERE node = $1", vec![fence.node.0.into()]).await?;
    if changed != 1 {
        return Err(Refusal::Fenced(fence).into());
    }
    fail_point::pass("settle:before_commit");
    tx.commit().await?;
    fail_point::pass("settle:after_commit");
    Ok(())
}

/// Writes every lease of one life of a node off, in one transaction: what it spent is not known, so nothing comes back.
/// For a data folder that is an older copy of itself. Done before, it does nothing.
///
/// Errors: `NotFound` when the node or that life of it is not known.
pub async fn write_off(store: &Store, fence: Fence) -> Result<(), StoreError> {
    let tx = store.begin_ledger().await?;
    if is_over(&tx, fence).await? {
        return Ok(());
    }
    let values = vec![fence.node.0.into(), i64::from(fence.epoch).into()];
    sql::execute(&tx, "UPDATE lease SET closed = TRUE WHERE node = $1 AND epoch = $2", values).await?;
    sql::execute(&tx, "UPDATE node SET settled = TRUE WHERE node = $1", vec![fence.node.0.into()]).await?;
    Ok(tx.commit().await?)
}

/// Whether this life of the node is settled already. Held until the transaction ends.
async fn is_over(tx: &DatabaseTransaction, fence: Fence) -> Result<bool, StoreError> {
    match node::find(tx, fence.node, sql::for_update(tx)).await? {
        Some(known) if known.newest.epoch > fence.epoch => Ok(true),
        Some(known) if known.newest == fence => Ok(known.settled),
        _ => Err(StoreError::NotFound { what: "such node or epoch" }),
    }
}
