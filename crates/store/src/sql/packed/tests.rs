//! Query plans on SQLite: a page costs what it holds, however many rows there are.

use super::*;
use crate::{Location, Store, sql};

const CHANGES: Shape = Shape { table: "change", usual: &[Packed::Plain("version")], further: &[], is_usual: "" };

#[test]
fn a_page_is_read_in_the_order_of_the_file() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let location = Location::Sqlite { folder: folder.path().to_owned() };
        let store = Store::open(&location).await.expect("the store opens");
        for (table, condition) in
            [("\"key\"", "revoked_at IS NULL"), ("\"value\"", "revoked_at IS NULL"), ("change", "noun = 'key'")]
        {
            let expression = CHANGES.expression(DbBackend::Sqlite).replace("version", "rowid");
            let text = format!("EXPLAIN QUERY PLAN {}", by_number(table, &expression, condition));
            let values = vec![0_i64.into(), 1_i64.into()];
            let steps = sql::rows(&crate::Source::executor(&store), &text, values).await.expect("it is well formed");
            let plan: Vec<String> = steps.iter().map(|step| step.get(3).expect("a step")).collect();
            let table = table.trim_matches('"');
            assert_eq!(plan, [format!("SEARCH {table} USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]);
        }
        store.close().await.expect("the store closes");
    });
}
