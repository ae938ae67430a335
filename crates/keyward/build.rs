//! Makes Cargo watch the folder of the built dashboard, which rust-embed puts into the program.
//!
//! By itself Cargo would watch only the files that were there at the last build, and so miss the first ones. Nothing is
//! built here: `npm run build` in `web/` does that, and `cargo xtask demo` calls it.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
