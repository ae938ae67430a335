//! Of the threads that write SQLite's files, the log's gives way to those that answer calls, and the other to nobody.

use std::{fs, thread, time::Duration};

use store::{Location, Store};

#[test]
fn the_thread_that_stores_the_log_gives_way_and_no_other() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let location = Location::Sqlite { folder: folder.path().to_owned() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let store = runtime.block_on(Store::open(&location)).expect("the store opens");
    // The stores of other tests in this process have threads of the same names, which may have begun a moment ago.
    let is_as_told = || {
        let (log, keyward) = (steps_back("writes-log"), steps_back("writes-keyward"));
        !log.is_empty()
            && log.iter().all(|&nice| nice == 19)
            && !keyward.is_empty()
            && keyward.iter().all(|&nice| nice == 0)
    };
    let holds = (0..100).any(|_| {
        is_as_told() || {
            thread::sleep(Duration::from_millis(100));
            false
        }
    });
    assert!(holds, "log {:?}, keyward {:?}", steps_back("writes-log"), steps_back("writes-keyward"));
    runtime.block_on(store.close()).expect("the store closes");
}

/// How far each of this process's threads of that name steps back: Linux's nice value, the nineteenth field of its state.
fn steps_back(name: &str) -> Vec<i32> {
    let threads = fs::read_dir("/proc/self/task").expect("Linux tells of its threads");
    let states = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("stat")).ok());
    states
        .filter_map(|state| {
            let (head, rest) = state.rsplit_once(") ")?;
            // The name ends the head; sixteen fields of the rest come before the nice value.
            head.ends_with(&format!("({name}")).then(|| rest.split(' ').nth(16)?.parse().ok()).flatten()
        })
        .collect()
}
