//! Who asks is answered when what was committed holds: at the gateway's keyring, and for calls that are under way.

use std::{collections::BTreeSet, io::Read, net::TcpListener, path::Path};

use domain::{
    account::Account,
    allowlist::Layers,
    decision::{Denial, decide_value},
    id::{AccountId, KeyId, MemberId, SubscriptionId, ValueId},
    key::{Key, Sharing, value::ValueText},
    member::Member,
    role::Role,
    subscription::Subscription,
};
use gateway::{meter::Meter, serve::Gateway};
use journal::{DataDir, RingId, Writer};
use store::Location;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;
use crate::{clock, config::Config};

mod loading;

/// A store with one member and their value, a gateway in front of an upstream that never answers, and what follows the feed.
struct Scene {
    store: Store,
    member: Member,
    value: ValueText,
    keyring: Arc<Keyring>,
    gateway: Gateway,
    requests: mpsc::Sender<oneshot::Sender<Timestamp>>,
    /// Bytes that arrived at the upstream tell here that they did.
    arrived: mpsc::UnboundedReceiver<()>,
    _stop: watch::Sender<bool>,
    _folder: TempDir,
}

/// An upstream that reads and says nothing.
fn silent_upstream() -> (String, mpsc::UnboundedReceiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (arrives, arrived) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let arrives = arrives.clone();
            std::thread::spawn(move || {
                while let Ok(1..) = stream.read(&mut [0; 4_096]) {
                    _ = arrives.send(());
                }
            });
        }
    });
    (url, arrived)
}

async fn seed(store: &Store, config: &Config, now: Timestamp) -> (Member, ValueText) {
    let mut entropy = clock::entropy_of_id;
    let (apis, plans) = config.catalogue();
    let tx = store.begin().await.unwrap();
    store::publication::publish(&tx, &apis, &plans, now, &mut entropy).await.unwrap();
    let id = AccountId::from_u128(1);
    let account =
        Account { id, name: "Acme".parse().unwrap(), created_at: now, suspended_at: None, lists: Default::default() };
    store::account::insert(&tx, &account).await.unwrap();
    let (api, plan) = (apis[0].name.clone(), plans[0].name.clone());
    let subscription = Subscription { id: SubscriptionId::from_u128(2), account: id, api, plan, started_at: now };
    store::subscription::insert(&tx, &subscription, now, &mut entropy).await.unwrap();
    let member = Member {
        id: MemberId::from_u128(3),
        account: id,
        name: "Ada".parse().unwrap(),
        email: "ada@example.com".parse().unwrap(),
        person: None,
        role: Some(Role::Member),
        created_at: now,
        activated_at: Some(now),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    store::member::insert(&tx, &member).await.unwrap();
    let (name, environment) = ("Notebook".parse().unwrap(), "Development".parse().unwrap());
    let key = Key::new(KeyId::from_u128(4), id, name, environment, Sharing::Own { holder: member.id }, now);
    store::key::insert(&tx, &key).await.unwrap();
    let value = ValueText::draw([7; domain::key::value::ENTROPY]);
    let stored = key.draw(ValueId::from_u128(5), Some(member.id), &value, now).unwrap();
    store::value::insert(&tx, &stored).await.unwrap();
    tx.commit().await.unwrap();
    (member, value)
}

impl Scene {
    async fn start() -> Scene {
        let (folder, clock) = (tempfile::tempdir().unwrap(), clock::clock());
        let (upstream, arrived) = silent_upstream();
        let text = format!(
            "[gateway]\nlisten = \"127.0.0.1:0\"\n[api.rest]\nprotocol = \"rest\"\nupstream = \"{upstream}\"\n\
             default_plan = \"free\"\n[plan.free]\nrate = {{ requests = 1_000, per = \"second\" }}\n"
        );
        let config = Config::parse(Path::new("keyward.toml"), &text, 2).unwrap();
        let store = Store::open(&Location::Sqlite { folder: folder.path().join("data") }).await.unwrap();
        let (member, value) = seed(&store, &config, (clock.wall)()).await;
        let meter = Arc::new(Meter::new(clock));
        let keyring = Arc::new(Keyring::new(Arc::clone(&meter), vec![config.apis[0].api.name.clone()]));
        let version = load(&store, &keyring).await.unwrap();
        keyring.set_fresh_until(i64::MAX);
        let data = DataDir::lock(folder.path().join("journal")).unwrap();
        let writer =
            |ring| Writer::create(&data, RingId { epoch: 1, ring, uuid: [3; 16] }, &config.gateway.journal).unwrap();
        let settings = config.gateway_settings(clock, 7).unwrap();
        let gateway = Gateway::start(settings, Arc::clone(&keyring), meter, vec![writer(0), writer(1)]).unwrap();
        let (requests, asked) = mpsc::channel(MAX_TOGETHER);
        let (stop, stopped) = watch::channel(false);
        let follower = Follower {
            store: store.clone(),
            keyring: Arc::clone(&keyring),
            cutter: gateway.cutter(),
            version,
            // Nothing here is brought up to date unless somebody asks.
            bound: Duration::from_secs(600),
            clock,
        };
        tokio::spawn(follow(follower, asked, stopped));
        Scene { store, member, value, keyring, gateway, requests, arrived, _stop: stop, _folder: folder }
    }

    /// Asks, and returns what is waited for.
    async fn ask(&self) -> oneshot::Receiver<Timestamp> {
        let (answer, moment) = oneshot::channel();
        self.requests.send(answer).await.unwrap();
        moment
    }

    async fn save(&self, member: &Member) {
        let tx = self.store.begin().await.unwrap();
        store::member::save(&tx, member).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What the keyring says of the member's value.
    fn decision(&self, now: Timestamp) -> Option<Denial> {
        let entry = self.keyring.find(&self.value.hash());
        let view = entry.as_ref().and_then(|entry| entry.view());
        decide_value(now, view.as_ref().map(|view| view.presented(&Layers::NONE))).err()
    }

    /// Begins a call that is never answered.
    async fn call(&mut self) -> TcpStream {
        let mut stream = TcpStream::connect(self.gateway.addresses()[0]).await.unwrap();
        let head = format!("GET /rest/a HTTP/1.1\r\nhost: a\r\nx-api-key: {}\r\n\r\n", self.value.reveal());
        stream.write_all(head.as_bytes()).await.unwrap();
        self.arrived.recv().await.unwrap();
        stream
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn who_asks_is_answered_when_the_change_holds_and_calls_are_cut() {
    run(async {
        let clock = clock::clock();
        let mut scene = Scene::start().await;
        let mut running = scene.call().await;
        let suspended = scene.member.clone().suspend((clock.wall)()).unwrap();
        scene.save(&suspended).await;
        assert_eq!(scene.decision((clock.wall)()), None, "nobody has asked yet");
        let before = (clock.wall)();
        let moment = scene.ask().await.await.unwrap();
        assert!(before <= moment && moment <= (clock.wall)());
        assert_eq!(scene.decision(moment), Some(Denial::MemberSuspended));
        let ended = running.read(&mut [0; 64]).await.unwrap_err();
        assert_eq!(ended.kind(), std::io::ErrorKind::ConnectionReset);
        scene.save(&suspended.activate((clock.wall)()).unwrap()).await;
        scene.ask().await.await.unwrap();
        assert_eq!(scene.decision((clock.wall)()), None);
        drop(scene.call().await);
    });
}

#[test]
fn many_who_ask_at_once_are_answered_by_few_readings() {
    run(async {
        let scene = Scene::start().await;
        let mut waiting = Vec::new();
        for _ in 0..500 {
            waiting.push(scene.ask().await);
        }
        let mut moments = BTreeSet::new();
        for moment in waiting {
            moments.insert(moment.await.unwrap());
        }
        assert!(moments.len() < 10, "{} readings", moments.len());
    });
}

#[test]
fn who_asks_while_the_store_is_away_is_not_answered() {
    run(async {
        let scene = Scene::start().await;
        scene.store.clone().close().await.unwrap();
        assert!(scene.ask().await.await.is_err());
        assert!(scene.ask().await.await.is_err(), "and what follows goes on");
    });
}
