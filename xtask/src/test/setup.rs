//! Installs or finds the real programs that the tests drive, and tells the tests where they are.
//!
//! | variable | what |
//! |---|---|
//! | `KEYWARD_TEST_ANVIL` | the program `anvil`, a real Ethereum node |
//! | `KEYWARD_TEST_NODE_DIR` | folder of the Node scripts, with viem and ethers beside them |
//! | `KEYWARD_TEST_PYTHON` | a Python that has web3, httpbin, gunicorn and aiosmtpd |
//! | `KEYWARD_TEST_POSTGRES_BIN` | folder of `initdb`, `postgres` and `psql` |
//! | `KEYWARD_TEST_POSTGRES_ACCOUNT` | only when we are root: who PostgreSQL must run as, since it refuses root |
//! | `KEYWARD_TEST_CHROMIUM` | the program `chromium`, a real browser |
//! | `KEYWARD_TIER` | how long the long tests take: `small`, `full` (in CI) or `torture` |

use std::path::Path;

use anyhow::Result;

use crate::test::{chromium, debian, node, postgres, python};
use crate::workspace::Workspace;
use crate::{dashboard, prerequisites};

/// The variables above, in order.
pub struct Environment(Vec<(&'static str, String)>);

impl Environment {
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The same with one variable replaced.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value.to_owned()));
        self
    }

    pub fn print(&self) {
        for (name, value) in self.variables() {
            println!("{name}={value}");
        }
    }
}

/// Brings everything; quick when it is there already. Says what it installs.
pub fn install(workspace: &Workspace) -> Result<Environment> {
    prerequisites::for_building()?;
    debian::install(&[postgres::package(), python::package(), chromium::package()])?;
    let postgres = postgres::find()?;
    let python = python::install(workspace)?;
    let node = node::install(workspace)?;
    dashboard::install(workspace)?;
    let text = |path: &Path| path.display().to_string();
    let mut variables = vec![
        ("KEYWARD_TEST_ANVIL", text(&node.anvil)),
        ("KEYWARD_TEST_NODE_DIR", text(&node.folder)),
        ("KEYWARD_TEST_PYTHON", text(&python)),
        ("KEYWARD_TEST_POSTGRES_BIN", text(&postgres.programs)),
        ("KEYWARD_TEST_CHROMIUM", text(&chromium::find()?)),
    ];
    variables.extend(postgres.account.map(|account| ("KEYWARD_TEST_POSTGRES_ACCOUNT", account)));
    variables.push(("KEYWARD_TIER", tier(std::env::var("KEYWARD_TIER").ok(), std::env::var("CI").ok())));
    Ok(Environment(variables))
}

/// What was asked for, else the long form in CI and the short one at a desk.
fn tier(asked: Option<String>, ci: Option<String>) -> String {
    asked.unwrap_or_else(|| if ci.as_deref() == Some("true") { "full" } else { "small" }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tier_follows_the_wish_then_the_place() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(tier(None, None), "small");
        assert_eq!(tier(None, some("true")), "full");
        assert_eq!(tier(None, some("false")), "small");
        assert_eq!(tier(some("small"), some("true")), "small");
    }

    #[test]
    fn a_replaced_variable_stands_once() {
        let environment = Environment(vec![("KEYWARD_TIER", "small".to_owned())]).with("KEYWARD_TIER", "torture");
        assert_eq!(environment.variables().collect::<Vec<_>>(), [("KEYWARD_TIER", "torture")]);
    }
}
