//! The demo's account: an owner, two members, a key for each environment and a shared one. Made once; values and
//! passwords are drawn anew at each start, because nothing keeps them in clear (docs/decisions/0005).

use anyhow::Context;
use domain::{
    account::Account,
    id::{AccountId, KeyId, MemberId, PersonId, SubscriptionId, ValueId},
    key::{Key, Sharing, value::ValueText},
    member::Member,
    name::{Environment, Title},
    person::{Email, Person},
    quota::{Metric, Period},
    role::Role,
    subscription::Subscription,
    time::{DAY, Timestamp},
};
use store::{Store, Tx, quota::Owner};

use super::ready::{KeyReady, PersonReady};
use crate::{clock, config::Config};

/// How long values of earlier starts stay valid.
const GRACE: i64 = DAY;

const OWNER: (&str, &str) = ("Olivia Owner", "olivia@example.com");
const MEMBERS: [(&str, &str); 2] = [("Ada Analyst", "ada@example.com"), ("Ben Builder", "ben@example.com")];
/// Name, environment, and whose it is: a member's place among all three, or nobody's own.
const KEYS: [(&str, &str, Option<usize>); 4] = [
    ("Ada's notebook", "Development", Some(1)),
    ("Ben's rehearsal", "Pre-production", Some(2)),
    ("Website", "Production", Some(0)),
    ("Data team", "Production", None),
];

/// What callers and people need to begin.
pub struct Seeded {
    /// Whether the account was made by this start.
    pub is_new: bool,
    /// The owner.
    pub owner: PersonReady,
    /// The members, each with the value of a key of their own.
    pub members: Vec<PersonReady>,
    /// One value of each key.
    pub keys: Vec<KeyReady>,
}

/// Publishes what the file declares, makes the account if there is none, and draws values and passwords.
///
/// Errors: those of the store.
pub async fn run(config: &Config, quota: Option<u64>) -> anyhow::Result<Seeded> {
    let now = (clock::clock().wall)();
    let store = Store::open(&config.database.location(&config.data)?).await?;
    let (apis, plans) = config.catalogue();
    let tx = store.begin().await?;
    store::publication::publish(&tx, &apis, &plans, now, &mut clock::entropy_of_id).await?;
    let is_new = store::account::list(&tx).await?.is_empty();
    if is_new {
        make_account(&tx, config, now).await?;
    }
    let account = store::account::list(&tx).await?.into_iter().next().context("the demo's account is gone")?;
    if let Some(limit) = quota {
        limit_requests(&tx, &account, limit, now).await?;
    }
    let members = store::member::list(&tx, account.id).await?;
    let mut keys = Vec::new();
    let mut values = Vec::new();
    for key in store::key::list(&tx, account.id).await?.into_iter().filter(|key| key.revoked_at.is_none()) {
        let drawn = draw(&tx, &key, &members, now).await?;
        let Some((_, value)) = drawn.first().cloned() else { continue };
        values.extend(drawn);
        keys.push(KeyReady { name: key.name.to_string(), environment: key.environment.to_string(), value });
    }
    let mut people = Vec::new();
    for member in members.iter().filter(|member| member.person.is_some() && member.removed_at.is_none()) {
        let key = values.iter().find(|(holder, _)| *holder == Some(member.id)).map(|(_, value)| value.clone());
        people.push((member.role, give_password(&tx, member, key).await?));
    }
    tx.commit().await?;
    store.close().await?;
    let place = people.iter().position(|(role, _)| *role == Some(Role::Owner)).context("the demo's owner is gone")?;
    let (_, owner) = people.remove(place);
    Ok(Seeded { is_new, owner, members: people.into_iter().map(|(_, person)| person).collect(), keys })
}

async fn make_account(tx: &Tx, config: &Config, now: Timestamp) -> anyhow::Result<()> {
    let account = Account {
        id: AccountId::new(now, clock::entropy_of_id()),
        name: "Example team".parse()?,
        created_at: now,
        suspended_at: None,
        lists: Default::default(),
    };
    store::account::insert(tx, &account).await?;
    let mut members = Vec::new();
    for ((name, email), role) in [OWNER].into_iter().chain(MEMBERS).zip([Role::Owner, Role::Member, Role::Member]) {
        let (name, email) = (name.parse()?, email.parse()?);
        let person = Person {
            id: PersonId::new(now, clock::entropy_of_id()),
            name: Title::clone(&name),
            email: Email::clone(&email),
            password_hash: None,
            created_at: now,
            confirmed_at: Some(now),
            // The demo has one installation and one account: who owns it also sees the outbox.
            operator_at: (role == Role::Owner).then_some(now),
        };
        store::person::insert(tx, &person).await?;
        let member = Member {
            id: MemberId::new(now, clock::entropy_of_id()),
            account: account.id,
            name,
            email,
            person: Some(person.id),
            role: Some(role),
            created_at: now,
            activated_at: Some(now),
            suspended_at: None,
            ends_at: None,
            removed_at: None,
        };
        store::member::insert(tx, &member).await?;
        members.push(member.id);
    }
    for api in &config.apis {
        let Some(plan) = api.api.default_plan.clone() else { continue };
        let id = SubscriptionId::new(now, clock::entropy_of_id());
        let subscription = Subscription { id, account: account.id, api: api.api.name.clone(), plan, started_at: now };
        store::subscription::insert(tx, &subscription, now, &mut clock::entropy_of_id).await?;
    }
    for (name, environment, holder) in KEYS {
        let sharing = holder.map_or(Sharing::Shared, |place| Sharing::Own { holder: members[place] });
        store::key::insert(tx, &new_key(account.id, name, environment.parse()?, sharing, now)?).await?;
    }
    Ok(())
}

fn new_key(
    account: AccountId,
    name: &str,
    environment: Environment,
    sharing: Sharing,
    now: Timestamp,
) -> anyhow::Result<Key> {
    let id = KeyId::new(now, clock::entropy_of_id());
    Ok(Key::new(id, account, name.parse()?, environment, sharing, now))
}

/// Draws new values of a key: the holder's; of a shared key the account's own and one for each member. The values before
/// get a grace period.
async fn draw(
    tx: &Tx,
    key: &Key,
    members: &[Member],
    now: Timestamp,
) -> anyhow::Result<Vec<(Option<MemberId>, String)>> {
    for mut value in store::value::list(tx, key.id).await? {
        if value.revoked_at.is_none() && value.expires_at.is_none() {
            value.expires_at = Some(now.plus(GRACE));
            store::value::save(tx, &value).await?;
        }
    }
    let holders = match key.sharing {
        Sharing::Own { holder } => vec![Some(holder)],
        Sharing::Shared => [None].into_iter().chain(members.iter().map(|member| Some(member.id))).collect(),
    };
    let mut drawn = Vec::new();
    for holder in holders {
        let text = ValueText::draw(clock::entropy());
        let value = key.draw(ValueId::new(now, clock::entropy_of_id()), holder, &text, now)?;
        store::value::insert(tx, &value).await?;
        drawn.push((holder, text.reveal().to_owned()));
    }
    Ok(drawn)
}

/// The account's daily quota for each API, at once, also when it is lower than before.
async fn limit_requests(tx: &Tx, account: &Account, limit: u64, now: Timestamp) -> anyhow::Result<()> {
    for subscription in store::subscription::list(tx, account.id).await? {
        for quota in store::quota::list(tx, Owner::Subscription(subscription.id)).await? {
            if quota.metric == Metric::Requests && quota.period == Period::Day {
                store::quota::save_limit(tx, quota.id, limit, now).await?;
            }
        }
    }
    Ok(())
}

async fn give_password(tx: &Tx, member: &Member, key: Option<String>) -> anyhow::Result<PersonReady> {
    let password = new_password();
    let password_hash = Some(hash_password(&password)?);
    let person = store::person::find_by_email(tx, &member.email).await?.context("a person of the demo is gone")?;
    store::person::save(tx, &Person { password_hash, ..person }).await?;
    Ok(PersonReady { name: member.name.to_string(), email: member.email.to_string(), password, key })
}

/// Four groups of four letters and digits: 80 bits, and can be typed.
fn new_password() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789z";
    let letters: Vec<u8> = clock::entropy::<16>().iter().map(|byte| ALPHABET[usize::from(byte & 31)]).collect();
    let groups: Vec<_> = letters.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join("-")
}

/// Argon2id with the library's parameters (19 MiB, 2 passes), as PHC text.
fn hash_password(password: &str) -> anyhow::Result<String> {
    use argon2::{Argon2, PasswordHasher};
    let salt = clock::entropy::<16>();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("a password cannot be hashed: {error}"))?.to_string())
}
