//! What the demo says once it listens: to people on the terminal, to programs in the ready file.

use std::{fmt::Write, path::PathBuf};

use domain::api::Protocol;
use serde::Serialize;

use super::seed::Seeded;
use crate::{config::Config, node::Node};

/// Everything that one needs to begin.
#[derive(Serialize)]
pub struct Ready {
    control_url: String,
    gateway_url: String,
    owner: PersonReady,
    members: Vec<PersonReady>,
    keys: Vec<KeyReady>,
    apis: Vec<ApiReady>,
    /// The configuration file, for the commands.
    config: PathBuf,
}

/// A person of the demo.
#[derive(Clone, Serialize)]
pub struct PersonReady {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their password, until the next start.
    pub password: String,
    /// A value of theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A key of the demo.
#[derive(Clone, Serialize)]
pub struct KeyReady {
    /// Its name.
    pub name: String,
    /// Where it is used.
    pub environment: String,
    /// A value of it.
    pub value: String,
}

/// An API of the demo.
#[derive(Serialize)]
struct ApiReady {
    id: String,
    protocol: &'static str,
    /// Where a client points; `{key}` stands where the value goes. Without it the value goes into `x-api-key`.
    base_url: String,
    /// A path below the base, or a method.
    example: &'static str,
}

impl Ready {
    /// Gathers what there is to say.
    pub fn new(config: &Config, node: &Node, seeded: Seeded) -> Ready {
        let gateway_url = format!("http://{}", node.gateway_address());
        let apis = config.apis.iter().map(|api| {
            let path = api.paths.iter().find(|path| path.contains("{key}")).or(api.paths.first());
            let network = api.api.networks.first().map_or("", |network| network.as_str());
            let path = path.map_or(String::new(), |path| path.replace("{network}", network));
            ApiReady {
                id: api.api.name.to_string(),
                protocol: api.api.protocol.as_str(),
                base_url: format!("{gateway_url}{path}"),
                example: if api.api.protocol == Protocol::Rest { "/leagues" } else { "eth_blockNumber" },
            }
        });
        Ready {
            control_url: format!("http://{}", node.control_address()),
            apis: apis.collect(),
            gateway_url,
            config: config.file.clone(),
            owner: seeded.owner,
            members: seeded.members,
            keys: seeded.keys,
        }
    }

    /// A page for the terminal.
    pub fn for_people(&self) -> String {
        let mut page = String::new();
        self.write_page(&mut page).expect("writing into a string cannot fail");
        page
    }

    fn write_page(&self, page: &mut String) -> std::fmt::Result {
        writeln!(page, "\nKeyward demo\n")?;
        writeln!(page, "  dashboard  {}", self.control_url)?;
        writeln!(page, "  gateway    {}\n", self.gateway_url)?;
        writeln!(page, "  owner      {}   {}   (also sees the outbox)", self.owner.email, self.owner.password)?;
        for member in &self.members {
            writeln!(page, "  member     {}   {}", member.email, member.password)?;
        }
        writeln!(page, "\n  keys")?;
        for key in &self.keys {
            writeln!(page, "    {:<16} {:<15} {}", key.name, key.environment, key.value)?;
        }
        writeln!(page, "\n  try")?;
        let value = self.keys.first().map_or("", |key| key.value.as_str());
        for api in &self.apis {
            let url = api.base_url.replace("{key}", value);
            if api.protocol == Protocol::Rest.as_str() {
                writeln!(page, "    curl -H 'x-api-key: {value}' {url}{}", api.example)?;
            } else {
                let call = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}","params":[]}}"#, api.example);
                writeln!(page, "    curl -H 'content-type: application/json' -d '{call}' {url}")?;
            }
        }
        let program = std::env::args().next().unwrap_or_else(|| "keyward".to_owned());
        writeln!(page, "\n  The log of every call: {program} log --follow --config {}", self.config.display())?;
        writeln!(page, "  Mails are printed here, with their links; the owner also finds them under Outbox.")?;
        writeln!(page, "  Values and passwords are drawn anew at each start. Ctrl-C stops.\n")
    }
}
