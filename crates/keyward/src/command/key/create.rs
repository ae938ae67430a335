//! `keyward key create`: one key with its first value, or many at once for a fleet or a load test.

use domain::{
    account::Account,
    audit::Action,
    id::KeyId,
    key::{Key, Sharing, value::ValueText},
    member::MemberState,
    name::{ApiName, Environment, NetworkName, Title},
    plan,
    time::Timestamp,
};
use serde::Serialize;
use store::Tx;

use super::{KeyView, lines, view};
use crate::{
    clock,
    command::{catalogue::Catalogue, context::Context, failure::Failure, find, trail, value::draw_for},
    output::{Align, Shape},
};

/// The most keys of one command: they are one transaction.
const MAX_AT_ONCE: u32 = 1_000_000;
/// Keys that are written with one call to the store.
const CHUNK: u32 = 10_000;

/// `key create`.
#[derive(Debug, clap::Args)]
pub struct CreateArguments {
    /// Id or name of the account.
    account: String,
    /// What people call the key; with --count, a number follows.
    #[arg(long)]
    name: Title,
    /// Where it is used: Development, Pre-production, Production, or a word of the account's own.
    #[arg(long)]
    environment: Environment,
    /// The member whose key it is: id, name or mail address. The owner's if nothing is said.
    #[arg(long, value_name = "MEMBER", conflicts_with = "shared")]
    holder: Option<String>,
    /// A key that several members hold, each with a value of their own; the first value is the account's.
    #[arg(long)]
    shared: bool,
    /// An API that it opens; may be given several times. All that the account subscribes to if nothing is said.
    #[arg(long = "api", value_name = "API")]
    apis: Vec<ApiName>,
    /// A network that it opens; may be given several times. All if nothing is said.
    #[arg(long = "network", value_name = "NETWORK")]
    networks: Vec<NetworkName>,
    /// From when on it is refused: 2027-01-01T00:00:00Z.
    #[arg(long, value_name = "MOMENT")]
    expires: Option<Timestamp>,
    /// How many keys to make.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_AT_ONCE)))]
    count: u32,
    /// Print the values and nothing else, one a line.
    #[arg(long)]
    quiet: bool,
}

/// A new key as JSON shows it, with the text of its first value.
#[derive(Serialize)]
struct NewKeyView {
    #[serde(flatten)]
    key: KeyView,
    value: String,
}

/// Makes the keys.
pub async fn run(context: &mut Context<'_>, arguments: CreateArguments) -> Result<(), Failure> {
    let now = context.now();
    let tx = context.store.begin().await?;
    let account = find::account(&tx, &arguments.account).await?;
    let catalogue = Catalogue::load(&tx, context.config, now).await?;
    may_add(&tx, &catalogue, &account, &arguments, now).await?;
    let sharing = sharing(&tx, &account, &arguments).await?;
    let mut made = Vec::new();
    for first in (1..=arguments.count).step_by(CHUNK as usize) {
        let last = (first + CHUNK - 1).min(arguments.count);
        let chunk = (first..=last).map(|number| key(&account, &arguments, sharing, number, now));
        made.extend(insert(&tx, chunk.collect::<Result<_, _>>()?, now).await?);
    }
    match made.as_slice() {
        [(key, _)] => trail::record(&tx, account.id, Action::KeyCreate, (key.id, key.name.as_str()), now).await?,
        // One line for one command: a line for each of a million keys would drown the rest.
        keys => {
            let name = format!("{} keys called {}", keys.len(), arguments.name);
            trail::record(&tx, account.id, Action::KeyCreate, (account.id, &name), now).await?;
        }
    }
    tx.commit().await?;
    show(context, made, arguments.quiet, now)
}

/// That the account's plans allow so many keys more, that it has the APIs, that they have the networks, and that the end
/// is still to come.
async fn may_add(
    tx: &Tx,
    catalogue: &Catalogue,
    account: &Account,
    arguments: &CreateArguments,
    now: Timestamp,
) -> Result<(), Failure> {
    let subscriptions = store::subscription::list(tx, account.id).await?;
    let present = store::key::count(tx, account.id).await?;
    plan::may_add_keys(catalogue.plans_of(&subscriptions), present, u64::from(arguments.count))?;
    let subscribed = |api: &ApiName| subscriptions.iter().any(|subscription| subscription.api == *api);
    if let Some(api) = arguments.apis.iter().find(|api| !subscribed(api)) {
        let what = format!("account {} does not subscribe to {api}", account.name);
        return Err(Failure::refused(what, format!("`keyward plan assign ACCOUNT {api}=PLAN` subscribes it")));
    }
    let opened = catalogue.apis.iter().filter(|api| subscribed(&api.name));
    let opened = opened.filter(|api| arguments.apis.is_empty() || arguments.apis.contains(&api.name));
    let networks = opened.flat_map(|api| &api.networks).collect::<Vec<_>>();
    if let Some(network) = arguments.networks.iter().find(|network| !networks.contains(network)) {
        let known = networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let hint =
            if known.is_empty() { "these APIs have no networks".to_owned() } else { format!("there are: {known}") };
        return Err(Failure::refused(format!("none of the key's APIs has a network {network}"), hint));
    }
    match arguments.expires {
        Some(end) if end <= now => Err(Failure::refused("the key would have expired already", "give a later moment")),
        _ => Ok(()),
    }
}

async fn sharing(tx: &Tx, account: &Account, arguments: &CreateArguments) -> Result<Sharing, Failure> {
    if arguments.shared {
        return Ok(Sharing::Shared);
    }
    let Some(text) = &arguments.holder else {
        let owner = store::member::owner(tx, account.id).await?;
        let owner = owner.ok_or_else(|| Failure::refused("the account has no owner", "name a member with --holder"))?;
        return Ok(Sharing::Own { holder: owner.id });
    };
    let holder = find::member(tx, text, Some(&account.id.to_string())).await?;
    if holder.account != account.id || holder.state() == MemberState::Removed {
        let what = format!("{} has no seat in account {}", holder.name, account.name);
        return Err(Failure::refused(what, "name one of its members"));
    }
    Ok(Sharing::Own { holder: holder.id })
}

fn key(
    account: &Account,
    arguments: &CreateArguments,
    sharing: Sharing,
    number: u32,
    now: Timestamp,
) -> Result<Key, Failure> {
    let name = match arguments.count {
        1 => Ok(arguments.name.clone()),
        _ => format!("{} {number}", arguments.name).parse::<Title>(),
    };
    let name = name.map_err(|refusal| Failure::refused(refusal.to_string(), "choose a shorter name"))?;
    let id = KeyId::new(now, clock::entropy_of_id());
    Ok(Key {
        apis: arguments.apis.iter().cloned().collect(),
        networks: arguments.networks.iter().cloned().collect(),
        expires_at: arguments.expires,
        ..Key::new(id, account.id, name, arguments.environment.clone(), sharing, now)
    })
}

async fn insert(tx: &Tx, keys: Vec<Key>, now: Timestamp) -> Result<Vec<(Key, ValueText)>, Failure> {
    let holder = |key: &Key| match key.sharing {
        Sharing::Own { holder } => Some(holder),
        Sharing::Shared => None,
    };
    let drawn = keys.iter().map(|key| draw_for(key, holder(key), now)).collect::<Result<Vec<_>, _>>()?;
    let (values, texts): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    store::key::insert_many(tx, &keys).await?;
    store::value::insert_many(tx, &values).await?;
    Ok(keys.into_iter().zip(texts).collect())
}

fn show(context: &mut Context<'_>, made: Vec<(Key, ValueText)>, quiet: bool, now: Timestamp) -> Result<(), Failure> {
    if quiet {
        return Ok(made.iter().try_for_each(|(_, text)| writeln!(context.out, "{}", text.reveal()))?);
    }
    let new_view = |(key, text): (Key, ValueText)| NewKeyView { key: view(key, now), value: text.reveal().to_owned() };
    let views = made.into_iter().map(new_view).collect::<Vec<_>>();
    if let ([only], Shape::Text) = (views.as_slice(), context.shape) {
        let mut lines = lines(&only.key);
        lines.push(("value", format!("{}   (shown only now: keep it)", only.value)));
        return context.show(only, &lines);
    }
    let columns = [("id", Align::Left), ("name", Align::Left), ("value (shown only now)", Align::Left)];
    context.list(&views, &columns, |view| vec![view.key.id.to_string(), view.key.name.to_string(), view.value.clone()])
}
