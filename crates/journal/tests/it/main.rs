//! The journal from outside, on real files, with real processes that are really killed. One binary.
//!
//! `KEYWARD_TIER=full` and `KEYWARD_TIER=torture` run more rounds.

#![allow(clippy::disallowed_methods, reason = "tests wait and vary in real time")]

mod damage;
mod flush;
mod follow;
mod full;
mod hot_path;
mod kill;
mod model;
mod power;
mod recovery;
mod scene;
mod victim;
