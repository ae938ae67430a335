//! An upstream that notes when each byte of a request arrived, by the kernel's own stamp: however late its thread is on a busy
//! machine, what came before a moment and what came after it are told apart.

use std::{
    io::{self, Write},
    mem,
    net::{SocketAddr, TcpListener, TcpStream},
    os::fd::AsRawFd,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// How long the kernel takes at most until it stamps what arrives, once somebody wishes it.
const STAMPS_BEGIN: Duration = Duration::from_millis(200);

/// Bytes that arrived together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Which request they belong to: what stands between `tag-` and the next character that is no digit.
    pub tag: u32,
    /// When they arrived, in microseconds since 1970.
    pub at: i64,
}

/// A running upstream; its threads end with their connections.
pub struct Stamping {
    address: SocketAddr,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

impl Stamping {
    /// Listens on a free port. Each request whose head names a tag is noted, part by part, and answered when it is whole.
    pub fn start() -> Stamping {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let arrivals = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&arrivals);
        let (begun, begins) = std::sync::mpsc::channel();
        thread::spawn(move || {
            // Stamping is off in the kernel until the first socket asks for it, and begins a moment later.
            ask_for_stamps(&listener).expect("Linux stamps what arrives");
            begun.send(()).expect("whoever starts it waits");
            for stream in listener.incoming().flatten() {
                let arrivals = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &arrivals));
            }
        });
        begins.recv().expect("it begins");
        thread::sleep(STAMPS_BEGIN);
        Stamping { address, arrivals }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What arrived so far.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().expect("nothing panics while it holds this lock").clone()
    }
}

/// What is known of the request that is being read.
#[derive(Default)]
struct Request {
    head: Vec<u8>,
    tag: Option<u32>,
    /// Bytes of body that are still to come; none: the head is not whole.
    left: Option<u64>,
}

fn serve(mut stream: TcpStream, arrivals: &Mutex<Vec<Arrival>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    ask_for_stamps(&stream)?;
    let (mut buffer, mut request) = (vec![0; 65_536], Request::default());
    loop {
        let (length, at) = receive(&stream, &mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        let is_whole = request.take(&buffer[..length]);
        if let Some(tag) = request.tag {
            arrivals.lock().expect("nothing panics while it holds this lock").push(Arrival { tag, at });
        }
        if is_whole {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")?;
            request = Request::default();
        }
    }
}

impl Request {
    /// Takes the next bytes; whether the request is whole. A gateway sends the next one only after the answer.
    fn take(&mut self, bytes: &[u8]) -> bool {
        self.left = match self.left {
            Some(left) => Some(left.saturating_sub(bytes.len() as u64)),
            None => {
                self.head.extend_from_slice(bytes);
                self.head.windows(4).position(|end| end == b"\r\n\r\n").map(|end| self.read_head(end + 4))
            }
        };
        // A JSON-RPC call names its tag in the body.
        if self.tag.is_none() {
            self.tag = tag(bytes);
        }
        self.left == Some(0)
    }

    /// Reads a whole head; how many bytes of the body are still to come.
    fn read_head(&mut self, end: usize) -> u64 {
        let head = String::from_utf8_lossy(&self.head[..end]).to_ascii_lowercase();
        self.tag = tag(head.as_bytes());
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: u64 = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        length.saturating_sub((self.head.len() - end) as u64)
    }
}

fn tag(text: &[u8]) -> Option<u32> {
    let start = text.windows(4).position(|window| window == b"tag-")? + 4;
    let digits: String =
        text[start..].iter().take_while(|byte| byte.is_ascii_digit()).map(|byte| *byte as char).collect();
    digits.parse().ok()
}

fn ask_for_stamps(socket: &impl AsRawFd) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the descriptor is open for as long as the socket is borrowed, and the option is an int of the length given.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            mem::size_of_val(&on) as libc::socklen_t,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Reads what is there: its length, and when the last byte of it arrived.
fn receive(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<(usize, i64)> {
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    let mut control = [0u64; 16];
    // SAFETY: all zeros is an empty message header.
    let mut message: libc::msghdr = unsafe { mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = mem::size_of_val(&control);
    // SAFETY: the header points to memory that lives until the call returns, with its true lengths.
    let length = unsafe { libc::recvmsg(stream.as_raw_fd(), &raw mut message, 0) };
    let length = usize::try_from(length).map_err(|_| io::Error::last_os_error())?;
    // SAFETY: the kernel filled the control messages, which the macros walk within the length it set; a time stamp of this type
    // is what the option gives, read without asking for its alignment.
    unsafe {
        let mut next = libc::CMSG_FIRSTHDR(&raw const message);
        while !next.is_null() {
            if (*next).cmsg_level == libc::SOL_SOCKET && (*next).cmsg_type == libc::SCM_TIMESTAMPNS {
                let stamp: libc::timespec = libc::CMSG_DATA(next).cast::<libc::timespec>().read_unaligned();
                return Ok((length, stamp.tv_sec * 1_000_000 + stamp.tv_nsec / 1_000));
            }
            next = libc::CMSG_NXTHDR(&raw const message, next);
        }
    }
    if length == 0 { Ok((0, 0)) } else { Err(io::Error::other("bytes without a stamp")) }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Read,
        time::{Instant, SystemTime, UNIX_EPOCH},
    };

    use super::*;

    fn now() -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros() as i64
    }

    #[test]
    fn each_part_is_noted_with_the_moment_at_which_it_arrived() {
        let upstream = Stamping::start();
        let mut stream = TcpStream::connect(upstream.address).expect("it listens");
        let mut moments = vec![now()];
        for part in ["POST /tag-7/x HTTP/1.1\r\nContent-Length: 4\r\n\r\nab", "cd"] {
            stream.write_all(part.as_bytes()).expect("it reads");
            moments.push(now());
            thread::sleep(Duration::from_millis(30));
        }
        let mut answer = [0; 512];
        assert!(stream.read(&mut answer).expect("an answer") > 0);
        let began = Instant::now();
        while upstream.arrivals().len() < 2 && began.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(5));
        }
        let arrivals = upstream.arrivals();
        assert_eq!(arrivals.iter().map(|arrival| arrival.tag).collect::<Vec<_>>(), [7, 7]);
        assert!(arrivals.iter().zip(moments.windows(2)).all(|(arrival, between)| {
            let [before, after] = [between[0], between[1]];
            // The second part is sent some time after the first was.
            (before..=after).contains(&arrival.at)
        }));
    }
}
