//! What a call can fail with, as JSON-RPC writes it.

use serde_json::{Value, json};

/// `error` of an answer: codes after JSON-RPC 2.0, EIP-1474 and, for reverts, what nodes do.
#[derive(Debug, PartialEq)]
pub struct RpcError {
    code: i64,
    message: String,
    data: Option<String>,
}

impl RpcError {
    /// Code and message.
    pub fn new(code: i64, message: &str) -> Self {
        Self { code, message: message.to_owned(), data: None }
    }

    /// A parameter that is absent or not of its shape.
    pub fn parameter(place: usize, expected: &str) -> Self {
        Self::new(-32602, &format!("invalid params: parameter {place} must be {expected}"))
    }

    /// A contract that refused the call.
    pub fn reverted() -> Self {
        Self { code: 3, message: "execution reverted".to_owned(), data: Some("0x".to_owned()) }
    }

    /// As the answer has it.
    pub fn into_value(self) -> Value {
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Some(data) = self.data {
            error["data"] = Value::String(data);
        }
        error
    }
}
