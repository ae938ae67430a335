//! Error: what a request was refused for, as RFC 9457 problem details. The one place where refusals of other parts become
//! statuses; words for people and what only the log may know are kept apart.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{allowlist::ListRefused, permission::Permission, role::RoleRefused, standing::Lacking};
use serde::Serialize;
use store::StoreError;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// Why a request was not carried out.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    /// What programs tell problems apart by.
    pub code: &'static str,
    /// What happened, for people.
    pub detail: String,
    field: Option<Box<str>>,
    permission: Option<Permission>,
    hint: Option<Box<str>>,
    retry_after: Option<u32>,
    /// The version that was seen, and the one that there is.
    versions: Option<(u64, u64)>,
}

/// Why a request was not carried out (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
struct ProblemView<'a> {
    /// What sort of problem: a name that stays.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The code in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What programs tell problems apart by.
    #[schema(example = "missing_permission")]
    code: &'static str,
    /// What happened, for people.
    detail: &'a str,
    /// The field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// The permission that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    permission: Option<&'static str>,
    /// The way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    /// Of what was changed meanwhile: the version that the request was based on.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_version: Option<u64>,
    /// Of what was changed meanwhile: the version that it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        ProblemView::schema()
    }
}

impl ToSchema for Problem {}

impl Problem {
    /// A problem with a status, a code and words for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        let detail = detail.into();
        Problem { status, code, detail, field: None, permission: None, hint: None, retry_after: None, versions: None }
    }

    /// The same with a way out.
    pub fn hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into().into()), ..self }
    }

    /// The same with the permission that one would need.
    pub fn permission(self, permission: Permission) -> Problem {
        Problem { permission: Some(permission), ..self }
    }

    /// The same with the seconds until it is worth trying again.
    pub fn retry_after(self, seconds: u64) -> Problem {
        Problem { retry_after: Some(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)), ..self }
    }

    /// The same with the version that was seen, and the one that there is.
    pub fn versions(self, seen: u64, now: u64) -> Problem {
        Problem { versions: Some((seen, now)), ..self }
    }

    /// Nobody is signed in.
    pub fn sign_in() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "sign_in", "Sign in first.")
    }

    /// A person does this themselves.
    pub fn needs_session() -> Problem {
        let detail = "An access token cannot do this; it takes a person who is signed in.";
        Problem::new(StatusCode::FORBIDDEN, "needs_session", detail)
    }

    /// It is not there, or you may not know that it is.
    pub fn not_found(what: &str) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such {what}."))
    }

    /// Your role allows it, and your access token does not.
    pub fn not_for_token(permission: Permission) -> Problem {
        let detail = format!("Your access token is not for {permission}.");
        let problem = Problem::new(StatusCode::FORBIDDEN, "missing_permission", detail);
        problem.permission(permission).hint("Make another that is, on the page Security.")
    }

    /// You see it, but may not do this with it: no role of yours holds the permission, or your program is not for it.
    pub fn lacking(lacking: Lacking, permission: Permission) -> Problem {
        match lacking {
            Lacking::Role => Problem::missing(permission),
            Lacking::Program => Problem::not_for_token(permission),
        }
    }

    /// You see it, but may not do this with it.
    pub fn missing(permission: Permission) -> Problem {
        let detail = format!("Your role lacks the permission {permission}.");
        let problem = Problem::new(StatusCode::FORBIDDEN, "missing_permission", detail);
        let hint = Some("Ask the owner or an admin of the account.".into());
        Problem { permission: Some(permission), hint, ..problem }
    }

    /// A role is not deleted while somebody holds it.
    pub fn role_in_use(name: &str, holders: usize) -> Problem {
        let who = if holders == 1 { "1 member holds".to_owned() } else { format!("{holders} members hold") };
        let problem = Problem::new(StatusCode::CONFLICT, "role_in_use", format!("{who} the role {name}."));
        problem.hint("Say what they get instead: replacement.")
    }

    /// A field of the request is wrong.
    pub fn field(field: &str, why: impl ToString) -> Problem {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", sentence(why.to_string()));
        Problem { field: Some(field.into()), ..problem }
    }

    /// The rules forbid it as things stand.
    pub fn refused(why: impl ToString) -> Problem {
        Problem::new(StatusCode::CONFLICT, "refused", sentence(why.to_string()))
    }

    /// Too much in too short a time; `seconds` until it is worth trying again.
    pub fn too_many(detail: impl Into<String>, seconds: u64) -> Problem {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail).retry_after(seconds)
    }

    /// A one-time link that does nothing any more.
    pub fn link_over(why: impl ToString) -> Problem {
        Problem::new(StatusCode::GONE, "link_over", sentence(why.to_string()))
    }

    /// Something that should not happen; `inside` goes to the log, not to the caller.
    pub fn internal(inside: impl std::fmt::Display) -> Problem {
        tracing::error!(error = %inside, "a request could not be carried out");
        let detail = "Keyward could not do this; the operator's log says why. Nothing was changed.";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let told = ProblemView {
            kind: "about:blank",
            title: self.code.replace('_', " "),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            field: self.field.as_deref(),
            permission: self.permission.map(Permission::as_str),
            hint: self.hint.as_deref(),
            seen_version: self.versions.map(|(seen, _)| seen),
            version: self.versions.map(|(_, now)| now),
        };
        let mut response = (self.status, Json(told)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Conflict { .. } => Problem::new(StatusCode::CONFLICT, "conflict", sentence(error.to_string())),
            StoreError::NotFound { what } => Problem::not_found(what),
            StoreError::Refused(refusal) => Problem::refused(refusal),
            StoreError::Database(inside) => {
                tracing::error!(error = %inside, "the store did not answer");
                let detail = "The database did not answer in time. Nothing was changed; try again.";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
            }
            StoreError::Newer { .. } | StoreError::Corrupt { .. } | StoreError::Folder { .. } => {
                Problem::internal(error)
            }
        }
    }
}

impl From<ListRefused> for Problem {
    fn from(refused: ListRefused) -> Problem {
        match refused {
            ListRefused::NotAllowed(kind) => Problem::missing(kind.permission()),
            ListRefused::Locked(kind) => {
                let detail = sentence(refused.to_string());
                Problem::new(StatusCode::FORBIDDEN, "list_locked", detail).permission(kind.permission())
            }
        }
    }
}

impl From<RoleRefused> for Problem {
    fn from(refused: RoleRefused) -> Problem {
        match refused {
            RoleRefused::Missing(permission) => Problem::missing(permission),
            RoleRefused::Beyond(permission) => {
                let detail = sentence(refused.to_string());
                Problem::new(StatusCode::FORBIDDEN, "beyond_you", detail).permission(permission)
            }
            RoleRefused::Oneself | RoleRefused::BuiltIn | RoleRefused::OutOfScope => Problem::refused(refused),
        }
    }
}

/// Refusals of the rules, which are written for people already.
macro_rules! refusals {
    ($($refusal:ty),* $(,)?) => {$(
        impl From<$refusal> for Problem {
            fn from(refusal: $refusal) -> Problem {
                Problem::refused(refusal)
            }
        }
    )*};
}

refusals! {
    domain::account::AccountRefused,
    domain::invitation::InvitationRefused,
    domain::key::KeyRefused,
    domain::member::MemberRefused,
    domain::ownership::OwnershipRefused,
    domain::plan::PlanRefused,
}

impl From<crate::mail::Unwritten> for Problem {
    fn from(unwritten: crate::mail::Unwritten) -> Problem {
        Problem::internal(unwritten)
    }
}

/// Upper case at the front, a full stop at the end.
fn sentence(text: String) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
