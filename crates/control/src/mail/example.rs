//! Letters with made-up data: what `keyward mail preview` shows, and what an operator's templates are tried with at the start.

use domain::{
    account::Account,
    id::{AccountId, InvitationId, KeyId, MemberId, ValueId},
    invitation::Invitation,
    key::{
        Key, Sharing,
        value::{self, ValueText},
    },
    leak::OnLeak,
    member::Member,
    name::Title,
    person::Email,
    role::Role,
    time::{DAY, Timestamp},
    token::{ENTROPY, Token},
};

use super::{
    AccountNotice, Ending, Leak, Letter, LetterName, Letters, Notice, PasswordChanged, SecurityNotice,
    template::Unwritten,
};
use crate::invitation::Offer;

/// When all of it happens.
const THEN: Timestamp = Timestamp::from_micros(20_780 * DAY + DAY / 2);
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64)";

impl Letters {
    /// The letter of this name, to Mia of the account Example team; its link leads nowhere.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn example(&self, name: LetterName) -> Result<Letter, Unwritten> {
        let (mia, team, token) = (title("Mia Member"), title("Example team"), Token::draw([5; ENTROPY]));
        let notice = |notice| self.notice(&notice, mia.as_str(), &account(), "Olivia Owner");
        let security = |notice| self.security(&mia, notice, (THEN, Some([192, 0, 2, 1].into())));
        let operator = |notice| self.account_notice(notice, "Olivia Owner", team.as_str());
        match name {
            LetterName::Registration => self.registration(&mia, &team, &token, THEN.plus(DAY)),
            LetterName::AlreadyRegistered => self.already_registered(&mia),
            LetterName::Invitation => self.example_invitation(&token),
            LetterName::Reset => self.reset(&mia, &token, THEN.plus(DAY)),
            LetterName::PasswordChanged => {
                self.password_changed(&PasswordChanged { name: &mia, at: THEN, from: Some([192, 0, 2, 1].into()) })
            }
            LetterName::AddressChange => self.address_change(&mia, &new_address(), &token, THEN.plus(DAY)),
            LetterName::AddressChanged => {
                self.address_changed(&mia, &new_address(), (THEN, Some([192, 0, 2, 1].into())))
            }
            LetterName::SignIn => security(SecurityNotice::SignIn { agent: Some(BROWSER) }),
            LetterName::SecondFactorOn => security(SecurityNotice::SecondFactorOn),
            LetterName::SecondFactorOff => security(SecurityNotice::SecondFactorOff),
            LetterName::RecoveryCodes => security(SecurityNotice::RecoveryCodes),
            LetterName::AccessToken => {
                security(SecurityNotice::AccessToken { name: &title("Deploy script"), account: Some(&team) })
            }
            LetterName::MemberSuspended => notice(Notice::Suspended),
            LetterName::MemberActivated => notice(Notice::Activated),
            LetterName::MemberRemoved => notice(Notice::Removed),
            LetterName::MemberEnds => notice(Notice::Ends(THEN.plus(30 * DAY))),
            LetterName::MemberNoEnd => notice(Notice::NoEnd),
            LetterName::MemberEndsSoon => self.example_ending(Ending::Seat { of: None }),
            LetterName::MemberLeft => notice(Notice::Left),
            LetterName::KeysReceived => {
                let keys = ["Backend", "Reports"].map(str::to_owned).to_vec();
                notice(Notice::KeysReceived { from: "Tom Tester".to_owned(), keys })
            }
            LetterName::KeyTaken => notice(Notice::KeyTaken { key: "Reports".to_owned(), to: "Tom Tester".to_owned() }),
            LetterName::KeyEndsSoon => {
                self.example_ending(Ending::Key { key: &key(), holder: Some("Mia Member"), is_theirs: true })
            }
            LetterName::ValueLeaked => self.example_leak(),
            LetterName::OwnershipOffered => notice(Notice::OwnershipOffered(THEN.plus(7 * DAY))),
            LetterName::OwnershipWithdrawn => notice(Notice::OwnershipWithdrawn),
            LetterName::OwnershipDeclined => notice(Notice::OwnershipDeclined),
            LetterName::OwnershipGiven => notice(Notice::OwnershipGiven),
            LetterName::OwnershipTaken => notice(Notice::OwnershipTaken),
            LetterName::AccountSuspended => operator(AccountNotice::Suspended { reason: Some("unpaid since May") }),
            LetterName::AccountActivated => operator(AccountNotice::Activated),
            LetterName::AccountPlan => operator(AccountNotice::Plan { api: "Football", plan: "ultra" }),
        }
    }

    fn example_ending(&self, ending: Ending<'_>) -> Result<Letter, Unwritten> {
        self.ending(ending, "Mia Member", &account(), THEN.plus(7 * DAY))
    }

    fn example_leak(&self) -> Result<Letter, Unwritten> {
        let text = ValueText::draw([3; value::ENTROPY]);
        let value = key().draw(ValueId::from_u128(5), None, &text, THEN).expect("the key is not revoked");
        let place = "https://code.example.com/blob/main/.env".parse().expect("it can be a place");
        let leak = Leak { key: &key(), value: &value, place: Some(&place), done: OnLeak::Revoke };
        self.leak(leak, "Mia Member", &account())
    }

    fn example_invitation(&self, token: &Token) -> Result<Letter, Unwritten> {
        let Account { id, name, .. } = account();
        let seat = Member {
            id: MemberId::from_u128(2),
            account: id,
            name: title("Mia Member"),
            email: "mia@example.com".parse().expect("it can be an address"),
            person: None,
            role: Some(Role::Member),
            created_at: THEN,
            activated_at: None,
            suspended_at: None,
            ends_at: None,
            removed_at: None,
        };
        let invitation = Invitation {
            id: InvitationId::from_u128(3),
            account: id,
            member: seat.id,
            invited_by: None,
            hash: token.hash(),
            created_at: THEN,
            accepted_at: None,
            withdrawn_at: None,
            refused: None,
        };
        let offer = Offer { role: Role::Member.to_string(), key: None, brings_a_key: true };
        self.invitation(&invitation, &seat, (&name, &title("Olivia Owner")), &offer, token)
    }
}

fn key() -> Key {
    let (name, environment) = (title("Reports"), "Production".parse().expect("it can be an environment"));
    Key::new(KeyId::from_u128(4), AccountId::from_u128(1), name, environment, Sharing::Shared, THEN)
}

fn account() -> Account {
    let (id, name) = (AccountId::from_u128(1), title("Example team"));
    Account { id, name, created_at: THEN, suspended_at: None, lists: Default::default() }
}

fn new_address() -> Email {
    "mia@example.org".parse().expect("it can be an address")
}

fn title(text: &str) -> Title {
    text.parse().expect("it can be a name")
}
