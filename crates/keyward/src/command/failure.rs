//! Why a command did not do what it was asked, in words for people: what, why, and the way out.

use std::{io, process::ExitCode};

use control::mail::WrongTemplate;
use domain::{account::AccountRefused, key::KeyRefused, member::MemberRefused, plan::PlanRefused};
use store::StoreError;

use super::remote::RemoteFailure;
use crate::{
    config::{NoAddress, WrongFile},
    output::printable,
};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration file cannot be used.
    #[error("{0}")]
    Config(#[from] WrongFile),
    /// The store's address is kept where nothing is.
    #[error("{0}")]
    NoAddress(#[from] NoAddress),
    /// The store failed, or refused.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The terminal, or what the output goes to, failed.
    #[error("cannot write the output: {0}")]
    Terminal(#[from] io::Error),
    /// The node could not start, or not stop in good order.
    #[error("{0:#}")]
    Node(#[from] anyhow::Error),
    /// A rule of accounts.
    #[error("{0}")]
    Account(#[from] AccountRefused),
    /// A rule of members.
    #[error("{0}")]
    Member(#[from] MemberRefused),
    /// A rule of keys.
    #[error("{0}")]
    Key(#[from] KeyRefused),
    /// A limit of a plan.
    #[error("{0}")]
    Plan(#[from] PlanRefused),
    /// A Keyward elsewhere refused, or could not be asked.
    #[error("{0}")]
    Remote(#[from] RemoteFailure),
    /// A template of a mail cannot be used.
    #[error("{0}")]
    Template(#[from] WrongTemplate),
    /// Nothing is called that.
    #[error("there is no {what} `{text}`{place}")]
    Nothing {
        /// The noun.
        what: &'static str,
        /// What was asked for.
        text: String,
        /// Where it was looked for: ` in account Acme`.
        place: String,
        /// The command that lists what there is.
        list: &'static str,
    },
    /// Several are called that.
    #[error("`{text}` is the name of {} {what}s", ids.len())]
    Several {
        /// The noun.
        what: &'static str,
        /// What was asked for.
        text: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Something else is wrong with what was asked.
    #[error("{what}")]
    Refused {
        /// What and why.
        what: String,
        /// The way out.
        hint: Option<String>,
    },
}

impl Failure {
    /// A refusal with a way out.
    pub fn refused(what: impl Into<String>, hint: impl Into<String>) -> Failure {
        Failure::Refused { what: what.into(), hint: Some(hint.into()) }
    }

    /// One or two lines for a terminal; the lines of a wrong file stand as they are.
    pub fn for_people(&self) -> String {
        let text = self.to_string();
        if let Failure::Config(_) = self {
            return text.lines().map(printable).collect::<Vec<_>>().join("\n");
        }
        let hint = self.hint().map(|hint| format!("\n  hint: {}", printable(&hint))).unwrap_or_default();
        format!("error: {}{hint}", printable(&text))
    }

    /// Exit code: 1, but 2 and 3 for some failures of remote commands.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Remote(failure) => ExitCode::from(failure.exit_code()),
            _ => ExitCode::FAILURE,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Failure::Nothing { list, .. } => Some(format!("`{list}` shows what there is")),
            Failure::Several { ids, .. } => Some(format!("name one by its id: {}", ids.join(", "))),
            Failure::Refused { hint, .. } => hint.clone(),
            Failure::Remote(failure) => failure.hint(),
            Failure::Store(StoreError::Database(_)) => {
                Some("check that the database of `database` in the configuration file can be reached".to_owned())
            }
            _ => None,
        }
    }
}
