//! How SQLite looks for ends: a span of an index, in its order.

use super::*;
use crate::{Location, Store};

#[tokio::test]
async fn ends_are_read_from_a_span_of_an_index() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let location = Location::Sqlite { folder: folder.path().to_owned() };
    let store = Store::open(&location).await.expect("the store opens");
    for (noun, span) in [
        (EndingNoun::Key, "SEARCH one USING INDEX key_by_end (expires_at>? AND expires_at<?)"),
        (EndingNoun::Member, "SEARCH one USING INDEX member_by_end (ends_at>? AND ends_at<?)"),
    ] {
        let explain = format!("EXPLAIN QUERY PLAN {}", text(noun));
        let values = vec![1i64.into(), 2i64.into(), 7i64.into()];
        let rows = sql::rows(&store.executor(), &explain, values).await.expect("it is well formed");
        let plan: String = rows.iter().map(|row| row.get::<String>(3).expect("a step") + "\n").collect();
        let told = "told USING PRIMARY KEY (noun=? AND subject=? AND ends_at=? AND days=?)";
        assert!(plan.contains(span) && plan.contains(told), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
    store.close().await.expect("the store closes");
}
