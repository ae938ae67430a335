//! Remembers what something was made from (packages from a list, the dashboard from its sources), so that the next run
//! need not make it again.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A copy of that, laid into the result once it is proven to work. It vanishes with the result.
pub struct Stamp {
    wanted: String,
    place: PathBuf,
}

impl Stamp {
    pub fn new(list: &Path, place: PathBuf) -> Result<Self> {
        let wanted = std::fs::read_to_string(list).with_context(|| list.display().to_string())?;
        Ok(Self::of(wanted, place))
    }

    /// From what is in no single file.
    pub fn of(wanted: String, place: PathBuf) -> Self {
        Self { wanted, place }
    }

    pub fn is_current(&self) -> bool {
        std::fs::read_to_string(&self.place).is_ok_and(|installed| installed == self.wanted)
    }

    pub fn set(&self) -> Result<()> {
        std::fs::write(&self.place, &self.wanted).with_context(|| self.place.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_list_or_a_missing_installation_is_not_current() {
        let folder = std::env::temp_dir().join(format!("keyward-xtask-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (list, place) = (folder.join("list"), folder.join("stamp"));
        std::fs::write(&list, "a==1").unwrap();
        let stamp = Stamp::new(&list, place.clone()).unwrap();
        assert!(!stamp.is_current(), "nothing is installed yet");
        stamp.set().unwrap();
        assert!(stamp.is_current());
        std::fs::write(&list, "a==2").unwrap();
        assert!(!Stamp::new(&list, place).unwrap().is_current(), "the list changed");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
