//! Tables of paths refused, patterns refused, matches and precedence.

use super::*;

#[test]
fn paths_that_all_servers_read_alike() {
    let long = format!("/{}", "a/".repeat(500));
    let accepted = [
        "/",
        "/status",
        "/fixtures/",
        "/fixtures?id=1&x=../..//%zz;\\",
        "/a.b/..c/...",
        "/%66oo",
        "/a%20b%2Cc",
        "/100%25",
        "/100%25/x",
        "/%C3%A9%e2%82%AC%F0%9F%98%80",
        "/a%3Fb%23c",
        "/a:b@c=d,e&f+g!$'()*~_-",
        "/*",
        &long,
    ];
    for target in accepted {
        assert_eq!(check_path(target), Ok(()), "for {target}");
    }
}

#[test]
fn paths_that_two_servers_could_read_in_two_ways() {
    let refused = [
        ("", PathFault::NotAbsolute),
        ("*", PathFault::NotAbsolute),
        ("status", PathFault::NotAbsolute),
        ("?a=/", PathFault::NotAbsolute),
        ("http://example.com/", PathFault::NotAbsolute),
        ("/.", PathFault::DotSegment { at: 1 }),
        ("/a/..", PathFault::DotSegment { at: 3 }),
        ("/a/../b", PathFault::DotSegment { at: 3 }),
        ("/a/./b", PathFault::DotSegment { at: 3 }),
        ("/a/%2e/b", PathFault::DotSegment { at: 3 }),
        ("/a/.%2E/b", PathFault::DotSegment { at: 3 }),
        ("/a/%2e%2e?x", PathFault::DotSegment { at: 3 }),
        ("//", PathFault::EmptySegment { at: 1 }),
        ("//evil.example/a", PathFault::EmptySegment { at: 1 }),
        ("/a//b", PathFault::EmptySegment { at: 3 }),
        ("/a//", PathFault::EmptySegment { at: 3 }),
        ("/a%2fb", PathFault::EncodedSlash { at: 2 }),
        ("/a%2F", PathFault::EncodedSlash { at: 2 }),
        ("/a%5cb", PathFault::EncodedSlash { at: 2 }),
        ("/a\\b", PathFault::Backslash { at: 2 }),
        ("/a;v=1/b", PathFault::Semicolon { at: 2 }),
        ("/..;/b", PathFault::Semicolon { at: 3 }),
        ("/a%3Bb", PathFault::Semicolon { at: 2 }),
        ("/a\0", PathFault::Control { at: 2 }),
        ("/a b", PathFault::Control { at: 2 }),
        ("/a\u{7f}", PathFault::Control { at: 2 }),
        ("/a?b\rc", PathFault::Control { at: 4 }),
        ("/a%00.json", PathFault::Control { at: 2 }),
        ("/a%0d%0ab", PathFault::Control { at: 2 }),
        ("/a%7F", PathFault::Control { at: 2 }),
        ("/a%", PathFault::BadPercent { at: 2 }),
        ("/a%2", PathFault::BadPercent { at: 2 }),
        ("/a%2/b", PathFault::BadPercent { at: 2 }),
        ("/a%zz", PathFault::BadPercent { at: 2 }),
        ("/a%u002f", PathFault::BadPercent { at: 2 }),
        ("/a%+1", PathFault::BadPercent { at: 2 }),
        ("/a%252e", PathFault::EncodedTwice { at: 2 }),
        ("/a%25%32e", PathFault::EncodedTwice { at: 2 }),
        ("/a%252%65", PathFault::EncodedTwice { at: 2 }),
        ("/a%25%32%65%25%32%65", PathFault::EncodedTwice { at: 2 }),
        ("/é", PathFault::NotAscii { at: 1 }),
        ("/a?é", PathFault::NotAscii { at: 3 }),
        ("/%c0%ae", PathFault::NotUtf8 { at: 1 }),
        ("/a%ff", PathFault::NotUtf8 { at: 2 }),
        ("/a%c3/b", PathFault::NotUtf8 { at: 2 }),
        ("/a%c3b%a9", PathFault::NotUtf8 { at: 2 }),
        ("/%ed%a0%80", PathFault::NotUtf8 { at: 1 }),
        ("/a#b", PathFault::Fragment { at: 2 }),
        ("/a?b#c", PathFault::Fragment { at: 4 }),
    ];
    for (target, wanted) in refused {
        assert_eq!(check_path(target), Err(wanted), "for {target}");
    }
}

#[test]
fn matches() {
    let cases = [
        ("/leagues/*/teams/**", "/leagues/39/teams", true),
        ("/leagues/*/teams/**", "/leagues/39/teams/", true),
        ("/leagues/*/teams/**", "/leagues/39/teams/33/squad?season=2026", true),
        ("/leagues/*/teams/**", "/leagues//teams", false),
        ("/leagues/*/teams/**", "/leagues/39", false),
        ("/leagues/*", "/leagues/39", true),
        ("/leagues/*", "/leagues/39?a=/b", true),
        ("/leagues/*", "/leagues/39/", false),
        ("/leagues/*", "/leagues/", false),
        ("/leagues/*", "/leagues", false),
        ("/leagues", "/leagues", true),
        ("/leagues", "/Leagues", false),
        ("/leagues", "/leagues/", false),
        ("/leagues/", "/leagues/", true),
        ("/leagues/", "/leagues", false),
        ("/leagues", "/%6ceagues", true),
        ("/%6ceagues", "/leagues", true),
        ("/a%20b", "/a%20b", true),
        ("/a+b", "/a%20b", false),
        ("/%2A", "/*", true),
        ("/%2a", "/x", false),
        ("/", "/", true),
        ("/", "/?a", true),
        ("/", "/a", false),
        ("/*", "/", false),
        ("/**", "/", true),
        ("/**", "/a/b/c", true),
        ("/**", "a", true),
        ("/a", "a", false),
    ];
    for (pattern, target, wanted) in cases {
        let pattern = PathPattern::parse(pattern).expect(pattern);
        assert_eq!(pattern.matches(target), wanted, "{pattern} on {target}");
    }
}

#[test]
fn verbs() {
    let cases = [
        ("GET /a", "GET", true),
        ("GET /a", "get", false),
        ("GET /a", "HEAD", false),
        ("* /a", "PATCH", true),
        ("/a", "PATCH", true),
        ("M-SEARCH  /a", "M-SEARCH", true),
    ];
    for (written, verb, wanted) in cases {
        let pattern: VerbPattern = written.parse().expect(written);
        assert_eq!(pattern.matches(verb, "/a"), wanted, "{written} on {verb}");
    }
    for (written, shown) in [("GET /a/*", "GET /a/*"), ("* /a", "/a"), ("/a", "/a"), ("GET   /a", "GET /a")] {
        assert_eq!(VerbPattern::parse(written).expect(written).to_string(), shown);
    }
}

#[test]
fn patterns_refused() {
    let deep = "/a".repeat(MAX_SEGMENTS + 1);
    let long_verb = format!("{} /a", "A".repeat(40));
    let cases = [
        ("", "\"\" can match no path: the path must begin with \"/\""),
        ("leagues", "\"leagues\" can match no path: the path must begin with \"/\""),
        ("/a/../b", "\"/a/../b\" can match no path: a \".\" or \"..\" segment at byte 3"),
        ("/a//b", "\"/a//b\" can match no path: two slashes in a row at byte 3"),
        ("/**/a", "\"/**/a\": \"**\" stands for the rest, so it can only be the last segment; \"*\" is one segment"),
        ("/a*", "\"/a*\": \"*\" stands for a whole segment; a \"*\" of the path itself is written %2A"),
        ("/***", "\"/***\": \"*\" stands for a whole segment; a \"*\" of the path itself is written %2A"),
        ("/a?b=1", "\"/a?b=1\": the query is not compared, so leave out \"?\" and what follows"),
        ("get /a", "\"get\" is no verb: write capital letters like GET, or \"*\" for every verb"),
        (" /a", "\"\" is no verb: write capital letters like GET, or \"*\" for every verb"),
    ];
    for (written, message) in cases {
        assert_eq!(VerbPattern::parse(written).expect_err(written).to_string(), message);
    }
    assert!(matches!(PathPattern::parse(&deep), Err(PatternFault::TooManySegments { .. })));
    assert!(matches!(VerbPattern::parse(&long_verb), Err(PatternFault::Verb { .. })));
    assert!(PathPattern::parse(&"/a".repeat(MAX_SEGMENTS)).is_ok());
}

#[test]
fn the_most_specific_pattern_wins() {
    let patterns = [
        "/**",
        "GET /**",
        "/leagues",
        "GET /leagues/*",
        "/leagues/*",
        "/leagues/39",
        "/leagues/39/**",
        "/leagues/*/teams",
        "POST /leagues/39/teams",
        "/leagues/*/teams/**",
        "/odds/live/",
    ];
    let set: PatternSet<&str> =
        patterns.iter().map(|written| (VerbPattern::parse(written).expect(written), *written)).collect();
    assert_eq!(set.len(), patterns.len());
    let cases = [
        ("GET", "/", Some("GET /**")),
        ("POST", "/", Some("/**")),
        ("GET", "/leagues", Some("/leagues")),
        ("GET", "/leagues/", Some("GET /**")),
        ("GET", "/leagues/40", Some("GET /leagues/*")),
        ("PUT", "/leagues/40", Some("/leagues/*")),
        ("GET", "/leagues/39", Some("/leagues/39")),
        ("GET", "/leagues/3%39?x", Some("/leagues/39")),
        ("POST", "/leagues/39/teams", Some("POST /leagues/39/teams")),
        // The literal 39 wins over *, although /leagues/*/teams says more further right.
        ("GET", "/leagues/39/teams", Some("/leagues/39/**")),
        ("GET", "/leagues/40/teams", Some("/leagues/*/teams")),
        ("GET", "/leagues/40/teams/1/2", Some("/leagues/*/teams/**")),
        ("GET", "/leagues/40/coaches", Some("GET /**")),
        ("GET", "/odds/live", Some("GET /**")),
        ("GET", "/odds/live/", Some("/odds/live/")),
    ];
    for (verb, target, wanted) in cases {
        assert_eq!(set.find(verb, target).copied(), wanted, "{verb} {target}");
    }
    assert_eq!(PatternSet::<u8>::new().find("GET", "/"), None);
    assert!(PatternSet::<u8>::default().is_empty());
}

#[test]
fn equal_patterns_replace_one_another() {
    let mut set = PatternSet::new();
    assert_eq!(set.insert(VerbPattern::parse("GET /a").expect("valid"), 1), None);
    assert_eq!(set.insert(VerbPattern::parse("GET /%61").expect("valid"), 2), Some(1));
    assert_eq!(set.insert(VerbPattern::parse("/a").expect("valid"), 3), None);
    assert_eq!(set.insert(VerbPattern::parse("* /a").expect("valid"), 4), Some(3));
    assert_eq!((set.len(), set.find("GET", "/a"), set.find("PUT", "/a")), (2, Some(&2), Some(&4)));
}

#[test]
fn templates() {
    let cases = [
        ("GET", "/fixtures", "GET /fixtures"),
        ("GET", "/fixtures?live=all", "GET /fixtures"),
        ("GET", "/fixtures/", "GET /fixtures/…"),
        ("GET", "/fixtures/12/events?x=/", "GET /fixtures/…"),
        ("POST", "/", "POST /"),
        ("GET", "", "GET /"),
        ("OPTIONS", "*", "OPTIONS /*"),
    ];
    for (verb, target, wanted) in cases {
        assert_eq!(first_segment_template(verb, target), wanted);
    }
    let junk = first_segment_template(&"V".repeat(99), &format!("/{}/x", "é".repeat(99)));
    assert_eq!(junk, format!("{}… /{}…/…", "V".repeat(16), "é".repeat(24)));
}
