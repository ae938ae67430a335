//! Letters in an operator's words: what a template can say, what is refused at the start, and what does not hold a mail up.

use std::{fs, path::Path};

use super::*;

fn letters() -> Letters {
    Letters::new("https://keys.example.com", Some("help@example.com".to_owned()))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

fn refused(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let refused = letters().with_folder(folder.path()).err().map(|error| error.to_string()).unwrap_or_default();
    refused.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn every_letter_is_written_with_each_of_its_facts() {
    let strict = Letters { is_strict: true, ..letters() };
    for name in LetterName::ALL {
        let letter = strict.example(*name).expect("it is written");
        assert!(!letter.subject.is_empty() && letter.text.len() > 40 && letter.html.contains("</html>"), "{name:?}");
        assert_eq!(LetterName::find(name.as_str()), Some(*name));
    }
}

/// The folder says it in Catalan, and only for the letter it has files for.
#[test]
fn an_operator_says_it_in_their_own_words() {
    let folder = folder(&[
        ("reset.subject", "Nova contrasenya per a {{ name }}\r\nBcc: x@example.com"),
        ("reset.txt", "Hola {{ name }},\n{{ link }}\nfins al {{ until }}\n{{ contact }}"),
        ("reset.html", "<p>Hola {{ name }}</p>"),
        (".reset.txt.swp", "{% an editor's"),
    ]);
    let letters = letters().with_folder(folder.path()).expect("good templates");
    let told = letters.example(LetterName::Reset).expect("it is written");
    assert_eq!(told.subject, "Nova contrasenya per a Mia Member  Bcc: x@example.com", "one line, whatever is in it");
    assert!(told.text.starts_with("Hola Mia Member,\nhttps://keys.example.com/reset"), "{}", told.text);
    assert!(told.text.ends_with("12:00 UTC\nhelp@example.com"), "{}", told.text);
    assert_eq!(told.html, "<p>Hola Mia Member</p>");
    let name = "<b>Mia</b>".parse().expect("a name");
    let token = domain::token::Token::draw([5; domain::token::ENTROPY]);
    let hostile = letters.reset(&name, &token, domain::time::Timestamp::from_micros(0)).expect("it is written");
    assert_eq!(hostile.html, "<p>Hola &lt;b&gt;Mia&lt;&#x2f;b&gt;</p>", "a name is text here too");
    let other = letters.example(LetterName::SignIn).expect("it is written");
    assert_eq!(other.subject, "New sign-in to Keyward", "the rest is built in");
}

#[test]
fn a_frame_is_for_all_letters() {
    let folder = folder(&[("frame.html", "<h1>{{ title }}</h1>{% for note in notes %}{{ note }}{% endfor %}")]);
    let letters = letters().with_folder(folder.path()).expect("a good frame");
    for name in LetterName::ALL {
        let letter = letters.example(*name).expect("it is written");
        assert!(
            letter.html.starts_with("<h1>") && letter.text.contains("Keyward · https://keys.example.com"),
            "{name:?}"
        );
    }
}

#[test]
fn a_wrong_template_is_refused_with_file_and_line() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("rest.txt", "x")], "rest.txt: no letter is called so; `keyward mail list` names them"),
        (&[("reset.md", "x")], "reset.md: no letter is called so"),
        (&[("frame.subject", "x")], "frame.subject: no letter is called so"),
        (&[("reset.txt", "a\n{% if name %}\nb")], "reset.txt:2: syntax error"),
        (&[("reset.txt", "a\nb {{ nmae }}")], "reset.txt:2: there is no `nmae` here; there is: subject, title,"),
        (&[("reset.txt", "a\n{% if contact == 1 %}\n{{ account }}{% endif %}")], "reset.txt:3: there is no `account`"),
        (&[("frame.txt", "{{ until }}")], "frame.txt:1: there is no `until` here"),
        (&[("reset.txt", "a\n\n{{ name.first }}")], "reset.txt:3: a name that has no value"),
        (&[("invitation.html", "{{ name | shout }}")], "invitation.html:1: unknown filter"),
        (&[("sign_in.txt", "{{ range(1, 'x') }}")], "sign_in.txt:1: "),
    ];
    for (files, expected) in cases {
        let told = refused(files);
        assert!(told.starts_with(expected), "{files:?}: {told}");
    }
    assert!(refused(&[("reset.txt", &"x".repeat(300 << 10))]).starts_with("reset.txt: longer than 262144 bytes"));
    let nowhere = letters().with_folder(Path::new("/nowhere/at/all")).err().expect("refused").to_string();
    assert!(nowhere.starts_with("cannot read /nowhere/at/all: "), "{nowhere}");
}

/// What the examples do not show: the letter goes in our words, rather than not at all.
#[test]
fn a_template_that_fails_for_one_letter_holds_nothing_up() {
    let folder = folder(&[("sign_in.txt", "with {{ agent | length }}")]);
    let letters = letters().with_folder(folder.path()).expect("good for the example");
    let name = "Mia".parse().expect("a name");
    let then = domain::time::Timestamp::from_micros(0);
    let told = letters.security(&name, super::super::SecurityNotice::SignIn { agent: None }, (then, None));
    assert!(told.expect("it is written").text.contains("a program without a name"));
}

#[test]
fn the_documents_list_every_letter() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mail.md");
    let page = fs::read_to_string(file).expect("docs/mail.md");
    for name in LetterName::ALL {
        let facts = name.facts().iter().map(|fact| format!("`{fact}`")).collect::<Vec<_>>().join(" ");
        let row = format!("| `{}` | {} | {} | {facts} |", name.as_str(), name.to(), name.when());
        assert!(page.lines().any(|line| line == row), "docs/mail.md lacks\n{row}");
    }
}
