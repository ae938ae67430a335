//! Tests of hashing and of what may be a password.

use argon2::Params;

use super::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

#[test]
fn a_password_is_known_by_its_hash() {
    block_on(async {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery", [7; 32]).await.expect("it is hashed");
        assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
        for (password, hash, right) in [
            ("correct horse battery", Some(hash.as_str()), true),
            ("correct horse batterY", Some(hash.as_str()), false),
            ("correct horse battery", None, false),
            ("", None, false),
            ("correct horse battery", Some("not a hash"), false),
        ] {
            assert_eq!(passwords.verify(password, hash).await.expect("there is room"), right, "{password} {hash:?}");
        }
        assert_eq!(passwords.hashings(), 6);
    });
}

#[test]
fn nobody_takes_as_long_as_somebody() {
    let hash = Argon2::default().hash_password_with_salt(b"x", &[1; 16]).expect("it is hashed").to_string();
    let parameters = |phc: &str| phc.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(parameters(NOBODY), parameters(&hash));
    assert_eq!(NOBODY.len(), hash.len());
    assert_eq!((Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST), (19_456, 2, 1));
}

#[test]
fn a_crowd_is_refused_beyond_the_limit() {
    block_on(async {
        let passwords = Arc::new(Passwords::default());
        // None is done before all have come.
        let others = Arc::clone(&passwords.running).acquire_many_owned(AT_ONCE as u32).await.expect("it is open");
        let all = (0..MAX_WAITING + 8).map(|_| {
            let passwords = Arc::clone(&passwords);
            tokio::spawn(async move { passwords.verify("x", Some("not a hash")).await })
        });
        let all: Vec<_> = all.collect();
        while passwords.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        drop(others);
        let mut refused = 0;
        for one in all {
            refused += usize::from(one.await.expect("no panic").is_err());
        }
        assert_eq!(refused, 8);
        assert!(passwords.verify("x", Some("not a hash")).await.is_ok(), "and then there is room again");
    });
}

#[test]
fn what_may_be_chosen() {
    let email: Email = "ada.lovelace@example.com".parse().expect("an address");
    for (password, why) in [
        ("correct horse battery", None),
        ("žluťoučký kůň", None),
        ("short", Some("at least 10")),
        ("123456789", Some("at least 10")),
        ("0123456789", Some("first that are guessed")),
        ("zyxwvutsrq", Some("first that are guessed")),
        ("aaaaaaaaaaaa", Some("same few")),
        ("abababababab", Some("same few")),
        ("Password123!", Some("first that are guessed")),
        ("ada.lovelace@example.com", Some("mail address")),
        ("ADA.LOVELACE@example.com!", Some("mail address")),
        ("ada.lovelace", Some("mail address")),
    ] {
        match (check("password", password, Some(&email)), why) {
            (Ok(()), None) => {}
            (Err(problem), Some(why)) => assert!(problem.detail.contains(why), "{password}: {}", problem.detail),
            (told, why) => panic!("{password}: {told:?}, not {why:?}"),
        }
    }
    assert!(check("password", &"long ".repeat(52), None).is_err());
}
