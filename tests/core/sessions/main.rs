//! The life of a login's session: renewals, tabs, stores and logouts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod keys;
mod random_orders;
#[path = "../../fuzz/src/session_model.rs"]
mod session_model;
mod tabs;
