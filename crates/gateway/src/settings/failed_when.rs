//! `failed_when`: by what an answer of a REST API says that its call failed, where its status says that all is well.

use std::str::FromStr;

use serde_json::Value;
use thiserror::Error;

/// The longest pointer, in bytes.
pub const MAX_POINTER: usize = 256;

/// A condition on an answer's body, written `/errors non-empty`: a JSON pointer (RFC 6901), and what must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedWhen {
    pointer: String,
}

/// Why a text is no such condition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a JSON pointer of at most {MAX_POINTER} bytes and `non-empty`, such as \"/errors non-empty\"")]
pub struct NotACondition;

impl FromStr for FailedWhen {
    type Err = NotACondition;

    fn from_str(text: &str) -> Result<Self, NotACondition> {
        let (pointer, condition) = text.rsplit_once(' ').ok_or(NotACondition)?;
        let is_escaped = pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
        let is_pointer = pointer.starts_with('/') && pointer.len() <= MAX_POINTER && is_escaped;
        if condition != "non-empty" || !is_pointer || pointer.ends_with(' ') {
            return Err(NotACondition);
        }
        Ok(FailedWhen { pointer: pointer.to_owned() })
    }
}

impl FailedWhen {
    /// Whether the answer says that the call failed. What is no JSON, or has nothing at the pointer, does not. Empty are null,
    /// false, and a text, list or object without anything in it.
    pub fn holds(&self, answer: &[u8]) -> bool {
        let Ok(answer) = serde_json::from_slice::<Value>(answer) else { return false };
        match answer.pointer(&self.pointer) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(Value::Bool(true) | Value::Number(_)) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    //! What is a condition, and when it holds.

    use super::*;

    #[test]
    fn conditions_are_a_pointer_and_a_word() {
        for good in ["/errors non-empty", "/a/0/b~1c~0d non-empty", "/with space non-empty"] {
            assert!(good.parse::<FailedWhen>().is_ok(), "{good}");
        }
        let long = format!("/{} non-empty", "x".repeat(MAX_POINTER));
        for bad in ["", "/errors", "errors non-empty", "/errors empty", "/a~2 non-empty", "/a  non-empty", &long] {
            assert_eq!(bad.parse::<FailedWhen>(), Err(NotACondition), "{bad}");
        }
    }

    #[test]
    fn an_answer_says_so_with_anything_that_is_not_empty() {
        let rule: FailedWhen = "/errors non-empty".parse().expect("a condition");
        for (answer, holds) in [
            (r#"{"errors":[]}"#, false),
            (r#"{"errors":{}}"#, false),
            (r#"{"errors":""}"#, false),
            (r#"{"errors":null}"#, false),
            (r#"{"errors":false}"#, false),
            (r#"{"error":["x"]}"#, false),
            (r#"{"a":{"errors":["x"]}}"#, false),
            (r#"["errors"]"#, false),
            (r#"{"errors":["x"]"#, false),
            ("", false),
            (r#"{"errors":{"token":"x"}}"#, true),
            (r#"{"errors":["x"]}"#, true),
            (r#"{"errors":"x"}"#, true),
            (r#"{"errors":true}"#, true),
            (r#"{"errors":7}"#, true),
        ] {
            assert_eq!(rule.holds(answer.as_bytes()), holds, "{answer}");
        }
    }
}
