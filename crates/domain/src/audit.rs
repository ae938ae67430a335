//! Audit trail: one row per change that someone made. Nothing in it can be changed.

use std::net::IpAddr;

use crate::{
    id::{AccessTokenId, AccountId, AuditId, MemberId, PersonId},
    time::Timestamp,
    word::words,
};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An account was made.
    AccountCreate,
    /// An account was renamed.
    AccountEdit,
    /// All calls with keys of an account were stopped.
    AccountSuspend,
    /// That was taken back.
    AccountActivate,
    /// An account was put under a plan of an API.
    SubscriptionAssign,
    /// Units were added to the running window of a quota.
    UnitsGrant,
    /// An operator looked at the log of an account.
    LogView,
    /// A seat was made by a command.
    MemberCreate,
    /// A seat was offered.
    MemberInvite,
    /// The offer was sent again.
    MemberInviteAgain,
    /// The offer was withdrawn.
    MemberWithdraw,
    /// The person took the seat.
    MemberJoin,
    /// Name, role or cap were changed.
    MemberEdit,
    /// The member's values were stopped.
    MemberSuspend,
    /// The suspension was taken back.
    MemberActivate,
    /// The seat was given up.
    MemberRemove,
    /// A role was made.
    RoleCreate,
    /// A role was changed.
    RoleEdit,
    /// A role was deleted.
    RoleDelete,
    /// Somebody got a role on a key.
    GrantGive,
    /// A role on a key was taken away.
    GrantTake,
    /// The person gave the seat up by themselves.
    MemberLeave,
    /// The owner offered the account to another member.
    OwnershipOffer,
    /// The offer was taken back.
    OwnershipWithdraw,
    /// The other member does not want it.
    OwnershipDecline,
    /// The other member owns the account.
    OwnershipAccept,
    /// A key was made.
    KeyCreate,
    /// A key was changed.
    KeyEdit,
    /// A key was switched on.
    KeyEnable,
    /// A key was switched off.
    KeyDisable,
    /// A key got another holder.
    KeyHandOver,
    /// A key was revoked for good.
    KeyRevoke,
    /// A key allows again what it did in an earlier version.
    KeyRestore,
    /// A value was drawn.
    ValueDraw,
    /// A value was revoked for good.
    ValueRevoke,
    /// A value was reported as leaked.
    ValueLeak,
    /// A secret was drawn, the first of a key or another.
    SecretDraw,
    /// A key asks for its secret.
    SecretRequire,
    /// It does not any more.
    SecretWaive,
    /// The secret was taken away.
    SecretRemove,
    /// An allowlist of a key was changed.
    AllowlistEdit,
    /// A quota or a rate limit was changed.
    LimitEdit,
    /// Another thing is done with values that leaked.
    LeakRuleEdit,
    /// Someone became a person.
    PersonRegister,
    /// A person signed in.
    PersonSignIn,
    /// A person changed their name.
    PersonEdit,
    /// A person changed their password.
    PersonPassword,
    /// A person chose a new password by mail.
    PersonReset,
    /// A person asked for another mail address.
    PersonAddressAsk,
    /// A person took it.
    PersonAddress,
    /// A session was ended.
    SessionEnd,
    /// All sessions of a person but one were ended.
    SessionEndOthers,
    /// A person made an access token.
    AccessTokenCreate,
    /// An access token was ended.
    AccessTokenEnd,
    /// A person's second factor is asked for.
    SecondFactorOn,
    /// It is not any more.
    SecondFactorOff,
    /// A person drew new recovery codes.
    RecoveryCodesDraw,
    /// An account requires a second factor of its members.
    SecondFactorRequire,
    /// It does not any more.
    SecondFactorWaive,
    /// A mail was tried again.
    MailRetry,
}

words! {
    Action NotAnAction "an action of the audit trail"
    AccountCreate "account.create" AccountEdit "account.edit" AccountSuspend "account.suspend"
    AccountActivate "account.activate" SubscriptionAssign "subscription.assign" UnitsGrant "units.grant"
    LogView "log.view" MemberCreate "member.create"
    MemberInvite "member.invite" MemberInviteAgain "member.invite_again" MemberWithdraw "member.withdraw"
    MemberJoin "member.join" MemberEdit "member.edit" MemberSuspend "member.suspend"
    RoleCreate "role.create" RoleEdit "role.edit" RoleDelete "role.delete" GrantGive "grant.give" GrantTake "grant.take"
    KeyRestore "key.restore"
    MemberActivate "member.activate" MemberRemove "member.remove" MemberLeave "member.leave"
    OwnershipOffer "ownership.offer" OwnershipWithdraw "ownership.withdraw" OwnershipDecline "ownership.decline"
    OwnershipAccept "ownership.accept"
    KeyCreate "key.create" KeyEdit "key.edit" KeyEnable "key.enable" KeyDisable "key.disable" KeyHandOver "key.hand_over"
    KeyRevoke "key.revoke"
    ValueDraw "value.draw" ValueRevoke "value.revoke" ValueLeak "value.leak" LeakRuleEdit "leak_rule.edit"
    SecretDraw "secret.draw" SecretRequire "secret.require"
    SecretWaive "secret.waive" SecretRemove "secret.remove" AllowlistEdit "allowlist.edit" LimitEdit "limit.edit"
    PersonRegister "person.register" PersonSignIn "person.sign_in" PersonEdit "person.edit"
    PersonPassword "person.password" PersonReset "person.reset" PersonAddressAsk "person.address_ask"
    PersonAddress "person.address" SessionEnd "session.end" SessionEndOthers "session.end_others"
    AccessTokenCreate "access_token.create" AccessTokenEnd "access_token.end"
    SecondFactorOn "second_factor.on" SecondFactorOff "second_factor.off" RecoveryCodesDraw "recovery_codes.draw"
    SecondFactorRequire "second_factor.require" SecondFactorWaive "second_factor.waive" MailRetry "mail.retry"
}

/// One row of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Its identifier.
    pub id: AuditId,
    /// When.
    pub time: Timestamp,
    /// In which account; none for what concerns the person alone.
    pub account: Option<AccountId>,
    /// Who; none: whoever runs Keyward, by a command.
    pub person: Option<PersonId>,
    /// The seat in which they acted.
    pub member: Option<MemberId>,
    /// With which access token, if with one.
    pub access_token: Option<AccessTokenId>,
    /// Whether they acted as who runs Keyward.
    pub by_operator: bool,
    /// What they were called then.
    pub name: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// What was done.
    pub action: Action,
    /// To what: an id of any noun.
    pub subject: String,
    /// What that was called then.
    pub subject_name: String,
    /// What it was before, as JSON; nothing secret.
    pub before: Option<String>,
    /// What it is now, as JSON; nothing secret.
    pub after: Option<String>,
}
