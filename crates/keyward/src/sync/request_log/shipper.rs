//! Ships one journal: reads what its gateway thread wrote, joins it, and has the store take it, batch by batch.
//!
//! The cut is written into the journal's control page before the batch is sent: after a crash the same cut is sent again,
//! and the store, which remembers each cut, takes it once.

use std::sync::Arc;

use domain::time::Timestamp;
use journal::{Reader, Ring};
use store::Store;

use super::{ShipError, join::Joiner, page::Page, read::said};

/// One journal on its way to the store.
pub struct Shipper {
    ring: Ring,
    reader: Reader,
    joiner: Joiner,
    node: i64,
    /// A cut that was being sent when the process died.
    unfinished: Option<super::join::Cut>,
}

impl Shipper {
    /// Opens the journal of `node` where the store left off.
    ///
    /// Errors: a journal or control page that cannot be read.
    pub fn open(ring: Ring, node: i64) -> Result<Shipper, ShipError> {
        let page = Page::from_bytes(&ring.control().load())?;
        let mut reader = ring.reader()?;
        reader.seek(page.progress.through + 1)?;
        let joiner = Joiner::new(node, ring.id().epoch, ring.id().ring, page.progress);
        Ok(Shipper { ring, reader, joiner, node, unfinished: page.cut })
    }

    /// Ships a batch of what can be shipped now; returns whether there may be more to ship at once. `all` when the journal has ended.
    ///
    /// Errors: as [`ShipError`]; nothing is lost, call again.
    pub async fn step(&mut self, store: &Store, now: Timestamp, all: bool) -> Result<bool, ShipError> {
        if let Some(cut) = self.unfinished {
            self.read_while(|joiner| joiner.next() <= cut.seen)?;
            self.send(store, cut).await?;
            self.unfinished = None;
            return Ok(true);
        }
        self.read_while(Joiner::has_room)?;
        match self.joiner.cut(now, all) {
            None => Ok(false),
            Some(cut) => {
                self.ring.control().store(&Page { progress: self.joiner.progress(), cut: Some(cut) }.to_bytes())?;
                self.unfinished = Some(cut);
                self.send(store, cut).await?;
                self.unfinished = None;
                Ok(all || cut.is_full())
            }
        }
    }

    /// Ships everything; for a journal that has ended.
    ///
    /// Errors: as [`Shipper::step`].
    pub async fn finish(&mut self, store: &Store, now: Timestamp) -> Result<(), ShipError> {
        while self.step(store, now, true).await? {}
        Ok(())
    }

    fn read_while(&mut self, more: impl Fn(&Joiner) -> bool) -> Result<(), ShipError> {
        let (epoch, ring) = (self.ring.id().epoch, self.ring.id().ring);
        while more(&self.joiner) {
            let Some(record) = self.reader.next_record()? else { break };
            let place = domain::request_log::Place { node: self.node, epoch, ring, seq: record.seq };
            debug_assert_eq!(record.seq, self.joiner.next(), "the journal is gapless");
            self.joiner.feed(said(place, record.payload)?);
        }
        Ok(())
    }

    async fn send(&mut self, store: &Store, cut: super::join::Cut) -> Result<(), ShipError> {
        store::request_log::ship_giving_way(store, Arc::new(self.joiner.batch(&cut))).await?;
        self.joiner.stored(&cut);
        self.ring.control().store(&Page { progress: self.joiner.progress(), cut: None }.to_bytes())?;
        self.ring.free_through(self.joiner.progress().through)?;
        Ok(())
    }
}
