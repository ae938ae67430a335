//! Which changes of the trail are asked for: by whom, what, to what, and when.

use domain::{
    id::{AccountId, AuditId, MemberId},
    permission::Permission,
    time::Timestamp,
};
use serde::Deserialize;
use store::audit::{Filter, Whose};

use crate::{
    actor::Actor,
    app::App,
    body::{field, field_if_any},
    error::Problem,
    list,
};

/// Changes of a page, if nothing is said.
const PAGE: u32 = 50;
/// The most changes of a page.
const MAX_PAGE: u32 = 200;
/// The longest action or id that is asked for, in characters.
const MAX_WORD: usize = 80;

/// Which changes of an account are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditAsked {
    /// By this member (`mem_…`), or by `operator`: whoever runs Keyward.
    by: Option<String>,
    /// This action, `key.edit`; or all that is done to a noun, `key`.
    action: Option<String>,
    /// To what has this id.
    subject: Option<String>,
    /// From this moment on.
    since: Option<String>,
    /// Before this moment.
    until: Option<String>,
    /// Where the page before ended: its `next`.
    before: Option<String>,
    /// Changes of the page, 1 to 200; 50 if nothing is said.
    limit: Option<u32>,
}

/// Which changes of operators are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OperatorAuditAsked {
    /// To this account.
    account: Option<String>,
    /// This action, `account.suspend`; or all that is done to a noun, `account`.
    action: Option<String>,
    /// To what has this id.
    subject: Option<String>,
    /// From this moment on.
    since: Option<String>,
    /// Before this moment.
    until: Option<String>,
    /// Where the page before ended: its `next`.
    before: Option<String>,
    /// Changes of the page, 1 to 200; 50 if nothing is said.
    limit: Option<u32>,
}

/// The rows of the account that are asked for; without `account.view`, those among the actor's own. None: nobody can have made
/// such a change.
///
/// Errors: 422 with the field's name; those of the store.
pub async fn of_account(app: &App, actor: &Actor, asked: AuditAsked) -> Result<Option<Filter>, Problem> {
    let (account, _) = actor.own();
    let whole = actor.may(Permission::AccountView).is_ok();
    let whose = if whole { Whose::Account(account) } else { Whose::Person(actor.caller().person.id, account) };
    let mut filter = read(whose, [asked.action, asked.subject, asked.since, asked.until, asked.before], asked.limit)?;
    match asked.by.as_deref() {
        None => {}
        Some("operator") => filter.by_operator = Some(true),
        Some(text) => {
            let member = field::<MemberId>("by", text)?;
            let seat = store::member::find_in(&app.store, account, member).await?;
            let Some(person) = seat.and_then(|seat| seat.person) else { return Ok(None) };
            filter.person = Some(person);
            filter.by_operator = Some(false);
        }
    }
    Ok(Some(filter))
}

/// The rows of those who run Keyward that are asked for.
///
/// Errors: 422 with the field's name.
pub fn of_operators(asked: OperatorAuditAsked) -> Result<Filter, Problem> {
    let account = field_if_any::<AccountId>("account", asked.account.as_deref())?;
    let texts = [asked.action, asked.subject, asked.since, asked.until, asked.before];
    Ok(Filter { account, ..read(Whose::Operators, texts, asked.limit)? })
}

fn read(whose: Whose, texts: [Option<String>; 5], limit: Option<u32>) -> Result<Filter, Problem> {
    let [action, subject, since, until, before] = texts;
    let limit = list::limit(limit, (PAGE, MAX_PAGE), "changes")?;
    Ok(Filter {
        action: word("action", action)?,
        subject: word("subject", subject)?,
        since: field_if_any::<Timestamp>("since", since.as_deref())?,
        until: field_if_any::<Timestamp>("until", until.as_deref())?,
        before: field_if_any::<AuditId>("before", before.as_deref())?,
        ..Filter::all(whose, limit)
    })
}

/// A word as the trail has them; another can stand in no row.
fn word(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    let is_word = |text: &String| {
        (1..=MAX_WORD).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
    };
    match text {
        Some(text) if !is_word(&text) => Err(Problem::field(field, "letters, digits, `_`, `-` and `.`")),
        text => Ok(text),
    }
}
