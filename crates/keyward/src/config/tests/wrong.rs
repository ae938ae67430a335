//! Wrong files, and the exact words they are refused with: `wrong_files.txt`, blocks of a file, `---`, and what is said.
//! `{API}` in a file is an API with nothing wrong; the lines of a refusal begin with line and column.

use super::{API, parse};

#[test]
fn every_wrong_file_is_refused_in_these_words() {
    let blocks = include_str!("wrong_files.txt").split("\n====\n").collect::<Vec<_>>();
    assert!(blocks.len() >= 90, "{} blocks: has the separator changed?", blocks.len());
    for block in blocks {
        let (file, words) = block.split_once("\n---\n").unwrap_or_else(|| panic!("no `---` in\n{block}"));
        let refusal = parse(&file.replace("{API}", API)).err().map(|wrong| wrong.to_string()).unwrap_or_default();
        assert_eq!(refusal.replace("etc/keyward.toml:", ""), words.trim_end(), "of\n{file}");
    }
}

#[test]
fn a_secret_is_never_repeated() {
    let files = [
        "database = \"postgres://ada:not-a-secret@db/keyward\"",
        "database = { url = \"postgres://ada:not-a-secret@db/keyward\" }",
        "database = { env = \"not-a-secret\" }",
        "{API}credential = \"not-a-secret\"",
        "{API}credential = { header = \"x-key\", key = \"not-a-secret\" }",
        "[api.a]\nprotocol = \"rest\"\nupstream = \"https://ada:not-a-secret@api.example.com\"",
        "[api.a]\nprotocol = \"rest\"\nupstream = \"https://api.example.com/?key=not-a-secret\"",
        "[api.a]\nprotocol = \"rest\"\nupstream = \"https://api.example.com/not-a-secret-0123456789abcdef\"",
    ];
    for file in files {
        let refusal = parse(&file.replace("{API}", API)).unwrap_err().to_string();
        assert!(!refusal.contains("not-a-secret"), "{refusal}");
    }
}
