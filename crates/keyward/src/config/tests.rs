//! Tables of files: wrong ones with the exact words they are refused with, and good ones with what they mean.

use std::path::Path;

use super::*;

mod good;
mod wrong;

/// An API with nothing wrong, for cases about something else.
const API: &str = "[api.football]\nprotocol = \"rest\"\nupstream = \"https://api.example.com\"\n";

fn parse(text: &str) -> Result<Config, WrongFile> {
    Config::parse(Path::new("etc/keyward.toml"), text, 4)
}
