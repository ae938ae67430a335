//! Effect: a change is answered when it holds. Control asks whoever carries policies to the gateways to bring them up to date,
//! and is told the moment from which they are.

use std::time::Duration;

use domain::time::{Clock, Timestamp};
use tokio::sync::{mpsc, oneshot};

/// Somebody who waits for a change to hold; answered with the moment from which it does.
pub type EffectRequest = oneshot::Sender<Timestamp>;

/// How many may wait at once; further ones wait for a place.
pub const MAX_WAITING: usize = 1_024;

/// The way to whoever carries policies to the gateways.
#[derive(Clone)]
pub struct Effect {
    requests: mpsc::Sender<EffectRequest>,
    bound: Duration,
    clock: Clock,
}

impl Effect {
    /// `bound`: the time within which a change holds in any case, because no gateway acts on older policies.
    pub fn new(requests: mpsc::Sender<EffectRequest>, bound: Duration, clock: Clock) -> Effect {
        Effect { requests, bound, clock }
    }

    /// The moment from which all that is committed holds. Where the gateways cannot be told, that is the end of the bound.
    pub async fn now(&self) -> Timestamp {
        let asked = (self.clock.wall)();
        match tokio::time::timeout(self.bound, self.ask()).await {
            Ok(Some(moment)) => moment,
            _ => asked.plus(i64::try_from(self.bound.as_micros()).unwrap_or(i64::MAX)),
        }
    }

    async fn ask(&self) -> Option<Timestamp> {
        let (answer, moment) = oneshot::channel();
        self.requests.send(answer).await.ok()?;
        moment.await.ok()
    }
}
