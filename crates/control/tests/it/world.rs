//! A whole control plane for tests: a store of its own, the router as the program has it, a clock that can be moved, and the outbox
//! at hand.

use std::{
    cell::Cell,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, header},
};
use control::{
    App, Registration, Settings,
    effect::{Effect, EffectRequest, MAX_WAITING},
    limit::Limits,
    mail::{self, Letters},
    password::Passwords,
    seal::{MasterKey, Seal},
};
use domain::{
    access_token::{AccessToken, AccessTokenText},
    id::{AccountId, PersonId},
    permission::Permissions,
    ticket::TicketKey,
    time::{Clock, SECOND, Timestamp},
};
use serde_json::Value;
use store::Store;
use tokio::sync::{Notify, mpsc};
use tower::ServiceExt;

mod call;
mod catalogue;
mod place;
mod team;

pub use call::Call;
pub use place::{Place, VARIABLE, is_postgres};
pub use team::{PASSWORD, Someone, Team};

/// Where people reach the control plane of tests.
pub const PUBLIC_URL: &str = "https://keys.example.com";
/// How long it takes until every gateway of tests acts on a change, in microseconds.
pub const CARRIED_IN: i64 = SECOND;
/// The longest answer that tests read.
const MAX_ANSWER: usize = 4 << 20;

thread_local! {
    /// How far this test's clock is ahead, in microseconds: a test and all that it asks for run on one thread.
    static AHEAD: Cell<i64> = const { Cell::new(0) };
}

/// A control plane.
pub struct World {
    /// What its handlers have at hand.
    pub app: Arc<App>,
    router: Router,
    from: Mutex<IpAddr>,
    place: Place,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Bytes,
    /// The body as JSON; null if it is none.
    pub body: Value,
}

impl World {
    /// A control plane to which everybody may register.
    pub async fn start() -> World {
        World::with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> World {
        let place = Place::empty();
        World::on(Store::open(&place.location).await.expect("a store"), place, change).await
    }

    /// The same on this store, which is open and empty.
    pub async fn on(store: Store, place: Place, change: impl FnOnce(&mut Settings)) -> World {
        let clock = Clock { wall: now, steady: || now().micros() };
        catalogue::publish(&store, now()).await;
        let mut settings = Settings {
            public_url: PUBLIC_URL.to_owned(),
            gateway_url: "https://api.example.com".to_owned(),
            gateway_address: SocketAddr::from(([127, 0, 0, 1], 9)),
            apis: Vec::new(),
            registration: Registration::Open,
            is_second_factor_required: false,
            operator_sees_logs: false,
            contact: None,
            has_mail: false,
            is_demo: false,
            version: "0",
        };
        change(&mut settings);
        let letters = Letters::new(settings.public_url.as_str(), settings.contact.clone());
        let app = Arc::new(App {
            store,
            clock,
            entropy: random,
            settings,
            effect: Effect::new(carried(), Duration::from_secs(5), clock),
            seal: Seal::new(&MasterKey([7; 32])),
            ticket_key: TicketKey::new([8; 32]),
            passwords: Passwords::default(),
            limits: Limits::new(clock),
            letters,
            mail_waits: Notify::new(),
            assets: |_| None,
        });
        let router = control::router(Arc::clone(&app));
        World { app, router, from: Mutex::new(IpAddr::from([192, 0, 2, 1])), place }
    }

    /// The host of `public_url`.
    fn host(&self) -> &str {
        self.app.settings.public_url.split_once("://").map_or("", |(_, host)| host)
    }

    /// The router as the program serves it.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// PostgreSQL counts what is in its tables.
    pub fn analyze(&self) {
        self.place.analyze();
    }

    /// A folder that is gone with it.
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder.path()
    }

    /// Whether a secret stands anywhere in what is stored, in clear.
    pub fn stores(&self, secret: impl AsRef<[u8]>) -> bool {
        assert!(self.place.holds(b"football"), "what every test publishes is found");
        self.place.holds(secret.as_ref())
    }

    /// Requests come from this address from now on.
    pub fn move_to(&self, address: &str) {
        *self.from.lock().expect("no test panicked") = address.parse().expect("an address");
    }

    /// Lets time go by.
    pub fn pass(&self, micros: i64) {
        AHEAD.set(AHEAD.get() + micros);
    }

    /// A request as the dashboard makes it. `path` is below `/api/v1`; `cookie` is what [`Someone::cookie`] holds.
    pub async fn call(&self, method: &str, path: &str, cookie: Option<&str>, body: Option<Value>) -> Answer {
        self.call_if(None, method, path, cookie, body).await
    }

    /// The same, based on a version: what `If-Match` says.
    pub async fn call_if(
        &self,
        version: Option<&str>,
        method: &str,
        path: &str,
        cookie: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::HOST, self.host())
            .header("sec-fetch-site", "same-origin");
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, version);
        }
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).expect("a request")).await
    }

    /// A request as a program makes it, with an access token.
    pub async fn call_with_token(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::HOST, "keys.example.com")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).expect("a request")).await
    }

    /// The text of an access token of a person for the account, with every permission there is.
    pub async fn access_token(&self, person: PersonId, account: AccountId) -> String {
        let (moment, text) = (now(), AccessTokenText::draw(*random().first_chunk().expect("24 of 32 bytes")));
        let token = AccessToken {
            id: self.app.id(moment),
            person,
            account: Some(account),
            name: "tests".parse().expect("a name"),
            hash: text.hash(),
            mask: text.mask(),
            permissions: Permissions::ALL,
            is_operator: true,
            created_at: moment,
            expires_at: None,
            used_at: None,
            ended_at: None,
        };
        let tx = self.app.store.begin().await.expect("a transaction");
        store::access_token::insert(&tx, &token).await.expect("a new token");
        tx.commit().await.expect("it is committed");
        text.reveal().to_owned()
    }

    /// A request as it is.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let address = SocketAddr::new(*self.from.lock().expect("no test panicked"), 40_000);
        request.extensions_mut().insert(ConnectInfo(address));
        let response = self.router.clone().oneshot(request).await.expect("a router answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, MAX_ANSWER).await.expect("a short body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes, body }
    }

    /// The mails that wait for an address, newest first: subject, and what they say.
    pub async fn mails_to(&self, email: &str) -> Vec<(String, mail::Body)> {
        let all = store::mail::list(&self.app.store, None, 100).await.expect("the outbox");
        let theirs = all.into_iter().filter(|mail| mail.to.as_compared() == email.to_lowercase());
        theirs.filter_map(|mail| Some((mail.subject.clone(), mail::open(&self.app, &mail)?))).collect()
    }

    /// The token of the link to `page` in the newest mail to an address that has one.
    pub async fn token_to(&self, email: &str, page: &str) -> Option<String> {
        let start = format!("{PUBLIC_URL}{page}#");
        let mails = self.mails_to(email).await;
        mails.iter().find_map(|(_, body)| {
            let (_, rest) = body.text.split_once(&start)?;
            rest.split_whitespace().next().map(str::to_owned)
        })
    }
}

impl Answer {
    /// What programs tell problems apart by.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    /// The cookie that it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().expect("ASCII");
        Some(set.split(';').next().unwrap_or("").to_owned())
    }
}

/// The moment of this test's clock.
pub fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Timestamp::from_micros(i64::try_from(since_1970.as_micros()).expect("before 9999") + AHEAD.get())
}

/// Random bytes.
pub fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("random numbers");
    bytes
}

/// Somebody who brings changes to the gateways.
fn carried() -> mpsc::Sender<EffectRequest> {
    let (requests, mut asked) = mpsc::channel::<EffectRequest>(MAX_WAITING);
    tokio::spawn(async move {
        while let Some(request) = asked.recv().await {
            // Who asked may have gone away.
            let _ = request.send(now().plus(CARRIED_IN));
        }
    });
    requests
}
