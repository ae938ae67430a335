//! The description of the REST API is in the repository, and is true.

use std::{fs, path::Path};

use super::*;

/// Set it to `1` to write the file anew.
const WRITE: &str = "KEYWARD_WRITE_GOLDEN";

#[test]
fn openapi_json_is_what_the_router_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    let mut text = description().to_pretty_json().expect("plain values");
    text.push('\n');
    if std::env::var(WRITE).is_ok_and(|set| set == "1") {
        fs::write(&file, &text).expect("the repository can be written");
    }
    let held = fs::read_to_string(&file).unwrap_or_default();
    assert!(held == text, "openapi.json is not what the router says; `{WRITE}=1 cargo test -p control` writes it");
}

#[test]
fn every_operation_has_a_name_of_its_own_and_tells_its_problems() {
    let description = description();
    let value = serde_json::to_value(&description).expect("plain values");
    let mut names = Vec::new();
    for (path, item) in value["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Some(name) = operation["operationId"].as_str() else { continue };
            names.push(name.to_owned());
            let text = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|summary| summary.len() > 5), "{text} says what it does");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{text} belongs to one noun");
        }
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(count >= 35, "{count} operations");
}
