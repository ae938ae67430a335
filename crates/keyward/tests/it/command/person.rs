//! `keyward person reset`: for who is locked out, with and without their second factor.

use domain::{person::Email, second_factor::SecondFactor, time::Timestamp};
use store::{Location, Store};

use crate::terminal::Terminal;

const NOW: Timestamp = Timestamp::from_micros(1_000_000);

/// Whether Ada has a second factor; with `give`, she gets one first.
fn has_second_factor(terminal: &Terminal, give: bool) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&Location::Sqlite { folder: terminal.data() }).await.expect("the store opens");
        let tx = store.begin().await.expect("a transaction");
        let email: Email = "ada@example.com".parse().expect("an address");
        let ada = store::person::find_by_email(&tx, &email).await.expect("people").expect("Ada").id;
        if give {
            let sealed = vec![7; 60];
            let (created_at, confirmed_at) = (NOW, Some(NOW));
            let factor = SecondFactor { person: ada, sealed, created_at, confirmed_at, last_step: 0 };
            store::second_factor::insert(&tx, &factor).await.expect("a second factor");
        }
        let has = store::second_factor::find(&tx, ada).await.expect("second factors").is_some();
        tx.commit().await.expect("it commits");
        store.close().await.expect("the store closes");
        has
    })
}

#[test]
fn a_reset_takes_the_second_factor_only_if_that_is_said() {
    let terminal = Terminal::on_sqlite();
    terminal.done(&["account", "create", "Acme", "--owner-name", "Ada", "--owner-email", "ada@example.com"]);
    assert!(has_second_factor(&terminal, true));
    let link = terminal.one(&["person", "reset", "ada@example.com"]);
    assert!(link["link"].as_str().is_some_and(|link| link.contains("/reset/confirm#")), "{link}");
    assert!(has_second_factor(&terminal, false), "a link alone leaves it");
    terminal.done(&["person", "reset", "Ada@example.com", "--second-factor"]);
    assert!(!has_second_factor(&terminal, false), "it is gone");
    let unknown = terminal.run(&["person", "reset", "eve@example.com", "--second-factor"]);
    assert!(unknown.code == Some(1) && unknown.err.starts_with("error: nobody here has the address"), "{unknown:?}");
}
