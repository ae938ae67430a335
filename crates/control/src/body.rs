//! Body: what a request brings, read within a limit into a checked shape. A wrong field is told by its name.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The longest body of a request, in bytes; the tester's own limit is larger.
pub const MAX_BODY: usize = 64 << 10;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "Send the body as application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(too_large)?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let read: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            Problem::field(if path == "." { "" } else { &path }, error.inner())
        })?;
        reader.end().map_err(|error| Problem::field("", error))?;
        Ok(Body(read))
    }
}

/// The query of a request.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(read)) => Ok(Asked(read)),
            Err(refused) => Err(Problem::field("query", refused.body_text())),
        }
    }
}

/// A field in its checked form.
///
/// Errors: 422 with the field's name.
pub fn field<T: std::str::FromStr<Err: ToString>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|why: T::Err| Problem::field(name, why.to_string()))
}

/// The same for a field that may be missing.
///
/// Errors: as [`field`].
pub fn field_if_any<T: std::str::FromStr<Err: ToString>>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|text| field(name, text)).transpose()
}

fn too_large(refused: BytesRejection) -> Problem {
    match refused.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is longer than is taken here.")
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "body_broken", "The body could not be read to its end."),
    }
}

/// An answer without a body.
pub struct Nothing;

impl IntoResponse for Nothing {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}
