//! What an append costs: `cargo run --release -p journal --example append_cost [folder]`.
//!
//! Prints nanoseconds of CPU per append of 128 bytes, and per admission: four shared counters, an intent of 256 bytes
//! with its reservation. A second thread frees what was written, so that segments turn over as in service.

#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use journal::{AppendError, DataDir, Full, JournalError, RingId, Settings, Writer};

const APPENDS: u32 = 1_000_000;
const ROUNDS: u16 = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| scratch.path().as_os_str().to_owned());
    let dir = DataDir::lock(folder)?;
    let payload = [7; 256];
    let counters: [AtomicI64; 4] = std::array::from_fn(|_| AtomicI64::new(i64::MAX));

    let plain = median(&dir, 0, |writer| writer.append(&payload[..128]).map(drop))?;
    println!("append of 128 bytes: {plain}");
    let admission = median(&dir, ROUNDS, |writer| {
        for counter in &counters {
            counter.fetch_sub(1, Ordering::AcqRel);
        }
        let (_, reservation) = writer.append_reserving(&payload, 192)?;
        writer.release(reservation);
        Ok(())
    })?;
    println!("4 counters, append of 256 bytes with a reservation: {admission}");
    Ok(())
}

/// Median and extremes over the rounds, each on a ring of its own.
fn median(
    dir: &DataDir,
    first_ring: u16,
    mut append: impl FnMut(&mut Writer) -> Result<(), AppendError>,
) -> Result<String, JournalError> {
    let mut costs = Vec::new();
    let mut waits = 0;
    for ring in first_ring..first_ring + ROUNDS {
        let (cost, waited) = one_round(dir, ring, &mut append)?;
        costs.push(cost);
        waits += waited;
    }
    costs.sort_by(f64::total_cmp);
    let (least, middle, most) = (costs[0], costs[costs.len() / 2], costs[costs.len() - 1]);
    Ok(format!("median {middle:.1} ns ({least:.1} to {most:.1}); {waits} waits for a segment, not counted"))
}

/// Nanoseconds of this thread's CPU per append, and how often the preparer was behind.
fn one_round(
    dir: &DataDir,
    ring: u16,
    append: &mut impl FnMut(&mut Writer) -> Result<(), AppendError>,
) -> Result<(f64, u32), JournalError> {
    let mut writer = Writer::create(dir, RingId { epoch: 1, ring, uuid: [1; 16] }, &Settings::default())?;
    let handle = writer.ring().clone();
    thread::sleep(Duration::from_millis(100));
    let done = AtomicBool::new(false);
    let (mut waited, mut waits) = (0, 0);
    let took = thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(5));
                handle.free_through(u64::MAX).map_err(|error| eprintln!("{error}")).ok();
            }
        });
        let start = thread_cpu_nanoseconds();
        for _ in 0..APPENDS {
            while let Err(refused) = append(&mut writer) {
                assert!(matches!(refused, AppendError::Full(Full::Preparing | Full::Capacity)), "{refused}");
                let since = thread_cpu_nanoseconds();
                thread::sleep(Duration::from_millis(1));
                waited += thread_cpu_nanoseconds() - since;
                waits += 1;
            }
        }
        let took = thread_cpu_nanoseconds() - start - waited;
        done.store(true, Ordering::Relaxed);
        took
    });
    drop(writer);
    handle.remove()?;
    Ok((took as f64 / f64::from(APPENDS), waits))
}

/// Time this thread has run: other load on the machine slows it through caches only.
fn thread_cpu_nanoseconds() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the struct is valid for the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
