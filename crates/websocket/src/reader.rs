//! Reader: bytes as they come → messages and control frames. Between two messages it holds nothing on the heap.

use thiserror::Error;

use crate::{
    close::{self, Close},
    frame::{Head, MAX_HEAD, Opcode, apply},
};

#[cfg(test)]
mod tests;

/// Bytes of an announced length that are made room for before they come; the rest grows with what is really sent.
const MOST_AHEAD: usize = 16 * 1024;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A whole text.
    Text(String),
    /// Whole bytes.
    Binary(Vec<u8>),
    /// A question, to be answered with a pong of the same bytes.
    Ping(Vec<u8>),
    /// An answer to a ping, or a sign of life that nobody asked for.
    Pong(Vec<u8>),
    /// The other side has ended; it sends nothing more.
    Close(Option<Close>),
}

/// What the other side may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Violation {
    /// The protocol is broken.
    #[error("{0}")]
    Protocol(&'static str),
    /// A text, or the reason of a close, is not UTF-8.
    #[error("text that is not UTF-8")]
    NotUtf8,
    /// A message is longer than the limit.
    #[error("a message of more than {0} bytes")]
    TooLong(usize),
}

impl Violation {
    /// The code with which the connection ends.
    pub fn code(self) -> u16 {
        match self {
            Violation::Protocol(_) => close::PROTOCOL_ERROR,
            Violation::NotUtf8 => close::NOT_UTF8,
            Violation::TooLong(_) => close::TOO_LONG,
        }
    }
}

/// Whose frames are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A client's, which are masked.
    Client,
    /// A server's, which are not.
    Server,
}

/// The reading half of one connection.
#[derive(Debug)]
pub struct Reader {
    peer: Peer,
    longest: usize,
    head: [u8; MAX_HEAD],
    head_length: usize,
    frame: Option<Frame>,
    message: Option<Message>,
    control: Vec<u8>,
    broken: Option<Violation>,
}

#[derive(Debug)]
struct Frame {
    head: Head,
    /// Bytes of its payload that were read.
    at: u64,
}

#[derive(Debug)]
struct Message {
    is_text: bool,
    bytes: Vec<u8>,
}

impl Reader {
    /// Reads what `peer` sends; no message may have more than `longest` bytes.
    pub fn new(peer: Peer, longest: usize) -> Reader {
        Reader {
            peer,
            longest,
            head: [0; MAX_HEAD],
            head_length: 0,
            frame: None,
            message: None,
            control: Vec::new(),
            broken: None,
        }
    }

    /// Whether no message or frame has begun that is not whole.
    pub fn is_between(&self) -> bool {
        self.frame.is_none() && self.message.is_none() && self.head_length == 0
    }

    /// Takes bytes from the front of `bytes` until something is whole, or until there are no more.
    ///
    /// # Errors
    /// The other side did what it may not; nothing more can be read, and asking again says so again.
    pub fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Event>, Violation> {
        if let Some(violation) = self.broken {
            return Err(violation);
        }
        let read = self.read_on(bytes);
        self.broken = read.as_ref().err().copied();
        read
    }

    fn read_on(&mut self, bytes: &mut &[u8]) -> Result<Option<Event>, Violation> {
        loop {
            match self.frame.take() {
                Some(frame) => match self.payload(frame, bytes)? {
                    Step::Event(event) => return Ok(Some(event)),
                    Step::Starved => return Ok(None),
                    Step::Next => {}
                },
                None => {
                    let Some((first, rest)) = bytes.split_first() else { return Ok(None) };
                    *bytes = rest;
                    self.head[self.head_length] = *first;
                    self.head_length += 1;
                    if let Some(head) = Head::read(&self.head[..self.head_length])? {
                        self.head_length = 0;
                        self.begin(head)?;
                    }
                }
            }
        }
    }

    fn begin(&mut self, head: Head) -> Result<(), Violation> {
        if head.mask.is_some() != (self.peer == Peer::Client) {
            return Err(Violation::Protocol("a frame that is masked where it may not be, or the other way round"));
        }
        let held = match (head.opcode, &self.message) {
            (Opcode::Continuation, None) => return Err(Violation::Protocol("more of a message that has not begun")),
            (Opcode::Continuation, Some(message)) => message.bytes.len(),
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Violation::Protocol("a message before the end of the one before"));
            }
            (Opcode::Text | Opcode::Binary, None) => {
                let bytes = Vec::new();
                self.message = Some(Message { is_text: head.opcode == Opcode::Text, bytes });
                0
            }
            _ => 0,
        };
        let is_short_enough =
            usize::try_from(head.length).is_ok_and(|length| length <= self.longest.saturating_sub(held));
        if !head.opcode.is_control() && !is_short_enough {
            return Err(Violation::TooLong(self.longest));
        }
        self.frame = Some(Frame { head, at: 0 });
        Ok(())
    }

    /// Takes of a frame's payload what is there.
    fn payload(&mut self, mut frame: Frame, bytes: &mut &[u8]) -> Result<Step, Violation> {
        let left = usize::try_from(frame.head.length - frame.at).unwrap_or(usize::MAX);
        let (taken, rest) = bytes.split_at(left.min(bytes.len()));
        *bytes = rest;
        let is_control = frame.head.opcode.is_control();
        let to = match &mut self.message {
            Some(message) if !is_control => &mut message.bytes,
            _ => &mut self.control,
        };
        to.reserve(left.min(MOST_AHEAD));
        let start = to.len();
        to.extend_from_slice(taken);
        if let Some(mask) = frame.head.mask {
            apply(mask, frame.at, &mut to[start..]);
        }
        frame.at += taken.len() as u64;
        if frame.at < frame.head.length {
            self.frame = Some(frame);
            return Ok(Step::Starved);
        }
        self.end(frame.head)
    }

    fn end(&mut self, head: Head) -> Result<Step, Violation> {
        if !head.opcode.is_control() {
            let Some(Message { is_text, bytes }) = self.message.take_if(|_| head.is_last) else {
                return Ok(Step::Next);
            };
            return Ok(Step::Event(if is_text {
                Event::Text(String::from_utf8(bytes).map_err(|_| Violation::NotUtf8)?)
            } else {
                Event::Binary(bytes)
            }));
        }
        let payload = std::mem::take(&mut self.control);
        Ok(Step::Event(match head.opcode {
            Opcode::Ping => Event::Ping(payload),
            Opcode::Pong => Event::Pong(payload),
            _ => Event::Close(Close::read(&payload)?),
        }))
    }
}

enum Step {
    Event(Event),
    /// A piece of a message is whole; the next frame follows.
    Next,
    /// The rest of the frame has not come.
    Starved,
}
