//! `keyward log` and `keyward audit` over rows that a node has shipped.

use std::io::{BufRead, BufReader};

use domain::{
    call::Charge,
    decision::Denial,
    id::RequestId,
    lease::{Answer, Ask, CounterId, Fence},
    quota::{Metric, Period, Scope},
    request_log::{Batch, Counted, Ending, Outcome, Place, Row, RowState, Via, Wire},
    time::Timestamp,
};
use serde_json::{Value, json};
use store::{Location, Store};

use crate::terminal::Terminal;

/// A node with one journal and a lease on the quota of football, and what its rows have in common.
struct Node {
    store: Store,
    fence: Fence,
    counter: CounterId,
    start: Timestamp,
    account: Value,
    key: Value,
    value: Value,
    next: u64,
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().expect("an id is text").parse().expect("an id as it was printed")
}

impl Node {
    async fn start(terminal: &Terminal) -> Node {
        terminal.done(&["account", "create", "Acme", "--owner-name", "Ada", "--owner-email", "ada@example.com"]);
        let made = terminal.done(&["key", "create", "Acme", "--name", "Backend", "--environment", "Production"]);
        assert!(made.contains("kw_"));
        let key = terminal.one(&["key", "show", "Backend"]);
        let account = terminal.one(&["account", "show", "Acme"]);
        let subscriptions = account["subscriptions"].as_array().unwrap();
        let football = subscriptions.iter().find(|subscription| subscription["api"] == "football").unwrap();
        let start: Timestamp = id(&account["created_at"]);
        let counter =
            CounterId { quota: id(&football["quotas"][0]["id"]), window: Period::Day.window(start, start).start };
        let text = std::fs::read_to_string(terminal.folder.path().join("keyward.toml")).unwrap();
        let location = match text.lines().next().and_then(|line| line.strip_prefix("database = ")) {
            Some(url) => Location::parse(url.trim_matches('"')).unwrap(),
            None => Location::Sqlite { folder: terminal.data() },
        };
        let store = Store::open(&location).await.unwrap();
        let fence = store::ledger::open_epoch(&store, 7, start).await.unwrap();
        let ask = Ask { counter, known: 0, want: 100, need: 1 };
        let answers = store::ledger::grant(&store, fence, start, &[ask]).await.unwrap();
        assert!(matches!(answers[0], Answer::Granted { granted: 100, .. }), "{answers:?}");
        let value = key["values"][0].clone();
        Node { store, fence, counter, start, account, key, value, next: 0 }
    }

    fn row(&self, seq: u64, denial: Option<Denial>) -> Row {
        let charge = if denial.is_some() { Charge::NOTHING } else { Charge::priced(1) };
        let counted = Counted { counter: self.counter, metric: Metric::Requests };
        Row {
            place: Place { node: self.fence.node.0, epoch: self.fence.epoch, ring: 0, seq },
            request: RequestId::new(self.start, u128::from(seq)),
            time: self.start.plus(seq as i64 * 1_000_000),
            account: id(&self.account["id"]),
            member: Some(id(&self.value["member"])),
            key: id(&self.key["id"]),
            value: id(&self.value["id"]),
            api: "football".to_owned(),
            network: None,
            wire: Wire::Http,
            via: Via::Direct,
            method: "GET /fixtures".to_owned(),
            path: "/football/fixtures".to_owned(),
            policy_version: 3,
            charge,
            overage: Charge::NOTHING,
            counted: if denial.is_some() { Vec::new() } else { vec![counted] },
            denial,
            batch: None,
            observed: Default::default(),
            contracts: None,
            count: 1,
            address: Some([127, 0, 0, 1].into()),
            origin: None,
            agent: Some("curl/8\u{1b}[2J".to_owned()),
            state: RowState::Closed,
            ending: Some(Ending {
                outcome: if denial.is_some() { Outcome::Denied } else { Outcome::Answered },
                denial: None,
                status: denial.map_or(200, Denial::status),
                rpc_error: None,
                refund: Charge::NOTHING,
                latency: 12_345,
                upstream_latency: 11_000,
                attempts: u8::from(denial.is_none()),
                upstream: denial.is_none().then_some(0),
                bytes_in: 0,
                bytes_out: 512,
            }),
        }
    }

    fn batch(&mut self, denials: &[Option<Denial>]) -> Batch {
        let lo = self.next;
        self.next += denials.len() as u64;
        let rows = denials.iter().zip(lo..).map(|(denial, seq)| self.row(seq, *denial)).collect();
        Batch { node: self.fence.node.0, epoch: self.fence.epoch, ring: 0, lo, hi: self.next - 1, rows, closes: vec![] }
    }
}

#[tokio::test]
async fn rows_are_listed_filtered_and_summed() {
    for terminal in Terminal::on_both() {
        let mut node = Node::start(&terminal).await;
        let batch = node.batch(&[None, None, Some(Denial::RateLimited(Scope::Account)), None]);
        store::request_log::ship(&node.store, &batch).await.unwrap();

        let rows = terminal.json(&["log"]);
        assert_eq!(rows.iter().map(|row| row["place"]["seq"].as_u64().unwrap()).collect::<Vec<_>>(), [3, 2, 1, 0]);
        assert_eq!(
            (&rows[1]["denial"], &rows[1]["rule"], &rows[1]["status"]),
            (&json!("rate_limited"), &json!("account"), &json!(429))
        );
        assert_eq!((&rows[0]["outcome"], &rows[0]["latency"]), (&json!("answered"), &json!(12_345)));
        let count = |arguments: &[&str]| terminal.json(&[&["log"], arguments].concat()).len();
        let start = node.start.plus(2_000_000).to_string();
        let cases: [(&[&str], usize); 10] = [
            (&["--account", "Acme"], 4),
            (&["--key", "Backend", "--limit", "3"], 3),
            (&["--member", "ada@example.com"], 4),
            (&["--api", "football"], 4),
            (&["--api", "eth"], 0),
            (&["--outcome", "denied"], 1),
            (&["--denial", "rate_limited (account)"], 1),
            (&["--denial", "unknown_key"], 0),
            (&["--after", &start], 2),
            (&["--before", &start], 2),
        ];
        for (arguments, rows) in cases {
            assert_eq!(count(arguments), rows, "{arguments:?}");
        }
        let totals = json!({
            "calls": 4, "requests": 3, "credits": 3, "refunded_requests": 0, "refunded_credits": 0
        });
        assert_eq!(terminal.one(&["log", "--totals"]), totals);

        let table = terminal.done(&["log", "--limit", "2"]);
        let lines = table.lines().collect::<Vec<_>>();
        assert!(
            lines.len() == 3 && lines[0].starts_with("TIME ") && lines[0].ends_with("REQUEST OR DENIAL"),
            "{table}"
        );
        assert!(lines[2].contains("Backend") && lines[2].ends_with("12.3  rate_limited (account)"), "{table}");

        let account = terminal.one(&["account", "show", "Acme"]);
        let quotas = account["subscriptions"].as_array().unwrap().iter().flat_map(|s| s["quotas"].as_array().unwrap());
        let day = quotas.clone().find(|quota| quota["period"] == "day").unwrap();
        assert_eq!((&day["used"], &day["leased"]), (&json!(3), &json!(100)));
        let audit = terminal.one(&["audit"]);
        assert_eq!((&audit["clean"], &audit["rows"], &audit["rings"]), (&json!(true), &json!(4), &json!(1)));
    }
}

#[tokio::test]
async fn following_prints_what_arrives_until_it_is_ended() {
    let terminal = Terminal::on_sqlite();
    let mut node = Node::start(&terminal).await;
    let before = node.batch(&[None]);
    store::request_log::ship(&node.store, &before).await.unwrap();
    let mut following = terminal.start(&["log", "--follow", "--outcome", "answered"]);
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let header = lines.next().unwrap().unwrap();
    assert!(header.starts_with("TIME "), "{header}");
    let batch = node.batch(&[Some(Denial::UnknownKey), None]);
    store::request_log::ship(&node.store, &batch).await.unwrap();
    let line = lines.next().unwrap().unwrap();
    assert!(line.contains("GET /fixtures") && line.ends_with(&batch.rows[1].request.to_string()), "{line}");
    following.kill().unwrap();
    following.wait().unwrap();
}

#[tokio::test]
async fn an_audit_that_finds_something_ends_with_one() {
    let terminal = Terminal::on_sqlite();
    let mut node = Node::start(&terminal).await;
    let batch = node.batch(&[None, None]);
    // What a crash between the two commits of shipping leaves behind.
    store::request_log::ship_to_log(&node.store, &batch).await.unwrap();
    let answer = terminal.run(&["audit"]);
    assert_eq!((answer.code, answer.err.as_str()), (Some(1), ""), "{answer:?}");
    assert!(answer.out.contains("ring 0: log.db has it up to 1, keyward.db up to -1"), "{}", answer.out);
    assert!(answer.out.lines().last().unwrap().contains(" findings: "), "{}", answer.out);
    store::request_log::ship_to_ledger(&node.store, &batch).await.unwrap();
    assert_eq!(terminal.done(&["audit"]), "clean: 1 counters, 1 journals, 2 rows checked\n");
}
