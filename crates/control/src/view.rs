//! View: words and moments as the REST API writes them. These types are the public contract; the domain's may change.

use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

/// A moment: RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Moment(pub Timestamp);

impl From<Timestamp> for Moment {
    fn from(moment: Timestamp) -> Moment {
        Moment(moment)
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into()
    }
}

impl ToSchema for Moment {}

/// An enum of the domain as the contract writes it.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident of $of:path { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(
                #[doc = concat!("`", stringify!($variant), "`, in lower case.")]
                $variant,
            )*
        }

        impl From<$of> for $name {
            fn from(word: $of) -> $name {
                use $of as Of;
                match word { $(Of::$variant => $name::$variant),* }
            }
        }

        impl From<$name> for $of {
            fn from(word: $name) -> $of {
                use $of as Of;
                match word { $($name::$variant => Of::$variant),* }
            }
        }
    )*};
}

words! {
    /// Where a member stands.
    MemberState of domain::member::MemberState { Pending, Active, Suspended, Ended, Removed }
    /// What a limit counts.
    Metric of domain::quota::Metric { Requests, Credits }
    /// The span that a rate is given for.
    Per of domain::rate_limit::Per { Second, Minute }
    /// Whether a list is looked at: not at all, to tell in the log what it would deny, or to deny.
    AllowlistMode of domain::allowlist::Mode { Off, Observe, Enforce }
    /// What is done with a value that leaked.
    OnLeak of domain::leak::OnLeak { Revoke, Alert }
    /// What a list is about.
    ListKind of domain::allowlist::ListKind { Addresses, Domains, Methods, Contracts }
    /// Whose calls a limit counts.
    Scope of domain::quota::Scope { Key, Member, Account }
    /// How a call ended.
    Outcome of domain::request_log::Outcome { Answered, Failed, Denied, Abandoned, Unknown }
    /// Where a row stands.
    RowState of domain::request_log::RowState { Open, Closed, Unknown, Cut }
    /// Where a mail stands.
    MailState of domain::mail::MailState { Waiting, Sent, Failed }
}

/// Something else by its id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ref {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// Whether a button works, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Allowed {
    /// Whether it would be done.
    pub allowed: bool,
    /// Why it would be refused.
    pub why: Option<String>,
}

impl<E: ToString> From<Result<(), E>> for Allowed {
    fn from(told: Result<(), E>) -> Allowed {
        match told {
            Ok(()) => Allowed { allowed: true, why: None },
            Err(why) => Allowed { allowed: false, why: Some(why.to_string()) },
        }
    }
}

/// An empty object: it was taken in, and nothing more is told.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Accepted {}
