//! The letters that tell a member what became of their seat.

use super::{Letter, Letters, Sheet, greeting};
use crate::{app::App, error::Problem};

/// What became of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The member's values are refused.
    Suspended,
    /// They are not any more.
    Activated,
    /// The seat is gone.
    Removed,
}

impl Letters {
    /// Tells the member `name` that `by` did this to their seat in `account`.
    ///
    /// Errors: a template that cannot be rendered.
    pub fn notice(&self, app: &App, notice: Notice, name: &str, account: &str, by: &str) -> Result<Letter, Problem> {
        let (word, told) = match notice {
            Notice::Suspended => {
                ("suspended", "Your API keys are refused until it is activated again; nothing of yours is lost.")
            }
            Notice::Activated => ("active again", "Your API keys work as before."),
            Notice::Removed => {
                ("removed", "Your API keys no longer work. The calls you made stay in the account's log.")
            }
        };
        let title = format!("Your seat in {account} is {word}");
        let open = ("Open Keyward", app.settings.public_url.clone());
        let sheet = Sheet {
            subject: title.clone(),
            title,
            greeting: greeting(name),
            paragraphs: vec![match notice {
                Notice::Suspended => format!("{by} suspended your seat in {account}. {told}"),
                Notice::Activated => format!("{by} activated your seat in {account}. {told}"),
                Notice::Removed => format!("{by} removed your seat in {account}. {told}"),
            }],
            action: (notice == Notice::Activated).then_some(open),
            notes: match notice {
                Notice::Activated => Vec::new(),
                Notice::Suspended | Notice::Removed => vec![format!("If you think this is a mistake, ask {by}.")],
            },
        };
        self.write(app, sheet)
    }
}
