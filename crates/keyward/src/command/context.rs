//! What every command on the store has at hand: the store, the clock, the file's declarations, and where to print.

use std::io::Write;

use domain::time::{Clock, Timestamp};
use serde::Serialize;
use store::Store;

use super::failure::Failure;
use crate::{
    config::Config,
    output::{self, Align, Shape},
};

/// The surroundings of a command.
pub struct Context<'a> {
    /// What the configuration file declares.
    pub config: &'a Config,
    /// The store that it names.
    pub store: Store,
    /// For whom to print.
    pub shape: Shape,
    /// Where to print.
    pub out: &'a mut dyn Write,
    clock: Clock,
}

impl<'a> Context<'a> {
    /// Opens the store that the file names.
    pub async fn open(
        config: &'a Config,
        clock: Clock,
        shape: Shape,
        out: &'a mut dyn Write,
    ) -> Result<Context<'a>, Failure> {
        let location = config.database.location(&config.data)?;
        let store = Store::open(&location).await?;
        Ok(Context { config, store, shape, out, clock })
    }

    /// The moment at which something is done.
    pub fn now(&self) -> Timestamp {
        (self.clock.wall)()
    }

    /// Prints one thing.
    pub fn show(&mut self, item: &impl Serialize, lines: &[(&str, String)]) -> Result<(), Failure> {
        Ok(output::one(self.out, self.shape, item, lines)?)
    }

    /// Prints a list.
    pub fn list<T: Serialize>(
        &mut self,
        items: &[T],
        columns: &[(&'static str, Align)],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), Failure> {
        Ok(output::list(self.out, self.shape, items, columns, row)?)
    }

    /// Flushes what was printed and closes the store.
    pub async fn close(self) -> Result<(), Failure> {
        self.out.flush()?;
        Ok(self.store.close().await?)
    }
}
