//! Cuts: which records of which journal have arrived. A cut is taken once, and only where the last one ended.

use domain::{
    lease::{Fence, NodeId},
    request_log::Batch,
};
use sea_orm::{ConnectionTrait, Value};

use crate::{Refusal, StoreError, sql};

/// The life of the node that wrote the batch.
pub(crate) fn fence(batch: &Batch) -> Fence {
    Fence { node: NodeId(batch.node), epoch: batch.epoch }
}

/// Records the cut in this database. False: it arrived before, and nothing of it must be written again.
///
/// Errors: `Refused(NotNext)` when it neither follows the last cut of its ring nor repeats one exactly.
pub(crate) async fn record(db: &impl ConnectionTrait, batch: &Batch) -> Result<bool, StoreError> {
    let (lo, hi, ring) = (batch.lo, batch.hi, ring(batch));
    let text = format!("SELECT hi FROM ring WHERE node = $1 AND epoch = $2 AND ring = $3{}", sql::for_update(db));
    let watermark = sql::row(db, &text, ring.to_vec()).await?.map(|row| row.count(0, "ring.hi")).transpose()?;
    let refused = |expected| Err(Refusal::NotNext { node: batch.node, ring: batch.ring, lo, expected }.into());
    match watermark {
        Some(last) if lo > last + 1 => return refused(last + 1),
        Some(last) if lo <= last => {
            let text = "SELECT hi FROM shipped WHERE node = $1 AND epoch = $2 AND ring = $3 AND lo = $4";
            let values = ring.into_iter().chain([sql::int(lo).into()]).collect();
            let same = sql::row(db, text, values).await?.map(|row| row.count(0, "shipped.hi")).transpose()?;
            return if same == Some(hi) { Ok(false) } else { refused(last + 1) };
        }
        _ => {}
    }
    let text = "INSERT INTO ring (node, epoch, ring, hi) VALUES ($1, $2, $3, $4)
        ON CONFLICT (node, epoch, ring) DO UPDATE SET hi = excluded.hi";
    sql::execute(db, text, ring.clone().into_iter().chain([sql::int(hi).into()]).collect()).await?;
    let text = "INSERT INTO shipped (node, epoch, ring, lo, hi, \"rows\") VALUES ($1, $2, $3, $4, $5, $6)";
    let cut: [Value; 3] = [sql::int(lo).into(), sql::int(hi).into(), sql::int(batch.rows.len() as u64).into()];
    sql::execute(db, text, ring.into_iter().chain(cut).collect()).await?;
    Ok(true)
}

/// Whether the batch holds only what is its own.
pub(crate) fn check(batch: &Batch) -> Result<(), Refusal> {
    let of_ring = |place: &domain::request_log::Place| {
        (place.node, place.epoch, place.ring) == (batch.node, batch.epoch, batch.ring)
    };
    let inside = |place: &domain::request_log::Place| of_ring(place) && (batch.lo..=batch.hi).contains(&place.seq);
    let whole = batch.lo <= batch.hi
        && i64::try_from(batch.hi).is_ok()
        && batch.rows.iter().all(|row| inside(&row.place))
        && batch.closes.iter().all(|close| of_ring(&close.place) && close.place.seq <= batch.hi);
    if whole { Ok(()) } else { Err(Refusal::NotOfTheCut { node: batch.node, ring: batch.ring }) }
}

fn ring(batch: &Batch) -> [Value; 3] {
    [batch.node.into(), i64::from(batch.epoch).into(), i64::from(batch.ring).into()]
}
