//! Making an account for somebody: they are invited to own it, and it is theirs once they follow the link.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    account::Account,
    api::Api,
    audit::Action,
    invitation::{Invitation, InvitationRefused},
    member::{Member, MemberState},
    name::{ApiName, PlanName, Title},
    person::Email,
    plan::rate_below_dearest,
    rate_limit::RateLimit,
    role::Role,
    subscription::Subscription,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    deed::{Deed, still_operator},
    view::{self, OperatorAccount},
};
use crate::{
    actor::Operator,
    app::App,
    body::{Body, field},
    error::Problem,
    invitation::Offer,
    mail,
};

/// Who an owner is invited by, in the letter.
const OPERATOR: &str = "The operator";
/// The most plans that are named at once.
const MAX_PLANS: usize = 100;

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What people will call it: 1 to 80 characters.
    name: String,
    /// The name of who will own it.
    owner_name: String,
    /// Their mail address: the invitation goes there.
    owner_email: String,
    /// Plans in place of the APIs' default ones.
    #[serde(default)]
    plans: Vec<PlanChoice>,
}

/// A plan for an API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChoice {
    /// The API.
    api: String,
    /// The plan.
    plan: String,
}

/// Makes an account, with a subscription to each API under its default plan or the one that is named, and invites its owner; for
/// operators.
#[utoipa::path(post, path = "/operator/accounts", tag = "operator", request_body = NewAccount,
    responses((status = 201, body = OperatorAccount), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn create_account(
    State(app): State<Arc<App>>,
    operator: Operator,
    Body(asked): Body<NewAccount>,
) -> Result<(StatusCode, Json<OperatorAccount>), Problem> {
    let name = field::<Title>("name", &asked.name)?;
    let owner_name = field::<Title>("owner_name", &asked.owner_name)?;
    let email = field::<Email>("owner_email", &asked.owner_email)?;
    let now = app.now();
    let account = Account { id: app.id(now), name, created_at: now, suspended_at: None, lists: Default::default() };
    let tx = app.store.begin().await?;
    still_operator(&tx, &operator).await?;
    store::account::insert(&tx, &account).await?;
    let owner = Member {
        id: app.id(now),
        account: account.id,
        name: owner_name,
        email,
        person: None,
        role: Some(Role::Owner),
        created_at: now,
        activated_at: None,
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    store::member::insert(&tx, &owner).await?;
    let deed = Deed::on(&app, &operator, tx, account, now);
    subscribe(&deed, &asked.plans).await?;
    let told = json!({ "owner_name": owner.name, "owner_email": owner.email.to_string() });
    deed.record(Action::AccountCreate, (deed.account.id, deed.account.name.as_str()), None, Some(told)).await?;
    invite(&deed, &owner).await?;
    let (_, account) = deed.commit().await?;
    Ok((StatusCode::CREATED, Json(view::whole(&app, account).await?)))
}

/// Invites the owner of an account again, with a new link; for operators.
#[utoipa::path(post, path = "/operator/accounts/{account}/invitation", tag = "operator",
    params(("account" = String, Path)),
    responses((status = 200, body = OperatorAccount), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn resend_owner_invitation(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(account): Path<String>,
) -> Result<Json<OperatorAccount>, Problem> {
    let deed = Deed::begin(&app, &operator, &account).await?;
    let owner = store::member::owner(&deed.tx, deed.account.id).await?.ok_or_else(|| Problem::not_found("owner"))?;
    if owner.state() != MemberState::Pending {
        return Err(InvitationRefused::NotPending(owner.state()).into());
    }
    if let Some(sent) = store::invitation::of_member(&deed.tx, owner.id).await? {
        store::invitation::save(&deed.tx, &sent.withdraw(deed.now)).await?;
    }
    invite(&deed, &owner).await?;
    deed.record(Action::MemberInviteAgain, (owner.id, owner.name.as_str()), None, None).await?;
    let (_, account) = deed.commit().await?;
    view::whole(&app, account).await.map(Json)
}

/// A subscription to each API that has a default plan, and to those that are named.
async fn subscribe(deed: &Deed<'_>, named: &[PlanChoice]) -> Result<(), Problem> {
    if named.len() > MAX_PLANS {
        return Err(Problem::field("plans", format!("at most {MAX_PLANS} plans")));
    }
    let mut chosen: Vec<(ApiName, PlanName)> = Vec::new();
    for choice in named {
        let (api, plan) = (field::<ApiName>("plans", &choice.api)?, field::<PlanName>("plans", &choice.plan)?);
        if chosen.iter().any(|(other, _)| *other == api) {
            return Err(Problem::field("plans", format!("{api} is named twice")));
        }
        chosen.push((api, plan));
    }
    let apis = store::api::list(&deed.tx).await?;
    for (name, plan) in &chosen {
        match apis.iter().find(|api| api.name == *name) {
            Some(api) => may_serve(deed, "plans", plan, api).await?,
            None => return Err(Problem::field("plans", format!("there is no API {name}"))),
        }
    }
    for api in apis {
        let named = chosen.iter().find(|(name, _)| *name == api.name).map(|(_, plan)| plan.clone());
        let Some(plan) = named.or(api.default_plan) else { continue };
        let id = deed.app.id(deed.now);
        let subscription = Subscription { id, account: deed.account.id, api: api.name, plan, started_at: deed.now };
        store::subscription::insert(&deed.tx, &subscription, deed.now, &mut || deed.app.random()).await?;
    }
    Ok(())
}

/// Whether there is such a plan, and it can serve the dearest call of the API.
///
/// Errors: 422 with the field's name.
pub async fn may_serve(deed: &Deed<'_>, field: &str, plan: &PlanName, api: &Api) -> Result<(), Problem> {
    let Some(plan) = store::plan::find(&deed.tx, plan).await? else {
        return Err(Problem::field(field, format!("there is no plan {plan}")));
    };
    let Some((RateLimit { limit, per, .. }, dearest)) = rate_below_dearest(&plan, &api.prices) else { return Ok(()) };
    let (plan, api) = (&plan.name, &api.name);
    let why = format!("plan {plan} allows {limit} credits per {per}, but the dearest call of {api} costs {dearest}");
    Err(Problem::field(field, format!("{why}; choose a plan with a higher rate")))
}

async fn invite(deed: &Deed<'_>, owner: &Member) -> Result<(), Problem> {
    let (app, token) = (deed.app, deed.app.token());
    let invitation = Invitation {
        id: app.id(deed.now),
        account: deed.account.id,
        member: owner.id,
        invited_by: None,
        hash: token.hash(),
        created_at: deed.now,
        accepted_at: None,
        withdrawn_at: None,
        refused: None,
    };
    store::invitation::insert(&deed.tx, &invitation).await?;
    let inviter = OPERATOR.parse().expect("it can be a name");
    let offer = Offer { role: Role::Owner.to_string(), key: None, brings_a_key: false };
    let by = (&deed.account.name, &inviter);
    let letter = app.letters.invitation(&invitation, owner, by, &offer, &token)?;
    mail::post_invitation(app, &deed.tx, (&owner.email, invitation.id), letter, deed.now).await
}
