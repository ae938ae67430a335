//! Fail points: in a test build the process can be made to die at a named place, as if by kill -9.
//!
//! `KEYWARD_FAIL_POINT=ship:after_log` dies at the first pass of that place, `ship:after_log@3` at the third.
//! In a release build there is nothing here.

/// Passes a named place.
#[cfg(not(debug_assertions))]
pub(crate) const fn pass(_place: &str) {}

/// Passes a named place; dies there if the environment says so.
#[cfg(debug_assertions)]
pub(crate) fn pass(place: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };

    static CHOSEN: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let chosen = std::env::var("KEYWARD_FAIL_POINT").ok()?;
        match chosen.rsplit_once('@') {
            Some((place, pass)) => Some((place.to_owned(), pass.parse().ok()?)),
            None => Some((chosen, 1)),
        }
    });
    static PASSES: AtomicU64 = AtomicU64::new(0);

    if let Some((chosen, at)) = &*CHOSEN
        && chosen == place
        && PASSES.fetch_add(1, Ordering::SeqCst) + 1 == *at
    {
        std::process::abort();
    }
}
