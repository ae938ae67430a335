//! A world: a gateway with an account, a key and its value, two APIs, an upstream, a journal, a ledger.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use domain::{
    allowlist::Lists,
    api::{Api, Dialect, Protocol},
    id::{AccountId, KeyId, QuotaId, ValueId},
    key::value::ValueText,
    name::NetworkName,
    policy::{AccountPolicy, KeyPolicy, PolicyChange, SubscriptionPolicy, ValuePolicy},
    price::{Price, PriceList},
    quota::{Metric, Overage, Period, Quota, Scope},
    rate_limit::RateLimit,
    request_log::{Ending, Outcome, Place, Row},
    ticket::TicketKey,
    time::{Clock, Timestamp},
};
use gateway::{
    keyring::Keyring,
    meter::Meter,
    metrics::Figures,
    record::codec::{Record, decode},
    serve::Gateway,
    settings::{
        ApiSettings, ConnectionLimits, Cors, CredentialSettings, DenialLimits, KeyPlace, ListenerSettings, RefundRule,
        RouteSettings, Settings, TimeOuts, UnknownMethods, UpstreamSettings,
    },
};
use journal::{DataDir, RingId, Writer};
use tempfile::TempDir;

use crate::{caller::Caller, ledger::Ledger};

/// What the upstream knows the operator by.
pub const SECRET: &str = "secret-of-the-operator";

/// How a world is made.
pub struct Plan {
    /// The upstream of both APIs.
    pub upstream: String,
    /// Requests a day; none is without quota.
    pub requests: Option<u64>,
    /// Credits a day.
    pub credits: Option<u64>,
    /// Units beyond each of the two; none: calls are refused.
    pub overage: Option<u64>,
    /// How fast.
    pub rates: Vec<RateLimit>,
    /// Threads.
    pub threads: usize,
    /// Changes to the APIs: REST first, then JSON-RPC.
    pub change: fn(&mut [ApiSettings; 2]),
    /// Changes to the key.
    pub change_key: fn(&mut KeyPolicy),
    /// How long waits may last.
    pub time_outs: TimeOuts,
    /// How often somebody may be denied.
    pub denials: DenialLimits,
    /// For how long policies are fresh; none: for ever.
    pub fresh_for: Option<Duration>,
    /// How long the ledger takes to answer.
    pub ledger_delay: Duration,
    /// What tickets are signed with.
    pub ticket_key: Option<TicketKey>,
    /// Where it listens, and how.
    pub listener: ListenerSettings,
    /// The upstreams of the JSON-RPC API's WebSocket.
    pub sockets: Vec<String>,
    /// How much connections hold.
    pub limits: ConnectionLimits,
    /// Whether plain requests are read by the gateway itself.
    pub fast_path: bool,
    /// How much the journal of each thread holds.
    pub journal: journal::Settings,
}

impl Plan {
    /// Everything is allowed.
    pub fn open(upstream: String) -> Self {
        let time_outs = TimeOuts { stop: Duration::from_secs(5), ..TimeOuts::default() };
        Plan {
            upstream,
            requests: Some(1_000_000),
            credits: None,
            overage: None,
            rates: Vec::new(),
            threads: 1,
            change: |_| {},
            change_key: |_| {},
            time_outs,
            denials: DenialLimits::default(),
            fresh_for: None,
            ledger_delay: Duration::ZERO,
            ticket_key: None,
            listener: SocketAddr::from(([127, 0, 0, 1], 0)).into(),
            sockets: Vec::new(),
            limits: ConnectionLimits::default(),
            fast_path: true,
            journal: journal::Settings { segment_bytes: 4 << 20, max_segments: 4, ..Default::default() },
        }
    }

    /// The world.
    pub fn start(self) -> World {
        World::start(self)
    }
}

/// A gateway and what is around it.
pub struct World {
    gateway: Option<Gateway>,
    address: SocketAddr,
    /// The caller's value.
    pub value: String,
    /// The key's policy, as it was at the start.
    pub key: KeyPolicy,
    /// The account's policy, as it was at the start.
    pub account: AccountPolicy,
    /// The policy of its only value.
    pub value_policy: ValuePolicy,
    keyring: Arc<Keyring>,
    folder: TempDir,
    journals: DataDir,
    _ledger: Ledger,
}

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Timestamp::from_micros(since.as_micros() as i64)
}

fn steady() -> i64 {
    BEGAN.elapsed().as_micros() as i64
}

impl World {
    fn start(plan: Plan) -> World {
        let clock = Clock { wall, steady };
        let folder = tempfile::tempdir().expect("a folder");
        let journals = DataDir::lock(folder.path()).expect("a folder of our own");
        let writers = (0..plan.threads).map(|ring| {
            Writer::create(&journals, RingId { epoch: 1, ring: ring as u16, uuid: [3; 16] }, &plan.journal)
                .expect("a journal")
        });
        let writers: Vec<Writer> = writers.collect();
        let meter = Arc::new(Meter::new(clock));
        let mut apis = [rest(&plan.upstream), json_rpc(&plan.upstream)];
        if !plan.sockets.is_empty() {
            let all = |network| plan.sockets.iter().map(move |url| upstream(url, Some(network)));
            apis[1].socket_upstreams = all("mainnet").chain(all("sepolia")).collect();
            apis[1].socket_routes = ["/eth/ws/v1/{network}/{key}", "/eth/ws/v1/{network}"]
                .map(|template| RouteSettings { template: template.to_owned(), hosts: Vec::new() })
                .to_vec();
        }
        (plan.change)(&mut apis);
        let names = apis.iter().map(|api| api.api.name.clone()).collect();
        let keyring = Arc::new(Keyring::new(Arc::clone(&meter), names));
        let value = ValueText::draw([9; 24]);
        let (account, key, value_policy, limits) = policies(&plan, &apis, &value);
        let changes = [PolicyChange::Account(account.clone()), PolicyChange::Key(key.clone())];
        keyring.apply([&changes[..], &[PolicyChange::Value(value_policy.clone())]].concat());
        keyring.set_fresh_until(plan.fresh_for.map_or(i64::MAX, |span| steady() + span.as_micros() as i64));
        let ledger = Ledger::start(Arc::clone(&meter), limits, plan.ledger_delay);
        let settings = Settings {
            listen: vec![plan.listener.clone()],
            inherited: Vec::new(),
            clock,
            seed: 7,
            apis: apis.to_vec(),
            time_outs: plan.time_outs,
            limits: plan.limits,
            fast_path: plan.fast_path,
            denials: plan.denials,
            receipts_url: Some("https://keys.example".to_owned()),
            ticket_key: plan.ticket_key.clone(),
        };
        let gateway = Gateway::start(settings, Arc::clone(&keyring), meter, writers).expect("the gateway starts");
        let address = gateway.addresses()[0];
        let value = value.reveal().to_owned();
        World {
            gateway: Some(gateway),
            address,
            value,
            key,
            account,
            value_policy,
            keyring,
            folder,
            journals,
            _ledger: ledger,
        }
    }

    /// A connection to the gateway.
    pub fn caller(&self) -> Caller {
        Caller::connect(self.address)
    }

    /// Changes a policy, and has what it stops ended. When it returns, the change holds.
    pub fn apply(&self, change: PolicyChange) {
        self.keyring.apply(vec![change]);
        let cutter = self.gateway.as_ref().expect("it serves").cutter();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(cutter.cut()).expect("all threads acknowledge");
    }

    /// Gives the key and the account these lists. When it returns, they hold.
    pub fn set_lists(&self, of_key: Option<Arc<Lists>>, of_account: Option<Arc<Lists>>) {
        self.apply(PolicyChange::Key(KeyPolicy { lists: of_key, ..self.key.clone() }));
        self.apply(PolicyChange::Account(AccountPolicy { lists: of_account, ..self.account.clone() }));
    }

    /// Switches the key off or on, in the same way.
    pub fn disable_key(&self, disabled: bool) {
        self.apply(PolicyChange::Key(KeyPolicy { disabled, ..self.key.clone() }));
    }

    /// Leaves the key no network but sepolia.
    pub fn close_network(&self) {
        let networks = vec!["sepolia".parse().expect("a name")];
        self.apply(PolicyChange::Key(KeyPolicy { networks: networks.into(), ..self.key.clone() }));
    }

    /// What the gateway can be asked.
    pub fn figures(&self) -> Figures {
        self.gateway.as_ref().expect("it serves").figures()
    }

    /// Where the gateway listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A request head with the value in its header, and this body.
    pub fn request(&self, line: &str, headers: &str, body: &str) -> String {
        let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        format!("{line} HTTP/1.1\r\nhost: gate\r\nx-api-key: {}\r\n{headers}{length}\r\n{body}", self.value)
    }

    /// A JSON-RPC request with the value in its path.
    pub fn post(&self, body: &str) -> String {
        let target = format!("/eth/v1/mainnet/{}", self.value);
        let length = body.len();
        format!(
            "POST {target} HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    }

    /// Stops the gateway without reading the journals.
    pub fn stop(&mut self) {
        if let Some(gateway) = self.gateway.take() {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(gateway.stop());
        }
    }

    /// Stops the gateway and reads the rows of all journals. No row holds the value or the operator's secret.
    pub fn rows(mut self) -> Vec<Row> {
        self.stop();
        let mut rows = Vec::new();
        for ring in self.journals.rings().expect("the folder can be read") {
            let mut reader = self.journals.open(ring).expect("a journal").reader().expect("a reader");
            let mut open: HashMap<u64, Row> = HashMap::new();
            while let Some(record) = reader.next_record().expect("sound records") {
                let text = String::from_utf8_lossy(record.payload).into_owned();
                assert!(!text.contains(&self.value) && !text.contains(SECRET), "a secret in the journal");
                let place = Place { node: 1, epoch: ring.epoch, ring: ring.ring, seq: record.seq };
                match decode(place, record.payload).expect("a record") {
                    Record::Intent(row) => drop(open.insert(record.seq, row)),
                    Record::Whole(row) => rows.push(row),
                    Record::Outcome { intent, ending, .. } => {
                        let row = open.remove(&intent).expect("one outcome for each intent");
                        rows.push(Row { ending: Some(ending), ..row });
                    }
                }
            }
            assert!(open.is_empty(), "each intent has its outcome: {open:?}");
        }
        rows.sort_by_key(|row| row.place);
        drop(self.folder);
        rows
    }
}

/// How a row's call ended.
pub fn ending(row: &Row) -> &Ending {
    row.ending.as_ref().expect("an end")
}

/// The outcomes of rows.
pub fn outcomes(rows: &[Row]) -> Vec<Outcome> {
    rows.iter().map(|row| ending(row).outcome).collect()
}

fn upstream(url: &str, network: Option<&str>) -> UpstreamSettings {
    UpstreamSettings {
        network: network.map(|name| name.parse().expect("a name")),
        url: url.parse().expect("a URL"),
        ca_file: None,
        max_in_flight: 100,
        max_connections: 200,
        pass_over_after: UpstreamSettings::PASS_OVER_AFTER,
    }
}

fn api(name: &str, protocol: Protocol, networks: Vec<NetworkName>, prices: PriceList) -> Api {
    let dialect = if protocol == Protocol::Rest { Dialect::Problem } else { Dialect::JsonRpc };
    let title = "An API".parse().expect("a title");
    Api { name: name.parse().expect("a name"), title, protocol, dialect, networks, prices, default_plan: None }
}

fn rest(url: &str) -> ApiSettings {
    let patterns = vec![("GET /leagues/*".to_owned(), Price::Credits(3)), ("/status".to_owned(), Price::Free)];
    let prices = PriceList { default: Price::Credits(1), patterns };
    ApiSettings {
        api: api("football", Protocol::Rest, Vec::new(), prices),
        routes: vec![RouteSettings { template: "/football".to_owned(), hosts: Vec::new() }],
        socket_routes: Vec::new(),
        socket_upstreams: Vec::new(),
        key_places: vec![KeyPlace::Header("x-api-key".parse().expect("a name")), KeyPlace::Bearer],
        upstreams: vec![upstream(&format!("{url}/v3"), None)],
        credential: CredentialSettings::header("x-apisports-key".parse().expect("a name"), SECRET.to_owned()),
        body_limit: ApiSettings::REST_BODY_LIMIT,
        batch_limit: ApiSettings::BATCH_LIMIT,
        answer_time_out: ApiSettings::ANSWER_TIME_OUT,
        retry_idempotent: false,
        refund: RefundRule::default(),
        failed_when: None,
        hidden_headers: Vec::new(),
        cors: Cors::Any,
        unknown_methods: UnknownMethods::Deny,
    }
}

fn json_rpc(url: &str) -> ApiSettings {
    let networks: Vec<NetworkName> = ["mainnet", "sepolia"].map(|name| name.parse().expect("a name")).to_vec();
    let patterns = vec![("eth_call".to_owned(), Price::Credits(20)), ("web3_*".to_owned(), Price::Free)];
    let prices = PriceList { default: Price::Credits(10), patterns };
    ApiSettings {
        api: api("eth", Protocol::JsonRpc, networks, prices),
        routes: ["/eth/v1/{network}/{key}", "/eth/v1/{network}"]
            .map(|template| RouteSettings { template: template.to_owned(), hosts: Vec::new() })
            .to_vec(),
        upstreams: vec![upstream(url, Some("mainnet")), upstream(url, Some("sepolia"))],
        credential: CredentialSettings::bearer(SECRET.to_owned()),
        body_limit: ApiSettings::JSON_RPC_BODY_LIMIT,
        ..rest(url)
    }
}

fn policies(
    plan: &Plan,
    apis: &[ApiSettings; 2],
    value: &ValueText,
) -> (AccountPolicy, KeyPolicy, ValuePolicy, HashMap<QuotaId, u64>) {
    let account = AccountId::from_u128(1);
    let mut limits = HashMap::new();
    let mut subscriptions = Vec::new();
    for (place, api) in apis.iter().enumerate() {
        let mut quotas = Vec::new();
        for (metric, limit) in [(Metric::Requests, plan.requests), (Metric::Credits, plan.credits)] {
            if let Some(limit) = limit {
                let id = QuotaId::from_u128(10 * place as u128 + metric as u128 + 1);
                limits.insert(id, limit);
                let overage = plan.overage.map(|limit| Overage { id: QuotaId::from_u128(id.as_u128() + 1_000), limit });
                limits.extend(overage.map(|beyond| (beyond.id, beyond.limit)));
                let anchor = Timestamp::from_micros(0);
                quotas.push(Quota { id, scope: Scope::Account, metric, period: Period::Day, anchor, limit, overage });
            }
        }
        subscriptions.push(SubscriptionPolicy {
            api: api.api.name.clone(),
            plan: "pro".parse().expect("a name"),
            quotas,
            rates: plan.rates.clone(),
        });
    }
    let mut key = KeyPolicy {
        id: KeyId::from_u128(2),
        account,
        version: 5,
        disabled: false,
        expires_at: None,
        apis: Box::default(),
        networks: Box::default(),
        lists: None,
        secret: None,
        quotas: Box::default(),
        rates: Box::default(),
    };
    (plan.change_key)(&mut key);
    let (id, hash) = (ValueId::from_u128(3), value.hash());
    let value = ValuePolicy { id, hash, key: key.id, member: None, expires_at: None };
    let account = AccountPolicy { id: account, suspended: false, lists: None, subscriptions };
    (account, key, value, limits)
}
