//! What an answer shows once is not kept: in its place stands null, and `shown` beside it.

use domain::{
    access_token::AccessTokenText,
    key::{secret, value},
};
use serde_json::Value;

/// Fields whose texts have no form that they could be told by.
const SHOWN_ONCE: &[&str] = &["seed", "uri", "recovery_codes"];

/// The answer without its secrets.
pub fn without(mut answer: Value) -> Value {
    hide(&mut answer);
    answer
}

fn hide(part: &mut Value) {
    match part {
        Value::Object(fields) => {
            let mut shown = false;
            for (name, field) in fields.iter_mut() {
                if SHOWN_ONCE.contains(&name.as_str()) || field.as_str().is_some_and(has_secret) {
                    *field = Value::Null;
                    shown = true;
                } else {
                    hide(field);
                }
            }
            if shown {
                fields.insert("shown".to_owned(), Value::Bool(true));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| match item.as_str() {
            Some(text) if has_secret(text) => *item = Value::Null,
            _ => hide(item),
        }),
        _ => {}
    }
}

/// Whether a value, a secret or an access token stands somewhere in it. Each has a check sum: nothing else is taken for one.
fn has_secret(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| {
        value::is_well_formed(word.as_bytes())
            || secret::is_well_formed(word.as_bytes())
            || AccessTokenText::presented(word).is_some()
    })
}

#[cfg(test)]
mod tests {
    use domain::key::{secret::SecretText, value::ValueText};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_once_is_not_kept() {
        let value = ValueText::draw([7; 24]).reveal().to_owned();
        let secret = SecretText::draw([8; 24]).reveal().to_owned();
        let token = AccessTokenText::draw([9; 24]).reveal().to_owned();
        let (mask, snippet) = (format!("{}…", &value[..5]), format!("curl https://x.example/{value}/y"));
        let cases = [
            (
                json!({ "id": "val_1", "value": value, "mask": mask }),
                json!({ "id": "val_1", "value": null, "mask": mask, "shown": true }),
            ),
            (json!({ "secret": secret }), json!({ "secret": null, "shown": true })),
            (json!({ "text": token }), json!({ "text": null, "shown": true })),
            (
                json!({ "a": { "b": [{ "code": snippet }] } }),
                json!({ "a": { "b": [{ "code": null, "shown": true }] } }),
            ),
            (json!([snippet, 1]), json!([null, 1])),
            (json!({ "recovery_codes": ["a", "b"] }), json!({ "recovery_codes": null, "shown": true })),
            (json!({ "name": "kw_ is no value" }), json!({ "name": "kw_ is no value" })),
        ];
        for (answer, expected) in cases {
            assert_eq!(without(answer.clone()), expected, "{answer}");
        }
    }
}
