//! RFC 9068: which client an access token was issued to.
#![allow(clippy::unwrap_used)]

use countersign::testing::{TestIssuer, TestToken};
use countersign::{AuthorizedParty, Profile, Verifier};

const ISSUER: &str = "https://as.example.com";
const API: &str = "https://api.example.com";

/// Code and claim of a token's refusal, where the client has to be `shop` or `till`.
fn refusal(
    profile: Profile,
    party: fn(Vec<String>) -> AuthorizedParty,
    token: TestToken<'_>,
) -> Option<(String, String)> {
    let issuer = TestIssuer::new(ISSUER, API);
    let mut policy = issuer.policy(profile);
    policy.authorized_party = party(vec!["shop".into(), "till".into()]);
    let error = Verifier::new(policy, issuer.jwks()).verify(token.mint(), issuer.now()).err()?;
    Some((error.code().as_str().into(), error.claim_name().unwrap_or_default().into()))
}

/// §2.2: "client_id REQUIRED - as defined in Section 4.3 of [RFC8693]": the claim that "carries the client identifier of
/// the OAuth 2.0 client that requested the token".
#[test]
fn the_client_is_named_by_client_id() {
    let issuer = TestIssuer::new(ISSUER, API);
    let of = |client: &str| issuer.token().claim("client_id", client);
    let refused = |code: &str, claim: &str| Some((code.into(), claim.into()));
    for party in [AuthorizedParty::OneOf, AuthorizedParty::IfPresent] {
        let judged = |token| refusal(Profile::AccessToken, party, token);
        assert_eq!(judged(of("shop")), None);
        assert_eq!(judged(of("till")), None);
        assert_eq!(judged(of("other")), refused("authorized_party_mismatch", "client_id"));
        assert_eq!(judged(of("other").claim("azp", "shop")), refused("authorized_party_mismatch", "client_id"));
        assert_eq!(
            judged(issuer.token().without("client_id").claim("azp", "shop")),
            refused("claim_missing", "client_id")
        );
    }
    // Of any other token it is azp that says so (OpenID Connect Core §2).
    let jwt = |token| refusal(Profile::Jwt, AuthorizedParty::OneOf, token);
    assert_eq!(jwt(of("shop")), refused("claim_missing", "azp"));
    assert_eq!(jwt(of("other").claim("azp", "shop")), None);
    assert_eq!(jwt(of("shop").claim("azp", "other")), refused("authorized_party_mismatch", "azp"));
}
