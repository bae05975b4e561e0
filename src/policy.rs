//! What the caller demands of a token, and the rules that decide (RFC 7519 §4.1 and §7.2, RFC 8725,
//! RFC 9068 §4, OpenID Connect Core §3.1.3.7).

use alloc::{format, string::String, vec::Vec};
use core::cmp::Ordering;

use crate::algorithm::Algorithm;
use crate::base64url;
#[cfg(any(test, feature = "wasm"))]
use crate::claims::Dates;
use crate::claims::{Claims, section, shown};
use crate::error::{Error, ErrorCode};
use crate::explain::{Evidence, Log, Rule};
use crate::header::Header;
use crate::json::Value;
use crate::numeric_date::UnixTime;
use crate::profile::{LOGOUT_EVENT, Profile};
use crate::token::DEFAULT_MAX_TOKEN_SIZE;

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
    pub understood_extensions: Vec<String>,
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
            understood_extensions: Vec::new(),
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
    pub(crate) fn allow(&self, header: &Header, log: &mut Log) -> Result<Algorithm, Error> {
        let algorithm = allow_algorithm(header, self.algorithms.as_deref(), &self.understood_extensions, log)?;
        self.check_type(header, log)?;
        Ok(algorithm)
    }

    /// Judges the claims of a token whose signature holds.
    pub(crate) fn check(
        &self,
        claims: &mut Claims<'_>,
        algorithm: Algorithm,
        now: UnixTime,
        log: &mut Log,
    ) -> Result<(), Error> {
        self.check_required(claims, log)?;
        self.check_issuer(claims, log)?;
        self.check_audience(claims, log)?;
        self.check_subject(claims, log)?;
        self.check_times(claims, now, log)?;
        self.check_kind(claims, log)?;
        if self.profile == Profile::IdToken {
            self.check_id_token(claims, algorithm, now, log)?;
        }
        self.check_scope(claims, log)
    }

    /// Whether an earlier verdict would be the same now: the rules that time can change, and no others.
    #[cfg(any(test, feature = "wasm"))]
    pub(crate) fn still_holds(&self, dates: &Dates, now: UnixTime) -> bool {
        let (early, late) = (now.earlier(self.clock_tolerance), now.later(self.clock_tolerance));
        let young = self.max_token_age.is_none_or(|max_age| {
            dates.issued(late) != Ordering::Greater && dates.issued(early.earlier(max_age)) != Ordering::Less
        });
        let recent = (self.max_authentication_age.filter(|_| self.profile == Profile::IdToken))
            .is_none_or(|max_age| dates.authenticated_since(early.earlier(max_age)));
        dates.is_alive(early) && dates.has_begun(late) && young && recent
    }

    /// The rules that this policy applies, in order, for an explanation.
    pub(crate) fn rules(&self) -> impl Iterator<Item = Rule> {
        Rule::ALL.iter().copied().filter(|rule| match rule {
            Rule::TrustedIssuer => false,
            Rule::Subject => self.subject.is_some(),
            Rule::ForbiddenClaims => self.profile != Profile::Jwt,
            Rule::LogoutEvent => self.profile == Profile::LogoutToken,
            Rule::AuthorizedParty => self.profile == Profile::IdToken,
            Rule::Nonce => self.profile == Profile::IdToken && self.nonce.is_some(),
            Rule::AccessTokenHash => self.profile == Profile::IdToken && self.access_token.is_some(),
            Rule::CodeHash => self.profile == Profile::IdToken && self.authorization_code.is_some(),
            Rule::AuthenticationTime => self.profile == Profile::IdToken,
            Rule::Scope => !self.scopes.is_empty(),
            Rule::AuthenticationContext => self.profile == Profile::IdToken && self.authentication_contexts.is_some(),
            _ => true,
        })
    }

    fn check_type(&self, header: &Header, log: &mut Log) -> Result<(), Error> {
        let facts = self.profile.facts();
        let wanted: Vec<&str> = match &self.types {
            Some(types) => types.iter().map(String::as_str).collect(),
            None => facts.types.to_vec(),
        };
        let required = !wanted.is_empty() && (self.types.is_some() || facts.type_required);
        let holds = match header.typ() {
            None => !required,
            Some(typ) => wanted.is_empty() || wanted.iter().any(|wanted| is_media_type(typ, wanted)),
        };
        // RFC 9068 §4: an access token without its type is refused.
        let spec = if facts.type_required && self.types.is_none() { facts.spec } else { Rule::Type.spec() };
        log.judge_by(Rule::Type, spec, holds, ErrorCode::TypMismatch, || {
            let expected = match (wanted.is_empty(), required) {
                (true, _) => String::from("any"),
                (false, true) => wanted.join(" or "),
                (false, false) => wanted.join(" or ") + " or nothing",
            };
            Evidence::new(header.typ().unwrap_or("nothing"), expected)
        })
        .map_err(|error| error.claim("typ"))
    }

    fn check_required(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        let facts = self.profile.facts();
        let demanded = |accepted: &Accepted, name| matches!(accepted, Accepted::OneOf(_)).then_some(name);
        let required = || {
            facts
                .required
                .iter()
                .copied()
                .chain(self.required_claims.iter().map(String::as_str))
                .chain(demanded(&self.issuer, "iss"))
                .chain(demanded(&self.audience, "aud"))
                .chain(self.subject.as_ref().map(|_| "sub"))
                .chain(self.max_token_age.map(|_| "iat"))
        };
        if let Some(name) = required().find(|name| !claims.contains(name)) {
            let spec = if facts.required.contains(&name) { facts.spec } else { section(name) };
            let error = Error::new(ErrorCode::ClaimMissing).cite(spec).claim(name).found("nothing").expected(name);
            return Err(log.refuse(Rule::RequiredClaims, error));
        }
        log.outcome(Rule::RequiredClaims, facts.texts.iter().try_for_each(|name| claims.text(name).map(drop)), |()| {
            let mut names: Vec<&str> = Vec::new();
            required().for_each(|name| {
                if !names.contains(&name) {
                    names.push(name)
                }
            });
            Evidence::new("all present", names.join(", "))
        })
    }

    fn check_issuer(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        let holds = match (&self.issuer, claims.text("iss")?) {
            (Accepted::Any, _) => true,
            (Accepted::OneOf(accepted), issuer) => {
                issuer.is_some_and(|issuer| accepted.iter().any(|one| one == issuer))
            }
        };
        log.judge(Rule::Issuer, holds, ErrorCode::IssuerMismatch, || {
            Evidence::new(shown(claims, "iss"), self.issuer.describe())
        })
        .map_err(|error| error.claim("iss"))
    }

    fn check_audience(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        let holds = match (&self.audience, claims.audience()?) {
            (Accepted::Any, _) => true,
            (Accepted::OneOf(accepted), audience) => {
                audience.unwrap_or_default().iter().any(|member| accepted.iter().any(|one| one == member))
            }
        };
        log.judge(Rule::Audience, holds, ErrorCode::AudienceMismatch, || {
            Evidence::new(shown(claims, "aud"), self.audience.describe())
        })
        .map_err(|error| error.claim("aud"))
    }

    fn check_subject(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        let Some(subject) = &self.subject else { return Ok(()) };
        let holds = claims.text("sub")? == Some(subject);
        log.judge(Rule::Subject, holds, ErrorCode::SubjectMismatch, || Evidence::new(shown(claims, "sub"), subject))
            .map_err(|error| error.claim("sub"))
    }

    fn check_times(&self, claims: &Claims<'_>, now: UnixTime, log: &mut Log) -> Result<(), Error> {
        let (early, late) = (now.earlier(self.clock_tolerance), now.later(self.clock_tolerance));
        let evidence = |name: &'static str, relation: &'static str, moment: UnixTime| {
            move || Evidence::new(shown(claims, name), format!("{relation} {}", moment.seconds()))
        };

        let dates = claims.dates();
        log.judge(
            Rule::Expiration,
            dates.is_alive(early),
            ErrorCode::TokenExpired,
            evidence("exp", "later than", early),
        )
        .map_err(|error| error.claim("exp"))?;

        log.judge(
            Rule::NotBefore,
            dates.has_begun(late),
            ErrorCode::TokenNotYetValid,
            evidence("nbf", "at most", late),
        )
        .map_err(|error| error.claim("nbf"))?;

        let Some(max_age) = self.max_token_age else {
            log.pass(Rule::Age, || Evidence::new(shown(claims, "iat"), "any age"));
            return Ok(());
        };
        if dates.issued(late) == Ordering::Greater {
            return log
                .judge(Rule::Age, false, ErrorCode::TokenIssuedInFuture, evidence("iat", "at most", late))
                .map_err(|error| error.claim("iat"));
        }
        let oldest = early.earlier(max_age);
        log.judge(
            Rule::Age,
            dates.issued(oldest) != Ordering::Less,
            ErrorCode::TokenTooOld,
            evidence("iat", "at least", oldest),
        )
        .map_err(|error| error.claim("iat"))
    }

    /// Keeps the kinds of token apart by their claims.
    fn check_kind(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        let facts = self.profile.facts();
        if self.profile == Profile::Jwt {
            return Ok(());
        }
        let logout_event =
            claims.value("events").and_then(Value::as_object).and_then(|events| events.get(LOGOUT_EVENT));
        let forbidden = facts.forbidden.iter().copied().find(|name| claims.contains(name));
        let foreign =
            if self.profile == Profile::LogoutToken { forbidden } else { forbidden.or(logout_event.map(|_| "events")) };
        log.judge(Rule::ForbiddenClaims, foreign.is_none(), ErrorCode::ClaimForbidden, || {
            Evidence::new(foreign.unwrap_or("none"), format!("only claims of the profile {}", facts.name))
        })
        .map_err(|error| error.claim(foreign.unwrap_or_default()))?;
        if self.profile == Profile::LogoutToken {
            self.check_logout(claims, logout_event, log)?;
        }
        Ok(())
    }

    fn check_logout(&self, claims: &Claims<'_>, event: Option<&Value<'_>>, log: &mut Log) -> Result<(), Error> {
        // Back-Channel Logout 1.0 §2.4: the event's value is a JSON object; sub, sid or both.
        let holds = event.is_some_and(|event| event.as_object().is_some());
        if holds && !claims.contains("sub") && !claims.contains("sid") {
            let error = Error::new(ErrorCode::ClaimMissing)
                .cite(self.profile.facts().spec)
                .claim("sub")
                .expected("sub, sid or both");
            return Err(log.refuse(Rule::LogoutEvent, error));
        }
        log.judge(Rule::LogoutEvent, holds, ErrorCode::ClaimInvalid, || {
            Evidence::new(if event.is_some() { "an event that is no object" } else { "no logout event" }, LOGOUT_EVENT)
        })
        .map_err(|error| error.claim("events"))
    }

    fn check_id_token(
        &self,
        claims: &mut Claims<'_>,
        algorithm: Algorithm,
        now: UnixTime,
        log: &mut Log,
    ) -> Result<(), Error> {
        self.check_authorized_party(claims, log)?;
        if let Some(nonce) = &self.nonce {
            let found = claims.text("nonce")?;
            let code = if found.is_some() { ErrorCode::NonceMismatch } else { ErrorCode::ClaimMissing };
            log.judge(Rule::Nonce, found == Some(nonce), code, Evidence::kept_back)
                .map_err(|error| error.claim("nonce"))?;
        }
        if let Some(access_token) = &self.access_token {
            let holds = hash_matches(claims, "at_hash", access_token, algorithm)?;
            log.judge(Rule::AccessTokenHash, holds, ErrorCode::AtHashMismatch, Evidence::kept_back)
                .map_err(|error| error.claim("at_hash"))?;
        }
        if let Some(code) = &self.authorization_code {
            let holds = hash_matches(claims, "c_hash", code, algorithm)?;
            log.judge(Rule::CodeHash, holds, ErrorCode::CHashMismatch, Evidence::kept_back)
                .map_err(|error| error.claim("c_hash"))?;
        }
        claims.read_authentication_time().map_err(|error| log.refuse(Rule::AuthenticationTime, error))?;
        self.check_authentication(claims, now, log)
    }

    fn check_authorized_party(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        // OpenID Connect Core §3.1.3.7, items 3 to 5: other audiences only with azp, and azp is us.
        let party = claims.text("azp")?;
        let several = claims.audience()?.is_some_and(|audience| audience.len() > 1);
        if party.is_none() && several && self.audience != Accepted::Any {
            let error = Error::new(ErrorCode::ClaimMissing)
                .cite(Rule::AuthorizedParty.spec())
                .claim("azp")
                .found("nothing")
                .expected("azp, since there are several audiences");
            return Err(log.refuse(Rule::AuthorizedParty, error));
        }
        let holds = match (&self.audience, party) {
            (Accepted::OneOf(accepted), Some(party)) => accepted.iter().any(|one| one == party),
            _ => true,
        };
        log.judge(Rule::AuthorizedParty, holds, ErrorCode::AuthorizedPartyMismatch, || {
            Evidence::new(party.unwrap_or("nothing"), self.audience.describe())
        })
        .map_err(|error| error.claim("azp"))
    }

    fn check_authentication(&self, claims: &Claims<'_>, now: UnixTime, log: &mut Log) -> Result<(), Error> {
        let present = claims.contains("auth_time");
        if let Some(max_age) = self.max_authentication_age {
            // OpenID Connect Core §3.1.2.1: with max_age the ID token MUST include auth_time.
            let oldest = now.earlier(self.clock_tolerance).earlier(max_age);
            let code = if present { ErrorCode::AuthTimeTooOld } else { ErrorCode::ClaimMissing };
            let recent = claims.dates().authenticated_since(oldest);
            log.judge(Rule::AuthenticationTime, recent, code, || {
                Evidence::new(shown(claims, "auth_time"), format!("at least {}", oldest.seconds()))
            })
            .map_err(|error| error.claim("auth_time"))?;
        } else {
            log.pass(Rule::AuthenticationTime, || Evidence::new(shown(claims, "auth_time"), "any age"));
        }
        if let Some(accepted) = &self.authentication_contexts {
            let context = claims.text("acr")?;
            let code = if context.is_some() { ErrorCode::AcrMismatch } else { ErrorCode::ClaimMissing };
            let holds = context.is_some_and(|context| accepted.iter().any(|one| one == context));
            log.judge(Rule::AuthenticationContext, holds, code, || {
                Evidence::new(context.unwrap_or("nothing"), accepted.join(" or "))
            })
            .map_err(|error| error.claim("acr"))?;
        }
        Ok(())
    }

    fn check_scope(&self, claims: &Claims<'_>, log: &mut Log) -> Result<(), Error> {
        if self.scopes.is_empty() {
            return Ok(());
        }
        // RFC 9068 §2.2.3, RFC 8693 §4.2: one string, its values separated by spaces.
        let granted = claims.text("scope").map_err(|error| log.refuse(Rule::Scope, error))?.unwrap_or_default();
        let mut needed = self.scopes.iter().flat_map(|scope| scope.split(' ')).filter(|scope| !scope.is_empty());
        let holds = needed.all(|needed| granted.split(' ').any(|scope| scope == needed));
        log.judge(Rule::Scope, holds, ErrorCode::InsufficientScope, || Evidence::new(granted, self.scopes.join(" ")))
            .map_err(|error| error.claim("scope"))
    }
}

impl Accepted {
    fn describe(&self) -> String {
        match self {
            Self::Any => String::from("any (the policy does not check it)"),
            Self::OneOf(values) => values.join(" or "),
        }
    }
}

/// Judges what the header says about itself: extensions, encoding, algorithm.
pub(crate) fn allow_algorithm(
    header: &Header,
    allowed: Option<&[Algorithm]>,
    understood: &[String],
    log: &mut Log,
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
    log.outcome(Rule::Critical, critical, |names| {
        Evidence::found(if names.is_empty() { String::from("none") } else { names.join(", ") })
    })?;
    log.judge(Rule::PayloadEncoding, header.b64(), ErrorCode::B64Unsupported, || {
        Evidence::new(if header.b64() { "base64url" } else { "b64 false" }, "base64url")
    })?;
    let name = header.alg();
    // RFC 8725 §3.2: none, in any spelling, is never an algorithm here.
    let none = name.trim().eq_ignore_ascii_case("none");
    let algorithm = Algorithm::from_name(name).ok_or_else(|| {
        let code = if none { ErrorCode::AlgNone } else { ErrorCode::AlgUnsupported };
        Error::new(code).claim("alg").found(name).expected("a supported algorithm")
    });
    let algorithm = log.outcome(Rule::AlgorithmKnown, algorithm, |_| Evidence::found(name))?;
    let holds = allowed.map_or(!algorithm.is_symmetric(), |allowed| allowed.contains(&algorithm));
    log.judge(Rule::AlgorithmAllowed, holds, ErrorCode::AlgNotAllowed, || {
        let expected = allowed
            .map_or(String::from("an asymmetric algorithm that the key names or implies"), |allowed| {
                allowed.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(" or ")
            });
        Evidence::new(name, expected)
    })
    .map_err(|error| error.claim("alg"))?;
    Ok(algorithm)
}

/// Whether `typ` names a media type: "application/" may be left out (RFC 7515 §4.1.9), and case does not count
/// (RFC 2045 §5.1).
pub(crate) fn is_media_type(typ: &str, wanted: &str) -> bool {
    let subtype = |typ| match <str>::split_at_checked(typ, "application/".len()) {
        Some((prefix, rest)) if same_but_for_case(prefix, "application/") && !rest.contains('/') => rest,
        _ => typ,
    };
    same_but_for_case(subtype(typ), subtype(wanted))
}

/// Never inlined: compared with a literal, it would be unrolled to one comparison for each letter.
#[inline(never)]
fn same_but_for_case(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
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
        let mut claims = Claims::parse(claims.as_bytes(), &mut Log::off()).unwrap();
        claims.read_authentication_time().unwrap();
        policy.still_holds(&claims.into_dates(), UnixTime::from_seconds(NOW.wrapping_add_signed(later)))
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
