//! Denial: one code, the same in the answer, the log, the metric, the dashboard filter and the docs.

use std::{fmt, str::FromStr};

use crate::quota::Scope;

/// Why a call was not served. Ordered by precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Denial {
    /// No value, junk, or one that nobody knows (any more).
    UnknownKey,
    /// The account is suspended.
    AccountSuspended,
    /// The member who owns the value is suspended.
    MemberSuspended,
    /// The seat of the member who owns the value has come to its end.
    MemberEnded,
    /// The key is switched off.
    KeyDisabled,
    /// The key's end, or that of the value's grace period, has passed.
    KeyExpired,
    /// The value, or the address, was refused too often in a short time.
    TooManyDenials,
    /// The key asks for its secret, and the request carries none.
    SecretMissing,
    /// The key asks for its secret, and the request carries another.
    SecretWrong,
    /// A list of addresses, the key's or the account's, has no entry for the caller's.
    AddressNotAllowed,
    /// A list of domains, the key's or the account's, has no entry for the page that calls, or the request names no page.
    DomainNotAllowed,
    /// The account has no subscription to the API, or the key does not open it.
    ApiNotInPlan,
    /// The key does not open the network.
    NetworkNotInPlan,
    /// Nothing is at this path.
    PathNotFound,
    /// The body is in an encoding that cannot be decided on.
    EncodingNotSupported,
    /// The body is longer than the limit.
    BodyTooLarge,
    /// What came could be read in two ways, or not at all.
    Malformed,
    /// The batch has more calls than the limit.
    BatchTooLarge,
    /// A list of methods has no entry for the call's.
    MethodNotAllowed,
    /// A list of contracts lacks one that the call touches, or it cannot be told which it touches.
    ContractNotAllowed,
    /// Faster than a rate limit of this scope.
    RateLimited(Scope),
    /// A quota of this scope is used up.
    QuotaExhausted(Scope),
    /// The ledger cannot be asked, and no lease is left.
    QuotaUnavailable,
    /// The node cannot admit calls now.
    NotReady(NotReady),
    /// No byte reached the upstream.
    UpstreamUnreachable,
    /// The upstream did not answer in time.
    UpstreamTimeout,
    /// The upstream's answer broke off, or lacks this call's.
    UpstreamIncomplete,
}

/// Why a node cannot admit calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NotReady {
    /// It has not heard of changes for longer than the bound on revocation.
    PolicyStale,
    /// Its journal is full: what cannot be logged is not forwarded.
    JournalFull,
    /// It is being started.
    Starting,
    /// It is being stopped.
    Draining,
    /// More calls are in flight to the upstream than the limit.
    Overloaded,
}

impl NotReady {
    /// Every reason.
    pub const ALL: [NotReady; 5] =
        [NotReady::PolicyStale, NotReady::JournalFull, NotReady::Starting, NotReady::Draining, NotReady::Overloaded];

    /// The word for it in a receipt's rule.
    pub const fn as_str(self) -> &'static str {
        match self {
            NotReady::PolicyStale => "policy_stale",
            NotReady::JournalFull => "journal_full",
            NotReady::Starting => "starting",
            NotReady::Draining => "draining",
            NotReady::Overloaded => "overloaded",
        }
    }
}

/// Code, HTTP status, JSON-RPC code (after EIP-1474) and a sentence for people.
struct Facts(&'static str, u16, i64, &'static str);

impl Denial {
    /// Every denial, in order.
    pub const ALL: [Denial; 35] = [
        Denial::UnknownKey,
        Denial::AccountSuspended,
        Denial::MemberSuspended,
        Denial::MemberEnded,
        Denial::KeyDisabled,
        Denial::KeyExpired,
        Denial::TooManyDenials,
        Denial::SecretMissing,
        Denial::SecretWrong,
        Denial::AddressNotAllowed,
        Denial::DomainNotAllowed,
        Denial::ApiNotInPlan,
        Denial::NetworkNotInPlan,
        Denial::PathNotFound,
        Denial::EncodingNotSupported,
        Denial::BodyTooLarge,
        Denial::Malformed,
        Denial::BatchTooLarge,
        Denial::MethodNotAllowed,
        Denial::ContractNotAllowed,
        Denial::RateLimited(Scope::Key),
        Denial::RateLimited(Scope::Member),
        Denial::RateLimited(Scope::Account),
        Denial::QuotaExhausted(Scope::Key),
        Denial::QuotaExhausted(Scope::Member),
        Denial::QuotaExhausted(Scope::Account),
        Denial::QuotaUnavailable,
        Denial::NotReady(NotReady::PolicyStale),
        Denial::NotReady(NotReady::JournalFull),
        Denial::NotReady(NotReady::Starting),
        Denial::NotReady(NotReady::Draining),
        Denial::NotReady(NotReady::Overloaded),
        Denial::UpstreamUnreachable,
        Denial::UpstreamTimeout,
        Denial::UpstreamIncomplete,
    ];

    /// The code: the same word wherever this denial is named.
    pub const fn code(self) -> &'static str {
        self.facts().0
    }

    /// The HTTP status where a denial has one.
    pub const fn status(self) -> u16 {
        self.facts().1
    }

    /// The code of the JSON-RPC error object.
    pub const fn json_rpc_code(self) -> i64 {
        self.facts().2
    }

    /// A sentence for the person who reads the answer: what is wrong and the way out.
    pub const fn sentence(self) -> &'static str {
        self.facts().3
    }

    /// What the code leaves open: the scope of a limit, or why the node is not ready.
    pub const fn rule(self) -> Option<&'static str> {
        match self {
            Denial::RateLimited(scope) | Denial::QuotaExhausted(scope) => Some(scope.as_str()),
            Denial::NotReady(reason) => Some(reason.as_str()),
            _ => None,
        }
    }

    /// Its place in [`Denial::ALL`], for storing.
    pub fn index(self) -> u8 {
        Self::ALL.iter().position(|denial| *denial == self).expect("ALL has every denial") as u8
    }

    /// The denial at that place.
    pub fn from_index(index: u8) -> Option<Denial> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// Whether it was the upstream's doing: the call was admitted and charged before.
    pub const fn is_upstreams(self) -> bool {
        matches!(self, Denial::UpstreamUnreachable | Denial::UpstreamTimeout | Denial::UpstreamIncomplete)
    }

    /// Whether it ends what still runs: the value, its key, its member or its account is not to be served any more.
    pub const fn is_stop(self) -> bool {
        use Denial::{AccountSuspended, KeyDisabled, KeyExpired, MemberEnded, MemberSuspended, UnknownKey};
        matches!(self, UnknownKey | AccountSuspended | MemberSuspended | MemberEnded | KeyDisabled | KeyExpired)
    }

    const fn facts(self) -> Facts {
        match self {
            Denial::UnknownKey => {
                Facts("unknown_key", 401, -32000, "The request carries no key, or one that is not known here.")
            }
            Denial::AccountSuspended => {
                Facts("account_suspended", 403, -32000, "The account is suspended; its operator can activate it.")
            }
            Denial::MemberSuspended => Facts(
                "member_suspended",
                403,
                -32000,
                "The member is suspended; the account's owner can activate them.",
            ),
            Denial::MemberEnded => {
                Facts("member_ended", 403, -32000, "The member's seat has ended; the account's owner can move its end.")
            }
            Denial::KeyDisabled => Facts("key_disabled", 403, -32000, "The key is disabled; it can be enabled again."),
            Denial::KeyExpired => Facts("key_expired", 403, -32000, "The key, or this value of it, has expired."),
            Denial::TooManyDenials => Facts(
                "too_many_denials",
                429,
                -32005,
                "This key or address was refused too often; nothing more is looked at until the moment told.",
            ),
            Denial::SecretMissing => Facts(
                "secret_missing",
                401,
                -32000,
                "The key asks for its secret: send it as the password of HTTP Basic without a name, or as x-api-secret.",
            ),
            Denial::SecretWrong => Facts("secret_wrong", 401, -32000, "The secret is not the one of this key."),
            Denial::AddressNotAllowed => Facts(
                "address_not_allowed",
                403,
                -32000,
                "The allowlist of addresses does not have the one that this request came from.",
            ),
            Denial::DomainNotAllowed => Facts(
                "domain_not_allowed",
                403,
                -32000,
                "The allowlist of domains does not have that of the page which this request came from.",
            ),
            Denial::ApiNotInPlan => {
                Facts("api_not_in_plan", 403, -32000, "The account or the key does not include this API.")
            }
            Denial::NetworkNotInPlan => {
                Facts("network_not_in_plan", 403, -32000, "The key does not include this network.")
            }
            Denial::PathNotFound => Facts("path_not_found", 404, -32600, "Nothing is served at this path."),
            Denial::EncodingNotSupported => Facts(
                "encoding_not_supported",
                415,
                -32600,
                "JSON-RPC is taken by POST, as JSON without a content encoding.",
            ),
            Denial::BodyTooLarge => Facts("body_too_large", 413, -32600, "The body is larger than this API allows."),
            Denial::Malformed => {
                Facts("malformed", 400, -32600, "The request cannot be read, or could be read in two ways.")
            }
            Denial::BatchTooLarge => {
                Facts("batch_too_large", 413, -32600, "The batch has more calls than this API allows; split it.")
            }
            Denial::MethodNotAllowed => {
                Facts("method_not_allowed", 403, -32004, "The allowlist of methods does not have the one of this call.")
            }
            Denial::ContractNotAllowed => Facts(
                "contract_not_allowed",
                403,
                -32004,
                "The allowlist of contracts lacks one that this call touches, or it cannot be told which it touches.",
            ),
            Denial::RateLimited(_) => {
                Facts("rate_limited", 429, -32005, "Calls come faster than the rate limit; slow down and try again.")
            }
            Denial::QuotaExhausted(_) => Facts(
                "quota_exhausted",
                429,
                -32005,
                "The quota is used up, or what is left is less than this call costs.",
            ),
            Denial::QuotaUnavailable => {
                Facts("quota_unavailable", 503, -32603, "The quota cannot be checked at the moment; try again shortly.")
            }
            Denial::NotReady(_) => {
                Facts("not_ready", 503, -32603, "The gateway cannot take calls at the moment; try again shortly.")
            }
            Denial::UpstreamUnreachable => {
                Facts("upstream_unreachable", 502, -32603, "The API behind the gateway could not be reached.")
            }
            Denial::UpstreamTimeout => {
                Facts("upstream_timeout", 504, -32603, "The API behind the gateway did not answer in time.")
            }
            Denial::UpstreamIncomplete => {
                Facts("upstream_incomplete", 502, -32603, "The API behind the gateway broke off its answer.")
            }
        }
    }
}

impl fmt::Display for Denial {
    /// The code, and the rule in brackets where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule() {
            Some(rule) => write!(f, "{} ({rule})", self.code()),
            None => f.write_str(self.code()),
        }
    }
}

/// Why a text names no denial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the code of a denial")]
pub struct NotADenial(String);

impl FromStr for Denial {
    type Err = NotADenial;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, NotADenial> {
        let named = Self::ALL.into_iter().find(|denial| denial.to_string() == text);
        named.ok_or_else(|| NotADenial(text.chars().take(60).collect()))
    }
}
