//! Ending: who is concerned is told of a key or a seat that ends by itself, a week and a day before. What is told is written down in
//! the transaction that posts the mails, so that nobody is told twice, whoever else tells and whenever the program is started.

use std::collections::BTreeMap;

use domain::{
    account::Account,
    ending::{EndingNoun, WARNINGS, due},
    id::{AccountId, KeyId, MemberId},
    key::{Key, Sharing},
    member::{Member, MemberState},
    time::{DAY, Timestamp},
};
use store::{
    Tx,
    ending::{MAX_AT_ONCE, untold_keys, untold_members},
};

use crate::{
    app::App,
    error::Problem,
    key::is_live,
    mail::{self, Ending},
};

/// Tells of all ends that are near at this moment and were not told.
///
/// Errors: those of the store; what was told by then stays told.
pub async fn tell(app: &App, now: Timestamp) -> Result<(), Problem> {
    for days in WARNINGS {
        let near = (now, now.plus(i64::from(days) * DAY));
        loop {
            let keys = untold_keys(&app.store, near, days).await?;
            for key in &keys {
                tell_of_key(app, *key, now).await?;
            }
            if keys.len() < MAX_AT_ONCE {
                break;
            }
        }
        loop {
            let members = untold_members(&app.store, near, days).await?;
            for member in &members {
                tell_of_seat(app, *member, now).await?;
            }
            if members.len() < MAX_AT_ONCE {
                break;
            }
        }
    }
    Ok(())
}

async fn tell_of_key(app: &App, id: KeyId, now: Timestamp) -> Result<(), Problem> {
    let tx = app.store.begin().await?;
    let Some(key) = store::key::find(&tx, id).await?.filter(|key| key.revoked_at.is_none()) else { return Ok(()) };
    let Some((end, warning)) = key.expires_at.and_then(|end| Some((end, due(end, now)?))) else { return Ok(()) };
    if store::ending::tell(&tx, (EndingNoun::Key, id, end), warning, now).await?
        && let Some(account) = store::account::find(&tx, key.account).await?
    {
        let callers = callers(&tx, &key, now).await?;
        let holder = match key.sharing {
            Sharing::Own { holder } => callers.get(&holder).map(|seat| seat.name.to_string()),
            Sharing::Shared => None,
        };
        for (seat, is_theirs) in concerned(&tx, key.account, callers).await? {
            let ending = Ending::Key { key: &key, holder: holder.as_deref(), is_theirs };
            post(app, &tx, (&seat, &account), ending, (end, now)).await?;
        }
    }
    commit(app, tx).await
}

async fn tell_of_seat(app: &App, id: MemberId, now: Timestamp) -> Result<(), Problem> {
    let tx = app.store.begin().await?;
    let Some(seat) = store::member::find(&tx, id).await? else { return Ok(()) };
    let active = Some(&seat).filter(|seat| seat.state() == MemberState::Active);
    let Some((end, warning)) = active.and_then(|seat| Some((seat.ends_at?, due(seat.ends_at?, now)?))) else {
        return Ok(());
    };
    if store::ending::tell(&tx, (EndingNoun::Member, id, end), warning, now).await?
        && let Some(account) = store::account::find(&tx, seat.account).await?
    {
        let (of, whose) = (seat.name.to_string(), BTreeMap::from([(seat.id, seat)]));
        for (seat, is_theirs) in concerned(&tx, account.id, whose).await? {
            let of = Some(of.as_str()).filter(|_| !is_theirs);
            post(app, &tx, (&seat, &account), Ending::Seat { of }, (end, now)).await?;
        }
    }
    commit(app, tx).await
}

/// Who calls with the key: its holder, and who has a value of it that works.
async fn callers(tx: &Tx, key: &Key, now: Timestamp) -> Result<BTreeMap<MemberId, Member>, Problem> {
    let values = store::value::list(tx, key.id).await?;
    let mut callers: Vec<MemberId> =
        values.iter().filter(|value| is_live(value, now)).filter_map(|value| value.member).collect();
    if let Sharing::Own { holder } = key.sharing {
        callers.push(holder);
    }
    callers.sort_unstable();
    callers.dedup();
    let seats = store::member::list_these(tx, &callers).await?;
    Ok(seats.into_iter().map(|seat| (seat.id, seat)).collect())
}

/// These and the owner, each once, and whether it is theirs; nobody whose seat is not active.
async fn concerned(
    tx: &Tx,
    account: AccountId,
    theirs: BTreeMap<MemberId, Member>,
) -> Result<Vec<(Member, bool)>, Problem> {
    let owner = store::member::owner(tx, account).await?;
    let owner = owner.filter(|owner| !theirs.contains_key(&owner.id)).map(|owner| (owner, false));
    let all = theirs.into_values().map(|seat| (seat, true)).chain(owner);
    Ok(all.filter(|(seat, _)| seat.state() == MemberState::Active).collect())
}

async fn post(
    app: &App,
    tx: &Tx,
    (seat, account): (&Member, &Account),
    ending: Ending<'_>,
    (end, now): (Timestamp, Timestamp),
) -> Result<(), Problem> {
    let letter = app.letters.ending(ending, seat.name.as_str(), account, end)?;
    mail::post(app, tx, &seat.email, letter, now).await
}

async fn commit(app: &App, tx: Tx) -> Result<(), Problem> {
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}
