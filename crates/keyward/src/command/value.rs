//! `keyward key value`: what callers present; shown once, when it is drawn.

use clap::Subcommand;
use domain::{
    audit::Action,
    id::{KeyId, MemberId, ValueId},
    key::{Key, Sharing, Value, value::ValueText},
    member::MemberState,
    time::Timestamp,
};
use serde::Serialize;
use store::Tx;

use super::{context::Context, failure::Failure, find, trail};
use crate::{
    clock,
    output::{Align, moment},
};

/// What can be done with values.
#[derive(Debug, Subcommand)]
pub enum ValueCommand {
    /// Draw a value and print it, once: for the holder of an own key, else for a member, else for the account itself.
    Draw {
        /// Id or name of the key.
        key: String,
        /// Id or name of the account, where there are several.
        #[arg(long)]
        account: Option<String>,
        /// Id, name or mail address of the member who will own the value.
        #[arg(long)]
        member: Option<String>,
        /// Print the value and nothing else.
        #[arg(long)]
        quiet: bool,
    },
    /// List the values of a key, masked.
    List {
        /// Id or name of the key.
        key: String,
        /// Id or name of the account, where there are several.
        #[arg(long)]
        account: Option<String>,
    },
    /// Revoke a value for good.
    Revoke {
        /// Id of the value.
        value: String,
    },
}

/// A value as JSON shows it.
#[derive(Serialize)]
pub struct ValueView {
    id: ValueId,
    key: KeyId,
    member: Option<MemberId>,
    mask: String,
    state: &'static str,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    /// The text itself, only in the answer to drawing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, command: ValueCommand) -> Result<(), Failure> {
    match command {
        ValueCommand::Draw { key, account, member, quiet } => {
            draw(context, &key, account.as_deref(), member.as_deref(), quiet).await
        }
        ValueCommand::List { key, account } => list(context, &key, account.as_deref()).await,
        ValueCommand::Revoke { value } => revoke(context, &value).await,
    }
}

/// A new value of the key, and its text, for the one moment in which it is shown.
pub fn draw_for(key: &Key, member: Option<MemberId>, now: Timestamp) -> Result<(Value, ValueText), Failure> {
    let text = ValueText::draw(clock::entropy());
    let value = key.draw(ValueId::new(now, clock::entropy_of_id()), member, &text, now)?;
    Ok((value, text))
}

async fn draw(
    context: &mut Context<'_>,
    key: &str,
    account: Option<&str>,
    member: Option<&str>,
    quiet: bool,
) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let key = find::key(&tx, key, account).await?;
    let member = owner_of_value(&tx, &key, member).await?;
    let (value, text) = draw_for(&key, member, now)?;
    store::value::insert(&tx, &value).await?;
    trail::record(&tx, key.account, Action::ValueDraw, (key.id, key.name.as_str()), now).await?;
    tx.commit().await?;
    if quiet {
        return Ok(writeln!(context.out, "{}", text.reveal())?);
    }
    show(context, value, now, Some(text.reveal().to_owned()))
}

/// Whose the value will be: the holder's of an own key; of a shared one the member's who is named, else the account's.
async fn owner_of_value(tx: &Tx, key: &Key, named: Option<&str>) -> Result<Option<MemberId>, Failure> {
    let Some(text) = named else {
        return Ok(match key.sharing {
            Sharing::Own { holder } => Some(holder),
            Sharing::Shared => None,
        });
    };
    let member = find::member(tx, text, Some(&key.account.to_string())).await?;
    if member.account != key.account {
        return Err(Failure::refused(
            "the member is of another account than the key",
            "name a member of the key's account",
        ));
    }
    if member.state() == MemberState::Removed {
        return Err(Failure::refused("the member was removed for good", "give the person a new seat first"));
    }
    Ok(Some(member.id))
}

async fn list(context: &mut Context<'_>, key: &str, account: Option<&str>) -> Result<(), Failure> {
    let now = context.now();
    let key = find::key(&context.store, key, account).await?;
    let views = views(context, &key, now).await?;
    let columns = [
        ("id", Align::Left),
        ("value", Align::Left),
        ("owner", Align::Left),
        ("state", Align::Left),
        ("drawn", Align::Left),
    ];
    context.list(&views, &columns, |view| {
        vec![view.id.to_string(), view.mask.clone(), view.owner(), view.state.to_owned(), moment(view.created_at)]
    })
}

/// The values of a key, masked.
pub async fn views(context: &Context<'_>, key: &Key, now: Timestamp) -> Result<Vec<ValueView>, Failure> {
    let values = store::value::list(&context.store, key.id).await?;
    Ok(values.into_iter().map(|value| view(value, now, None)).collect())
}

async fn revoke(context: &mut Context<'_>, text: &str) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let value = find::value(&tx, text).await?.revoke(now)?;
    store::value::save(&tx, &value).await?;
    if let Some(key) = store::key::find(&tx, value.key).await? {
        trail::record(&tx, key.account, Action::ValueRevoke, (key.id, key.name.as_str()), now).await?;
    }
    tx.commit().await?;
    show(context, value, now, None)
}

fn show(context: &mut Context<'_>, value: Value, now: Timestamp, text: Option<String>) -> Result<(), Failure> {
    let view = view(value, now, text);
    let mut lines = vec![
        ("id", view.id.to_string()),
        ("key", view.key.to_string()),
        ("owner", view.owner()),
        ("state", view.state.to_owned()),
    ];
    match &view.value {
        Some(text) => lines.push(("value", format!("{text}   (shown only now: keep it)"))),
        None => lines.push(("value", view.mask.clone())),
    }
    context.show(&view, &lines)
}

impl ValueView {
    /// Mask, owner and state in one line.
    pub fn line(&self) -> String {
        format!("{}  {}  {}  {}", self.mask, self.state, self.owner(), self.id)
    }

    fn owner(&self) -> String {
        self.member.map_or_else(|| "the account".to_owned(), |member| member.to_string())
    }
}

fn view(value: Value, now: Timestamp, text: Option<String>) -> ValueView {
    let state = match (value.revoked_at, value.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now => "expired",
        (None, _) => "active",
    };
    ValueView {
        id: value.id,
        key: value.key,
        member: value.member,
        mask: value.mask,
        state,
        created_at: value.created_at,
        expires_at: value.expires_at,
        revoked_at: value.revoked_at,
        value: text,
    }
}
