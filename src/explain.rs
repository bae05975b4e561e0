//! The rules of a verdict by name, and the log that tells what became of each. `verify` and
//! `explain` run the same rules; `verify` leaves the log switched off.

use alloc::{string::String, vec::Vec};

use crate::error::{Error, ErrorCode, bounded};

macro_rules! rules {
    ($( $name:ident = $text:literal, $spec:literal; )+) => {
        /// One rule of the verdict.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rule { $( $name, )+ }

        impl Rule {
            /// Every rule, in the order of the checks.
            pub(crate) const ALL: &'static [Rule] = &[$( Rule::$name, )+];

            const fn text(self) -> &'static str {
                match self { $( Rule::$name => $text, )+ }
            }

            pub(crate) const fn spec(self) -> &'static str {
                match self { $( Rule::$name => $spec, )+ }
            }
        }
    };
}

rules! {
    Size = "token size", "RFC 8725 §3.11";
    Segments = "three segments", "RFC 7515 §7.1";
    Base64url = "canonical base64url", "RFC 7515 §2";
    HeaderJson = "header is strict JSON", "RFC 7515 §5.2";
    HeaderMembers = "header members", "RFC 7515 §4";
    Critical = "critical extensions", "RFC 7515 §4.1.11";
    PayloadEncoding = "payload encoding", "RFC 7797 §7";
    AlgorithmKnown = "algorithm is known", "RFC 7515 §5.2";
    AlgorithmAllowed = "algorithm is allowed", "RFC 8725 §3.1";
    Type = "token type", "RFC 8725 §3.11";
    TrustedIssuer = "one of the trusted issuers", "RFC 8725 §3.8";
    Key = "trusted key", "RFC 7517 §4.5";
    Signature = "signature", "RFC 7515 §5.2";
    ClaimsJson = "claims are strict JSON", "RFC 7519 §7.2";
    ClaimTypes = "claim types", "RFC 7519 §4.1";
    RequiredClaims = "required claims", "RFC 7519 §4";
    Issuer = "issuer", "RFC 7519 §4.1.1";
    Audience = "audience", "RFC 7519 §4.1.3";
    Subject = "subject", "RFC 7519 §4.1.2";
    Expiration = "expiration", "RFC 7519 §4.1.4";
    NotBefore = "not before", "RFC 7519 §4.1.5";
    Age = "issued at and age", "RFC 7519 §4.1.6";
    ForbiddenClaims = "claims of other token kinds", "RFC 8725 §3.12";
    LogoutEvent = "logout event", "OpenID Connect Back-Channel Logout §2.6";
    AuthorizedParty = "authorized party", "OpenID Connect Core §3.1.3.7";
    Nonce = "nonce", "OpenID Connect Core §3.1.3.7";
    AccessTokenHash = "access token hash", "OpenID Connect Core §3.1.3.8";
    CodeHash = "code hash", "OpenID Connect Core §3.3.2.10";
    AuthenticationTime = "authentication time", "OpenID Connect Core §3.1.2.1";
    AuthenticationContext = "authentication context", "OpenID Connect Core §3.1.3.7";
    Scope = "scope", "RFC 6750 §3.1";
}

/// What became of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    /// The token satisfies the rule.
    Passed,
    /// The token was refused here.
    Failed,
    /// An earlier check failed.
    NotReached,
}

impl CheckStatus {
    /// The status as text: `passed`, `failed` or `not reached`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReached => "not reached",
        }
    }
}

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is checked, e.g. `audience`.
    pub name: &'static str,
    /// Where the rule is written, e.g. `RFC 7519 §4.1.3`.
    pub spec: &'static str,
    /// What became of it.
    pub status: CheckStatus,
    /// What the token holds, bounded in length.
    pub found: Option<String>,
    /// What the policy wants, bounded in length.
    pub expected: Option<String>,
}

/// A verdict told as a list of checks, in the order in which they ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Every check that the policy asks for.
    pub checks: Vec<Check>,
    /// Why the token was refused; `None` for a valid one.
    pub refusal: Option<Error>,
    /// The header's JSON, where it could be read.
    pub header: Option<String>,
    /// The claims' JSON, once the signature holds.
    pub claims: Option<String>,
}

/// What a check compared.
pub(crate) struct Evidence {
    found: Option<String>,
    expected: Option<String>,
}

impl Evidence {
    pub(crate) fn new(found: impl AsRef<str>, expected: impl AsRef<str>) -> Self {
        Self { found: Some(bounded(found.as_ref())), expected: Some(bounded(expected.as_ref())) }
    }

    pub(crate) fn found(found: impl AsRef<str>) -> Self {
        Self { found: Some(bounded(found.as_ref())), expected: None }
    }

    /// For values that an explanation must not repeat: nonces, hashes of tokens.
    pub(crate) fn kept_back() -> Self {
        Self { found: None, expected: None }
    }

    fn into_error(self, code: ErrorCode, spec: &'static str) -> Error {
        let mut error = Error::new(code).cite(spec);
        if let Some(found) = self.found {
            error = error.found(found);
        }
        if let Some(expected) = self.expected {
            error = error.expected(expected);
        }
        error
    }
}

/// Notes what became of each rule, when somebody asked.
pub(crate) struct Log {
    checks: Option<Vec<Check>>,
}

impl Log {
    pub(crate) const fn off() -> Self {
        Self { checks: None }
    }

    pub(crate) const fn on() -> Self {
        Self { checks: Some(Vec::new()) }
    }

    /// Whether nobody asked.
    pub(crate) const fn is_off(&self) -> bool {
        self.checks.is_none()
    }

    /// Decides a rule: passes, or refuses with `code` and the same evidence.
    pub(crate) fn judge(
        &mut self,
        rule: Rule,
        holds: bool,
        code: ErrorCode,
        evidence: impl FnOnce() -> Evidence,
    ) -> Result<(), Error> {
        self.judge_by(rule, rule.spec(), holds, code, evidence)
    }

    /// The same, by a section that a profile names in place of the rule's own.
    pub(crate) fn judge_by(
        &mut self,
        rule: Rule,
        spec: &'static str,
        holds: bool,
        code: ErrorCode,
        evidence: impl FnOnce() -> Evidence,
    ) -> Result<(), Error> {
        if holds && self.checks.is_none() {
            return Ok(());
        }
        let evidence = evidence();
        if holds {
            self.note_passed(rule, spec, evidence);
            return Ok(());
        }
        Err(self.refuse(rule, evidence.into_error(code, spec)))
    }

    /// Notes a result that was reached elsewhere.
    pub(crate) fn outcome<T>(
        &mut self,
        rule: Rule,
        result: Result<T, Error>,
        evidence: impl FnOnce(&T) -> Evidence,
    ) -> Result<T, Error> {
        match result {
            Ok(value) => {
                self.pass(rule, || evidence(&value));
                Ok(value)
            }
            Err(error) => Err(self.refuse(rule, error)),
        }
    }

    pub(crate) fn pass(&mut self, rule: Rule, evidence: impl FnOnce() -> Evidence) {
        if self.checks.is_some() {
            self.note_passed(rule, rule.spec(), evidence());
        }
    }

    fn note_passed(&mut self, rule: Rule, spec: &'static str, Evidence { found, expected }: Evidence) {
        let check = Check { name: rule.text(), spec, status: CheckStatus::Passed, found, expected };
        self.checks.get_or_insert_default().push(check);
    }

    pub(crate) fn refuse(&mut self, rule: Rule, error: Error) -> Error {
        if let Some(checks) = &mut self.checks {
            checks.push(Check {
                name: rule.text(),
                spec: error.spec(),
                status: CheckStatus::Failed,
                found: error.found_value().map(String::from),
                expected: error.expected_value().map(String::from),
            });
        }
        error
    }

    /// Whether a rule was reached, and holds.
    pub(crate) fn has_passed(&self, rule: Rule) -> bool {
        let passed = |check: &Check| check.name == rule.text() && check.status == CheckStatus::Passed;
        self.checks.iter().flatten().any(passed)
    }

    /// The checks noted so far, and behind them the `planned` ones that were not reached.
    pub(crate) fn finish(self, planned: impl Iterator<Item = Rule>) -> Vec<Check> {
        let mut checks = self.checks.unwrap_or_default();
        let failed = checks.iter().any(|check| check.status == CheckStatus::Failed);
        if failed {
            let reached = checks.len();
            for rule in planned {
                if checks[..reached].iter().all(|check| check.name != rule.text()) {
                    let status = CheckStatus::NotReached;
                    checks.push(Check { name: rule.text(), spec: rule.spec(), status, found: None, expected: None });
                }
            }
        }
        checks
    }
}
