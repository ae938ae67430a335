//! Why a request could not be read as JSON-RPC. Every fault says what is wrong and at which byte, so that the caller of
//! an API can fix it without asking; the code is the one JSON-RPC 2.0 section 5.1 gives for it.

use crate::request::RawId;
use thiserror::Error;

/// JSON-RPC 2.0 section 5.1: "Invalid JSON was received by the server."
pub const PARSE_ERROR: i64 = -32700;
/// JSON-RPC 2.0 section 5.1: "The JSON sent is not a valid Request object."
pub const INVALID_REQUEST: i64 = -32600;

/// What stops a whole request. All offsets are bytes from the start of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault<'a> {
    /// The bytes are not JSON (RFC 8259) in UTF-8.
    #[error("not JSON: expected {expected} at byte {at}")]
    NotJson {
        /// Where reading stopped.
        at: usize,
        /// What would have been right there.
        expected: &'static str,
    },
    /// JSON, but two readers could take it for two different calls.
    #[error("ambiguous request: {why} at byte {at}")]
    Ambiguous {
        /// What could be read in two ways.
        why: Ambiguity,
        /// The first byte of the name or escape in question.
        at: usize,
    },
    /// More arrays and objects inside one another than the limit.
    #[error("too deep: more than {max} arrays and objects inside one another at byte {at}")]
    TooDeep {
        /// The bracket that went beyond the limit.
        at: usize,
        /// `Limits::max_depth`.
        max: usize,
    },
    /// More members in the objects that are open at once than the limit.
    #[error("too many members: more than {max} in objects that are open at byte {at}")]
    TooManyMembers {
        /// The name that went beyond the limit.
        at: usize,
        /// `Limits::max_members`.
        max: usize,
    },
    /// A batch with more entries than the limit.
    #[error("the batch has {len} calls, at most {max} are allowed: send several smaller batches")]
    BatchTooLarge {
        /// Entries in the batch.
        len: usize,
        /// `Limits::max_batch`.
        max: usize,
    },
    /// JSON, and clear, but not a request object.
    #[error(transparent)]
    Invalid(Invalid<'a>),
}

/// An entry that is not a request object; in a batch it is answered by itself, beside the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("invalid request: {why} at byte {at}")]
pub struct Invalid<'a> {
    /// Which rule it breaks.
    pub why: InvalidWhy,
    /// The value that breaks it; for a member that is missing, the object.
    pub at: usize,
    /// The caller's id where it can be known; the answer carries null otherwise.
    pub id: Option<RawId<'a>>,
}

/// The ways in which two JSON readers disagree about the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Ambiguity {
    /// Some readers take the first, some the last: one call could be allowed and another one made.
    #[error("a member with the same name is already in this object")]
    DuplicateMember,
    /// Go's encoding/json, and with it geth, ignores case: `Method` would override `method`.
    #[error("a member whose name is a variant of \"{0}\"; write it exactly so")]
    VariantOfKnownMember(&'static str),
    /// Readers that end text at a control character would see another name.
    #[error("a member name with a control character")]
    ControlInName,
    /// Half of a `\u` pair: readers replace, keep or refuse it.
    #[error("a \\u escape that is half of a surrogate pair")]
    LoneSurrogate,
}

/// The rules of JSON-RPC 2.0 section 4 that an entry can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidWhy {
    /// Neither an object nor, at the top, an array.
    #[error("a call must be an object")]
    NotAnObject,
    /// `[]`
    #[error("a batch must hold at least one call")]
    EmptyBatch,
    /// No `jsonrpc` member, or another value than `"2.0"`.
    #[error("\"jsonrpc\" must be \"2.0\"")]
    Version,
    /// No `method` member, or not a string.
    #[error("\"method\" must be a string")]
    Method,
    /// `params` is there and is neither an array nor an object.
    #[error("\"params\" must be an array or an object, or be left out")]
    Params,
    /// `id` is an object, an array or a boolean.
    #[error("\"id\" must be a string, a number or null, or be left out")]
    Id,
}

impl<'a> Fault<'a> {
    /// The JSON-RPC error code: [`PARSE_ERROR`] or [`INVALID_REQUEST`].
    pub fn code(&self) -> i64 {
        match self {
            Fault::NotJson { .. } => PARSE_ERROR,
            _ => INVALID_REQUEST,
        }
    }

    /// The id for the answer, byte for byte as the caller wrote it; None is answered with null.
    pub fn id(&self) -> Option<RawId<'a>> {
        match self {
            Fault::Invalid(invalid) => invalid.id,
            _ => None,
        }
    }
}
