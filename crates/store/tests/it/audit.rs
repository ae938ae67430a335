//! The audit finds each of a list of faults, put in behind the store's back, and nothing where nothing is wrong.

use domain::{
    lease::{Ask, Fence},
    quota::{Metric, Period},
};
use sea_orm::{ConnectionTrait, Database};
use store::{
    Location, Store, ledger,
    ledger_audit::{self, Finding},
    request_log,
};

use crate::{
    backends::{Backend, with_both},
    calls::*,
    world::*,
};

/// Which of SQLite's files a fault goes into; PostgreSQL has one database.
#[derive(Clone, Copy)]
enum File {
    Keyward,
    Log,
}

/// A fault: where, the statement that makes it, and the kinds of finding that must tell.
type Fault = (File, &'static str, &'static str);

const FAULTS: &[Fault] = &[
    (File::Log, "DELETE FROM request_log WHERE seq = 3", "spent differs, rows differ"),
    (File::Log, "DELETE FROM request_log WHERE seq = 8", "rows differ"), // a denial: nothing was charged
    (File::Log, "UPDATE request_log SET requests = 2 WHERE seq = 3", "spent differs"),
    (File::Log, "UPDATE request_log SET refund_requests = 1 WHERE seq = 3", "spent differs"),
    (File::Log, "UPDATE request_log SET seq = 9 WHERE seq = 3", "rows differ"),
    (File::Log, "UPDATE request_log SET seq = 40 WHERE seq = 8", "rows differ, outside"),
    (File::Log, "UPDATE request_log SET ring = 4 WHERE seq = 8", "rows differ, outside"),
    (File::Log, "UPDATE request_log SET charge_set = 1 WHERE seq = 3", "no set, spent differs"),
    (File::Log, "UPDATE request_log SET charge_set = NULL WHERE seq = 3", "spent differs"),
    (File::Log, "DELETE FROM charge_set", "no set, spent differs"),
    (File::Log, "DELETE FROM shipped WHERE lo = 6", "cuts, outside"),
    (File::Log, "UPDATE shipped SET hi = 3 WHERE lo = 1", "cuts, rows differ, outside"),
    (File::Log, "UPDATE shipped SET hi = 7 WHERE lo = 1", "cuts, rows differ"),
    (File::Log, "UPDATE shipped SET \"rows\" = 1 WHERE lo = 11", "rows differ"),
    (File::Log, DOUBLED, "outside, spent differs"),
    (File::Keyward, "UPDATE lease SET spent = spent + 1", "spent differs"),
    (File::Keyward, "UPDATE lease SET granted = granted + 1", "granted differs"),
    (File::Keyward, "UPDATE lease SET returned = returned + 1, closed = TRUE", "granted differs"),
    (File::Keyward, "UPDATE lease SET returned = granted, closed = TRUE", "granted differs, lease overspent"),
    (File::Keyward, "DELETE FROM lease", "granted differs, spent differs"),
    (File::Keyward, "UPDATE counter SET granted = granted - 1", "granted differs"),
    (File::Keyward, "UPDATE counter SET units = 4, peak = 4", "overgranted, overspent"),
    (File::Keyward, "DELETE FROM counter", "no counter"),
];

const DOUBLED: &str = "INSERT INTO request_log SELECT node, epoch, ring, 99, request, time, account, member, \"key\", \"value\", \
     api, network, wire, method, path, policy_version, requests, credits, charge_set, batch, batch_position, count, \
     address, origin, agent, state, denial, outcome, status, rpc_error, refund_requests, refund_credits, latency, \
     upstream_latency, attempts, upstream, bytes_in, bytes_out, via, observed, contracts, overage_requests, \
     overage_credits FROM request_log WHERE seq = 3";

/// A lease of 20 units, and three cuts (1–5, 6–10, 11–12) with six charged calls, one of them refunded, and a denial.
async fn ship_some(store: &Store) -> Fence {
    let world = World::new(store.clone(), &[terms(Metric::Requests, Period::Day, 100)]).await;
    let (node, counter) = (ledger::open_epoch(store, 5, NOW).await.unwrap(), world.counter().await);
    ledger::grant(store, node, NOW, &[Ask { counter, known: 0, want: 20, need: 1 }]).await.unwrap();
    let counted = [requests(counter)];
    let calls = |seqs: &[u64]| seqs.iter().map(|seq| open_row(node, *seq, &counted)).collect::<Vec<_>>();
    let mut second = calls(&[6, 7]);
    second.push(denied_row(node, 8, domain::decision::Denial::Malformed, 5));
    let batches = [
        batch(node, 1, 5, calls(&[1, 2, 3, 4]), vec![]),
        batch(node, 6, 10, second, vec![refunded(node, 1, &counted)]),
        batch(node, 11, 12, vec![], vec![]),
    ];
    for batch in &batches {
        request_log::ship(store, batch).await.unwrap();
    }
    node
}

async fn inject(backend: &Backend, file: File, statement: &str) {
    let url = match (&backend.location, file) {
        (Location::Sqlite { folder }, File::Keyward) => format!("sqlite://{}", folder.join("keyward.db").display()),
        (Location::Sqlite { folder }, File::Log) => format!("sqlite://{}", folder.join("log.db").display()),
        (Location::Postgres { url }, _) => url.clone(),
    };
    let direct = Database::connect(url).await.unwrap();
    direct.execute_unprepared(statement).await.unwrap();
    direct.close().await.unwrap();
}

fn kind(finding: &Finding) -> &'static str {
    match finding {
        Finding::GrantedDiffers { .. } => "granted differs",
        Finding::NoCounter { .. } => "no counter",
        Finding::Overgranted { .. } => "overgranted",
        Finding::Overspent { .. } => "overspent",
        Finding::LeaseOverspent { .. } => "lease overspent",
        Finding::SpentDiffers { .. } => "spent differs",
        Finding::CutsBroken { .. } => "cuts",
        Finding::RowsDiffer { .. } => "rows differ",
        Finding::RowOutsideCuts(_) => "outside",
        Finding::NoChargeSet(_) => "no set",
        Finding::HalfShipped { .. } => "half shipped",
    }
}

#[test]
fn a_healthy_store_has_no_findings_and_is_counted_through() {
    with_both(|backend| async move {
        let store = backend.open().await;
        assert_eq!(ledger_audit::check(&store).await.unwrap(), ledger_audit::Report::default(), "an empty store");
        let node = ship_some(&store).await;
        for _ in 0..2 {
            let report = ledger_audit::check(&store).await.unwrap();
            assert_eq!(report.findings, []);
            assert_eq!((report.counters, report.rings, report.rows, report.lowered), (1, 1, 7, 0));
            ledger::settle(&store, node).await.unwrap();
        }
    });
}

#[test]
fn every_fault_is_found() {
    with_both(|backend| async move {
        for (file, statement, expected) in FAULTS {
            let backend = backend.another();
            let store = backend.open().await;
            ship_some(&store).await;
            inject(&backend, *file, statement).await;
            let findings = ledger_audit::check(&store).await.unwrap().findings;
            let mut found: Vec<&str> = findings.iter().map(kind).collect();
            found.sort_unstable();
            found.dedup();
            let mut wanted: Vec<&str> = expected.split(", ").collect();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{statement}: {findings:?}");
            assert!(findings.iter().all(|finding| !finding.to_string().is_empty()));
            store.close().await.unwrap();
        }
    });
}
