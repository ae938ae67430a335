//! Query plans on SQLite: what people ask for goes through an index in its order, never over the whole log.

use domain::{
    allowlist::ListKind,
    decision::Denial,
    id::{AccountId, Id, KeyId, MemberId, ValueId},
    request_log::Outcome,
    time::Timestamp,
};
use sea_orm::Value;

use super::{Filter, GRAIN, find, last_use, list, observed, series, value_use};
use crate::{Location, Store, sql};

/// How SQLite would run a query: its steps, one a line.
async fn plan(store: &Store, text: &str, values: Vec<Value>) -> String {
    let text = format!("EXPLAIN QUERY PLAN {text}");
    let rows = sql::rows(store.log_reader(), &text, values).await.expect("the query is well formed");
    rows.iter().map(|row| row.get::<String>(3).expect("a step") + "\n").collect()
}

fn with_store(test: impl AsyncFnOnce(&Store)) {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let location = Location::Sqlite { folder: folder.path().to_owned() };
        let store = Store::open(&location).await.expect("the store opens");
        test(&store).await;
        store.close().await.expect("the store closes");
    });
}

#[test]
fn a_page_is_read_in_the_order_of_an_index_whatever_the_filter() {
    let any = Filter::default;
    let (account, key, member) = (AccountId::from_u128(1), KeyId::from_u128(1), MemberId::from_u128(1));
    let at = Timestamp::from_micros(1);
    let cases = [
        (any(), "SCAN request_log USING INDEX request_log_by_time"),
        (Filter { account: Some(account), ..any() }, "by_account (account=?)"),
        (Filter { key: Some(key), ..any() }, "by_key (key=?)"),
        (Filter { member: Some(member), ..any() }, "by_member (member=?)"),
        (Filter { account: Some(account), after: Some(at), ..any() }, "by_account (account=? AND time>?)"),
        (Filter { key: Some(key), after: Some(at), before: Some(at), ..any() }, "by_key (key=? AND time>? AND time<?)"),
        (Filter { member: Some(member), before: Some(at), ..any() }, "by_member (member=? AND time<?)"),
        (Filter { value: Some(ValueId::from_u128(1)), after: Some(at), ..any() }, "by_time (time>?)"),
        (Filter { value: Some(ValueId::from_u128(1)), account: Some(account), ..any() }, "by_account (account=?)"),
        (Filter { method: Some("x".into()), account: Some(account), ..any() }, "by_account (account=?)"),
        (Filter { status: Some(200), key: Some(key), ..any() }, "by_key (key=?)"),
        (Filter { errors_only: true, member: Some(member), ..any() }, "by_member (member=?)"),
        (Filter { address: Some([127, 0, 0, 1].into()), ..any() }, "by_time"),
        (Filter { network: Some("x".parse().expect("a name")), ..any() }, "by_time"),
        (Filter { api: Some("x".parse().expect("a name")), ..any() }, "by_time"),
        (Filter { denial: Some(Denial::UnknownKey), ..any() }, "by_time"),
        (Filter { outcome: Some(Outcome::Failed), ..any() }, "by_time"),
        (
            Filter { observed: Some(ListKind::Methods), account: Some(account), after: Some(at), ..any() },
            "by_observed (account=? AND time>?)",
        ),
    ];
    with_store(async |store| {
        for (filter, expected) in cases {
            let (text, values) = list::text(&filter);
            let plan = plan(store, &text, values).await;
            assert!(plan.contains(expected) && !plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
        }
    });
}

#[test]
fn summaries_and_searches_read_a_span_of_an_index() {
    let of_account = Filter {
        account: Some(AccountId::from_u128(1)),
        after: Some(Timestamp::from_micros(1)),
        before: Some(Timestamp::from_micros(2)),
        ..Filter::default()
    };
    let id = || Value::from(sql::uuid(Id::<domain::id::AccountNoun>::from_u128(1)));
    let span = vec![id(), 1i64.into(), 2i64.into(), id()];
    with_store(async |store| {
        let in_span = "by_account (account=? AND time>? AND time<?)";
        let (series, sparks) = (series::series_text(&of_account, 60), series::sparks_text(&of_account, 60));
        for (text, values) in [series, sparks, (find::text(), span)] {
            let plan = plan(store, &text, values).await;
            assert!(plan.contains(in_span), "{text}: {plan}");
        }
        let (text, values) = observed::text(&of_account);
        let observed = plan(store, &text, values).await;
        assert!(observed.contains("by_observed (account=? AND time>? AND time<?)"), "{observed}");
        let whole = Filter { before: Some(Timestamp::from_micros(3 * GRAIN)), ..of_account };
        let (text, values) = series::series_text(&whole, GRAIN);
        let summed = plan(store, &text, values).await;
        for step in [in_span, "SEARCH account_summary USING PRIMARY KEY (account=? AND start>? AND start<?)"] {
            assert!(summed.contains(step), "{step} in {summed}");
        }
        let plan = plan(store, &last_use::text(store.backend(), 2), vec![id(), id()]).await;
        for step in ["SEARCH request_log USING", "by_key (key=?)", "SEARCH log USING PRIMARY KEY"] {
            assert!(plan.contains(step), "{step} in {plan}");
        }
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    });
}

#[test]
fn who_uses_a_value_is_read_from_an_index_alone() {
    let id = || Value::from(sql::uuid(ValueId::from_u128(1)));
    let walk = "USING COVERING INDEX value_use_by_last";
    with_store(async |store| {
        let callers = plan(store, &value_use::callers_text(), vec![id(), 1i64.into()]).await;
        assert!(callers.contains(&format!("{walk} (value=? AND last>?)")), "{callers}");
        let last = plan(store, &value_use::last_text(store.backend(), 2), vec![id(), id()]).await;
        for step in [&format!("{walk} (value=?)"), "SEARCH used USING PRIMARY KEY (value=? AND address=? AND agent=?)"]
        {
            assert!(last.contains(step), "{step} in {last}");
        }
        for plan in [callers, last] {
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN value_use"), "{plan}");
        }
    });
}
