//! Finding a request again by the id that its answer carried.

use domain::{
    id::{AccountId, RequestId},
    request_log::Row,
    time::{SECOND, Timestamp},
};

use super::{list, row};
use crate::{Store, StoreError, sql};

/// How long after its id was drawn a request is looked for: its body may come slowly, and its calls may wait for units.
const LATEST: i64 = 300 * SECOND;
/// How long before: the node's clock may have been set back in between.
const EARLIEST: i64 = SECOND;
/// The most rows told: more than the calls of the largest batch.
const MAX_ROWS: u32 = 10_000;

/// The rows of a request of this account, those of a batch in its order; none: it is not there, or not the account's.
///
/// The id tells the moment when it was drawn. Rows of the account are searched in the minutes after it.
pub async fn find(store: &Store, request: RequestId, account: AccountId) -> Result<Vec<Row>, StoreError> {
    let db = store.log_reader();
    let drawn = drawn_at(request);
    let values = vec![
        sql::uuid(account).into(),
        drawn.plus(-EARLIEST).micros().into(),
        drawn.plus(LATEST).micros().into(),
        sql::uuid(request).into(),
    ];
    list::whole(db, &sql::rows(db, &text(), values).await?).await
}

/// The query of [`find`].
pub(super) fn text() -> String {
    format!(
        "SELECT {} FROM request_log WHERE account = $1 AND time >= $2 AND time < $3 AND request = $4
         ORDER BY batch_position, time, node, epoch, ring, seq LIMIT {MAX_ROWS}",
        row::COLUMNS
    )
}

/// The moment in the first 48 bits of an id, to the millisecond.
fn drawn_at(request: RequestId) -> Timestamp {
    Timestamp::from_micros((request.as_u128() >> 80) as i64 * 1_000)
}
