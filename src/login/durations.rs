//! Every number of a session's life, in seconds.

/// How long before its end an access token is renewed: a request that is sent with it still arrives in time.
pub const RENEW_AHEAD: f64 = 30.0;

/// The part of an access token's life that [`RENEW_AHEAD`] may take at most: tokens that live for seconds are used too.
pub const RENEW_AHEAD_SHARE: f64 = 0.2;

/// For how long a renewal waits for that of another tab, whose request may take a minute (`timeout`).
pub const LOCK_TIMEOUT: f64 = 65.0;

/// For how long a login that has come back waits for a renewal in another tab: a user looks on.
pub const SIGN_IN_LOCK_TIMEOUT: f64 = 5.0;

/// For how long a revocation may take: the user waits for the way out.
pub const REVOCATION_TIMEOUT: f64 = 3.0;

/// For how long one call of a store may take.
pub const STORE_TIMEOUT: f64 = 3.0;

/// For how long another tab may take to answer: one in the foreground takes milliseconds, a frozen one never answers.
pub const TAB_TIMEOUT: f64 = 0.5;

/// The most time that a server is left alone after failures. The first rests are 0, 1, 2, 4 … seconds.
pub const MAX_REST: f64 = 30.0;

/// The most time that a server may ask for by Retry-After (RFC 9110 §10.2.3).
pub const MAX_RETRY_AFTER: f64 = 300.0;

/// How long a server is left alone that refuses the client itself: nobody mends that within seconds.
pub const CLIENT_REFUSED_REST: f64 = 60.0;

/// How long it takes at least until what a user does is remembered again.
pub const ACTIVITY_STEP: f64 = 1.0;

/// The least and the most time between two looks at what has become of a session by itself. A timer cannot wait for longer
/// than 24 days.
pub const MIN_WAIT: f64 = 0.1;
/// See [`MIN_WAIT`].
pub const MAX_WAIT: f64 = 86_400.0;

/// For how long a page believes the metadata that an earlier one has discovered: a redirect to the server and back.
pub const METADATA_AGE: f64 = 600.0;
