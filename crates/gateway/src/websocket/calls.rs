//! Calls of one WebSocket that wait for their answers, and the subscriptions that came of earlier ones.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use domain::decision::Denial;
use foldhash::fast::FixedState;
use rpc::{
    answer::Look,
    batch::AnswerBatch,
    contract::{Reason, Touched, touched},
    request::Call,
    socket::{IdMeaning, Said, first_param},
};

use crate::{forwarded::Forwarded, upstream::InFlight};

/// Contracts of one subscription that are remembered for when lists change; with more of them it is unclear then.
const REMEMBERED_CONTRACTS: usize = 64;

/// The calls and subscriptions of one WebSocket.
#[derive(Default)]
pub(super) struct Calls {
    waiting: HashMap<IdMeaning, Waiting, FixedState>,
    subscriptions: HashMap<Box<str>, Subscription, FixedState>,
}

/// A call that went up.
pub(super) struct Waiting {
    /// What is charged and recorded.
    pub call: Forwarded,
    /// Its place among the calls in flight.
    pub _place: InFlight,
    /// The id as the caller wrote it.
    pub id: Box<str>,
    /// The method, for an error in its place.
    pub method: Box<str>,
    /// The tick by which the answer must have come.
    pub due: u32,
    /// What its answer means for subscriptions.
    pub kind: Kind,
    /// The batch it came in, and its place there.
    pub batch: Option<(Rc<RefCell<Batch>>, usize)>,
}

/// What a call does to subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Plain,
    /// Its result is the id of a new one.
    Subscribe(Subscription),
    /// It ends this one.
    Unsubscribe(Box<str>),
}

/// What lists decide on of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subscription {
    /// The method that made it.
    pub method: Box<str>,
    /// The contracts it tells of.
    pub touched: Touched,
}

/// A batch whose answers are not all there.
pub(super) struct Batch {
    answers: Vec<Option<Vec<u8>>>,
    waiting: usize,
    held: usize,
}

impl Kind {
    /// What this call does: node software names these methods `eth_subscribe`, `eth_unsubscribe` and alike.
    pub fn of(call: &Call<'_>) -> Kind {
        if call.method.ends_with("_subscribe") {
            return Kind::Subscribe(Subscription::of(call));
        }
        let ended = call.method.ends_with("_unsubscribe").then(|| call.params.and_then(first_param)).flatten();
        ended.map_or(Kind::Plain, |id| Kind::Unsubscribe(id.into()))
    }

    /// Whether it makes a subscription.
    pub fn is_subscribe(&self) -> bool {
        matches!(self, Kind::Subscribe(_))
    }
}

impl Subscription {
    fn of(call: &Call<'_>) -> Subscription {
        let touched = match touched(&call.method, call.params) {
            Touched::Contracts(contracts) if contracts.len() > REMEMBERED_CONTRACTS => {
                Touched::Unclear(Reason::TooMany)
            }
            touched => touched,
        };
        Subscription { method: (*call.method).into(), touched }
    }
}

impl Calls {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether a call with such an id waits.
    pub fn has(&self, id: &IdMeaning) -> bool {
        self.waiting.contains_key(id)
    }

    /// Subscriptions that there are, or will be if all goes well.
    pub fn subscriptions(&self) -> usize {
        let coming = self.waiting.values().filter(|waiting| waiting.kind.is_subscribe()).count();
        self.subscriptions.len() + coming
    }

    /// Whether this is the id of a subscription.
    pub fn is_subscription(&self, id: &str) -> bool {
        self.subscriptions.contains_key(id)
    }

    /// Whether all subscriptions that there are, or may be, are still allowed. Errors: why one is not.
    pub fn allow_subscriptions(&self, allows: impl Fn(&Subscription) -> Result<(), Denial>) -> Result<(), Denial> {
        let coming = self.waiting.values().filter_map(|waiting| match &waiting.kind {
            Kind::Subscribe(subscription) => Some(subscription),
            Kind::Plain | Kind::Unsubscribe(_) => None,
        });
        self.subscriptions.values().chain(coming).try_for_each(allows)
    }

    /// A call has gone up.
    pub fn begin(&mut self, id: IdMeaning, waiting: Waiting) {
        self.waiting.insert(id, waiting);
    }

    /// Takes out the call that this is the answer to, and notes what it means for subscriptions.
    pub fn answered(&mut self, said: &Said<'_>) -> Option<Waiting> {
        let mut waiting = self.take(&IdMeaning::of(said.id()?))?;
        match (std::mem::replace(&mut waiting.kind, Kind::Plain), said.look, said.result) {
            (Kind::Subscribe(made), Look::Ok, Some(id)) => _ = self.subscriptions.insert(id.into(), made),
            (Kind::Unsubscribe(id), Look::Ok, Some("true")) => _ = self.subscriptions.remove(&id),
            _ => {}
        }
        Some(waiting)
    }

    /// Takes out a call.
    fn take(&mut self, id: &IdMeaning) -> Option<Waiting> {
        let waiting = self.waiting.remove(id)?;
        if self.waiting.is_empty() {
            // While nothing waits, nothing is held.
            self.waiting = HashMap::default();
        }
        Some(waiting)
    }

    /// Takes out all calls of this batch: what has no answer now gets none.
    pub fn take_batch(&mut self, batch: &Rc<RefCell<Batch>>) -> Vec<Waiting> {
        let is_of = |waiting: &Waiting| waiting.batch.as_ref().is_some_and(|(other, _)| Rc::ptr_eq(other, batch));
        self.take_all(is_of)
    }

    /// Takes out the calls whose answers are late.
    pub fn take_late(&mut self, now: u32) -> Vec<Waiting> {
        self.take_all(|waiting| now.wrapping_sub(waiting.due) as i32 >= 0)
    }

    /// Takes out all.
    pub fn take_rest(&mut self) -> Vec<Waiting> {
        self.take_all(|_| true)
    }

    /// Ticks until the next answer is late.
    pub fn next_due(&self, now: u32) -> Option<u32> {
        self.waiting.values().map(|waiting| waiting.due.wrapping_sub(now).min(u32::MAX / 4)).min()
    }

    fn take_all(&mut self, is_taken: impl Fn(&Waiting) -> bool) -> Vec<Waiting> {
        let taken = self.waiting.extract_if(|_, waiting| is_taken(waiting)).map(|(_, waiting)| waiting).collect();
        if self.waiting.is_empty() {
            self.waiting = HashMap::default();
        }
        taken
    }
}

impl Batch {
    /// A batch of which these answers are known, and so many calls wait.
    pub fn new(answers: Vec<Option<Vec<u8>>>, waiting: usize) -> Batch {
        Batch { answers, waiting, held: 0 }
    }

    /// Bytes of the upstream's answers that are held until the last one comes.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Takes in the answer at a place. When it was the last, gives all of them in the order of the calls.
    pub fn answer(&mut self, place: usize, answer: Vec<u8>) -> Option<Vec<u8>> {
        self.held += answer.len();
        self.answers[place] = Some(answer);
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 { self.all() } else { None }
    }

    /// All answers in one array; None: there are none.
    pub fn all(&mut self) -> Option<Vec<u8>> {
        let mut batch = AnswerBatch::default();
        for answer in self.answers.drain(..).flatten() {
            batch.next_answer().extend_from_slice(&answer);
        }
        batch.finish()
    }
}
