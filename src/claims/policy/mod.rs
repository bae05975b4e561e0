//! What the caller demands of a token, and the walk through the rules that decide (RFC 7519 §4.1 and §7.2, RFC 8725,
//! RFC 9068 §4, OpenID Connect Core §3.1.3.7): a file a family of rules.

mod grant;
mod header;
mod id_token;
mod issuer;
mod kind;
mod parties;
mod presence;
mod scope;
mod times;

use alloc::{string::String, vec::Vec};
use core::time::Duration;

use crate::claims::claim_rule::ClaimRule;
use crate::claims::claim_set::Claims;
use crate::claims::numeric_date::UnixTime;
use crate::claims::profile::Profile;
use crate::error::Error;
use crate::jose::algorithm::Algorithm;
use crate::jose::header::Header;
use crate::jose::token::DEFAULT_MAX_TOKEN_SIZE;
use crate::rules::{Rule, Trace};

pub(crate) use crate::jose::header_rules::{Payload, allow_algorithm, is_media_type};
pub use grant::Granted;
pub use parties::{Accepted, AuthorizedParty};

/// What a caller demands of a token. [`Policy::new`] is strict; each field lifts or adds one demand.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Who may have issued the token (RFC 7519 §4.1.1).
    pub issuer: Accepted,
    /// Whom the token has to be meant for (RFC 7519 §4.1.3): one of these is enough.
    pub audience: Accepted,
    /// Audiences that an ID token may have besides ours; any other refuses it (OpenID Connect Core §3.1.3.7 (3)).
    /// Tokens of other profiles may have any audience besides ours.
    pub trusted_audiences: Vec<String>,
    /// The clients that the token may have been issued to, by [`Policy::client_claims`].
    pub authorized_party: AuthorizedParty,
    /// What the token is used as.
    pub profile: Profile,
    /// The allowed algorithms; `None` allows every asymmetric one that the trusted key itself
    /// names or implies (RFC 8725 §3.1).
    pub algorithms: Option<Vec<Algorithm>>,
    /// The accepted media types, in place of the profile's (RFC 8725 §3.11); an empty list accepts any.
    pub typ: Option<Vec<String>>,
    /// The subject the token has to be about (RFC 7519 §4.1.2).
    pub subject: Option<String>,
    /// How far clocks may differ.
    pub clock_tolerance: Duration,
    /// How long ago the token may have been issued.
    pub max_token_age: Option<Duration>,
    /// Claims that have to be present besides the profile's; `["exp"]` unless lifted.
    pub required_claims: Vec<String>,
    /// Critical header extensions that the caller itself processes (RFC 7515 §4.1.11).
    pub crit: Vec<String>,
    /// How large a token may be, in bytes. Of several trusted issuers the first one's counts.
    pub max_token_size: usize,
    /// The nonce that the authorization request carried.
    pub nonce: Option<String>,
    /// The access token that came with an ID token, for `at_hash`.
    pub access_token: Option<String>,
    /// The authorization code that came with an ID token from the authorization endpoint: `c_hash` is then required.
    pub authorization_code: Option<String>,
    /// How long ago the user may have logged in (`max_age`), of ID tokens and of access tokens (RFC 9470).
    pub max_authentication_age: Option<Duration>,
    /// The accepted authentication context class references (`acr_values`), of both as well.
    pub acr: Option<Vec<String>>,
    /// The scopes that the resource needs, all of them (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// Scopes of which the resource needs one; none if empty.
    pub any_scopes: Vec<String>,
    /// Rules of the caller's own, all of which have to be met.
    pub claim_rules: Vec<ClaimRule>,
    /// Claims of the profile that may be missing after all, as some servers leave them out.
    pub optional_claims: Vec<String>,
    /// The claims that may name the client the token was issued to; the first that is there counts. At first the profile's:
    /// `client_id` of access tokens (RFC 9068 §2.2), else `azp` (OpenID Connect Core §2).
    pub client_claims: Vec<String>,
    /// Whether a token without `aud` is judged by its client instead, as those are that name no audience at all.
    pub audience_or_client: bool,
}

impl Policy {
    /// The strict policy of a profile for an issuer and an audience.
    pub fn new(profile: Profile, issuer: Accepted, audience: Accepted) -> Self {
        Self {
            issuer,
            audience,
            trusted_audiences: Vec::new(),
            authorized_party: AuthorizedParty::Unchecked,
            profile,
            algorithms: None,
            typ: None,
            subject: None,
            clock_tolerance: Duration::ZERO,
            max_token_age: None,
            required_claims: alloc::vec![String::from("exp")],
            crit: Vec::new(),
            max_token_size: DEFAULT_MAX_TOKEN_SIZE,
            nonce: None,
            access_token: None,
            authorization_code: None,
            max_authentication_age: None,
            acr: None,
            scopes: Vec::new(),
            any_scopes: Vec::new(),
            claim_rules: Vec::new(),
            optional_claims: Vec::new(),
            client_claims: alloc::vec![String::from(profile.facts().client)],
            audience_or_client: false,
        }
    }

    /// Judges the header and says which algorithm checks the signature.
    pub(crate) fn allow(&self, header: &Header, trace: &mut Trace) -> Result<Algorithm, Error> {
        let algorithm = allow_algorithm(header, self.algorithms.as_deref(), &self.crit, Payload::Encoded, trace)?;
        self.check_typ(header, trace)?;
        Ok(algorithm)
    }

    /// Judges the claims of a token whose signature is valid.
    #[inline(never)]
    pub(crate) fn check(
        &self,
        claims: &mut Claims<'_>,
        algorithm: Algorithm,
        now: UnixTime,
        trace: &mut Trace,
    ) -> Result<(), Error> {
        self.check_required(claims, trace)?; //            RFC 7519 §4
        self.check_issuer(claims, trace)?; //              RFC 7519 §4.1.1
        self.check_audience(claims, trace)?; //            RFC 7519 §4.1.3
        self.check_subject(claims, trace)?; //             RFC 7519 §4.1.2
        self.check_times(claims, now, trace)?; //          RFC 7519 §4.1.4 to §4.1.6
        self.check_kind(claims, trace)?; //                RFC 8725 §3.12
        self.check_authorized_party(claims, trace)?; //    OpenID Connect Core §2
        if self.profile == Profile::IdToken {
            self.check_nonce(claims, trace)?; //           OpenID Connect Core §3.1.3.7 (11)
            self.check_hashes(claims, algorithm, trace)?; // OpenID Connect Core §3.1.3.8, §3.3.2.10
        }
        self.check_auth_time(claims, now, trace)?; //      OpenID Connect Core §3.1.3.7 (13), RFC 9470 §3
        self.check_acr(claims, trace)?; //                 OpenID Connect Core §3.1.3.7 (12), RFC 9470 §3
        self.claim_rules.iter().try_for_each(|rule| rule.check(claims, trace))?; // RFC 7519 §4
        self.check_scope(claims, trace) //                 RFC 6750 §3.1
    }

    /// Whether this policy asks for a rule, for an explanation.
    pub(crate) fn applies(&self, rule: Rule) -> bool {
        let id_token = self.profile == Profile::IdToken;
        match rule {
            Rule::TrustedIssuer | Rule::KeyIssuer | Rule::Introspection | Rule::Claim => false,
            Rule::Subject => self.subject.is_some(),
            Rule::ForbiddenClaims => self.profile != Profile::Jwt,
            Rule::LogoutEvent => self.profile == Profile::LogoutToken,
            Rule::AuthorizedParty => self.authorized_party != AuthorizedParty::Unchecked,
            Rule::Nonce => id_token && self.nonce.is_some(),
            Rule::AccessTokenHash => id_token && self.access_token.is_some(),
            Rule::CodeHash => id_token && self.authorization_code.is_some(),
            Rule::AuthenticationTime => id_token || self.max_authentication_age.is_some(),
            Rule::AuthenticationContext => self.acr.is_some(),
            Rule::Scope => !self.scopes.is_empty() || !self.any_scopes.is_empty(),
            _ => true,
        }
    }
}

/// Whether a text is among those accepted, letter by letter.
fn is_one_of(text: &str, accepted: &[String]) -> bool {
    accepted.iter().any(|one| one == text)
}
