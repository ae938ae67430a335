//! The audit trail of what is done by commands: whoever runs Keyward does it, on its machine.

use domain::{
    audit::{Action, Audit},
    id::{AccountId, AuditId},
    time::Timestamp,
};
use store::Tx;

use super::failure::Failure;
use crate::clock;

/// Who is named in the trail.
const OPERATOR: &str = "Operator (command)";

/// Records a change in the transaction that makes it: to what, by id and by name.
pub async fn record(
    tx: &Tx,
    account: AccountId,
    action: Action,
    (subject, name): (impl ToString, &str),
    now: Timestamp,
) -> Result<(), Failure> {
    write(tx, Some(account), action, (subject.to_string(), name), now).await
}

/// The same for what concerns a person in no account.
pub async fn record_of_person(
    tx: &Tx,
    action: Action,
    (subject, name): (impl ToString, &str),
    now: Timestamp,
) -> Result<(), Failure> {
    write(tx, None, action, (subject.to_string(), name), now).await
}

async fn write(
    tx: &Tx,
    account: Option<AccountId>,
    action: Action,
    (subject, name): (String, &str),
    now: Timestamp,
) -> Result<(), Failure> {
    let row = Audit {
        id: AuditId::new(now, clock::entropy_of_id()),
        time: now,
        account,
        person: None,
        member: None,
        access_token: None,
        by_operator: true,
        name: OPERATOR.to_owned(),
        address: None,
        action,
        subject,
        subject_name: name.to_owned(),
        before: None,
        after: None,
    };
    Ok(store::audit::append(tx, &row).await?)
}
