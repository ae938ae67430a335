//! Mail: what Keyward writes to somebody. It waits in the outbox until it is sent, or too old.

use crate::{
    id::{InvitationId, MailId},
    person::Email,
    time::{DAY, SECOND, Timestamp},
    word::words,
};

/// How long a mail is tried, or kept for the operator to read, in microseconds.
pub const LIFETIME: i64 = 7 * DAY;
/// How often a mail is tried.
pub const MAX_ATTEMPTS: u32 = 10;
/// The longest wait between two attempts, in microseconds.
const MAX_WAIT: i64 = 6 * 3_600 * SECOND;

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It will be sent; without a mail server: it lies here for the operator.
    Waiting,
    /// A mail server took it.
    Sent,
    /// It was given up.
    Failed,
}

words! { MailState NotAMailState "waiting, sent, failed" Waiting "waiting" Sent "sent" Failed "failed" }

/// A mail. Its body is sealed, and erased as soon as it is sent or given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its identifier.
    pub id: MailId,
    /// To whom.
    pub to: Email,
    /// What it is about; holds nothing secret.
    pub subject: String,
    /// Text and HTML, sealed; none once it is sent or given up.
    pub sealed: Option<Vec<u8>>,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// The invitation that it carries, if it is one.
    pub invitation: Option<InvitationId>,
}

/// Why a mail is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the mail is {} and its text erased; do again what it was written for", .0.as_str())]
pub struct IsOver(pub MailState);

impl Mail {
    /// Tried now, whenever its turn would be.
    ///
    /// Errors: it was sent or given up.
    pub fn again(self, now: Timestamp) -> Result<Mail, IsOver> {
        if self.state == MailState::Waiting { Ok(Mail { next_at: now, ..self }) } else { Err(IsOver(self.state)) }
    }

    /// Somebody sends it now; should they not come back, it is tried again at `until`.
    pub fn claimed(self, until: Timestamp) -> Mail {
        Mail { next_at: until, ..self }
    }

    /// It was shown to who runs Keyward, and stays for them to read.
    pub fn shown(self) -> Mail {
        Mail { attempts: self.attempts + 1, next_at: self.created_at.plus(LIFETIME), ..self }
    }

    /// The invitation that nobody gets, and why: its mail was given up.
    pub fn lost_invitation(&self) -> Option<(InvitationId, &str)> {
        let given_up = self.state == MailState::Failed;
        self.invitation.filter(|_| given_up).map(|invitation| (invitation, self.error.as_deref().unwrap_or_default()))
    }

    /// A mail server took it.
    pub fn sent(self, now: Timestamp) -> Mail {
        let attempts = self.attempts + 1;
        Mail { state: MailState::Sent, sealed: None, attempts, sent_at: Some(now), error: None, ..self }
    }

    /// It was not taken. `permanent`: the server will never take it.
    pub fn not_sent(self, error: String, permanent: bool, now: Timestamp) -> Mail {
        let attempts = self.attempts + 1;
        let error = Some(error);
        if permanent || attempts >= MAX_ATTEMPTS || now >= self.created_at.plus(LIFETIME) {
            return Mail { state: MailState::Failed, sealed: None, attempts, error, ..self };
        }
        let wait = (30 * SECOND).saturating_mul(1 << attempts.min(12)).min(MAX_WAIT);
        Mail { attempts, error, next_at: now.plus(wait), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            id: MailId::from_u128(1),
            to: "ada@example.com".parse().expect("an address"),
            subject: "x".into(),
            sealed: Some(vec![1]),
            state: MailState::Waiting,
            attempts: 0,
            created_at: Timestamp::from_micros(DAY),
            next_at: Timestamp::from_micros(DAY),
            sent_at: None,
            error: None,
            invitation: None,
        }
    }

    #[test]
    fn waits_grow_and_end() {
        let mut now = Timestamp::from_micros(DAY);
        let mut mail = mail();
        let mut waits = Vec::new();
        while mail.state == MailState::Waiting {
            mail = mail.not_sent("refused".into(), false, now);
            waits.push(mail.next_at.since(now) / SECOND);
            now = mail.next_at;
        }
        assert_eq!(waits[..5], [60, 120, 240, 480, 960]);
        assert_eq!((mail.state, mail.attempts, mail.sealed), (MailState::Failed, MAX_ATTEMPTS, None));
    }

    #[test]
    fn a_body_is_erased_when_it_is_not_needed() {
        let now = Timestamp::from_micros(DAY);
        assert_eq!(mail().sent(now).sealed, None);
        assert_eq!(mail().not_sent("no such mailbox".into(), true, now).state, MailState::Failed);
        assert_eq!(mail().not_sent("busy".into(), false, now.plus(LIFETIME)).state, MailState::Failed);
        assert!(mail().not_sent("busy".into(), false, now).sealed.is_some());
    }

    #[test]
    fn an_invitation_is_lost_with_its_mail() {
        let now = Timestamp::from_micros(DAY);
        let carries = || Mail { invitation: Some(InvitationId::from_u128(7)), ..mail() };
        let refused = |mail: Mail, permanent| mail.not_sent("550 no".into(), permanent, now);
        for (mail, lost) in [
            (refused(carries(), true), Some((InvitationId::from_u128(7), "550 no"))),
            (refused(carries(), false), None),
            (carries().sent(now), None),
            (refused(mail(), true), None),
        ] {
            assert_eq!(mail.lost_invitation(), lost, "{mail:?}");
        }
    }

    #[test]
    fn only_what_waits_is_tried_again() {
        let now = Timestamp::from_micros(DAY);
        let waits = mail().not_sent("busy".into(), false, now);
        assert_eq!(waits.again(now).map(|mail| mail.next_at), Ok(now));
        assert_eq!(mail().sent(now).again(now), Err(IsOver(MailState::Sent)));
    }
}
