//! Giving way: what stores the log steps back behind what answers calls (`docs/decisions/0022-storing-the-log-gives-way.md`).

/// How far: as far as it goes.
#[cfg(target_os = "linux")]
const STEPS_BACK: i32 = 19;

/// Has the calling thread give way to all others of this process that want the same core, for as long as it lives.
pub fn give_way() {
    // Elsewhere it would be the whole process. Where it is refused all take turns, which is slower for calls, and right.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(STEPS_BACK);
}
