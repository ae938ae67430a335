//! The routes of the control listener: the table of contents, and the contract. One expression lists them and yields the OpenAPI
//! description.

use std::sync::Arc;

use axum::{Json, Router, extract::DefaultBodyLimit, middleware, response::IntoResponse, routing::get};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access_token, account, allowlist, app::App, audit, body::MAX_BODY, dashboard, denial, headers, host, instance,
    invitation, key, link, member, operator, origin, outbox, ownership, person, registration, request_log, reset,
    second_factor, session, stats, tester, value,
};

/// Where the REST API begins.
pub const BASE: &str = "/api/v1";

/// All routes. A request for another host than that of `public_url` is refused with 421; one of another site that would change
/// something, with 403.
pub fn router(app: Arc<App>) -> Router {
    let (api, description) = api().split_for_parts();
    let description = Arc::new(finished(description));
    let describe = move || {
        let description = Arc::clone(&description);
        async move { Json(&*description).into_response() }
    };
    Router::new()
        .nest(BASE, api.route("/openapi.json", get(describe)))
        .route("/docs/errors", get(denial::list_denials))
        .fallback(dashboard::show)
        .layer(middleware::from_fn_with_state(app.clone(), origin::only_ours))
        .layer(middleware::from_fn_with_state(app.clone(), host::only_public))
        .layer(middleware::from_fn_with_state(app.clone(), headers::set))
        .with_state(app)
}

/// The description of the REST API: what `openapi.json` holds.
pub fn description() -> OpenApi {
    finished(api().split_for_parts().1)
}

fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(instance::get_instance))
        // People.
        .routes(routes!(session::list_sessions, session::sign_in, session::end_other_sessions))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::end_session))
        .routes(routes!(person::get_me, person::update_me))
        .routes(routes!(person::change_password))
        .routes(routes!(second_factor::get_second_factor, second_factor::begin_second_factor))
        .routes(routes!(second_factor::confirm_second_factor))
        .routes(routes!(second_factor::draw_recovery_codes))
        .routes(routes!(second_factor::remove_second_factor))
        .routes(routes!(access_token::list_access_tokens, access_token::make_access_token))
        .routes(routes!(access_token::end_access_token))
        .routes(routes!(registration::register))
        .routes(routes!(registration::confirm_registration))
        .routes(routes!(reset::ask_reset))
        .routes(routes!(reset::confirm_reset))
        .routes(routes!(link::look_up_link))
        .routes(routes!(invitation::accept_invitation))
        .routes(routes!(operator::become_operator))
        // The account and who has a seat in it.
        .routes(routes!(account::get_account, account::update_account))
        .routes(routes!(second_factor::rule::get_second_factor_rule, second_factor::rule::set_second_factor_rule))
        .routes(routes!(ownership::get_ownership, ownership::offer_ownership, ownership::withdraw_ownership))
        .routes(routes!(ownership::accept_ownership))
        .routes(routes!(ownership::decline_ownership))
        .routes(routes!(member::leave::leave_account))
        .routes(routes!(member::list_members))
        .routes(routes!(invitation::invite_member))
        .routes(routes!(member::get_member, member::edit::update_member, member::leave::remove_member))
        .routes(routes!(invitation::resend_invitation, invitation::withdraw_invitation))
        .routes(routes!(member::suspend_member))
        .routes(routes!(member::activate_member))
        // Keys.
        .routes(routes!(key::list_keys, key::create::create_key))
        .routes(routes!(key::get_key, key::update_key, key::revoke_key))
        .routes(routes!(key::enable_key))
        .routes(routes!(key::disable_key))
        .routes(routes!(key::hand_over::hand_over_key))
        .routes(routes!(value::draw_value))
        .routes(routes!(value::revoke_value))
        .routes(routes!(key::limit::get_key_limits, key::limit::set_key_limits))
        .routes(routes!(key::secret::draw_secret, key::secret::require_secret, key::secret::remove_secret))
        // What was called and changed.
        .routes(routes!(request_log::list_requests))
        .routes(routes!(request_log::get_request))
        .routes(routes!(stats::get_stats))
        .routes(routes!(audit::list::list_audit))
        // The operator's.
        .routes(routes!(outbox::list_outbox))
        .routes(routes!(outbox::retry_mail))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(allowlist::of_key::get_allowlists, allowlist::of_key::set_allowlists))
                .routes(routes!(
                    allowlist::of_account::get_account_allowlists,
                    allowlist::of_account::set_account_allowlists
                ))
                .layer(DefaultBodyLimit::max(allowlist::MAX_BODY)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(tester::send_test_call))
                .layer(DefaultBodyLimit::max(2 * tester::MAX_BODY)),
        )
}

fn finished(description: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Keyward")
        .version("1")
        .description(Some(
            "Sharing API access inside a team. All times are RFC 3339 in UTC, all ids have a prefix that tells their noun. \
             Errors are problem details (RFC 9457) with a `code` that stays. A person's requests carry the cookie of a session, a program's \
             `Authorization: Bearer` with an access token; never both.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    OpenApiBuilder::from(description).info(info).servers(Some([ServerBuilder::new().url(BASE).build()])).build()
}

#[cfg(test)]
mod tests;
