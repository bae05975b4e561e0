//! What of a login can be set in seconds: each by its name, with its default and its bounds.

/// What lasts.
pub struct Span {
    /// Its name in JavaScript.
    pub name: &'static str,
    /// In seconds, as all of these.
    pub default: f64,
    min: f64,
    max: f64,
    /// For a message.
    pub expected: &'static str,
}

/// For how long an answer is awaited: registration, a code by mail or an approval take their time.
pub const TRANSACTION: Span = Span {
    name: "transactionLifetime",
    default: 3_600.0,
    min: 60.0,
    max: 86_400.0,
    expected: "expected seconds from 60 to 86400",
};

/// For how long one request to the authorization server may take.
pub const REQUEST: Span =
    Span { name: "timeout", default: 5.0, min: 0.1, max: 60.0, expected: "expected seconds from 0.1 to 60" };

/// For how long a request for tokens may take, unless `timeout` says otherwise: what is given up here may have been
/// granted there, and a code or a refresh token that was used is of no more use.
pub const TOKEN_REQUEST: Span = Span { default: 20.0, ..REQUEST };

/// For how long a page waits for a request without interaction.
pub const SILENT: Span =
    Span { name: "silentTimeout", default: 10.0, min: 1.0, max: 60.0, expected: "expected seconds from 1 to 60" };

/// By how much clocks may differ.
pub const TOLERANCE: Span =
    Span { name: "clockTolerance", default: 0.0, min: 0.0, max: 3_600.0, expected: "expected seconds from 0 to 3600" };

/// How long nobody may be there until a session ends. Nobody is thrown out while reading a page, and whoever wants it longer
/// than a month does not want it.
pub const IDLE: Span = Span {
    name: "idleTimeout",
    default: 0.0,
    min: 10.0,
    max: 2_592_000.0,
    expected: "expected seconds from 10 to 2592000",
};

impl Span {
    /// Whether it may last that long.
    pub fn allows(&self, seconds: f64) -> bool {
        (self.min..=self.max).contains(&seconds)
    }
}
