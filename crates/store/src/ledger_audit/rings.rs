//! Journals against the log: every record arrived once, and every row that arrived is there.

use domain::lease::{Fence, NodeId};

use super::{
    Finding, MAX_FINDINGS, Report,
    view::{self, View},
};
use crate::{StoreError, request_log::row::read_place, sql};

/// Checks cuts and the rows in them.
pub(super) async fn check(view: &View, report: &mut Report) -> Result<(), StoreError> {
    check_cuts(view, report).await?;
    check_rows(view, report).await?;
    outside(view, report).await
}

/// The journals that one of SQLite's two files has further than the other.
pub(super) async fn half_shipped(view: &View) -> Result<Vec<Finding>, StoreError> {
    let (log, ledger) = (view::watermarks(view.log()).await?, view::watermarks(view.ledger()).await?);
    let mut findings = Vec::new();
    for key in log.keys().chain(ledger.keys().filter(|key| !log.contains_key(key))) {
        let (log, ledger) = (log.get(key).copied().unwrap_or(-1), ledger.get(key).copied().unwrap_or(-1));
        if log != ledger {
            let (fence, ring) = named(key.0, key.1, key.2);
            findings.push(Finding::HalfShipped { fence, ring, log, ledger });
        }
    }
    Ok(findings)
}

/// Records in the cuts of a journal = last − first + 1, and the last is the watermark. Overlaps would make the sum too
/// large, gaps too small; both at once are found as a cut that does not begin where another ended.
async fn check_cuts(view: &View, report: &mut Report) -> Result<(), StoreError> {
    let text = "SELECT ring.node, ring.epoch, ring.ring, ring.hi, min(cut.lo), max(cut.hi),
            CAST(coalesce(sum(cut.hi - cut.lo + 1), 0) AS bigint), count(cut.lo),
            (SELECT count(*) FROM shipped a JOIN shipped b
               ON b.node = a.node AND b.epoch = a.epoch AND b.ring = a.ring AND b.lo = a.hi + 1
              WHERE a.node = ring.node AND a.epoch = ring.epoch AND a.ring = ring.ring)
        FROM ring LEFT JOIN shipped cut
          ON cut.node = ring.node AND cut.epoch = ring.epoch AND cut.ring = ring.ring
        GROUP BY ring.node, ring.epoch, ring.ring, ring.hi
        ORDER BY ring.node, ring.epoch, ring.ring";
    for db in [view.log(), view.ledger()] {
        let rows = sql::rows(db, text, vec![]).await?;
        report.rings = rows.len() as u64;
        for row in &rows {
            let (hi, first, last) = (row.get::<i64>(3)?, row.get::<Option<i64>>(4)?, row.get::<Option<i64>>(5)?);
            let (records, cuts, joints) = (row.get::<i64>(6)?, row.get::<i64>(7)?, row.get::<i64>(8)?);
            let span = first.map_or(0, |first| hi - first + 1);
            if records != span || last != Some(hi) || joints != cuts - 1 {
                let (fence, ring) = named(row.get(0)?, row.get(1)?, row.get(2)?);
                report.findings.push(Finding::CutsBroken { fence, ring, records, span });
            }
        }
        if std::ptr::eq(view.log(), view.ledger()) {
            break;
        }
    }
    Ok(())
}

/// Each cut has the rows that arrived with it.
async fn check_rows(view: &View, report: &mut Report) -> Result<(), StoreError> {
    let text = "SELECT node, epoch, ring, lo, arrived, found FROM (
            SELECT cut.node, cut.epoch, cut.ring, cut.lo, cut.\"rows\" AS arrived,
                (SELECT count(*) FROM request_log r WHERE r.node = cut.node AND r.epoch = cut.epoch
                    AND r.ring = cut.ring AND r.seq BETWEEN cut.lo AND cut.hi) AS found
            FROM shipped cut) AS counted
        WHERE arrived <> found ORDER BY node, epoch, ring, lo LIMIT $1";
    for row in sql::rows(view.log(), text, vec![(MAX_FINDINGS as i64).into()]).await? {
        let (fence, ring) = named(row.get(0)?, row.get(1)?, row.get(2)?);
        let lo = row.count(3, "shipped.lo")?;
        report.findings.push(Finding::RowsDiffer { fence, ring, lo, arrived: row.get(4)?, found: row.get(5)? });
    }
    let counted = sql::row(view.log(), "SELECT count(*) FROM request_log", vec![]).await?;
    report.rows = counted.map_or(Ok(0), |row| row.count(0, "request_log"))?;
    Ok(())
}

/// Every row is in a cut.
async fn outside(view: &View, report: &mut Report) -> Result<(), StoreError> {
    let text = "SELECT node, epoch, ring, seq FROM request_log r WHERE NOT EXISTS (
            SELECT 1 FROM shipped cut WHERE cut.node = r.node AND cut.epoch = r.epoch AND cut.ring = r.ring
                AND cut.lo <= r.seq AND cut.hi >= r.seq)
        ORDER BY node, epoch, ring, seq LIMIT $1";
    // Rows and cuts counted apart are much quicker than looking for each row; only if they differ is it looked for.
    let inside = "SELECT CAST(coalesce(sum(\"rows\"), 0) AS bigint) FROM shipped";
    let arrived = sql::row(view.log(), inside, vec![]).await?.map_or(Ok(0), |row| row.count(0, "shipped.rows"))?;
    if arrived == report.rows && report.findings.is_empty() {
        return Ok(());
    }
    for row in sql::rows(view.log(), text, vec![(MAX_FINDINGS as i64).into()]).await? {
        report.findings.push(Finding::RowOutsideCuts(read_place(&row, 0)?));
    }
    Ok(())
}

fn named(node: i64, epoch: i64, ring: i64) -> (Fence, u16) {
    (Fence { node: NodeId(node), epoch: epoch as u32 }, ring as u16)
}
