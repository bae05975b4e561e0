//! What well-known providers' tokens look like, as data over the rules of a policy: each row follows the provider's own
//! page, and demands what that page tells to check besides signature, issuer, audience and time.

use alloc::{format, string::String, vec::Vec};

use crate::claims::claim_rule::{ClaimRule, ClaimTest, ClaimValue};
use crate::claims::policy::{Accepted, AuthorizedParty, Policy};
use crate::claims::profile::Profile;
use crate::invalid_option::InvalidOption;
use crate::jose::algorithm::Algorithm;

/// A provider whose tokens are known here.
#[derive(Debug, PartialEq)]
pub struct Provider {
    /// As the option `provider` spells it.
    pub name: &'static str,
    /// The page whose checks these are.
    pub page: &'static str,
    /// The types that its access tokens may have; any if empty. The type is required where it is listed alone.
    types: &'static [&'static str],
    algorithms: &'static [Algorithm],
    /// Claims besides `iss`, `exp` and what the options demand.
    required: &'static [&'static str],
    /// Claims that have one value.
    values: &'static [(&'static str, &'static str)],
    /// Claims that name the client, the best one first.
    clients: &'static [&'static str],
    /// How a token is known to be ours.
    ours: Ours,
    /// The address of the key set after the issuer's, or all of it, where no metadata names it.
    keys: Option<&'static str>,
    /// Whether its tokens may name the issuer without `https://`, as Google's do and its own libraries accept.
    has_bare_issuer: bool,
    /// Where its tokens travel besides Authorization: a header and a cookie.
    pub header: Option<&'static str>,
    /// The cookie.
    pub cookie: Option<&'static str>,
}

/// What tells our tokens from those of the provider's other customers and applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ours {
    /// The audience.
    Audience,
    /// The audience, in a claim of the client where there is no `aud`.
    AudienceOrClient,
    /// The client: tokens have no audience.
    Client,
    /// The issuer, which is ours alone.
    Issuer,
    /// Claims about where the token comes from: anybody may ask for one with our audience.
    Claims(&'static [&'static str]),
}

const ROW: Provider = Provider {
    name: "",
    page: "",
    types: &[],
    algorithms: &[],
    required: &[],
    values: &[],
    clients: &["azp"],
    ours: Ours::Audience,
    keys: None,
    has_bare_issuer: false,
    header: None,
    cookie: None,
};

/// The providers by name.
pub(crate) static PROVIDERS: [Provider; 15] = [
    Provider {
        name: "auth0",
        page: "https://auth0.com/docs/secure/tokens/access-tokens/validate-access-tokens",
        types: &["JWT", "at+jwt"],
        required: &["sub", "iat"],
        clients: &["azp", "client_id"],
        ..ROW
    },
    Provider {
        name: "entra",
        page: "https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens",
        types: &["JWT"],
        // An ID token for the same application has neither azp (version 2) nor appid (version 1).
        required: &["sub", "iat", "azp"],
        clients: &["azp", "appid"],
        ..ROW
    },
    Provider {
        name: "okta",
        page: "https://developer.okta.com/docs/guides/validate-access-tokens/",
        // An ID token has no cid.
        required: &["sub", "iat", "cid"],
        clients: &["cid"],
        ..ROW
    },
    Provider {
        name: "cognito",
        page: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
        required: &["sub", "iat", "client_id"],
        values: &[("token_use", "access")],
        clients: &["client_id"],
        ours: Ours::AudienceOrClient,
        ..ROW
    },
    Provider {
        name: "keycloak",
        page: "https://www.keycloak.org/securing-apps/oidc-layers",
        types: &["JWT", "at+jwt"],
        required: &["iat"],
        // Its ID tokens and refresh tokens have other values.
        values: &[("typ", "Bearer")],
        clients: &["azp", "client_id"],
        ..ROW
    },
    Provider {
        name: "google",
        page: "https://developers.google.com/identity/gsi/web/guides/verify-google-id-token",
        required: &["sub", "iat"],
        algorithms: &[Algorithm::Rs256],
        has_bare_issuer: true,
        ..ROW
    },
    Provider {
        name: "apple",
        page: "https://developer.apple.com/documentation/signinwithapple/verifying-a-user",
        required: &["sub", "iat"],
        algorithms: &[Algorithm::Rs256],
        ..ROW
    },
    Provider {
        name: "firebase",
        page: "https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library",
        required: &["sub", "iat", "auth_time"],
        algorithms: &[Algorithm::Rs256],
        keys: Some("https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"),
        ..ROW
    },
    Provider {
        name: "clerk",
        page: "https://clerk.com/docs/backend-requests/manual-jwt",
        required: &["sub", "iat", "sid"],
        // azp is the origin of the page: tokens of another application of the same instance have another one.
        ours: Ours::Client,
        keys: Some("/.well-known/jwks.json"),
        cookie: Some("__session"),
        ..ROW
    },
    Provider {
        name: "supabase",
        page: "https://supabase.com/docs/guides/auth/jwt-fields",
        required: &["sub", "iat", "session_id"],
        // The keys of the project's API are tokens as well, of the roles anon and service_role.
        values: &[("role", "authenticated")],
        keys: Some("/.well-known/jwks.json"),
        ..ROW
    },
    Provider {
        name: "cloudflare-access",
        page: "https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/",
        required: &["iat"],
        algorithms: &[Algorithm::Rs256],
        // The token of the whole organization has another type.
        values: &[("type", "app")],
        keys: Some("/cdn-cgi/access/certs"),
        header: Some("cf-access-jwt-assertion"),
        cookie: Some("CF_Authorization"),
        ..ROW
    },
    Provider {
        name: "google-iap",
        page: "https://cloud.google.com/iap/docs/signed-headers-howto",
        required: &["sub", "iat", "email"],
        algorithms: &[Algorithm::Es256],
        keys: Some("https://www.gstatic.com/iap/verify/public_key-jwk"),
        header: Some("x-goog-iap-jwt-assertion"),
        ..ROW
    },
    Provider {
        name: "workos",
        page: "https://workos.com/docs/user-management/sessions",
        required: &["sub", "iat", "sid"],
        clients: &["client_id"],
        // The issuer's address, or the key set's, holds the client's identifier.
        ours: Ours::Issuer,
        ..ROW
    },
    Provider {
        name: "github-actions",
        page: "https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect",
        types: &["JWT"],
        required: &["sub", "iat", "repository"],
        algorithms: &[Algorithm::Rs256],
        ours: Ours::Claims(&["sub", "repository", "repository_id", "repository_owner", "repository_owner_id"]),
        ..ROW
    },
    Provider {
        name: "kubernetes",
        page: "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#validating-tokens",
        required: &["sub", "iat", "kubernetes.io"],
        ..ROW
    },
];

impl Provider {
    /// A provider by the name that options use.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        PROVIDERS.iter().find(|provider| provider.name == name)
    }

    /// Whether tokens of a profile have an audience. Where they have none, something else shows that they are ours; an ID
    /// token always has one (OpenID Connect Core §2).
    pub fn has_audience(&self, profile: Profile) -> bool {
        profile == Profile::IdToken || !matches!(self.ours, Ours::Client | Ours::Issuer)
    }

    /// The address of an issuer's key set, where no metadata names it.
    pub fn jwks_uri(&self, issuer: &str) -> Option<String> {
        let keys = self.keys?;
        Some(if keys.starts_with('/') { format!("{}{keys}", issuer.trim_end_matches('/')) } else { String::from(keys) })
    }

    /// Adds the other spelling of an issuer that this provider's tokens use.
    pub fn complete_issuer(&self, accepted: &mut Accepted) {
        if let (true, Accepted::OneOf(issuers)) = (self.has_bare_issuer, accepted) {
            let bare: Vec<String> =
                issuers.iter().filter_map(|issuer| issuer.strip_prefix("https://")).map(String::from).collect();
            issuers.extend(bare);
        }
    }

    /// Adds to a policy what this provider's tokens need. What the caller has set stays: a provider only adds demands,
    /// but for RFC 9068's own, which most providers' access tokens do not meet. `keeps_profile`: the caller has named the
    /// profile, so that these stay as well.
    ///
    /// # Errors
    /// The option that is missing: without it, tokens that were issued to others would pass.
    pub fn complete(&self, policy: &mut Policy, keeps_profile: bool) -> Result<(), InvalidOption> {
        policy.client_claims = self.clients.iter().copied().map(String::from).collect();
        if policy.algorithms.is_none() && !self.algorithms.is_empty() {
            policy.algorithms = Some(self.algorithms.to_vec());
        }
        match policy.profile {
            Profile::AccessToken if keeps_profile => {}
            Profile::AccessToken | Profile::Jwt => self.replace_profile(policy),
            Profile::IdToken | Profile::LogoutToken => return Ok(()),
        }
        self.complete_for_access(policy)
    }

    fn replace_profile(&self, policy: &mut Policy) {
        policy.profile = Profile::Jwt;
        if policy.typ.is_none() && !self.types.is_empty() {
            policy.typ = Some(self.types.iter().copied().map(String::from).collect());
        }
    }

    fn complete_for_access(&self, policy: &mut Policy) -> Result<(), InvalidOption> {
        for &name in self.required {
            if !policy.optional_claims.iter().any(|optional| optional == name) {
                policy.required_claims.push(String::from(name));
            }
        }
        let rules: Result<Vec<ClaimRule>, _> = self.values.iter().map(|(claim, value)| equals(claim, value)).collect();
        policy.claim_rules.splice(0..0, rules?);
        policy.audience_or_client = self.ours == Ours::AudienceOrClient;
        let names_claim = |claims: &[&str]| {
            let is_named = policy.claim_rules.iter().any(|rule| claims.contains(&rule.claim()));
            is_named || policy.subject.is_some() && claims.contains(&"sub")
        };
        match self.ours {
            Ours::Client if policy.authorized_party == AuthorizedParty::Unchecked => Err(InvalidOption::new(
                "authorizedParty",
                "required with this provider: its tokens have no audience, and those of other applications would pass",
            )),
            Ours::Claims(claims) if !names_claim(claims) => Err(InvalidOption::new(
                "claims",
                "expected a rule about sub or repository: anybody on this provider gets tokens for your audience",
            )),
            _ => Ok(()),
        }
    }
}

fn equals(claim: &str, value: &str) -> Result<ClaimRule, InvalidOption> {
    ClaimRule::new(claim, ClaimTest::OneOf(alloc::vec![ClaimValue::Text(String::from(value))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_a_page_and_sound_rules() {
        for (at, provider) in PROVIDERS.iter().enumerate() {
            assert!(provider.page.starts_with("https://"), "{}", provider.name);
            assert!(!provider.name.is_empty() && !PROVIDERS[..at].iter().any(|other| other.name == provider.name));
            assert_eq!(Provider::from_name(provider.name), Some(provider));
            let mut policy = Policy::new(Profile::AccessToken, Accepted::Any, Accepted::Any);
            policy.authorized_party = AuthorizedParty::OneOf(alloc::vec![String::from("c")]);
            policy.subject = Some(String::from("s"));
            let mut named = policy.clone();
            provider.complete(&mut policy, false).unwrap();
            assert_eq!(policy.profile, Profile::Jwt);
            provider.complete(&mut named, true).unwrap();
            assert_eq!((named.profile, named.typ), (Profile::AccessToken, None));
            assert!(provider.has_audience(Profile::IdToken));
        }
    }

    #[test]
    fn what_shows_that_a_token_is_ours_has_to_be_said() {
        let complete = |name: &str, policy: &mut Policy| {
            Provider::from_name(name).unwrap().complete(policy, false).map_err(|error| error.name)
        };
        let policy = || Policy::new(Profile::AccessToken, Accepted::Any, Accepted::Any);
        assert_eq!(complete("clerk", &mut policy()), Err(String::from("authorizedParty")));
        assert_eq!(complete("github-actions", &mut policy()), Err(String::from("claims")));
        let mut ruled = policy();
        ruled.claim_rules.push(equals("repository", "acme/shop").unwrap());
        assert_eq!(complete("github-actions", &mut ruled), Ok(()));
        // An ID token has its own rules.
        let mut id_token = Policy::new(Profile::IdToken, Accepted::Any, Accepted::Any);
        assert_eq!(complete("clerk", &mut id_token), Ok(()));
        assert_eq!(id_token.profile, Profile::IdToken);
    }

    #[test]
    fn the_addresses_of_key_sets() {
        let of = |name: &str, issuer: &str| Provider::from_name(name).unwrap().jwks_uri(issuer);
        assert_eq!(
            of("cloudflare-access", "https://team.cloudflareaccess.com").as_deref(),
            Some("https://team.cloudflareaccess.com/cdn-cgi/access/certs")
        );
        assert_eq!(
            of("clerk", "https://clerk.example/").as_deref(),
            Some("https://clerk.example/.well-known/jwks.json")
        );
        assert_eq!(
            of("google-iap", "https://cloud.google.com/iap").as_deref(),
            Some("https://www.gstatic.com/iap/verify/public_key-jwk")
        );
        assert_eq!(of("auth0", "https://shop.auth0.com/"), None);
    }
}
