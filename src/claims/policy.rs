//! What the caller demands of a token, and the rules that decide (RFC 7519 §4.1 and §7.2, RFC 8725,
//! RFC 9068 §4, OpenID Connect Core §3.1.3.7).

use alloc::{string::String, vec::Vec};
use core::cmp::Ordering;

#[cfg(any(test, feature = "wasm"))]
use crate::claims::claim_set::Timestamps;
use crate::claims::claim_set::{Claims, display_claim, section};
use crate::claims::numeric_date::UnixTime;
use crate::claims::profile::{LOGOUT_EVENT, Profile};
use crate::error::{Error, ErrorCode, List, joined};
use crate::jose::algorithm::Algorithm;
use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::json::Value;
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;
use crate::rules::{Evidence, Rule, Trace};

/// The accepted values of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// The caller has said that the claim is not to be checked.
    Any,
    /// Exactly one of these, letter by letter.
    OneOf(Vec<String>),
}

/// What a caller demands of a token. [`Policy::new`] is strict; each field lifts or adds one demand.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Who may have issued the token (RFC 7519 §4.1.1).
    pub issuer: Accepted,
    /// Whom the token has to be meant for (RFC 7519 §4.1.3).
    pub audience: Accepted,
    /// What the token is used as.
    pub profile: Profile,
    /// The allowed algorithms; `None` allows every asymmetric one that the trusted key itself
    /// names or implies (RFC 8725 §3.1).
    pub algorithms: Option<Vec<Algorithm>>,
    /// The accepted media types in `typ`, in place of the profile's (RFC 8725 §3.11); none accepts any.
    pub types: Option<Vec<String>>,
    /// The subject the token has to be about (RFC 7519 §4.1.2).
    pub subject: Option<String>,
    /// How far clocks may differ.
    pub clock_tolerance: UnixTime,
    /// How long ago the token may have been issued.
    pub max_token_age: Option<UnixTime>,
    /// Claims that have to be present besides the profile's; `["exp"]` unless lifted.
    pub required_claims: Vec<String>,
    /// Critical header extensions that the caller itself processes (RFC 7515 §4.1.11).
    pub crit: Vec<String>,
    /// How large a token may be, in octets.
    pub max_token_size: usize,
    /// The nonce that the authorization request carried.
    pub nonce: Option<String>,
    /// The access token that came with an ID token, for `at_hash`.
    pub access_token: Option<String>,
    /// The authorization code that came with an ID token, for `c_hash`.
    pub authorization_code: Option<String>,
    /// How long ago the user may have logged in (`max_age`).
    pub max_authentication_age: Option<UnixTime>,
    /// The accepted authentication context class references.
    pub authentication_contexts: Option<Vec<String>>,
    /// The scopes that the resource needs, all of them (RFC 6749 §3.3).
    pub scopes: Vec<String>,
}

const NO_TIME: UnixTime = UnixTime::from_seconds(0);

impl Policy {
    /// The strict policy of a profile for an issuer and an audience.
    pub fn new(profile: Profile, issuer: Accepted, audience: Accepted) -> Self {
        Self {
            issuer,
            audience,
            profile,
            algorithms: None,
            types: None,
            subject: None,
            clock_tolerance: NO_TIME,
            max_token_age: None,
            required_claims: alloc::vec![String::from("exp")],
            crit: Vec::new(),
            max_token_size: DEFAULT_MAX_TOKEN_SIZE,
            nonce: None,
            access_token: None,
            authorization_code: None,
            max_authentication_age: None,
            authentication_contexts: None,
            scopes: Vec::new(),
        }
    }

    /// Judges the header and says which algorithm checks the signature.
    pub(crate) fn allow(&self, header: &Header, trace: &mut Trace) -> Result<Algorithm, Error> {
        let algorithm = allow_algorithm(header, self.algorithms.as_deref(), &self.crit, trace)?;
        self.check_type(header, trace)?;
        Ok(algorithm)
    }

    /// Judges the claims of a token whose signature holds.
    pub(crate) fn check(
        &self,
        claims: &mut Claims<'_>,
        algorithm: Algorithm,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<(), Error> {
        self.check_required(claims, trace)?;
        self.check_issuer(claims, trace)?;
        self.check_audience(claims, trace)?;
        self.check_subject(claims, trace)?;
        self.check_times(claims, now, trace)?;
        self.check_kind(claims, trace)?;
        if self.profile == Profile::IdToken {
            self.check_id_token(claims, algorithm, now, trace)?;
        }
        self.check_scope(claims, trace)
    }

    /// Whether an earlier verdict would be the same now: the rules that time can change, and no others.
    #[cfg(any(test, feature = "wasm"))]
    pub(crate) fn still_holds(&self, timestamps: &Timestamps, now: UnixTime) -> bool {
        let (early, late) = (now.earlier(self.clock_tolerance), now.later(self.clock_tolerance));
        let young = self.max_token_age.is_none_or(|max_age| {
            timestamps.issued(late) != Ordering::Greater && timestamps.issued(early.earlier(max_age)) != Ordering::Less
        });
        let recent = (self.max_authentication_age.filter(|_| self.profile == Profile::IdToken))
            .is_none_or(|max_age| timestamps.auth_time_since(early.earlier(max_age)));
        timestamps.is_unexpired(early) && timestamps.is_in_force(late) && young && recent
    }

    /// Whether this policy asks for a rule, for an explanation.
    pub(crate) fn applies(&self, rule: Rule) -> bool {
        match rule {
            Rule::TrustedIssuer => false,
            Rule::Subject => self.subject.is_some(),
            Rule::ForbiddenClaims => self.profile != Profile::Jwt,
            Rule::LogoutEvent => self.profile == Profile::LogoutToken,
            Rule::Nonce => self.profile == Profile::IdToken && self.nonce.is_some(),
            Rule::AccessTokenHash => self.profile == Profile::IdToken && self.access_token.is_some(),
            Rule::CodeHash => self.profile == Profile::IdToken && self.authorization_code.is_some(),
            Rule::AuthorizedParty | Rule::AuthenticationTime => self.profile == Profile::IdToken,
            Rule::Scope => !self.scopes.is_empty(),
            Rule::AuthenticationContext => self.profile == Profile::IdToken && self.authentication_contexts.is_some(),
            _ => true,
        }
    }

    fn check_type(&self, header: &Header, trace: &mut Trace) -> Result<(), Error> {
        let facts = self.profile.facts();
        let own: Vec<&str>;
        let wanted = match &self.types {
            Some(types) => {
                own = types.iter().map(String::as_str).collect();
                own.as_slice()
            }
            None => facts.types,
        };
        let required = !wanted.is_empty() && (self.types.is_some() || facts.type_required);
        let holds = match header.typ() {
            None => !required,
            Some(typ) => wanted.is_empty() || wanted.iter().any(|wanted| is_media_type(typ, wanted)),
        };
        // RFC 9068 §4: an access token without its type is refused.
        let spec = (facts.type_required && self.types.is_none()).then_some(facts.spec);
        trace.judge_by(Rule::Type, spec, holds, ErrorCode::TypMismatch, || {
            let mut expected = joined(wanted, " or ");
            if !required {
                expected.push_str(if wanted.is_empty() { "any" } else { " or nothing" });
            }
            Evidence::new(header.typ().unwrap_or("nothing"), expected)
        })
    }

    /// The claims that have to be present.
    fn required(&self) -> Vec<&str> {
        let mut names = self.profile.facts().required.to_vec();
        names.extend(self.required_claims.iter().map(String::as_str));
        implied(&mut names, "iss", self.issuer.is_checked());
        implied(&mut names, "aud", self.audience.is_checked());
        implied(&mut names, "sub", self.subject.is_some());
        implied(&mut names, "iat", self.max_token_age.is_some());
        names
    }

    fn check_required(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let facts = self.profile.facts();
        let required = self.required();
        if let Some(&name) = required.iter().find(|name| !claims.contains(name)) {
            let spec = if facts.required.contains(&name) { facts.spec } else { section(name) };
            let error = Error::new(ErrorCode::ClaimMissing).cite(spec).claim(name).found("nothing").expected(name);
            return Err(trace.refuse(Rule::RequiredClaims, error));
        }
        trace.record(Rule::RequiredClaims, facts.texts.iter().try_for_each(|name| claims.text(name).map(drop)), |()| {
            let mut names = List::new(", ");
            for (i, name) in required.iter().enumerate() {
                if !required.iter().take(i).any(|other| other == name) {
                    names.add(name);
                }
            }
            Evidence::new("all present", names.finish().unwrap_or_default())
        })
    }

    fn check_issuer(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let holds = self.issuer.accepts(claims.text("iss")?);
        trace.judge(Rule::Issuer, holds, ErrorCode::IssuerMismatch, || {
            Evidence::new(display_claim(claims, "iss"), self.issuer.describe())
        })
    }

    fn check_audience(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let members = claims.audience_members()?.unwrap_or_default();
        let holds = !self.audience.is_checked() || members.iter().any(|one| self.audience.accepts(one.as_str()));
        trace.judge(Rule::Audience, holds, ErrorCode::AudienceMismatch, || {
            Evidence::new(display_claim(claims, "aud"), self.audience.describe())
        })
    }

    fn check_subject(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let Some(subject) = &self.subject else { return Ok(()) };
        let holds = claims.text("sub")? == Some(subject);
        trace.judge(Rule::Subject, holds, ErrorCode::SubjectMismatch, || {
            Evidence::new(display_claim(claims, "sub"), subject)
        })
    }

    fn check_times(&self, claims: &Claims<'_>, now: UnixTime, trace: &mut Trace) -> Result<(), Error> {
        let (early, late) = (now.earlier(self.clock_tolerance), now.later(self.clock_tolerance));
        let evidence = |name: &str, relation: &str, moment: UnixTime| {
            Evidence::new(display_claim(claims, name), [relation, &moment.text()].concat())
        };

        let timestamps = claims.timestamps();
        trace.judge(Rule::Expiration, timestamps.is_unexpired(early), ErrorCode::TokenExpired, || {
            evidence("exp", "later than ", early)
        })?;
        trace.judge(Rule::NotBefore, timestamps.is_in_force(late), ErrorCode::TokenNotYetValid, || {
            evidence("nbf", "at most ", late)
        })?;

        let Some(max_age) = self.max_token_age else {
            trace.record_pass(Rule::Age, || Evidence::new(display_claim(claims, "iat"), "any age"));
            return Ok(());
        };
        if timestamps.issued(late) == Ordering::Greater {
            return trace.judge(Rule::Age, false, ErrorCode::TokenIssuedInFuture, || evidence("iat", "at most ", late));
        }
        let oldest = early.earlier(max_age);
        trace.judge(Rule::Age, timestamps.issued(oldest) != Ordering::Less, ErrorCode::TokenTooOld, || {
            evidence("iat", "at least ", oldest)
        })
    }

    /// Keeps the kinds of token apart by their claims.
    fn check_kind(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let facts = self.profile.facts();
        if self.profile == Profile::Jwt {
            return Ok(());
        }
        let logout_event =
            claims.value("events").and_then(Value::as_object).and_then(|events| events.get(LOGOUT_EVENT));
        let forbidden = facts.forbidden.iter().copied().find(|name| claims.contains(name));
        let foreign =
            if self.profile == Profile::LogoutToken { forbidden } else { forbidden.or(logout_event.map(|_| "events")) };
        trace
            .judge(Rule::ForbiddenClaims, foreign.is_none(), ErrorCode::ClaimForbidden, || {
                Evidence::new(foreign.unwrap_or("none"), ["only claims of the profile ", facts.name].concat())
            })
            .map_err(|error| error.claim(foreign.unwrap_or_default()))?;
        if self.profile == Profile::LogoutToken {
            self.check_logout(claims, logout_event, trace)?;
        }
        Ok(())
    }

    fn check_logout(&self, claims: &Claims<'_>, event: Option<&Value<'_>>, trace: &mut Trace) -> Result<(), Error> {
        // Back-Channel Logout 1.0 §2.4: the event's value is a JSON object; sub, sid or both.
        let holds = event.is_some_and(|event| event.as_object().is_some());
        if holds && !claims.contains("sub") && !claims.contains("sid") {
            let error = Error::new(ErrorCode::ClaimMissing)
                .cite(self.profile.facts().spec)
                .claim("sub")
                .expected("sub, sid or both");
            return Err(trace.refuse(Rule::LogoutEvent, error));
        }
        trace.judge(Rule::LogoutEvent, holds, ErrorCode::ClaimInvalid, || {
            Evidence::new(if event.is_some() { "an event that is no object" } else { "no logout event" }, LOGOUT_EVENT)
        })
    }

    fn check_id_token(
        &self,
        claims: &mut Claims<'_>,
        algorithm: Algorithm,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<(), Error> {
        self.check_authorized_party(claims, trace)?;
        if let Some(nonce) = &self.nonce {
            let found = claims.text("nonce")?;
            let code = if found.is_some() { ErrorCode::NonceMismatch } else { ErrorCode::ClaimMissing };
            trace.judge(Rule::Nonce, found == Some(nonce), code, Evidence::redacted)?;
        }
        if let Some(access_token) = &self.access_token {
            let holds = hash_matches(claims, "at_hash", access_token, algorithm)?;
            trace.judge(Rule::AccessTokenHash, holds, ErrorCode::AtHashMismatch, Evidence::redacted)?;
        }
        if let Some(code) = &self.authorization_code {
            let holds = hash_matches(claims, "c_hash", code, algorithm)?;
            trace.judge(Rule::CodeHash, holds, ErrorCode::CHashMismatch, Evidence::redacted)?;
        }
        claims.read_auth_time().map_err(|error| trace.refuse(Rule::AuthenticationTime, error))?;
        self.check_authentication(claims, now, trace)
    }

    fn check_authorized_party(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        // OpenID Connect Core §3.1.3.7, items 3 to 5: other audiences only with azp, and azp is us.
        let party = claims.text("azp")?;
        let several = claims.audience_members()?.is_some_and(|members| members.len() > 1);
        if party.is_none() && several && self.audience.is_checked() {
            let error = Error::new(ErrorCode::ClaimMissing)
                .cite(Rule::AuthorizedParty.spec())
                .claim("azp")
                .found("nothing")
                .expected("azp, since there are several audiences");
            return Err(trace.refuse(Rule::AuthorizedParty, error));
        }
        let holds = party.is_none() || self.audience.accepts(party);
        trace.judge(Rule::AuthorizedParty, holds, ErrorCode::AuthorizedPartyMismatch, || {
            Evidence::new(party.unwrap_or("nothing"), self.audience.describe())
        })
    }

    fn check_authentication(&self, claims: &Claims<'_>, now: UnixTime, trace: &mut Trace) -> Result<(), Error> {
        let present = claims.contains("auth_time");
        if let Some(max_age) = self.max_authentication_age {
            // OpenID Connect Core §3.1.2.1: with max_age the ID token MUST include auth_time.
            let oldest = now.earlier(self.clock_tolerance).earlier(max_age);
            let code = if present { ErrorCode::AuthTimeTooOld } else { ErrorCode::ClaimMissing };
            let recent = claims.timestamps().auth_time_since(oldest);
            trace.judge(Rule::AuthenticationTime, recent, code, || {
                Evidence::new(display_claim(claims, "auth_time"), ["at least ", &oldest.text()].concat())
            })?;
        } else {
            trace
                .record_pass(Rule::AuthenticationTime, || Evidence::new(display_claim(claims, "auth_time"), "any age"));
        }
        if let Some(accepted) = &self.authentication_contexts {
            let context = claims.text("acr")?;
            let code = if context.is_some() { ErrorCode::AcrMismatch } else { ErrorCode::ClaimMissing };
            let holds = context.is_some_and(|context| is_one_of(context, accepted));
            trace.judge(Rule::AuthenticationContext, holds, code, || {
                Evidence::new(context.unwrap_or("nothing"), joined(accepted, " or "))
            })?;
        }
        Ok(())
    }

    fn check_scope(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        if self.scopes.is_empty() {
            return Ok(());
        }
        // RFC 9068 §2.2.3, RFC 8693 §4.2: one string, its values separated by spaces.
        let granted = claims.text("scope").map_err(|error| trace.refuse(Rule::Scope, error))?.unwrap_or_default();
        let is_granted = |needed: &str| needed.is_empty() || granted.split(' ').any(|token| token == needed);
        let holds = self.scopes.iter().all(|needed| needed.split(' ').all(is_granted));
        trace.judge(Rule::Scope, holds, ErrorCode::InsufficientScope, || {
            Evidence::new(granted, joined(&self.scopes, " "))
        })
    }
}

impl Accepted {
    fn is_checked(&self) -> bool {
        matches!(self, Self::OneOf(_))
    }

    /// Whether a claim's text, or its absence, is accepted.
    fn accepts(&self, text: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(accepted) => text.is_some_and(|text| is_one_of(text, accepted)),
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Any => String::from("any (the policy does not check it)"),
            Self::OneOf(values) => joined(values, " or "),
        }
    }
}

/// A claim that has to be present where another demand is about it.
#[inline(never)]
fn implied<'n>(names: &mut Vec<&'n str>, name: &'n str, demanded: bool) {
    if demanded {
        names.push(name);
    }
}

/// Whether a text is among those accepted, letter by letter.
fn is_one_of(text: &str, accepted: &[String]) -> bool {
    accepted.iter().any(|one| one == text)
}

/// Judges what the header says about itself: extensions, encoding, algorithm.
pub(crate) fn allow_algorithm(
    header: &Header,
    allowed: Option<&[Algorithm]>,
    understood: &[String],
    trace: &mut Trace,
) -> Result<Algorithm, Error> {
    let critical = header.crit().map_err(|fault| Error::new(ErrorCode::CritInvalid).claim("crit").found(fault));
    // RFC 7515 §4.1.11: whatever is critical and not understood refuses the token. b64 is (RFC 7797).
    let critical =
        critical.and_then(|names| match names.iter().find(|&name| name != "b64" && !understood.contains(name)) {
            None => Ok(names),
            Some(name) => Err(Error::new(ErrorCode::CritUnsupported)
                .claim("crit")
                .found(name)
                .expected("an extension that crit names in the policy")),
        });
    trace.record(Rule::Critical, critical, |names| {
        if names.is_empty() { Evidence::found("none") } else { Evidence::found(joined(names, ", ")) }
    })?;
    trace.judge(Rule::PayloadEncoding, header.b64(), ErrorCode::B64Unsupported, || {
        Evidence::new(if header.b64() { "base64url" } else { "b64 false" }, "base64url")
    })?;
    let name = header.alg();
    // RFC 8725 §3.2: none, in any spelling, is never an algorithm here.
    let none = name.trim().eq_ignore_ascii_case("none");
    let algorithm = Algorithm::from_name(name).ok_or_else(|| {
        let code = if none { ErrorCode::AlgNone } else { ErrorCode::AlgUnsupported };
        Error::new(code).claim("alg").found(name).expected("a supported algorithm")
    });
    let algorithm = trace.record(Rule::AlgorithmKnown, algorithm, |_| Evidence::found(name))?;
    let holds = allowed.map_or(!algorithm.is_symmetric(), |allowed| allowed.contains(&algorithm));
    trace.judge(Rule::AlgorithmAllowed, holds, ErrorCode::AlgNotAllowed, || match allowed {
        None => Evidence::new(name, "an asymmetric algorithm that the key names or implies"),
        Some(allowed) => {
            let names: Vec<&str> = allowed.iter().map(|algorithm| algorithm.name()).collect();
            Evidence::new(name, joined(&names, " or "))
        }
    })?;
    Ok(algorithm)
}

/// Whether `typ` names a media type: "application/" may be left out (RFC 7515 §4.1.9), and case does not count
/// (RFC 2045 §5.1).
pub(crate) fn is_media_type(typ: &str, wanted: &str) -> bool {
    let subtype = |typ| match <str>::split_at_checked(typ, "application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") && !rest.contains('/') => rest,
        _ => typ,
    };
    subtype(typ).eq_ignore_ascii_case(subtype(wanted))
}

/// Whether a hash claim, where present, is the left half of the value's hash, base64url
/// (OpenID Connect Core §3.1.3.6).
fn hash_matches(claims: &Claims<'_>, name: &'static str, value: &str, algorithm: Algorithm) -> Result<bool, Error> {
    let Some(claim) = claims.text(name)? else { return Ok(true) };
    let hash = algorithm.facts().hash;
    Ok(base64url::encode(&hash.digest(&[value.as_bytes()])[..hash.length() / 2]) == claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u32 = 1_800_000_000;

    /// Whether a verdict on these claims still holds some seconds later, or earlier.
    fn holds(policy: &Policy, claims: &str, later: i32) -> bool {
        let mut claims = Claims::parse(claims.as_bytes(), &mut Trace::off()).unwrap();
        claims.read_auth_time().unwrap();
        policy.still_holds(&claims.into_timestamps(), UnixTime::from_seconds(NOW.wrapping_add_signed(later)))
    }

    #[test]
    fn a_kept_verdict_is_judged_by_time_again() {
        let policy = Policy::new(Profile::Jwt, Accepted::Any, Accepted::Any);
        let claims = alloc::format!(r#"{{"exp":{},"nbf":{NOW},"iat":{NOW},"auth_time":{NOW}}}"#, NOW + 100);
        // RFC 7519 §4.1.4 and §4.1.5: the last second before exp, and nbf itself.
        for (later, expected) in [(-1, false), (0, true), (99, true), (100, false)] {
            assert_eq!(holds(&policy, &claims, later), expected, "{later}");
        }
        let tolerant = Policy { clock_tolerance: UnixTime::from_seconds(10), ..policy.clone() };
        for (later, expected) in [(-11, false), (-10, true), (109, true), (110, false)] {
            assert_eq!(holds(&tolerant, &claims, later), expected, "{later}");
        }
        let young = Policy { max_token_age: Some(UnixTime::from_seconds(60)), ..policy.clone() };
        for (later, expected) in [(0, true), (60, true), (61, false)] {
            assert_eq!(holds(&young, &claims, later), expected, "{later}");
        }
        let issued = alloc::format!(r#"{{"iat":{NOW}}}"#);
        for (later, expected) in [(-1, false), (0, true), (60, true), (61, false)] {
            assert_eq!(holds(&young, &issued, later), expected, "{later}");
        }
        assert!(!holds(&young, "{}", 0));
        // OpenID Connect Core §3.1.2.1: max_age is about ID tokens.
        let recent = Policy { max_authentication_age: Some(UnixTime::from_seconds(60)), ..policy };
        assert!(holds(&recent, &claims, 61));
        let recent = Policy { profile: Profile::IdToken, ..recent };
        for (later, expected) in [(0, true), (60, true), (61, false)] {
            assert_eq!(holds(&recent, &claims, later), expected, "{later}");
        }
        assert!(!holds(&recent, "{}", 0));
    }
}
