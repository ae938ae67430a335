//! How ownership is shown: who owns the account, to whom it is offered, and what may be done about it.

use domain::{
    member::Member,
    ownership::{OwnershipOffer, OwnershipRefused},
    permission::Permission,
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actor::Actor,
    app::App,
    error::Problem,
    view::{Allowed, Moment, Ref},
};

/// Who owns an account, and to whom it is offered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ownership)]
pub struct OwnershipView {
    /// The owner's seat.
    pub owner: Ref,
    /// The offer that stands; none for who it does not concern.
    pub offer: Option<OfferView>,
    /// What you may do about it.
    pub can: OwnershipCan,
}

/// An offer of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnershipOffer)]
pub struct OfferView {
    /// To whom.
    pub to: Ref,
    /// Whether it is to you.
    pub is_to_me: bool,
    /// When it was made.
    pub created_at: Moment,
    /// Until when it can be accepted.
    pub expires_at: Moment,
}

/// What you may do about the ownership of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnershipCan {
    /// Offer it to another member.
    pub offer: Allowed,
    /// Take the offer back.
    pub withdraw: Allowed,
    /// Accept or decline it.
    pub answer: Allowed,
}

/// What `seat`, which is the actor's as it is now, sees of its account's ownership.
///
/// Errors: those of the store.
pub async fn show(app: &App, actor: &Actor, seat: &Member) -> Result<OwnershipView, Problem> {
    let now = app.now();
    let owner = store::member::owner(&app.store, seat.account).await?.ok_or_else(|| Problem::not_found("owner"))?;
    let standing = store::ownership::standing(&app.store, seat.account).await?.filter(|offer| offer.is_open(now));
    let concerns = |offer: &OwnershipOffer| {
        [offer.owner, offer.successor].contains(&seat.id) || actor.permissions().has(Permission::TeamworkView)
    };
    let standing = standing.filter(concerns);
    let can = can(seat, standing.as_ref(), now);
    let offer = match standing {
        None => None,
        Some(offer) => {
            let to = store::member::find(&app.store, offer.successor).await?;
            let to = to.ok_or_else(|| Problem::not_found("member"))?;
            Some(OfferView {
                is_to_me: to.id == seat.id,
                to: named(&to),
                created_at: offer.created_at.into(),
                expires_at: offer.expires_at().into(),
            })
        }
    };
    Ok(OwnershipView { owner: named(&owner), offer, can })
}

fn can(seat: &Member, standing: Option<&OwnershipOffer>, now: Timestamp) -> OwnershipCan {
    let owns = || if seat.is_owner() { Ok(()) } else { Err(OwnershipRefused::NotTheOwner.to_string()) };
    let nothing = || "the account is not offered to anybody".to_owned();
    let free = if standing.is_some() { Err(OwnershipRefused::Standing.to_string()) } else { Ok(()) };
    let mine = match standing {
        Some(offer) if offer.successor == seat.id && offer.is_open(now) => Ok(()),
        Some(_) => Err("the account is offered to somebody else".to_owned()),
        None => Err(nothing()),
    };
    OwnershipCan {
        offer: owns().and(free).into(),
        withdraw: owns().and_then(|()| standing.map(drop).ok_or_else(nothing)).into(),
        answer: mine.into(),
    }
}

fn named(member: &Member) -> Ref {
    Ref { id: member.id.to_string(), name: member.name.to_string() }
}
