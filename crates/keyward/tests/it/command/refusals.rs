//! What is refused, in which words, and with which exit code; nothing of it changes the store.

use crate::terminal::Terminal;

/// A world with something of each noun; returns what tells it from another.
fn world(terminal: &Terminal) -> String {
    for arguments in [
        &[
            "account",
            "create",
            "Acme",
            "--owner-name",
            "Ada",
            "--owner-email",
            "ada@example.com",
            "--plan",
            "football=few",
        ][..],
        &["account", "create", "Twin", "--owner-name", "Ada", "--owner-email", "ada@example.com"],
        &["account", "create", "Twin", "--owner-name", "Ada", "--owner-email", "ada@example.com"],
        &["member", "create", "Acme", "--name", "Bob", "--email", "bob@example.com", "--active"],
        &["key", "create", "Acme", "--name", "Backend", "--environment", "Production", "--holder", "Bob"],
        &["key", "create", "Acme", "--name", "Gone", "--environment", "Test"],
    ] {
        terminal.done(arguments);
    }
    terminal.done(&["key", "revoke", "Gone", "--account", "Acme"]);
    state(terminal)
}

fn state(terminal: &Terminal) -> String {
    let commands =
        [&["account", "list", "--json"][..], &["key", "list", "Acme", "--json"], &["member", "list", "Acme", "--json"]];
    commands.map(|command| terminal.done(command)).concat()
}

/// Arguments, and the whole of standard error.
const REFUSED: &[(&[&str], &str)] = &[
    (
        &["account", "show", "Nobody"],
        "error: there is no account `Nobody`\n  hint: `keyward account list` shows what there is\n",
    ),
    (&["account", "show", "acc_1"], "error: `acc_1` is not an id of the form acc_ and 26 letters or digits\n"),
    (&["account", "activate", "Acme"], "error: the account is active already\n"),
    (
        &["account", "create", "New", "--owner-name", "A", "--owner-email", "a@example.com", "--plan", "football=gold"],
        "error: there is no plan `gold`\n  hint: `keyward plan list` shows what there is\n",
    ),
    (
        &["account", "create", "New", "--owner-name", "A", "--owner-email", "a@example.com", "--plan", "tennis=pro"],
        "error: there is no API `tennis`\n  hint: `keyward plan list` shows what there is\n",
    ),
    (
        &["plan", "assign", "Acme", "eth=slow"],
        "error: plan slow allows 100 credits per second, but the dearest call of eth costs 250\n  hint: choose a plan with a higher rate\n",
    ),
    (
        &["member", "create", "Acme", "--name", "Bob", "--email", "BOB@example.com"],
        "error: BOB@example.com has a seat in the account already: mem_…\n  hint: use that seat, or remove it first\n",
    ),
    (
        &["member", "create", "Acme", "--name", "Eve", "--email", "eve@example.com", "--role", "owner"],
        "error: an account has one owner, made with it\n  hint: choose --role admin or member\n",
    ),
    (
        &["member", "suspend", "Ada", "--account", "Acme"],
        "error: the owner of an account cannot be suspended; hand the account over first\n",
    ),
    (
        &["member", "activate", "bob@example.com", "--account", "Acme"],
        "error: a member who is active cannot be activated\n",
    ),
    (
        &["member", "suspend", "Bob"],
        "error: there are 3 accounts, so a name does not say which\n  hint: add --account ACCOUNT, or give an id\n",
    ),
    (
        &["member", "suspend", "Eve", "--account", "Acme"],
        "error: there is no member `Eve` in account Acme\n  hint: `keyward member list ACCOUNT` shows what there is\n",
    ),
    (
        &["member", "limit", "Bob", "--account", "Acme", "--credits", "5", "--per", "second"],
        "error: the dearest call to eth costs 250 credits and could never be served; choose 250 or more\n",
    ),
    (
        &["key", "create", "Acme", "--name", "A", "--environment", "Test", "--count", "2"],
        "error: plan few allows 2 keys; revoke one or choose a larger plan\n",
    ),
    (
        &["key", "create", "Acme", "--name", "A", "--environment", "Test", "--holder", "Eve"],
        "error: there is no member `Eve` in account Acme\n  hint: `keyward member list ACCOUNT` shows what there is\n",
    ),
    (
        &["key", "create", "Acme", "--name", "A", "--environment", "Test", "--api", "tennis"],
        "error: account Acme does not subscribe to tennis\n  hint: `keyward plan assign ACCOUNT tennis=PLAN` subscribes it\n",
    ),
    (
        &["key", "create", "Acme", "--name", "A", "--environment", "Test", "--network", "eth/sepolia"],
        "error: none of the key's APIs has a network eth/sepolia\n  hint: there are: eth/mainnet\n",
    ),
    (
        &["key", "create", "Acme", "--name", "A", "--environment", "Test", "--expires", "2001-01-01T00:00:00Z"],
        "error: the key would have expired already\n  hint: give a later moment\n",
    ),
    (&["key", "enable", "Backend", "--account", "Acme"], "error: the key is enabled already\n"),
    (
        &["key", "show", "Gone", "--account", "Acme"],
        "error: there is no key `Gone` in account Acme\n  hint: `keyward key list ACCOUNT` shows what there is\n",
    ),
    (
        &["key", "value", "draw", "Backend", "--account", "Acme", "--member", "Ada"],
        "error: the key belongs to another member; only its holder may have values of it\n",
    ),
    (
        &["key", "value", "revoke", "val_00000000000000000000000000"],
        "error: there is no value `val_00000000000000000000000000`\n  hint: `keyward key value list KEY` shows what there is\n",
    ),
    (
        &["key", "limit", "Backend", "--account", "Acme", "--credits", "off", "--per", "day"],
        "error: there is no limit on credits per day to take off\n",
    ),
    (
        &["key", "limit", "Backend", "--account", "Acme", "--credits", "2000000000", "--per", "second"],
        "error: the most is 1000000000; choose a lower rate, or a quota\n",
    ),
    (
        &["key", "limit", "Backend", "--account", "Acme", "--per", "day"],
        "error: a limit is an amount and a span\n  hint: write --requests 100 --per day\n",
    ),
];

/// Arguments that are no command, and what the answer must say.
const NO_COMMAND: &[(&[&str], &str)] = &[
    (&[], "Usage: keyward"),
    (&["acount", "list"], "account"),
    (&["account", "create", "Acme"], "--owner-name"),
    (&["account", "create", "a://b", "--owner-name", "A", "--owner-email", "a@example.com"], "is not a name"),
    (&["account", "create", "A", "--owner-name", "A", "--owner-email", "nowhere"], "is not a mail address"),
    (&["account", "create", "A", "--owner-name", "A", "--owner-email", "a@example.com", "--plan", "pro"], "API=PLAN"),
    (
        &["key", "create", "Acme", "--name", "A", "--environment", "T", "--holder", "Bob", "--shared"],
        "cannot be used with",
    ),
    (&["key", "create", "Acme", "--name", "A", "--environment", "T", "--count", "0"], "0 is not in"),
    (&["key", "create", "Acme", "--name", "A", "--environment", "T", "--expires", "tomorrow"], "is not a moment"),
    (&["key", "limit", "Backend", "--requests", "0", "--per", "day"], "a whole number from 1"),
    (&["key", "limit", "Backend", "--requests", "5", "--per", "week"], "expected second, minute, day, month"),
    (&["key", "limit", "Backend", "--requests", "5"], "--per"),
    (&["log", "--denial", "unknown_kye"], "did you mean unknown_key?"),
    (&["log", "--denial", "rate_limited"], "say which: \"rate_limited (key)\""),
    (&["log", "--follow", "--totals"], "cannot be used with"),
    (
        &["member", "create", "Acme", "--name", "B", "--email", "b@example.com", "--role", "boss"],
        "is not one of: owner",
    ),
];

#[test]
fn refusals_say_what_why_and_the_way_out_and_change_nothing() {
    for terminal in Terminal::on_both() {
        let before = world(&terminal);
        for (arguments, expected) in REFUSED {
            let answer = terminal.run(arguments);
            let said = without_ids(&answer.err);
            assert_eq!((answer.code, answer.out.as_str(), said.as_str()), (Some(1), "", *expected), "{arguments:?}");
        }
        let twin = terminal.run(&["account", "suspend", "Twin"]);
        assert!(
            twin.err.starts_with("error: `Twin` is the name of 2 accounts\n  hint: name one by its id: acc_"),
            "{twin:?}"
        );
        assert_eq!(state(&terminal), before);
    }
}

#[test]
fn what_is_no_command_ends_with_two() {
    let terminal = Terminal::on_sqlite();
    for (arguments, expected) in NO_COMMAND {
        let answer = terminal.run(arguments);
        assert_eq!((answer.code, answer.out.as_str()), (Some(2), ""), "{arguments:?}: {answer:?}");
        assert!(answer.err.contains(expected), "{arguments:?}: {}", answer.err);
    }
    assert!(!terminal.data().exists());
}

#[test]
fn names_cannot_steer_the_terminal() {
    let terminal = Terminal::on_sqlite();
    let answer = terminal.run(&["account", "show", "\u{1b}[2Jx"]);
    assert!(answer.err.starts_with("error: there is no account `\\u{1b}[2Jx`\n"), "{answer:?}");
    assert!(!answer.err.contains('\u{1b}'));
}

/// Ids differ from run to run.
fn without_ids(text: &str) -> String {
    let shown = |word: &str| match word.split_once("mem_") {
        Some((before, after)) if after.len() >= 26 => format!("{before}mem_…{}", &after[26..]),
        _ => word.to_owned(),
    };
    text.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}
