//! The echo of the tests as a program, for `cargo xtask autobahn`: `echo server HOST:PORT`, or `echo client HOST:PORT` towards a
//! fuzzing server.

use std::{env, io, net::TcpListener, process::ExitCode};

#[path = "../tests/it/echo.rs"]
mod echo;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let ended = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", address] => serve(address),
        ["client", address] => address.parse().map_err(io::Error::other).and_then(echo::play),
        _ => Err(io::Error::other("usage: echo server|client HOST:PORT")),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(address: &str) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("Listening on {}", listener.local_addr()?);
    echo::serve(listener)
}
