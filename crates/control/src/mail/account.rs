//! The letters that tell an owner what the operator did to their account.

use super::{Letter, LetterName, Letters, Sheet, Unwritten, greeting};

/// What became of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountNotice<'a> {
    /// Its keys are refused.
    Suspended {
        /// Why, in the operator's words.
        reason: Option<&'a str>,
    },
    /// They are not any more.
    Activated,
    /// It is under another plan.
    Plan {
        /// What people call the API.
        api: &'a str,
        /// The plan.
        plan: &'a str,
    },
}

impl Letters {
    /// Tells the owner `name` what became of `account`.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn account_notice(&self, notice: AccountNotice<'_>, name: &str, account: &str) -> Result<Letter, Unwritten> {
        let (title, paragraphs) = match notice {
            AccountNotice::Suspended { reason } => {
                let told = format!(
                    "the operator suspended the account {account}. Calls with its keys are refused until it is activated again; \
                     nothing is lost, and everybody can still sign in."
                );
                let why = reason.map(|reason| format!("The reason: {reason}"));
                (format!("{account} is suspended"), [Some(told), why].into_iter().flatten().collect())
            }
            AccountNotice::Activated => {
                let told = format!("the operator activated the account {account}. Its keys work as before.");
                (format!("{account} is active again"), vec![told])
            }
            AccountNotice::Plan { api, plan } => {
                let told = format!(
                    "the operator put the account {account} under the plan {plan} for {api}. Higher limits hold now, lower ones \
                     from the next window on."
                );
                (format!("{account} has another plan for {api}"), vec![told])
            }
        };
        let contact = self.contact.as_ref();
        let mut facts = vec![("name", name.into()), ("account", account.into())];
        let letter = match notice {
            AccountNotice::Suspended { reason } => {
                facts.push(("reason", reason.into()));
                LetterName::AccountSuspended
            }
            AccountNotice::Activated => LetterName::AccountActivated,
            AccountNotice::Plan { api, plan } => {
                facts.extend([("api", api.into()), ("plan", plan.into())]);
                LetterName::AccountPlan
            }
        };
        let sheet = Sheet {
            letter,
            facts,
            subject: title.clone(),
            title,
            greeting: greeting(name),
            paragraphs,
            action: Some(("Open Keyward", self.public_url.clone())),
            notes: contact
                .map(|contact| format!("If you have a question, ask the operator: {contact}"))
                .into_iter()
                .collect(),
        };
        self.write(sheet)
    }
}
