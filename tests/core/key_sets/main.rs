//! The life of an issuer's key set: what is fetched and when, who waits, what serves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ages;
mod answers;
mod arrivals;
mod clocks;
mod common;
mod demands;
mod discovery;
mod durations;
mod issuers;
mod news;
mod stores;
