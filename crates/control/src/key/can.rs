//! What somebody may do with a key: what its page offers, and why not.

use domain::{
    key::{Key, KeyRefused, Sharing, Value},
    permission::Permission,
    standing::Standing,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::may_draw;
use crate::{error::Problem, view::Allowed};

/// What you may do with a key.
#[derive(Serialize, ToSchema)]
pub struct KeyCan {
    /// Draw a value of it for yourself.
    pub draw: Allowed,
    /// Draw a value of it for a service of the account.
    pub draw_for_account: Allowed,
    /// Rename it, switch it on and off, change what it opens.
    pub edit: Allowed,
    /// Revoke it.
    pub revoke: Allowed,
    /// Call with it in the tester.
    pub test: Allowed,
    /// Change its limits.
    pub limits: Allowed,
    /// Draw its secret, and say whether calls must bring it.
    pub secret: Allowed,
}

/// What somebody may do with a key that has these values.
pub fn can(who: &Standing, key: &Key, live: &[&Value]) -> KeyCan {
    let permissions = who.rights.on(key.id);
    let alive = || if key.revoked_at.is_some() { Err(KeyRefused::Revoked.to_string()) } else { Ok(()) };
    let has = |permission| {
        if permissions.has(permission) { Ok(()) } else { Err(Problem::missing(permission).detail) }
    };
    let told = |told: Result<(), Problem>| told.map_err(|problem| problem.detail);
    let for_account = match key.sharing {
        Sharing::Own { .. } => Err("only shared keys have values of the account".to_owned()),
        Sharing::Shared => has(Permission::KeysRotate),
    };
    let mine = live.iter().any(|value| value.member == Some(who.seat.id));
    let test = if mine { Ok(()) } else { Err("draw a value of your own first".to_owned()) };
    KeyCan {
        draw: alive().and_then(|()| told(may_draw(who, key))).into(),
        draw_for_account: alive().and(for_account).into(),
        edit: alive().and_then(|()| has(Permission::KeysEdit)).into(),
        revoke: alive().and_then(|()| has(Permission::KeysRevoke)).into(),
        test: alive().and_then(|()| told(may_draw(who, key))).and(test).into(),
        limits: alive().and_then(|()| has(Permission::SecurityLimits)).into(),
        secret: alive().and_then(|()| has(Permission::SecuritySecret)).into(),
    }
}
