//! What holds on SQLite holds on PostgreSQL: this program runs itself once more, with the other store. In the full tier that is every
//! test; in the small one those that tell most: who may do what, every change, nobody escalates, two at once, and lists.

use std::{env, process::Command, time::Duration};

use crate::world;

/// What runs in the small tier: tests whose names begin so.
const TELLING: [&str; 6] = ["audit::", "idempotency::", "member::", "mutation::", "permissions::", "role::"];
/// How long it may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(1_800);

#[test]
fn what_holds_on_sqlite_holds_on_postgresql() {
    // This is that run.
    if world::is_postgres() {
        return;
    }
    let is_small = env::var("KEYWARD_TIER").map_or(true, |tier| tier == "small");
    let telling: &[&str] = if is_small { &TELLING } else { &[] };
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.env(world::VARIABLE, "postgres").args(telling);
    let ended = testbed::process::run(command, LIMIT).expect("it ends in time");
    assert!(ended.success, "on PostgreSQL: {}{}", ended.output, ended.errors);
    for tests in telling {
        assert!(ended.output.contains(&format!("\ntest {tests}")), "none of {tests} ran: {}", ended.output);
    }
}
