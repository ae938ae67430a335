//! Mail addresses: which texts are allowed, and how they compare.

use super::*;

#[test]
fn addresses() {
    for text in ["ada@example.com", "Ada.L+x@Example.COM", "o'neil@sub.example.org", "用户@例子.广告"] {
        let email: Email = text.parse().expect(text);
        assert_eq!(email.as_typed(), text);
        assert_eq!(email.as_compared(), text.to_lowercase());
    }
    let long = format!("{}@example.com", "a".repeat(MAX_EMAIL));
    for text in [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@localhost",
        "a@b@c.de",
        "a b@c.de",
        "a@c..de",
        "a\n@c.de",
        "<a@b.c>",
        &long,
    ] {
        assert!(text.parse::<Email>().is_err(), "{text}");
    }
}
