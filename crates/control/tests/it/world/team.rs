//! People of tests: an account with a seat of every role and state, each with an open session.

use std::sync::OnceLock;

use argon2::{Argon2, PasswordHasher};
use domain::{
    account::Account,
    grant::Grant,
    id::{AccountId, KeyId, MemberId, PersonId},
    member::Member,
    person::Person,
    role::{CustomRole, Reach, Role, RoleScope},
    session::Session,
    subscription::Subscription,
};

use super::{World, now};

/// The password of everybody.
pub const PASSWORD: &str = "a password of tests";

/// An account with its people.
pub struct Team {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub owner: Someone,
    /// An admin.
    pub admin: Someone,
    /// A member.
    pub member: Someone,
    /// A member who is suspended.
    pub suspended: Someone,
}

/// A person with a seat and a session.
#[derive(Clone, Debug)]
pub struct Someone {
    /// The person.
    pub person: PersonId,
    /// The seat.
    pub member: MemberId,
    /// The mail address.
    pub email: String,
    /// The session, as a browser sends it.
    pub cookie: String,
}

impl World {
    /// An account: `olivia@NAME.example` owns it, `adam@…` is an admin, `mia@…` a member and `sam@…` a suspended one.
    pub async fn team(&self, name: &str) -> Team {
        let moment = now();
        let title = format!("{name} team").parse().expect("a title");
        let account = Account {
            id: self.app.id(moment),
            name: title,
            created_at: moment,
            suspended_at: None,
            lists: Default::default(),
        };
        let tx = self.app.store.begin().await.expect("a transaction");
        store::account::insert(&tx, &account).await.expect("a new account");
        for api in store::api::list(&tx).await.expect("the catalogue") {
            let Some(plan) = api.default_plan else { continue };
            let subscription =
                Subscription { id: self.app.id(moment), account: account.id, api: api.name, plan, started_at: moment };
            let random = &mut || self.app.random();
            store::subscription::insert(&tx, &subscription, moment, random).await.expect("a new subscription");
        }
        tx.commit().await.expect("it is committed");
        let seat = async |first: &str, role| {
            self.seat(account.id, first, &format!("{}@{name}.example", first.to_lowercase()), role).await
        };
        let owner = seat("Olivia", Role::Owner).await;
        let admin = seat("Adam", Role::Admin).await;
        let member = seat("Mia", Role::Member).await;
        let suspended = seat("Sam", Role::Member).await;
        self.suspend(&suspended).await;
        Team { account: account.id, owner, admin, member, suspended }
    }

    /// A person with an active seat in the account and a session; one with this address takes another seat.
    pub async fn seat(&self, account: AccountId, name: &str, email: &str, role: Role) -> Someone {
        let person = self.person(name, email).await;
        let moment = now();
        let member = Member {
            id: self.app.id(moment),
            account,
            name: name.parse().expect("a name"),
            email: email.parse().expect("an address"),
            person: Some(person),
            role: Some(role),
            created_at: moment,
            activated_at: Some(moment),
            suspended_at: None,
            ends_at: None,
            removed_at: None,
        };
        let tx = self.app.store.begin().await.expect("a transaction");
        store::member::insert(&tx, &member).await.expect("a new seat");
        tx.commit().await.expect("it is committed");
        let cookie = self.session(person).await;
        Someone { person, member: member.id, email: email.to_owned(), cookie }
    }

    /// A role of the account's own.
    pub async fn custom_role(&self, account: AccountId, name: &str, reach: Reach) -> Role {
        let moment = now();
        let name = name.parse().expect("a name");
        let role =
            CustomRole { id: self.app.id(moment), account, scope: RoleScope::Account, name, reach, created_at: moment };
        let tx = self.app.store.begin().await.expect("a transaction");
        store::role::insert(&tx, &role).await.expect("a new role");
        tx.commit().await.expect("it is committed");
        role.as_role()
    }

    /// Leaves somebody a role on one key, and none in the account.
    pub async fn for_key_only(&self, account: AccountId, someone: &Someone, key: KeyId, role: Role) {
        let tx = self.app.store.begin().await.expect("a transaction");
        let seat = store::member::find(&tx, someone.member).await.expect("an answer").expect("a seat");
        store::member::save(&tx, &Member { role: None, ..seat }).await.expect("it is saved");
        let grant = Grant { key, member: someone.member, role, granted_by: None, granted_at: now() };
        store::grant::put(&tx, account, &grant).await.expect("a grant");
        tx.commit().await.expect("it is committed");
    }

    /// A person who is known and has [`PASSWORD`].
    pub async fn person(&self, name: &str, email: &str) -> PersonId {
        let (moment, email) = (now(), email.parse().expect("an address"));
        let tx = self.app.store.begin().await.expect("a transaction");
        if let Some(known) = store::person::find_by_email(&tx, &email).await.expect("an answer") {
            return known.id;
        }
        let person = Person {
            id: self.app.id(moment),
            name: name.parse().expect("a name"),
            email,
            password_hash: Some(password_hash()),
            created_at: moment,
            confirmed_at: Some(moment),
            operator_at: None,
        };
        store::person::insert(&tx, &person).await.expect("a new person");
        tx.commit().await.expect("it is committed");
        person.id
    }

    /// A session of a person, as a browser sends it.
    pub async fn session(&self, person: PersonId) -> String {
        let (moment, token) = (now(), self.app.token());
        let session = Session {
            id: self.app.id(moment),
            person,
            hash: token.hash(),
            created_at: moment,
            seen_at: moment,
            ended_at: None,
            address: None,
            agent: None,
        };
        let tx = self.app.store.begin().await.expect("a transaction");
        store::session::insert(&tx, &session).await.expect("a new session");
        tx.commit().await.expect("it is committed");
        // Over http, cookies have no prefix.
        let prefix = if self.app.is_https() { "__Host-" } else { "" };
        format!("{prefix}keyward={}", token.reveal())
    }

    /// Makes somebody an operator.
    pub async fn make_operator(&self, someone: &Someone) {
        let tx = self.app.store.begin().await.expect("a transaction");
        let person = store::person::find(&tx, someone.person).await.expect("an answer").expect("a person");
        let person = Person { operator_at: Some(now()), ..person };
        store::person::save(&tx, &person).await.expect("it is saved");
        tx.commit().await.expect("it is committed");
    }

    /// Makes nobody an operator any more.
    pub async fn dismiss_operators(&self) {
        let tx = self.app.store.begin().await.expect("a transaction");
        for account in store::account::list(&tx).await.expect("accounts") {
            for seat in store::member::list(&tx, account.id).await.expect("seats") {
                let Some(person) = seat.person else { continue };
                let person = store::person::find(&tx, person).await.expect("an answer").expect("a person");
                store::person::save(&tx, &Person { operator_at: None, ..person }).await.expect("it is saved");
            }
        }
        tx.commit().await.expect("it is committed");
    }

    async fn suspend(&self, someone: &Someone) {
        let tx = self.app.store.begin().await.expect("a transaction");
        let seat = store::member::find(&tx, someone.member).await.expect("an answer").expect("a seat");
        store::member::save(&tx, &seat.suspend(now()).expect("it is active")).await.expect("it is saved");
        tx.commit().await.expect("it is committed");
    }
}

/// Hashed once: hashing is slow on purpose.
fn password_hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = || Argon2::default().hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]).expect("it is hashed");
    HASH.get_or_init(|| hash().to_string()).clone()
}
