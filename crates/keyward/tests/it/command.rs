//! The commands on the store, each on both databases: a whole life, what JSON holds, and what is refused.

mod life;
mod log;
mod person;
mod refusals;
mod shapes;
