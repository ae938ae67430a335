//! A team: members with a value each, and the session of the owner who suspends them. Written into the store before anything
//! serves: no page draws twenty values in a moment.

use domain::{
    id::{AccountId, KeyId, MemberId, SessionId, ValueId},
    key::{Key, Sharing, value::ValueText},
    member::Member,
    role::Role,
    session::Session,
    time::Timestamp,
    token::Token,
};
use store::{Location, Store, Tx};

use crate::world::World;

/// A member.
pub struct Seat {
    /// Their id.
    pub member: MemberId,
    /// What their calls are told apart by.
    pub tag: usize,
    /// Their value.
    pub value: String,
}

/// An account's members.
pub struct Team {
    /// The account.
    pub account: AccountId,
    /// The owner's session, as the cookie holds it.
    pub session: String,
    /// The members.
    pub seats: Vec<Seat>,
}

impl Team {
    /// Adds so many members to the world's account, and signs its owner in.
    pub fn make(world: &World, members: usize) -> Team {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let location = Location::Sqlite { folder: world.terminal.data() };
            let store = Store::open(&location).await.expect("the store opens");
            let tx = store.begin().await.expect("a transaction");
            let account = store::account::list(&tx).await.expect("accounts").remove(0).id;
            let now = Timestamp::from_micros(super::now());
            let session = sign_in(&tx, account, now).await;
            let mut seats = Vec::new();
            for tag in 0..members {
                seats.push(seat(&tx, account, tag, now).await);
            }
            tx.commit().await.expect("it commits");
            store.close().await.expect("the store closes");
            Team { account, session, seats }
        })
    }
}

async fn sign_in(tx: &Tx, account: AccountId, now: Timestamp) -> String {
    let members = store::member::list(tx, account).await.expect("members");
    let owner = members.into_iter().find(|member| member.role == Some(Role::Owner)).expect("an owner");
    let person = owner.person.expect("the owner has taken the seat");
    let known = store::person::find(tx, person).await.expect("people").expect("the owner");
    let confirmed = domain::person::Person { confirmed_at: Some(now), ..known };
    store::person::save(tx, &confirmed).await.expect("the owner is confirmed");
    let token = Token::draw([0x5e; domain::token::ENTROPY]);
    let session = Session {
        id: SessionId::new(now, 1),
        person,
        hash: token.hash(),
        created_at: now,
        seen_at: now,
        ended_at: None,
        address: None,
        agent: None,
    };
    store::session::insert(tx, &session).await.expect("a session");
    token.reveal().to_owned()
}

async fn seat(tx: &Tx, account: AccountId, tag: usize, now: Timestamp) -> Seat {
    let number = tag as u128 + 1;
    let member = Member {
        id: MemberId::new(now, number),
        account,
        name: format!("Member {tag}").parse().expect("a name"),
        email: format!("member-{tag}@example.com").parse().expect("an address"),
        person: None,
        role: Some(Role::Member),
        created_at: now,
        activated_at: Some(now),
        suspended_at: None,
        ends_at: None,
        removed_at: None,
    };
    let (name, environment) = (format!("Key {tag}").parse().expect("a name"), "Production".parse().expect("a word"));
    let key = Key::new(KeyId::new(now, number), account, name, environment, Sharing::Own { holder: member.id }, now);
    let text = ValueText::draw([tag as u8 + 1; domain::key::value::ENTROPY]);
    let value = key.draw(ValueId::new(now, number), Some(member.id), &text, now).expect("the holder's value");
    store::member::insert(tx, &member).await.expect("a member");
    store::key::insert(tx, &key).await.expect("a key");
    store::value::insert(tx, &value).await.expect("a value");
    Seat { member: member.id, tag, value: text.reveal().to_owned() }
}
