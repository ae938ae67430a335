//! The load generator: prints one line of JSON with counts and latencies, and on standard error the first trouble.
//!
//! Exit code 0 when the run took place, whatever it came to; 2 when it could not.

use std::process::ExitCode;

use bench::load::options::Options;
use bench::load::{request, run};

fn main() -> ExitCode {
    let outcome = Options::parse(std::env::args().skip(1)).and_then(|options| {
        run::run(&options, &request::prepare(&options)).map_err(|error| format!("{}: {error}", options.address))
    });
    match outcome {
        Ok(summary) => {
            println!("{}", summary.to_json());
            if let Some(trouble) = summary.first_trouble {
                eprintln!("load: {trouble}");
            }
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("load: {message}");
            ExitCode::from(2)
        }
    }
}
