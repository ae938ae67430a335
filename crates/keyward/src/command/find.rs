//! Finds what a command line names: by id, or by name where only one thing is called that.

use domain::{account::Account, id::Id, key::Key, key::Value, member::Member, name::Title};
use store::Source;

use super::failure::Failure;

/// The account with this id or name.
pub async fn account(from: &impl Source, text: &str) -> Result<Account, Failure> {
    if let Some(id) = id_of(text, "acc_")? {
        let found = store::account::find(from, id).await?;
        return found.ok_or_else(|| nothing("account", text, "", "keyward account list"));
    }
    let found = match text.parse::<Title>() {
        Ok(name) => store::account::find_by_name(from, &name).await?,
        Err(_) => Vec::new(),
    };
    let ids = found.iter().map(|account| account.id.to_string()).collect();
    only("account", text, String::new(), "keyward account list", found, ids)
}

/// The member with this id, or with this name or mail address in the account (which may go unsaid if there is but one).
/// Members who were removed are found by their id only.
pub async fn member(from: &impl Source, text: &str, account: Option<&str>) -> Result<Member, Failure> {
    const LIST: &str = "keyward member list ACCOUNT";
    if let Some(id) = id_of(text, "mem_")? {
        let found = store::member::find(from, id).await?;
        return found.ok_or_else(|| nothing("member", text, "", LIST));
    }
    let account = account_or_only(from, account).await?;
    let is_named = |member: &Member| member.name.as_str() == text || member.email.as_compared() == text.to_lowercase();
    let mut found = store::member::list(from, account.id).await?;
    found.retain(|member| member.removed_at.is_none() && is_named(member));
    let ids = found.iter().map(|member| member.id.to_string()).collect();
    only("member", text, format!(" in account {}", account.name), LIST, found, ids)
}

/// The key with this id, or with this name in the account (which may go unsaid if there is but one). Revoked keys are
/// found by their id only.
pub async fn key(from: &impl Source, text: &str, account: Option<&str>) -> Result<Key, Failure> {
    const LIST: &str = "keyward key list ACCOUNT";
    if let Some(id) = id_of(text, "key_")? {
        let found = store::key::find(from, id).await?;
        return found.ok_or_else(|| nothing("key", text, "", LIST));
    }
    let account = account_or_only(from, account).await?;
    let mut found = store::key::list(from, account.id).await?;
    found.retain(|key| key.revoked_at.is_none() && key.name.as_str() == text);
    let ids = found.iter().map(|key| key.id.to_string()).collect();
    only("key", text, format!(" in account {}", account.name), LIST, found, ids)
}

/// The value with this id; values have no names.
pub async fn value(from: &impl Source, text: &str) -> Result<Value, Failure> {
    const LIST: &str = "keyward key value list KEY";
    let found = match id_of(text, "val_")? {
        Some(id) => store::value::find(from, id).await?,
        None => None,
    };
    found.ok_or_else(|| nothing("value", text, "", LIST))
}

async fn account_or_only(from: &impl Source, named: Option<&str>) -> Result<Account, Failure> {
    if let Some(text) = named {
        return account(from, text).await;
    }
    let mut all = store::account::list(from).await?;
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Failure::refused("there is no account yet", "make one with `keyward account create`")),
        (Some(_), false) => Err(Failure::refused(
            format!("there are {} accounts, so a name does not say which", all.len() + 1),
            "add --account ACCOUNT, or give an id",
        )),
    }
}

/// The id, if the text begins like one; a text that begins like one and is none is refused with its form.
fn id_of<N: domain::id::Noun>(text: &str, prefix: &str) -> Result<Option<Id<N>>, Failure> {
    if !text.starts_with(prefix) {
        return Ok(None);
    }
    let id =
        text.parse().map_err(|refusal: domain::id::NotAnId| Failure::Refused { what: refusal.to_string(), hint: None });
    id.map(Some)
}

fn only<T>(
    what: &'static str,
    text: &str,
    place: String,
    list: &'static str,
    mut found: Vec<T>,
    ids: Vec<String>,
) -> Result<T, Failure> {
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(nothing(what, text, &place, list)),
        (Some(_), false) => Err(Failure::Several { what, text: text.to_owned(), ids }),
    }
}

fn nothing(what: &'static str, text: &str, place: &str, list: &'static str) -> Failure {
    Failure::Nothing { what, text: text.to_owned(), place: place.to_owned(), list }
}
