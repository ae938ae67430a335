//! Which threads of the real binary give way to those that answer calls: what stores the log, and nothing that a revocation waits for.

use std::{collections::BTreeMap, fs};

use crate::world::{World, WorldOptions, wait};

#[test]
fn what_stores_the_log_gives_way_and_nothing_else() {
    let mut world = World::start(WorldOptions::default());
    let behind = ["ships-log", "writes-log"];
    // A thread has its name before it steps back.
    wait("both have stepped back", || behind.iter().all(|name| threads(world.pid()).get(*name) == Some(&19)));
    let others: Vec<_> =
        threads(world.pid()).into_iter().filter(|(name, _)| !behind.contains(&name.as_str())).collect();
    for name in ["gateway-0", "writes-keyward"] {
        assert!(others.iter().any(|(other, _)| other == name), "{name} in {others:?}");
    }
    assert!(others.iter().all(|(_, nice)| *nice == 0), "{others:?}");
    world.end();
}

/// The process's threads: how far each steps back, which is Linux's nice value, the nineteenth field of its state.
fn threads(process: u32) -> BTreeMap<String, i32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("the process runs");
    let states = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
    states
        .map(|state| {
            let (head, rest) = state.rsplit_once(") ").expect("the name is in brackets");
            let name = head.split_once('(').expect("the name is in brackets").1.to_owned();
            (name, rest.split(' ').nth(16).expect("a nice value").parse().expect("a number"))
        })
        .collect()
}
