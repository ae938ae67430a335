//! The routes of the control listener: the table of contents, and the contract. One expression lists them and yields the OpenAPI
//! description.

use std::sync::Arc;

use axum::{Json, Router, extract::DefaultBodyLimit, middleware, response::IntoResponse, routing::get};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access_token, account, address_change, allowlist, app::App, audit, body::MAX_BODY, dashboard, denial, grant,
    headers, host, idempotency, instance, invitation, key, leak, link, member, operator, origin, outbox, ownership,
    person, registration, request_log, reset, role, second_factor, session, stats, tester, value,
};

/// Where the REST API begins.
pub const BASE: &str = "/api/v1";

/// All routes. A request for another host than that of `public_url` is refused with 421; one of another site that would change
/// something, with 403.
pub fn router(app: Arc<App>) -> Router {
    let (api, description) = api().split_for_parts();
    let description = Arc::new(contract::finished(description, BASE));
    let describe = move || {
        let description = Arc::clone(&description);
        async move { Json(&*description).into_response() }
    };
    Router::new()
        .nest(BASE, api.route("/openapi.json", get(describe)))
        .route("/docs/errors", get(denial::list_denials))
        .fallback(dashboard::show)
        .layer(middleware::from_fn_with_state(app.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(app.clone(), origin::only_ours))
        .layer(middleware::from_fn_with_state(app.clone(), host::only_public))
        .layer(middleware::from_fn_with_state(app.clone(), headers::set))
        .with_state(app)
}

/// The description of the REST API: what `openapi.json` holds.
pub fn description() -> OpenApi {
    contract::finished(api().split_for_parts().1, BASE)
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
        .routes(routes!(address_change::change_address))
        .routes(routes!(address_change::confirm_address))
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
        .routes(routes!(member::list::list_members))
        .routes(routes!(invitation::invite_member))
        .routes(routes!(member::get_member, member::edit::update_member, member::leave::remove_member))
        .routes(routes!(invitation::resend_invitation, invitation::withdraw_invitation))
        .routes(routes!(member::suspend_member))
        .routes(routes!(member::activate_member))
        // Keys.
        .routes(routes!(key::list::list_keys, key::create::create_key))
        .routes(routes!(key::get_key, key::update_key, key::revoke_key))
        .routes(routes!(key::enable_key))
        .routes(routes!(key::disable_key))
        .routes(routes!(key::version::list_versions))
        .routes(routes!(key::version::get_version))
        .routes(routes!(key::version::restore_version))
        .routes(routes!(key::hand_over::hand_over_key))
        .routes(routes!(value::draw_value))
        .routes(routes!(value::revoke_value))
        .routes(routes!(value::replaced::list_replaced_values))
        .routes(routes!(leak::report_leaked))
        .routes(routes!(leak::rule::get_leak_rule, leak::rule::set_leak_rule))
        .routes(routes!(key::limit::get_key_limits, key::limit::set_key_limits))
        .routes(routes!(key::secret::draw_secret, key::secret::require_secret, key::secret::remove_secret))
        // Roles, and who holds one on which key.
        .routes(routes!(role::of_account::list_roles, role::of_account::create_role, role::of_account::set_roles))
        .routes(routes!(role::of_account::update_role, role::of_account::delete_role))
        .routes(routes!(role::of_key::list_key_roles, role::of_key::create_key_role, role::of_key::set_key_roles))
        .routes(routes!(role::of_key::update_key_role, role::of_key::delete_key_role))
        .routes(routes!(grant::list::list_key_members))
        .routes(routes!(grant::set_key_member, grant::remove_key_member))
        .routes(routes!(grant::invite::invite_to_key))
        // What was called and changed.
        .routes(routes!(request_log::list_requests))
        .routes(routes!(request_log::get_request))
        .routes(routes!(stats::get_stats))
        .routes(routes!(audit::list::list_audit))
        .routes(routes!(audit::export::export_audit))
        // The operator's.
        .routes(routes!(operator::account::list_accounts, operator::create::create_account))
        .routes(routes!(operator::account::look_at_account))
        .routes(routes!(operator::create::resend_owner_invitation))
        .routes(routes!(operator::account::suspend_account))
        .routes(routes!(operator::account::activate_account))
        .routes(routes!(operator::plan::list_plans))
        .routes(routes!(operator::plan::assign_plan))
        .routes(routes!(operator::extra_units::list_extra_units, operator::extra_units::grant_extra_units))
        .routes(routes!(operator::log::list_account_requests))
        .routes(routes!(audit::list::list_operator_audit))
        .routes(routes!(audit::export::export_operator_audit))
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

mod contract;

#[cfg(test)]
mod tests;
