//! The rules of a verdict by name, and the trace that records the result of each. `verify` and
//! `explain` run the same rules; `verify` leaves the trace switched off.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::error::{Error, ErrorCode, bounded};

macro_rules! rules {
    ($( $rule:ident = $name:literal, $spec:literal, $member:literal; )+) => {
        /// One rule of the verdict.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rule { $( $rule, )+ }

        impl Rule {
            /// Every rule, in the order of the checks.
            pub(crate) const ALL: &'static [Rule] = &[$( Rule::$rule, )+];

            /// What is checked, as explanations name it.
            const fn name(self) -> &'static str {
                match self { $( Rule::$rule => $name, )+ }
            }

            /// Where the rule is written.
            pub(crate) const fn spec(self) -> &'static str {
                match self { $( Rule::$rule => $spec, )+ }
            }

            /// The claim or header that the rule is about; empty for the rules about more than one.
            const fn member(self) -> &'static str {
                match self { $( Rule::$rule => $member, )+ }
            }
        }
    };
}

rules! {
    Size = "token size", "RFC 8725 §3.11", "";
    Segments = "three segments", "RFC 7515 §7.1", "";
    Base64url = "canonical base64url", "RFC 7515 §2", "";
    HeaderJson = "header is strict JSON", "RFC 7515 §5.2", "";
    HeaderMembers = "header members", "RFC 7515 §4", "";
    Critical = "critical extensions", "RFC 7515 §4.1.11", "";
    PayloadEncoding = "payload encoding", "RFC 7797 §7", "";
    AlgorithmKnown = "algorithm is known", "RFC 7515 §5.2", "";
    AlgorithmAllowed = "algorithm is allowed", "RFC 8725 §3.1", "alg";
    Type = "token type", "RFC 8725 §3.11", "typ";
    TrustedIssuer = "one of the trusted issuers", "RFC 8725 §3.8", "iss";
    Key = "trusted key", "RFC 7517 §4.5", "";
    Signature = "signature", "RFC 7515 §5.2", "";
    Introspection = "active at its issuer", "RFC 7662 §2.2", "";
    ClaimsJson = "claims are strict JSON", "RFC 7519 §7.2", "";
    ClaimTypes = "claim types", "RFC 7519 §4.1", "";
    KeyIssuer = "issuer of the key", "RFC 8725 §3.8", "iss";
    RequiredClaims = "required claims", "RFC 7519 §4", "";
    Issuer = "issuer", "RFC 7519 §4.1.1", "iss";
    Audience = "audience", "RFC 7519 §4.1.3", "aud";
    Subject = "subject", "RFC 7519 §4.1.2", "sub";
    Expiration = "expiration", "RFC 7519 §4.1.4", "exp";
    NotBefore = "not before", "RFC 7519 §4.1.5", "nbf";
    Age = "issued at and age", "RFC 7519 §4.1.6", "iat";
    ForbiddenClaims = "claims of other token kinds", "RFC 8725 §3.12", "";
    LogoutEvent = "logout event", "OpenID Connect Back-Channel Logout §2.6", "events";
    AuthorizedParty = "authorized party", "OpenID Connect Core §3.1.3.7", "azp";
    Nonce = "nonce", "OpenID Connect Core §3.1.3.7", "nonce";
    AccessTokenHash = "access token hash", "OpenID Connect Core §3.1.3.8", "at_hash";
    CodeHash = "code hash", "OpenID Connect Core §3.3.2.10", "c_hash";
    AuthenticationTime = "authentication time", "OpenID Connect Core §3.1.2.1", "auth_time";
    AuthenticationContext = "authentication context", "OpenID Connect Core §3.1.3.7", "acr";
    Claim = "claim", "RFC 7519 §4", "";
    Scope = "scope", "RFC 6750 §3.1", "scope";
}

/// The result of a check.
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
    /// The claim, where a rule of the caller's own is about it.
    pub claim: Option<String>,
    /// Where the rule is written, e.g. `RFC 7519 §4.1.3`.
    pub spec: &'static str,
    /// Its result.
    pub status: CheckStatus,
    /// The value in the token, bounded in length.
    pub found: Option<String>,
    /// What the policy wants, bounded in length.
    pub expected: Option<String>,
}

/// What a check compared.
pub(crate) struct Evidence<'v> {
    found: Option<Cow<'v, str>>,
    expected: Option<Cow<'v, str>>,
}

impl<'v> Evidence<'v> {
    pub(crate) fn new(found: impl Into<Cow<'v, str>>, expected: impl Into<Cow<'v, str>>) -> Self {
        Self { found: Some(found.into()), expected: Some(expected.into()) }
    }

    pub(crate) fn found(found: impl Into<Cow<'v, str>>) -> Self {
        Self { found: Some(found.into()), expected: None }
    }

    /// For values that an explanation must not repeat: nonces, hashes of tokens.
    pub(crate) fn redacted() -> Self {
        Self { found: None, expected: None }
    }
}

/// Records the result of each rule, where an explanation is asked for.
pub(crate) struct Trace {
    checks: Option<Vec<Check>>,
}

impl Trace {
    pub(crate) const fn off() -> Self {
        Self { checks: None }
    }

    pub(crate) const fn on() -> Self {
        Self { checks: Some(Vec::new()) }
    }

    /// Whether no explanation is asked for.
    pub(crate) const fn is_off(&self) -> bool {
        self.checks.is_none()
    }

    /// Decides a rule: passes, or refuses with `code` and the same evidence.
    #[inline(always)]
    pub(crate) fn judge<'v>(
        &mut self,
        rule: Rule,
        holds: bool,
        code: ErrorCode,
        evidence: impl FnOnce() -> Evidence<'v>,
    ) -> Result<(), Error> {
        self.judge_by(rule, None, holds, code, evidence)
    }

    /// The same, by a section that a profile names in place of the rule's own.
    #[inline(always)]
    pub(crate) fn judge_by<'v>(
        &mut self,
        rule: Rule,
        spec: Option<&'static str>,
        holds: bool,
        code: ErrorCode,
        evidence: impl FnOnce() -> Evidence<'v>,
    ) -> Result<(), Error> {
        let spec = spec.unwrap_or(rule.spec());
        if !holds {
            return Err(self.record_failure(rule, spec, code, evidence()));
        }
        if !self.is_off() {
            self.note(rule, spec, CheckStatus::Passed, evidence());
        }
        Ok(())
    }

    /// The refusal by a rule that is not met.
    #[inline(never)]
    fn record_failure(&mut self, rule: Rule, spec: &'static str, code: ErrorCode, evidence: Evidence<'_>) -> Error {
        let mut error = Error::new(code).cite(spec);
        if !rule.member().is_empty() {
            error = error.claim(rule.member());
        }
        if let Some(found) = evidence.found {
            error = error.found(found);
        }
        if let Some(expected) = evidence.expected {
            error = error.expected(expected);
        }
        self.refuse(rule, error)
    }

    /// Records a result that was reached elsewhere.
    #[inline(always)]
    pub(crate) fn record<'v, T>(
        &mut self,
        rule: Rule,
        result: Result<T, Error>,
        evidence: impl FnOnce(&T) -> Evidence<'v>,
    ) -> Result<T, Error> {
        match result {
            Ok(value) => {
                self.record_pass(rule, || evidence(&value));
                Ok(value)
            }
            Err(error) => Err(self.refuse(rule, error)),
        }
    }

    #[inline(always)]
    pub(crate) fn record_pass<'v>(&mut self, rule: Rule, evidence: impl FnOnce() -> Evidence<'v>) {
        if !self.is_off() {
            self.note(rule, rule.spec(), CheckStatus::Passed, evidence());
        }
    }

    /// Records that a rule is left out.
    pub(crate) fn skip(&mut self, rule: Rule) {
        self.note(rule, rule.spec(), CheckStatus::NotReached, Evidence::redacted());
    }

    fn note(&mut self, rule: Rule, spec: &'static str, status: CheckStatus, evidence: Evidence<'_>) {
        self.note_claim(rule, None, spec, status, evidence);
    }

    #[inline(never)]
    fn note_claim(
        &mut self,
        rule: Rule,
        claim: Option<&str>,
        spec: &'static str,
        status: CheckStatus,
        evidence: Evidence<'_>,
    ) {
        let Some(checks) = &mut self.checks else { return };
        let found = evidence.found.as_deref().map(bounded);
        let expected = evidence.expected.as_deref().map(bounded);
        checks.push(Check { name: rule.name(), claim: claim.map(String::from), spec, status, found, expected });
    }

    /// Records that a rule of the caller's own is met.
    pub(crate) fn record_claim<'v>(
        &mut self,
        claim: &str,
        spec: &'static str,
        evidence: impl FnOnce() -> Evidence<'v>,
    ) {
        if !self.is_off() {
            self.note_claim(Rule::Claim, Some(claim), spec, CheckStatus::Passed, evidence());
        }
    }

    /// The refusal by a rule of the caller's own, with its evidence.
    pub(crate) fn refuse_claim(&mut self, claim: &str, error: Error, evidence: Evidence<'_>) -> Error {
        let error = error.found(evidence.found.as_deref().unwrap_or_default());
        let error = error.expected(evidence.expected.as_deref().unwrap_or_default());
        if !self.is_off() {
            self.note_claim(Rule::Claim, Some(claim), error.spec(), CheckStatus::Failed, evidence);
        }
        error
    }

    /// Records a refusal that was made elsewhere.
    #[inline(never)]
    pub(crate) fn refuse(&mut self, rule: Rule, error: Error) -> Error {
        let evidence = Evidence {
            found: error.found_value().map(Cow::Borrowed),
            expected: error.expected_value().map(Cow::Borrowed),
        };
        self.note(rule, error.spec(), CheckStatus::Failed, evidence);
        error
    }

    /// The result of a rule; `None` where it was not reached.
    pub(crate) fn status(&self, rule: Rule) -> Option<CheckStatus> {
        let name = rule.name();
        self.checks.iter().flatten().find(|check| check.name == name).map(|check| check.status)
    }

    /// The checks recorded so far and, after one that failed, the rules that apply and were not reached; `own` are the
    /// caller's own rules, by claim and section.
    pub(crate) fn finish<'r>(
        mut self,
        applies: impl Fn(Rule) -> bool,
        own: impl Iterator<Item = (&'r str, &'static str)>,
    ) -> Vec<Check> {
        if self.checks.iter().flatten().any(|check| check.status == CheckStatus::Failed) {
            for &rule in Rule::ALL {
                if applies(rule) && self.status(rule).is_none() {
                    self.note(rule, rule.spec(), CheckStatus::NotReached, Evidence::redacted());
                }
            }
            for (claim, spec) in own {
                if !self.checks.iter().flatten().any(|check| check.claim.as_deref() == Some(claim)) {
                    self.note_claim(Rule::Claim, Some(claim), spec, CheckStatus::NotReached, Evidence::redacted());
                }
            }
        }
        self.checks.unwrap_or_default()
    }
}
