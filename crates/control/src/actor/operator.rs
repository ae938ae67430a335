//! Operators at the door: nobody else learns that there is such a place.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::Caller;
use crate::{app::App, error::Problem, second_factor};

/// Somebody who runs this installation, or their program; nobody else learns that there is such a place.
pub struct Operator(pub Caller);

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let lets = caller.token().is_none_or(|token| token.is_operator);
        if !lets || caller.person.operator_at.is_none() {
            return Err(Problem::not_found("page"));
        }
        second_factor::demand(app, caller.person.id, None).await?;
        Ok(Operator(caller))
    }
}
