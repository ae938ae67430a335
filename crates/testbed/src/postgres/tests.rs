//! The cluster answers, and its databases are apart.

use super::*;

#[test]
fn databases_are_fresh_and_the_server_answers() {
    let (one, other) = (Postgres::start(), Postgres::start());
    assert_ne!(one.url(), other.url());
    let count = |database: &Postgres, statement: &str| {
        let mut command = Command::new(programs::find().join("psql"));
        command.args(["--no-psqlrc", "--tuples-only", "--no-align", database.url(), "--command", statement]);
        process::run(command, STATEMENT).expect("psql ends").output.trim().to_owned()
    };
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    count(&one, "CREATE TABLE mine (id int)");
    assert_eq!(count(&one, tables), "1");
    assert_eq!(count(&other, tables), "0");
}
