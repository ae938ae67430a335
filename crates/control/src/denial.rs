//! What every denial means: where the links of receipts lead.

use axum::response::IntoResponse;
use domain::decision::Denial;

use crate::page::{escaped, page};

/// `GET /docs/errors`: one place for each code, in the order of precedence.
pub async fn list_denials() -> impl IntoResponse {
    page("Denials", &places())
}

fn places() -> String {
    let mut body = String::from("<p>Why a call was not served. Where several reasons hold, the first is told.</p>\n");
    let mut before = "";
    for denial in Denial::ALL {
        let (code, status, number) = (denial.code(), denial.status(), denial.json_rpc_code());
        if code != before {
            let sentence = escaped(denial.sentence());
            body.push_str(&format!("<h2 id=\"{code}\">{code}</h2>\n<p>{sentence}</p>\n"));
            body.push_str(&format!("<p>HTTP {status}, JSON-RPC {number}.</p>\n"));
        }
        before = code;
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_place() {
        let body = places();
        for denial in Denial::ALL {
            assert_eq!(body.matches(&format!("<h2 id=\"{}\">", denial.code())).count(), 1, "{denial}");
        }
    }
}
