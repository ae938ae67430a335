//! `keyward member`: the seats of persons in an account.

use clap::Subcommand;
use domain::{
    audit::Action,
    id::{AccountId, MemberId},
    member::{Member, MemberState},
    name::Title,
    person::Email,
    plan,
    role::Role,
    time::Timestamp,
};
use serde::Serialize;
use store::{Source, Tx, quota::Owner};

use super::{
    account::person_of,
    catalogue::Catalogue,
    context::Context,
    failure::Failure,
    find,
    limit::{self, LimitArguments},
    trail,
};
use crate::{
    clock,
    output::{Align, moment},
};

/// What can be done with members.
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// Give a person a seat in an account; pending until they take it.
    Create(CreateArguments),
    /// List the seats of an account.
    List {
        /// Id or name of the account.
        account: String,
    },
    /// Refuse every value that the member owns from now on; nothing is lost.
    Suspend(Named),
    /// Take a suspension back, or a pending seat for the person.
    Activate(Named),
    /// Give the seat up for good and revoke the member's values; the log keeps the name.
    Remove(Named),
    /// Show the limits of a member, or set one: a cap or a rate over all values the member owns.
    Limit {
        #[command(flatten)]
        member: Named,
        #[command(flatten)]
        limit: LimitArguments,
    },
}

/// `member create`.
#[derive(Debug, clap::Args)]
pub struct CreateArguments {
    /// Id or name of the account.
    account: String,
    /// The person's name.
    #[arg(long)]
    name: Title,
    /// The person's mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: Email,
    /// What they may do: admin or member.
    #[arg(long, default_value = "member")]
    role: Role,
    /// Make the seat active at once, without an invitation.
    #[arg(long)]
    active: bool,
}

/// Which member.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// Id, name or mail address of the member.
    member: String,
    /// Id or name of the account, where there are several.
    #[arg(long)]
    account: Option<String>,
}

/// A member as JSON shows it.
#[derive(Serialize)]
struct MemberView {
    id: MemberId,
    account: AccountId,
    name: Title,
    email: String,
    role: Option<String>,
    state: &'static str,
    created_at: Timestamp,
    activated_at: Option<Timestamp>,
    suspended_at: Option<Timestamp>,
    removed_at: Option<Timestamp>,
}

/// Runs the command.
pub async fn run(context: &mut Context<'_>, command: MemberCommand) -> Result<(), Failure> {
    match command {
        MemberCommand::Create(arguments) => create(context, arguments).await,
        MemberCommand::List { account } => list(context, &account).await,
        MemberCommand::Suspend(named) => suspend(context, named).await,
        MemberCommand::Activate(named) => activate(context, named).await,
        MemberCommand::Remove(named) => remove(context, named).await,
        MemberCommand::Limit { member, limit } => {
            let member = named(&context.store, &member).await?;
            limit::run(context, Owner::Member(member.id), member.created_at, limit).await
        }
    }
}

async fn create(context: &mut Context<'_>, arguments: CreateArguments) -> Result<(), Failure> {
    let now = context.now();
    let other = match arguments.role {
        Role::Admin | Role::Member => None,
        Role::Owner => Some("an account has one owner, made with it"),
        _ => Some("only built-in roles are given by a command"),
    };
    if let Some(why) = other {
        return Err(Failure::refused(why, "choose --role admin or member"));
    }
    let tx = context.store.begin().await?;
    let account = find::account(&tx, &arguments.account).await?;
    refuse_second_seat(&tx, account.id, &arguments.email).await?;
    let catalogue = Catalogue::load(&tx, context.config, now).await?;
    let subscriptions = store::subscription::list(&tx, account.id).await?;
    plan::may_add_member(catalogue.plans_of(&subscriptions), store::member::count(&tx, account.id).await?)?;
    let person = person_of(&tx, &arguments.name, &arguments.email, now).await?;
    let member = Member {
        id: MemberId::new(now, clock::entropy_of_id()),
        account: account.id,
        name: arguments.name,
        email: arguments.email,
        person: arguments.active.then_some(person),
        role: Some(arguments.role),
        created_at: now,
        activated_at: arguments.active.then_some(now),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    store::member::insert(&tx, &member).await?;
    record(&tx, Action::MemberCreate, &member, now).await?;
    tx.commit().await?;
    show(context, member)
}

async fn refuse_second_seat(tx: &Tx, account: AccountId, email: &Email) -> Result<(), Failure> {
    match store::member::of_email(tx, account, email).await? {
        None => Ok(()),
        Some(seat) => Err(Failure::refused(
            format!("{email} has a seat in the account already: {}", seat.id),
            "use that seat, or remove it first",
        )),
    }
}

async fn suspend(context: &mut Context<'_>, which: Named) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let member = named(&tx, &which).await?.suspend(now)?;
    store::member::save(&tx, &member).await?;
    record(&tx, Action::MemberSuspend, &member, now).await?;
    tx.commit().await?;
    show(context, member)
}

async fn activate(context: &mut Context<'_>, which: Named) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let member = named(&tx, &which).await?;
    let member = match member.state() {
        MemberState::Pending => {
            let person = person_of(&tx, &member.name, &member.email, now).await?;
            member.join(person, now)?
        }
        _ => member.activate(now)?,
    };
    store::member::save(&tx, &member).await?;
    record(&tx, Action::MemberActivate, &member, now).await?;
    tx.commit().await?;
    show(context, member)
}

async fn remove(context: &mut Context<'_>, which: Named) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let member = named(&tx, &which).await?.remove(now)?;
    store::member::save(&tx, &member).await?;
    for value in store::value::list_of_member(&tx, member.id).await? {
        if value.revoked_at.is_none() {
            store::value::save(&tx, &value.revoke(now)?).await?;
        }
    }
    record(&tx, Action::MemberRemove, &member, now).await?;
    tx.commit().await?;
    show(context, member)
}

async fn record(tx: &Tx, action: Action, member: &Member, now: Timestamp) -> Result<(), Failure> {
    trail::record(tx, member.account, action, (member.id, member.name.as_str()), now).await
}

async fn list(context: &mut Context<'_>, account: &str) -> Result<(), Failure> {
    let account = find::account(&context.store, account).await?;
    let members = store::member::list(&context.store, account.id).await?;
    let views = members.into_iter().map(view).collect::<Vec<_>>();
    let columns = [
        ("id", Align::Left),
        ("name", Align::Left),
        ("email", Align::Left),
        ("role", Align::Left),
        ("state", Align::Left),
        ("created", Align::Left),
    ];
    context.list(&views, &columns, |view| {
        vec![
            view.id.to_string(),
            view.name.to_string(),
            view.email.clone(),
            role_of(view),
            view.state.to_owned(),
            moment(view.created_at),
        ]
    })
}

fn show(context: &mut Context<'_>, member: Member) -> Result<(), Failure> {
    let view = view(member);
    let lines = [
        ("member", view.name.to_string()),
        ("id", view.id.to_string()),
        ("email", view.email.clone()),
        ("role", role_of(&view)),
        ("state", view.state.to_owned()),
        ("created", moment(view.created_at)),
    ];
    context.show(&view, &lines)
}

async fn named(from: &impl Source, which: &Named) -> Result<Member, Failure> {
    find::member(from, &which.member, which.account.as_deref()).await
}

/// The role in the account; who has none has a seat for keys only.
fn role_of(view: &MemberView) -> String {
    view.role.clone().unwrap_or_else(|| "keys only".to_owned())
}

fn view(member: Member) -> MemberView {
    MemberView {
        state: member.state().as_str(),
        id: member.id,
        account: member.account,
        name: member.name,
        email: member.email.to_string(),
        role: member.role.map(|role| role.to_string()),
        created_at: member.created_at,
        activated_at: member.activated_at,
        suspended_at: member.suspended_at,
        removed_at: member.removed_at,
    }
}
