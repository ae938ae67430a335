//! Receipt: a denial with what is needed to understand it and to do something about it.

use std::borrow::Cow;

use domain::{
    allowlist::{Layer, ListKind},
    api::Dialect,
    decision::Denial,
    id::{KeyId, MemberId},
    quota::Scope,
    time::Timestamp,
};

use super::zan;
use crate::{
    asked::Came,
    credential::{NoValue, Target},
};

/// The most bytes of a value seen that are told back.
const MAX_SEEN: usize = 200;

/// A denial, as it is told.
#[derive(Clone, Copy)]
pub(crate) struct Receipt<'a> {
    /// Why.
    pub denial: Denial,
    /// What exactly, where more is known than the denial's own sentence.
    pub detail: Option<&'a str>,
    /// What the request had: a path, a network, a method. Never the value.
    pub seen: Option<&'a str>,
    /// From when on it may go well.
    pub retry_at: Option<Timestamp>,
    /// The request, and when it came.
    pub came: Came,
    /// Public address of the dashboard.
    pub receipts_url: Option<&'a str>,
    /// Whose value it was, if it is known.
    pub owner: Option<Owner>,
    /// In which words it is told.
    pub dialect: Dialect,
    /// What was asked for, for dialects that repeat it.
    pub target: Option<&'a Target>,
    /// Why there was no value, if there was none.
    pub lack: Option<NoValue>,
    /// Which list denies, and whose it is, where it is a list.
    pub list: Option<(ListKind, Layer)>,
}

/// What the page is about where someone can change the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The key that was presented.
    pub key: KeyId,
    /// Whose value it is.
    pub member: Option<MemberId>,
}

impl<'a> Receipt<'a> {
    /// A sentence for people.
    pub fn detail(&self) -> &'a str {
        self.detail.unwrap_or(self.denial.sentence())
    }

    /// The message of a JSON-RPC error.
    pub fn message(&self) -> Cow<'a, str> {
        match self.dialect {
            Dialect::Zan => zan::message(self),
            _ => self.detail().into(),
        }
    }

    /// The code of a JSON-RPC error.
    pub fn json_rpc_code(&self) -> i64 {
        match self.dialect {
            Dialect::Zan => zan::code(self.denial, self.lack),
            _ => self.denial.json_rpc_code(),
        }
    }

    /// The documentation of the code; none without a public address.
    pub fn docs(&self) -> Option<String> {
        self.receipts_url.map(|url| format!("{url}/docs/errors#{}", self.denial.code()))
    }

    /// The page where someone with the permission can change it.
    pub fn manage(&self) -> Option<String> {
        let (url, owner) = (self.receipts_url?, self.owner?);
        let scope = match self.denial {
            _ if self.list.is_some_and(|(_, layer)| layer == Layer::Account) => Scope::Account,
            Denial::KeyDisabled
            | Denial::KeyExpired
            | Denial::SecretMissing
            | Denial::SecretWrong
            | Denial::AddressNotAllowed
            | Denial::DomainNotAllowed
            | Denial::MethodNotAllowed
            | Denial::ContractNotAllowed
            | Denial::NetworkNotInPlan => Scope::Key,
            Denial::MemberSuspended | Denial::MemberEnded => Scope::Member,
            Denial::AccountSuspended | Denial::ApiNotInPlan => Scope::Account,
            Denial::RateLimited(scope) | Denial::QuotaExhausted(scope) => scope,
            _ => return None,
        };
        Some(match (scope, owner.member) {
            (Scope::Key, _) => format!("{url}/keys/{}", owner.key),
            (Scope::Member, Some(member)) => format!("{url}/members/{member}"),
            _ => format!("{url}/account"),
        })
    }

    /// Writes one JSON object: all members, and where the code is documented.
    pub fn write_object(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        self.write_members(out);
        if let Some(docs) = self.docs() {
            out.extend_from_slice(br#","docs":"#);
            write_text(out, &docs);
        }
        out.push(b'}');
    }

    /// Writes the members that all dialects share, beginning with `"code"`, without braces.
    pub fn write_members(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#""code":"#);
        write_text(out, self.denial.code());
        let seen = self.seen.map(shortened);
        let retry_at = self.retry_at.map(|moment| moment.to_string());
        let (request, manage) = (self.came.id.to_string(), self.manage());
        let optional = [
            (&br#","rule":"#[..], self.denial.rule()),
            (br#","list":"#, self.list.map(|(kind, _)| kind.as_str())),
            (br#","layer":"#, self.list.map(|(_, layer)| layer.as_str())),
            (br#","seen":"#, seen),
            (br#","retry_at":"#, retry_at.as_deref()),
            (br#","request_id":"#, Some(&request)),
            (br#","manage":"#, manage.as_deref()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                out.extend_from_slice(name);
                write_text(out, value);
            }
        }
    }
}

/// Writes a JSON string.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("text is always JSON, and a Vec takes every write");
}

fn shortened(text: &str) -> &str {
    let end = (0..=MAX_SEEN.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
