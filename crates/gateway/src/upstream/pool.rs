//! Pool: one thread's connections to one upstream. The one used last is taken first, so that those beyond need grow old
//! and are closed.

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use hyper::body::SizeHint;
use tokio::time::timeout;

use super::{
    Upstream,
    connect::connect,
    http1::{Connection, Unanswered},
    line::{Lease, Line},
    names::Names,
    request_body::RequestBody,
    transport::Transport,
};
use crate::{
    heads::{Request, Response},
    settings::TimeOuts,
    watch::{Watch, ticks},
};

/// One thread's connections to one upstream.
pub(crate) struct Pool(Rc<Inner>);

struct Inner {
    upstream: Arc<Upstream>,
    names: Names,
    watch: Watch,
    unused: RefCell<Vec<Unused>>,
    keep: u32,
    connect_limit: Duration,
    opened: Cell<u64>,
}

struct Unused {
    opened: Box<Opened>,
    close_at: u32,
}

/// A connection and where it leads. It stays where it is while one call after another takes it: moving it with each would cost more
/// than asking for it.
struct Opened {
    connection: Connection,
    address: SocketAddr,
    line: Line,
}

/// A connection while a call uses it. It is closed when dropped, unless it is given back.
pub(crate) struct Lent {
    opened: Box<Opened>,
    home: Rc<Inner>,
}

impl Pool {
    /// No connection yet.
    pub fn new(upstream: Arc<Upstream>, watch: &Watch, time_outs: &TimeOuts) -> Self {
        let max_age = time_outs.name.min(Duration::from_secs(super::names::MAX_AGE_SECONDS));
        Pool(Rc::new(Inner {
            names: Names::new(&upstream.url, ticks(max_age), watch.now()),
            upstream,
            watch: watch.clone(),
            unused: RefCell::new(Vec::new()),
            keep: ticks(time_outs.pool),
            connect_limit: time_outs.connect,
            opened: Cell::new(0),
        }))
    }

    /// Whose connections they are.
    pub fn upstream(&self) -> &Arc<Upstream> {
        &self.0.upstream
    }

    /// Connections opened so far.
    pub fn opened(&self) -> u64 {
        self.0.opened.get()
    }

    /// An unused connection that the upstream has not closed, if there is one.
    pub fn take(&self) -> Option<Lent> {
        let inner = &self.0;
        inner.refresh_names();
        let mut unused = inner.unused.borrow_mut();
        while let Some(mut last) = unused.pop() {
            if !last.is_over() {
                return Some(Lent { opened: last.opened, home: Rc::clone(inner) });
            }
        }
        None
    }

    /// Opens a connection: look-up of the name, connecting, and TLS, all within one limit.
    pub async fn connect(&self) -> io::Result<Lent> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no connection in time");
        timeout(self.0.connect_limit, self.open()).await.map_err(late)?
    }

    /// Opens a connection that no other call will use, in the same way.
    pub async fn connect_alone(&self) -> io::Result<(Transport, Line)> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no connection in time");
        let (transport, line, _) = timeout(self.0.connect_limit, self.open_line()).await.map_err(late)??;
        self.0.opened.set(self.0.opened.get() + 1);
        Ok((transport, line))
    }

    async fn open_line(&self) -> io::Result<(Transport, Line, SocketAddr)> {
        let inner = &self.0;
        let addresses = inner.names.addresses(inner.watch.now()).await?;
        let (wire, address) = connect(&addresses, inner.upstream.tls.as_ref(), inner.connect_limit).await?;
        let line = Line::default();
        Ok((Transport::new(wire, line.clone()), line, address))
    }

    async fn open(&self) -> io::Result<Lent> {
        let inner = &self.0;
        let (transport, line, address) = self.open_line().await?;
        inner.opened.set(inner.opened.get() + 1);
        let opened = Box::new(Opened { connection: Connection::new(transport), address, line });
        Ok(Lent { opened, home: Rc::clone(inner) })
    }

    /// Closes what was unused for too long, and what leads to where the upstream no longer is.
    pub fn sweep(&self) {
        let inner = &self.0;
        inner.unused.borrow_mut().retain_mut(|unused| {
            let is_kept = !unused.is_over() && !inner.watch.is_past(unused.close_at);
            is_kept && inner.names.has(&unused.opened.address)
        });
    }
}

impl Inner {
    /// Asks for the upstream's addresses in the background, so that connections in steady use move along with the name.
    fn refresh_names(self: &Rc<Self>) {
        if self.names.is_old(self.watch.now()) {
            let inner = Rc::clone(self);
            tokio::task::spawn_local(async move {
                if let Err(error) = inner.names.refresh(inner.watch.now()).await {
                    tracing::warn!(upstream = %inner.upstream.url, %error, "the upstream's name cannot be looked up");
                }
            });
        }
    }
}

impl Unused {
    /// Whether no call can go over it any more.
    fn is_over(&mut self) -> bool {
        self.opened.line.is_severed() || !self.opened.connection.is_alive()
    }
}

impl Lent {
    /// What is sent and comes over it.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.opened.connection
    }

    /// Whether all of the answer came.
    pub fn is_over(&self) -> bool {
        self.opened.connection.is_over()
    }

    /// What remains of the answer's body.
    pub fn size_hint(&self) -> SizeHint {
        self.opened.connection.size_hint()
    }

    /// What severs it for as long as this call has it.
    pub fn lease(&self) -> Lease {
        self.opened.line.lease()
    }

    /// Sends a request, whose body is taken; the future ends with the head of the answer. Its body is read from [`Lent::connection`].
    pub async fn send(&mut self, request: &mut Request<RequestBody>) -> Result<Response<()>, Unanswered> {
        self.opened.connection.send(request).await
    }

    /// Whether a byte of an answer came.
    pub fn has_begun_to_answer(&self) -> bool {
        self.opened.connection.has_received()
    }

    /// The answer is whole: the connection can serve the next call.
    pub fn give_back(self) {
        let Lent { mut opened, home } = self;
        let mut unused = home.unused.borrow_mut();
        if opened.connection.make_ready()
            && !opened.line.is_severed()
            && unused.len() < home.upstream.idle_for_each_thread
            && home.names.has(&opened.address)
        {
            let close_at = home.watch.now().wrapping_add(home.keep);
            unused.push(Unused { opened, close_at });
        }
    }
}
