//! Activation: sockets that systemd, or anything that speaks as it does, opened before this process and keeps open after it
//! (sd_listen_fds). Callers who come between two lives of Keyward wait in such a socket instead of being refused. And the
//! two words that systemd is told: that the node serves, and that it stops (sd_notify).

use std::{
    net::TcpListener,
    os::{
        fd::{FromRawFd, OwnedFd, RawFd},
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixDatagram},
    },
};

use anyhow::{Context, bail};

/// The first descriptor that is handed over.
const FIRST: RawFd = 3;
/// The most sockets that are taken.
const MAX_SOCKETS: usize = 64;

/// Sockets that listen already, by the name that their unit gives them (`FileDescriptorName=`).
#[derive(Debug, Default)]
pub struct Inherited {
    /// `gateway`, in the order of `gateway.listen`.
    pub gateway: Vec<TcpListener>,
    /// `control`.
    pub control: Option<TcpListener>,
    /// `ops`.
    pub ops: Option<TcpListener>,
}

impl Inherited {
    /// Takes what was handed to this process; nothing, if nothing was. To be called once, before anything is opened.
    ///
    /// Errors: a descriptor is no listening socket, or of a name that means nothing here.
    pub fn take() -> anyhow::Result<Inherited> {
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        if variable("LISTEN_PID") != std::process::id().to_string() {
            return Ok(Inherited::default());
        }
        let count: usize = variable("LISTEN_FDS").parse().context("LISTEN_FDS is no number")?;
        if count > MAX_SOCKETS {
            bail!("{count} sockets are handed over, more than {MAX_SOCKETS}");
        }
        let names = variable("LISTEN_FDNAMES");
        let mut inherited = Inherited::default();
        for (descriptor, name) in (FIRST..).zip(names.split(':')).take(count) {
            // SAFETY: the variables say that this descriptor was opened for this very process, and nobody has it yet.
            let socket = TcpListener::from(unsafe { OwnedFd::from_raw_fd(descriptor) });
            socket
                .local_addr()
                .with_context(|| format!("descriptor {descriptor}, `{name}`, is no socket that listens"))?;
            socket.set_nonblocking(true)?;
            inherited.add(name, socket)?;
        }
        if inherited.count() != count {
            bail!("{count} sockets are handed over with {} names; set FileDescriptorName= for each", inherited.count());
        }
        Ok(inherited)
    }

    fn add(&mut self, name: &str, socket: TcpListener) -> anyhow::Result<()> {
        let taken = match name {
            "gateway" => {
                self.gateway.push(socket);
                None
            }
            "control" => self.control.replace(socket),
            "ops" => self.ops.replace(socket),
            _ => bail!("a socket is named `{name}`; name it gateway, control or ops with FileDescriptorName="),
        };
        if taken.is_some() { bail!("two sockets are named `{name}`; only gateway may have several") } else { Ok(()) }
    }

    fn count(&self) -> usize {
        self.gateway.len() + usize::from(self.control.is_some()) + usize::from(self.ops.is_some())
    }
}

/// Tells whoever started this process, if they want to know: `READY=1`, `STOPPING=1`. That it cannot be told stops nothing.
pub fn notify(state: &str) {
    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let path = path.into_encoded_bytes();
    let told = UnixDatagram::unbound().and_then(|socket| match path.split_first() {
        // A name beginning with `@` is none in the file system.
        Some((b'@', name)) => socket.send_to_addr(state.as_bytes(), &SocketAddr::from_abstract_name(name)?),
        _ => socket.send_to(state.as_bytes(), std::path::Path::new(std::str::from_utf8(&path).unwrap_or_default())),
    });
    if let Err(error) = told {
        tracing::warn!(%error, state, "NOTIFY_SOCKET cannot be told");
    }
}
