//! Where a receipt's `manage` link leads: what an operator types to look at, or change, what caused a denial.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::id::{KeyId, MemberId};

use crate::page::page;

/// `GET /keys/{id}`.
pub async fn show_key(Path(id): Path<String>) -> Response {
    match id.parse::<KeyId>() {
        Ok(id) => commands("Key", &[format!("key show {id}"), format!("key limit {id}"), format!("key enable {id}")]),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /members/{id}`.
pub async fn show_member(Path(id): Path<String>) -> Response {
    match id.parse::<MemberId>() {
        Ok(id) => commands("Member", &[format!("member limit {id}"), format!("member activate {id}")]),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /account`.
pub async fn show_account() -> Response {
    let of_account = ["account show ACCOUNT", "account activate ACCOUNT", "plan assign ACCOUNT API=PLAN"];
    commands("Account", &of_account.map(str::to_owned))
}

fn commands(title: &str, commands: &[String]) -> Response {
    let items = commands.iter().map(|command| format!("<li><code>keyward {command}</code></li>\n"));
    let body = format!("<p>On the machine that Keyward runs on:</p>\n<ul>\n{}</ul>\n", items.collect::<String>());
    page(title, &body).into_response()
}
