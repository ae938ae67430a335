//! `[gateway]`: where callers reach the gateway, how many threads serve them, and its journals.

use std::{net::SocketAddr, ops::RangeInclusive, path::Path, time::Duration};

use gateway::settings::{ConnectionLimits, DenialLimits, ListenerSettings, TimeOuts};
use journal::{Durability, MAX_SEGMENT_BYTES, MAX_SEGMENTS, MIN_SEGMENT_BYTES, MIN_SEGMENTS, SEGMENT_BYTES_STEP};

use super::{
    listener,
    reader::{Field, Section},
    units,
    url::{self, PUBLIC},
};

/// The most threads of a gateway.
pub const MAX_THREADS: u64 = 256;
/// The most addresses that a part listens on.
pub const MAX_LISTENERS: usize = 16;

/// Bounds of each time-out.
const WAIT: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3_600);

/// Bounds of how often somebody may be denied.
const DENIALS: RangeInclusive<u64> = 10..=1_000_000;
/// Bounds of the time in which denials are counted, which is also the longest lock.
const DENIAL_WINDOW: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(3_600);

/// What `[gateway]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayConfig {
    /// Where callers connect, and how.
    pub listen: Vec<ListenerSettings>,
    /// How many threads serve them; each has a journal of its own.
    pub threads: usize,
    /// Where callers reach the gateway from outside, for the examples that are shown to them.
    pub public_url: Option<String>,
    /// How long each wait may take.
    pub time_outs: TimeOuts,
    /// How much each connection may hold.
    pub limits: ConnectionLimits,
    /// Whether plain requests are read by the gateway itself and not by hyper.
    pub fast_path: bool,
    /// How often somebody may be denied.
    pub denials: DenialLimits,
    /// The dials of each journal.
    pub journal: journal::Settings,
}

/// Reads `[gateway]`; every setting of it has a default. Relative paths start at `folder`; `cores` is how many threads the
/// machine can run at once.
pub fn read(field: Option<&Field<'_>>, folder: &Path, cores: usize) -> GatewayConfig {
    let mut config = GatewayConfig {
        listen: vec![SocketAddr::from(([127, 0, 0, 1], 8081)).into()],
        threads: cores,
        public_url: None,
        time_outs: TimeOuts::default(),
        limits: ConnectionLimits::default(),
        fast_path: true,
        denials: DenialLimits::default(),
        journal: journal::Settings::default(),
    };
    let Some(mut section) = field.and_then(|field| field.section("a table [gateway]")) else { return config };
    if let Some(listen) = section.take("listen") {
        config.listen = listener::read_all(&listen, folder);
    }
    if let Some(threads) = section.take("threads").and_then(|field| field.whole(1..=MAX_THREADS)) {
        config.threads = threads as usize;
    }
    config.fast_path = section.take("fast_path").and_then(|field| field.truth()).unwrap_or(true);
    config.public_url = section.take("public_url").and_then(|field| url::read(&field, PUBLIC));
    if let Some(table) = section.take("time_outs").and_then(|field| field.section("a table [gateway.time_outs]")) {
        config.time_outs = read_time_outs(table);
    }
    if let Some(table) = section.take("limits").and_then(|field| field.section("a table [gateway.limits]")) {
        config.limits = read_limits(table);
    }
    if let Some(table) = section.take("denials").and_then(|field| field.section("a table [gateway.denials]")) {
        config.denials = read_denials(table);
    }
    if let Some(journal) = section.take("journal").and_then(|field| field.section("a table [gateway.journal]")) {
        config.journal = read_journal(journal);
    }
    section.finish();
    config
}

/// Reads one address or a list; port 0 lets the system choose.
pub fn read_addresses(field: &Field<'_>, example: &str) -> Vec<SocketAddr> {
    let expected = format!("an address with a port, such as \"{example}\" or \"[::1]:8081\"");
    let items = field.items();
    if items.is_empty() || items.len() > MAX_LISTENERS {
        field.refuse(format!("expected 1 to {MAX_LISTENERS} addresses"), None);
    }
    let mut addresses = Vec::<SocketAddr>::new();
    for item in items {
        match item.text(&expected).map(str::parse::<SocketAddr>) {
            Some(Ok(address)) if address.port() != 0 && addresses.contains(&address) => {
                item.refuse(format!("{address} stands here twice"), None);
            }
            Some(Ok(address)) => addresses.push(address),
            Some(Err(_)) => item.expected(&expected),
            None => {}
        }
    }
    addresses
}

fn read_time_outs(mut section: Section<'_>) -> TimeOuts {
    let mut time_outs = TimeOuts::default();
    let TimeOuts { head, idle, progress, connect, pool, name, stop, linger, ping, pong } = &mut time_outs;
    let waits = [
        ("head", head),
        ("idle", idle),
        ("progress", progress),
        ("connect", connect),
        ("pool", pool),
        ("name", name),
        ("stop", stop),
        ("linger", linger),
        ("ping", ping),
        ("pong", pong),
    ];
    for (setting, wait) in waits {
        if let Some(read) = section.take(setting).and_then(|field| field.duration(WAIT)) {
            *wait = read;
        }
    }
    section.finish();
    time_outs
}

fn read_limits(mut section: Section<'_>) -> ConnectionLimits {
    let mut limits = ConnectionLimits::default();
    if let Some(connections) = section.take("connections").and_then(|field| field.whole(1..=1_000_000)) {
        limits.connections = connections as usize;
    }
    if let Some(headers) = section.take("headers").and_then(|field| field.whole(16..=1_000)) {
        limits.headers = headers as usize;
    }
    if let Some(bytes) = section.take("head_bytes").and_then(|field| field.size(8 << 10..=1 << 20)) {
        limits.head_bytes = bytes as usize;
    }
    if let Some(bytes) = section.take("drain").and_then(|field| field.size(0..=1 << 20)) {
        limits.drain = bytes;
    }
    if let Some(bytes) = section.take("batch_answer").and_then(|field| field.size(1 << 20..=1 << 30)) {
        limits.batch_answer = bytes as usize;
    }
    for (setting, limit) in
        [("socket_calls", &mut limits.socket_calls), ("socket_subscriptions", &mut limits.socket_subscriptions)]
    {
        if let Some(most) = section.take(setting).and_then(|field| field.whole(1..=100_000)) {
            *limit = most as usize;
        }
    }
    if let Some(bytes) = section.take("socket_message").and_then(|field| field.size(64 << 10..=1 << 30)) {
        limits.socket_message = bytes as usize;
    }
    section.finish();
    limits
}

fn read_denials(mut section: Section<'_>) -> DenialLimits {
    let mut limits = DenialLimits::default();
    for (setting, limit) in [("per_value", &mut limits.per_value), ("per_address", &mut limits.per_address)] {
        if let Some(read) = section.take(setting).and_then(|field| field.whole(DENIALS)) {
            *limit = read as u32;
        }
    }
    if let Some(window) = section.take("window").and_then(|field| field.duration(DENIAL_WINDOW)) {
        limits.window = window;
    }
    section.finish();
    limits
}

fn read_journal(mut section: Section<'_>) -> journal::Settings {
    let mut settings = journal::Settings::default();
    if let Some(field) = section.take("segment")
        && let Some(bytes) = field.size(MIN_SEGMENT_BYTES as u64..=MAX_SEGMENT_BYTES as u64)
    {
        settings.segment_bytes = bytes as usize;
        if settings.segment_bytes % SEGMENT_BYTES_STEP != 0 {
            field.expected(&format!("a multiple of {}", units::show_size(SEGMENT_BYTES_STEP as u64)));
        }
    }
    if let Some(count) =
        section.take("segments").and_then(|field| field.whole(MIN_SEGMENTS as u64..=MAX_SEGMENTS as u64))
    {
        settings.max_segments = count as usize;
    }
    if let Some(field) = section.take("durability") {
        match field.as_text() {
            Some("process") => settings.durability = Durability::Process,
            Some("host") => {
                let hint = "leave it out: calls survive kill -9, the newest ones not a loss of power";
                field.refuse("\"host\" is not offered by this version".to_owned(), Some(hint.to_owned()));
            }
            _ => field.expected("\"process\" (survives kill -9)"),
        }
    }
    section.finish();
    settings
}
