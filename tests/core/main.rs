//! What the core does beyond the RFCs' own examples. Key sets, sessions and memory are test programs of their own.

mod error_reference;
mod explain;
mod jwt_compact;
mod limits;
mod login_requests;
mod silent_attempts;
mod testing;
