//! Reach: which values the one who reports leaks may revoke, and as whom.

use domain::{
    key::{Key, Value},
    member::MemberState,
    permission::Permission,
    standing::Standing,
    time::Timestamp,
};
use store::Tx;

use crate::{actor::Caller, app::App, audit::Who, error::Problem, second_factor};

/// Whose values a report finds.
pub struct Reach {
    caller: Caller,
    is_operator: bool,
    seats: Vec<Standing>,
}

impl Reach {
    /// The seats of the one who asks, as they are inside the transaction; with an access token that of its account. Where a second
    /// factor is required that they do not have, they reach nothing.
    ///
    /// Errors: those of the store.
    pub async fn of(app: &App, tx: &Tx, caller: &Caller, now: Timestamp) -> Result<Reach, Problem> {
        let (person, token) = (&caller.person, caller.token());
        let operates = person.operator_at.is_some() && token.is_none_or(|token| token.is_operator);
        let is_operator = operates && second_factor::lacking(app, person.id, None).await?.is_none();
        let mut seats = Vec::new();
        for seat in store::member::list_of_person(tx, person.id).await? {
            let is_meant = token.is_none_or(|token| token.account == Some(seat.account));
            if is_meant
                && seat.state_at(now) == MemberState::Active
                && second_factor::lacking(app, person.id, Some(seat.account)).await?.is_none()
            {
                let Standing { seat, rights } = store::standing::of(tx, seat).await?;
                seats.push(Standing { seat, rights: rights.limited_to(caller.lets()) });
            }
        }
        Ok(Reach { caller: caller.clone(), is_operator, seats })
    }

    /// As whom the value may be revoked: in a seat, by `keys.revoke` or because it is one's own, or as an operator. None: it is out
    /// of reach.
    pub fn who(&self, key: &Key, value: &Value) -> Option<Who> {
        let may = |standing: &&Standing| {
            let rights = &standing.rights;
            let is_own = value.member == Some(standing.seat.id) && rights.most().has(Permission::KeysUse);
            standing.seat.account == key.account && (is_own || rights.on(key.id).has(Permission::KeysRevoke))
        };
        match self.seats.iter().find(may) {
            Some(standing) => Some(Who::from(&self.caller).in_seat(key.account, standing.seat.id)),
            None => self.is_operator.then(|| Who::operator(&self.caller, Some(key.account))),
        }
    }
}
