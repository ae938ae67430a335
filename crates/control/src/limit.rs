//! Limit: how often something may be tried that helps who guesses: signing in, registering, asking for a reset, looking up
//! links, and reporting leaked values. Counted in memory of this node; who is known and who is not are told the same.

use std::{net::IpAddr, sync::Mutex};

use domain::{
    id::PersonId,
    time::{Clock, SECOND},
};

use crate::{actor::Peer, error::Problem};

mod tally;

use tally::Tally;

/// A span in which tries are counted, and how many it takes.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The most tries.
    pub tries: u32,
    /// In so many microseconds from the first one on.
    pub within: i64,
}

const MINUTE: i64 = 60 * SECOND;

/// Failed sign-ins from one address: people behind one address share it.
pub const SIGN_IN_OF_ADDRESS: Rule = Rule { tries: 50, within: 15 * MINUTE };
/// Failed sign-ins as one person, be it one or not.
pub const SIGN_IN_OF_PERSON: Rule = Rule { tries: 10, within: 15 * MINUTE };
/// Registrations and resets asked for from one address.
pub const ASK_OF_ADDRESS: Rule = Rule { tries: 20, within: 60 * MINUTE };
/// Registrations and resets asked for one mail address.
pub const ASK_OF_EMAIL: Rule = Rule { tries: 5, within: 60 * MINUTE };
/// Links looked up or followed from one address.
pub const LINK_OF_ADDRESS: Rule = Rule { tries: 60, within: 5 * MINUTE };

/// Reports of leaked values that one person or their programs send.
pub const REPORT_OF_PERSON: Rule = Rule { tries: 60, within: 5 * MINUTE };

/// What was tried how often, by whom.
pub struct Limits {
    clock: Clock,
    sign_in_of_address: Mutex<Tally<Place>>,
    sign_in_of_person: Mutex<Tally<Typed>>,
    ask_of_address: Mutex<Tally<Place>>,
    ask_of_email: Mutex<Tally<Typed>>,
    link_of_address: Mutex<Tally<Place>>,
    report_of_person: Mutex<Tally<PersonId>>,
}

/// The part of an address that one household or company holds: all of IPv4's, 64 bits of IPv6's.
type Place = Option<[u8; 8]>;
/// What was typed as a mail address, in lower case and cut to a length.
type Typed = String;

/// The most characters of what was typed that are kept: mail addresses are no longer.
const MAX_TYPED: usize = domain::person::MAX_EMAIL;

impl Limits {
    /// Nothing was tried yet.
    pub fn new(clock: Clock) -> Limits {
        Limits {
            clock,
            sign_in_of_address: Mutex::new(Tally::new(SIGN_IN_OF_ADDRESS)),
            sign_in_of_person: Mutex::new(Tally::new(SIGN_IN_OF_PERSON)),
            ask_of_address: Mutex::new(Tally::new(ASK_OF_ADDRESS)),
            ask_of_email: Mutex::new(Tally::new(ASK_OF_EMAIL)),
            link_of_address: Mutex::new(Tally::new(LINK_OF_ADDRESS)),
            report_of_person: Mutex::new(Tally::new(REPORT_OF_PERSON)),
        }
    }

    /// Counts a try to sign in, before the password is looked at. One that succeeds is given back by [`Limits::signed_in`].
    ///
    /// Errors: 429.
    pub fn sign_in(&self, peer: &Peer, typed: &str) -> Result<(), Problem> {
        self.count(&self.sign_in_of_address, place(peer.address))?;
        self.count(&self.sign_in_of_person, cut(typed))
    }

    /// The password was right.
    pub fn signed_in(&self, peer: &Peer, typed: &str) {
        give_back(&self.sign_in_of_address, &place(peer.address));
        give_back(&self.sign_in_of_person, &cut(typed));
    }

    /// Counts that somebody wants a mail for an address, be there a person or not.
    ///
    /// Errors: 429.
    pub fn ask(&self, peer: &Peer, typed: &str) -> Result<(), Problem> {
        self.count(&self.ask_of_address, place(peer.address))?;
        self.count(&self.ask_of_email, cut(typed))
    }

    /// Counts that a link is looked up or followed.
    ///
    /// Errors: 429.
    pub fn link(&self, peer: &Peer) -> Result<(), Problem> {
        self.count(&self.link_of_address, place(peer.address))
    }

    /// Counts a report of leaked values.
    ///
    /// Errors: 429.
    pub fn report(&self, person: PersonId) -> Result<(), Problem> {
        self.count(&self.report_of_person, person)
    }

    fn count<K: Eq + std::hash::Hash>(&self, tally: &Mutex<Tally<K>>, who: K) -> Result<(), Problem> {
        let now = (self.clock.steady)();
        let counted = tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).count(who, now);
        counted.map_err(|wait| {
            let seconds = u64::try_from(wait / SECOND).unwrap_or(0) + 1;
            let minutes = seconds.div_ceil(60);
            let minutes = if minutes == 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
            Problem::too_many(format!("This was tried too often; try again in {minutes}."), seconds)
        })
    }
}

fn place(address: Option<IpAddr>) -> Place {
    Some(match address?.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            // No IPv6 network begins like this: `::/16` is reserved.
            [0, 0, 0, 4, a, b, c, d]
        }
        IpAddr::V6(address) => *address.octets().first_chunk().expect("8 of 16 bytes"),
    })
}

fn cut(typed: &str) -> Typed {
    typed.trim().chars().take(MAX_TYPED).collect::<String>().to_lowercase()
}

fn give_back<K: Eq + std::hash::Hash>(tally: &Mutex<Tally<K>>, who: &K) {
    tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).give_back(who);
}

#[cfg(test)]
mod tests;
