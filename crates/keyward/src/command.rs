//! The commands: what an operator can do from a terminal. One file for each noun; a handler loads, decides, saves, answers.

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    clock,
    config::Config,
    demo::{self, DemoArguments},
    output::Shape,
    serve::{self, ServeArguments},
    telemetry,
};
use context::Context;
use failure::Failure;

mod account;
mod audit;
mod catalogue;
mod check;
mod context;
mod failure;
mod find;
mod key;
mod limit;
mod log;
mod mail;
mod member;
mod person;
mod plan;
mod remote;
mod trail;
mod value;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "keyward", version, about, long_about = None, max_term_width = 100)]
#[command(about = "Share one API subscription, with a key for each person")]
pub struct Cli {
    /// The configuration file; it says which store the commands work on.
    #[arg(long, global = true, env = "KEYWARD_CONFIG", default_value = "keyward.toml", value_name = "FILE")]
    pub config: PathBuf,
    /// Print JSON, one object a line, instead of tables.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve: the gateway and the control listener, until SIGTERM or SIGINT.
    Serve(ServeArguments),
    /// Run a seeded example on SQLite, with example APIs inside the program.
    Demo(DemoArguments),
    /// Check the configuration file and say what it means.
    Check,
    /// Accounts: who owns keys and pays.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Members: the seats of persons in an account.
    #[command(subcommand)]
    Member(member::MemberCommand),
    /// Persons: who signs in.
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Keys and their values.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Plans: what subscriptions allow.
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// The request log: one row for each call.
    Log(log::LogArguments),
    /// The letters that Keyward writes, and previews of them.
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Do what operators do to a Keyward that runs elsewhere, with an access token.
    Remote(remote::RemoteArguments),
    /// Check that the log and the ledger agree to the unit; exit code 1 if they do not.
    Audit,
}

/// Runs the command line: 0 when it did what was asked, 1 when it was refused or found something, 2 for a wrong line, 3 where a
/// remote Keyward could not be asked.
pub fn run(cli: Cli) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(cli)),
        Err(error) => Err(Failure::Terminal(error)),
    };
    match outcome {
        Ok(code) => code,
        // Whoever read the output has seen enough: `keyward log | head`.
        Err(Failure::Terminal(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.for_people());
            failure.exit_code()
        }
    }
}

async fn dispatch(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Demo(arguments) = cli.command {
        telemetry::start();
        return Ok(demo::run(arguments).await.map(done)?);
    }
    let shape = if cli.json { Shape::Json } else { Shape::Text };
    if let Command::Remote(arguments) = cli.command {
        return remote::run(arguments, shape).await.map(done);
    }
    let config = Config::load(&cli.config)?;
    if let Command::Serve(arguments) = cli.command {
        telemetry::start();
        return Ok(serve::run(&config, arguments).await.map(done)?);
    }
    let mut stdout = io::BufWriter::new(io::stdout());
    if let Command::Check = cli.command {
        check::run(&config, shape, &mut stdout)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Mail(command) = cli.command {
        mail::run(&config, command, shape, &mut stdout)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut context = Context::open(&config, clock::clock(), shape, &mut stdout).await?;
    let code = match cli.command {
        Command::Serve(_) | Command::Demo(_) | Command::Check | Command::Mail(_) | Command::Remote(_) => {
            ExitCode::SUCCESS
        }
        Command::Account(command) => account::run(&mut context, command).await.map(done)?,
        Command::Member(command) => member::run(&mut context, command).await.map(done)?,
        Command::Person(command) => person::run(&mut context, command).await.map(done)?,
        Command::Key(command) => key::run(&mut context, command).await.map(done)?,
        Command::Plan(command) => plan::run(&mut context, command).await.map(done)?,
        Command::Log(arguments) => log::run(&mut context, arguments).await.map(done)?,
        Command::Audit => audit::run(&mut context).await?,
    };
    context.close().await?;
    Ok(code)
}

fn done(_: ()) -> ExitCode {
    ExitCode::SUCCESS
}
