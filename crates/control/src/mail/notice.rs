//! The letters that tell a member what became of their seat, their keys or their account.

use domain::{account::Account, time::Timestamp};
use minijinja::Value;

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting, moment};

/// The most names of keys in one letter; of the rest it says how many there are.
const MAX_LISTED: usize = 10;

/// What became of a seat, keys or an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The member's values are refused.
    Suspended,
    /// They are not any more.
    Activated,
    /// The seat is gone.
    Removed,
    /// The seat ends by itself.
    Ends(Timestamp),
    /// It does not any more.
    NoEnd,
    /// To the owner: somebody gave their seat up.
    Left,
    /// The member holds keys that were somebody else's.
    KeysReceived {
        /// Whose they were.
        from: String,
        /// What they are called; at least one.
        keys: Vec<String>,
    },
    /// A key of the member's is somebody else's.
    KeyTaken {
        /// What it is called.
        key: String,
        /// Whose it is.
        to: String,
    },
    /// The owner offers the account to the member.
    OwnershipOffered(Timestamp),
    /// The owner took the offer back.
    OwnershipWithdrawn,
    /// To the owner: the member does not want the account.
    OwnershipDeclined,
    /// To who owned the account: the other owns it.
    OwnershipGiven,
    /// To who owns the account from now on.
    OwnershipTaken,
}

/// What a notice says.
struct Said {
    title: String,
    told: String,
    /// Where its button leads, below the public URL.
    page: Option<(&'static str, &'static str)>,
    note: Option<String>,
}

impl Letters {
    /// Tells the member `name` what `by` did in `account`.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn notice(&self, notice: &Notice, name: &str, account: &Account, by: &str) -> Result<Letter, Unwritten> {
        let Said { title, told, page, note } = say(notice, account.name.as_str(), by);
        let link = |(label, path)| {
            // Who has seats in several accounts is led to this one.
            (label, format!("{}{path}?account={}", self.public_url, account.id))
        };
        let (letter, own) = what(notice);
        let mut facts = vec![("name", name.into()), ("account", account.name.as_str().into()), ("by", by.into())];
        facts.extend(own);
        let sheet = Sheet {
            letter,
            facts,
            subject: title.clone(),
            title,
            greeting: greeting(name),
            paragraphs: vec![told],
            action: page.map(link),
            notes: note.into_iter().collect(),
        };
        self.write(sheet)
    }
}

/// Which letter it is, and what is its own.
fn what(notice: &Notice) -> (LetterName, Vec<(&'static str, Value)>) {
    let (letter, fact) = match notice {
        Notice::Suspended => (LetterName::MemberSuspended, None),
        Notice::Activated => (LetterName::MemberActivated, None),
        Notice::Removed => (LetterName::MemberRemoved, None),
        Notice::Ends(end) => (LetterName::MemberEnds, Some(("until", moment(*end).into()))),
        Notice::NoEnd => (LetterName::MemberNoEnd, None),
        Notice::Left => (LetterName::MemberLeft, None),
        Notice::KeysReceived { from, keys } => {
            let keys = keys.iter().map(String::as_str).collect();
            return (LetterName::KeysReceived, vec![("former", from.as_str().into()), ("keys", keys)]);
        }
        Notice::KeyTaken { key, to } => {
            return (LetterName::KeyTaken, vec![("key", key.as_str().into()), ("holder", to.as_str().into())]);
        }
        Notice::OwnershipOffered(until) => (LetterName::OwnershipOffered, Some(("until", moment(*until).into()))),
        Notice::OwnershipWithdrawn => (LetterName::OwnershipWithdrawn, None),
        Notice::OwnershipDeclined => (LetterName::OwnershipDeclined, None),
        Notice::OwnershipGiven => (LetterName::OwnershipGiven, None),
        Notice::OwnershipTaken => (LetterName::OwnershipTaken, None),
    };
    (letter, fact.into_iter().collect())
}

fn say(notice: &Notice, account: &str, by: &str) -> Said {
    let home = Some(("Open Keyward", "/"));
    let ownership = Some(("Look at the offer", "/account/ownership"));
    let mistake = Some(format!("If you think this is a mistake, ask {by}."));
    let said = |title: String, told: String, page, note| Said { title, told, page, note };
    let seat = |word: &str| format!("Your seat in {account} {word}");
    match notice {
        Notice::Suspended => {
            let told = "Your API keys are refused until it is activated again; nothing of yours is lost.";
            said(seat("is suspended"), format!("{by} suspended your seat in {account}. {told}"), None, mistake)
        }
        Notice::Activated => {
            let told = format!("{by} activated your seat in {account}. Your API keys work as before.");
            said(seat("is active again"), told, home, None)
        }
        Notice::Removed => {
            let told = "Your API keys no longer work. The calls you made stay in the account's log.";
            said(seat("is removed"), format!("{by} removed your seat in {account}. {told}"), None, mistake)
        }
        Notice::Ends(end) => {
            let told = "From then on your API keys are refused; nothing of yours is lost, and a later end can be set.";
            let told = format!("{by} set an end for your seat in {account}: {}. {told}", moment(*end));
            said(seat(&format!("ends on {}", moment(*end))), told, home, mistake)
        }
        Notice::NoEnd => {
            said(seat("has no end any more"), format!("{by} took away the end of your seat in {account}."), home, None)
        }
        Notice::Left => {
            let told = "Their values and own keys are revoked for good; their calls stay in the account's log.";
            said(format!("{by} left {account}"), format!("{by} gave up their seat in {account}. {told}"), home, None)
        }
        Notice::KeysReceived { from, keys } => keys_received(account, by, from, keys),
        Notice::KeyTaken { key, to } => {
            let told =
                format!("{by} handed your key {key} in {account} over to {to}. Your value of it no longer works.");
            said(format!("{to} holds your key {key}"), told, None, mistake)
        }
        Notice::OwnershipOffered(until) => {
            let told = "If you accept, you own it with all that it pays for, and they become an admin.";
            let told =
                format!("{by} offers you the account {account}. {told} The offer stands until {}.", moment(*until));
            said(
                format!("{by} offers you {account}"),
                told,
                ownership,
                Some("Nothing changes until you accept.".into()),
            )
        }
        Notice::OwnershipWithdrawn => {
            let told = format!("{by} took back the offer to own {account}. Nothing has changed for you.");
            said(format!("{by} keeps {account}"), told, None, None)
        }
        Notice::OwnershipDeclined => {
            let told = format!("{by} does not want to own {account}. You own it as before.");
            said(format!("{by} declined to own {account}"), told, ownership, None)
        }
        Notice::OwnershipGiven => {
            let told = format!("{by} accepted your offer and owns {account} from now on. You are an admin of it.");
            said(format!("{by} owns {account} now"), told, home, None)
        }
        Notice::OwnershipTaken => {
            let told = format!(
                "You accepted the offer and own {account} from now on: its members, its keys and what it pays for."
            );
            said(format!("You own {account} now"), told, home, None)
        }
    }
}

fn keys_received(account: &str, by: &str, from: &str, keys: &[String]) -> Said {
    let listed = keys.iter().take(MAX_LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match keys.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = if keys.len() == 1 { "a key".to_owned() } else { format!("{} keys", keys.len()) };
    let told = format!(
        "{by} handed {count} of {from} in {account} over to you: {listed}{more}. Limits, lists and counters are as they were; \
         draw values of your own to call with."
    );
    Said { title: format!("You hold {count} of {from}"), told, page: Some(("Open your keys", "/keys")), note: None }
}
