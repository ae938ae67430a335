//! Watch: time-outs without a timer for each call. A connection, and each stream of HTTP/2, owns a [`Slot`] with a moment by
//! which something must have happened, in ticks of 250 ms; arming it is one store. A sweeper for each thread looks at all slots at each tick and wakes
//! the ones that are late.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use crate::{settings::TimeOuts, websocket::Opened};

mod carried;
mod rest;
mod socket;

use carried::Carried;
use rest::Rest;

/// How often slots are looked at.
pub(crate) const TICK: Duration = Duration::from_millis(250);

/// The watch of one thread.
#[derive(Clone)]
pub(crate) struct Watch(Rc<Inner>);

struct Inner {
    now: Cell<u32>,
    slots: RefCell<Vec<Slot>>,
    head: u32,
    idle: u32,
    progress: u32,
    linger: u32,
    ping: u32,
    pong: u32,
}

/// What a connection of a caller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The next request. Also: the caller takes the last bytes of an answer.
    Idle,
    /// The rest of a head.
    Head,
    /// The gateway itself: each of its waits has a limit of its own.
    Work,
    /// The beginning of the upstream's answer.
    Answer,
    /// The next byte of a body.
    Body,
    /// The rest of what a denied caller sends.
    Linger,
    /// Whatever comes first over a WebSocket, which looks after its own waits.
    Socket,
}

/// One connection's deadline, or one stream's, and what its parts tell one another.
#[derive(Clone)]
pub(crate) struct Slot(Rc<SlotState>);

struct SlotState {
    watch: Watch,
    phase: Cell<Phase>,
    due: Cell<u32>,
    answer: Cell<u32>,
    waker: RefCell<Option<Waker>>,
    reset: Cell<bool>,
    doubtful: Cell<bool>,
    lingers: Cell<bool>,
    carried: Carried,
    rest: Rest,
    opened: RefCell<Option<Box<Opened>>>,
}

/// A wait that took too long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TimedOut;

/// A span as ticks, rounded up.
pub(crate) fn ticks(span: Duration) -> u32 {
    u32::try_from(span.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u32::MAX / 4).min(u32::MAX / 4)
}

impl Watch {
    pub fn new(time_outs: &TimeOuts) -> Self {
        Watch(Rc::new(Inner {
            now: Cell::new(0),
            slots: RefCell::new(Vec::new()),
            head: ticks(time_outs.head),
            idle: ticks(time_outs.idle),
            progress: ticks(time_outs.progress),
            linger: ticks(time_outs.linger),
            ping: ticks(time_outs.ping),
            pong: ticks(time_outs.pong),
        }))
    }

    /// The tick that is on.
    pub fn now(&self) -> u32 {
        self.0.now.get()
    }

    /// A slot for a new connection.
    pub fn slot(&self) -> Slot {
        let slot = Slot(Rc::new(SlotState {
            watch: self.clone(),
            phase: Cell::new(Phase::Idle),
            due: Cell::new(0),
            answer: Cell::new(0),
            waker: RefCell::new(None),
            reset: Cell::new(false),
            doubtful: Cell::new(false),
            lingers: Cell::new(false),
            carried: Carried::default(),
            rest: Rest::default(),
            opened: RefCell::new(None),
        }));
        slot.enter(Phase::Idle);
        self.0.slots.borrow_mut().push(slot.clone());
        slot
    }

    /// One tick: wakes the late and those that may rest, and forgets closed connections.
    pub fn tick(&self) {
        self.0.now.set(self.now().wrapping_add(1));
        self.0.slots.borrow_mut().retain(|slot| {
            if slot.is_late() || slot.may_rest() {
                slot.wake();
            }
            Rc::strong_count(&slot.0) > 1
        });
    }

    /// Wakes all connections: they are to look whether they shall end.
    pub fn wake_all(&self) {
        self.0.slots.borrow().iter().for_each(Slot::wake);
    }

    /// Whether the tick is over.
    pub fn is_past(&self, due: u32) -> bool {
        self.now().wrapping_sub(due) as i32 >= 0
    }
}

impl Slot {
    /// What the connection waits for now.
    pub fn phase(&self) -> Phase {
        self.0.phase.get()
    }

    /// Begins a wait; [`Phase::Answer`] has its own length: [`Slot::answer_within`].
    pub fn enter(&self, phase: Phase) {
        let watch = &self.0.watch.0;
        let span = match phase {
            Phase::Idle => watch.idle,
            Phase::Head => watch.head,
            Phase::Body => watch.progress,
            Phase::Linger => watch.linger,
            Phase::Work | Phase::Answer | Phase::Socket => u32::MAX / 4,
        };
        self.arm(phase, span);
    }

    /// Bytes were read from the caller.
    pub fn has_read(&self) {
        match self.phase() {
            Phase::Idle => self.enter(Phase::Head),
            Phase::Body => self.enter(Phase::Body),
            _ => {}
        }
    }

    /// Bytes moved towards the caller, or came from the upstream.
    pub fn has_moved(&self) {
        if let phase @ (Phase::Idle | Phase::Body) = self.phase() {
            self.enter(phase);
        }
    }

    /// A part of a body moved while the answer is waited for: its time begins anew. Where the answer came first, what is
    /// read is the rest of the request's body and no head.
    pub fn has_progressed(&self) {
        match self.phase() {
            Phase::Answer => self.arm(Phase::Answer, self.0.answer.get()),
            Phase::Head => self.enter(Phase::Body),
            _ => {}
        }
    }

    /// Waits for the upstream's answer to begin, at most so many ticks.
    pub async fn answer_within<F: Future>(&self, ticks: u32, answer: F) -> Result<F::Output, TimedOut> {
        let mut answer = pin!(answer);
        self.0.answer.set(ticks);
        self.arm(Phase::Answer, ticks);
        poll_fn(|cx| match answer.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending if self.is_late() => Poll::Ready(Err(TimedOut)),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Whether the wait took too long.
    pub fn is_late(&self) -> bool {
        self.0.watch.is_past(self.0.due.get())
    }

    /// Whether the connection, or the stream, as a whole must end: what it carries is cut, or it is late. A late answer is told to the caller
    /// instead.
    pub fn must_end(&self) -> bool {
        self.is_cut() || self.is_late() && !matches!(self.phase(), Phase::Answer | Phase::Work)
    }

    /// Remembers whom to wake.
    pub fn register(&self, cx: &Context<'_>) {
        let mut waker = self.0.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            *waker = Some(cx.waker().clone());
        }
    }

    /// From now on the connection ends by a reset, so that no caller takes a part of an answer for the whole.
    pub fn end_by_reset(&self) {
        self.0.reset.set(true);
    }

    /// Whether it ends by a reset.
    pub fn ends_by_reset(&self) -> bool {
        self.0.reset.get()
    }

    /// A head was read whose length another server could read in another way.
    pub fn mark_doubtful(&self) {
        self.0.doubtful.set(true);
    }

    /// Whether such a head was read.
    pub fn is_doubtful(&self) -> bool {
        self.0.doubtful.get()
    }

    /// The caller was answered before all of its bytes were read: they are taken for a while, as closing on them would reset the
    /// connection and take the answer from the caller.
    pub fn linger_at_end(&self) {
        self.0.lingers.set(true);
    }

    /// Whether bytes are still taken at the end.
    pub fn lingers(&self) -> bool {
        self.0.lingers.get()
    }

    fn arm(&self, phase: Phase, span: u32) {
        self.0.phase.set(phase);
        self.0.due.set(self.0.watch.now().wrapping_add(span).wrapping_add(1));
    }

    fn wake(&self) {
        if let Some(waker) = &*self.0.waker.borrow() {
            waker.wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    //! Slots become late when they should, and only then.

    use super::*;

    fn after(watch: &Watch, ticks: u32) {
        (0..ticks).for_each(|_| watch.tick());
    }

    #[test]
    fn each_phase_has_its_own_length() {
        let second = Duration::from_secs(1);
        let time_outs = TimeOuts {
            head: second,
            idle: 2 * second,
            progress: 3 * second,
            linger: 4 * second,
            ..TimeOuts::default()
        };
        let cases = [(Phase::Head, 4), (Phase::Idle, 8), (Phase::Body, 12), (Phase::Linger, 16)];
        for (phase, span) in cases {
            let watch = Watch::new(&time_outs);
            let slot = watch.slot();
            slot.enter(phase);
            after(&watch, span);
            assert!(!slot.must_end(), "{phase:?}: a begun tick does not count");
            after(&watch, 1);
            assert!(slot.must_end(), "{phase:?}");
        }
    }

    #[test]
    fn progress_moves_the_deadline_but_a_head_must_come_whole() {
        let watch = Watch::new(&TimeOuts { head: TICK, progress: TICK, ..TimeOuts::default() });
        let (body, head) = (watch.slot(), watch.slot());
        body.enter(Phase::Body);
        head.has_read();
        for _ in 0..4 {
            body.has_moved();
            head.has_read();
            watch.tick();
        }
        assert!(!body.must_end());
        assert!(head.must_end());
    }

    #[test]
    fn a_late_answer_is_told_and_does_not_end_the_connection() {
        let watch = Watch::new(&TimeOuts::default());
        let slot = watch.slot();
        let mut answer = pin!(slot.answer_within(1, std::future::pending::<()>()));
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(answer.as_mut().poll(&mut cx), Poll::Pending);
        after(&watch, 2);
        assert!(!slot.must_end());
        assert_eq!(answer.as_mut().poll(&mut cx), Poll::Ready(Err(TimedOut)));
    }

    #[test]
    fn closed_connections_are_forgotten() {
        let watch = Watch::new(&TimeOuts::default());
        let kept = watch.slot();
        drop(watch.slot());
        watch.tick();
        assert_eq!(watch.0.slots.borrow().len(), 1);
        drop(kept);
    }
}
