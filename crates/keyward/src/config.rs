//! `keyward.toml`: what an operator declares, read into checked values. A wrong file is refused with every problem found,
//! each with line, column, what was expected and a way out.
//!
//! Secrets are not read here: the file says where they are kept, and they are fetched by who needs them.

use std::{
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{
    api::Api,
    name::{ApiName, PlanName},
    plan::Plan,
};
use toml::de::DeTable;

pub mod api;
mod control;
mod cross_check;
mod database;
mod gateway;
mod gateway_settings;
mod listener;
mod mail;
mod nearest;
mod ops;
mod plan;
mod problem;
mod reader;
mod secret;
mod summary;
mod units;
mod url;

pub use api::ApiConfig;
pub use control::{ControlConfig, is_loopback, public_origin};
pub use database::{Database, NoAddress};
pub use gateway::GatewayConfig;
pub use mail::MailConfig;
pub use nearest::nearest;
pub use ops::OpsConfig;
pub use problem::WrongFile;
pub use url::host_and_port;

use problem::{Problem, Problems};
use reader::{Field, Section};

/// The longest file, in bytes.
pub const MAX_FILE: u64 = 4 << 20;
/// Bounds of `revocation_bound`.
const REVOCATION: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(3_600);

/// What the file says, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file.
    pub file: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// Where the store is.
    pub database: Database,
    /// Within which time a revocation holds on every node (promise P3).
    pub revocation_bound: Duration,
    /// The gateway.
    pub gateway: GatewayConfig,
    /// The dashboard and its API.
    pub control: ControlConfig,
    /// Where figures, health and readiness are asked for; none: nowhere.
    pub ops: Option<OpsConfig>,
    /// The mail server and the templates of letters.
    pub mail: MailConfig,
    /// What is offered.
    pub apis: Vec<ApiConfig>,
    /// What subscriptions allow.
    pub plans: Vec<Plan>,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// Errors: everything that is wrong with it.
    pub fn load(file: &Path) -> Result<Config, WrongFile> {
        let mut text = String::new();
        let read = std::fs::File::open(file).and_then(|open| open.take(MAX_FILE + 1).read_to_string(&mut text));
        if let Err(error) = read {
            let hint = "name another file with --config FILE, or with the variable KEYWARD_CONFIG".to_owned();
            return Err(WrongFile::unreadable(file, format!("cannot be read: {error}"), Some(hint)));
        }
        if text.len() as u64 > MAX_FILE {
            return Err(WrongFile::unreadable(file, format!("is longer than {MAX_FILE} bytes"), None));
        }
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        Config::parse(file, &text, cores)
    }

    /// Checks the text of a file. `cores` is the default of `gateway.threads`.
    ///
    /// Errors: everything that is wrong with it.
    pub fn parse(file: &Path, text: &str, cores: usize) -> Result<Config, WrongFile> {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(WrongFile::new(file, text, errors.iter().map(syntax_problem).collect()));
        }
        let problems = Problems::default();
        let folder = file.parent().unwrap_or(Path::new(""));
        let config = read(Section::root(&document, &problems), file, folder, cores);
        let problems = problems.into_sorted();
        if problems.is_empty() { Ok(config) } else { Err(WrongFile::new(file, text, problems)) }
    }

    /// What is published into the store: APIs and plans, without upstreams and credentials.
    pub fn catalogue(&self) -> (Vec<Api>, Vec<Plan>) {
        (self.apis.iter().map(|config| config.api.clone()).collect(), self.plans.clone())
    }
}

fn syntax_problem(error: &toml::de::Error) -> Problem {
    let offset = error.span().map(|span| span.start);
    Problem { offset, field: String::new(), message: error.message().to_owned(), hint: None }
}

fn read(mut root: Section<'_>, file: &Path, folder: &Path, cores: usize) -> Config {
    let data = root.take("data").and_then(|field| secret::read_path(&field, folder));
    let database = root.take("database").and_then(|field| Database::read(&field, folder));
    let revocation_bound = root.take("revocation_bound").and_then(|field| field.duration(REVOCATION));
    let (gateway_table, control_table) = (root.take("gateway"), root.take("control"));
    let gateway = gateway::read(gateway_table.as_ref(), folder, cores);
    let control = control::read(control_table.as_ref());
    let ops_table = root.take("ops");
    let ops = ops_table.as_ref().and_then(ops::read);
    let mail = root.take("mail").and_then(|field| mail::read(&field, folder)).unwrap_or_default();
    let plans = named::<PlanName, _>(root.take("plan"), "[plan.NAME]", plan::MAX_PLANS, plan::read);
    let apis = named::<ApiName, _>(root.take("api"), "[api.NAME]", api::MAX_APIS, |name, field| {
        Some((api::read(name, field, folder)?, field.clone()))
    });
    if let Some(table) = control_table.or(gateway_table) {
        cross_check::listeners(&gateway, &control, &table);
    }
    if let (Some(ops), Some(table)) = (&ops, &ops_table) {
        cross_check::ops(ops, &gateway, &control, table);
    }
    cross_check::default_plans(&apis, &plans);
    cross_check::routes(&apis);
    root.finish();
    Config {
        file: file.to_owned(),
        data: data.unwrap_or_else(|| folder.join("data")),
        database: database.unwrap_or(Database::Sqlite),
        revocation_bound: revocation_bound.unwrap_or(Duration::from_secs(5)),
        gateway,
        control,
        ops,
        mail,
        apis: apis.into_iter().map(|(config, _)| config).collect(),
        plans,
    }
}

/// Reads a table of tables that the operator names.
fn named<'f, N, T>(
    field: Option<Field<'f>>,
    form: &str,
    max: usize,
    read: impl Fn(N, &Field<'f>) -> Option<T>,
) -> Vec<T>
where
    N: std::str::FromStr<Err: std::fmt::Display>,
{
    let Some(field) = field else { return Vec::new() };
    let Some(mut section) = field.section(&format!("tables {form}")) else { return Vec::new() };
    let entries = section.take_others();
    if entries.len() > max {
        field.refuse(format!("{} tables {form} are more than {max}", entries.len()), None);
    }
    let read_entry = |(name, _, field): (&str, usize, Field<'f>)| match name.parse::<N>() {
        Ok(name) => read(name, &field),
        Err(refusal) => {
            field.refuse(refusal.to_string(), None);
            None
        }
    };
    entries.into_iter().take(max).filter_map(read_entry).collect()
}

#[cfg(test)]
mod tests;
